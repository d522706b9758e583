//! Scores and ranks of all units for one draw, in microseconds.
//!
//! Everything that draws share is done once ([`Engine::new`]): figures are prepared
//! and valued under every combination of the open choices, and the tree is laid flat.
//! A draw then adds up whole columns, group by group from below, with the
//! same sums in the same order as [`score`]: the model's own draw gives its bits.
//!
//! Who can be ranked, and which dimensions are too thin to count, is settled once by
//! the model's own weights and the figures that are data. So every draw ranks the
//! same units, fewer only where a draw leaves one without any value.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use super::columns::{Columns, Dense, Variant, is_mean};
use super::draws::{self, Draw};
use crate::aggregate::{self, Child, from_scale, on_scale};
use crate::model::{Aggregation, Missing, Model, Problem, Uncertainty};
use crate::run::{Below, Matrix, Scores, Tree, score};

/// A model on a matrix, ready for many draws.
#[derive(Debug, Clone)]
pub struct Engine {
    columns: Arc<Columns>,
    groups: Vec<Branch>,
    /// Positions of the units that the model ranks.
    ranked: Vec<u32>,
    /// Dimensions without which a unit has no score.
    required: Vec<usize>,
    nominal: Outcome,
    draw: Draw,
    count: usize,
}

/// One group of the flattened tree.
#[derive(Debug, Clone)]
struct Branch {
    children: Vec<Below>,
    method: Aggregation,
    present_minimum: f64,
    /// By unit, 1 where there is data enough to count; empty where that is everybody.
    thick: Vec<f64>,
}

/// Scores and ranks by unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Scores; `None` for a unit that is not ranked.
    pub scores: Vec<Option<f64>>,
    /// Places from the top; ties share the lowest number.
    pub ranks: Vec<Option<usize>>,
}

/// Room for one draw; made once for each thread and used again.
#[derive(Debug, Clone, Default)]
pub struct Work {
    values: Vec<f64>,
    mask: Vec<f64>,
    is_whole: Vec<bool>,
    weights: Vec<f64>,
    scaled: Vec<f64>,
    order: Vec<u64>,
    ranks: Vec<u32>,
}

impl Work {
    /// Returns the ranks of the last draw by unit; 0 for a unit without.
    pub fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Returns a unit's score in the last draw.
    pub fn score(&self, unit: usize) -> Option<f64> {
        (self.ranks[unit] > 0).then(|| self.values[unit])
    }
}

impl Engine {
    /// Prepares a model on a matrix for draws over `open`.
    pub fn new(model: &Model, matrix: &Matrix, open: &Uncertainty) -> Self {
        Self::of(model, &score(model, matrix), Arc::new(Columns::new(model, matrix, open)))
    }

    /// Takes over other weights for the same model and matrix, without preparing anew.
    ///
    /// For a slider: `model` must differ from the one at hand in weights alone.
    #[must_use]
    pub fn reweighted(&self, model: &Model, matrix: &Matrix) -> Self {
        Self::of(model, &score(model, matrix), Arc::clone(&self.columns))
    }

    fn of(model: &Model, scores: &Scores, columns: Arc<Columns>) -> Self {
        let tree = Tree::of(model);
        let minimum = model.coverage.as_ref().map_or(0.0, |rules| rules.dimension_minimum);
        let branch = |(position, group): (usize, &crate::Group)| {
            let is_thick = |unit: &crate::UnitScore| unit.groups[position].coverage >= minimum;
            let is_dimension = group.parent == Some(0);
            let thick = match is_dimension && !scores.units.iter().all(is_thick) {
                true => {
                    scores.units.iter().map(|unit| f64::from(u8::from(is_thick(unit)))).collect()
                }
                false => Vec::new(),
            };
            Branch {
                children: tree.children[position].nodes().collect(),
                method: group.aggregation.clone(),
                present_minimum: group.present_minimum,
                thick,
            }
        };
        let ranked = scores.units.iter().enumerate().filter(|(_, unit)| unit.rank.is_some());
        Self {
            columns,
            groups: model.groups.iter().enumerate().map(branch).collect(),
            ranked: ranked.map(|(unit, _)| unit as u32).collect(),
            required: model.coverage.as_ref().map_or(Vec::new(), |rules| rules.required.clone()),
            nominal: Outcome {
                scores: scores.units.iter().map(|unit| unit.score).collect(),
                ranks: scores.units.iter().map(|unit| unit.rank).collect(),
            },
            draw: Draw::of(model),
            count: scores.units.len(),
        }
    }

