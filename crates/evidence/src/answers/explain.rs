//! Where one municipality's score comes from.

use std::collections::BTreeMap;

use scoring::contribution::{Contributions, contributions_among};
use scoring::{Aggregation, Model, UnitScore};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ClearFlag, MunicipalityScore, Overtaking, RaisedFlag, RankInterval, RankingUncertainty,
    Receipt, Sides, SnapshotRef, UnknownFlag, localised,
};
use crate::error::EvidenceError;
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// One municipality's score, walked back to its figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Explanation {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// Version of the model.
    pub model_version: u32,
    /// What a reader must know before using the score.
    pub notes: Vec<String>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Two digits.
    pub county_code: String,
    /// Name of the county.
    pub county_name: String,
    /// Said when the municipality was asked for by a former code or name.
    pub former_note: Option<String>,
    /// `ranked` or `not_ranked`.
    pub status: &'static str,
    /// Why it is not ranked.
    pub reason: Option<String>,
    /// Place in the country.
    pub rank: Option<usize>,
    /// How many are ranked.
    pub of: usize,
    /// Score.
    pub score: Option<f64>,
    /// Share of the model's weight that has data, 0 to 1.
    pub coverage: f64,
    /// Class of the score, 1 for the best.
    pub tier: Option<u8>,
    /// What the class is called.
    pub tier_title: Option<String>,
    /// Where gaps give 0: the score as it is, and with every gap at its best.
    pub score_range: Option<ScoreRange>,
    /// Score of the country's own values on the same scales.
    pub national_score: Option<f64>,
    /// What the interval rests on; `null` when it was not asked for.
    pub uncertainty: Option<RankingUncertainty>,
    /// Between which places it lies; `null` when not ranked, or not asked for.
    pub rank_interval: Option<RankInterval>,
    /// Where it stands apart: from the country, its county and other groups.
    pub strengths: Vec<Sides>,
    /// What would carry it past each of the next ones above it.
    pub break_even: Vec<Overtaking>,
    /// How the contributions are made to add up to the score.
    pub contribution_method: String,
    /// Results by dimension.
    pub dimensions: BTreeMap<String, ExplainedDimension>,
    /// All indicators of the model, in its order.
    pub indicators: Vec<ExplainedIndicator>,
    /// Flags that are raised, the gravest first.
    pub flags: Vec<RaisedFlag>,
    /// Flags that cannot be judged.
    pub flags_unknown: Vec<UnknownFlag>,
    /// Flags that were judged and are not raised.
    pub flags_clear: Vec<ClearFlag>,
}

/// What gaps could change where they give 0 points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ScoreRange {
    /// Score with every gap at 0.
    pub low: f64,
    /// Score with every gap at its best.
    pub high: f64,
}

/// One dimension of the score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ExplainedDimension {
    /// What it is called.
    pub title: String,
    /// Weight as used.
    pub weight: f64,
    /// Score; `null` when too little is known.
    pub score: Option<f64>,
    /// Share of the dimension's weight that has data, 0 to 1.
    pub coverage: f64,
    /// Part of the score that comes from here.
    pub contribution: Option<f64>,
    /// Score of the country's own values.
    pub national_score: Option<f64>,
}

/// One indicator of the score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ExplainedIndicator {
    /// Id of the indicator.
    pub id: String,
    /// Short code in the model.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it says, and its main caveat.
    pub description: String,
    /// Dimension that it belongs to.
    pub dimension: Option<String>,
    /// Group right above it.
    pub group: String,
    /// Figure as published or computed; `null` for a gap.
    pub raw_value: Option<f64>,
    /// Unit of the figure.
    pub unit: String,
    /// Decimals to show.
    pub decimals: u8,
    /// Period of the figure.
    pub period: Option<String>,
    /// Status of the figure; a gap's status says why.
    pub status: String,
    /// The status in words.
    pub status_text: String,
    /// Value on the model's scale; `null` for a gap.
    pub normalised_value: Option<f64>,
    /// Highest value on the model's scale: 100, or the most points; `null` where there is none.
    pub highest_value: Option<f64>,
    /// Weight among its siblings.
    pub weight: f64,
    /// Share of the whole model when nothing is missing.
    pub effective_weight: f64,
    /// Part of the score that comes from here; `null` for a gap.
    pub contribution: Option<f64>,
    /// The country's value.
    pub national_value: Option<f64>,
    /// `exact`, `approximate` or `none`.
    pub national_basis: String,
    /// Which end speaks for the case: `higher`, `lower` or `none`.
    pub better: String,
    /// Why nobody has it; `null` when somebody has.
    pub unavailable_reason: Option<String>,
    /// Where the figure comes from.
    pub receipt: Receipt,
}

