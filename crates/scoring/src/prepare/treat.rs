//! Figures so far out that they alone would set the scale.
//!
//! A column has outliers when its skewness and its kurtosis are both beyond
//! their limits. Then the outermost points are pulled in to the next ones, a few
//! at most; where that is not enough they are let go again and the whole column
//! is taken to a logarithm. Every point that moves is listed, with the figure
//! before and after.

use serde::Serialize;

use crate::statistics::{Moments, finite_only, quantile, sorted};

/// When a column has outliers, and how many points may be pulled in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Winsorising {
    /// Absolute skewness (G1) below which a column passes.
    pub skewness: f64,
    /// Excess kurtosis (G2) below which a column passes.
    pub kurtosis: f64,
    /// Points pulled in before the next is tried. Equal points move together,
    /// so that the order of the units plays no part; the last step may go past it.
    pub points: usize,
}

impl Default for Winsorising {
    fn default() -> Self {
        Self { skewness: 2.0, kurtosis: 3.5, points: 5 }
    }
}

/// How lopsided a column is, and how far out its tails are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shape {
    /// G1.
    pub skewness: f64,
    /// Excess G2; below four figures there is none, and the skewness decides.
    pub kurtosis: Option<f64>,
}

impl Shape {
    /// Measures a column; `None` when all figures are the same or fewer than three.
    pub fn of(figures: &[Option<f64>]) -> Option<Self> {
        Self::from(Moments::of(figures.iter().flatten().copied()))
    }

    fn from(moments: Moments) -> Option<Self> {
        Some(Self { skewness: moments.skewness()?, kurtosis: moments.kurtosis() })
    }

    /// Returns whether either figure is within its limit.
    pub fn passes(&self, limits: &Winsorising) -> bool {
        let within = |kurtosis: f64| kurtosis < limits.kurtosis;
        self.skewness.abs() < limits.skewness || self.kurtosis.is_some_and(within)
    }
}

/// A curve that takes in a long tail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curve {
    /// ln(x − lowest + 1 % of the range): takes in a tail of high figures only.
    Logarithm,
    /// The same, turned round where the tail is of low figures.
    MirroredLogarithm,
    /// ln(x − lowest + 1).
    LogarithmFromOne,
    /// The Box-Cox power of x − lowest + 1; 0 is the logarithm.
    BoxCox(f64),
}

/// What the curve is laid over where pulling in points was not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The figures as they were.
    Raw,
    /// The figures with their outermost points pulled in.
    Winsorised,
}

/// What happened to one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Pulled down to a lower figure.
    WinsorisedHigh,
    /// Pulled up to a higher figure.
    WinsorisedLow,
    /// Taken to the curve with the rest of the column.
    Transformed,
}

/// A point that moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// Position of the unit.
    pub unit: usize,
    /// Its figure before the step.
    pub before: f64,
    /// Its figure after it.
    pub after: f64,
    /// The step.
    pub step: Step,
}

/// What became of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has no outliers.
    Untouched,
    /// Too few different figures to tell; left as it is.
    Undecided,
    /// Points pulled in.
    Winsorised,
    /// Taken to the curve.
    Transformed,
    /// Taken to the curve, and still beyond the limits.
    StillOut,
}

/// A treated column and the way there.
#[derive(Debug, Clone, PartialEq)]
pub struct Treated {
    /// The figures after treatment.
    pub figures: Vec<Option<f64>>,
    /// Every point that moved, step by step, in the order of the units.
    pub changes: Vec<Change>,
    /// What became of the column.
    pub outcome: Outcome,
    /// Shape before anything was done.
    pub before: Option<Shape>,
    /// How many points were pulled in, where that was tried, and the shape then.
    pub winsorised: Option<(usize, Option<Shape>)>,
    /// Shape on the curve, where it was needed.
    pub transformed: Option<Shape>,
}

/// Pulls outermost points in; where that is not enough, takes the logarithm of the raw figures.
///
/// The logarithm is the mirrored one: a tail of low figures is taken in as well.
pub fn winsorise_then_log(figures: &[Option<f64>], limits: &Winsorising) -> Treated {
    winsorise_then(figures, limits, Curve::MirroredLogarithm, Over::Raw)
}

