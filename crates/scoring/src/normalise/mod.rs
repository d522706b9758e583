//! From raw figures to comparable values.
//!
//! A value function is first fitted to the figures at hand ([`Fitted::new`]),
//! which fixes its ends, and then applied to one figure at a time. So a figure
//! from elsewhere (the country, a wish) is valued on the same scale.
//!
//! Less may be better: then a figure's merit is its negative, and every scale
//! that takes its ends from the data has them the other way round. A fit sorts
//! at most once, and applying one costs at most a search in what was sorted.

mod fit;

use crate::model::{Direction, Step, ValueFunction};

pub use crate::model::Ties;
pub use crate::statistics::{quantile, sorted};

/// The scale on which distances are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// The figures themselves.
    Even,
    /// Their natural logarithms.
    Logarithmic,
}

impl Spacing {
    fn new(function: &ValueFunction) -> Self {
        match function {
            ValueFunction::Goalposts { log: true, .. }
            | ValueFunction::PercentileGoalposts { log: true, .. } => Self::Logarithmic,
            _ => Self::Even,
        }
    }

    /// Takes a figure to the scale.
    ///
    /// The logarithm of 0 is −∞, which the cut of a goalpost line takes to its end.
    /// `libm` gives the same bits on every machine; the platform's `ln` may not.
    fn of(self, figure: f64) -> f64 {
        match self {
            Self::Even => figure,
            Self::Logarithmic => libm::log(figure.max(0.0)),
        }
    }
}

/// What becomes of figures beyond the ends of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// They get the value of the nearest end.
    Cut,
    /// The line goes on, below 0 and above 100.
    Extended,
}

/// What a place in the order is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// The place itself, from 1 for the worst.
    Counted,
    /// The places below it, from 0.
    Below,
    /// The places below it as a share of the others, 0 to 100.
    Percent,
}

/// A value function with its ends fixed.
#[derive(Debug, Clone, PartialEq)]
pub enum Fitted {
    /// Straight line through two points.
    Line {
        /// Figure that gets the first value, on the scale of the distances.
        low: f64,
        /// Figure that gets the second.
        high: f64,
        /// The two values, usually 0 and 100.
        values: [f64; 2],
        /// What becomes of figures beyond the two.
        outside: Outside,
        /// How distances are taken.
        spacing: Spacing,
    },
    /// Straight lines between points, cut outside.
    Points(Vec<[f64; 2]>),
    /// 0 up to the first figure, 100 from the second to the third, 0 from the fourth.
    Band([f64; 4]),
    /// `at_mean` at the mean and `slope` per unit of the figure.
    Linear {
        /// Mean of the figures.
        mean: f64,
        /// Value per unit, negative when less is better.
        slope: f64,
        /// Value at the mean.
        at_mean: f64,
    },
    /// The figure's place among the sorted, turned figures.
    Order {
        /// Figures in rising order of merit.
        sorted: Vec<f64>,
        /// Sign that turns a figure so that more is better.
        sign: f64,
        /// Which place equal figures share.
        ties: Ties,
        /// What a place is worth.
        places: Places,
    },
    /// The figure in percent of this one.
    ShareOf(f64),
    /// This figure in percent of the figure, which must be above 0.
    ShareThatIs(f64),
    /// Points by the first test that holds.
    Steps(Vec<Step>),
    /// Fewer than two different figures, or none to hold them against: nothing to compare.
    Nothing,
}

impl Fitted {
    /// Fixes the ends of `function` on `figures`; gaps do not move them.
    ///
    /// A distance to a reference has nothing to compare with here, as its unit is
    /// not among figures without names: see [`Fitted::with_reference`].
    pub fn new(
        function: &ValueFunction,
        direction: Option<Direction>,
        figures: &[Option<f64>],
    ) -> Self {
        Self::with_reference(function, direction, figures, None)
    }

    /// Fixes the ends of `function`, with the figure of the unit that it names.
    pub fn with_reference(
        function: &ValueFunction,
        direction: Option<Direction>,
        figures: &[Option<f64>],
        reference: Option<f64>,
    ) -> Self {
        let spacing = Spacing::new(function);
        let direction = direction.unwrap_or(Direction::Higher);
        match function {
            ValueFunction::Goalposts { low, high, .. } => Self::goalposts([*low, *high], spacing),
            ValueFunction::Scaled { low, high } => Self::scaled([*low, *high]),
            ValueFunction::Anchors { points, .. } => Self::Points(points.clone()),
            ValueFunction::Steps { steps } => Self::Steps(steps.clone()),
            ValueFunction::Band { zero_low, full_low, full_high, zero_high, .. } => {
                Self::band([*zero_low, *full_low, *full_high, *zero_high])
            }
            ValueFunction::PercentileGoalposts { low, high, .. } => {
                Self::percentile_goalposts(figures, direction, [*low, *high], spacing)
            }
            ValueFunction::MinMax { low, high } => Self::min_max(figures, direction, [*low, *high]),
            ValueFunction::DistanceToMaximum {} => Self::min_max(figures, direction, [0.0, 100.0]),
            ValueFunction::DistanceToTarget { target } => {
                Self::distance_to_target(figures, direction, *target, Outside::Cut)
            }
            ValueFunction::DistanceToReference { capped, .. } => {
                let Some(reference) = reference else { return Self::Nothing };
                let outside = if *capped { Outside::Cut } else { Outside::Extended };
                Self::distance_to_reference(figures, direction, reference, outside)
            }
            ValueFunction::FractionOfMaximum {} => Self::share_of_best(figures, direction),
            ValueFunction::ZScore { mean, sd } => Self::z_score(figures, direction, [*mean, *sd]),
            ValueFunction::Rank { ties } => Self::rank(figures, direction, *ties),
            ValueFunction::PercentileRank { ties } => {
                Self::percentile_rank(figures, direction, *ties)
            }
            ValueFunction::Borda {} => Self::borda(figures, direction, Ties::Min),
        }
    }

