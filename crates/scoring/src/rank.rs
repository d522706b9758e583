//! Ranks.

use crate::model::Ties;

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
    let order = from_the_highest(scores);
    scores
        .iter()
        .map(|score| score.map(|score| 1 + order.partition_point(|other| *other > score)))
        .collect()
}

/// Ranks scores from the highest down, with a choice for ties.
///
/// A missing score has no rank and takes no place.
///
/// ```
/// # use scoring::{Ties, ranks};
/// let scores = [Some(50.0), None, Some(70.0), Some(50.0), Some(10.0)];
/// assert_eq!(ranks(&scores, Ties::Average), [Some(2.5), None, Some(1.0), Some(2.5), Some(4.0)]);
/// ```
pub fn ranks(scores: &[Option<f64>], ties: Ties) -> Vec<Option<f64>> {
    let order = from_the_highest(scores);
    let rank = |score: f64| {
        let first = 1 + order.partition_point(|other| *other > score);
        let last = order.partition_point(|other| *other >= score);
        match ties {
            Ties::Min => first as f64,
            Ties::Average => (first + last) as f64 / 2.0,
            Ties::Max => last as f64,
        }
    };
    scores.iter().map(|score| score.map(rank)).collect()
}

/// Ranks scores from the highest down; no number is left out after a tie (1, 2, 2, 3).
///
/// ```
/// # use scoring::dense_ranks;
/// let ranks = dense_ranks(&[Some(50.0), None, Some(70.0), Some(50.0), Some(10.0)]);
/// assert_eq!(ranks, [Some(2), None, Some(1), Some(2), Some(3)]);
/// ```
pub fn dense_ranks(scores: &[Option<f64>]) -> Vec<Option<usize>> {
    let mut order = from_the_highest(scores);
    order.dedup();
    let rank = |score: f64| 1 + order.partition_point(|other| *other > score);
    scores.iter().map(|score| score.map(rank)).collect()
}

fn from_the_highest(scores: &[Option<f64>]) -> Vec<f64> {
    let mut order: Vec<f64> = scores.iter().flatten().copied().collect();
    order.sort_by(|left, right| right.total_cmp(left));
    order
}
