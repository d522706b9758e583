//! Which of a model's choices the places hang on.

use scoring::Uncertainty;
use scoring::doubt::draws::Sampler;
use scoring::doubt::sobol::{self, Index, Input, Output};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use crate::doubt::{open_choices, threads};
use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// Resamples that the intervals are of.
const RESAMPLES: usize = 200;

/// How much of the movement of places comes from each choice.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SensitivityReport {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// What is watched.
    pub output: String,
    /// How many base samples were drawn.
    pub samples: usize,
    /// Where they started; the same seed gives the same answer.
    pub seed: u64,
    /// How often the model was computed.
    pub runs: usize,
    /// Mean of what is watched.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// What varies, the most important first.
    pub inputs: Vec<SensitivityInput>,
}

/// One choice and its share of the variance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SensitivityInput {
    /// `weight`, `normalisation`, `aggregation`, `treatment` or `missing`.
    pub kind: &'static str,
    /// Group id, or indicator code or id, of a weight; else the kind.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Share that goes away when it is fixed; `null` where nothing varies.
    pub first: Option<f64>,
    /// 5th and 95th percentile of that share over resamples.
    pub first_interval: Option<[f64; 2]>,
    /// Share that stays when it alone is free.
    pub total: Option<f64>,
    /// 5th and 95th percentile of that share over resamples.
    pub total_interval: Option<[f64; 2]>,
}

impl Evidence {
    /// Shares out the movement of places among the model's open choices (Sobol' indices).
    ///
    /// # Errors
    ///
    /// An unknown model; no samples or too many.
    pub fn sensitivity(
        &self,
        question: &Question,
        samples: usize,
        seed: Option<u64>,
    ) -> Result<SensitivityReport, EvidenceError> {
        let scored = self.scored(question)?;
        self.sensitivity_of(&scored, (samples, seed), question.language)
    }

    pub(super) fn sensitivity_of(
        &self,
        scored: &Scored,
        (samples, seed): (usize, Option<u64>),
        language: Language,
    ) -> Result<SensitivityReport, EvidenceError> {
        let model = &scored.model;
        let open = open_choices(model);
        let seed = seed.unwrap_or(open.seed);
        let sampler = Sampler::new(model, &open, seed);
        let asked = sobol::Question {
            inputs: inputs(scored, &open),
            output: Output::MeanRankChange,
            base: samples,
            resamples: RESAMPLES,
            seed,
        };
        let found = sobol::sensitivity(&self.engine(scored), &sampler, &asked, threads())
            .map_err(Part::Draws.fault())?;
        let mut inputs: Vec<SensitivityInput> = found
            .inputs
            .iter()
            .map(|(input, index)| self.sensitivity_input(scored, *input, index.as_ref(), language))
            .collect();
        let size = |one: &SensitivityInput| one.total.unwrap_or(f64::NEG_INFINITY);
        inputs.sort_by(|left, right| size(right).total_cmp(&size(left)));
        Ok(SensitivityReport {
            model: model.id.clone(),
            model_title: model.title.in_language(language.code()).to_owned(),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            output: self.say(language, "sensitivity.output", &[]),
            samples,
            seed,
            runs: found.runs,
            mean: found.mean,
            variance: found.variance,
            inputs,
        })
    }

    fn sensitivity_input(
        &self,
        scored: &Scored,
        input: Input,
        index: Option<&Index>,
        language: Language,
    ) -> SensitivityInput {
        let (kind, id, title) = match input {
            Input::Weight(node) => {
                let (id, title) = self.node_name(scored, node, language);
                ("weight", id, title)
            }
            Input::Weights => self.choice("weights", language),
            Input::Normalisation => self.choice("normalisation", language),
            Input::Aggregation => self.choice("aggregation", language),
            Input::Treatment => self.choice("treatment", language),
            Input::Missing => self.choice("missing", language),
        };
        SensitivityInput {
            kind,
            id,
            title,
            first: index.map(|index| index.first),
            first_interval: index.and_then(|index| index.first_interval),
            total: index.map(|index| index.total),
            total_interval: index.and_then(|index| index.total_interval),
        }
    }

    fn choice(&self, kind: &'static str, language: Language) -> (&'static str, String, String) {
        (kind, kind.to_owned(), self.say(language, &format!("choice.{kind}"), &[]))
    }

    /// Returns the id and the title of a node: groups, then leaves.
    pub(super) fn node_name(
        &self,
        scored: &Scored,
        node: usize,
        language: Language,
    ) -> (String, String) {
        let model = &scored.model;
        if let Some(group) = model.groups.get(node) {
            return (group.id.clone(), group.title.in_language(language.code()).to_owned());
        }
        let leaf = &model.leaves[node - model.groups.len()];
        let id = leaf.code.clone().unwrap_or_else(|| leaf.indicator.clone());
        (id, self.indicator_title(&leaf.indicator, language))
    }
}

/// Every weight but the root's, and every choice of which there is more than one.
fn inputs(scored: &Scored, open: &Uncertainty) -> Vec<Input> {
    let model = &scored.model;
    let weights = (1..model.groups.len() + model.leaves.len()).filter(|node| {
        let group = model.groups.get(*node).map(|group| group.weight);
        let leaf = || model.leaves[*node - model.groups.len()].weight;
        group.unwrap_or_else(leaf) > 0.0
    });
    let choices = [
        (Input::Normalisation, open.normalisation.len()),
        (Input::Aggregation, open.aggregation.len()),
        (Input::Treatment, open.treatment.len()),
        (Input::Missing, open.missing.len()),
    ];
    let choices = choices.into_iter().filter(|(_, count)| *count > 1).map(|(input, _)| input);
    weights.map(Input::Weight).chain(choices).collect()
}
