//! Red flags: conditions on one place's figures, in three-valued logic.
//!
//! A condition on a gap is neither true nor false. A flag is raised on true
//! only; what cannot be judged is said to be so, and is never taken for clear.

pub mod back_test;
mod parse;
mod threshold;

use serde::Serialize;

use crate::model::Text;
use crate::normalise::quantile;

pub use parse::FlagError;
pub use threshold::{Threshold, moved, moved_to};

/// A red flag: a rule with its severity and its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flag {
    /// Key, such as `R2`.
    pub id: String,
    /// Raised when the rule changes.
    pub version: u32,
    /// How grave it is when raised.
    pub severity: Severity,
    /// What the flag is called.
    pub title: Text,
    /// Sentence with `{value}`, `{threshold}`, `{unit}` and `{period}`.
    pub text: Text,
    /// Where the rule comes from.
    pub basis: Text,
    /// Unit of the threshold; absent for yes or no.
    pub unit: Option<Text>,
    /// Year that the threshold is from.
    pub year: Option<i32>,
    /// What the flag is about.
    pub scope: Scope,
    /// When it is raised.
    pub rule: Rule,
    /// What it warns of, so that it can be counted how often that came.
    pub back_test: Option<BackTested>,
    /// Why that cannot be counted.
    pub back_test_missing: Option<Text>,
}

/// What a flag warns of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BackTested {
    /// The event: a rule on the figures of a later year.
    pub event: Rule,
    /// How many years later.
    pub window: back_test::Window,
}

/// How grave a raised flag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Off the shortlist unless overridden with a written reason.
    Critical,
    /// To be looked into.
    Warning,
    /// Good to know.
    Information,
}

/// What a flag is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A municipality.
    #[default]
    Municipality,
    /// A lot; cannot be judged for a municipality.
    Lot,
}

/// When a flag is raised.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A comparison on one indicator.
    Indicator {
        /// Id of the indicator.
        indicator: String,
        /// Comparison with its threshold.
        test: Test,
        /// Name of the threshold, where the comparison does not name it well.
        name: Option<String>,
    },
    /// The indicator's status is one of these, such as `not_collected`.
    StatusIs {
        /// Id of the indicator.
        indicator: String,
        /// Statuses that raise the flag.
        statuses: Vec<String>,
    },
    /// Share of the model's weight that has data is below this (0 to 1).
    CoverageBelow(f64),
    /// Half of the model's weight with data rests on figures older than this, in months.
    FigureOlderThanMonths(f64),
    /// The unit's borders moved at most so many years ago; a new number is no move.
    BoundaryChangedWithinYears(f64),
    /// The second, where the first holds; where it does not, the flag cannot be judged.
    Given(Box<Rule>, Box<Rule>),
    /// All must hold.
    All(Vec<Rule>),
    /// One must hold.
    Any(Vec<Rule>),
}

/// A comparison with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Strictly below.
    Below(f64),
    /// Strictly above.
    Above(f64),
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// Exactly.
    Equals(f64),
    /// Strictly above this percentile (0 to 100) of all units with a value.
    AbovePercentile(f64),
    /// Strictly below this percentile (0 to 100) of all units with a value.
    BelowPercentile(f64),
}

/// What is known of one indicator at one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// A figure.
    Value(f64),
    /// A gap with its status; `unavailable` when nobody has the indicator.
    Gap(String),
}

/// One place, as the rules see it.
pub trait Evidence {
    /// Returns what is known of an indicator here.
    fn observed(&self, indicator: &str) -> Observed;
    /// Returns all units' figures of an indicator, in rising order.
    fn distribution(&self, indicator: &str) -> &[f64];
    /// Returns the share of the model's weight that has data; `None` without a model.
    fn coverage(&self) -> Option<f64>;
    /// Returns the age in months that half of the model's weight with data reaches here.
    fn figure_age_months(&self) -> Option<f64>;
    /// Returns when the borders last moved; by default nobody knows.
    fn boundary_change(&self) -> BoundaryChange {
        BoundaryChange::Unknown
    }
}

/// When a unit's borders last moved.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum BoundaryChange {
    /// Nobody knows.
    #[default]
    Unknown,
    /// Not since the list of changes begins.
    Never,
    /// So many years ago.
    YearsAgo(f64),
}

/// The judgement of one rule on one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It holds, on this figure against this threshold.
    Raised(Ground),
    /// It does not hold.
    Clear,
    /// A figure that it needs is missing: the indicator, or `coverage`, `period`, `borders`.
    Unknown(String),
}

