//! The same values once more: by other weights, or for a few units alone.

use super::grid::{Grid, LeafValues};
use super::tree::Tree;
use super::{Column, Run};
use crate::model::Model;

impl Run {
    /// Aggregates the same values by a model that differs in its weights alone.
    pub(crate) fn again(&self, model: &Model) -> Self {
        let leaves = LeafValues { values: &self.normalised, filled: &self.stages.filled };
        let Grid { groups, coverage, faults, .. } = Grid::new(model, &Tree::of(model), leaves);
        Self {
            groups: groups.into_iter().map(Column::from).collect(),
            coverage,
            faults,
            stages: self.stages.clone(),
            fitted: self.fitted.clone(),
            normalised: self.normalised.clone(),
        }
    }

    /// Keeps only `units`, on the scales of all; not for methods that compare units.
    pub(crate) fn only(&self, units: &[usize]) -> Self {
        let column =
            |column: &Column| -> Column { units.iter().map(|unit| column[*unit]).collect() };
        let columns = |columns: &[Column]| -> Vec<Column> { columns.iter().map(column).collect() };
        let filled = |filled: &Vec<usize>| -> Vec<usize> {
            let is_filled = |at: &usize| filled.binary_search(&units[*at]).is_ok();
            (0..units.len()).filter(is_filled).collect()
        };
        let mut few = self.clone();
        few.normalised = columns(&self.normalised);
        few.groups = columns(&self.groups);
        few.coverage = self
            .coverage
            .iter()
            .map(|shares| units.iter().map(|unit| shares[*unit]).collect())
            .collect();
        few.stages.filled = self.stages.filled.iter().map(filled).collect();
        few.stages.screened_out =
            units.iter().map(|unit| self.stages.screened_out[*unit]).collect();
        few
    }

    /// Gives one unit another value of a leaf, as data.
    pub(crate) fn put(&mut self, leaf: usize, unit: usize, value: Option<f64>) {
        let mut column = self.normalised[leaf].to_vec();
        column[unit] = value;
        self.normalised[leaf] = column.into();
        self.stages.filled[leaf].retain(|filled| *filled != unit);
    }
}
