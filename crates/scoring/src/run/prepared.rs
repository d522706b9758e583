//! Raw figures as the model prepares them, every stage kept.

use std::sync::Arc;

use super::Matrix;
use crate::model::Model;
use crate::normalise::Fitted;

/// Figures of one indicator by unit; shared where a stage changes nothing.
pub type Column = Arc<[Option<f64>]>;

/// The figures of every indicator after each stage, by leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages {
    /// As they came.
    pub raw: Vec<Column>,
    /// Divided by their denominators.
    pub denominated: Vec<Column>,
    /// Rates of few drawn towards their group.
    pub shrunk: Vec<Column>,
    /// Without units and indicators that have too little data.
    pub screened: Vec<Column>,
    /// With gaps filled.
    pub imputed: Vec<Column>,
    /// With outliers treated.
    pub treated: Vec<Column>,
    /// Units with too little data to take part, with the share they have.
    pub screened_out: Vec<Option<f64>>,
    /// By leaf: units whose figure is filled in, in rising order.
    pub filled: Vec<Vec<usize>>,
}

impl Stages {
    /// Prepares all indicators of a model.
    pub(crate) fn new(model: &Model, matrix: &Matrix) -> Self {
        let gap: Column = vec![None; matrix.units.len()].into();
        let raw: Vec<Column> = model
            .leaves
            .iter()
            .map(|leaf| {
                matrix
                    .columns
                    .get(&leaf.indicator)
                    .map_or_else(|| Arc::clone(&gap), |column| column.as_slice().into())
            })
            .collect();
        let filled =
            |leaf: &crate::Leaf| matrix.filled.get(&leaf.indicator).cloned().unwrap_or_default();
        Self {
            denominated: raw.clone(),
            shrunk: raw.clone(),
            screened: raw.clone(),
            imputed: raw.clone(),
            treated: raw.clone(),
            screened_out: vec![None; matrix.units.len()],
            filled: model.leaves.iter().map(filled).collect(),
            raw,
        }
    }

    /// Returns whether a figure was filled in.
    pub fn is_filled(&self, leaf: usize, unit: usize) -> bool {
        self.filled[leaf].binary_search(&unit).is_ok()
    }

    /// Fixes the ends of every value function on the treated figures.
    pub(crate) fn fit(&self, model: &Model) -> Vec<Fitted> {
        let leaves = model.leaves.iter().zip(&self.treated);
        leaves.map(|(leaf, column)| Fitted::new(&leaf.value, leaf.direction, column)).collect()
    }
}