    /// Returns the scores and ranks under the model itself.
    pub fn nominal(&self) -> &Outcome {
        &self.nominal
    }

    /// Returns the draw that is the model itself.
    pub fn own_draw(&self) -> &Draw {
        &self.draw
    }

    /// Returns the positions of the units that the model ranks.
    pub fn ranked(&self) -> &[u32] {
        &self.ranked
    }

    /// Returns what could not be done as the open choices ask.
    pub fn notes(&self) -> &[Problem] {
        &self.columns.notes
    }

    /// Returns the scores and ranks of one draw.
    ///
    /// # Errors
    ///
    /// A draw with weights for other nodes, or with a choice that is not open.
    pub fn outcome(&self, draw: &Draw) -> Result<Outcome, Problem> {
        let mut work = Work::default();
        self.run(draw, &mut work)?;
        Ok(self.read(&work))
    }

    /// Returns the scores and ranks under the model itself without one node.
    ///
    /// Its weight is 0, so that its siblings share it; a method that does not weigh does
    /// not see it.
    pub(super) fn without(&self, node: usize) -> Result<Outcome, Problem> {
        let (mut work, mut draw) = (Work::default(), self.draw.clone());
        draw.weights[node] = 0.0;
        self.compute(&draw, Some(node), &mut work)?;
        Ok(self.read(&work))
    }

    fn read(&self, work: &Work) -> Outcome {
        let rank = |rank: &u32| (*rank > 0).then_some(*rank as usize);
        Outcome {
            scores: (0..self.count).map(|unit| work.score(unit)).collect(),
            ranks: work.ranks.iter().map(rank).collect(),
        }
    }

    /// Computes one draw; the results stand in `work`.
    ///
    /// # Errors
    ///
    /// As [`Engine::outcome`].
    pub fn run(&self, draw: &Draw, work: &mut Work) -> Result<(), Problem> {
        self.compute(draw, None, work)
    }

    fn compute(&self, draw: &Draw, removed: Option<usize>, work: &mut Work) -> Result<(), Problem> {
        if draw.weights.len() != self.draw.weights.len() {
            return Err(draws::weight_count(draw.weights.len(), self.draw.weights.len()));
        }
        let (variant, root) = self
            .columns
            .of((draw.treatment, draw.missing), (draw.normalisation, draw.aggregation))?;
        let nodes = self.groups.len();
        work.values.resize(nodes * self.count, 0.0);
        work.mask.resize(nodes * self.count, 0.0);
        work.is_whole.resize(nodes, false);
        let step = Step { variant, root, weights: &draw.weights, removed };
        for position in (0..nodes).rev() {
            self.close(&step, work, position);
        }
        self.rank(work);
        Ok(())
    }

    /// Computes one group from its children.
    fn close(&self, step: &Step<'_>, work: &mut Work, position: usize) {
        let branch = &self.groups[position];
        let method = if position == 0 { &self.columns.roots[step.root] } else { &branch.method };
        if is_mean(method) {
            self.mean(step, work, (position, method));
        } else {
            self.compared(step, work, (position, method));
        }
        if branch.present_minimum > 0.0 {
            self.drop_few(step, work, position);
        }
        let range = self.range(position);
        let (values, mask) = (&mut work.values[range.clone()], &mut work.mask[range]);
        for (thick, mask) in branch.thick.iter().zip(mask.iter_mut()) {
            *mask *= thick;
        }
        let is_whole = all_present(mask);
        work.is_whole[position] = is_whole || step.variant.missing == Missing::Zero;
        if is_whole {
            return;
        }
        let (absent, present) = match step.variant.missing {
            Missing::Zero => (0.0, 1.0),
            Missing::Redistribute => (-0.0, 0.0),
        };
        for (value, mask) in values.iter_mut().zip(mask) {
            if *mask == 0.0 {
                (*value, *mask) = (absent, present);
            }
        }
    }

    fn range(&self, position: usize) -> Range<usize> {
        position * self.count..(position + 1) * self.count
    }