impl Verdict {
    /// Returns whether the rule holds; `None` where it cannot be judged.
    pub fn known(&self) -> Option<bool> {
        match self {
            Self::Raised(_) => Some(true),
            Self::Clear => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// The figure on which a verdict stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Indicator; `None` for coverage and age.
    pub indicator: Option<String>,
    /// Figure; `None` when the status itself raises the flag.
    pub value: Option<f64>,
    /// Threshold in the unit of the figure.
    pub threshold: Option<f64>,
}

impl Test {
    /// Returns the threshold in the unit of the figure.
    fn threshold(&self, distribution: &[f64]) -> Option<f64> {
        match self {
            Self::Below(bound) | Self::Above(bound) | Self::AtLeast(bound) => Some(*bound),
            Self::AtMost(bound) | Self::Equals(bound) => Some(*bound),
            Self::AbovePercentile(share) | Self::BelowPercentile(share) => {
                quantile(distribution, share / 100.0)
            }
        }
    }

    fn holds(&self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Below(_) | Self::BelowPercentile(_) => value < threshold,
            Self::Above(_) | Self::AbovePercentile(_) => value > threshold,
            Self::AtLeast(_) => value >= threshold,
            Self::AtMost(_) => value <= threshold,
            Self::Equals(_) => value == threshold,
        }
    }
}

impl Flag {
    /// Returns the ids of the indicators that the rule reads.
    pub fn indicators(&self) -> Vec<&str> {
        self.rule.indicators()
    }
}

impl Rule {
    fn indicators(&self) -> Vec<&str> {
        match self {
            Self::Indicator { indicator, .. } | Self::StatusIs { indicator, .. } => {
                vec![indicator]
            }
            Self::CoverageBelow(_)
            | Self::FigureOlderThanMonths(_)
            | Self::BoundaryChangedWithinYears(_) => Vec::new(),
            Self::Given(given, rule) => [given.indicators(), rule.indicators()].concat(),
            Self::All(rules) | Self::Any(rules) => {
                rules.iter().flat_map(Self::indicators).collect()
            }
        }
    }

    /// Judges one place.
    pub fn judge(&self, place: &dyn Evidence) -> Verdict {
        match self {
            Self::Indicator { indicator, test, .. } => compare(indicator, test, place),
            Self::StatusIs { indicator, statuses } => match place.observed(indicator) {
                Observed::Gap(status) if statuses.contains(&status) => Verdict::Raised(Ground {
                    indicator: Some(indicator.clone()),
                    value: None,
                    threshold: None,
                }),
                Observed::Gap(_) => Verdict::Unknown(indicator.clone()),
                Observed::Value(_) => Verdict::Clear,
            },
            Self::CoverageBelow(minimum) => {
                measured(place.coverage(), "coverage", *minimum, |value| value < *minimum)
            }
            Self::FigureOlderThanMonths(limit) => {
                let age = place.figure_age_months();
                measured(age, "period", *limit, |value| value > *limit)
            }
            Self::BoundaryChangedWithinYears(limit) => match place.boundary_change() {
                BoundaryChange::Never => Verdict::Clear,
                BoundaryChange::Unknown => Verdict::Unknown("borders".to_owned()),
                BoundaryChange::YearsAgo(ago) => {
                    measured(Some(ago), "borders", *limit, |value| value <= *limit)
                }
            },
            Self::Given(given, rule) => match given.judge(place) {
                Verdict::Raised(_) => rule.judge(place),
                Verdict::Unknown(what) => Verdict::Unknown(what),
                // Too little to judge by is a gap, not a pass.
                Verdict::Clear => Verdict::Unknown(
                    given.indicators().first().map_or("coverage", |id| *id).to_owned(),
                ),
            },
            Self::All(rules) => all(rules, place),
            Self::Any(rules) => any(rules, place),
        }
    }
}

fn compare(indicator: &str, test: &Test, place: &dyn Evidence) -> Verdict {
    let Observed::Value(value) = place.observed(indicator) else {
        return Verdict::Unknown(indicator.to_owned());
    };
    match test.threshold(place.distribution(indicator)) {
        None => Verdict::Unknown(indicator.to_owned()),
        Some(threshold) if test.holds(value, threshold) => Verdict::Raised(Ground {
            indicator: Some(indicator.to_owned()),
            value: Some(value),
            threshold: Some(threshold),
        }),
        Some(_) => Verdict::Clear,
    }
}

fn measured(
    value: Option<f64>,
    what: &str,
    threshold: f64,
    holds: impl Fn(f64) -> bool,
) -> Verdict {
    match value {
        None => Verdict::Unknown(what.to_owned()),
        Some(value) if holds(value) => Verdict::Raised(Ground {
            indicator: None,
            value: Some(value),
            threshold: Some(threshold),
        }),
        Some(_) => Verdict::Clear,
    }
}

/// False if one is false, else unknown if one is unknown, else true.
fn all(rules: &[Rule], place: &dyn Evidence) -> Verdict {
    let verdicts: Vec<Verdict> = rules.iter().map(|rule| rule.judge(place)).collect();
    if verdicts.contains(&Verdict::Clear) {
        return Verdict::Clear;
    }
    let unknown = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Unknown(_)));
    unknown.or(verdicts.first()).cloned().unwrap_or(Verdict::Clear)
}

/// True if one is true, else unknown if one is unknown, else false.
fn any(rules: &[Rule], place: &dyn Evidence) -> Verdict {
    let verdicts: Vec<Verdict> = rules.iter().map(|rule| rule.judge(place)).collect();
    let raised = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Raised(_)));
    let unknown = || verdicts.iter().find(|verdict| matches!(verdict, Verdict::Unknown(_)));
    raised.or_else(unknown).cloned().unwrap_or(Verdict::Clear)
}

#[cfg(test)]
mod tests;
