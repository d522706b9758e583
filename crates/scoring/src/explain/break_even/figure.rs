//! One raw figure of one unit.

use super::search::{TOLERANCE, Turns, among, steps, walk};
use super::{Basis, BreakEven, Goal, Tipping};
use crate::model::{Imputation, Leaf, Screening, StepTest, Treatment, ValueFunction};
use crate::normalise::{Fitted, Outside, Spacing, sorted};
use crate::run::Run;

/// Figures of others at which a range is looked into, at most.
const LOOKS: usize = 48;

impl BreakEven<'_> {
    /// Returns at which raw figure of an indicator a unit's goal tips.
    ///
    /// A gap can be asked about as well: which figure would do it. The median of the
    /// others then stands in its place, and the points are the nearest to that. `None` where there is nothing to ask: the
    /// rival has no score, the unit no rank to keep, the indicator no figure at all.
    ///
    /// Where the scale follows the figures, the whole ranking is scored again with the
    /// other figure in its place, from one range below the lowest figure to one range
    /// above the highest.
    pub fn figure(&self, unit: usize, goal: Goal, leaf: usize) -> Option<Tipping> {
        if !self.is_askable(unit, goal) {
            return None;
        }
        let now = self.run.stages.raw[leaf][unit];
        let figures = sorted(self.run.stages.raw[leaf].iter().flatten().copied());
        let start = now.or_else(|| figures.get(figures.len() / 2).copied())?;
        let (holds, turns, basis) = if self.stands_still(leaf) {
            self.on_a_fixed_scale((unit, goal), leaf, start, &figures)
        } else {
            self.on_a_moving_scale((unit, goal), leaf, start, &figures)
        };
        Some(Tipping { now, holds, below: turns.below, above: turns.above, basis })
    }

    fn on_a_moving_scale(
        &self,
        (unit, goal): (usize, Goal),
        leaf: usize,
        start: f64,
        figures: &[f64],
    ) -> (bool, Turns, Basis) {
        let mut matrix = self.matrix.clone();
        let indicator = &self.model.leaves[leaf].indicator;
        if let Some(filled) = matrix.filled.get_mut(indicator) {
            filled.retain(|filled| *filled != unit);
        }
        let mut answer = |figure: f64| {
            let column = matrix.columns.get_mut(indicator);
            if let Some(cell) = column.and_then(|column| column.get_mut(unit)) {
                *cell = Some(figure);
            }
            let scores = Run::new(self.model, &matrix).scores(self.model);
            self.reaches(unit, goal, (scores[unit], &scores))
        };
        let holds = answer(start);
        let (turns, basis) = look(figures, (start, holds), &mut answer);
        (holds, turns, basis)
    }

    /// Returns the tipping points of every indicator's figure, by leaf.
    pub fn figures(&self, unit: usize, goal: Goal) -> Vec<(usize, Tipping)> {
        let leaves = 0..self.model.leaves.len();
        leaves.filter_map(|leaf| Some((leaf, self.figure(unit, goal, leaf)?))).collect()
    }

    /// Returns whether another figure of one unit changes that unit's score alone.
    fn stands_still(&self, leaf: usize) -> bool {
        let (model, found) = (self.model, &self.model.leaves[leaf]);
        let is_fixed = matches!(
            found.value,
            ValueFunction::Goalposts { .. }
                | ValueFunction::Anchors { .. }
                | ValueFunction::Scaled { .. }
                | ValueFunction::Band { .. }
                | ValueFunction::Steps { .. }
        );
        let treat = found.treat.unwrap_or(model.prepare.treat);
        let impute = found.impute.as_ref().unwrap_or(&model.prepare.impute);
        let is_plain = found.denominator.is_none()
            && found.shrink.is_none()
            && treat == Treatment::None
            && *impute == Imputation::None
            && model.prepare.screen == Screening::default();
        let reads = |other: &Leaf| {
            let of = &found.indicator;
            other.denominator.as_ref().is_some_and(|denominator| denominator.column == *of)
                || other.shrink.as_ref().is_some_and(|shrink| shrink.exposure == *of)
        };
        let is_read = model.leaves.iter().any(reads);
        let uses = model.leaves.iter().filter(|other| other.indicator == found.indicator);
        is_fixed && is_plain && !is_read && uses.count() == 1 && !self.is_relational()
    }

    fn on_a_fixed_scale(
        &self,
        (unit, goal): (usize, Goal),
        leaf: usize,
        start: f64,
        figures: &[f64],
    ) -> (bool, Turns, Basis) {
        let alone = self.run.only(&[unit]);
        let score = |value: Option<f64>| {
            let mut other = alone.clone();
            other.put(leaf, 0, value);
            other.again(self.model).scores(self.model)[0]
        };
        let fitted = &self.run.fitted[leaf];
        let mut answer =
            |figure: f64| self.reaches(unit, goal, (score(fitted.apply(figure)), &self.scores));
        let holds = answer(start);
        let (values, basis) = self.tipping_values((unit, goal), leaf, &score);
        // A line without ends goes on where the bisected values stop.
        let is_open = matches!(fitted, Fitted::Line { outside: Outside::Extended, .. });
        let figures_at: Option<Vec<Vec<f64>>> = match basis {
            Basis::Bisected { .. } if is_open => None,
            _ => values.iter().map(|value| inverse(fitted, *value)).collect(),
        };
        let (turns, basis) = match figures_at {
            Some(candidates) => {
                let candidates = candidates.concat();
                (among(&candidates, (start, holds), TOLERANCE, &mut answer), basis)
            }
            None => look(figures, (start, holds), &mut answer),
        };
        (holds, turns, basis)
    }

    /// Returns the values at which the unit's score meets the scores that matter.
    fn tipping_values(
        &self,
        (unit, goal): (usize, Goal),
        leaf: usize,
        score: &dyn Fn(Option<f64>) -> Option<f64>,
    ) -> (Vec<f64>, Basis) {
        let targets = self.targets(unit, goal);
        let highest = self.model.leaves[leaf].value.highest().unwrap_or(100.0);
        // Off the ends of the scale, where a mean may still be floored, nothing is a line.
        let (low, high) = (score(Some(0.0)), score(Some(highest)));
        if self.is_arithmetic_from(self.model.leaves[leaf].parent)
            && let (Some(low), Some(high)) = (low, high)
        {
            let value = |target: f64| highest * (target - low) / (high - low);
            return (targets.into_iter().map(value).collect(), Basis::Exact);
        }
        // Narrower than the step behind a candidate at which the answer is read.
        let tolerance = 1e-13 * highest.max(f64::MIN_POSITIVE);
        let value = |target: f64| {
            let mut answer = |value: f64| score(Some(value)).is_some_and(|found| found > target);
            let holds = answer(0.0);
            walk(&[0.0, highest], (0.0, holds), tolerance, &mut answer).above
        };
        (targets.into_iter().filter_map(value).collect(), Basis::Bisected { tolerance })
    }

    /// Returns the scores of others that the goal turns at.
    fn targets(&self, unit: usize, goal: Goal) -> Vec<f64> {
        let others = self.scores.iter().enumerate().filter(|(at, _)| *at != unit);
        let mut others: Vec<f64> = others.filter_map(|(_, score)| *score).collect();
        others.sort_by(|left, right| right.total_cmp(left));
        let from_the_top = |place: usize| place.checked_sub(1).and_then(|at| others.get(at));
        let found = match goal {
            Goal::Pass(rival) => vec![self.scores[rival]],
            Goal::Reach(rank) => vec![from_the_top(rank).copied()],
            Goal::Keep => {
                let rank = self.ranks[unit].unwrap_or(1);
                vec![from_the_top(rank - 1).copied(), from_the_top(rank).copied()]
            }
        };
        found.into_iter().flatten().collect()
    }
}

