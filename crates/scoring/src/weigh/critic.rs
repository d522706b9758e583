//! CRITIC: a column weighs by what it differs and by what no other column says.

use super::deviation::deviation;
use super::{Unweighable, to_one};
use crate::normalise::min_max;
use crate::statistics::{pearson, spearman};

/// How alike two columns are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Correlation {
    /// Of the figures.
    #[default]
    Pearson,
    /// Of their ranks.
    Spearman,
}

/// Scale on which the columns' deviations are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scale {
    /// Each column from its lowest to its highest figure.
    #[default]
    MinMax,
    /// The columns' own.
    AsItIs,
}

/// Returns weights in proportion to s_j times the sum of 1 - r_jk over all other columns
/// (Diakoulaki, Mavrotas & Papayannakis 1995).
///
/// Correlations are over the units that have both figures; a pair of columns
/// that has none counts as unrelated.
///
/// # Errors
///
/// No column that differs; or all say the same.
pub fn critic(
    columns: &[&[Option<f64>]],
    correlation: Correlation,
    scale: Scale,
) -> Result<Vec<f64>, Unweighable> {
    let scaled = |column: &&[Option<f64>]| match scale {
        Scale::MinMax => min_max(column).map_or(0.0, |column| deviation(&column)),
        Scale::AsItIs => deviation(column),
    };
    let deviations: Vec<f64> = columns.iter().map(scaled).collect();
    let alike = |left: usize, right: usize| match correlation {
        _ if left == right => Some(1.0),
        Correlation::Pearson => pearson(columns[left], columns[right]),
        Correlation::Spearman => spearman(columns[left], columns[right]),
    };
    let varies = |at: &usize| deviations[*at] > 0.0;
    let information = |at: usize| {
        let others = (0..columns.len()).filter(varies);
        deviations[at] * others.map(|other| 1.0 - alike(at, other).unwrap_or(0.0)).sum::<f64>()
    };
    to_one((0..columns.len()).map(information).collect())
}
