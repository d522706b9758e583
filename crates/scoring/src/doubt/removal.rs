//! What a ranking owes to each of its parts: the ranking without it.
//!
//! A removed part weighs nothing and its siblings share its weight, at any level of
//! the tree. A unit that has nothing else in a group has a gap there.

use serde::Serialize;

use super::compare::{gained, mean_absolute_change};
use super::draws;
use super::engine::{Engine, Outcome};
use crate::model::{Model, Problem};

/// A ranking without one part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Removal {
    /// Place of the part among the nodes: groups, then leaves.
    pub node: usize,
    /// Id of the group or indicator.
    pub name: String,
    /// How many groups are above it; 1 for a part directly under the root.
    pub depth: usize,
    /// Scores without it, by unit.
    pub scores: Vec<Option<f64>>,
    /// Ranks without it, by unit.
    pub ranks: Vec<Option<usize>>,
    /// Places gained without it, by unit; below 0 for places lost.
    pub gained: Vec<Option<i64>>,
    /// Mean of the absolute changes, in places; `None` where no unit is left with a rank.
    pub mean_absolute_change: Option<f64>,
}

/// Removes one part, by group id, indicator code or indicator id.
///
/// # Errors
///
/// A name that the model does not have.
pub fn remove(engine: &Engine, model: &Model, name: &str) -> Result<Removal, Problem> {
    let nodes = draws::nodes(model);
    let coded = || {
        let has_code = |leaf: &crate::Leaf| leaf.code.as_deref() == Some(name);
        model.leaves.iter().position(has_code).map(|at| model.groups.len() + at)
    };
    let node = nodes.iter().skip(1).position(|node| node == name).map(|at| at + 1).or_else(coded);
    let Some(node) = node else {
        let english = "the model has no group or indicator `{name}` to remove";
        return Err(Problem::new("unknown_part", english, &[("name", name)]));
    };
    removed(engine, model, node)
}

/// Removes every part under the root in turn: the groups, then the indicators.
///
/// # Errors
///
/// An engine that was made for another model.
pub fn remove_each(engine: &Engine, model: &Model) -> Result<Vec<Removal>, Problem> {
    let count = model.groups.len() + model.leaves.len();
    (1..count).map(|node| removed(engine, model, node)).collect()
}

fn removed(engine: &Engine, model: &Model, node: usize) -> Result<Removal, Problem> {
    let Outcome { scores, ranks } = engine.without(node)?;
    let nominal = &engine.nominal().ranks;
    Ok(Removal {
        node,
        name: draws::nodes(model).swap_remove(node),
        depth: depth(model, node),
        gained: nominal.iter().zip(&ranks).map(|(before, after)| gained(*before, *after)).collect(),
        mean_absolute_change: mean_absolute_change(nominal, &ranks),
        scores,
        ranks,
    })
}

fn depth(model: &Model, node: usize) -> usize {
    let mut above = match node.checked_sub(model.groups.len()) {
        Some(leaf) => Some(model.leaves[leaf].parent),
        None => model.groups[node].parent,
    };
    let mut depth = 0;
    while let Some(position) = above {
        depth += 1;
        above = model.groups[position].parent;
    }
    depth
}
