//! What is wrong or noteworthy about the figures that a model is given.

use std::collections::{BTreeSet, HashMap};

use super::{Matrix, Run};
use crate::model::{Aggregation, Imputation, Leaf, Model, Problem, ValueFunction};

/// What is wrong with figures, or what their reader must know.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whether the figures can be used in spite of it.
    pub gravity: Gravity,
    /// One sentence that names the indicator and the unit.
    pub problem: Problem,
}

/// Whether figures can be used in spite of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// They cannot.
    Refused,
    /// They can; the reader is told.
    Noted,
}

fn refused(key: &'static str, english: &str, places: &[(&'static str, &str)]) -> Finding {
    Finding { gravity: Gravity::Refused, problem: Problem::new(key, english, places) }
}

fn noted(key: &'static str, english: &str, places: &[(&'static str, &str)]) -> Finding {
    Finding { gravity: Gravity::Noted, problem: Problem::new(key, english, places) }
}

impl Model {
    /// Returns the ids of all columns that the model reads: indicators, denominators, exposures.
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns = BTreeSet::new();
        for leaf in &self.leaves {
            let below = leaf.denominator.as_ref().map(|by| by.column.as_str());
            let exposure = leaf.shrink.as_ref().map(|shrink| shrink.exposure.as_str());
            columns.insert(leaf.indicator.as_str());
            columns.extend(below);
            columns.extend(exposure);
        }
        columns
    }

    /// Returns the names of all groupings that the model reads.
    pub fn labels(&self) -> BTreeSet<&str> {
        let imputations = self.leaves.iter().filter_map(|leaf| leaf.impute.as_ref());
        let by = imputations.chain([&self.prepare.impute]).filter_map(|impute| match impute {
            Imputation::GroupMean { by } | Imputation::GroupMedian { by } => Some(by.as_str()),
            _ => None,
        });
        let towards =
            self.leaves.iter().filter_map(|leaf| leaf.shrink.as_ref()?.towards.as_deref());
        let group = self.uncertainty.as_ref().and_then(|open| open.group.as_deref());
        by.chain(towards).chain(group).collect()
    }
}

/// Looks at the figures that a model is about to be given.
///
/// The graver findings stand first; nothing is dropped without one.
pub fn inspect(model: &Model, matrix: &Matrix) -> Vec<Finding> {
    let mut findings = doubled_units(matrix);
    for column in model.columns() {
        findings.extend(column_findings(matrix, column));
    }
    for label in model.labels().iter().filter(|label| !matrix.labels.contains_key(**label)) {
        let english = "the units have no label `{label}`; the whole is used in its place";
        findings.push(noted("label_absent", english, &[("label", label)]));
    }
    for leaf in &model.leaves {
        findings.extend(leaf_findings(leaf, matrix));
    }
    findings.sort_by_key(|finding| finding.gravity);
    findings
}

fn doubled_units(matrix: &Matrix) -> Vec<Finding> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(matrix.units.len());
    let mut findings = Vec::new();
    for (at, unit) in matrix.units.iter().enumerate() {
        if let Some(before) = first.insert(unit, at) {
            let rows = ((before + 1).to_string(), (at + 1).to_string());
            let english =
                "unit `{unit}` stands in rows {first} and {second}; a code names one unit";
            let places = [("unit", unit.as_str()), ("first", &rows.0), ("second", &rows.1)];
            findings.push(refused("unit_doubled", english, &places));
        }
    }
    findings
}

fn column_findings(matrix: &Matrix, id: &str) -> Vec<Finding> {
    let Some(column) = matrix.columns.get(id) else {
        let english = "there is no column `{id}`; it is a gap for every unit";
        return vec![noted("column_absent", english, &[("id", id)])];
    };
    let endless = column.iter().enumerate().find_map(|(unit, figure)| {
        figure.filter(|figure| !figure.is_finite()).map(|figure| (unit, figure))
    });
    if let Some((unit, figure)) = endless {
        let places =
            [("id", id), ("unit", matrix.units[unit].as_str()), ("figure", &figure.to_string())];
        let english = "`{id}` of unit `{unit}` is {figure}, which is no figure; leave a gap empty";
        return vec![refused("figure_endless", english, &places)];
    }
    let mut present = column.iter().flatten();
    let Some(first) = present.next() else {
        let english = "`{id}` has no figure for any unit; its weight goes to its siblings";
        return vec![noted("column_empty", english, &[("id", id)])];
    };
    if matrix.units.len() > 1 && present.clone().next().is_some() && present.all(|it| it == first) {
        let english = "`{id}` is {figure} for every unit and separates nobody";
        let places = [("id", id), ("figure", &first.to_string())];
        return vec![noted("column_constant", english, &places)];
    }
    Vec::new()
}