impl Evidence {
    /// Explains one municipality's score.
    ///
    /// # Errors
    ///
    /// An unknown or ambiguous municipality, an unknown model, unusable weights.
    pub fn explain(
        &self,
        municipality: &str,
        question: &Question,
    ) -> Result<Explanation, EvidenceError> {
        let found = self.find(municipality)?;
        let scored = self.scored(question)?;
        let language = question.language;
        let unit = self.figures.position(&found.municipality_code).unwrap_or_default();
        let place = self.municipality_score(&scored, unit, language);
        let flags = self.municipality_flags(&scored, unit, language);
        let national = self.national(&scored);
        let told = question.uncertainty.map(|asked| self.told(&scored, asked)).transpose()?;
        let result = &scored.scores.units[unit];
        let parts = contributions_among(&scored.model, &scored.scores, unit);
        let former_note = found.former.map(|(code, name)| {
            let now = format!("{} ({})", place.name, place.municipality_code);
            let places = [("code", code.as_str()), ("name", &name), ("now", &now)];
            self.say(language, "note.former", &places)
        });
        Ok(Explanation {
            model: scored.model.id.clone(),
            model_title: scored.model.title.in_language(language.code()).to_owned(),
            model_version: scored.model.version,
            notes: self.notes(&scored.model, scored.instead_of.as_deref(), language),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            former_note,
            of: scored.scores.units.iter().filter(|unit| unit.rank.is_some()).count(),
            tier_title: tier_title(&scored.model, &place, language),
            score_range: result.range.map(|range| ScoreRange { low: range.low, high: range.high }),
            national_score: national.score,
            uncertainty: told.as_ref().map(|told| told.head(language)),
            rank_interval: told.as_ref().and_then(|told| told.interval(unit, language)),
            strengths: self.strengths(&scored, unit, &national, language),
            break_even: self.overtakings(&scored.model, &self.figures.matrix, unit, language),
            contribution_method: self.contribution_method(&scored.model, language),
            dimensions: dimensions(&scored.model, (result, &parts), &national, language),
            indicators: self.explained_indicators(&scored, (unit, &parts), language),
            municipality_code: place.municipality_code,
            name: place.name,
            county_code: place.county_code,
            county_name: place.county_name,
            status: place.status,
            reason: place.reason,
            rank: place.rank,
            score: place.score,
            coverage: place.coverage,
            tier: place.tier,
            flags: flags.flags,
            flags_unknown: flags.flags_unknown,
            flags_clear: flags.flags_clear,
        })
    }

    /// Scores the country's own values on the scales of the municipalities.
    fn national(&self, scored: &Scored) -> UnitScore {
        let value = |indicator: &str| self.figures.series(indicator)?.national;
        scored.scores.profile(&scored.model, &value)
    }

