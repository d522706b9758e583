//! From raw figures to comparable values.
//!
//! A value function is first fitted to the figures at hand ([`Fitted::new`]),
//! which fixes its ends, and then applied to one figure at a time. So a figure
//! from elsewhere (the country, a wish) is valued on the same scale.

use crate::model::{Direction, Step, ValueFunction};

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

/// A value function with its ends fixed.
#[derive(Debug, Clone, PartialEq)]
pub enum Fitted {
    /// Straight line from `low` (0) to `high` (100), cut outside.
    Line {
        /// Figure that becomes 0, on the scale of the distances.
        low: f64,
        /// Figure that becomes 100.
        high: f64,
        /// How distances are taken.
        spacing: Spacing,
    },
    /// Straight lines between points, cut outside.
    Points(Vec<[f64; 2]>),
    /// `at_mean` at the mean and `slope` per unit of the figure.
    Linear {
        /// Mean of the figures.
        mean: f64,
        /// Value per unit, negative when less is better.
        slope: f64,
        /// Value at the mean.
        at_mean: f64,
    },
    /// Counts of worse figures among the sorted, turned figures.
    Order {
        /// Figures in rising order of merit.
        sorted: Vec<f64>,
        /// Sign that turns a figure so that more is better.
        sign: f64,
        /// Whether the count is a share of the others, in percent.
        percent: bool,
    },
    /// Points by the first test that holds.
    Steps(Vec<Step>),
    /// Fewer than two different figures: nothing to compare.
    Nothing,
}

impl Fitted {
    /// Fixes the ends of `function` on `figures`; gaps do not move them.
    pub fn new(
        function: &ValueFunction,
        direction: Option<Direction>,
        figures: &[Option<f64>],
    ) -> Self {
        let sign = match direction {
            Some(Direction::Lower) => -1.0,
            _ => 1.0,
        };
        let spacing = Spacing::new(function);
        match function {
            ValueFunction::Goalposts { low, high, .. } => {
                Self::Line { low: spacing.of(*low), high: spacing.of(*high), spacing }
            }
            ValueFunction::Anchors { points, .. } => Self::Points(points.clone()),
            ValueFunction::Steps { steps } => Self::Steps(steps.clone()),
            ValueFunction::PercentileGoalposts { low, high, .. } => {
                let sorted = sorted(figures.iter().flatten().map(|figure| spacing.of(*figure)));
                let ends = (quantile(&sorted, low / 100.0), quantile(&sorted, high / 100.0));
                Self::between(ends, sign, spacing)
            }
            ValueFunction::MinMax { .. } => {
                let sorted = sorted(figures.iter().flatten().copied());
                Self::between((sorted.first().copied(), sorted.last().copied()), sign, spacing)
            }
            ValueFunction::ZScore { mean, sd } => z_score(figures, sign, (*mean, *sd)),
            ValueFunction::Rank { .. } | ValueFunction::PercentileRank { .. } => Self::Order {
                sorted: sorted(figures.iter().flatten().map(|figure| sign * figure)),
                sign,
                percent: matches!(function, ValueFunction::PercentileRank { .. }),
            },
            _ => Self::Nothing,
        }
    }

    fn between(ends: (Option<f64>, Option<f64>), sign: f64, spacing: Spacing) -> Self {
        match ends {
            (Some(low), Some(high)) if low < high && sign > 0.0 => {
                Self::Line { low, high, spacing }
            }
            (Some(low), Some(high)) if low < high => Self::Line { low: high, high: low, spacing },
            _ => Self::Nothing,
        }
    }

