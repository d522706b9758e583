//! What changed between two scorings: new data, revised data, the model, the map.
//!
//! The old scoring is turned into the new one in a stated order, and scored
//! again after each step: first the units and the cells that the map moved,
//! then revised figures, then new ones, then the model. A step's part is the
//! score after it less the score before it, so the parts add up to the whole.
//! The order matters where two changes meet in one cell or one scale, and is
//! therefore always this one: what was wrong is put right before what is new
//! is added, and the measure changes last.
//!
//! Inside a step of data the indicators are replaced one by one in the order
//! of the old model, so that their parts add up to the step's. A change in
//! someone else's figure counts: on a scale that follows the figures it moves
//! everybody. Inside the step of the model the parts are differences of
//! contributions.

use std::collections::{BTreeSet, HashMap};

use super::contribution::contributions;
use crate::model::Model;
use crate::run::{Matrix, Run, score};

/// Why a cell is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The unit is another: merged, split or moved.
    Map,
    /// The same period has another figure.
    Revised,
    /// The figure is of a later period, or the first there is.
    New,
    /// The model.
    Model,
}

impl Cause {
    /// The causes in the order of the steps.
    pub const ORDER: [Self; 4] = [Self::Map, Self::Revised, Self::New, Self::Model];

    /// Returns why a cell of these periods is another, in a unit whose borders stayed.
    ///
    /// Periods compare as text, as `2024`, `2024-10` and `2024-10-31` do. A cell that has no
    /// period before is new, and one that has none after is revised: it was withdrawn.
    pub fn of_periods(before: Option<&str>, after: Option<&str>) -> Self {
        match (before, after) {
            (None, Some(_)) => Self::New,
            (Some(before), Some(after)) if after > before => Self::New,
            _ => Self::Revised,
        }
    }
}

/// Stands for an indicator where the units themselves are others.
pub const OTHER_UNITS: &str = "";

/// A model with the figures that it scores.
#[derive(Debug, Clone, Copy)]
pub struct Scoring<'a> {
    /// The model.
    pub model: &'a Model,
    /// The figures.
    pub matrix: &'a Matrix,
}

/// An indicator, and what it did to each unit's score.
pub type IndicatorPart = (String, Vec<Option<f64>>);

/// The change that one cause made.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What changed.
    pub cause: Cause,
    /// How many cells did.
    pub cells: usize,
    /// By unit: what it did to the score, counted from the last step after which the unit
    /// had a score. `None` where it has none after this step, or had none before.
    pub scores: Vec<Option<f64>>,
    /// By unit: places gained, in the same way; below 0 for places lost.
    pub places: Vec<Option<i64>>,
    /// By indicator and unit, without those that did nothing: they add up to `scores`. What
    /// other units than before did to everybody stands under [`OTHER_UNITS`]. Empty for the
    /// model where no contributions are given.
    pub indicators: Vec<IndicatorPart>,
}

/// What changed from one scoring to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Units of the later scoring.
    pub units: Vec<String>,
    /// Scores and ranks before; `None` for a unit that was not there or not ranked.
    pub before: Vec<(Option<f64>, Option<usize>)>,
    /// Scores and ranks after.
    pub after: Vec<(Option<f64>, Option<usize>)>,
    /// In the order of [`Cause::ORDER`].
    pub steps: Vec<Step>,
}

/// Splits the change between two scorings by its causes.
///
/// `cause` says of an indicator and a position among the later units why that cell is
/// another; it is asked only about cells that differ. A unit that was not there before is
/// the map's, and so is all that one that is gone did to the others. A unit that has a score
/// at both ends has parts that add up to the difference; where it is unranked on the way,
/// the step that ranks it again gets the whole.
pub fn change(
    before: Scoring<'_>,
    after: Scoring<'_>,
    cause: &dyn Fn(&str, usize) -> Cause,
) -> Change {
    let old = State::of(before.model, before.matrix).at(before.matrix, after.matrix);
    let mut walk = Walk::new(before, after, cause, old.clone());
    let mut steps: Vec<Step> =
        [Cause::Map, Cause::Revised, Cause::New].map(|cause| walk.data(cause)).into();
    steps.push(walk.model());
    Change {
        units: after.matrix.units.clone(),
        before: old.pairs(),
        after: walk.last.pairs(),
        steps,
    }
}

/// Scores and ranks of all units after a step.
#[derive(Debug, Clone, PartialEq)]
struct State {
    scores: Vec<Option<f64>>,
    ranks: Vec<Option<usize>>,
}

impl State {
    fn of(model: &Model, matrix: &Matrix) -> Self {
        let scores = Run::new(model, matrix).scores(model);
        let ranks = crate::rank::competition_ranks(&scores);
        Self { scores, ranks }
    }

