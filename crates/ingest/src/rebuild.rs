//! The snapshot made of the embedded one and the accepted extracts; pure, and without a clock.
//!
//! Figures of an extract take the place of those that the base has for the same
//! measure. Where an indicator then falls outside its valid range (a unit that
//! changed without a word), the measures concerned go back to the base's figures
//! and the reason is told: one bad table never stops the score.

use std::collections::BTreeMap;
use std::path::Path;

use cube::Cube;
use indicators::{Evaluation, IndicatorError, Pack};
use store::build::{Figure, Grunnkrets, ModelledShare, NewMeasure, SnapshotBuilder};
use store::{Measure, Session, Snapshot, StoreError, Value, ValueStatus};

use crate::figures::{MeasureFigures, figures};
use crate::{Borders, Drift, DriftKind, IngestError, MeasureRule, Source, Sources};

/// A version of an extract that the snapshot is made of.
#[derive(Debug, Clone)]
pub struct Accepted<'a> {
    /// What it is an extract of.
    pub source: &'a Source,
    /// The version: twelve hex digits.
    pub version: String,
    /// The table's `updated`.
    pub updated: Option<String>,
    /// When its last block came, UTC.
    pub fetched_at: String,
    /// The query, as it was asked.
    pub query: String,
    /// SHA-256 of the raw answers, in the order of the blocks.
    pub digests: Vec<String>,
    /// Its cells.
    pub cube: Cube,
}

/// A snapshot to be written, and what did not get into it.
#[derive(Debug)]
pub struct Rebuilt {
    /// The content.
    pub builder: SnapshotBuilder,
    /// Measures that were made, with the extract and version that they come from.
    pub made: BTreeMap<String, String>,
    /// Measures that keep the base's figures, or none, each with the reason.
    pub left_out: Vec<LeftOut>,
}

/// A measure that an extract should have given and did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The measure.
    pub measure: String,
    /// The extract.
    pub extract: String,
    /// Why.
    pub drift: Drift,
}

