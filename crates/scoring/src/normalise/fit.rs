//! How each value function gets its ends from a column.

use super::{Fitted, Outside, Places, Spacing, quantile, sorted};
use crate::model::{Direction, Ties};
use crate::statistics::Moments;

/// The ends of most scales.
const PERCENT: [f64; 2] = [0.0, 100.0];

impl Fitted {
    /// Line from `low` (0) to `high` (100), cut outside; `high` below `low` when less is better.
    pub fn goalposts([low, high]: [f64; 2], spacing: Spacing) -> Self {
        let (low, high) = (spacing.of(low), spacing.of(high));
        Self::Line { low, high, values: PERCENT, outside: Outside::Cut, spacing }
    }

    /// Line from `low` (0) to `high` (100) that goes on outside.
    pub fn scaled([low, high]: [f64; 2]) -> Self {
        straight([Some(low), Some(high)], PERCENT, Outside::Extended)
    }

    /// Goalposts at two percentiles (0 to 100) of the column.
    pub fn percentile_goalposts(
        figures: &[Option<f64>],
        direction: Direction,
        [low, high]: [f64; 2],
        spacing: Spacing,
    ) -> Self {
        let finite = figures.iter().flatten().filter(|figure| figure.is_finite());
        let sorted = sorted(finite.map(|figure| spacing.of(*figure)));
        let ends = [quantile(&sorted, low / 100.0), quantile(&sorted, high / 100.0)];
        match straight(turned(ends, direction), PERCENT, Outside::Cut) {
            Self::Line { low, high, values, outside, .. } => {
                Self::Line { low, high, values, outside, spacing }
            }
            _ => Self::Nothing,
        }
    }

    /// Line from the worst figure of the column to the best.
    pub fn min_max(figures: &[Option<f64>], direction: Direction, values: [f64; 2]) -> Self {
        straight(turned(ends(figures), direction), values, Outside::Cut)
    }

    /// Distance from the mean in standard deviations (n − 1), rescaled to another mean and sd.
    pub fn z_score(
        figures: &[Option<f64>],
        direction: Direction,
        [at_mean, per_sd]: [f64; 2],
    ) -> Self {
        let moments = Moments::of(figures.iter().flatten().copied());
        match (moments.mean(), moments.deviation()) {
            (Some(mean), Some(sd)) if sd > 0.0 => {
                Self::Linear { mean, slope: sign(direction) * per_sd / sd, at_mean }
            }
            _ => Self::Nothing,
        }
    }

    /// Ascending rank: the best figure has the highest number.
    pub fn rank(figures: &[Option<f64>], direction: Direction, ties: Ties) -> Self {
        order(figures, direction, ties, Places::Counted)
    }

    /// Borda points: how many places lie below.
    pub fn borda(figures: &[Option<f64>], direction: Direction, ties: Ties) -> Self {
        order(figures, direction, ties, Places::Below)
    }

    /// Share of the other places that lie below, 0 to 100.
    pub fn percentile_rank(figures: &[Option<f64>], direction: Direction, ties: Ties) -> Self {
        order(figures, direction, ties, Places::Percent)
    }

    /// Line from the worst figure of the column (0) to a reference's figure (100).
    ///
    /// Nothing to compare where the reference is itself the worst.
    pub fn distance_to_reference(
        figures: &[Option<f64>],
        direction: Direction,
        reference: f64,
        outside: Outside,
    ) -> Self {
        let [worst, _] = turned(ends(figures), direction);
        let above = worst.is_some_and(|worst| sign(direction) * (reference - worst) > 0.0);
        if !above {
            return Self::Nothing;
        }
        straight([worst, Some(reference)], PERCENT, outside)
    }

    /// Line from the worst figure of the column (0) to a target (100).
    ///
    /// A target that nobody reaches is one; a target that is no better than the
    /// worst figure leaves nothing to compare.
    pub fn distance_to_target(
        figures: &[Option<f64>],
        direction: Direction,
        target: f64,
        outside: Outside,
    ) -> Self {
        Self::distance_to_reference(figures, direction, target, outside)
    }

    /// The figure as a share of the best, 0 to 100; where less is better, the best of the figure.
    ///
    /// Shares need a best figure above 0. So that half the best gives 50 where
    /// more is better, and twice the best where less is.
    pub fn share_of_best(figures: &[Option<f64>], direction: Direction) -> Self {
        match (turned(ends(figures), direction)[1], direction) {
            (Some(best), Direction::Higher) if best > 0.0 => Self::ShareOf(best),
            (Some(best), Direction::Lower) if best > 0.0 => Self::ShareThatIs(best),
            _ => Self::Nothing,
        }
    }

    /// A preferred band: four rising figures that get 0, 100, 100 and 0.
    pub fn band(figures: [f64; 4]) -> Self {
        match figures.is_sorted() && figures[0] < figures[3] {
            true => Self::Band(figures),
            false => Self::Nothing,
        }
    }
}

/// Sign that turns a figure so that more is better.
fn sign(direction: Direction) -> f64 {
    match direction {
        Direction::Higher => 1.0,
        Direction::Lower => -1.0,
    }
}

/// The lowest and the highest figure.
fn ends(figures: &[Option<f64>]) -> [Option<f64>; 2] {
    let finite = || figures.iter().flatten().copied().filter(|figure| figure.is_finite());
    [finite().reduce(f64::min), finite().reduce(f64::max)]
}

/// The worst and the best of a lowest and a highest.
fn turned([low, high]: [Option<f64>; 2], direction: Direction) -> [Option<f64>; 2] {
    match direction {
        Direction::Higher => [low, high],
        Direction::Lower => [high, low],
    }
}

fn straight([low, high]: [Option<f64>; 2], values: [f64; 2], outside: Outside) -> Fitted {
    match (low, high) {
        (Some(low), Some(high)) if low != high && (high - low).is_finite() => {
            Fitted::Line { low, high, values, outside, spacing: Spacing::Even }
        }
        _ => Fitted::Nothing,
    }
}

fn order(figures: &[Option<f64>], direction: Direction, ties: Ties, places: Places) -> Fitted {
    let sign = sign(direction);
    let sorted = sorted(figures.iter().flatten().map(|figure| sign * figure));
    Fitted::Order { sorted, sign, ties, places }
}
