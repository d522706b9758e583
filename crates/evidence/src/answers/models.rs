//! Models: what there is and what each is made of.

use scoring::{Model, ValueFunction};
use serde::Serialize;
use utoipa::ToSchema;

use super::localised;
use crate::error::EvidenceError;
use crate::evidence::Evidence;
use crate::question::{ModelChoice, Question};
use crate::texts::Language;

/// All models of the pack.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelList {
    /// Language of the texts.
    pub language: String,
    /// The default ones first.
    pub models: Vec<ModelEntry>,
}

/// One model in short.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelEntry {
    /// Key.
    pub id: String,
    /// Version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// How many indicators it has.
    pub indicators: usize,
    /// How many of them have figures.
    pub indicators_available: usize,
    /// How many municipalities it ranks today.
    pub ranked: usize,
    /// Whether it is what a question without a model gets.
    pub is_default: bool,
}

/// One model, whole.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelDetail {
    /// Key.
    pub id: String,
    /// Version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What a reader must know before using it.
    pub notes: Vec<String>,
    /// `redistribute` or `zero`: what a gap costs.
    pub missing: String,
    /// How much data a municipality needs; `null`: none.
    pub coverage: Option<CoverageRules>,
    /// Classes of the score.
    pub tiers: Vec<ModelTier>,
    /// Groups, the root first.
    pub groups: Vec<ModelGroup>,
    /// Indicators in the model's order.
    pub indicators: Vec<ModelIndicator>,
}

/// How much data a municipality needs to be ranked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CoverageRules {
    /// Share of a dimension's weight, 0 to 1.
    pub dimension_minimum: f64,
    /// Share of the whole weight, 0 to 1.
    pub total_minimum: f64,
    /// Dimensions that must reach their minimum.
    pub required: Vec<String>,
}

/// A class of the score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelTier {
    /// Number, 1 for the best.
    pub tier: u8,
    /// Lowest score of the class; it belongs to the class.
    pub from: f64,
    /// What it is called.
    pub title: String,
}

/// A group of a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelGroup {
    /// Key.
    pub id: String,
    /// Group above; `null` for the root.
    pub parent: Option<String>,
    /// What it is called.
    pub title: String,
    /// Weight among its siblings.
    pub weight: f64,
    /// How its children become one number.
    #[schema(value_type = Object)]
    pub aggregation: serde_json::Value,
}

/// An indicator of a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelIndicator {
    /// Id of the indicator.
    pub id: String,
    /// Short code.
    pub code: Option<String>,
    /// Group right above it.
    pub parent: String,
    /// What it is called.
    pub title: String,
    /// Weight among its siblings.
    pub weight: f64,
    /// Share of the whole model when nothing is missing, 0 to 1.
    pub effective_weight: f64,
    /// How a raw figure becomes a value.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
    /// Which end is better, where the value function leaves that open.
    pub direction: Option<String>,
    /// Whether anybody has a figure.
    pub available: bool,
    /// Why nobody has; `null` when somebody has.
    pub unavailable_reason: Option<String>,
}

/// The verdict on a model file.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelCheck {
    /// Always true: a faulty file gives an error instead.
    pub valid: bool,
    /// The model as it was understood.
    pub model: ModelDetail,
    /// How many municipalities it ranks today.
    pub ranked: usize,
}

impl Evidence {
    /// Lists the models.
    ///
    /// # Errors
    ///
    /// None in practice: every model was checked when the pack was read.
    pub fn models(&self, language: Language) -> Result<ModelList, EvidenceError> {
        let default = self.scored(&Question::default())?.model.id;
        let entry = |id: &str| -> Result<ModelEntry, EvidenceError> {
            let model = self.named_model(id)?;
            let available =
                model.leaves.iter().filter(|leaf| self.figures.is_available(&leaf.indicator));
            Ok(ModelEntry {
                id: model.id.clone(),
                version: model.version,
                title: model.title.in_language(language.code()).to_owned(),
                description: model.description.in_language(language.code()).to_owned(),
                indicators: model.leaves.len(),
                indicators_available: available.count(),
                ranked: self.ranked_by(model)?,
                is_default: model.id == default,
            })
        };
        Ok(ModelList {
            language: language.code().to_owned(),
            models: self.model_ids().into_iter().map(entry).collect::<Result<_, _>>()?,
        })
    }

    /// Describes one model of the pack.
    ///
    /// # Errors
    ///
    /// No model has that id; all are named.
    pub fn model(&self, id: &str, language: Language) -> Result<ModelDetail, EvidenceError> {
        Ok(self.model_detail(self.named_model(id)?, language))
    }

    /// Describes a model of the user's own and says how many it ranks.
    ///
    /// # Errors
    ///
    /// None in practice: the model was checked when its file was read.
    pub fn check_model(
        &self,
        model: &Model,
        language: Language,
    ) -> Result<ModelCheck, EvidenceError> {
        Ok(ModelCheck {
            valid: true,
            ranked: self.ranked_by(model)?,
            model: self.model_detail(model, language),
        })
    }

    fn ranked_by(&self, model: &Model) -> Result<usize, EvidenceError> {
        let choice = ModelChoice::Own(Box::new(model.clone()));
        let scored = self.scored(&Question { model: choice, ..Question::default() })?;
        Ok(scored.scores.units.iter().filter(|unit| unit.rank.is_some()).count())
    }

    fn model_detail(&self, model: &Model, language: Language) -> ModelDetail {
        let text = |text: &scoring::Text| text.in_language(language.code()).to_owned();
        let id_of = |at: usize| model.groups[at].id.clone();
        ModelDetail {
            id: model.id.clone(),
            version: model.version,
            title: text(&model.title),
            description: text(&model.description),
            notes: model.notes.iter().map(text).collect(),
            missing: super::explain::lower(&model.missing),
            coverage: model.coverage.as_ref().map(|rules| CoverageRules {
                dimension_minimum: rules.dimension_minimum,
                total_minimum: rules.total_minimum,
                required: rules.required.iter().map(|at| id_of(*at)).collect(),
            }),
            tiers: model
                .tiers
                .iter()
                .map(|tier| ModelTier {
                    tier: tier.tier,
                    from: tier.from,
                    title: text(&tier.title),
                })
                .collect(),
            groups: model
                .groups
                .iter()
                .map(|group| ModelGroup {
                    id: group.id.clone(),
                    parent: group.parent.map(id_of),
                    title: text(&group.title),
                    weight: group.weight,
                    aggregation: json(&group.aggregation),
                })
                .collect(),
            indicators: self.model_indicators(model, language),
        }
    }

    fn model_indicators(&self, model: &Model, language: Language) -> Vec<ModelIndicator> {
        let effective = model.effective_weights();
        let leaves = model.leaves.iter().zip(effective);
        leaves
            .map(|(leaf, effective_weight)| {
                let indicator = self.pack.indicators.get(&leaf.indicator);
                let title = indicator.map_or("", |indicator| localised(&indicator.title, language));
                let unavailable_reason = self.unavailable(&leaf.indicator, language);
                ModelIndicator {
                    id: leaf.indicator.clone(),
                    code: leaf.code.clone(),
                    parent: model.groups[leaf.parent].id.clone(),
                    title: title.to_owned(),
                    weight: leaf.weight,
                    effective_weight,
                    value: json::<ValueFunction>(&leaf.value),
                    direction: leaf.direction.map(|direction| super::explain::lower(&direction)),
                    available: unavailable_reason.is_none(),
                    unavailable_reason,
                }
            })
            .collect()
    }
}

fn json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}
