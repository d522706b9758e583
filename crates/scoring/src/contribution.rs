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
use crate::run::{Below, Children, Stages};

/// Writes each node's part of `score` into the stages.
pub(crate) fn distribute(model: &Model, children: &[Children], stages: &mut Stages, score: f64) {
    stages.groups[0].contribution = Some(score);
    for (position, members) in children.iter().enumerate() {
        let Some(amount) = stages.groups[position].contribution else { continue };
        let method = &model.groups[position].aggregation;
        let basis = Basis::new(model, stages, method, members);
        for node in members.nodes() {
            let Some(value) = value(stages, node) else { continue };
            let part = basis.part(node, value, weight(model, method, node));
            let slot = match node {
                Below::Group(at) => &mut stages.groups[at].contribution,
                Below::Leaf(at) => &mut stages.leaves[at].contribution,
            };
            *slot = Some(amount * part);
        }
    }
}

fn value(stages: &Stages, node: Below) -> Option<f64> {
    match node {
        Below::Group(at) => stages.groups[at].value,
        Below::Leaf(at) => stages.leaves[at].value,
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
    fn new(model: &Model, stages: &Stages, method: &'a Aggregation, members: &Children) -> Self {
        let present =
            || members.nodes().filter_map(|node| value(stages, node).map(|value| (node, value)));
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
