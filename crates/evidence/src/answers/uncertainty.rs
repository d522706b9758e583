//! How sure each place is.

use scoring::doubt::intervals::{Intervals, UnitInterval};
use scoring::{RobustTier, Uncertainty};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use super::explain::lower;
use crate::doubt::Told;
use crate::error::{EvidenceError, worded};
use crate::evidence::Evidence;
use crate::question::Question;
use crate::texts::Language;

/// What the intervals of a ranking rest on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RankingUncertainty {
    /// How many draws were run.
    pub draws: usize,
    /// Where they started; the same seed gives the same answer.
    pub seed: u64,
    /// What was drawn.
    pub choices: OpenChoices,
    /// Places from the top whose probabilities are told.
    pub top: Vec<usize>,
    /// Place from the top that the tiers are about.
    pub tier_top: usize,
    /// The tiers, the surest first.
    pub tiers: Vec<RobustTierHead>,
}

/// The choices that draws are made from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpenChoices {
    /// How far weights move.
    pub weights: WeightMoves,
    /// How indicators are valued.
    pub normalisation: Vec<String>,
    /// How the dimensions become one number.
    pub aggregation: Vec<String>,
    /// What is done to outliers.
    pub treatment: Vec<String>,
    /// What a gap costs.
    pub missing: Vec<String>,
}

/// How far weights move.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeightMoves {
    /// Share of a weight, 0 to 1.
    pub spread: f64,
    /// `uniform` or `dirichlet`.
    pub shape: String,
}

/// A tier by the probability of a place among the first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RobustTierHead {
    /// Key, such as `sure`.
    pub id: String,
    /// Least probability; it belongs to the tier.
    pub from: f64,
    /// What the tier is called.
    pub title: String,
}

/// Between which places a municipality lies.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RankInterval {
    /// Place that 5 percent of the draws are at or above.
    pub p5: usize,
    /// Median place.
    pub p50: usize,
    /// Place that 95 percent of the draws are at or above.
    pub p95: usize,
    /// Probabilities of a place among the first.
    pub p_top: Vec<TopShare>,
    /// Key of the robust tier; `null` below the last of them.
    pub tier: Option<String>,
    /// What the tier is called.
    pub tier_title: Option<String>,
}

/// The probability of a place among the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TopShare {
    /// Among the first so many.
    pub n: usize,
    /// Share of the draws, 0 to 1.
    pub share: f64,
}

/// How sure the places of a ranking are, without the rest of it: for who has it already.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RankIntervals {
    /// Id of the model.
    pub model: String,
    /// Version of the model.
    pub model_version: u32,
    /// What could not be drawn as the model asks.
    pub notes: Vec<String>,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// What the intervals rest on.
    pub uncertainty: RankingUncertainty,
    /// All municipalities by code.
    pub municipalities: Vec<MunicipalityInterval>,
}

/// Between which places one municipality lies.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityInterval {
    /// Four digits, in force since 2024.
    pub municipality_code: String,
    /// Between which places it lies; `null` when not ranked.
    pub uncertainty: Option<RankInterval>,
}

impl Told {
    /// Says what was drawn.
    pub(super) fn head(&self, language: Language) -> RankingUncertainty {
        let tier = |tier: &RobustTier| RobustTierHead {
            id: tier.id.clone(),
            from: tier.from,
            title: tier.title.in_language(language.code()).to_owned(),
        };
        RankingUncertainty {
            draws: self.intervals.draws,
            seed: self.seed,
            choices: choices(&self.open),
            top: self.intervals.top.clone(),
            tier_top: self.intervals.tier_top,
            tiers: self.intervals.tiers.iter().map(tier).collect(),
        }
    }

    /// Says between which places a municipality lies; `None` when it is not ranked.
    pub(super) fn interval(&self, unit: usize, language: Language) -> Option<RankInterval> {
        let found = self.intervals.units.get(unit)?.as_ref()?;
        Some(rank_interval(&self.intervals, found, language))
    }
}

impl Evidence {
    /// Says between which places each municipality lies.
    ///
    /// # Errors
    ///
    /// An unknown model; weights that the model cannot use; no draws or too many.
    pub fn rank_intervals(&self, question: &Question) -> Result<RankIntervals, EvidenceError> {
        let scored = self.scored(question)?;
        let language = question.language;
        let told = self.told(&scored, question.uncertainty.unwrap_or_default())?;
        let municipalities = self.municipalities.iter().enumerate().map(|(unit, place)| {
            let municipality_code = place.municipality_code.clone();
            MunicipalityInterval { municipality_code, uncertainty: told.interval(unit, language) }
        });
        Ok(RankIntervals {
            model: scored.model.id.clone(),
            model_version: scored.model.version,
            notes: self.doubt_notes(&told, language),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            uncertainty: told.head(language),
            municipalities: municipalities.collect(),
        })
    }

    /// Says what could not be done as the model asks.
    pub(super) fn doubt_notes(&self, told: &Told, language: Language) -> Vec<String> {
        told.notes.iter().map(|note| worded(note, &self.texts, language)).collect()
    }
}

fn rank_interval(all: &Intervals, found: &UnitInterval, language: Language) -> RankInterval {
    let [p5, p50, p95] = found.places();
    let shares = all.top.iter().zip(&found.top);
    let tier = found.tier.and_then(|at| all.tiers.get(at));
    RankInterval {
        p5,
        p50,
        p95,
        p_top: shares.map(|(n, share)| TopShare { n: *n, share: *share }).collect(),
        tier: tier.map(|tier| tier.id.clone()),
        tier_title: tier.map(|tier| tier.title.in_language(language.code()).to_owned()),
    }
}

fn choices(open: &Uncertainty) -> OpenChoices {
    fn names<T: Serialize>(choices: &[T]) -> Vec<String> {
        choices.iter().map(lower).collect()
    }
    OpenChoices {
        weights: WeightMoves { spread: open.weights.spread, shape: lower(&open.weights.shape) },
        normalisation: names(&open.normalisation),
        aggregation: names(&open.aggregation),
        treatment: names(&open.treatment),
        missing: names(&open.missing),
    }
}
