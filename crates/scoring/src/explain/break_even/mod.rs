//! Break-even: where a weight or a figure tips a place.
//!
//! "X passes Y when the weight of will exceeds 27 %, or when the net operating
//! result reaches 2.1 %." One thing moves at a time, all else stays: a weight
//! among its siblings, whose own proportions stay, or one raw figure of one
//! unit. The answer is the nearest point on either side at which the goal is
//! reached, or lost where it holds now; so the same question tells how far a
//! weight can move before a unit loses its rank.
//!
//! Where every mean on the way to the root is arithmetic and nobody concerned
//! has a gap beside the weight, a score is a straight line in the weight, and
//! in the value of an indicator always: the point is computed, and brought
//! back to a raw figure through the inverse of the value function. Elsewhere
//! it is bracketed and bisected. Every point is checked by scoring again on
//! both sides of it before it is told.

mod figure;
mod search;
mod weight;

use crate::model::{Aggregation, Model};
use crate::rank::competition_ranks;
use crate::run::{Below, Matrix, Run};

/// What is asked for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// To stand above this unit.
    Pass(usize),
    /// To be among so many first.
    Reach(usize),
    /// To have exactly the rank that it has now.
    Keep,
}

/// A node of the model whose weight moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// By position in the model's groups; not the root.
    Group(usize),
    /// By position in the model's leaves.
    Leaf(usize),
}

/// Where a goal tips as one number moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tipping {
    /// The number now: a share of the siblings' weight from 0 to 1, or a raw figure.
    pub now: Option<f64>,
    /// Whether the goal holds now; for a gap, with the median of the others in its place.
    pub holds: bool,
    /// The highest number below the present one at which that turns.
    pub below: Option<f64>,
    /// The lowest number above the present one at which that turns.
    pub above: Option<f64>,
    /// How the points were found, and what it means that there is none.
    pub basis: Basis,
}

/// How a tipping point was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// Computed; no point means that there is none.
    Exact,
    /// Bisected over the whole range, on which the score never turns; no point means none.
    Bisected {
        /// Width at which bisection ends, on the scale of the values.
        tolerance: f64,
    },
    /// Searched step by step and bisected: no point means none was met between these ends.
    Searched {
        /// Lowest number tried.
        low: f64,
        /// Highest number tried.
        high: f64,
        /// Width at which bisection ends.
        tolerance: f64,
    },
}

impl Basis {
    /// Returns whether no point means that there is none.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Searched { .. })
    }
}

/// A ranking that tipping points are asked of.
#[derive(Debug, Clone)]
pub struct BreakEven<'a> {
    model: &'a Model,
    matrix: &'a Matrix,
    run: Run,
    scores: Vec<Option<f64>>,
    ranks: Vec<Option<usize>>,
}

impl<'a> BreakEven<'a> {
    /// Scores all units once.
    pub fn new(model: &'a Model, matrix: &'a Matrix) -> Self {
        let run = Run::new(model, matrix);
        let scores = run.scores(model);
        let ranks = competition_ranks(&scores);
        Self { model, matrix, run, scores, ranks }
    }

    /// Returns the ranks that the questions start from.
    pub fn ranks(&self) -> &[Option<usize>] {
        &self.ranks
    }

    /// Returns whether the goal can be asked about: the rival, or the own rank, is there.
    fn is_askable(&self, unit: usize, goal: Goal) -> bool {
        match goal {
            Goal::Pass(rival) => rival != unit && self.scores[rival].is_some(),
            Goal::Reach(_) => true,
            Goal::Keep => self.ranks[unit].is_some(),
        }
    }

    /// Returns whether a unit with score `own` among these others reaches its goal.
    ///
    /// `own` stands apart from `scores`, in which the unit's own place is not read.
    fn reaches(
        &self,
        unit: usize,
        goal: Goal,
        (own, scores): (Option<f64>, &[Option<f64>]),
    ) -> bool {
        let Some(own) = own else { return false };
        let above = || {
            let others = scores.iter().enumerate().filter(|(at, _)| *at != unit);
            others.filter(|(_, score)| score.is_some_and(|score| score > own)).count()
        };
        match goal {
            Goal::Pass(rival) => scores[rival].is_some_and(|rival| own > rival),
            Goal::Reach(rank) => above() < rank,
            Goal::Keep => Some(above() + 1) == self.ranks[unit],
        }
    }

    fn is_relational(&self) -> bool {
        self.model.groups.iter().any(|group| group.aggregation.is_relational())
    }

    /// Returns whether every mean from the group up to the root is arithmetic.
    fn is_arithmetic_from(&self, mut group: usize) -> bool {
        loop {
            let found = &self.model.groups[group];
            match (&found.aggregation, found.parent) {
                (Aggregation::Arithmetic {}, None) => return true,
                (Aggregation::Arithmetic {}, Some(parent)) => group = parent,
                _ => return false,
            }
        }
    }

    fn value(&self, node: Below, unit: usize) -> Option<f64> {
        match node {
            Below::Group(at) => self.run.groups[at][unit],
            Below::Leaf(at) => self.run.normalised[at][unit],
        }
    }
}
