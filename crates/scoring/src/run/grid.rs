//! Every group of every unit, from the leaves' values upwards.
//!
//! Group by group over all units, since some methods compare the units with
//! each other. Where none does, a unit's figures do not depend on who else is there.

use std::borrow::Cow;

use super::Column;
use super::tree::{Below, Tree};
use crate::aggregate::{self, Child};
use crate::model::{Missing, Model, Problem};

/// Values of all nodes, by node and then by unit.
pub(crate) struct Grid<'a> {
    /// By leaf: values as the groups see them.
    pub(crate) leaves: Cow<'a, [Column]>,
    filled: &'a [Vec<usize>],
    has_figure: &'a [Column],
    /// By group.
    pub(crate) groups: Vec<Vec<Option<f64>>>,
    /// By group: share of the weight below it that has data, 0 to 1.
    pub(crate) coverage: Vec<Vec<f64>>,
    /// What could not be computed, and is a gap for all.
    pub(crate) faults: Vec<Problem>,
}

/// Values of the leaves and which of them are data, not filled in.
#[derive(Clone, Copy)]
pub(crate) struct LeafValues<'a> {
    /// By leaf and unit.
    pub(crate) values: &'a [Column],
    /// By leaf: units whose value is filled in and counts as a gap, in rising order.
    pub(crate) filled: &'a [Vec<usize>],
}

impl LeafValues<'_> {
    fn count(&self) -> usize {
        self.values.first().map_or(0, |column| column.len())
    }
}

impl<'a> Grid<'a> {
    /// Computes all groups of all units.
    pub(crate) fn new(model: &Model, tree: &Tree, leaves: LeafValues<'a>) -> Self {
        let mut most = Most::new(model, tree, leaves);
        let zeroed = |column: &Column| column.iter().map(|v| Some(v.unwrap_or(0.0))).collect();
        let mut grid = Self {
            leaves: match model.missing {
                Missing::Zero => Cow::Owned(leaves.values.iter().map(zeroed).collect()),
                Missing::Redistribute => Cow::Borrowed(leaves.values),
            },
            filled: leaves.filled,
            has_figure: leaves.values,
            groups: vec![Vec::new(); model.groups.len()],
            coverage: vec![Vec::new(); model.groups.len()],
            faults: Vec::new(),
        };
        for position in (0..model.groups.len()).rev() {
            grid.close(model, tree, &mut most, position);
        }
        grid
    }

    /// Returns the share of a leaf's weight that has data, 1 or 0.
    pub(crate) fn leaf_coverage(&self, leaf: usize, unit: usize) -> f64 {
        let is_filled = self.filled.get(leaf).is_some_and(|f| f.binary_search(&unit).is_ok());
        f64::from(u8::from(self.has_figure[leaf][unit].is_some() && !is_filled))
    }

    fn count(&self) -> usize {
        self.has_figure.first().map_or(0, |column| column.len())
    }

    /// Computes one group of all units from its children.
    fn close(&mut self, model: &Model, tree: &Tree, most: &mut Most, position: usize) {
        let group = &model.groups[position];
        let nodes: Vec<Below> = tree.children[position].nodes().collect();
        let weights: Vec<f64> = nodes.iter().map(|node| node.weight(model)).collect();
        let coverage = self.group_coverage(&nodes, &weights);
        let mut values = if group.aggregation.is_relational() {
            let columns: Vec<&[Option<f64>]> =
                nodes.iter().map(|node| self.values(*node)).collect();
            aggregate::relational(&group.aggregation, &columns, &weights).unwrap_or_else(
                |problem| {
                    self.faults.push(problem.about(&group.id));
                    vec![None; self.count()]
                },
            )
        } else {
            self.unit_wise(model, most, &nodes, position)
        };
        for (unit, value) in values.iter_mut().enumerate() {
            let too_few = group.present_minimum > 0.0 && {
                let present = nodes.iter().filter(|node| self.values(**node)[unit].is_some());
                (present.count() as f64) < group.present_minimum * nodes.len() as f64
            };
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

    fn group_coverage(&self, nodes: &[Below], weights: &[f64]) -> Vec<f64> {
        let whole: f64 = weights.iter().sum();
        let mut covered = vec![0.0; self.count()];
        for (node, weight) in nodes.iter().zip(weights) {
            for (unit, covered) in covered.iter_mut().enumerate() {
                *covered += weight
                    * match node {
                        Below::Group(at) => self.coverage[*at][unit],
                        Below::Leaf(at) => self.leaf_coverage(*at, unit),
                    };
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
    ) -> Vec<Option<f64>> {
        let method = &model.groups[position].aggregation;
        let mut members: Vec<Child> = Vec::with_capacity(nodes.len());
        let mut values = Vec::with_capacity(self.count());
        for unit in 0..self.count() {
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
    fn new(model: &Model, tree: &Tree, leaves: LeafValues<'_>) -> Self {
        if !tree.counts_points {
            return Self { leaves: Vec::new(), groups: Vec::new() };
        }
        let of = |(column, most): (&Column, &f64)| -> Vec<(f64, f64)> {
            let available = |value: &Option<f64>| if value.is_some() { *most } else { 0.0 };
            column.iter().map(|value| (*most, available(value))).collect()
        };
        Self {
            leaves: leaves.values.iter().zip(&tree.leaf_most).map(of).collect(),
            groups: vec![Vec::with_capacity(leaves.count()); model.groups.len()],
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
