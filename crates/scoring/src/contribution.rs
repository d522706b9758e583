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
use crate::run::{Children, Stages};

/// A node below a group.
#[derive(Clone, Copy)]
enum Below {
    Group(usize),
    Leaf(usize),
}

/// Writes each node's part of `score` into the stages.
pub(crate) fn distribute(model: &Model, children: &[Children], stages: &mut Stages, score: f64) {
    stages.groups[0].contribution = Some(score);
    for (position, members) in children.iter().enumerate() {
        let Some(amount) = stages.groups[position].contribution else { continue };
        let below: Vec<Below> = (members.groups.iter().map(|at| Below::Group(*at)))
            .chain(members.leaves.iter().map(|at| Below::Leaf(*at)))
            .filter(|node| value(stages, *node).is_some())
            .collect();
        let parts = parts(model, stages, &model.groups[position].aggregation, &below);
        for (node, part) in below.iter().zip(parts) {
            let slot = match node {
                Below::Group(at) => &mut stages.groups[*at].contribution,
                Below::Leaf(at) => &mut stages.leaves[*at].contribution,
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

/// Returns the shares of the children, which add up to 1.
fn parts(model: &Model, stages: &Stages, method: &Aggregation, below: &[Below]) -> Vec<f64> {
    let weight = |node: &Below| match node {
        _ if !method.uses_weights() => 1.0,
        Below::Group(at) => model.groups[*at].weight,
        Below::Leaf(at) => model.leaves[*at].weight,
    };
    let values: Vec<f64> = below.iter().map(|node| value(stages, *node).unwrap_or(0.0)).collect();
    if matches!(method, Aggregation::Maximum {}) {
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let winner = values.iter().position(|value| *value == highest);
        return (0..values.len()).map(|at| f64::from(u8::from(Some(at) == winner))).collect();
    }
    let from = match method {
        Aggregation::Geometric { floor } | Aggregation::Harmonic { floor } => {
            on_scale(method, *floor)
        }
        _ => 0.0,
    };
    let amounts: Vec<f64> = below
        .iter()
        .zip(&values)
        .map(|(node, value)| weight(node) * (on_scale(method, *value) - from))
        .collect();
    let shares_of = |amounts: &[f64]| {
        let sum: f64 = amounts.iter().sum();
        (sum.abs() > f64::MIN_POSITIVE)
            .then(|| amounts.iter().map(|amount| amount / sum).collect::<Vec<f64>>())
    };
    let weights: Vec<f64> = below.iter().map(weight).collect();
    shares_of(&amounts).or_else(|| shares_of(&weights)).unwrap_or_else(|| vec![0.0; below.len()])
}
