//! The more a column differs from unit to unit, the more it weighs.

use super::{Least, Unweighable, present, refuse_below, to_one};
use crate::statistics::Moments;

/// Returns weights in proportion to the columns' standard deviations (Diakoulaki et al. 1995).
///
/// The columns must be on one scale: on their own units the largest unit wins.
pub fn standard_deviation(columns: &[&[Option<f64>]]) -> Result<Vec<f64>, Unweighable> {
    to_one(columns.iter().map(|column| deviation(column)).collect())
}

/// The standard deviation with n - 1; 0 below two figures.
pub(super) fn deviation(column: &[Option<f64>]) -> f64 {
    Moments::of(column.iter().flatten().copied()).deviation().unwrap_or(0.0)
}

/// Returns weights in proportion to the columns' Gini coefficients (Gini 1912).
///
/// The coefficient is half the mean difference between two units, as a share of
/// the mean. A column whose mean is 0 has no differences.
///
/// # Errors
///
/// A figure below 0, of which no share can be told.
pub fn gini(columns: &[&[Option<f64>]]) -> Result<Vec<f64>, Unweighable> {
    refuse_below(columns, Least::Zero)?;
    let coefficient = |column: &&[Option<f64>]| {
        let sorted = crate::statistics::sorted(present(column).map(|(_, figure)| figure));
        let count = sorted.len() as f64;
        let sum: f64 = sorted.iter().sum();
        // In rising order each figure stands above those before it and below those after it.
        let place = |(at, figure): (usize, &f64)| (2.0 * at as f64 + 1.0 - count) * figure;
        let differences: f64 = sorted.iter().enumerate().map(place).sum();
        if sum > 0.0 { differences / (count * sum) } else { 0.0 }
    };
    to_one(columns.iter().map(coefficient).collect())
}
