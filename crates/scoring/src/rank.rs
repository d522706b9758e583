//! Ranks.

/// Ranks scores from the highest down; ties share the lowest number (1, 2, 2, 4).
///
/// A missing score has no rank and takes no place.
///
/// ```
/// # use scoring::competition_ranks;
/// let ranks = competition_ranks(&[Some(50.0), None, Some(70.0), Some(50.0)]);
/// assert_eq!(ranks, [Some(2), None, Some(1), Some(2)]);
/// ```
pub fn competition_ranks(scores: &[Option<f64>]) -> Vec<Option<usize>> {
    let mut order: Vec<f64> = scores.iter().flatten().copied().collect();
    order.sort_by(|left, right| right.total_cmp(left));
    scores
        .iter()
        .map(|score| score.map(|score| 1 + order.partition_point(|other| *other > score)))
        .collect()
}
