//! What would change if figures or weights were otherwise.

use scoring::doubt::engine::Engine;
use scoring::{Matrix, Problem, score};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Overtaking, RankInterval, RankingUncertainty, SnapshotRef, localised};
use crate::doubt::{open_choices, told};
use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// A municipality as it is, and as it would be.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WhatIf {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Figures that are set otherwise.
    pub settings: Vec<Setting>,
    /// Weights that are set otherwise.
    pub weights: Vec<WeightSetting>,
    /// As it is.
    pub before: Standing,
    /// As it would be.
    pub after: Standing,
    /// Those that it would pass, the best of them first.
    pub passes: Vec<Passed>,
    /// Those that would pass it, the best of them first.
    pub passed_by: Vec<Passed>,
    /// What would then carry it past each of the next ones above it.
    pub break_even: Vec<Overtaking>,
    /// What the intervals rest on.
    pub uncertainty: RankingUncertainty,
}

/// A figure that is set otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Setting {
    /// Id of the indicator.
    pub indicator: String,
    /// What it is called.
    pub title: String,
    /// Unit of both figures.
    pub unit: String,
    /// Decimals to show.
    pub decimals: u8,
    /// The figure; `null` for a gap.
    pub before: Option<f64>,
    /// The figure that is tried.
    pub after: f64,
}

/// A weight that is set otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeightSetting {
    /// Group id, indicator code or id.
    pub id: String,
    /// The weight that is tried.
    pub weight: f64,
}

/// How a municipality stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Standing {
    /// `ranked` or `not_ranked`.
    pub status: &'static str,
    /// Why it is not ranked.
    pub reason: Option<String>,
    /// Score.
    pub score: Option<f64>,
    /// Place in the country.
    pub rank: Option<usize>,
    /// How many are ranked.
    pub of: usize,
    /// Between which places it lies; `null` when not ranked.
    pub uncertainty: Option<RankInterval>,
}

/// Another municipality, on the other side than before.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Passed {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Its place as it is.
    pub rank_before: usize,
    /// Its place as it would be.
    pub rank_after: usize,
}

impl Evidence {
    /// Says what would change for one municipality if its figures, or the weights, were otherwise.
    ///
    /// # Errors
    ///
    /// An unknown municipality, model or indicator; an indicator that the model does not use;
    /// unusable weights; no draws or too many.
    pub fn what_if(
        &self,
        municipality: &str,
        set: &[(String, f64)],
        question: &Question,
    ) -> Result<WhatIf, EvidenceError> {
        let found = self.find(municipality)?;
        let unit = self.figures.position(&found.municipality_code).unwrap_or_default();
        let language = question.language;
        let before = self.scored(&Question { weights: Vec::new(), ..question.clone() })?;
        let reweighed = self.scored(question)?;
        let settings = self.settings(&before, unit, set, language)?;
        let matrix = self.with_settings(unit, &settings);
        let after = Scored { scores: score(&reweighed.model, &matrix), ..reweighed };
        let asked = question.uncertainty.unwrap_or_default();
        let told_before = self.told(&before, asked)?;
        let engine = Engine::new(&after.model, &matrix, &open_choices(&after.model));
        let told_after = told(&engine, &after.model, asked)?;
        let standing = |scored: &Scored, interval: Option<RankInterval>| {
            let place = self.municipality_score(scored, unit, language);
            Standing {
                status: place.status,
                reason: place.reason,
                score: place.score,
                rank: place.rank,
                of: scored.scores.units.iter().filter(|unit| unit.rank.is_some()).count(),
                uncertainty: interval,
            }
        };
        let mut notes = self.notes(&before.model, before.instead_of.as_deref(), language);
        notes.extend(self.doubt_notes(&told_after, language));
        Ok(WhatIf {
            model: before.model.id.clone(),
            model_title: before.model.title.in_language(language.code()).to_owned(),
            notes,
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            municipality_code: found.municipality_code,
            name: self.municipalities[unit].display_name.clone(),
            settings,
            weights: question
                .weights
                .iter()
                .map(|(id, weight)| WeightSetting { id: id.clone(), weight: *weight })
                .collect(),
            before: standing(&before, told_before.interval(unit, language)),
            after: standing(&after, told_after.interval(unit, language)),
            passes: self.passed((&before, &after), unit, |own, other| own > other),
            passed_by: self.passed((&before, &after), unit, |own, other| own < other),
            break_even: self.overtakings(&after.model, &matrix, unit, language),
            uncertainty: told_after.head(language),
        })
    }

    fn settings(
        &self,
        scored: &Scored,
        unit: usize,
        set: &[(String, f64)],
        language: Language,
    ) -> Result<Vec<Setting>, EvidenceError> {
        let setting = |(name, after): &(String, f64)| {
            let leaf = scored.model.leaves.iter().find(|leaf| {
                leaf.indicator == *name || leaf.code.as_deref() == Some(name.as_str())
            });
            let Some(leaf) = leaf else {
                if !self.pack.indicators.contains_key(name) {
                    return Err(self.unknown_indicator(name));
                }
                let english =
                    "the model {model} does not use `{indicator}`, so nothing would change";
                let places = [("model", scored.model.id.as_str()), ("indicator", name)];
                return Err(Part::Settings.fault()(Problem::new(
                    "setting_unused",
                    english,
                    &places,
                )));
            };
            let indicator = self.pack.indicators.get(&leaf.indicator);
            let observation = self.figures.observation(&leaf.indicator, unit);
            Ok(Setting {
                indicator: leaf.indicator.clone(),
                title: self.indicator_title(&leaf.indicator, language),
                unit: indicator.map_or("", |one| localised(&one.unit, language)).to_owned(),
                decimals: indicator.map_or(2, |one| one.decimals),
                before: observation.and_then(|observation| observation.value),
                after: *after,
            })
        };
        set.iter().map(setting).collect()
    }

    fn with_settings(&self, unit: usize, settings: &[Setting]) -> Matrix {
        let mut matrix = self.figures.matrix.clone();
        for setting in settings {
            let gap = || vec![None; matrix.units.len()];
            let column = matrix.columns.entry(setting.indicator.clone()).or_insert_with(gap);
            column[unit] = Some(setting.after);
        }
        matrix
    }

    /// Those that stand on the given side before and on the other after.
    fn passed(
        &self,
        (before, after): (&Scored, &Scored),
        unit: usize,
        side: fn(usize, usize) -> bool,
    ) -> Vec<Passed> {
        let ranks = |at: usize| (before.scores.units[at].rank, after.scores.units[at].rank);
        let (Some(own_before), Some(own_after)) = ranks(unit) else { return Vec::new() };
        let others = (0..self.municipalities.len()).filter(|at| *at != unit);
        let mut passed: Vec<Passed> = others
            .filter_map(|at| {
                let (Some(rank_before), Some(rank_after)) = ranks(at) else { return None };
                let crossed = side(own_before, rank_before) && side(rank_after, own_after);
                crossed.then(|| Passed {
                    municipality_code: self.municipalities[at].municipality_code.clone(),
                    name: self.municipalities[at].display_name.clone(),
                    rank_before,
                    rank_after,
                })
            })
            .collect();
        passed.sort_by_key(|one| one.rank_before);
        passed
    }
}