    /// Values one figure; `None` where the scale cannot value it.
    pub fn apply(&self, figure: f64) -> Option<f64> {
        if !figure.is_finite() {
            return None;
        }
        let value = match self {
            Self::Line { low, high, values: [from, to], outside, spacing } => {
                let position = (spacing.of(figure) - low) / (high - low);
                let position = match outside {
                    Outside::Cut => position.clamp(0.0, 1.0),
                    Outside::Extended => position,
                };
                (to - from) * position + from
            }
            Self::Points(points) => along(points, figure),
            Self::Band(ends) => inside(*ends, figure),
            Self::Linear { mean, slope, at_mean } => at_mean + slope * (figure - mean),
            Self::Order { sorted, sign, ties, places } => {
                let below = below(sorted, sign * figure, *ties);
                let others = sorted.len() as f64 - 1.0;
                match places {
                    Places::Counted => below + 1.0,
                    Places::Below => below,
                    Places::Percent if others < 1.0 => return None,
                    Places::Percent => 100.0 * (below / others).min(1.0),
                }
            }
            Self::ShareOf(best) => 100.0 * (figure / best),
            Self::ShareThatIs(_) if figure <= 0.0 => return None,
            Self::ShareThatIs(best) => 100.0 * (best / figure),
            Self::Steps(steps) => {
                steps.iter().find(|step| step.test.holds(figure)).map_or(0.0, |step| step.points)
            }
            Self::Nothing => return None,
        };
        value.is_finite().then_some(value)
    }

    /// Values a whole column; gaps stay gaps.
    pub fn apply_all(&self, figures: &[Option<f64>]) -> Vec<Option<f64>> {
        figures.iter().map(|figure| figure.and_then(|figure| self.apply(figure))).collect()
    }
}

/// Rescales `values` so that the lowest becomes 0 and the highest 100.
///
/// A missing value stays missing and does not move the ends of the scale.
/// Returns `None` when fewer than two distinct values are present: such an
/// indicator separates nobody, and a score would be invented.
///
/// ```
/// # use scoring::min_max;
/// let scores = min_max(&[Some(4.0), None, Some(8.0), Some(6.0)]);
/// assert_eq!(scores, Some(vec![Some(0.0), None, Some(100.0), Some(50.0)]));
///
/// assert_eq!(min_max(&[Some(3.0), Some(3.0)]), None);
/// ```
pub fn min_max(values: &[Option<f64>]) -> Option<Vec<Option<f64>>> {
    match Fitted::min_max(values, Direction::Higher, [0.0, 100.0]) {
        Fitted::Nothing => None,
        fitted => Some(fitted.apply_all(values)),
    }
}

fn along(points: &[[f64; 2]], figure: f64) -> f64 {
    let after = points.partition_point(|point| point[0] <= figure);
    if after == 0 {
        return points[0][1];
    }
    if after == points.len() {
        return points[after - 1][1];
    }
    let ([left, from], [right, to]) = (points[after - 1], points[after]);
    from + (figure - left) / (right - left) * (to - from)
}

/// Value of a figure against a band; edges that stand upright belong to the band.
fn inside([zero, full, still_full, zero_again]: [f64; 4], figure: f64) -> f64 {
    if (full..=still_full).contains(&figure) {
        100.0
    } else if figure < full {
        100.0 * ((figure - zero) / (full - zero)).clamp(0.0, 1.0)
    } else {
        100.0 * ((zero_again - figure) / (zero_again - still_full)).clamp(0.0, 1.0)
    }
}

/// How many places lie below a figure's; one from elsewhere counts as one of the column.
fn below(sorted: &[f64], figure: f64, ties: Ties) -> f64 {
    let worse = sorted.partition_point(|other| *other < figure);
    let equal = || {
        let not_better = worse + sorted[worse..].partition_point(|other| *other <= figure);
        (not_better - worse).saturating_sub(1) as f64
    };
    match ties {
        Ties::Min => worse as f64,
        Ties::Average => worse as f64 + equal() / 2.0,
        Ties::Max => worse as f64 + equal(),
    }
}

#[cfg(test)]
mod tests;
