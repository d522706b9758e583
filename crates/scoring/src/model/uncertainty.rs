//! Which of a model's choices are open, and by how much.

use serde::{Deserialize, Serialize};

use super::Text;

/// The set of choices that draws are made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// How many draws, unless asked for otherwise.
    #[serde(default = "two_thousand")]
    pub draws: usize,
    /// Where the draws start, unless asked for otherwise.
    #[serde(default)]
    pub seed: u64,
    /// How far weights move.
    #[serde(default)]
    pub weights: WeightSpread,
    /// How indicators are valued.
    #[serde(default = "as_the_model")]
    pub normalisation: Vec<NormalisationChoice>,
    /// How the dimensions become one number.
    #[serde(default = "as_the_model")]
    pub aggregation: Vec<AggregationChoice>,
    /// What is done to outliers.
    #[serde(default = "as_the_model")]
    pub treatment: Vec<TreatmentChoice>,
    /// What a gap costs.
    #[serde(default = "as_the_model")]
    pub missing: Vec<MissingChoice>,
    /// Label of the groups whose median fills gaps; absent: the whole.
    pub group: Option<String>,
    /// Places from the top whose probabilities are told.
    #[serde(default = "top")]
    pub top: Vec<usize>,
    /// Place from the top that the tiers are about.
    #[serde(default = "sixty")]
    pub tier_top: usize,
    /// Tiers by the probability of that place, the surest first.
    #[serde(default)]
    pub tier: Vec<RobustTier>,
}

impl Default for Uncertainty {
    fn default() -> Self {
        Self {
            draws: two_thousand(),
            seed: 0,
            weights: WeightSpread::default(),
            normalisation: as_the_model(),
            aggregation: as_the_model(),
            treatment: as_the_model(),
            missing: as_the_model(),
            group: None,
            top: top(),
            tier_top: sixty(),
            tier: Vec::new(),
        }
    }
}

/// How far weights move, at every level of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSpread {
    /// Share of a weight by which it moves, 0 to 1.
    pub spread: f64,
    /// How likely the moves are.
    #[serde(default)]
    pub shape: SpreadShape,
}

impl Default for WeightSpread {
    fn default() -> Self {
        Self { spread: 0.25, shape: SpreadShape::Uniform }
    }
}

/// How likely the moves of a weight are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpreadShape {
    /// Evenly within the spread: w (1 + spread (2u - 1)), each weight by itself.
    #[default]
    Uniform,
    /// Dirichlet among siblings; `spread` is the coefficient of variation of an
    /// average sibling's share.
    Dirichlet,
}

/// How indicators are valued in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NormalisationChoice {
    /// As the model says.
    Model,
    /// Lowest 0, highest 100.
    MinMax,
    /// Mean 50, standard deviation 10.
    ZScore,
    /// Share of the others that are worse.
    PercentileRank,
}

/// How the root's children become one number in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregationChoice {
    /// As the model says.
    Model,
    /// Weighted mean.
    Arithmetic,
    /// Weighted geometric mean, floor 1.
    Geometric,
    /// Weighted harmonic mean, floor 1.
    Harmonic,
}

/// What is done to outliers in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TreatmentChoice {
    /// As the model says.
    #[serde(rename = "model")]
    Model,
    /// Nothing.
    #[serde(rename = "none")]
    None,
    /// Drawn in to the 5th and 95th percentile.
    #[serde(rename = "winsorise_5_95")]
    Winsorise5To95,
    /// Drawn in to the 1st and 99th percentile.
    #[serde(rename = "winsorise_1_99")]
    Winsorise1To99,
    /// Drawn in one by one, then the logarithm.
    #[serde(rename = "winsorise_then_log")]
    WinsoriseThenLog,
}

/// What a gap costs in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingChoice {
    /// As the model says.
    Model,
    /// Its weight goes to its siblings.
    Redistribute,
    /// It is filled with the median of its group.
    GroupMedian,
}

/// A tier by the probability of a place among the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobustTier {
    /// Key, such as `sure`.
    pub id: String,
    /// Least probability of the tier; it belongs to the tier.
    pub from: f64,
    /// What the tier is called.
    pub title: Text,
}

/// A choice that can be left to the model.
trait AsTheModel: Sized {
    const MODEL: Self;
}

macro_rules! as_the_model {
    ($($choice:ty),*) => {
        $(impl AsTheModel for $choice {
            const MODEL: Self = Self::Model;
        })*
    };
}

as_the_model!(NormalisationChoice, AggregationChoice, TreatmentChoice, MissingChoice);

fn as_the_model<T: AsTheModel>() -> Vec<T> {
    vec![T::MODEL]
}

fn two_thousand() -> usize {
    2000
}

fn top() -> Vec<usize> {
    vec![20, 60]
}

fn sixty() -> usize {
    60
}
