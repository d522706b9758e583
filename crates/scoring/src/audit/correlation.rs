//! Indicators that say the same twice, or pull a group apart.

use crate::statistics::{covariance, pearson};

/// Which units a figure over several columns is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Each pair of columns over the units where both have a figure.
    Pairwise,
    /// All columns over the units where none has a gap.
    Complete,
}

/// Returns Cronbach's alpha of the items of one group.
///
/// k² c ÷ s for k items, with c the mean of the covariances between two items
/// and s the sum of the whole covariance matrix. Directions play no part: items
/// in own units that point opposite ways make it negative. `None` below two
/// items, or when the items have nothing to compare.
pub fn cronbach_alpha(items: &[&[Option<f64>]], gaps: Gaps) -> Option<f64> {
    let complete: Vec<Vec<Option<f64>>>;
    let mut columns = items.to_vec();
    if gaps == Gaps::Complete {
        let units = items.iter().map(|item| item.len()).min().unwrap_or(0);
        let whole = |unit: &usize| items.iter().all(|item| item[*unit].is_some());
        let kept: Vec<usize> = (0..units).filter(whole).collect();
        let of = |item: &&[Option<f64>]| kept.iter().map(|unit| item[*unit]).collect();
        complete = items.iter().map(of).collect();
        columns = complete.iter().map(Vec::as_slice).collect();
    }
    let k = columns.len() as f64;
    let (mut between, mut whole) = (0.0, 0.0);
    for (at, left) in columns.iter().enumerate() {
        for (other, right) in columns.iter().enumerate() {
            let covariance = covariance(left, right)?;
            whole += covariance;
            if at != other {
                between += covariance;
            }
        }
    }
    let alpha = k * k * (between / (k * (k - 1.0))) / whole;
    alpha.is_finite().then_some(alpha)
}

/// Two indicators of a group with a correlation that a reader should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair<'a> {
    /// The one that comes first.
    pub left: &'a str,
    /// The other.
    pub right: &'a str,
    /// Pearson's correlation.
    pub r: f64,
}

/// Returns the pairs whose correlation lies outside `[low, high]`, in the order given.
///
/// Above `high` two indicators say nearly the same and count twice; below `low`
/// they pull apart, and their mean hides both.
pub fn correlated_pairs<'a>(
    columns: &[(&'a str, &[Option<f64>])],
    [low, high]: [f64; 2],
) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for (at, (left, figures)) in columns.iter().enumerate() {
        for (right, others) in &columns[at + 1..] {
            match pearson(figures, others) {
                Some(r) if r < low || r > high => pairs.push(Pair { left, right, r }),
                _ => {}
            }
        }
    }
    pairs
}
