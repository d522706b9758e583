//! Columns with too little in them, or with a shape that one figure dominates.

use serde::{Deserialize, Serialize};

use crate::statistics::Summary;

/// What a column should hold before it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Least share of the units with a figure.
    pub present: f64,
    /// Least share of the units with a figure other than 0.
    pub nonzero: f64,
    /// Fewest different figures, as a share of the units.
    pub different: f64,
    /// Skewness from which a column has outliers, when the kurtosis agrees.
    pub skewness: f64,
    /// Excess kurtosis from which a column has outliers, when the skewness agrees.
    pub kurtosis: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { present: 0.65, nonzero: 0.5, different: 0.5, skewness: 2.0, kurtosis: 3.5 }
    }
}

/// What is wrong with a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Flags {
    /// Too few units have a figure.
    pub few_present: bool,
    /// Too few units have a figure other than 0.
    pub few_nonzero: bool,
    /// Too many units share their figure with others.
    pub few_different: bool,
    /// A few figures lie far from the rest.
    pub outliers: bool,
}

/// Holds a column against limits; shares are of all units, with and without a figure.
pub fn flags(summary: &Summary, limits: &Limits) -> Flags {
    let few = |count: usize, least: f64| (count as f64) < least * summary.units as f64;
    let beyond = |shape: Option<f64>, limit: f64| shape.is_some_and(|shape| shape.abs() > limit);
    Flags {
        few_present: few(summary.present, limits.present),
        few_nonzero: few(summary.nonzero, limits.nonzero),
        few_different: few(summary.different, limits.different),
        outliers: beyond(summary.moments.skewness(), limits.skewness)
            && summary.moments.kurtosis().is_some_and(|kurtosis| kurtosis > limits.kurtosis),
    }
}
