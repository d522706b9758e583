//! The ranking.

use std::collections::BTreeMap;

use scoring::flags::{Severity, Verdict};
use scoring::{Model, UnitScore};
use serde::Serialize;
use utoipa::ToSchema;

use super::{RankInterval, RankingUncertainty, SnapshotRef};
use crate::error::EvidenceError;
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// All municipalities in the order of a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ranking {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// Version of the model.
    pub model_version: u32,
    /// What a reader must know before using the ranking.
    pub notes: Vec<String>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// What the intervals rest on; `null` when they were not asked for.
    pub uncertainty: Option<RankingUncertainty>,
    /// The model's dimensions, in its own order.
    pub dimensions: Vec<DimensionHead>,
    /// How many municipalities are ranked, in the whole country.
    pub ranked: usize,
    /// How many are not, in the whole country.
    pub not_ranked: usize,
    /// Ranked ones by rank, then the others by code.
    pub municipalities: Vec<MunicipalityScore>,
}

/// A dimension of a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DimensionHead {
    /// Key inside the model.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Weight as used.
    pub weight: f64,
}

/// One municipality's place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityScore {
    /// Four digits, in force since 2024.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Two digits.
    pub county_code: String,
    /// Name of the county.
    pub county_name: String,
    /// `ranked` or `not_ranked`.
    pub status: &'static str,
    /// Why it is not ranked; `null` when it is.
    pub reason: Option<String>,
    /// Place in the country, 1 for the highest score; ties share a place.
    pub rank: Option<usize>,
    /// Score; 0 to 100 unless the model says otherwise.
    pub score: Option<f64>,
    /// Share of the model's weight that has data, 0 to 1.
    pub coverage: f64,
    /// Class of the score, 1 for the best.
    pub tier: Option<u8>,
    /// Results by dimension.
    pub dimensions: BTreeMap<String, DimensionScore>,
    /// Flags that are raised.
    pub flags: Vec<FlagMark>,
    /// Between which places it lies; `null` when not ranked, or not asked for.
    pub uncertainty: Option<RankInterval>,
}

/// One municipality's result in one dimension.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DimensionScore {
    /// Score; `null` when too little is known.
    pub score: Option<f64>,
    /// Share of the dimension's weight that has data, 0 to 1.
    pub coverage: f64,
}

/// A raised flag, in short.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FlagMark {
    /// Key, such as `R2`.
    pub id: String,
    /// `critical`, `warning` or `information`.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What the flag is called.
    pub title: String,
}

impl Evidence {
    /// Ranks the municipalities.
    ///
    /// # Errors
    ///
    /// An unknown model or county; weights that the model cannot use.
    pub fn rank(&self, question: &Question) -> Result<Ranking, EvidenceError> {
        let county = question.county.as_deref().map(|county| self.county(county)).transpose()?;
        let scored = self.scored(question)?;
        let language = question.language;
        let told = question.uncertainty.map(|asked| self.told(&scored, asked)).transpose()?;
        let mut municipalities: Vec<MunicipalityScore> = (0..self.municipalities.len())
            .filter(|unit| {
                county.as_ref().is_none_or(|code| self.municipalities[*unit].county_code == *code)
            })
            .map(|unit| MunicipalityScore {
                uncertainty: told.as_ref().and_then(|told| told.interval(unit, language)),
                ..self.municipality_score(&scored, unit, language)
            })
            .collect();
        municipalities.sort_by(|left, right| {
            let place = |score: &MunicipalityScore| score.rank.unwrap_or(usize::MAX);
            place(left)
                .cmp(&place(right))
                .then_with(|| left.municipality_code.cmp(&right.municipality_code))
        });
        if let Some(top) = question.top {
            municipalities.truncate(top);
        }
        let mut notes = self.notes(&scored.model, scored.instead_of.as_deref(), language);
        notes.extend(told.iter().flat_map(|told| self.doubt_notes(told, language)));
        let ranked = scored.scores.units.iter().filter(|unit| unit.rank.is_some()).count();
        Ok(Ranking {
            model: scored.model.id.clone(),
            model_title: scored.model.title.in_language(language.code()).to_owned(),
            model_version: scored.model.version,
            notes,
            uncertainty: told.as_ref().map(|told| told.head(language)),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            dimensions: dimension_heads(&scored.model, language),
            ranked,
            not_ranked: scored.scores.units.len() - ranked,
            municipalities,
        })
    }

    pub(super) fn municipality_score(
        &self,
        scored: &Scored,
        unit: usize,
        language: Language,
    ) -> MunicipalityScore {
        let place = &self.municipalities[unit];
        let result = &scored.scores.units[unit];
        let ranked = result.rank.is_some();
        MunicipalityScore {
            municipality_code: place.municipality_code.clone(),
            name: place.display_name.clone(),
            county_code: place.county_code.clone(),
            county_name: place.county_name.clone(),
            status: if ranked { "ranked" } else { "not_ranked" },
            reason: self.reason(&scored.model, result, language),
            rank: result.rank,
            score: result.score,
            coverage: result.coverage,
            tier: result.tier,
            dimensions: dimension_scores(&scored.model, result),
            flags: self.flag_marks(scored, unit, language),
            uncertainty: None,
        }
    }

    fn flag_marks(&self, scored: &Scored, unit: usize, language: Language) -> Vec<FlagMark> {
        let place = self.figures.place(unit, scored);
        let mut marks: Vec<FlagMark> = scored
            .flags
            .iter()
            .filter(|flag| matches!(flag.rule.judge(&place), Verdict::Raised(_)))
            .map(|flag| FlagMark {
                id: flag.id.clone(),
                severity: flag.severity,
                title: flag.title.in_language(language.code()).to_owned(),
            })
            .collect();
        marks.sort_by_key(|mark| mark.severity);
        marks
    }

    /// Checks a county code.
    pub(super) fn county(&self, asked: &str) -> Result<String, EvidenceError> {
        let wanted = asked.trim();
        let mut counties: BTreeMap<&str, &str> = BTreeMap::new();
        for place in &self.municipalities {
            counties.insert(&place.county_code, &place.county_name);
        }
        let by_name =
            counties.iter().find(|(_, name)| name.to_lowercase() == wanted.to_lowercase());
        if counties.contains_key(wanted) {
            return Ok(wanted.to_owned());
        }
        by_name.map(|(code, _)| (*code).to_owned()).ok_or_else(|| {
            let all: Vec<String> =
                counties.iter().map(|(code, name)| format!("{code} {name}")).collect();
            EvidenceError::UnknownCounty { asked: asked.to_owned(), counties: all.join(", ") }
        })
    }
}

fn dimension_heads(model: &Model, language: Language) -> Vec<DimensionHead> {
    let head = |at: usize| DimensionHead {
        id: model.groups[at].id.clone(),
        title: model.groups[at].title.in_language(language.code()).to_owned(),
        weight: model.groups[at].weight,
    };
    model.dimensions().map(head).collect()
}

fn dimension_scores(model: &Model, result: &UnitScore) -> BTreeMap<String, DimensionScore> {
    let score = |at: usize| {
        let node = result.groups[at];
        (model.groups[at].id.clone(), DimensionScore { score: node.value, coverage: node.coverage })
    };
    model.dimensions().map(score).collect()
}