    /// Adds up the children on the scale of the mean and brings the sums back.
    fn mean(&self, step: &Step<'_>, work: &mut Work, (position, method): (usize, &Aggregation)) {
        let groups = self.groups.len();
        let children = &self.groups[position].children;
        let whole = |node: &Below| match node {
            Below::Group(at) => work.is_whole[*at],
            Below::Leaf(at) => step.variant.leaf(*at, step.root).is_whole,
        };
        let all_whole = children.iter().all(whole);
        let Work { values, mask, weights, scaled, is_whole, .. } = work;
        let (upper, values_below) = values.split_at_mut((position + 1) * self.count);
        let (upper_mask, mask_below) = mask.split_at_mut((position + 1) * self.count);
        let (sums, present) =
            (&mut upper[position * self.count..], &mut upper_mask[position * self.count..]);
        weights.clear();
        weights.resize(if all_whole { 0 } else { self.count }, -0.0);
        sums.fill(-0.0);
        let mut weight_of_all = -0.0;
        for node in children {
            let weight = step.weights[node.place(groups)];
            let child = match node {
                Below::Leaf(at) => {
                    let leaf = step.variant.leaf(*at, step.root);
                    View { values: &leaf.values, mask: &leaf.mask, is_whole: leaf.is_whole }
                }
                Below::Group(at) => {
                    let at_below = (at - position - 1) * self.count;
                    let range = at_below..at_below + self.count;
                    let mask = &mask_below[range.clone()];
                    let values = &values_below[range];
                    View { values, mask, is_whole: is_whole[*at] }.on(method, scaled)
                }
            };
            add(sums, child.values, weight);
            match (all_whole, child.is_whole) {
                (true, _) => weight_of_all += weight,
                (false, true) => weights.iter_mut().for_each(|sum| *sum += weight),
                (false, false) => add(weights, child.mask, weight),
            }
        }
        if all_whole {
            present.fill(if weight_of_all > 0.0 { 1.0 } else { 0.0 });
            bring_back(method, sums, |_| weight_of_all);
            return;
        }
        for (present, weight) in present.iter_mut().zip(weights.iter()) {
            *present = if *weight > 0.0 { 1.0 } else { 0.0 };
        }
        let weights = &weights[..sums.len()];
        bring_back(method, sums, |unit| weights[unit]);
    }

    /// Takes the value from units with too few of the children.
    fn drop_few(&self, step: &Step<'_>, work: &mut Work, position: usize) {
        let branch = &self.groups[position];
        let least = branch.present_minimum * branch.children.len() as f64;
        for unit in 0..self.count {
            let has = |node: &&Below| match node {
                Below::Group(at) => work.mask[at * self.count + unit] > 0.0,
                Below::Leaf(at) => step.variant.leaf(*at, step.root).mask[unit] > 0.0,
            };
            if (branch.children.iter().filter(has).count() as f64) < least {
                work.mask[position * self.count + unit] = 0.0;
            }
        }
    }

    /// Computes a group by the methods that are not means, through [`aggregate`].
    fn compared(
        &self,
        step: &Step<'_>,
        work: &mut Work,
        (position, method): (usize, &Aggregation),
    ) {
        let groups = self.groups.len();
        let is_there = |node: &Below| Some(node.place(groups)) != step.removed;
        let children: Vec<Below> =
            self.groups[position].children.iter().copied().filter(is_there).collect();
        let columns: Vec<Vec<Option<f64>>> =
            children.iter().map(|node| self.column(step, work, *node)).collect();
        let weights: Vec<f64> =
            children.iter().map(|node| step.weights[node.place(groups)]).collect();
        let result = if children.is_empty() {
            vec![None; self.count]
        } else if method.is_relational() {
            let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
            aggregate::relational(method, &columns, &weights)
                .unwrap_or_else(|_| vec![None; self.count])
        } else {
            let mut members: Vec<Child> = Vec::with_capacity(children.len());
            let member = |unit: usize, at: usize| {
                let (most, most_available) = step.variant.most_of(children[at].place(groups), unit);
                Child { value: columns[at][unit], weight: weights[at], most, most_available }
            };
            let mut of = |unit: usize| {
                members.clear();
                members.extend((0..children.len()).map(|at| member(unit, at)));
                aggregate::aggregate(method, &members)
            };
            (0..self.count).map(&mut of).collect()
        };
        for (unit, value) in result.into_iter().enumerate() {
            let at = position * self.count + unit;
            work.mask[at] = f64::from(u8::from(value.is_some()));
            work.values[at] = value.unwrap_or(-0.0);
        }
    }

