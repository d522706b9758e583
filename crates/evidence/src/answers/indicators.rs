//! Indicators: what there is, how it is computed, what it says.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Receipt, SnapshotRef, localised};
use crate::error::EvidenceError;
use crate::evidence::Evidence;
use crate::texts::Language;

/// All indicators.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IndicatorList {
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Indicators by id.
    pub indicators: Vec<IndicatorEntry>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IndicatorEntry {
    /// Key, and name of its file.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it says, and its main caveat.
    pub description: String,
    /// Unit of the value.
    pub unit: String,
    /// Decimals to show.
    pub decimals: u8,
    /// Which end speaks for the case: `higher`, `lower` or `none`.
    pub better: String,
    /// Whether anybody has a value.
    pub available: bool,
    /// Why nobody has one; `null` when somebody has.
    pub unavailable_reason: Option<String>,
    /// Newest period with a value.
    pub newest_period: Option<String>,
    /// How many municipalities have a value.
    pub municipalities_with_value: usize,
    /// The country's value.
    pub national_value: Option<f64>,
    /// Models that use it.
    pub models: Vec<String>,
    /// Where its figures come from.
    pub receipt: Receipt,
    /// The SQL, in the answer to a question about this indicator alone.
    pub sql: Option<String>,
}

/// One indicator's values.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IndicatorValues {
    /// Key.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Unit of the value.
    pub unit: String,
    /// Decimals to show.
    pub decimals: u8,
    /// Why nobody has a value; `null` when somebody has.
    pub unavailable_reason: Option<String>,
    /// The country's value.
    pub national_value: Option<f64>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Values by municipality code.
    pub values: Vec<MunicipalityValue>,
}

/// One municipality's value.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityValue {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Period of the value.
    pub period: Option<String>,
    /// Value; `null` for a gap.
    pub value: Option<f64>,
    /// Status; a gap's status says why.
    pub status: String,
    /// The status in words.
    pub status_text: String,
}

impl Evidence {
    /// Lists all indicators.
    pub fn indicators(&self, language: Language) -> IndicatorList {
        let entries = self.pack.indicators.keys();
        IndicatorList {
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            indicators: entries.filter_map(|id| self.indicator_entry(id, language)).collect(),
        }
    }

    /// Describes one indicator, with its SQL.
    ///
    /// # Errors
    ///
    /// No indicator has that id; the nearest are named.
    pub fn indicator(&self, id: &str, language: Language) -> Result<IndicatorEntry, EvidenceError> {
        let mut entry =
            self.indicator_entry(id, language).ok_or_else(|| self.unknown_indicator(id))?;
        entry.sql = self.pack.indicators.get(id).map(|indicator| indicator.sql.clone());
        Ok(entry)
    }

    /// Returns one indicator's values for all municipalities.
    ///
    /// # Errors
    ///
    /// No indicator has that id; the nearest are named.
    pub fn indicator_values(
        &self,
        id: &str,
        language: Language,
    ) -> Result<IndicatorValues, EvidenceError> {
        let (Some(indicator), Some(series)) =
            (self.pack.indicators.get(id), self.figures.series(id))
        else {
            return Err(self.unknown_indicator(id));
        };
        let values = self.municipalities.iter().zip(&series.observations);
        Ok(IndicatorValues {
            id: id.to_owned(),
            title: localised(&indicator.title, language).to_owned(),
            unit: localised(&indicator.unit, language).to_owned(),
            decimals: indicator.decimals,
            unavailable_reason: self.unavailable(id, language),
            national_value: series.national,
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            values: values
                .map(|(place, observation)| MunicipalityValue {
                    municipality_code: place.municipality_code.clone(),
                    name: place.display_name.clone(),
                    period: observation.period.clone(),
                    value: observation.value,
                    status: observation.status.as_str().to_owned(),
                    status_text: self.status_text(Some(observation.status), language),
                })
                .collect(),
        })
    }

    fn indicator_entry(&self, id: &str, language: Language) -> Option<IndicatorEntry> {
        let indicator = self.pack.indicators.get(id)?;
        let series = self.figures.series(id)?;
        let uses = self
            .models
            .values()
            .filter(|model| model.leaves.iter().any(|leaf| leaf.indicator == id));
        let unavailable_reason = self.unavailable(id, language);
        Some(IndicatorEntry {
            id: id.to_owned(),
            title: localised(&indicator.title, language).to_owned(),
            description: localised(&indicator.description, language).to_owned(),
            unit: localised(&indicator.unit, language).to_owned(),
            decimals: indicator.decimals,
            better: super::explain::lower(&indicator.better),
            available: unavailable_reason.is_none(),
            unavailable_reason,
            newest_period: series.newest_period.clone(),
            municipalities_with_value: series
                .observations
                .iter()
                .filter(|observation| observation.value.is_some())
                .count(),
            national_value: series.national,
            models: uses.map(|model| model.id.clone()).collect(),
            receipt: self.sources.receipt(&self.pack, indicator, language),
            sql: None,
        })
    }

    pub(super) fn unknown_indicator(&self, asked: &str) -> EvidenceError {
        let mut ids: Vec<(f64, &String)> = self
            .pack
            .indicators
            .keys()
            // Weighs a common beginning heavily: ids are long, and people type their start.
            .map(|id| (strsim::jaro_winkler(asked, id), id))
            .collect();
        ids.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
        let nearest: Vec<&str> = ids.iter().take(3).map(|(_, id)| id.as_str()).collect();
        EvidenceError::UnknownIndicator { asked: asked.to_owned(), nearest: nearest.join(", ") }
    }
}
