//! The tree of a model, ready to be computed: children and highest values.

use crate::model::{Leaf, Missing, Model};

/// The children of one group.
#[derive(Debug, Clone)]
pub(crate) struct Children {
    groups: Vec<usize>,
    leaves: Vec<usize>,
}

/// A node below a group, by its position among the groups or the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Below {
    Group(usize),
    Leaf(usize),
}

impl Children {
    /// Returns the groups, then the leaves.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Below> + '_ {
        let groups = self.groups.iter().map(|at| Below::Group(*at));
        groups.chain(self.leaves.iter().map(|at| Below::Leaf(*at)))
    }
}

impl Below {
    /// Returns the node's place where groups stand before leaves.
    pub(crate) fn place(self, groups: usize) -> usize {
        match self {
            Self::Group(at) => at,
            Self::Leaf(at) => groups + at,
        }
    }

    /// Returns the node's weight among its siblings.
    pub(crate) fn weight(self, model: &Model) -> f64 {
        match self {
            Self::Group(at) => model.groups[at].weight,
            Self::Leaf(at) => model.leaves[at].weight,
        }
    }
}

/// What is the same for every unit of a run.
pub(crate) struct Tree {
    pub(crate) children: Vec<Children>,
    /// Highest value of each leaf; 0 where it has no end.
    pub(crate) leaf_most: Vec<f64>,
    /// Whether the most points that there could be are needed.
    pub(crate) counts_points: bool,
}

impl Tree {
    pub(crate) fn of(model: &Model) -> Self {
        let counts_points = model.missing == Missing::Zero
            || model.groups.iter().any(|group| group.aggregation.counts_points());
        let most = |leaf: &Leaf| leaf.value.highest().unwrap_or(0.0);
        let leaf_most = model.leaves.iter().map(most).collect();
        Self { children: children_of(model), leaf_most, counts_points }
    }
}

/// Returns the children of every group.
pub(crate) fn children_of(model: &Model) -> Vec<Children> {
    (0..model.groups.len())
        .map(|position| Children {
            groups: (0..model.groups.len())
                .filter(|child| model.groups[*child].parent == Some(position))
                .collect(),
            leaves: (0..model.leaves.len())
                .filter(|leaf| model.leaves[*leaf].parent == position)
                .collect(),
        })
        .collect()
}
