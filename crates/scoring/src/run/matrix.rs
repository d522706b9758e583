//! Raw figures.

use std::collections::HashMap;

/// Raw figures: one row of units, one column per indicator.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// Codes of the units, each once.
    pub units: Vec<String>,
    /// Figures by indicator id, in the order of the units.
    pub columns: HashMap<String, Vec<Option<f64>>>,
    /// Groups that the units belong to, by the name of the grouping, such as `county`.
    pub labels: HashMap<String, Vec<Option<String>>>,
    /// Units whose figure was filled in beforehand, by indicator id: gaps in coverage.
    pub filled: HashMap<String, Vec<usize>>,
}

/// The groups of a label: which units belong together.
///
/// A unit without the label is in no group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// Position of the group of each unit.
    pub of: Vec<Option<usize>>,
    /// Names of the groups, in rising order.
    pub names: Vec<String>,
}

impl Groups {
    /// Numbers the groups of a label.
    pub fn new(labels: &[Option<String>]) -> Self {
        let mut names: Vec<String> = labels.iter().flatten().cloned().collect();
        names.sort_unstable();
        names.dedup();
        let at = |label: &String| names.binary_search(label).ok();
        Self { of: labels.iter().map(|label| label.as_ref().and_then(at)).collect(), names }
    }
}

impl Matrix {
    /// Returns the figures of some units, in the order given.
    #[must_use]
    pub fn of_units(&self, units: &[usize]) -> Self {
        fn picked<T: Clone>(column: &[T], units: &[usize]) -> Vec<T> {
            units.iter().map(|unit| column[*unit].clone()).collect()
        }
        let filled = |all: &Vec<usize>| -> Vec<usize> {
            let is_filled = |(_, unit): &(usize, &usize)| all.contains(unit);
            units.iter().enumerate().filter(is_filled).map(|(at, _)| at).collect()
        };
        Self {
            units: picked(&self.units, units),
            columns: self
                .columns
                .iter()
                .map(|(id, column)| (id.clone(), picked(column, units)))
                .collect(),
            labels: self
                .labels
                .iter()
                .map(|(name, labels)| (name.clone(), picked(labels, units)))
                .collect(),
            filled: self.filled.iter().map(|(id, all)| (id.clone(), filled(all))).collect(),
        }
    }

    /// Returns the groups of a label; `None` where the units do not have it.
    pub fn groups(&self, label: &str) -> Option<Groups> {
        self.labels.get(label).map(|labels| Groups::new(labels))
    }
}
