//! The computed figures, in the shapes that scoring and flags ask for.

use std::collections::{BTreeMap, HashMap};

use indicators::{Availability, Evaluation, Observation, Series};
use scoring::flags::{BoundaryChange, Evidence as FlagEvidence, Observed};
use scoring::{Matrix, Model, normalise};
use store::{Municipality, RegionChange};

use crate::evidence::Scored;

/// All indicators for all municipalities.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) evaluation: Evaluation,
    pub(crate) matrix: Matrix,
    positions: HashMap<String, usize>,
    distributions: BTreeMap<String, Vec<f64>>,
    /// When each municipality's borders last moved.
    borders: Vec<BoundaryChange>,
    /// By indicator and unit, months from the figure's period to the snapshot.
    ages: HashMap<String, Vec<Option<f64>>>,
}

/// What is known of the municipalities besides their figures.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) municipalities: &'a [Municipality],
    pub(crate) changes: &'a [RegionChange],
}

impl Figures {
    pub(crate) fn new(evaluation: Evaluation, known: Known<'_>, created: &str) -> Self {
        let column = |series: &Series| -> Vec<Option<f64>> {
            series.observations.iter().map(|observation| observation.value).collect()
        };
        let columns: HashMap<String, Vec<Option<f64>>> =
            evaluation.series.iter().map(|(id, series)| (id.clone(), column(series))).collect();
        let distributions = columns
            .iter()
            .map(|(id, column)| (id.clone(), normalise::sorted(column.iter().flatten().copied())))
            .collect();
        let units = evaluation.municipalities.clone();
        let positions = units.iter().enumerate().map(|(at, code)| (code.clone(), at)).collect();
        Self {
            borders: borders(&units, known.changes, created),
            matrix: Matrix {
                labels: labels(&units, known.municipalities),
                units,
                columns,
                ..Matrix::default()
            },
            ages: evaluation
                .series
                .iter()
                .map(|(id, each)| (id.clone(), ages(each, created)))
                .collect(),
            evaluation,
            positions,
            distributions,
        }
    }

    pub(crate) fn position(&self, municipality_code: &str) -> Option<usize> {
        self.positions.get(municipality_code).copied()
    }

    pub(crate) fn series(&self, indicator: &str) -> Option<&Series> {
        self.evaluation.series.get(indicator)
    }

    pub(crate) fn observation(&self, indicator: &str, unit: usize) -> Option<&Observation> {
        self.series(indicator).and_then(|series| series.observations.get(unit))
    }

    /// Returns the lowest and the highest figure; `None` where they do not differ.
    pub(crate) fn range(&self, indicator: &str) -> Option<(f64, f64)> {
        let sorted = self.distributions.get(indicator)?;
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        (low < high).then_some((low, high))
    }

    /// Returns the figures of an indicator, in rising order.
    pub(crate) fn sorted(&self, indicator: &str) -> &[f64] {
        self.distributions.get(indicator).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_available(&self, indicator: &str) -> bool {
        self.series(indicator).is_some_and(|series| series.availability == Availability::Available)
    }

    /// Returns one municipality as the flag rules see it.
    pub(crate) fn place<'a>(&'a self, unit: usize, scored: &'a Scored) -> Place<'a> {
        Place { figures: self, unit, scored }
    }

    /// Returns by unit the age in months that half of the weight with data reaches or exceeds.
    ///
    /// One old figure of little weight does not make a score old; half of its
    /// weight does.
    pub(crate) fn median_ages(&self, model: &Model) -> Vec<Option<f64>> {
        let weights = model.effective_weights();
        let columns: Vec<(&[Option<f64>], f64)> = model
            .leaves
            .iter()
            .zip(weights)
            .filter_map(|(leaf, weight)| Some((self.ages.get(&leaf.indicator)?.as_slice(), weight)))
            .collect();
        let of = |unit: usize| {
            let known = columns.iter().filter_map(|(ages, weight)| Some((ages[unit]?, *weight)));
            weighted_median(known.collect())
        };
        (0..self.matrix.units.len()).map(of).collect()
    }
}

/// Returns the number that half of the weight reaches or stays below; `None` of nothing.
fn weighted_median(mut numbers: Vec<(f64, f64)>) -> Option<f64> {
    numbers.sort_by(|left, right| left.0.total_cmp(&right.0));
    let half = numbers.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut reached = 0.0;
    numbers.into_iter().find_map(|(number, weight)| {
        reached += weight;
        (reached >= half).then_some(number)
    })
}

/// Returns by unit how many months old a figure is; `None` for a gap.
fn ages(series: &Series, created: &str) -> Vec<Option<f64>> {
    // Most figures of an indicator are of one period.
    let mut known: Option<(&str, Option<f64>)> = None;
    let mut ages = Vec::with_capacity(series.observations.len());
    for observation in &series.observations {
        let dated = observation.value.and(observation.period.as_deref());
        ages.push(dated.and_then(|period| match known {
            Some((same, age)) if same == period => age,
            _ => known.insert((period, months_between(period, created))).1,
        }));
    }
    ages
}

/// Groups of municipalities by the name of the grouping.
///
/// KOSTRA groups are in no source that the snapshot is made from; a model or a question that
/// names them is told so.
fn labels(
    units: &[String],
    municipalities: &[Municipality],
) -> HashMap<String, Vec<Option<String>>> {
    let by_code: HashMap<&str, &Municipality> =
        municipalities.iter().map(|place| (place.municipality_code.as_str(), place)).collect();
    let label = |of: fn(&Municipality) -> String| -> Vec<Option<String>> {
        units.iter().map(|code| by_code.get(code.as_str()).map(|place| of(place))).collect()
    };
    HashMap::from([
        ("county".to_owned(), label(|place| place.county_code.clone())),
        ("centrality".to_owned(), label(|place| place.centrality_class.to_string())),
    ])
}

/// One municipality with its result.
pub(crate) struct Place<'a> {
    figures: &'a Figures,
    unit: usize,
    scored: &'a Scored,
}

