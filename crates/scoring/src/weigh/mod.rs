//! Weights from data (entropy, CRITIC, principal components, a target importance)
//! and from people (swing, pairwise comparison).
//!
//! Columns are turned so that more is better; a gap takes no part. All weights
//! are at least 0 and sum to 1. A column of equal figures tells units apart
//! by nothing, and every method from data gives it 0.

pub mod ahp;
pub mod consensus;
pub mod critic;
pub mod deviation;
pub mod entropy;
mod linear;
pub mod merec;
pub mod optimise;
pub mod pca;
pub mod swing;

use crate::Problem;

/// Why no weights can be drawn from these figures or answers.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unweighable {
    /// Nothing differs in any column, or there is no column.
    #[error("no column tells the units apart")]
    NothingVaries,
    /// The method needs figures above zero, or not below it.
    #[error("column {column} has the figure {figure} at unit {unit}, which the method cannot take")]
    OutOfRange {
        /// Place of the column, from 0.
        column: usize,
        /// Place of the unit, from 0.
        unit: usize,
        /// The figure.
        figure: f64,
    },
    /// Fewer than three units have every figure.
    #[error("{whole} units have every figure, and at least 3 are needed")]
    TooFewWholeUnits {
        /// Units with every figure.
        whole: usize,
    },
}

impl Unweighable {
    /// Says the same of named indicators and units.
    pub fn problem(&self, indicators: &[&str], units: &[&str]) -> Problem {
        let named = |names: &[&str], at: usize| names.get(at).copied().unwrap_or("?").to_owned();
        match self {
            Self::NothingVaries => {
                Problem::new("weights_nothing_varies", "no indicator tells the units apart", &[])
            }
            Self::OutOfRange { column, unit, figure } => Problem::new(
                "weights_out_of_range",
                "{indicator} is {value} for {unit}, which this way of weighing cannot take",
                &[
                    ("indicator", &named(indicators, *column)),
                    ("value", &figure.to_string()),
                    ("unit", &named(units, *unit)),
                ],
            ),
            Self::TooFewWholeUnits { whole } => Problem::new(
                "weights_too_few_units",
                "{count} units have every figure; at least 3 are needed",
                &[("count", &whole.to_string())],
            ),
        }
    }
}

/// Returns the same weight for each of `count`.
///
/// ```
/// # use scoring::weigh::equal;
/// assert_eq!(equal(4), [0.25; 4]);
/// ```
pub fn equal(count: usize) -> Vec<f64> {
    vec![1.0 / count as f64; count]
}

/// Scales to a sum of 1.
fn to_one(parts: Vec<f64>) -> Result<Vec<f64>, Unweighable> {
    let all: f64 = parts.iter().sum();
    if !(all.is_finite() && all > 0.0) {
        return Err(Unweighable::NothingVaries);
    }
    Ok(parts.into_iter().map(|part| part / all).collect())
}

/// The figures present, with their units.
fn present(column: &[Option<f64>]) -> impl Iterator<Item = (usize, f64)> {
    let figures = column.iter().enumerate();
    figures.filter_map(|(unit, figure)| Some((unit, figure.filter(|figure| figure.is_finite())?)))
}

/// Refuses a figure below `least`, or equal to it where that is `Least::Above`.
fn refuse_below(columns: &[&[Option<f64>]], least: Least) -> Result<(), Unweighable> {
    for (column, figures) in columns.iter().enumerate() {
        let fits = |figure: f64| match least {
            Least::Zero => figure >= 0.0,
            Least::AboveZero => figure > 0.0,
        };
        if let Some((unit, figure)) = present(figures).find(|(_, figure)| !fits(*figure)) {
            return Err(Unweighable::OutOfRange { column, unit, figure });
        }
    }
    Ok(())
}

/// The lowest figure that a method takes.
#[derive(Clone, Copy)]
enum Least {
    Zero,
    AboveZero,
}
