//! `snapshot.toml`: when the snapshot was made, and the measures that are columns of municipalities.csv.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use store::build::{Figure, NewMeasure};
use store::{Municipality, Source, ValueStatus};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// ISO date.
    pub created: String,
    title: Title,
    /// Measures made of one column each.
    #[serde(rename = "measure")]
    pub measures: Vec<ColumnMeasure>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    nb: String,
    en: String,
}

/// A measure whose figures are one column of municipalities.csv, named like the measure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMeasure {
    measure: String,
    title: Title,
    unit: String,
    definition: String,
    table_or_page: String,
    reference_period: String,
    period: String,
    direction_hint: String,
    caveat: Option<String>,
    source: String,
}

impl Description {
    /// Reads the file.
    pub fn read(path: &Path) -> anyhow::Result<Description> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("reading `{}`", path.display()))?;
        toml::from_str(&text).with_context(|| format!("`{}`", path.display()))
    }

    /// What the snapshot says about itself.
    pub fn properties(&self) -> BTreeMap<String, String> {
        [("pack", "boligsektor"), ("title_nb", &self.title.nb), ("title_en", &self.title.en)]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }
}

impl ColumnMeasure {
    /// The measure, with publisher and licence from its source.
    pub fn measure(&self, sources: &[Source], coverage: usize) -> anyhow::Result<NewMeasure> {
        let Some(source) = sources.iter().find(|source| source.source == self.source) else {
            bail!(
                "snapshot.toml: measure `{}` has the unknown source `{}`",
                self.measure,
                self.source
            );
        };
        Ok(NewMeasure {
            measure: self.measure.clone(),
            title_nb: self.title.nb.clone(),
            title_en: self.title.en.clone(),
            unit: self.unit.clone(),
            definition: self.definition.clone(),
            publisher: source.publisher.clone(),
            table_or_page: self.table_or_page.clone(),
            licence: source.licence.clone(),
            reference_period: self.reference_period.clone(),
            latest_period: self.period.clone(),
            coverage_latest: u32::try_from(coverage)?,
            direction_hint: self.direction_hint.clone(),
            caveat: self.caveat.clone(),
            source: self.source.clone(),
        })
    }

    /// The figure of one municipality.
    pub fn figure(&self, municipality: &Municipality) -> anyhow::Result<Figure> {
        let value = match self.measure.as_str() {
            "centrality_class" => f64::from(municipality.centrality_class),
            "centrality_index" => f64::from(municipality.centrality_index),
            "total_area_km2" => municipality.total_area_km2,
            unknown => bail!("snapshot.toml: municipalities.csv has no number `{unknown}`"),
        };
        Ok(Figure {
            municipality_code: municipality.municipality_code.clone(),
            measure: self.measure.clone(),
            period: self.period.clone(),
            value: Some(value),
            status: ValueStatus::Ok,
            source: self.source.clone(),
        })
    }
}
