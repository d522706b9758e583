//! Checks the content of a snapshot and puts it in the order in which it is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::boundaries::{self, Tables};
use super::regions::{self, RegionRun};
use super::{Figure, Grunnkrets, ModelledShare, NewMeasure, SnapshotBuilder};
use crate::checksum::{FigureChecksum, FigureLine};
use crate::{Municipality, RegionChange, Source, StoreError};

/// The code under which a figure describes the whole nation.
const NATION: &str = "0";

/// Names that a measure's view cannot have.
const TABLES: [&str; 16] = [
    "boundary_county",
    "boundary_municipality",
    "figure",
    "figure_as_published",
    "figure_modelled",
    "grunnkrets",
    "measure",
    "modelled",
    "municipality",
    "published",
    "region_change",
    "region_conversion",
    "region_part",
    "region_year",
    "snapshot_property",
    "source",
];

/// End of the name of the view with a measure's figures as published.
pub(super) const AS_PUBLISHED: &str = "_as_published";

/// Content that agrees with itself, sorted by key.
pub(super) struct Content<'builder> {
    pub(super) municipalities: Vec<&'builder Municipality>,
    pub(super) sources: Vec<&'builder Source>,
    pub(super) measures: Vec<&'builder NewMeasure>,
    pub(super) region_changes: Vec<&'builder RegionChange>,
    pub(super) region_runs: Vec<RegionRun<'builder>>,
    /// Years whose maps are known.
    pub(super) region_years: BTreeSet<i16>,
    pub(super) grunnkretser: Vec<&'builder Grunnkrets>,
    /// By table and code, with their extents.
    pub(super) boundaries: Tables<'builder>,
    /// By measure, period and code.
    pub(super) figures: Vec<KeyedFigure<'builder>>,
    /// By measure, period and code.
    pub(super) published: Vec<KeyedFigure<'builder>>,
    /// By measure, code and period.
    pub(super) modelled: Vec<(i64, &'builder ModelledShare)>,
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
    let keys = Keys::new(&measures, &sources);
    let figures = figures(builder, &keys)?;
    let published = keyed(&builder.published, &keys, &|_| true)?;
    let modelled = modelled(builder, &keys, &figures)?;
    let checksums = checksums(measures.len(), &figures);
    Ok(Content {
        boundaries: boundaries::check(&builder.boundaries, &sources)?,
        municipalities,
        sources,
        measures,
        region_changes,
        region_runs: regions::runs(&builder.region_conversions)?,
        region_years: builder.region_conversions.iter().map(|one| one.from_year).collect(),
        grunnkretser: by_key(&builder.grunnkretser, |entry| &entry.grunnkrets_code)?,
        figures,
        published,
        modelled,
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
    let taken = taken || name.ends_with(AS_PUBLISHED);
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

/// The keys that measures and sources will have.
struct Keys<'builder> {
    measures: BTreeMap<&'builder str, i64>,
    sources: BTreeMap<&'builder str, i64>,
}

impl<'builder> Keys<'builder> {
    fn new(measures: &[&'builder NewMeasure], sources: &[&'builder Source]) -> Keys<'builder> {
        let named = |(position, name): (usize, &'builder String)| (name.as_str(), key(position));
        let measures = measures.iter().map(|measure| &measure.measure).enumerate().map(named);
        let sources = sources.iter().map(|source| &source.source).enumerate().map(named);
        Keys { measures: measures.collect(), sources: sources.collect() }
    }
}

fn figures<'builder>(
    builder: &'builder SnapshotBuilder,
    keys: &Keys<'_>,
) -> Result<Vec<KeyedFigure<'builder>>, StoreError> {
    let codes: BTreeSet<&str> = builder
        .municipalities
        .iter()
        .map(|municipality| municipality.municipality_code.as_str())
        .chain([NATION])
        .collect();
    keyed(&builder.figures, keys, &|code| codes.contains(code))
}

/// Figures with their keys, in order, each once; `knows` says which codes may occur.
fn keyed<'builder>(
    figures: &'builder [Figure],
    keys: &Keys<'_>,
    knows: &dyn Fn(&str) -> bool,
) -> Result<Vec<KeyedFigure<'builder>>, StoreError> {
    let mut keyed = Vec::with_capacity(figures.len());
    for figure in figures {
        let wrong = |what: String| content(format!("figure {}: {what}", name(figure)));
        let measure_id = *keys
            .measures
            .get(figure.measure.as_str())
            .ok_or_else(|| wrong("unknown measure".to_owned()))?;
        let source_id = *keys
            .sources
            .get(figure.source.as_str())
            .ok_or_else(|| wrong(format!("unknown source `{}`", figure.source)))?;
        if !knows(&figure.municipality_code) {
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

/// Shares of figures that are there and have a value.
fn modelled<'builder>(
    builder: &'builder SnapshotBuilder,
    keys: &Keys<'_>,
    figures: &[KeyedFigure<'_>],
) -> Result<Vec<(i64, &'builder ModelledShare)>, StoreError> {
    let mut modelled = Vec::with_capacity(builder.modelled.len());
    for entry in &builder.modelled {
        let ModelledShare { municipality_code: code, measure, period, share } = entry;
        let wrong = |what: &str| {
            content(format!("modelled share of `{measure}`, `{period}`, `{code}`: {what}"))
        };
        let measure_id =
            *keys.measures.get(measure.as_str()).ok_or_else(|| wrong("unknown measure"))?;
        let found = figures.binary_search_by(|held| order(held).cmp(&(measure_id, period, code)));
        let has_value = found.is_ok_and(|at| figures[at].figure.value.is_some());
        if !has_value {
            return Err(wrong("there is no such value"));
        }
        if !(0.0..=1.0).contains(share) {
            return Err(wrong("it is not between 0 and 1"));
        }
        modelled.push((measure_id, entry));
    }
    modelled
        .sort_by_key(|(measure_id, entry)| (*measure_id, &entry.municipality_code, &entry.period));
    Ok(modelled)
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
