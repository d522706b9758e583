//! Reads the tables of facts; what does not fit is reported with its file and line.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use csv::{Reader, StringRecord};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::build::{Figure, Grunnkrets, NewMeasure};
use store::{Municipality, RegionChange, Source, ValueStatus};

/// All tables, in the order of their files.
pub struct Facts {
    pub municipalities: Vec<Municipality>,
    pub sources: Vec<Source>,
    pub measures: Vec<NewMeasure>,
    pub figures: Vec<Figure>,
    pub region_changes: Vec<RegionChange>,
    pub grunnkretser: Vec<Grunnkrets>,
}

impl Facts {
    /// Reads the folder.
    pub fn read(folder: &Path) -> anyhow::Result<Facts> {
        let municipalities = read(folder, "municipalities.csv", municipality)?;
        let sources = read(folder, "sources.csv", source)?;
        let measures = read(folder, "measures.csv", measure)?;
        let figures = figures(folder, &Known::new(&municipalities, &sources, &measures))?;
        Ok(Facts {
            municipalities,
            sources,
            measures,
            figures,
            region_changes: read(folder, "crosswalk.csv", region_change)?,
            grunnkretser: read(folder, "grunnkretser-2024.csv", grunnkrets)?,
        })
    }
}

/// What a figure may refer to.
struct Known<'facts> {
    municipalities: BTreeSet<&'facts str>,
    sources: BTreeSet<&'facts str>,
    measures: BTreeSet<&'facts str>,
}

impl<'facts> Known<'facts> {
    fn new(
        municipalities: &'facts [Municipality],
        sources: &'facts [Source],
        measures: &'facts [NewMeasure],
    ) -> Known<'facts> {
        Known {
            municipalities: municipalities
                .iter()
                .map(|entry| entry.municipality_code.as_str())
                .collect(),
            sources: sources.iter().map(|entry| entry.source.as_str()).collect(),
            measures: measures.iter().map(|entry| entry.measure.as_str()).collect(),
        }
    }
}

/// One table: its rows, each with the place to name in an error.
struct Table {
    path: PathBuf,
    headers: StringRecord,
    reader: Reader<File>,
}

impl Table {
    fn open(folder: &Path, file: &str) -> anyhow::Result<Table> {
        let path = folder.join(file);
        let mut reader =
            Reader::from_path(&path).with_context(|| format!("reading `{}`", path.display()))?;
        let headers = reader.headers()?.clone();
        Ok(Table { path, headers, reader })
    }

    /// Hands each row and its line to `take`; an error of either names the place.
    fn for_each<Row: DeserializeOwned>(
        mut self,
        mut take: impl FnMut(Row, u64) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut record = StringRecord::new();
        while self
            .reader
            .read_record(&mut record)
            .with_context(|| self.path.display().to_string())?
        {
            let line = record.position().map_or(0, csv::Position::line);
            record
                .deserialize(Some(&self.headers))
                .map_err(|error| anyhow!(error))
                .and_then(|row| take(row, line))
                .with_context(|| format!("{}:{line}", self.path.display()))?;
        }
        Ok(())
    }
}

fn read<Row: DeserializeOwned, Entry>(
    folder: &Path,
    file: &str,
    entry: impl Fn(Row) -> Entry,
) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    Table::open(folder, file)?.for_each(|row, _line| {
        entries.push(entry(row));
        Ok(())
    })?;
    Ok(entries)
}

#[derive(Deserialize)]
struct FigureRow {
    municipality_code: String,
    measure: String,
    period: String,
    value: String,
    status: String,
    source_id: String,
}

fn figures(folder: &Path, known: &Known<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut lines: HashMap<(String, String, String), u64> = HashMap::new();
    Table::open(folder, "figures.csv")?.for_each(|row: FigureRow, line| {
        let key = (row.measure.clone(), row.period.clone(), row.municipality_code.clone());
        figures.push(figure(row, known)?);
        match lines.insert(key, line) {
            Some(first) => bail!("the same municipality, measure and period as line {first}"),
            None => Ok(()),
        }
    })?;
    Ok(figures)
}

