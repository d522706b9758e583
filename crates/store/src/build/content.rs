//! Checks the content of a snapshot and puts it in the order in which it is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::boundaries::{self, Tables};
use super::{Figure, Grunnkrets, NewMeasure, SnapshotBuilder};
use crate::checksum::{FigureChecksum, FigureLine};
use crate::{Municipality, RegionChange, Source, StoreError};

/// The code under which a figure describes the whole nation.
const NATION: &str = "0";

/// Names that a measure's view cannot have.
const TABLES: [&str; 9] = [
    "boundary_county",
    "boundary_municipality",
    "figure",
    "grunnkrets",
    "measure",
    "municipality",
    "region_change",
    "snapshot_property",
    "source",
];

/// Content that agrees with itself, sorted by key.
pub(super) struct Content<'builder> {
    pub(super) municipalities: Vec<&'builder Municipality>,
    pub(super) sources: Vec<&'builder Source>,
    pub(super) measures: Vec<&'builder NewMeasure>,
    pub(super) region_changes: Vec<&'builder RegionChange>,
    pub(super) grunnkretser: Vec<&'builder Grunnkrets>,
    /// By table and code, with their extents.
    pub(super) boundaries: Tables<'builder>,
    /// By measure, period and code.
    pub(super) figures: Vec<KeyedFigure<'builder>>,
    /// One per measure, in the order of `measures`.
    pub(super) checksums: Vec<String>,
}

/// A figure with the keys of its measure and source.
pub(super) struct KeyedFigure<'builder> {
    pub(super) measure_id: i64,
    pub(super) source_id: i64,
    pub(super) figure: &'builder Figure,
}

pub(super) fn check(builder: &SnapshotBuilder) -> Result<Content<'_>, StoreError> {
    check_created(&builder.created)?;
    let municipalities = by_key(&builder.municipalities, |entry| &entry.municipality_code)?;
    let sources = by_key(&builder.sources, |entry| &entry.source)?;
    let measures = by_key(&builder.measures, |entry| &entry.measure)?;
    let mut region_changes: Vec<&RegionChange> = builder.region_changes.iter().collect();
    region_changes.sort_by_key(|change| (&change.old_code, &change.valid_from, &change.new_code));
    for measure in &measures {
        check_measure(measure, &sources)?;
    }
    let figures = figures(builder, &measures, &sources)?;
    let checksums = checksums(measures.len(), &figures);
    Ok(Content {
        boundaries: boundaries::check(&builder.boundaries, &sources)?,
        municipalities,
        sources,
        measures,
        region_changes,
        grunnkretser: by_key(&builder.grunnkretser, |entry| &entry.grunnkrets_code)?,
        figures,
        checksums,
    })
}

/// The key that SQLite gives the entry at `position` of a sorted list.
pub(super) fn key(position: usize) -> i64 {
    i64::try_from(position + 1).unwrap_or(i64::MAX)
}

fn by_key<'entries, E>(
    entries: &'entries [E],
    key: impl Fn(&'entries E) -> &'entries String,
) -> Result<Vec<&'entries E>, StoreError> {
    let mut sorted: Vec<&E> = entries.iter().collect();
    sorted.sort_by_key(|entry| key(entry));
    match sorted.windows(2).find(|pair| key(pair[0]) == key(pair[1])) {
        Some(pair) => Err(content(format!("`{}` occurs twice", key(pair[0])))),
        None => Ok(sorted),
    }
}

fn check_created(created: &str) -> Result<(), StoreError> {
    let shape: String =
        created.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect();
    if shape == "0000-00-00" {
        return Ok(());
    }
    Err(content(format!("`{created}` is not a date such as 2026-11-21")))
}

fn check_measure(measure: &NewMeasure, sources: &[&Source]) -> Result<(), StoreError> {
    let name = &measure.measure;
    let letters = name.starts_with(|sign: char| sign.is_ascii_lowercase())
        && name
            .chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_');
    let taken =
        TABLES.contains(&name.as_str()) || name.starts_with("gpkg_") || name.starts_with("sqlite_");
    if !letters || taken {
        return Err(content(format!("a measure cannot be named `{name}`")));
    }
    if !sources.iter().any(|source| source.source == measure.source) {
        return Err(content(format!(
            "measure `{name}` has the unknown source `{}`",
            measure.source
        )));
    }
    Ok(())
}

fn figures<'builder>(
    builder: &'builder SnapshotBuilder,
    measures: &[&NewMeasure],
    sources: &[&Source],
) -> Result<Vec<KeyedFigure<'builder>>, StoreError> {
    let measure_ids: BTreeMap<&str, i64> = measures
        .iter()
        .enumerate()
        .map(|(position, measure)| (measure.measure.as_str(), key(position)))
        .collect();
    let source_ids: BTreeMap<&str, i64> = sources
        .iter()
        .enumerate()
        .map(|(position, source)| (source.source.as_str(), key(position)))
        .collect();
    let codes: BTreeSet<&str> = builder
        .municipalities
        .iter()
        .map(|municipality| municipality.municipality_code.as_str())
        .chain([NATION])
        .collect();
    let mut keyed = Vec::with_capacity(builder.figures.len());
    for figure in &builder.figures {
        let wrong = |what: String| content(format!("figure {}: {what}", name(figure)));
        let measure_id = *measure_ids
            .get(figure.measure.as_str())
            .ok_or_else(|| wrong("unknown measure".to_owned()))?;
        let source_id = *source_ids
            .get(figure.source.as_str())
            .ok_or_else(|| wrong(format!("unknown source `{}`", figure.source)))?;
        if !codes.contains(figure.municipality_code.as_str()) {
            return Err(wrong("unknown municipality".to_owned()));
        }
        if figure.value.is_none() != figure.status.is_gap() {
            return Err(wrong(format!("status `{}` with value {:?}", figure.status, figure.value)));
        }
        if figure.value.is_some_and(|value| !value.is_finite()) {
            return Err(wrong("the value is not a number".to_owned()));
        }
        keyed.push(KeyedFigure { measure_id, source_id, figure });
    }
    keyed.sort_by(|left, right| order(left).cmp(&order(right)));
    match keyed.windows(2).find(|pair| order(&pair[0]) == order(&pair[1])) {
        Some(pair) => Err(content(format!("figure {} occurs twice", name(pair[0].figure)))),
        None => Ok(keyed),
    }
}

/// The primary key of a figure.
fn order<'figure>(keyed: &'figure KeyedFigure<'_>) -> (i64, &'figure str, &'figure str) {
    (keyed.measure_id, &keyed.figure.period, &keyed.figure.municipality_code)
}

fn checksums(measures: usize, figures: &[KeyedFigure<'_>]) -> Vec<String> {
    let mut checksums: Vec<FigureChecksum> = Vec::new();
    checksums.resize_with(measures, FigureChecksum::default);
    for KeyedFigure { measure_id, figure, .. } in figures {
        let position = usize::try_from(measure_id - 1).expect("a key is a position plus one");
        checksums[position].add(&FigureLine {
            municipality_code: &figure.municipality_code,
            period: &figure.period,
            value: figure.value,
            status: figure.status.as_str(),
            source: &figure.source,
        });
    }
    checksums.into_iter().map(FigureChecksum::finish).collect()
}

fn name(figure: &Figure) -> String {
    format!("`{}`, `{}`, `{}`", figure.measure, figure.period, figure.municipality_code)
}

fn content(problem: String) -> StoreError {
    StoreError::Content { problem }
}
