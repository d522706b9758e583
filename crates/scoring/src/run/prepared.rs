//! Raw figures as the model prepares them, every stage kept.

use std::sync::Arc;

use super::Matrix;
use crate::model::{Imputation, Leaf, Model, Treatment, ValueFunction};
use crate::normalise::Fitted;
use crate::prepare::denominate::denominate;
use crate::prepare::impute::{Imputed, Middle, by_column, by_group};
use crate::prepare::screen::by_unit;
use crate::prepare::shrink::{Rates, Shrunk, towards_group, towards_whole};
use crate::prepare::treat::{Treated, Winsorising, winsorise_percentiles, winsorise_then_log};

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
    /// By leaf: whether too few units have the indicator for anybody to have it.
    pub dropped: Vec<bool>,
    /// By leaf: how each rate was drawn, where the model asks for it.
    pub draws: Vec<Option<Vec<Shrunk>>>,
    /// By leaf: units whose figure is filled in, in rising order.
    pub filled: Vec<Vec<usize>>,
    /// By leaf: what was done to outliers, where the model asks for it.
    pub treatments: Vec<Option<Treated>>,
}

impl Stages {
    /// Prepares all indicators of a model.
    pub(crate) fn new(model: &Model, matrix: &Matrix) -> Self {
        let gap: Column = vec![None; matrix.units.len()].into();
        let raw: Vec<Column> = model
            .leaves
            .iter()
            .map(|leaf| match matrix.columns.get(&leaf.indicator) {
                Some(column) => column.as_slice().into(),
                None => Arc::clone(&gap),
            })
            .collect();
        let leaves = || model.leaves.iter();
        let denominated: Vec<Column> =
            leaves().zip(&raw).map(|(leaf, column)| divided(leaf, matrix, column)).collect();
        let draws: Vec<Option<Vec<Shrunk>>> =
            leaves().zip(&denominated).map(|(leaf, column)| drawn(leaf, matrix, column)).collect();
        let shrunk: Vec<Column> = denominated
            .iter()
            .zip(&draws)
            .map(|(column, draws)| match draws {
                Some(draws) => draws.iter().map(Shrunk::figure).collect(),
                None => Arc::clone(column),
            })
            .collect();
        let Screened { columns: screened, screened_out, dropped } = screened(model, &shrunk);
        let imputations: Vec<Option<Imputed>> = leaves()
            .zip(&screened)
            .map(|(leaf, column)| filled(model, leaf, matrix, column))
            .collect();
        let imputed: Vec<Column> = screened
            .iter()
            .zip(&imputations)
            .map(|(column, imputation)| match imputation {
                Some(imputation) => imputation.figures.as_slice().into(),
                None => Arc::clone(column),
            })
            .map(|column| without(&column, &screened_out))
            .collect();
        let treatments: Vec<Option<Treated>> =
            leaves().zip(&imputed).map(|(leaf, column)| treatment(model, leaf, column)).collect();
        let treated = imputed
            .iter()
            .zip(&treatments)
            .map(|(column, treatment)| match treatment {
                Some(treatment) if !treatment.changes.is_empty() => {
                    treatment.figures.as_slice().into()
                }
                _ => Arc::clone(column),
            })
            .collect();
        let filled = leaves()
            .zip(imputations)
            .map(|(leaf, imputation)| all_filled(leaf, matrix, imputation))
            .collect();
        Self {
            raw,
            denominated,
            shrunk,
            screened,
            imputed,
            treated,
            screened_out,
            dropped,
            draws,
            filled,
            treatments,
        }
    }

    /// Returns whether a figure was filled in.
    pub fn is_filled(&self, leaf: usize, unit: usize) -> bool {
        self.filled[leaf].binary_search(&unit).is_ok()
    }

    /// Takes a figure from elsewhere the way that the outliers of a column went.
    pub(crate) fn treat(&self, leaf: usize, figure: f64) -> Option<f64> {
        match &self.treatments[leaf] {
            Some(treatment) => treatment.take(&self.imputed[leaf], figure),
            None => Some(figure),
        }
    }

    /// Fixes the ends of every value function on the treated figures.
    pub(crate) fn fit(&self, model: &Model, units: &[String]) -> Vec<Fitted> {
        let leaves = model.leaves.iter().zip(&self.treated);
        leaves.map(|(leaf, column)| fitted(leaf, column, units)).collect()
    }
}

/// Fixes the ends of a leaf's value function; a reference unit's figure is looked up.
pub(crate) fn fitted(leaf: &Leaf, column: &[Option<f64>], units: &[String]) -> Fitted {
    let reference = match &leaf.value {
        ValueFunction::DistanceToReference { unit, .. } => {
            units.iter().position(|code| code == unit).and_then(|at| column[at])
        }
        _ => None,
    };
    Fitted::with_reference(&leaf.value, leaf.direction, column, reference)
}

