//! Principal components: the directions in which units differ most.

use super::{Unweighable, linear, to_one};
use crate::statistics::{Moments, pearson};

/// All components of a set of columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// Mean of each column over the units that took part.
    pub centres: Vec<f64>,
    /// Standard deviation of each column, n - 1.
    pub scales: Vec<f64>,
    /// The components, the one with most variance first.
    pub components: Vec<Component>,
    /// Units that took part: those with every figure.
    pub units: usize,
}

/// One direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Part of each column, a vector of length 1; the largest is positive.
    pub loadings: Vec<f64>,
    /// Standard deviation of the units along it.
    pub deviation: f64,
    /// Share of all variance.
    pub share: f64,
}

impl Components {
    /// Returns the first component's squared loadings: weights that sum to 1 and are never negative.
    ///
    /// Plain loadings are no weights, since those of opposed columns are negative.
    pub fn weights(&self) -> Result<Vec<f64>, Unweighable> {
        let first = self.components.first().ok_or(Unweighable::NothingVaries)?;
        to_one(first.loadings.iter().map(|loading| loading * loading).collect())
    }
}

/// Finds the principal components of centred and scaled columns (Pearson 1901, Hotelling 1933).
///
/// Units with a gap are left out. A column of equal figures has no direction:
/// its loadings are 0 and it has a component without variance.
///
/// # Errors
///
/// Fewer than three units without gaps, or no column that differs.
pub fn principal_components(columns: &[&[Option<f64>]]) -> Result<Components, Unweighable> {
    let units = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let has = |unit: usize| {
        columns.iter().all(|column| column[unit].is_some_and(|figure| figure.is_finite()))
    };
    let whole: Vec<usize> = (0..units).filter(|unit| has(*unit)).collect();
    if whole.len() < 3 {
        return Err(Unweighable::TooFewWholeUnits { whole: whole.len() });
    }
    let kept: Vec<Vec<Option<f64>>> =
        columns.iter().map(|column| whole.iter().map(|unit| column[*unit]).collect()).collect();
    let moments = kept.iter().map(|column| Moments::of(column.iter().flatten().copied()));
    let moments: Vec<Moments> = moments.collect();
    let of = |take: fn(&Moments) -> Option<f64>| -> Vec<f64> {
        moments.iter().map(|moments| take(moments).unwrap_or(0.0)).collect()
    };
    let scales = of(Moments::deviation);
    let varies = |at: usize| scales[at] > 0.0;
    let entry = |row: usize, at: usize| match (row == at, varies(row) && varies(at)) {
        (_, false) => 0.0,
        (true, true) => 1.0,
        (false, true) => pearson(&kept[row], &kept[at]).unwrap_or(0.0),
    };
    let count = columns.len();
    let matrix = (0..count).map(|row| (0..count).map(|at| entry(row, at)).collect()).collect();
    let variance = (0..count).filter(|at| varies(*at)).count() as f64;
    if variance == 0.0 {
        return Err(Unweighable::NothingVaries);
    }
    let components = linear::eigen(matrix).into_iter().map(|(value, loadings)| Component {
        loadings,
        deviation: libm::sqrt(value.max(0.0)),
        share: value.max(0.0) / variance,
    });
    Ok(Components {
        centres: of(Moments::mean),
        components: components.collect(),
        scales,
        units: whole.len(),
    })
}