    /// Lays the results out for the units of another matrix.
    fn at(&self, from: &Matrix, to: &Matrix) -> Self {
        let places = places(from);
        let old = |unit: &String| places.get(unit.as_str()).copied();
        Self {
            scores: to.units.iter().map(|unit| self.scores[old(unit)?]).collect(),
            ranks: to.units.iter().map(|unit| self.ranks[old(unit)?]).collect(),
        }
    }

    fn pairs(&self) -> Vec<(Option<f64>, Option<usize>)> {
        self.scores.iter().copied().zip(self.ranks.iter().copied()).collect()
    }
}

fn places(matrix: &Matrix) -> HashMap<&str, usize> {
    matrix.units.iter().enumerate().map(|(at, unit)| (unit.as_str(), at)).collect()
}

/// The way from one scoring to the other.
struct Walk<'a> {
    before: Scoring<'a>,
    after: Scoring<'a>,
    /// By cause, indicator and cell: what is to be replaced.
    cells: HashMap<(Cause, &'a str), Vec<usize>>,
    /// Figures as they stand after the steps so far.
    matrix: Matrix,
    /// The last score and rank that each unit had, after any step so far.
    known: State,
    /// After the last step.
    last: State,
}

impl<'a> Walk<'a> {
    fn new(
        before: Scoring<'a>,
        after: Scoring<'a>,
        cause: &dyn Fn(&str, usize) -> Cause,
        old: State,
    ) -> Self {
        let matrix = carried(before.matrix, after.matrix);
        let places = places(before.matrix);
        let is_new: Vec<bool> =
            after.matrix.units.iter().map(|unit| !places.contains_key(unit.as_str())).collect();
        let mut cells: HashMap<(Cause, &str), Vec<usize>> = HashMap::new();
        let ids: BTreeSet<&str> =
            after.matrix.columns.keys().chain(matrix.columns.keys()).map(String::as_str).collect();
        // The keys live as long as the two matrices, not as the one that is changed.
        let lasting = |id: &str| -> Option<&'a str> {
            let of = |matrix: &'a Matrix| matrix.columns.get_key_value(id).map(|(id, _)| id);
            of(after.matrix).or_else(|| of(before.matrix)).map(String::as_str)
        };
        for id in ids.into_iter().filter_map(lasting) {
            for (unit, is_new) in is_new.iter().enumerate() {
                let is_same = cell(&matrix, id, unit) == cell(after.matrix, id, unit);
                if is_same && !is_new {
                    continue;
                }
                let why = match *is_new {
                    true => Cause::Map,
                    // Only cells are asked about; the model's step is the model's alone.
                    false => match cause(id, unit) {
                        Cause::Model => Cause::Revised,
                        why => why,
                    },
                };
                cells.entry((why, id)).or_default().push(unit);
            }
        }
        Self { before, after, cells, matrix, known: old.clone(), last: old }
    }

    /// Replaces all cells that changed for one cause.
    fn data(&mut self, cause: Cause) -> Step {
        let model = self.before.model;
        let mut indicators: Vec<IndicatorPart> = Vec::new();
        let (from, mut count) = (self.known.clone(), 0);
        let mut reached = self.known.scores.clone();
        let in_the_model = model.leaves.iter().map(|leaf| leaf.indicator.as_str());
        let mut ids: Vec<&str> = Vec::new();
        // Columns that are no indicators, such as denominators, come after those that are.
        let mut others: Vec<&str> = self.cells.keys().map(|(_, id)| *id).collect();
        others.sort_unstable();
        for id in in_the_model.chain(others) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let mut state = None;
        if cause == Cause::Map && self.before.matrix.units != self.after.matrix.units {
            let now = State::of(model, &self.matrix);
            indicators.push((OTHER_UNITS.to_owned(), gains(&reached, &now.scores)));
            keep(&mut reached, &now.scores);
            state = Some(now);
        }
        for id in ids {
            let Some(units) = self.cells.get(&(cause, id)) else { continue };
            count += units.len();
            for unit in units {
                replace(&mut self.matrix, self.after.matrix, id, *unit);
            }
            let now = State::of(model, &self.matrix);
            let part = gains(&reached, &now.scores);
            keep(&mut reached, &now.scores);
            if part.iter().flatten().any(|part| *part != 0.0) {
                indicators.push((id.to_owned(), part));
            }
            state = Some(now);
        }
        let now = state.unwrap_or_else(|| self.last.clone());
        self.step(cause, (count, indicators), &from, now)
    }

    fn model(&mut self) -> Step {
        let from = self.known.clone();
        let (old, new) = (self.before.model, self.after.model);
        let (earlier, later) = (score(old, &self.matrix), score(new, self.after.matrix));
        let mut parts: HashMap<&str, Vec<Option<f64>>> = HashMap::new();
        let count = later.units.len();
        let mut explained = true;
        for (model, scores, sign) in [(old, &earlier, -1.0), (new, &later, 1.0)] {
            for (unit, result) in scores.units.iter().enumerate() {
                let shares = contributions(model, result).leaves;
                explained &= result.score.is_none() || shares.iter().any(Option::is_some);
                for (leaf, share) in model.leaves.iter().zip(shares) {
                    let column =
                        parts.entry(&leaf.indicator).or_insert_with(|| vec![Some(0.0); count]);
                    column[unit] = column[unit].map(|sum| sum + sign * share.unwrap_or(0.0));
                }
            }
        }
        let ends = |unit: usize| earlier.units[unit].score.and(later.units[unit].score).is_some();
        let told = |(id, column): (&str, Vec<Option<f64>>)| {
            let column = column.into_iter().enumerate();
            let column: Vec<Option<f64>> =
                column.map(|(unit, part)| part.filter(|_| ends(unit))).collect();
            let moves = column.iter().flatten().any(|part| *part != 0.0);
            moves.then(|| (id.to_owned(), column))
        };
        let mut indicators: Vec<_> = if explained && old != new {
            parts.into_iter().filter_map(told).collect()
        } else {
            Vec::new()
        };
        indicators.sort_by(|left, right| left.0.cmp(&right.0));
        let now = State {
            scores: later.units.iter().map(|unit| unit.score).collect(),
            ranks: later.units.iter().map(|unit| unit.rank).collect(),
        };
        self.step(Cause::Model, (0, indicators), &from, now)
    }

    fn step(
        &mut self,
        cause: Cause,
        (cells, indicators): (usize, Vec<IndicatorPart>),
        from: &State,
        now: State,
    ) -> Step {
        let places = from.ranks.iter().zip(&now.ranks);
        let gained =
            |(from, to): (&Option<usize>, &Option<usize>)| Some((*from)? as i64 - (*to)? as i64);
        let step = Step {
            cause,
            cells,
            scores: gains(&from.scores, &now.scores),
            places: places.map(gained).collect(),
            indicators,
        };
        keep(&mut self.known.scores, &now.scores);
        keep(&mut self.known.ranks, &now.ranks);
        self.last = now;
        step
    }
}