fn divided(leaf: &Leaf, matrix: &Matrix, column: &Column) -> Column {
    let Some(by) = &leaf.denominator else { return Arc::clone(column) };
    match matrix.columns.get(&by.column) {
        Some(denominators) => denominate(column, denominators, by.scale).figures.into(),
        None => vec![None; column.len()].into(),
    }
}

fn drawn(leaf: &Leaf, matrix: &Matrix, column: &Column) -> Option<Vec<Shrunk>> {
    let shrink = leaf.shrink.as_ref()?;
    let unknown = vec![None; column.len()];
    let exposures = matrix.columns.get(&shrink.exposure).unwrap_or(&unknown);
    let rates = Rates { figures: column, exposures, per: shrink.per };
    let groups = shrink.towards.as_ref().and_then(|label| matrix.labels.get(label));
    Some(match groups {
        Some(groups) => towards_group(&rates, groups),
        None => towards_whole(&rates),
    })
}

struct Screened {
    columns: Vec<Column>,
    screened_out: Vec<Option<f64>>,
    dropped: Vec<bool>,
}

fn screened(model: &Model, columns: &[Column]) -> Screened {
    let rules = &model.prepare.screen;
    let units = columns.first().map_or(0, |column| column.len());
    let asks_units = rules.data_minimum.is_some() || rules.nonzero_minimum.is_some();
    let screened_out: Vec<Option<f64>> = if asks_units {
        let columns: Vec<&[Option<f64>]> = columns.iter().map(|column| &**column).collect();
        by_unit(&columns)
            .iter()
            .map(|unit| (!rules.keeps_unit(unit)).then(|| unit.share_present().unwrap_or(0.0)))
            .collect()
    } else {
        vec![None; units]
    };
    let dropped: Vec<bool> = columns.iter().map(|column| !rules.keeps_indicator(column)).collect();
    let columns = columns
        .iter()
        .zip(&dropped)
        .map(
            |(column, dropped)| {
                if *dropped { vec![None; units].into() } else { without(column, &screened_out) }
            },
        )
        .collect();
    Screened { columns, screened_out, dropped }
}

/// Takes the units that are left out from a column.
fn without(column: &Column, screened_out: &[Option<f64>]) -> Column {
    let is_touched =
        |(figure, out): (&Option<f64>, &Option<f64>)| figure.is_some() && out.is_some();
    if !column.iter().zip(screened_out).any(is_touched) {
        return Arc::clone(column);
    }
    let keep = |(figure, out): (&Option<f64>, &Option<f64>)| figure.filter(|_| out.is_none());
    column.iter().zip(screened_out).map(keep).collect()
}

/// Fills gaps as the model says; a panel was filled before it came here.
fn filled(model: &Model, leaf: &Leaf, matrix: &Matrix, column: &Column) -> Option<Imputed> {
    let of_group = |by: &String, middle| match matrix.labels.get(by) {
        Some(groups) => by_group(column, groups, middle),
        None => by_column(column, middle),
    };
    match leaf.impute.as_ref().unwrap_or(&model.prepare.impute) {
        Imputation::None | Imputation::LastValue { .. } | Imputation::Linear => None,
        Imputation::Mean => Some(by_column(column, Middle::Mean)),
        Imputation::Median => Some(by_column(column, Middle::Median)),
        Imputation::GroupMean { by } => Some(of_group(by, Middle::Mean)),
        Imputation::GroupMedian { by } => Some(of_group(by, Middle::Median)),
    }
}

/// Units whose figure was filled in, beforehand or here.
fn all_filled(leaf: &Leaf, matrix: &Matrix, imputation: Option<Imputed>) -> Vec<usize> {
    let mut units = matrix.filled.get(&leaf.indicator).cloned().unwrap_or_default();
    units.extend(imputation.map(|imputation| imputation.filled).unwrap_or_default());
    units.sort_unstable();
    units.dedup();
    units
}

fn treatment(model: &Model, leaf: &Leaf, column: &Column) -> Option<Treated> {
    treat(leaf.treat.as_ref().unwrap_or(&model.prepare.treat), column)
}

/// Treats the outliers of a column; `None` where nothing is to be done.
pub(crate) fn treat(treatment: &Treatment, column: &[Option<f64>]) -> Option<Treated> {
    match treatment {
        Treatment::None => None,
        Treatment::WinsoriseThenLog { skewness, kurtosis, points } => {
            let limits = Winsorising { skewness: *skewness, kurtosis: *kurtosis, points: *points };
            Some(winsorise_then_log(column, &limits))
        }
        Treatment::WinsorisePercentiles { low, high } => {
            Some(winsorise_percentiles(column, [*low, *high]))
        }
    }
}