/// Pulls outermost points in; where that is not enough, lays a curve over the column.
pub fn winsorise_then(
    figures: &[Option<f64>],
    limits: &Winsorising,
    curve: Curve,
    over: Over,
) -> Treated {
    let mut treated = winsorise(figures, limits);
    let Some((_, Some(shape))) = treated.winsorised else { return treated };
    if shape.passes(limits) {
        return treated;
    }
    if over == Over::Raw {
        treated.figures = finite_only(figures);
        treated.changes.clear();
    }
    let after = transform(&treated.figures, curve);
    treated.transformed = Shape::of(&after);
    if treated.transformed.is_none() {
        return Treated {
            figures: finite_only(figures),
            changes: Vec::new(),
            outcome: Outcome::Undecided,
            ..treated
        };
    }
    treated.changes.extend(changes(&treated.figures, &after, |_, _| Step::Transformed));
    treated.changes.sort_by_key(|change| change.unit);
    treated.figures = after;
    let passes = treated.transformed.is_some_and(|shape| shape.passes(limits));
    treated.outcome = if passes { Outcome::Transformed } else { Outcome::StillOut };
    treated
}

/// Pulls the outermost points in, one figure at a time, on the side of the longer tail.
///
/// All points with the highest figure get the next lower one, or all with the
/// lowest the next higher, until the column passes or enough points have moved.
/// A column that would be left with one figure is not treated.
pub fn winsorise(figures: &[Option<f64>], limits: &Winsorising) -> Treated {
    let before = Shape::of(figures);
    let untouched = |outcome| Treated {
        figures: finite_only(figures),
        changes: Vec::new(),
        outcome,
        before,
        winsorised: None,
        transformed: None,
    };
    let Some(mut shape) = before else { return untouched(Outcome::Undecided) };
    if shape.passes(limits) {
        return untouched(Outcome::Untouched);
    }
    let sorted = sorted(figures.iter().flatten().copied());
    let (mut low, mut high) = (sorted[0], sorted[sorted.len() - 1]);
    let points = |low: f64, high: f64| {
        let below = sorted.partition_point(|figure| *figure < low);
        below + sorted.len() - sorted.partition_point(|figure| *figure <= high)
    };
    while !shape.passes(limits) && points(low, high) < limits.points {
        if shape.skewness >= 0.0 {
            high = sorted[sorted.partition_point(|figure| *figure < high) - 1];
        } else {
            low = sorted[sorted.partition_point(|figure| *figure <= low)];
        }
        let pulled = sorted.iter().map(|figure| figure.clamp(low, high));
        match Shape::from(Moments::of(pulled)) {
            Some(next) => shape = next,
            None => return untouched(Outcome::Undecided),
        }
    }
    let winsorised = Some((points(low, high), Some(shape)));
    Treated { before, winsorised, ..between(figures, [low, high]) }
}

/// Pulls everything outside two percentiles (0 to 100) of the column in to them.
pub fn winsorise_percentiles(figures: &[Option<f64>], [low, high]: [f64; 2]) -> Treated {
    let sorted = sorted(figures.iter().flatten().copied());
    let ends = (quantile(&sorted, low / 100.0), quantile(&sorted, high / 100.0));
    let ends = match ends {
        (Some(low), Some(high)) if low <= high => [low, high],
        _ => [f64::NEG_INFINITY, f64::INFINITY],
    };
    let treated = between(figures, ends);
    let winsorised = Some((treated.changes.len(), Shape::of(&treated.figures)));
    Treated { before: Shape::of(figures), winsorised, ..treated }
}

impl Treated {
    /// Takes a figure from elsewhere the way that the column `raw` went.
    ///
    /// It is pulled in to the column's ends, and laid on its curve where there is one.
    pub fn take(&self, raw: &[Option<f64>], figure: f64) -> Option<f64> {
        let is_curved = matches!(self.outcome, Outcome::Transformed | Outcome::StillOut);
        let ends = sorted(if is_curved { raw } else { &self.figures }.iter().flatten().copied());
        let (low, high) = (*ends.first()?, *ends.last()?);
        let pulled = figure.clamp(low, high);
        match self.outcome {
            Outcome::Untouched | Outcome::Undecided => Some(figure),
            Outcome::Winsorised => Some(pulled),
            Outcome::Transformed | Outcome::StillOut => {
                Some(on_curve(Curve::MirroredLogarithm, [low, high], Tail::of(raw))(pulled))
            }
        }
    }
}

