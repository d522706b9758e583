//! Contributions: where a score comes from, in parts that add up to it.
//!
//! A group's amount is shared among its children on the scale on which its
//! aggregation is a plain mean: the values themselves for the arithmetic mean
//! and for points, the logarithms for the geometric mean (counted from the
//! floor), the negative reciprocals for the harmonic mean. So a child at the
//! floor contributes nothing, and the parts add up at every level. Where all
//! children stand at the floor there is nothing to tell them apart, and the
//! amount is shared by weight. Under `maximum` the highest child takes it all.
//!
//! For the geometric mean this is the logarithmic mean Divisia decomposition
//! of the score against the floor (Ang 2004), scaled to the whole score.

use crate::aggregate::on_scale;
use crate::model::{Aggregation, Model};
use crate::run::{Below, Children, UnitScore, children_of};

/// The parts of one unit's score; `None` for a gap, and all `None` without a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// By position in the model's groups; the root's is the score.
    pub groups: Vec<Option<f64>>,
    /// By position in the model's leaves.
    pub leaves: Vec<Option<f64>>,
}

/// Shares a unit's score among the groups and indicators that it comes from.
pub fn contributions(model: &Model, unit: &UnitScore) -> Contributions {
    let mut parts = Contributions {
        groups: vec![None; model.groups.len()],
        leaves: vec![None; model.leaves.len()],
    };
    parts.groups[0] = unit.score;
    for (position, members) in children_of(model).iter().enumerate() {
        let Some(amount) = parts.groups[position] else { continue };
        let method = &model.groups[position].aggregation;
        let basis = Basis::new(model, unit, method, members);
        for node in members.nodes() {
            let Some(value) = value(unit, node) else { continue };
            let part = amount * basis.part(node, value, weight(model, method, node));
            match node {
                Below::Group(at) => parts.groups[at] = Some(part),
                Below::Leaf(at) => parts.leaves[at] = Some(part),
            }
        }
    }
    parts
}

fn value(unit: &UnitScore, node: Below) -> Option<f64> {
    match node {
        Below::Group(at) => unit.groups[at].value,
        Below::Leaf(at) => unit.leaves[at].value,
    }
}

fn weight(model: &Model, method: &Aggregation, node: Below) -> f64 {
    match node {
        _ if !method.uses_weights() => 1.0,
        Below::Group(at) => model.groups[at].weight,
        Below::Leaf(at) => model.leaves[at].weight,
    }
}

/// What the shares of a group's children are taken of.
enum Basis<'a> {
    /// Weighted distances from the floor, on the scale of the mean.
    Distances { method: &'a Aggregation, from: f64, sum: f64 },
    /// Weights alone: all children stand at the floor.
    Weights { sum: f64 },
    /// The highest child takes it all.
    Winner(Option<Below>),
}

impl<'a> Basis<'a> {
    fn new(model: &Model, unit: &UnitScore, method: &'a Aggregation, members: &Children) -> Self {
        let present =
            || members.nodes().filter_map(|node| value(unit, node).map(|value| (node, value)));
        if matches!(method, Aggregation::Maximum {}) {
            let highest = present().map(|(_, value)| value).fold(f64::NEG_INFINITY, f64::max);
            return Self::Winner(
                present().find(|(_, value)| *value == highest).map(|(node, _)| node),
            );
        }
        let from = match method {
            Aggregation::Geometric { floor } | Aggregation::Harmonic { floor } => {
                on_scale(method, *floor)
            }
            _ => 0.0,
        };
        let distance =
            |(node, value)| weight(model, method, node) * (on_scale(method, value) - from);
        let sum: f64 = present().map(distance).sum();
        if sum.abs() > f64::MIN_POSITIVE {
            return Self::Distances { method, from, sum };
        }
        Self::Weights { sum: present().map(|(node, _)| weight(model, method, node)).sum() }
    }

    /// Returns a child's share; the shares of all children add up to 1.
    fn part(&self, node: Below, value: f64, weight: f64) -> f64 {
        match self {
            Self::Distances { method, from, sum } => {
                weight * (on_scale(method, value) - from) / sum
            }
            Self::Weights { sum } if *sum > 0.0 => weight / sum,
            Self::Weights { .. } => 0.0,
            Self::Winner(winner) => f64::from(u8::from(*winner == Some(node))),
        }
    }
}
