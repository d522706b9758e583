//! The weight of one node against its siblings'.

use super::search::{TOLERANCE, Turns, among, steps, walk};
use super::{Basis, BreakEven, Goal, Node, Tipping};
use crate::model::Model;
use crate::run::{Below, Run, children_of};

/// Steps in which a range is walked where no point can be computed.
const STEPS: usize = 64;

impl BreakEven<'_> {
    /// Returns at which share of its siblings' weight a node tips a unit's goal.
    ///
    /// The siblings keep their proportions. `None` for the root, where the node has no
    /// sibling with weight, where the group above it takes no weights, and where there
    /// is nothing to ask: the rival has no score, or the unit no rank to keep.
    pub fn weight(&self, unit: usize, goal: Goal, node: Node) -> Option<Tipping> {
        let lever = Lever::new(self.model, node)?;
        if !self.is_askable(unit, goal) {
            return None;
        }
        let stage = Stage::new(self, unit, goal);
        let holds = stage.holds(self, &lever, lever.now);
        let mut answer = |share: f64| stage.holds(self, &lever, share);
        if let Some(candidates) = self.crossings(&stage, &lever) {
            let turns = among(&candidates, (lever.now, holds), TOLERANCE, &mut answer);
            let low = turns.below.unwrap_or(0.0);
            let high = turns.above.unwrap_or(1.0);
            // A rule of coverage may take a unit out of the ranking before scores cross.
            let between: Vec<f64> = steps(low, high, 8)[1..8].to_vec();
            if between.into_iter().all(|share| answer(share) == holds) {
                return Some(tipping((lever.now, holds), turns, Basis::Exact));
            }
        }
        let turns = walk(&steps(0.0, 1.0, STEPS), (lever.now, holds), TOLERANCE, &mut answer);
        let basis = Basis::Searched { low: 0.0, high: 1.0, tolerance: TOLERANCE };
        Some(tipping((lever.now, holds), turns, basis))
    }

    /// Returns the tipping points of every node's weight, groups before leaves.
    pub fn weights(&self, unit: usize, goal: Goal) -> Vec<(Node, Tipping)> {
        let groups = (1..self.model.groups.len()).map(Node::Group);
        let nodes = groups.chain((0..self.model.leaves.len()).map(Node::Leaf));
        nodes.filter_map(|node| Some((node, self.weight(unit, goal, node)?))).collect()
    }

    /// Returns the shares at which the unit's score meets another's; `None` where scores are
    /// no straight lines in the weight.
    fn crossings(&self, stage: &Stage, lever: &Lever) -> Option<Vec<f64>> {
        if !self.is_arithmetic_from(lever.parent) {
            return None;
        }
        let ranked = |at: &usize| self.scores[stage.units[*at]].is_some();
        let whole = |at: &usize| {
            let unit = stage.units[*at];
            lever.siblings.iter().all(|node| self.value(*node, unit).is_some())
                && self.value(lever.node, unit).is_some()
        };
        let concerned: Vec<usize> = (0..stage.units.len()).filter(ranked).collect();
        if !concerned.iter().all(whole) || !concerned.contains(&stage.own) {
            return None;
        }
        let other = if lever.now < 0.5 { 0.75 } else { 0.25 };
        let from = stage.run.groups[0].clone();
        let to = stage.run.again(&lever.at(self.model, other)).groups[0].clone();
        let lead = |of: &[Option<f64>], at: usize| Some(of[stage.own]? - of[at]?);
        let crossing = |at: usize| -> Option<f64> {
            let (now, then) = (lead(&from, at)?, lead(&to, at)?);
            Some(lever.now + (other - lever.now) * now / (now - then))
        };
        let rivals = concerned.into_iter().filter(|at| *at != stage.own);
        let inside = |share: &f64| (0.0..=1.0).contains(share);
        Some(rivals.filter_map(crossing).filter(inside).collect())
    }
}

fn tipping((now, holds): (f64, bool), turns: Turns, basis: Basis) -> Tipping {
    Tipping { now: Some(now), holds, below: turns.below, above: turns.above, basis }
}

/// A node whose weight moves, with its siblings.
struct Lever {
    node: Below,
    parent: usize,
    siblings: Vec<Below>,
    /// Its share of the weight under its parent.
    now: f64,
    /// The siblings' weight together.
    rest: f64,
}

impl Lever {
    fn new(model: &Model, node: Node) -> Option<Self> {
        let (node, parent) = match node {
            Node::Group(at) => (Below::Group(at), model.groups.get(at)?.parent?),
            Node::Leaf(at) => (Below::Leaf(at), model.leaves.get(at)?.parent),
        };
        if !model.groups[parent].aggregation.uses_weights() {
            return None;
        }
        let siblings: Vec<Below> =
            children_of(model)[parent].nodes().filter(|other| *other != node).collect();
        let rest: f64 = siblings.iter().map(|other| other.weight(model)).sum();
        let own = node.weight(model);
        (rest > 0.0).then(|| Self { node, parent, siblings, now: own / (own + rest), rest })
    }

    /// Returns the model with this share for the node.
    fn at(&self, model: &Model, share: f64) -> Model {
        let share = share.clamp(0.0, 1.0);
        let mut moved = model.clone();
        let mut put = |node: Below, weight: f64| match node {
            Below::Group(at) => moved.groups[at].weight = weight,
            Below::Leaf(at) => moved.leaves[at].weight = weight,
        };
        put(self.node, share);
        for sibling in &self.siblings {
            put(*sibling, sibling.weight(model) / self.rest * (1.0 - share));
        }
        moved
    }
}

/// The units that a question is about.
struct Stage {
    run: Run,
    units: Vec<usize>,
    /// Position of the unit among them.
    own: usize,
    unit: usize,
    goal: Goal,
}

impl Stage {
    /// Takes the two units alone where that is enough.
    fn new(of: &BreakEven<'_>, unit: usize, goal: Goal) -> Self {
        match goal {
            Goal::Pass(rival) if !of.is_relational() => {
                let units = vec![unit, rival];
                Self { run: of.run.only(&units), units, own: 0, unit, goal }
            }
            _ => {
                let units = (0..of.scores.len()).collect();
                Self { run: of.run.clone(), units, own: unit, unit, goal }
            }
        }
    }

    fn holds(&self, of: &BreakEven<'_>, lever: &Lever, share: f64) -> bool {
        let model = lever.at(of.model, share);
        let scores = self.run.again(&model).scores(&model);
        let own = scores[self.own];
        match self.goal {
            Goal::Pass(_) if self.units.len() == 2 => {
                own.zip(scores[1]).is_some_and(|(own, rival)| own > rival)
            }
            goal => of.reaches(self.unit, goal, (own, &scores)),
        }
    }
}