/// Lays a curve over a column; a figure that it cannot take becomes a gap.
pub fn transform(figures: &[Option<f64>], curve: Curve) -> Vec<Option<f64>> {
    let sorted = sorted(figures.iter().flatten().copied());
    let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else {
        return finite_only(figures);
    };
    let of = on_curve(curve, [*low, *high], Tail::of(figures));
    let finite = |figure: f64| Some(of(figure)).filter(|after| after.is_finite());
    figures.iter().map(|figure| figure.and_then(finite)).collect()
}

/// The side of a column's longer tail.
#[derive(Clone, Copy, PartialEq)]
enum Tail {
    High,
    Low,
}

impl Tail {
    fn of(figures: &[Option<f64>]) -> Self {
        match Shape::of(figures) {
            Some(shape) if shape.skewness < 0.0 => Self::Low,
            _ => Self::High,
        }
    }
}

fn on_curve(curve: Curve, [low, high]: [f64; 2], tail: Tail) -> impl Fn(f64) -> f64 {
    let hundredth = 0.01 * (high - low);
    move |figure| match curve {
        Curve::MirroredLogarithm if tail == Tail::Low => -libm::log(high - figure + hundredth),
        Curve::Logarithm | Curve::MirroredLogarithm => libm::log(figure - low + hundredth),
        Curve::BoxCox(power) if power != 0.0 => {
            (libm::pow(figure - low + 1.0, power) - 1.0) / power
        }
        Curve::LogarithmFromOne | Curve::BoxCox(_) => libm::log(figure - low + 1.0),
    }
}

fn between(figures: &[Option<f64>], [low, high]: [f64; 2]) -> Treated {
    let pull = |figure: &Option<f64>| figure.map(|figure| figure.clamp(low, high));
    let after: Vec<Option<f64>> = finite_only(figures).iter().map(pull).collect();
    let step = |before: f64, after: f64| {
        if before > after { Step::WinsorisedHigh } else { Step::WinsorisedLow }
    };
    let changes: Vec<Change> = changes(figures, &after, step).collect();
    let outcome = if changes.is_empty() { Outcome::Untouched } else { Outcome::Winsorised };
    Treated { figures: after, changes, outcome, before: None, winsorised: None, transformed: None }
}

/// The points that moved; on a curve every point has, even one that it leaves in place.
fn changes(
    before: &[Option<f64>],
    after: &[Option<f64>],
    step: impl Fn(f64, f64) -> Step,
) -> impl Iterator<Item = Change> {
    let pairs = before.iter().zip(after).enumerate();
    pairs.filter_map(move |(unit, (before, after))| {
        let (before, after) = ((*before)?, (*after)?);
        let step = step(before, after);
        let moved = before != after || step == Step::Transformed;
        moved.then_some(Change { unit, before, after, step })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_of_low_figures_is_taken_in_too() {
        let mut figures: Vec<Option<f64>> =
            (0..50).map(|at| Some(-1.0 - f64::from(at % 5))).collect();
        figures.extend((0..7).map(|at| Some(-50.0 - 10.0 * f64::from(at))));
        let shape = |treated: &Treated| treated.transformed.expect("the curve was needed").skewness;
        let ours = winsorise_then_log(&figures, &Winsorising::default());
        let plain = winsorise_then(&figures, &Winsorising::default(), Curve::Logarithm, Over::Raw);
        let before = ours.before.expect("the column varies").skewness;
        assert!(shape(&ours).abs() < before.abs() && shape(&plain).abs() > before.abs());
        assert_eq!(plain.outcome, Outcome::StillOut);
    }

    #[test]
    fn percentiles_pull_in_both_ends_and_say_which_points_moved() {
        let figures = [1.0, 2.0, 3.0, 4.0, 100.0].map(Some);
        let treated = winsorise_percentiles(&figures, [25.0, 75.0]);
        assert_eq!(treated.figures, [2.0, 2.0, 3.0, 4.0, 4.0].map(Some));
        let moved: Vec<(usize, Step)> =
            treated.changes.iter().map(|change| (change.unit, change.step)).collect();
        assert_eq!(moved, [(0, Step::WinsorisedLow), (4, Step::WinsorisedHigh)]);
    }

    #[test]
    fn a_column_that_would_be_left_with_one_figure_is_left_alone() {
        let figures = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0].map(Some);
        let treated = winsorise_then_log(&figures, &Winsorising::default());
        assert_eq!(
            (treated.outcome, treated.figures.as_slice()),
            (Outcome::Undecided, &figures[..])
        );
    }
}