/// Walks over the others' figures and one range beyond them on either side.
fn look(
    figures: &[f64],
    (start, holds): (f64, bool),
    answer: &mut dyn FnMut(f64) -> bool,
) -> (Turns, Basis) {
    let (lowest, highest) = match (figures.first(), figures.last()) {
        (Some(low), Some(high)) if low < high => (*low, *high),
        _ => (start - start.abs().max(1.0), start + start.abs().max(1.0)),
    };
    let range = highest - lowest;
    let (low, high) = (lowest - range, highest + range);
    let tolerance = TOLERANCE * range;
    let every = figures.len().div_ceil(LOOKS).max(1);
    let mut points: Vec<f64> = figures.iter().copied().step_by(every).collect();
    points.extend(steps(low, lowest, 4));
    points.extend(steps(highest, high, 4));
    let turns = walk(&points, (start, holds), tolerance, answer);
    (turns, Basis::Searched { low, high, tolerance })
}

/// Returns the figures at which a fitted function meets or jumps over a value.
///
/// `None` for a function that has no inverse here; it is searched instead.
fn inverse(fitted: &Fitted, value: f64) -> Option<Vec<f64>> {
    Some(match fitted {
        Fitted::Line { low, high, values: [from, to], outside, spacing } => {
            let at = low + (value - from) / (to - from) * (high - low);
            let figure = match spacing {
                Spacing::Even => at,
                Spacing::Logarithmic => libm::exp(at),
            };
            let is_met = from.min(*to) <= value && value <= from.max(*to);
            if is_met || *outside == Outside::Extended { vec![figure] } else { Vec::new() }
        }
        Fitted::Points(points) => on_lines(points, value),
        Fitted::Band([zero, full, until, end]) => {
            on_lines(&[[*zero, 0.0], [*full, 100.0], [*until, 100.0], [*end, 0.0]], value)
        }
        Fitted::Steps(steps) => steps
            .iter()
            .flat_map(|step| match step.test {
                StepTest::Below(bound)
                | StepTest::Above(bound)
                | StepTest::AtLeast(bound)
                | StepTest::AtMost(bound) => vec![bound],
                StepTest::Between([low, high]) => vec![low, high],
            })
            .collect(),
        _ => return None,
    })
}

/// Returns where straight lines between points meet a value.
fn on_lines(points: &[[f64; 2]], value: f64) -> Vec<f64> {
    let meets = |pair: &[[f64; 2]]| {
        let ([left, from], [right, to]) = (pair[0], pair[1]);
        let inside = from.min(to) <= value && value <= from.max(to) && from != to;
        inside.then(|| left + (value - from) / (to - from) * (right - left))
    };
    points.windows(2).filter_map(meets).collect()
}
