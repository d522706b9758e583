//! The statistical audit of one model.

mod page;
mod robust;

use scoring::audit::Structure;
use scoring::doubt::removal::remove_each;
use scoring::{Model, Run};
use serde::Serialize;
use utoipa::ToSchema;

use super::compare::compared;
use super::{ComparedPair, RankInterval, RankingUncertainty, SensitivityReport, SnapshotRef};
use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::{ModelChoice, Question};
use crate::texts::Language;

pub use robust::{MethodBeside, RobustnessReport};

/// Base samples of the audit's sensitivity: enough to see what matters, few enough to wait for.
const SAMPLES: usize = 256;

/// A model, audited on the figures at hand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Audit {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// Version of the model.
    pub model_version: u32,
    /// What a reader must know before using the model.
    pub notes: Vec<String>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Figures, groups and correlations, with what is flagged.
    #[schema(value_type = Object)]
    pub structure: Structure,
    /// What the places owe to each part of the model, the most first.
    pub removal: Vec<RemovedPart>,
    /// What the intervals rest on.
    pub uncertainty: RankingUncertainty,
    /// Every ranked municipality with its interval, by place.
    pub intervals: Vec<AuditedPlace>,
    /// What stands without weights, under other methods, and when somebody leaves.
    pub robustness: Option<RobustnessReport>,
    /// Which choices the places hang on; `null` where nobody is ranked.
    pub sensitivity: Option<SensitivityReport>,
    /// The model beside the others that rank anybody.
    pub comparison: Vec<ComparedPair>,
}

/// A model without one of its parts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RemovedPart {
    /// Group id, or indicator code or id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How many groups are above it.
    pub depth: usize,
    /// Mean of the places moved without it, whichever way.
    pub mean_absolute_change: Option<f64>,
}

/// A ranked municipality with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuditedPlace {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Place.
    pub rank: usize,
    /// Score.
    pub score: Option<f64>,
    /// Between which places it lies.
    pub interval: RankInterval,
}

impl Evidence {
    /// Audits a model.
    ///
    /// # Errors
    ///
    /// An unknown model; draws that cannot be run.
    pub fn audit(&self, question: &Question) -> Result<Audit, EvidenceError> {
        let scored = self.scored(question)?;
        let language = question.language;
        let told = self.told(&scored, question.uncertainty.unwrap_or_default())?;
        let model = &scored.model;
        let seed = question.uncertainty.and_then(|asked| asked.seed);
        let ranks_anybody = scored.scores.units.iter().any(|unit| unit.rank.is_some());
        let sensitivity = ranks_anybody
            .then(|| self.sensitivity_of(&scored, (SAMPLES, seed), language))
            .transpose()?;
        let mut notes = self.notes(model, None, language);
        notes.extend(self.doubt_notes(&told, language));
        let mut intervals: Vec<AuditedPlace> = (0..self.municipalities.len())
            .filter_map(|unit| {
                let result = &scored.scores.units[unit];
                Some(AuditedPlace {
                    municipality_code: self.municipalities[unit].municipality_code.clone(),
                    name: self.municipalities[unit].display_name.clone(),
                    rank: result.rank?,
                    score: result.score,
                    interval: told.interval(unit, language)?,
                })
            })
            .collect();
        intervals.sort_by_key(|place| place.rank);
        let run = Run::new(model, &self.figures.matrix);
        let core_top = told.head(language).tier_top;
        let robustness =
            ranks_anybody.then(|| self.robustness(&scored, &run, core_top)).transpose()?;
        Ok(Audit {
            model: model.id.clone(),
            model_title: model.title.in_language(language.code()).to_owned(),
            model_version: model.version,
            notes,
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            structure: Structure::new(model, &run),
            removal: self.removed_parts(&scored, language)?,
            uncertainty: told.head(language),
            intervals,
            robustness,
            sensitivity,
            comparison: self.beside_others(&scored)?,
        })
    }

    fn removed_parts(
        &self,
        scored: &Scored,
        language: Language,
    ) -> Result<Vec<RemovedPart>, EvidenceError> {
        let found =
            remove_each(&self.engine(scored), &scored.model).map_err(Part::Comparison.fault())?;
        let mut parts: Vec<RemovedPart> = found
            .iter()
            .map(|removal| {
                let (id, title) = self.node_name(scored, removal.node, language);
                RemovedPart {
                    id,
                    title,
                    depth: removal.depth,
                    mean_absolute_change: removal.mean_absolute_change,
                }
            })
            .collect();
        let size = |part: &RemovedPart| part.mean_absolute_change.unwrap_or(-1.0);
        parts.sort_by(|left, right| size(right).total_cmp(&size(left)));
        Ok(parts)
    }

    fn beside_others(&self, scored: &Scored) -> Result<Vec<ComparedPair>, EvidenceError> {
        let others: Vec<&Model> =
            self.models.values().filter(|model| model.id != scored.model.id).collect();
        let mut pairs = Vec::new();
        for model in others {
            let choice = ModelChoice::Named(model.id.clone());
            let other = self.scored(&Question { model: choice, ..Question::default() })?;
            let pair = compared(scored, &other);
            if pair.in_both > 0 {
                pairs.push(pair);
            }
        }
        Ok(pairs)
    }
}