    /// Values one figure; `None` where the scale cannot value it.
    pub fn apply(&self, figure: f64) -> Option<f64> {
        let value = match self {
            Self::Line { low, high, spacing } => {
                let position = (spacing.of(figure) - low) / (high - low);
                100.0 * position.clamp(0.0, 1.0)
            }
            Self::Points(points) => along(points, figure),
            Self::Linear { mean, slope, at_mean } => at_mean + slope * (figure - mean),
            Self::Order { sorted, sign, percent } => {
                let worse = sorted.partition_point(|other| *other < sign * figure) as f64;
                let others = sorted.len() as f64 - 1.0;
                match percent {
                    true if others < 1.0 => return None,
                    true => 100.0 * (worse / others).min(1.0),
                    false => worse + 1.0,
                }
            }
            Self::Steps(steps) => {
                steps.iter().find(|step| step.test.holds(figure)).map_or(0.0, |step| step.points)
            }
            Self::Nothing => return None,
        };
        value.is_finite().then_some(value)
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
    let fitted = Fitted::new(
        &ValueFunction::MinMax { low: 0.0, high: 100.0 },
        Some(Direction::Higher),
        values,
    );
    if fitted == Fitted::Nothing {
        return None;
    }
    let scored = values.iter().map(|value| value.and_then(|figure| fitted.apply(figure)));
    Some(scored.collect())
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

fn z_score(figures: &[Option<f64>], sign: f64, (at_mean, per_sd): (f64, f64)) -> Fitted {
    let present: Vec<f64> = figures.iter().flatten().copied().collect();
    if present.len() < 2 {
        return Fitted::Nothing;
    }
    let n = present.len() as f64;
    let mean = present.iter().sum::<f64>() / n;
    let squares: f64 = present.iter().map(|figure| (figure - mean).powi(2)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    if sd == 0.0 {
        return Fitted::Nothing;
    }
    Fitted::Linear { mean, slope: sign * per_sd / sd, at_mean }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(function: ValueFunction, figure: f64) -> Option<f64> {
        Fitted::new(&function, None, &[]).apply(figure)
    }

    #[test]
    fn anchors_are_straight_lines_cut_at_the_ends() {
        let cost = || ValueFunction::Anchors {
            points: vec![[15.0, 0.0], [25.0, 50.0], [30.0, 75.0], [35.0, 100.0]],
            basis: None,
        };
        let raw = [10.0, 15.0, 20.0, 25.0, 27.5, 30.0, 34.0, 35.0, 60.0];
        let values: Vec<_> = raw.iter().filter_map(|raw| value(cost(), *raw)).collect();
        assert_eq!(values, [0.0, 0.0, 25.0, 50.0, 62.5, 75.0, 95.0, 100.0, 100.0]);
    }

    #[test]
    fn goalposts_may_fall_and_may_be_logarithmic() {
        let posts = |low, high, log| ValueFunction::Goalposts { low, high, log, basis: None };
        assert_eq!(value(posts(60.2, 0.0, false), 30.1), Some(50.0));
        let middle = value(posts(10.0, 1000.0, true), 100.0).expect("the figure is inside");
        assert!((middle - 50.0).abs() < 1e-12);
        assert_eq!(value(posts(10.0, 1000.0, true), 0.0), Some(0.0), "the logarithm of 0 is cut");
    }

    #[test]
    fn a_column_of_one_value_separates_nobody() {
        let same = [Some(2.0), None, Some(2.0)];
        for function in [
            ValueFunction::MinMax { low: 0.0, high: 100.0 },
            ValueFunction::ZScore { mean: 0.0, sd: 1.0 },
            ValueFunction::PercentileGoalposts { low: 5.0, high: 95.0, log: false },
        ] {
            let fitted = Fitted::new(&function, Some(Direction::Higher), &same);
            assert_eq!(fitted.apply(2.0), None, "{function:?}");
        }
    }

    #[test]
    fn lower_is_better_turns_every_data_driven_scale() {
        let figures = [Some(1.0), Some(2.0), Some(4.0)];
        for function in [
            ValueFunction::MinMax { low: 0.0, high: 100.0 },
            ValueFunction::ZScore { mean: 50.0, sd: 10.0 },
            ValueFunction::Rank { ties: crate::Ties::Min },
            ValueFunction::PercentileRank { ties: crate::Ties::Min },
            ValueFunction::PercentileGoalposts { low: 0.0, high: 100.0, log: true },
        ] {
            let higher = Fitted::new(&function, Some(Direction::Higher), &figures);
            let lower = Fitted::new(&function, Some(Direction::Lower), &figures);
            assert!(higher.apply(4.0) > higher.apply(1.0), "{function:?}");
            assert!(lower.apply(4.0) < lower.apply(1.0), "{function:?}");
        }
    }
}