impl FlagEvidence for Place<'_> {
    fn observed(&self, indicator: &str) -> Observed {
        let gap = |status: &str| Observed::Gap(status.to_owned());
        let series = self.figures.series(indicator);
        let Some(series) = series.filter(|each| each.availability == Availability::Available)
        else {
            return gap("unavailable");
        };
        match series.observations.get(self.unit) {
            Some(Observation { value: Some(value), .. }) => Observed::Value(*value),
            Some(missing) => gap(missing.status.as_str()),
            None => gap("unavailable"),
        }
    }

    fn distribution(&self, indicator: &str) -> &[f64] {
        self.figures.sorted(indicator)
    }

    fn coverage(&self) -> Option<f64> {
        self.scored.scores.units.get(self.unit).map(|unit| unit.coverage)
    }

    fn boundary_change(&self) -> BoundaryChange {
        self.figures.borders.get(self.unit).copied().unwrap_or_default()
    }

    fn figure_age_months(&self) -> Option<f64> {
        self.scored.ages.get(self.unit).copied().flatten()
    }
}

/// Returns when the borders of each municipality last moved; a new number moves none.
fn borders(codes: &[String], changes: &[RegionChange], created: &str) -> Vec<BoundaryChange> {
    let years_ago = |code: &String| {
        // A border has two sides: who gave land has other borders as well.
        let is_of = |change: &&RegionChange| change.new_code == *code || change.old_code == *code;
        let own = changes.iter().filter(is_of);
        let moves = own.filter(|change| change.kind != "renumbered");
        let latest = moves.map(|change| change.valid_from.as_str()).max();
        match latest.map(|day| months_between(day, created)) {
            None => BoundaryChange::Never,
            Some(None) => BoundaryChange::Unknown,
            Some(Some(months)) => BoundaryChange::YearsAgo((months / 12.0).floor()),
        }
    };
    codes.iter().map(years_ago).collect()
}

/// Returns whole months from the end of `period` to the month of `date`, at least 0.
///
/// `period` is a year, a month (`2022-10`) or a day; `None` for anything else.
fn months_between(period: &str, date: &str) -> Option<f64> {
    let month_of = |text: &str| -> Option<f64> {
        let year: f64 = text.get(..4)?.parse().ok()?;
        let month: f64 = match text.get(5..7) {
            Some(month) => month.parse().ok()?,
            None => 12.0,
        };
        Some(12.0 * year + month)
    };
    Some((month_of(date)? - month_of(period)?).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::months_between;

    #[test]
    fn age_counts_from_the_end_of_the_period() {
        assert_eq!(months_between("2022", "2026-11-21"), Some(47.0));
        assert_eq!(months_between("2022-10", "2026-11-21"), Some(49.0));
        assert_eq!(months_between("2026-04-20", "2026-11-21"), Some(7.0));
        assert_eq!(months_between("2026", "2026-11-21"), Some(0.0), "a running year is not old");
        assert_eq!(months_between("unknown", "2026-11-21"), None);
    }
}
