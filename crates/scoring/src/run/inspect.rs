//! What is wrong or noteworthy about the figures that a model is given.

use std::collections::{BTreeSet, HashMap};

use super::{Matrix, Run};
use crate::model::{Aggregation, Imputation, Leaf, Model, Problem, ValueFunction};
use crate::prepare::check::Named;

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
        findings.extend(leaf_findings(model, leaf, matrix));
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

fn named<'a>(matrix: &'a Matrix, id: &'a str) -> Option<Named<'a>> {
    let figures = matrix.columns.get(id)?;
    Some(Named { indicator: id, units: &matrix.units, figures })
}

/// Turns a check that failed into a finding.
fn finding<T>(gravity: Gravity, checked: Result<T, Problem>) -> Option<Finding> {
    checked.err().map(|problem| Finding { gravity, problem })
}

fn column_findings(matrix: &Matrix, id: &str) -> Vec<Finding> {
    let Some(column) = named(matrix, id) else {
        let english = "there is no column `{id}`; it is a gap for every unit";
        return vec![noted("column_absent", english, &[("id", id)])];
    };
    if let Some(endless) = finding(Gravity::Refused, column.finite()) {
        return vec![endless];
    }
    let alone = matrix.units.len() < 2;
    let same = if alone { None } else { finding(Gravity::Noted, column.comparable()) };
    same.into_iter().collect()
}

fn leaf_findings(model: &Model, leaf: &Leaf, matrix: &Matrix) -> Vec<Finding> {
    let Some(column) = named(matrix, &leaf.indicator) else { return Vec::new() };
    let mut findings = Vec::new();
    let takes_no_negative = leaf.shrink.is_some()
        || matches!(
            leaf.value,
            ValueFunction::Goalposts { log: true, .. }
                | ValueFunction::PercentileGoalposts { log: true, .. }
        );
    if takes_no_negative {
        findings.extend(finding(Gravity::Refused, column.not_negative()));
    }
    match (&leaf.value, leaf.direction) {
        (ValueFunction::DistanceToReference { unit, .. }, _) => {
            findings.extend(finding(Gravity::Refused, column.reference(unit)));
        }
        (ValueFunction::DistanceToTarget { target }, Some(direction)) => {
            findings.extend(finding(Gravity::Refused, column.target(*target, direction)));
        }
        _ => {}
    }
    if let Imputation::GroupMean { by } | Imputation::GroupMedian { by } =
        leaf.impute.as_ref().unwrap_or(&model.prepare.impute)
        && let Some(groups) = matrix.labels.get(by)
    {
        findings.extend(finding(Gravity::Noted, column.groups(groups)));
    }
    let below = leaf.denominator.as_ref().and_then(|by| matrix.columns.get(&by.column));
    let zero =
        below.into_iter().flatten().enumerate().find_map(|(unit, below)| {
            below.filter(|below| *below <= 0.0).map(|below| (unit, below))
        });
    if let Some((unit, denominator)) = zero {
        let problem = column.denominator_unusable(unit, denominator);
        findings.push(Finding { gravity: Gravity::Noted, problem });
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
                findings.push(noted("model_group_empty", english, &[("id", &group.id)]));
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