    fn contribution_method(&self, model: &Model, language: Language) -> String {
        let key = match model.groups[0].aggregation {
            Aggregation::Geometric { .. } => "contribution.geometric",
            Aggregation::Harmonic { .. } => "contribution.harmonic",
            Aggregation::Arithmetic {} => "contribution.arithmetic",
            Aggregation::Sum {}
            | Aggregation::Maximum {}
            | Aggregation::PointsPercent {}
            | Aggregation::PointsPercentAvailable {} => "contribution.points",
            Aggregation::PowerMean { .. } => "contribution.power",
            Aggregation::Owa { .. } | Aggregation::Minimum {} | Aggregation::Median {} => {
                "contribution.places"
            }
            Aggregation::PrometheeIi { .. } => "contribution.flows",
            Aggregation::Copeland {} | Aggregation::Topsis {} | Aggregation::Vikor { .. } => {
                "contribution.none"
            }
        };
        self.say(language, key, &[])
    }

    fn explained_indicators(
        &self,
        scored: &Scored,
        (unit, parts): (usize, &Contributions),
        language: Language,
    ) -> Vec<ExplainedIndicator> {
        let effective = scored.model.effective_weights();
        (0..scored.model.leaves.len())
            .filter_map(|leaf| {
                let mut explained = self.explained_indicator(scored, (unit, leaf), language)?;
                explained.effective_weight = effective[leaf];
                if explained.raw_value.is_some() {
                    explained.contribution = parts.leaves[leaf];
                }
                Some(explained)
            })
            .collect()
    }

    fn explained_indicator(
        &self,
        scored: &Scored,
        (unit, leaf_at): (usize, usize),
        language: Language,
    ) -> Option<ExplainedIndicator> {
        let model = &scored.model;
        let leaf = &model.leaves[leaf_at];
        let node = scored.scores.units[unit].leaves[leaf_at];
        let indicator = self.pack.indicators.get(&leaf.indicator)?;
        let series = self.figures.series(&leaf.indicator)?;
        let observation = &series.observations[unit];
        let has_value = observation.value.is_some();
        let dimension = model.dimension_of(leaf.parent);
        let mut receipt = self.sources.receipt(&self.pack, indicator, language);
        if let Some(period) = &observation.period {
            let code = self.municipalities[unit].municipality_code.as_str();
            self.tell_as_published(&mut receipt, (code, period), language);
        }
        Some(ExplainedIndicator {
            id: leaf.indicator.clone(),
            code: leaf.code.clone(),
            title: localised(&indicator.title, language).to_owned(),
            description: localised(&indicator.description, language).to_owned(),
            dimension: dimension.map(|at| model.groups[at].id.clone()),
            group: model.groups[leaf.parent].id.clone(),
            raw_value: observation.value,
            unit: localised(&indicator.unit, language).to_owned(),
            decimals: indicator.decimals,
            period: observation.period.clone(),
            status: observation.status.as_str().to_owned(),
            status_text: self.status_text(Some(observation.status), language),
            normalised_value: node.value.filter(|_| has_value),
            highest_value: leaf.value.highest(),
            weight: leaf.weight,
            effective_weight: 0.0,
            contribution: None,
            national_value: series.national,
            national_basis: lower(&indicator.national),
            better: lower(&indicator.better),
            unavailable_reason: self.unavailable(&leaf.indicator, language),
            receipt,
        })
    }
}

fn tier_title(model: &Model, place: &MunicipalityScore, language: Language) -> Option<String> {
    let tier = model.tiers.iter().find(|tier| Some(tier.tier) == place.tier)?;
    Some(tier.title.in_language(language.code()).to_owned())
}

fn dimensions(
    model: &Model,
    (result, parts): (&UnitScore, &Contributions),
    national: &UnitScore,
    language: Language,
) -> BTreeMap<String, ExplainedDimension> {
    let explained = |at: usize| {
        let (group, node) = (&model.groups[at], result.groups[at]);
        let dimension = ExplainedDimension {
            title: group.title.in_language(language.code()).to_owned(),
            weight: group.weight,
            score: node.value,
            coverage: node.coverage,
            contribution: parts.groups[at],
            national_score: national.groups[at].value,
        };
        (group.id.clone(), dimension)
    };
    model.dimensions().map(explained).collect()
}

/// Writes a unit variant as its files do.
pub(super) fn lower(variant: &impl Serialize) -> String {
    serde_json::to_value(variant)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
