//! Packs: one domain as data.

mod files;
mod front_matter;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use files::PackFiles;

use crate::error::IndicatorError;

/// A text by language code (`nb`, `en`).
pub type Localised = BTreeMap<String, String>;

/// A domain: what it measures, how it is counted, scored and flagged.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Name of its folder.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// Models in order of preference: the first that ranks anybody is shown.
    pub default_models: Vec<String>,
    /// Measures that its indicators read, by id.
    pub measures: BTreeMap<String, Measure>,
    /// Indicators by id.
    pub indicators: BTreeMap<String, Indicator>,
    /// Model files (TOML) by id.
    pub models: BTreeMap<String, String>,
    /// The flag file (TOML).
    pub flags: String,
}

/// A published figure: where it comes from and how it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Name of the view that indicators read.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// Unit of the figures.
    pub unit: String,
    /// Who publishes it.
    pub publisher: String,
    /// Licence under which it is published.
    pub licence: String,
    /// Table or page, such as `SSB 07459`; empty while none is known.
    pub table: String,
    /// What is asked of the table.
    pub selection: String,
    /// Which municipal map the figures follow: `merged`, `as_of_year` or `current`.
    pub map: String,
    /// How sure the table and its codes are: `H`, `M` or `L`.
    pub confidence: String,
    /// What one row is about.
    #[serde(default)]
    pub grain: Grain,
    /// Codes fixed for the query, by dimension; only with confidence `H`.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Counties that the embedded extract was asked for; empty: the whole country.
    #[serde(default)]
    pub collected_counties: Vec<String>,
    /// What must be done to get it, where the embedded snapshot lacks it.
    #[serde(default)]
    pub pending: Localised,
}

/// What one row of a measure is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One municipality.
    #[default]
    Municipality,
    /// The whole country.
    Nation,
}

/// An indicator: one SQL file and what it promises.
#[derive(Debug, Clone, Serialize)]
pub struct Indicator {
    /// Key, and name of its file.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// What it says, and its main caveat.
    pub description: Localised,
    /// Unit of the value.
    pub unit: Localised,
    /// Decimals to show.
    pub decimals: u8,
    /// Which end speaks for the case, where one does.
    pub better: Better,
    /// Measures that the SQL reads.
    pub inputs: Vec<String>,
    /// Values outside it are errors of unit or of source.
    pub valid: ValidRange,
    /// Whether the weighted mean is the country's own figure.
    pub national: NationalBasis,
    /// Years that a municipality's own newest value may lie behind the newest.
    pub look_back_years: i64,
    /// The whole file, which is valid SQL.
    pub sql: String,
    /// Path inside the packs folder.
    pub file: String,
}

/// Which end of an indicator speaks for the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Neither by itself.
    None,
}

/// How the country's value comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NationalBasis {
    /// The weight is the denominator: the mean is the country's own figure.
    Exact,
    /// The weight stands in for the denominator.
    Approximate,
    /// No country value can be made from municipal ones.
    None,
}

/// The values that can be right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidRange {
    /// Lowest.
    pub min: f64,
    /// Highest.
    pub max: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PacksFile {
    default: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    id: String,
    title: Localised,
    default_models: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureFile {
    measure: Vec<Measure>,
}

impl Pack {
    /// Loads and checks the pack that `packs.toml` names.
    ///
    /// # Errors
    ///
    /// As [`Pack::load`], and when `packs.toml` is missing or faulty.
    pub fn load_default(files: &PackFiles) -> Result<Self, IndicatorError> {
        let packs: PacksFile = read_toml(files, "packs.toml")?;
        Self::load(files, &packs.default)
    }

    /// Loads and checks the pack in folder `id`.
    ///
    /// # Errors
    ///
    /// The first fault met, with file and line: a missing file, TOML that does
    /// not parse, an indicator that reads a measure the pack does not define, a
    /// measure with fixed codes that nobody has seen working.
    pub fn load(files: &PackFiles, id: &str) -> Result<Self, IndicatorError> {
        let pack_path = format!("{id}/pack.toml");
        let pack: PackFile = read_toml(files, &pack_path)?;
        if pack.id != id {
            return Err(IndicatorError::file(&pack_path, 1, format!("`id` must be `{id}`")));
        }
        let measures = load_measures(files, id)?;
        let mut indicators = BTreeMap::new();
        for path in files.list(&format!("{id}/indicators/"), ".sql") {
            let indicator = front_matter::read(&path, &files.text(&path)?)?;
            check_inputs(&indicator, &measures)?;
            indicators.insert(indicator.id.clone(), indicator);
        }
        let mut models = BTreeMap::new();
        for path in files.list(&format!("{id}/models/"), ".toml") {
            models.insert(stem(&path).to_owned(), files.text(&path)?);
        }
        Ok(Self {
            id: pack.id,
            title: pack.title,
            default_models: pack.default_models,
            measures,
            indicators,
            models,
            flags: files.text(&format!("{id}/flags.toml"))?,
        })
    }

    /// Returns the ids of all indicators.
    pub fn indicator_ids(&self) -> Vec<&str> {
        self.indicators.keys().map(String::as_str).collect()
    }
}

fn load_measures(files: &PackFiles, id: &str) -> Result<BTreeMap<String, Measure>, IndicatorError> {
    let path = format!("{id}/measures.toml");
    let file: MeasureFile = read_toml(files, &path)?;
    let mut measures = BTreeMap::new();
    for measure in file.measure {
        if !measure.codes.is_empty() && measure.confidence != "H" {
            let problem = format!(
                "measure `{}` fixes codes with confidence {}; only H may",
                measure.id, measure.confidence
            );
            return Err(IndicatorError::file(&path, 1, problem));
        }
        let id = measure.id.clone();
        if measures.insert(id.clone(), measure).is_some() {
            let problem = format!("measure `{id}` is defined twice");
            return Err(IndicatorError::file(&path, 1, problem));
        }
    }
    Ok(measures)
}

fn check_inputs(
    indicator: &Indicator,
    measures: &BTreeMap<String, Measure>,
) -> Result<(), IndicatorError> {
    let known: BTreeSet<&String> = measures.keys().collect();
    match indicator.inputs.iter().find(|input| !known.contains(input)) {
        None => Ok(()),
        Some(unknown) => {
            let problem = format!("input `{unknown}` is not in measures.toml");
            Err(IndicatorError::file(&indicator.file, 1, problem))
        }
    }
}

fn read_toml<T: serde::de::DeserializeOwned>(
    files: &PackFiles,
    path: &str,
) -> Result<T, IndicatorError> {
    let text = files.text(path)?;
    toml::from_str(&text).map_err(|error| IndicatorError::toml(path, &text, 0, &error))
}

/// Returns the file name without folders and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