/// Makes the content of a snapshot: the base, with the measures of the extracts put in.
///
/// The same base, pack and extracts give the same bytes. `scratch` is the path of a file on
/// which they are tried before anybody sees them; the caller takes it away.
///
/// # Errors
///
/// The base cannot be read; the content contradicts itself, which is a fault of ours.
pub fn rebuild(
    base: &Snapshot,
    pack: &Pack,
    sources: &Sources,
    extracts: &[Accepted<'_>],
    scratch: &Path,
) -> Result<Rebuilt, IngestError> {
    let base = Base::read(base)?;
    let mut banned: BTreeMap<String, Drift> = BTreeMap::new();
    loop {
        let rebuilt = base.with(pack, sources, extracts, &banned)?;
        let Some((indicator, drift)) = first_fault(&rebuilt.builder, pack, scratch)? else {
            return Ok(rebuilt);
        };
        let Some(suspect) = suspect(pack, &indicator, &rebuilt) else {
            // The base itself is at fault, or our code: whoever opens the snapshot will be told.
            return Ok(rebuilt);
        };
        banned.insert(suspect, drift);
    }
}

/// Of the new measures that an indicator reads the one that the fewest indicators read.
///
/// A measure that many read is right in most of them; it is suspected last.
fn suspect(pack: &Pack, indicator: &str, rebuilt: &Rebuilt) -> Option<String> {
    let readers = |measure: &String| {
        pack.indicators.values().filter(|one| one.inputs.contains(measure)).count()
    };
    let inputs = &pack.indicators.get(indicator)?.inputs;
    let made = inputs.iter().filter(|input| rebuilt.made.contains_key(*input));
    made.min_by_key(|input| readers(input)).cloned()
}

/// Runs every indicator, and returns the first that the figures break.
fn first_fault(
    builder: &SnapshotBuilder,
    pack: &Pack,
    scratch: &Path,
) -> Result<Option<(String, Drift)>, IngestError> {
    builder.write(scratch)?;
    let snapshot = Snapshot::open(scratch)?;
    match Evaluation::run(pack, &snapshot, &pack.indicator_ids()) {
        Ok(_) => Ok(None),
        Err(IndicatorError::Row { indicator, municipality_code, period, problem }) => {
            let place = format!("{municipality_code}, {period}");
            let drift = Drift::new(DriftKind::Figure, format!("{indicator}, {place}"));
            Ok(Some((indicator, drift.found(problem))))
        }
        Err(other) => Err(other.into()),
    }
}

/// The content of a snapshot, to be written again with something added.
///
/// # Errors
///
/// The snapshot cannot be read.
pub fn snapshot_content(snapshot: &Snapshot) -> Result<SnapshotBuilder, StoreError> {
    Ok(Base::read(snapshot)?.builder)
}

/// Everything of the base snapshot, ready to be written again.
struct Base {
    builder: SnapshotBuilder,
    borders: Borders,
}

impl Base {
    fn read(snapshot: &Snapshot) -> Result<Base, StoreError> {
        let session = snapshot.session()?;
        let mut builder = SnapshotBuilder::new(snapshot.created());
        builder.properties = properties(&session)?;
        builder.municipalities = snapshot.municipalities()?;
        builder.sources = snapshot.sources()?;
        builder.measures = snapshot.measures()?.into_iter().map(as_new).collect();
        builder.region_changes = snapshot.region_changes()?;
        builder.grunnkretser = grunnkretser(&session)?;
        builder.figures = all_figures(&session, "figure", "municipality_code")?;
        builder.published = all_figures(&session, "published", "region_code")?;
        builder.modelled = modelled(&session)?;
        builder.region_conversions = snapshot.region_conversions()?;
        let codes = builder.municipalities.iter().map(|place| place.municipality_code.clone());
        let borders = Borders::new(codes.collect(), &builder.region_conversions);
        Ok(Base { builder, borders })
    }

    fn with(
        &self,
        pack: &Pack,
        sources: &Sources,
        extracts: &[Accepted<'_>],
        banned: &BTreeMap<String, Drift>,
    ) -> Result<Rebuilt, IngestError> {
        let mut rebuilt =
            Rebuilt { builder: self.builder.clone(), made: BTreeMap::new(), left_out: Vec::new() };
        for extract in extracts {
            for rule in &extract.source.measures {
                let made = match banned.get(&rule.id) {
                    Some(drift) => Err(drift.clone()),
                    None => figures(
                        extract.source,
                        rule,
                        &extract.cube,
                        &sources.symbols,
                        &self.borders,
                    ),
                };
                rebuilt.put(pack, extract, rule, made);
            }
        }
        Ok(rebuilt)
    }
}

impl Rebuilt {
    fn put(
        &mut self,
        pack: &Pack,
        extract: &Accepted<'_>,
        rule: &MeasureRule,
        made: Result<MeasureFigures, Drift>,
    ) {
        let made = match made {
            Ok(made) if !made.figures.is_empty() => Ok(made),
            Ok(_) => Err(Drift::new(DriftKind::Figure, &rule.id).found("no figures")),
            Err(drift) => Err(drift),
        };
        match (made, pack.measures.get(&rule.id)) {
            (Ok(made), Some(measure)) => self.accept(measure, extract, made),
            (Err(drift), _) => {
                let extract = extract.source.extract();
                self.left_out.push(LeftOut { measure: rule.id.clone(), extract, drift });
            }
            (Ok(_), None) => {}
        }
    }

    fn accept(
        &mut self,
        measure: &indicators::Measure,
        extract: &Accepted<'_>,
        made: MeasureFigures,
    ) {
        let source = source_row(measure, extract);
        let MeasureFigures { mut figures, mut published, mut modelled } = made;
        for figure in figures.iter_mut().chain(&mut published) {
            figure.source.clone_from(&source.source);
        }
        let builder = &mut self.builder;
        let held = builder.measures.iter().position(|held| held.measure == measure.id);
        let before = held.map(|at| builder.measures.remove(at));
        builder.measures.push(new_measure(measure, before, &source.source, &figures));
        builder.figures.retain(|figure| figure.measure != measure.id);
        builder.figures.append(&mut figures);
        builder.published.retain(|figure| figure.measure != measure.id);
        builder.published.append(&mut published);
        builder.modelled.retain(|share| share.measure != measure.id);
        builder.modelled.append(&mut modelled);
        self.made.insert(measure.id.clone(), source.source.clone());
        if !builder.sources.iter().any(|held| held.source == source.source) {
            builder.sources.push(source);
        }
        let fetched = extract.fetched_at.get(..10).unwrap_or_default();
        if fetched > builder.created.as_str() {
            fetched.clone_into(&mut builder.created);
        }
    }
}

/// The row that a receipt begins with: `ssb.07459.no.population@0123456789ab`.
fn source_row(measure: &indicators::Measure, extract: &Accepted<'_>) -> store::Source {
    let title = extract.cube.label.clone().unwrap_or_default();
    let updated = extract.updated.as_deref().unwrap_or("unknown");
    store::Source {
        source: format!("{}@{}", extract.source.extract(), extract.version),
        publisher: measure.publisher.clone(),
        title: format!("StatBank {title}"),
        licence: measure.licence.clone(),
        reference_date: format!("updated {updated}"),
        retrieved_via: format!(
            "PxWebApi v2, table {}, fetched {}, version {}, query {}, answers sha256 {}",
            extract.source.table,
            extract.fetched_at,
            extract.version,
            extract.query,
            extract.digests.join(" ")
        ),
    }
}

fn new_measure(
    measure: &indicators::Measure,
    before: Option<NewMeasure>,
    source: &str,
    figures: &[Figure],
) -> NewMeasure {
    let title = |language: &str| measure.title.get(language).cloned().unwrap_or_default();
    let valued = figures.iter().filter(|figure| figure.value.is_some());
    let first = valued.clone().map(|figure| figure.period.as_str()).min().unwrap_or_default();
    let latest = valued.clone().map(|figure| figure.period.as_str()).max().unwrap_or_default();
    let coverage = valued.filter(|figure| figure.period == latest).count();
    let (definition, direction_hint) = match before {
        Some(before) => (before.definition, before.direction_hint),
        None => (measure.selection.clone(), "none".to_owned()),
    };
    NewMeasure {
        measure: measure.id.clone(),
        title_nb: title("nb"),
        title_en: title("en"),
        unit: measure.unit.clone(),
        definition,
        publisher: measure.publisher.clone(),
        table_or_page: measure.table.clone(),
        licence: measure.licence.clone(),
        reference_period: match first == latest {
            true => latest.to_owned(),
            false => format!("{first}-{latest}"),
        },
        latest_period: latest.to_owned(),
        coverage_latest: u32::try_from(coverage).unwrap_or(u32::MAX),
        direction_hint,
        // What had to be known of the base's figures does not hold for these.
        caveat: None,
        source: source.to_owned(),
    }
}

fn as_new(measure: Measure) -> NewMeasure {
    NewMeasure {
        measure: measure.measure,
        title_nb: measure.title_nb,
        title_en: measure.title_en,
        unit: measure.unit,
        definition: measure.definition,
        publisher: measure.publisher,
        table_or_page: measure.table_or_page,
        licence: measure.licence,
        reference_period: measure.reference_period,
        latest_period: measure.latest_period,
        coverage_latest: measure.coverage_latest,
        direction_hint: measure.direction_hint,
        caveat: measure.caveat,
        source: measure.source,
    }
}

fn properties(session: &Session) -> Result<BTreeMap<String, String>, StoreError> {
    // `created`, `format_version` and `seal` are written anew.
    let sql = "SELECT key, value FROM snapshot_property
        WHERE key NOT IN ('created', 'format_version', 'seal')";
    let rows = session.rows(sql)?.rows;
    Ok(rows.iter().map(|row| (text(row, 0), text(row, 1))).collect())
}

pub(crate) fn grunnkretser(session: &Session) -> Result<Vec<Grunnkrets>, StoreError> {
    let sql = "SELECT grunnkrets_code, name, delomrade_code, municipality_code, kind
        FROM grunnkrets ORDER BY grunnkrets_code";
    let read = |row: &Vec<Value>| Grunnkrets {
        grunnkrets_code: text(row, 0),
        name: text(row, 1),
        delomrade_code: text(row, 2),
        municipality_code: text(row, 3),
        kind: text(row, 4),
    };
    Ok(session.rows(sql)?.rows.iter().map(read).collect())
}

/// The rows of one of the two tables of figures, whose codes stand in the column `code`.
fn all_figures(session: &Session, table: &str, code: &str) -> Result<Vec<Figure>, StoreError> {
    let sql = format!(
        "SELECT {code}, measure, period, value, status, source.source
        FROM {table} JOIN measure USING (measure_id) JOIN source USING (source_id)"
    );
    let read = |row: &Vec<Value>| {
        Ok(Figure {
            municipality_code: text(row, 0),
            measure: text(row, 1),
            period: text(row, 2),
            value: row[3].as_f64(),
            status: text(row, 4).parse::<ValueStatus>()?,
            source: text(row, 5),
        })
    };
    session.rows(&sql)?.rows.iter().map(read).collect()
}

fn modelled(session: &Session) -> Result<Vec<ModelledShare>, StoreError> {
    let sql = "SELECT municipality_code, measure, period, modelled_share FROM figure_modelled";
    let read = |row: &Vec<Value>| ModelledShare {
        municipality_code: text(row, 0),
        measure: text(row, 1),
        period: text(row, 2),
        share: row[3].as_f64().unwrap_or_default(),
    };
    Ok(session.rows(sql)?.rows.iter().map(read).collect())
}

fn text(row: &[Value], at: usize) -> String {
    row[at].as_str().unwrap_or_default().to_owned()
}