fn leaf_findings(leaf: &Leaf, matrix: &Matrix) -> Vec<Finding> {
    let id = leaf.indicator.as_str();
    let Some(column) = matrix.columns.get(id) else { return Vec::new() };
    let first =
        |wanted: &dyn Fn(f64) -> bool| column.iter().position(|figure| figure.is_some_and(wanted));
    let mut findings = Vec::new();
    let log = matches!(
        leaf.value,
        ValueFunction::Goalposts { log: true, .. }
            | ValueFunction::PercentileGoalposts { log: true, .. }
    );
    if let Some(unit) = first(&|figure| log && figure < 0.0) {
        let english = "`{id}` of unit `{unit}` is negative and stands under a logarithm; \
                       it counts as the lowest";
        let places = [("id", id), ("unit", matrix.units[unit].as_str())];
        findings.push(noted("negative_log", english, &places));
    }
    if let ValueFunction::DistanceToReference { unit, .. } = &leaf.value {
        let at = matrix.units.iter().position(|code| code == unit);
        if at.is_none_or(|at| column[at].is_none()) {
            let english = "`{id}` is measured against unit `{unit}`, which has no figure";
            findings.push(refused("reference_absent", english, &[("id", id), ("unit", unit)]));
        }
    }
    if let Some(by) = &leaf.denominator {
        let zero = matrix
            .columns
            .get(&by.column)
            .and_then(|below| below.iter().position(|figure| *figure == Some(0.0)));
        if let Some(unit) = zero {
            let english = "`{column}` of unit `{unit}` is 0, and `{id}` is divided by it; \
                           the result is a gap";
            let places =
                [("column", by.column.as_str()), ("unit", &matrix.units[unit]), ("id", id)];
            findings.push(noted("denominator_zero", english, &places));
        }
    }
    findings
}

impl Run {
    /// Looks at what became of the figures: what no method could value or weigh.
    pub fn findings(&self, model: &Model, units: &[String]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .faults
            .iter()
            .map(|problem| Finding { gravity: Gravity::Refused, problem: problem.clone() })
            .collect();
        for (leaf, (treated, normalised)) in
            model.leaves.iter().zip(self.stages.treated.iter().zip(&self.normalised))
        {
            let lost = treated.iter().zip(normalised.iter());
            let mut lost =
                lost.enumerate().filter(|(_, (figure, value))| figure.is_some() && value.is_none());
            if let Some((unit, _)) = lost.next() {
                let places = [
                    ("id", leaf.indicator.as_str()),
                    ("unit", units[unit].as_str()),
                    ("count", &(1 + lost.count()).to_string()),
                ];
                let english = "`{id}` of unit `{unit}` has a figure but no value by its method; \
                               {count} units are gaps for that";
                findings.push(noted("figure_unvalued", english, &places));
            }
        }
        for (group, values) in model.groups.iter().zip(&self.groups) {
            if values.iter().all(Option::is_none) {
                let english = "group `{id}` has no value for any unit";
                findings.push(noted("group_empty", english, &[("id", &group.id)]));
            }
        }
        findings.extend(self.floored(model, units));
        findings
    }

    /// Values below the floor of the mean above them.
    fn floored(&self, model: &Model, units: &[String]) -> Vec<Finding> {
        let floor = |at: usize| match model.groups[at].aggregation {
            Aggregation::Geometric { floor } | Aggregation::Harmonic { floor } => Some(floor),
            _ => None,
        };
        let leaves = model.leaves.iter().zip(&self.normalised);
        let leaves = leaves.map(|(leaf, values)| (leaf.indicator.as_str(), leaf.parent, values));
        let groups = model
            .groups
            .iter()
            .zip(&self.groups)
            .filter_map(|(group, values)| Some((group.id.as_str(), group.parent?, values)));
        let mut findings = Vec::new();
        for (id, parent, values) in leaves.chain(groups) {
            let Some(floor) = floor(parent) else { continue };
            let below = values.iter().position(|value| value.is_some_and(|value| value < 0.0));
            if let Some(unit) = below {
                let places = [
                    ("id", id),
                    ("unit", units[unit].as_str()),
                    ("group", &model.groups[parent].id),
                    ("floor", &floor.to_string()),
                ];
                let english = "`{id}` of unit `{unit}` is negative under the mean of `{group}`; \
                               it counts as the floor {floor}";
                findings.push(noted("negative_mean", english, &places));
            }
        }
        findings
    }
}