    fn column(&self, step: &Step<'_>, work: &Work, node: Below) -> Vec<Option<f64>> {
        let (values, mask) = match node {
            Below::Group(at) => (&work.values[self.range(at)], &work.mask[self.range(at)]),
            Below::Leaf(at) => {
                let Dense { values, mask, .. } = step.variant.leaf(at, step.root);
                (&values[..], &mask[..])
            }
        };
        values.iter().zip(mask).map(|(value, mask)| (*mask > 0.0).then_some(*value)).collect()
    }

    /// Ranks the units that the model ranks by the root's values.
    fn rank(&self, work: &mut Work) {
        let Work { values, mask, order, ranks, .. } = work;
        let scored = |unit: &u32| {
            let at = *unit as usize;
            let required = |group: &usize| mask[group * self.count + at] > 0.0;
            mask[at] > 0.0 && self.required.iter().all(required)
        };
        let room = self.count.next_power_of_two() as u64 - 1;
        order.resize(self.ranked.len(), 0);
        let mut count = 0;
        for unit in self.ranked.iter().filter(|unit| scored(unit)) {
            order[count] = (falling(values[*unit as usize]) & !room) | u64::from(*unit);
            count += 1;
        }
        order.truncate(count);
        order.sort_unstable();
        let score = |key: u64| values[(key & room) as usize];
        // The position took the place of the last bits of the score: put right
        // the neighbours that differ in those alone.
        for at in 1..order.len() {
            let key = order[at];
            let mut to = at;
            while to > 0 && score(order[to - 1]) < score(key) {
                order[to] = order[to - 1];
                to -= 1;
            }
            order[to] = key;
        }
        ranks.clear();
        ranks.resize(self.count, 0);
        let (mut rank, mut before) = (0, f64::NAN);
        for (place, key) in order.iter().enumerate() {
            let score = score(*key);
            if score != before {
                (rank, before) = (place as u32 + 1, score);
            }
            ranks[(key & room) as usize] = rank;
        }
    }
}

/// What one draw asks for.
struct Step<'a> {
    variant: &'a Variant,
    root: usize,
    weights: &'a [f64],
    /// A node that methods which do not weigh are not shown.
    removed: Option<usize>,
}

/// A child as a sum sees it.
struct View<'a> {
    values: &'a [f64],
    mask: &'a [f64],
    is_whole: bool,
}

impl<'a> View<'a> {
    /// Takes a group's values to the scale of the mean above it.
    fn on(self, method: &Aggregation, scaled: &'a mut Vec<f64>) -> Self {
        if matches!(method, Aggregation::Arithmetic {}) {
            return self;
        }
        scaled.clear();
        scaled.resize(self.values.len(), -0.0);
        let known = self.values.iter().zip(self.mask);
        for (scaled, (value, mask)) in scaled.iter_mut().zip(known) {
            if *mask > 0.0 {
                *scaled = on_scale(method, *value);
            }
        }
        Self { values: scaled, ..self }
    }
}

/// Adds `weight` times a column to sums.
fn add(sums: &mut [f64], column: &[f64], weight: f64) {
    for (sum, value) in sums.iter_mut().zip(column) {
        *sum += weight * value;
    }
}

/// Returns whether a mask has no 0.
fn all_present(mask: &[f64]) -> bool {
    mask.iter().fold(u64::MAX, |all, one| all & one.to_bits()) == 1.0_f64.to_bits()
}

/// Divides sums by weights and brings the means back from their scale.
fn bring_back(method: &Aggregation, sums: &mut [f64], weight: impl Fn(usize) -> f64) {
    let is_arithmetic = matches!(method, Aggregation::Arithmetic {});
    for (unit, sum) in sums.iter_mut().enumerate() {
        let weight = weight(unit);
        *sum = match weight > 0.0 {
            true if is_arithmetic => *sum / weight,
            true => from_scale(method, *sum / weight),
            false => -0.0,
        };
    }
}

/// Returns a key that rises as the score falls; −0 and 0 share one.
fn falling(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    let rising = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    !rising
}

/// Splits `count` pieces of work among threads, in order; each makes one result.
///
/// What a piece gives depends on its number alone, so the split does not show.
pub fn in_parts<T: Send>(
    count: usize,
    threads: NonZeroUsize,
    part: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let threads = threads.get().min(count.max(1));
    if threads == 1 {
        return vec![part(0..count)];
    }
    let bound = |at: usize| at * count / threads;
    let part = &part;
    std::thread::scope(|scope| {
        let started: Vec<_> =
            (0..threads).map(|at| scope.spawn(move || part(bound(at)..bound(at + 1)))).collect();
        let joined = started.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    })
}
