//! Every group of every unit, from the leaves' values upwards.
//!
//! Group by group over all units, since some methods compare the units with
//! each other. Where none does, a unit's figures do not depend on who else is there.

use super::tree::{Below, Tree};
use crate::aggregate::{self, Child};
use crate::model::{Missing, Model};

/// Values of all nodes, by node and then by unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Grid {
    /// By leaf: values as the groups see them.
    pub(crate) leaves: Vec<Vec<Option<f64>>>,
    /// By leaf: share of its weight that has data, 1 or 0.
    pub(crate) leaf_coverage: Vec<Vec<f64>>,
    /// By group.
    pub(crate) groups: Vec<Vec<Option<f64>>>,
    /// By group: share of the weight below it that has data, 0 to 1.
    pub(crate) coverage: Vec<Vec<f64>>,
}

/// Values of the leaves and which of them are data, not filled in.
pub(crate) struct LeafValues<'a> {
    /// By leaf and unit.
    pub(crate) values: &'a [Vec<Option<f64>>],
    /// By leaf and unit: whether a filled-in value counts as a gap.
    pub(crate) is_filled: &'a dyn Fn(usize, usize) -> bool,
}

impl Grid {
    /// Computes all groups of `count` units.
    pub(crate) fn new(model: &Model, tree: &Tree, leaves: &LeafValues<'_>, count: usize) -> Self {
        let mut most = Most::new(model, tree, leaves, count);
        let coverage = |(leaf, column): (usize, &Vec<Option<f64>>)| -> Vec<f64> {
            let has = |(unit, value): (usize, &Option<f64>)| {
                f64::from(u8::from(value.is_some() && !(leaves.is_filled)(leaf, unit)))
            };
            column.iter().enumerate().map(has).collect()
        };
        let seen = |column: &Vec<Option<f64>>| -> Vec<Option<f64>> {
            match model.missing {
                Missing::Zero => column.iter().map(|value| Some(value.unwrap_or(0.0))).collect(),
                Missing::Redistribute => column.clone(),
            }
        };
        let mut grid = Self {
            leaf_coverage: leaves.values.iter().enumerate().map(coverage).collect(),
            leaves: leaves.values.iter().map(seen).collect(),
            groups: vec![Vec::new(); model.groups.len()],
            coverage: vec![Vec::new(); model.groups.len()],
        };
        for position in (0..model.groups.len()).rev() {
            grid.close(model, tree, &mut most, position, count);
        }
        grid
    }

    /// Computes one group of all units from its children.
    fn close(
        &mut self,
        model: &Model,
        tree: &Tree,
        most: &mut Most,
        position: usize,
        count: usize,
    ) {
        let group = &model.groups[position];
        let nodes: Vec<Below> = tree.children[position].nodes().collect();
        let weights: Vec<f64> = nodes.iter().map(|node| node.weight(model)).collect();
        let coverage = self.group_coverage(&nodes, &weights, count);
        let mut values = if group.aggregation.is_relational() {
            let columns: Vec<&[Option<f64>]> =
                nodes.iter().map(|node| self.values(*node)).collect();
            aggregate::relational(&group.aggregation, &columns, &weights)
        } else {
            self.unit_wise(model, most, &nodes, position, count)
        };
        for (unit, value) in values.iter_mut().enumerate() {
            let present =
                nodes.iter().filter(|node| self.values(**node)[unit].is_some()).count() as f64;
            let too_few = present < group.present_minimum * nodes.len() as f64;
            if too_few || too_thin(model, position, coverage[unit]) {
                *value = None;
            }
            if value.is_none() && model.missing == Missing::Zero {
                *value = Some(0.0);
            }
        }
        self.groups[position] = values;
        self.coverage[position] = coverage;
    }

    fn group_coverage(&self, nodes: &[Below], weights: &[f64], count: usize) -> Vec<f64> {
        let whole: f64 = weights.iter().sum();
        let mut covered = vec![0.0; count];
        for (node, weight) in nodes.iter().zip(weights) {
            let below = match node {
                Below::Group(at) => &self.coverage[*at],
                Below::Leaf(at) => &self.leaf_coverage[*at],
            };
            for (covered, below) in covered.iter_mut().zip(below) {
                *covered += weight * below;
            }
        }
        let share = |covered: f64| if whole > 0.0 { covered / whole } else { 0.0 };
        covered.into_iter().map(share).collect()
    }

    fn values(&self, node: Below) -> &[Option<f64>] {
        match node {
            Below::Group(at) => &self.groups[at],
            Below::Leaf(at) => &self.leaves[at],
        }
    }

    /// Aggregates unit by unit; one list of children is reused for all.
    fn unit_wise(
        &self,
        model: &Model,
        most: &mut Most,
        nodes: &[Below],
        position: usize,
        count: usize,
    ) -> Vec<Option<f64>> {
        let method = &model.groups[position].aggregation;
        let mut members: Vec<Child> = Vec::with_capacity(nodes.len());
        let mut values = Vec::with_capacity(count);
        for unit in 0..count {
            members.clear();
            members.extend(nodes.iter().map(|node| {
                let (highest, available) = most.of(*node, unit);
                Child {
                    value: self.values(*node)[unit],
                    weight: node.weight(model),
                    most: highest,
                    most_available: available,
                }
            }));
            most.close(method, &members, position);
            values.push(aggregate::aggregate(method, &members));
        }
        values
    }
}

/// Returns whether a dimension has too little data to count.
fn too_thin(model: &Model, position: usize, coverage: f64) -> bool {
    let is_dimension = model.groups[position].parent == Some(0);
    let minimum = model.coverage.as_ref().map_or(0.0, |coverage| coverage.dimension_minimum);
    is_dimension && coverage < minimum
}

/// The most points each node could have, and could have had from the data present.
///
/// Empty where no group counts points.
struct Most {
    leaves: Vec<Vec<(f64, f64)>>,
    groups: Vec<Vec<(f64, f64)>>,
}

impl Most {
    fn new(model: &Model, tree: &Tree, leaves: &LeafValues<'_>, count: usize) -> Self {
        if !tree.counts_points {
            return Self { leaves: Vec::new(), groups: Vec::new() };
        }
        let of = |(column, most): (&Vec<Option<f64>>, &f64)| -> Vec<(f64, f64)> {
            let available = |value: &Option<f64>| if value.is_some() { *most } else { 0.0 };
            column.iter().map(|value| (*most, available(value))).collect()
        };
        Self {
            leaves: leaves.values.iter().zip(&tree.leaf_most).map(of).collect(),
            groups: vec![Vec::with_capacity(count); model.groups.len()],
        }
    }

    fn of(&self, node: Below, unit: usize) -> (f64, f64) {
        let column = match node {
            Below::Group(at) => self.groups.get(at),
            Below::Leaf(at) => self.leaves.get(at),
        };
        column.and_then(|column| column.get(unit)).copied().unwrap_or((0.0, 0.0))
    }

    /// Adds a unit's most at a group; units come in their order.
    fn close(&mut self, method: &crate::Aggregation, members: &[Child], position: usize) {
        if let Some(column) = self.groups.get_mut(position) {
            column.push((
                aggregate::most(method, members.iter().map(|child| child.most)),
                aggregate::most(method, members.iter().map(|child| child.most_available)),
            ));
        }
    }
}