fn figure(row: FigureRow, known: &Known<'_>) -> anyhow::Result<Figure> {
    if !known.measures.contains(row.measure.as_str()) {
        bail!("unknown measure `{}`", row.measure);
    }
    if !known.municipalities.contains(row.municipality_code.as_str()) {
        bail!("unknown municipality `{}`", row.municipality_code);
    }
    if !known.sources.contains(row.source_id.as_str()) {
        bail!("unknown source `{}`", row.source_id);
    }
    let status = status(&row.status)?;
    let value = value(&row.value)?;
    match (status.is_gap(), value) {
        (true, Some(_)) => bail!("status `{status}` with a value"),
        (false, None) => bail!("status `{status}` without a value"),
        (true, None) | (false, Some(_)) => Ok(Figure {
            municipality_code: row.municipality_code,
            measure: row.measure,
            period: row.period,
            value,
            status,
            source: row.source_id,
        }),
    }
}

/// The facts say `missing_source` where the source lists the cell without a usable figure.
fn status(text: &str) -> anyhow::Result<ValueStatus> {
    match text {
        "missing_source" => Ok(ValueStatus::NotPublished),
        other => Ok(other.parse()?),
    }
}

fn value(text: &str) -> anyhow::Result<Option<f64>> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => bail!("`{text}` is not a number"),
    }
}

#[derive(Deserialize)]
struct MunicipalityRow {
    municipality_code: String,
    name: String,
    display_name: String,
    alt_names: String,
    county_code: String,
    county_name: String,
    longitude: f64,
    latitude: f64,
    total_area_km2: f64,
    centrality_class: u32,
    centrality_index: u32,
}

fn municipality(row: MunicipalityRow) -> Municipality {
    Municipality {
        municipality_code: row.municipality_code,
        name: row.name,
        display_name: row.display_name,
        alternative_names: row
            .alt_names
            .split('|')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        county_code: row.county_code,
        county_name: row.county_name,
        longitude: row.longitude,
        latitude: row.latitude,
        hexagon_column: 0,
        hexagon_row: 0,
        total_area_km2: row.total_area_km2,
        centrality_class: row.centrality_class,
        centrality_index: row.centrality_index,
    }
}

#[derive(Deserialize)]
struct SourceRow {
    source_id: String,
    publisher: String,
    title: String,
    licence: String,
    reference_date: String,
    retrieved_via: String,
}

fn source(row: SourceRow) -> Source {
    Source {
        source: row.source_id,
        publisher: row.publisher,
        title: row.title,
        licence: row.licence,
        reference_date: row.reference_date,
        retrieved_via: for_readers(&row.retrieved_via),
    }
}

#[derive(Deserialize)]
struct MeasureRow {
    measure: String,
    title_nb: String,
    title_en: String,
    unit: String,
    definition: String,
    publisher: String,
    publisher_table_or_page: String,
    licence: String,
    reference_period: String,
    latest_period: String,
    coverage_latest: u32,
    direction_hint: String,
    caveat: Option<String>,
    source_id: String,
}

fn measure(row: MeasureRow) -> NewMeasure {
    NewMeasure {
        measure: row.measure,
        title_nb: row.title_nb,
        title_en: row.title_en,
        unit: row.unit,
        definition: row.definition,
        publisher: row.publisher,
        table_or_page: row.publisher_table_or_page,
        licence: row.licence,
        reference_period: row.reference_period,
        latest_period: row.latest_period,
        coverage_latest: row.coverage_latest,
        direction_hint: row.direction_hint,
        caveat: row.caveat,
        source: row.source_id,
    }
}

#[derive(Deserialize)]
struct RegionChangeRow {
    old_code: String,
    old_name: String,
    new_code: String,
    new_name: String,
    valid_from: String,
    kind: String,
    weight: Option<f64>,
    weight_basis: Option<String>,
    note: Option<String>,
}

fn region_change(row: RegionChangeRow) -> RegionChange {
    RegionChange {
        old_code: row.old_code,
        old_name: row.old_name,
        new_code: row.new_code,
        new_name: row.new_name,
        valid_from: row.valid_from,
        kind: row.kind,
        weight: row.weight,
        weight_basis: row.weight_basis,
        note: row.note,
    }
}

#[derive(Deserialize)]
struct GrunnkretsRow {
    grunnkrets_code: String,
    name: String,
    delomrade_code: String,
    municipality_code: String,
    kind: String,
}

fn grunnkrets(row: GrunnkretsRow) -> Grunnkrets {
    Grunnkrets {
        grunnkrets_code: row.grunnkrets_code,
        name: row.name,
        delomrade_code: row.delomrade_code,
        municipality_code: row.municipality_code,
        kind: row.kind,
    }
}

/// Leaves out where the builders keep their recordings; a reader cannot look there.
fn for_readers(retrieved_via: &str) -> String {
    retrieved_via.replace("; repository, commit and path in shared/real/MANIFEST.tsv", "")
}
