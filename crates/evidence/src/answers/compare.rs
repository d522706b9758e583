//! Models held against each other.

use scoring::doubt::compare::{Comparison, compare};
use serde::Serialize;
use utoipa::ToSchema;

use scoring::Problem;

use super::SnapshotRef;
use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::{ModelChoice, Question};
use crate::texts::Language;

/// Places from the top whose overlap is told.
const TOP: [usize; 2] = [20, 60];

/// Rankings by several models, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelComparison {
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// The models, in the order asked for.
    pub models: Vec<ComparedModel>,
    /// Every two of them.
    pub pairs: Vec<ComparedPair>,
    /// Every municipality that one of them ranks, by the first model's places.
    pub municipalities: Vec<ComparedMunicipality>,
}

/// A model that is compared.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedModel {
    /// Id of the model.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How many municipalities it ranks.
    pub ranked: usize,
}

/// How alike two rankings are.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedPair {
    /// Id of the one model.
    pub left: String,
    /// Id of the other.
    pub right: String,
    /// How many municipalities both rank.
    pub in_both: usize,
    /// Kendall's tau b of the places; `null` where there is nothing to compare.
    pub kendall: Option<f64>,
    /// Spearman's correlation of the places.
    pub spearman: Option<f64>,
    /// Mean of the places moved, whichever way.
    pub mean_absolute_change: Option<f64>,
    /// How many are among the first in both.
    pub top: Vec<TopOverlap>,
}

/// How many are among the first in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopOverlap {
    /// Among the first so many.
    pub n: usize,
    /// How many are there in both.
    pub both: usize,
}

/// One municipality in every ranking.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedMunicipality {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Name of the county.
    pub county_name: String,
    /// Places, in the order of the models; `null` when not ranked.
    pub ranks: Vec<Option<usize>>,
    /// Scores, in the same order.
    pub scores: Vec<Option<f64>>,
    /// Places between its best and its worst; `null` when fewer than two rank it.
    pub spread: Option<usize>,
}

impl Evidence {
    /// Ranks by several models and holds the rankings against each other.
    ///
    /// # Errors
    ///
    /// Fewer than two models, or an unknown one.
    pub fn compare_models(
        &self,
        models: &[ModelChoice],
        language: Language,
    ) -> Result<ModelComparison, EvidenceError> {
        if models.len() < 2 {
            let english = "name two models or more";
            return Err(Part::Comparison.fault()(Problem::new("compare_two", english, &[])));
        }
        let scored: Vec<Scored> = models
            .iter()
            .map(|model| self.scored(&Question { model: model.clone(), ..Question::default() }))
            .collect::<Result<_, _>>()?;
        let mut pairs = Vec::new();
        for (at, left) in scored.iter().enumerate() {
            for right in &scored[at + 1..] {
                pairs.push(compared(left, right));
            }
        }
        Ok(ModelComparison {
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            models: scored.iter().map(|one| compared_model(one, language)).collect(),
            pairs,
            municipalities: self.compared_municipalities(&scored),
        })
    }

    fn compared_municipalities(&self, scored: &[Scored]) -> Vec<ComparedMunicipality> {
        let mut all: Vec<ComparedMunicipality> = (0..self.municipalities.len())
            .map(|unit| {
                let place = &self.municipalities[unit];
                let results = || scored.iter().map(|one| &one.scores.units[unit]);
                let ranks: Vec<Option<usize>> = results().map(|result| result.rank).collect();
                let present: Vec<usize> = ranks.iter().flatten().copied().collect();
                let ends = present.iter().max().zip(present.iter().min());
                ComparedMunicipality {
                    municipality_code: place.municipality_code.clone(),
                    name: place.display_name.clone(),
                    county_name: place.county_name.clone(),
                    scores: results().map(|result| result.score).collect(),
                    spread: ends.filter(|_| present.len() > 1).map(|(worst, best)| worst - best),
                    ranks,
                }
            })
            .filter(|place| place.ranks.iter().any(Option::is_some))
            .collect();
        all.sort_by_key(|place| {
            let ranks = place.ranks.iter().map(|rank| rank.unwrap_or(usize::MAX));
            (ranks.collect::<Vec<usize>>(), place.municipality_code.clone())
        });
        all
    }
}

fn compared_model(scored: &Scored, language: Language) -> ComparedModel {
    ComparedModel {
        id: scored.model.id.clone(),
        title: scored.model.title.in_language(language.code()).to_owned(),
        ranked: scored.scores.units.iter().filter(|unit| unit.rank.is_some()).count(),
    }
}

/// Holds two rankings against each other.
pub(super) fn compared(left: &Scored, right: &Scored) -> ComparedPair {
    let ranks = |scored: &Scored| -> Vec<Option<usize>> {
        scored.scores.units.iter().map(|unit| unit.rank).collect()
    };
    let found: Comparison = compare(&ranks(left), &ranks(right), &TOP);
    ComparedPair {
        left: left.model.id.clone(),
        right: right.model.id.clone(),
        in_both: found.in_both,
        kendall: found.kendall,
        spearman: found.spearman,
        mean_absolute_change: found.mean_absolute_change,
        top: found.top.iter().map(|top| TopOverlap { n: top.n, both: top.both }).collect(),
    }
}
