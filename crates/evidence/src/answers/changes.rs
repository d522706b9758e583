//! What changed for a municipality between two snapshots.

use scoring::explain::change::{Cause, OTHER_UNITS, Scoring, Step, change};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use crate::error::EvidenceError;
use crate::evidence::Evidence;
use crate::question::Question;
use crate::texts::Language;

/// What changed since another snapshot, split by its causes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeSince {
    /// Id of the model that scores both.
    pub model: String,
    /// The snapshot before.
    pub since: SnapshotRef,
    /// The snapshot after.
    pub snapshot: SnapshotRef,
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Score before; `null` when not ranked, or not there.
    pub score_before: Option<f64>,
    /// Place before.
    pub rank_before: Option<usize>,
    /// Score after.
    pub score_after: Option<f64>,
    /// Place after.
    pub rank_after: Option<usize>,
    /// In the order in which one became the other: map, revised figures, new figures, model.
    pub steps: Vec<ChangeStep>,
}

/// The part of one cause.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeStep {
    /// `map`, `revised`, `new` or `model`.
    pub cause: &'static str,
    /// The same in words.
    pub title: String,
    /// How many figures changed for it, in the whole country.
    pub figures: usize,
    /// What it did to the score; `null` when there is none.
    pub score: Option<f64>,
    /// Places gained; below 0 for places lost.
    pub places: Option<i64>,
    /// What each indicator did to the score, the largest first.
    pub indicators: Vec<ChangePart>,
}

/// The part of one indicator.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangePart {
    /// Id of the indicator; empty for what other municipalities than before did to all.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it did to the score.
    pub score: f64,
}

impl Evidence {
    /// Splits what changed for a municipality since another snapshot.
    ///
    /// Both are scored by the same model. A figure of a later period is new; another figure
    /// of the same period is revised.
    ///
    /// # Errors
    ///
    /// An unknown municipality or model, unusable weights.
    pub fn changes_since(
        &self,
        older: &Self,
        municipality: &str,
        question: &Question,
    ) -> Result<ChangeSince, EvidenceError> {
        let found = self.find(municipality)?;
        let unit = self.figures.position(&found.municipality_code).unwrap_or_default();
        let model = self.scored(question)?.model;
        let language = question.language;
        let period = |evidence: &Self, indicator: &str, code: &str| {
            let at = evidence.figures.position(code)?;
            let observation = evidence.figures.observation(indicator, at)?;
            observation.value.and(observation.period.clone())
        };
        let cause = |indicator: &str, at: usize| {
            let code = &self.figures.matrix.units[at];
            let periods = [older, self].map(|evidence| period(evidence, indicator, code));
            Cause::of_periods(periods[0].as_deref(), periods[1].as_deref())
        };
        let before = Scoring { model: &model, matrix: &older.figures.matrix };
        let after = Scoring { model: &model, matrix: &self.figures.matrix };
        let found_change = change(before, after, &cause);
        let (score_before, rank_before) = found_change.before[unit];
        let (score_after, rank_after) = found_change.after[unit];
        Ok(ChangeSince {
            model: model.id.clone(),
            since: older.snapshot_ref(),
            snapshot: self.snapshot_ref(),
            municipality_code: found.municipality_code,
            name: self.municipalities[unit].display_name.clone(),
            score_before,
            rank_before,
            score_after,
            rank_after,
            steps: found_change.steps.iter().map(|step| self.step(step, unit, language)).collect(),
        })
    }

    fn step(&self, step: &Step, unit: usize, language: Language) -> ChangeStep {
        let cause = match step.cause {
            Cause::Map => "map",
            Cause::Revised => "revised",
            Cause::New => "new",
            Cause::Model => "model",
        };
        let part = |(id, scores): &(String, Vec<Option<f64>>)| {
            let score = scores.get(unit).copied().flatten().filter(|score| *score != 0.0)?;
            let title = match id.as_str() {
                OTHER_UNITS => self.say(language, "change.other_units", &[]),
                id => self.indicator_title(id, language),
            };
            Some(ChangePart { id: id.clone(), title, score })
        };
        let mut indicators: Vec<ChangePart> = step.indicators.iter().filter_map(part).collect();
        indicators.sort_by(|left, right| right.score.abs().total_cmp(&left.score.abs()));
        ChangeStep {
            cause,
            title: self.say(language, &format!("change.{cause}"), &[]),
            figures: step.cells,
            score: step.scores.get(unit).copied().flatten(),
            places: step.places.get(unit).copied().flatten(),
            indicators,
        }
    }
}
