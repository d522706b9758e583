//! What a model does to raw figures before they are valued.

use serde::{Deserialize, Serialize};

pub use crate::prepare::screen::Screening;

/// Preparation of all indicators; one may be set otherwise on the indicator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// How much data a unit or an indicator needs to take part at all.
    #[serde(default)]
    pub screen: Screening,
    /// What fills a gap.
    #[serde(default)]
    pub impute: Imputation,
    /// What is done to outliers.
    #[serde(default)]
    pub treat: Treatment,
}

/// What fills a gap. Every filled cell is marked, and counts as a gap in coverage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Imputation {
    /// Nothing: a gap stays a gap.
    #[default]
    None,
    /// The mean of the units that have a figure.
    Mean,
    /// Their median.
    Median,
    /// The mean of the units with the same label; without any, the gap stays.
    GroupMean {
        /// Name of the label, such as `kostra_group`.
        by: String,
    },
    /// The median of the units with the same label; without any, the gap stays.
    GroupMedian {
        /// Name of the label.
        by: String,
    },
    /// The unit's last figure before the year; needs a panel.
    LastValue {
        /// How many years back, at most; absent: any.
        years: Option<u32>,
    },
    /// A straight line between the unit's figures before and after; needs a panel.
    Linear,
}

/// What is done to outliers. Every changed cell is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Treatment {
    /// Nothing.
    #[default]
    None,
    /// Extremes are drawn in one by one; where that does not help, the logarithm is taken.
    WinsoriseThenLog {
        /// Skewness from which a column fails, together with the kurtosis.
        #[serde(default = "two")]
        skewness: f64,
        /// Excess kurtosis from which it fails.
        #[serde(default = "three_and_a_half")]
        kurtosis: f64,
        /// How many cells may be drawn in.
        #[serde(default = "five")]
        points: usize,
    },
    /// Figures outside two percentiles are drawn in to them.
    WinsorisePercentiles {
        /// Lower percentile, 0 to 100.
        low: f64,
        /// Upper percentile, 0 to 100.
        high: f64,
    },
}

fn two() -> f64 {
    2.0
}

fn three_and_a_half() -> f64 {
    3.5
}

fn five() -> usize {
    5
}

/// A column that a count is divided by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denominator {
    /// Id of the column.
    pub column: String,
    /// The figure is per this many of it.
    #[serde(default = "one")]
    pub scale: f64,
}

/// Empirical Bayes: a rate of few is drawn towards the rate of its group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shrinkage {
    /// Id of the column that says how many the rate is of.
    pub exposure: String,
    /// The rate is per this many of it.
    #[serde(default = "one")]
    pub per: f64,
    /// Label of the groups; absent, or too small a group: the whole.
    pub towards: Option<String>,
}

fn one() -> f64 {
    1.0
}