fn gains(from: &[Option<f64>], to: &[Option<f64>]) -> Vec<Option<f64>> {
    from.iter().zip(to).map(|(from, to)| Some((*to)? - (*from)?)).collect()
}

/// Remembers what is there.
fn keep<T: Copy>(known: &mut [Option<T>], now: &[Option<T>]) {
    for (known, now) in known.iter_mut().zip(now) {
        *known = now.or(*known);
    }
}

/// A figure, and whether it was filled in.
fn cell(matrix: &Matrix, id: &str, unit: usize) -> (Option<f64>, bool) {
    let figure = matrix.columns.get(id).and_then(|column| column[unit]);
    (figure, matrix.filled.get(id).is_some_and(|filled| filled.binary_search(&unit).is_ok()))
}

fn replace(matrix: &mut Matrix, with: &Matrix, id: &str, unit: usize) {
    let (figure, is_filled) = cell(with, id, unit);
    let rows = matrix.units.len();
    let column = matrix.columns.entry(id.to_owned()).or_insert_with(|| vec![None; rows]);
    column[unit] = figure;
    let filled = matrix.filled.entry(id.to_owned()).or_default();
    filled.retain(|other| *other != unit);
    if is_filled {
        filled.push(unit);
        filled.sort_unstable();
    }
}

/// Lays the old figures out for the later units, with the later units' groups.
fn carried(old: &Matrix, new: &Matrix) -> Matrix {
    let places = places(old);
    let at: Vec<Option<usize>> =
        new.units.iter().map(|unit| places.get(unit.as_str()).copied()).collect();
    let column = |column: &Vec<Option<f64>>| at.iter().map(|at| column[(*at)?]).collect();
    let filled = |filled: &Vec<usize>| {
        let is_filled =
            |unit: &usize| at[*unit].is_some_and(|at| filled.binary_search(&at).is_ok());
        (0..at.len()).filter(is_filled).collect()
    };
    Matrix {
        units: new.units.clone(),
        columns: old.columns.iter().map(|(id, figures)| (id.clone(), column(figures))).collect(),
        labels: new.labels.clone(),
        filled: old.filled.iter().map(|(id, units)| (id.clone(), filled(units))).collect(),
    }
}
