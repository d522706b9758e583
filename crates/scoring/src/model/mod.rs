//! Models: the tree, its weights and its rules.
//!
//! A model is read from one TOML file ([`Model::parse`]) and is valid from then
//! on: one root, no cycle, weights that can be divided by, value functions that
//! fit the aggregation above them. Code that scores relies on that.

mod check;
mod error;
mod parse;
mod prepare;
mod preset;
mod uncertainty;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use check::{MOST_DRAWS, is_weight};
pub use error::{ModelError, Problem};
pub use prepare::{Denominator, Imputation, Prepare, Screening, Shrinkage, Treatment};
pub use uncertainty::{
    AggregationChoice, MissingChoice, NormalisationChoice, RobustTier, SpreadShape,
    TreatmentChoice, Uncertainty, WeightSpread,
};

/// A text in several languages, by language code (`nb`, `en`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// Returns the text in `language`, else in bokmål, else in any language.
    pub fn in_language(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.get("nb"))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// A scoring model: what is measured, how it is valued and weighed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Name by which people choose it.
    pub id: String,
    /// Raised when a change alters anybody's score.
    pub version: u32,
    /// What the model is called.
    pub title: Text,
    /// What the model is for.
    pub description: Text,
    /// What a reader must know before using the ranking.
    pub notes: Vec<Text>,
    /// What is done to raw figures before they are valued.
    pub prepare: Prepare,
    /// What a gap costs.
    pub missing: Missing,
    /// How much data a unit needs to be ranked; absent: every unit is ranked.
    pub coverage: Option<Coverage>,
    /// Classes of the score, from the best down.
    pub tiers: Vec<Tier>,
    /// Which number the tiers are read from.
    pub tier_basis: TierBasis,
    /// All groups; the first is the root, and a parent stands before its children.
    pub groups: Vec<Group>,
    /// All indicators, in the order of the file.
    pub leaves: Vec<Leaf>,
    /// Flag thresholds that this model sets otherwise than the pack, by flag id.
    pub flag_thresholds: BTreeMap<String, f64>,
    /// Which choices are open; absent: weights alone, by a quarter.
    pub uncertainty: Option<Uncertainty>,
}

/// A node that weighs its children together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Key inside the model.
    pub id: String,
    /// What the group is called.
    pub title: Text,
    /// Position of the parent in [`Model::groups`]; absent for the root.
    pub parent: Option<usize>,
    /// Weight among its siblings, in any unit.
    pub weight: f64,
    /// How its children become one number.
    pub aggregation: Aggregation,
    /// Share of the children that must have a value; strictly below it the group is a gap.
    pub present_minimum: f64,
}

/// An indicator with its place, its weight and its value function.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaf {
    /// Id of the indicator that supplies the raw figure.
    pub indicator: String,
    /// Short code shown to people, such as `B1c`.
    pub code: Option<String>,
    /// Position of the parent in [`Model::groups`].
    pub parent: usize,
    /// Weight among its siblings, in any unit.
    pub weight: f64,
    /// How a raw figure becomes a value.
    pub value: ValueFunction,
    /// Which end is better, where the value function leaves that open.
    pub direction: Option<Direction>,
    /// What the raw figure is divided by.
    pub denominator: Option<Denominator>,
    /// What a rate of few is drawn towards.
    pub shrink: Option<Shrinkage>,
    /// What fills a gap, where it is not what the model says.
    pub impute: Option<Imputation>,
    /// What is done to outliers, where it is not what the model says.
    pub treat: Option<Treatment>,
}

/// What a gap costs a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Its weight goes to its siblings; a group without data is itself a gap.
    Redistribute,
    /// It gives 0 points and is listed, with the points it could have given.
    Zero,
}

/// How much of the weight must have data before a unit is ranked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Share of a dimension's weight, 0 to 1.
    pub dimension_minimum: f64,
    /// Share of the whole weight, 0 to 1.
    pub total_minimum: f64,
    /// Positions of the dimensions that must reach their minimum.
    pub required: Vec<usize>,
}

/// A class of scores, from a lower bound that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Number of the class, 1 for the best.
    pub tier: u8,
    /// Lowest score of the class; it belongs to the class.
    pub from: f64,
    /// What the class is called.
    pub title: Text,
}

/// Which number the tiers are read from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierBasis {
    /// The score itself.
    #[default]
    Score,
    /// The plain mean of the dimensions' scores.
    MeanOfDimensions,
}

/// Which end of an indicator is better for the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// How a group's children become one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Aggregation {
    /// Weighted mean.
    Arithmetic {},
    /// Weighted geometric mean; values below `floor` count as `floor`.
    Geometric {
        /// Lowest value that takes part, above 0.
        floor: f64,
    },
    /// Weighted harmonic mean; values below `floor` count as `floor`.
    Harmonic {
        /// Lowest value that takes part, above 0.
        floor: f64,
    },
    /// Weighted mean of powers, brought back: 1 is arithmetic, -1 harmonic.
    PowerMean {
        /// The power, not 0.
        power: f64,
    },
    /// Ordered weighted average (Yager 1988): weights go to places, the best child's first,
    /// beside the children's own.
    Owa {
        /// Weights by place; absent with `orness`.
        #[serde(default)]
        weights: Vec<f64>,
        /// 1 counts the best child alone, 0 the worst, 0.5 all the same.
        #[serde(default)]
        orness: Option<f64>,
    },
    /// The lowest of the children with weight; how much plays no part.
    Minimum {},
    /// The middle one of the children with weight; how much plays no part.
    Median {},
    /// Duels: opponents beaten by weight minus opponents lost to (Copeland 1951).
    Copeland {},
    /// Nearness to the best of everything (Hwang and Yoon 1981), 0 to 100.
    Topsis {},
    /// Net flow of preference (Brans and Vincke 1985), -100 to 100.
    PrometheeIi {
        /// How a difference becomes a preference.
        #[serde(default)]
        preference: Preference,
        /// Difference up to which there is none, a share of the column's range.
        #[serde(default)]
        q: f64,
        /// Difference from which it is whole, a share of the column's range.
        #[serde(default)]
        p: f64,
    },
    /// Compromise between the sum and the worst of the regrets (Opricovic 1998), 0 to 100.
    Vikor {
        /// Weight of the sum against the worst, 0 to 1.
        #[serde(default = "half")]
        v: f64,
    },
    /// Plain sum of points; weights play no part.
    Sum {},
    /// The highest of the children; weights play no part.
    Maximum {},
    /// 100 × points ÷ the most points there are.
    PointsPercent {},
    /// 100 × points ÷ the most points that the data present could have given.
    PointsPercentAvailable {},
}

fn half() -> f64 {
    0.5
}

/// How a difference between two units becomes a preference (Brans and Vincke 1985).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// Any difference is whole preference.
    #[default]
    Usual,
    /// Any difference above `q`.
    UShape,
    /// Growing up to `p`.
    VShape,
    /// Half above `q`, whole above `p`.
    Level,
    /// Growing from `q` to `p`.
    Linear,
}

impl Aggregation {
    /// Returns whether the children's weights take part.
    pub fn uses_weights(&self) -> bool {
        !matches!(
            self,
            Self::Sum {}
                | Self::Maximum {}
                | Self::Minimum {}
                | Self::Median {}
                | Self::PointsPercent {}
                | Self::PointsPercentAvailable {}
        )
    }

    /// Returns whether points are added, so that the most there could be matters.
    pub fn counts_points(&self) -> bool {
        matches!(
            self,
            Self::Sum {}
                | Self::Maximum {}
                | Self::PointsPercent {}
                | Self::PointsPercentAvailable {}
        )
    }

    /// Returns whether a unit's value depends on who else is there.
    pub fn is_relational(&self) -> bool {
        matches!(
            self,
            Self::Copeland {} | Self::Topsis {} | Self::PrometheeIi { .. } | Self::Vikor { .. }
        )
    }
}

/// How a raw figure becomes a value.
///
/// Except `steps`, `rank`, `borda`, `z_score`, `scaled` and an uncapped reference, every
/// function ends on 0 to 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum ValueFunction {
    /// `low` becomes 0 and `high` 100, linear between, cut outside.
    Goalposts {
        /// Raw figure that becomes 0.
        low: f64,
        /// Raw figure that becomes 100; below `low` when less is better.
        high: f64,
        /// Whether distances are taken on the logarithm.
        #[serde(default)]
        log: bool,
        /// Where the goalposts come from.
        #[serde(default)]
        basis: Option<String>,
    },
    /// Straight lines between the points (raw, value), cut outside.
    Anchors {
        /// Points with rising raw figures.
        points: Vec<[f64; 2]>,
        /// Where the anchors come from.
        #[serde(default)]
        basis: Option<String>,
    },
    /// Goalposts at two percentiles of the data at hand.
    PercentileGoalposts {
        /// Lower percentile, 0 to 100.
        low: f64,
        /// Upper percentile, 0 to 100.
        high: f64,
        /// Whether distances are taken on the logarithm.
        #[serde(default)]
        log: bool,
    },
    /// Lowest `low`, highest `high`.
    MinMax {
        /// Value of the worst figure.
        #[serde(default)]
        low: f64,
        /// Value of the best figure.
        #[serde(default = "hundred")]
        high: f64,
    },
    /// Like goalposts, but not cut.
    Scaled {
        /// Raw figure that becomes 0.
        low: f64,
        /// Raw figure that becomes 100; below `low` when less is better.
        high: f64,
    },
    /// A band: 0 at `zero_low`, 100 from `full_low` to `full_high`, 0 at `zero_high`.
    Band {
        /// Raw figure below which the value is 0.
        zero_low: f64,
        /// Raw figure from which the value is 100.
        full_low: f64,
        /// Raw figure up to which the value is 100.
        full_high: f64,
        /// Raw figure above which the value is 0.
        zero_high: f64,
        /// Where the band comes from.
        #[serde(default)]
        basis: Option<String>,
    },
    /// Share of the way from the worst figure to `target`, cut at 100.
    DistanceToTarget {
        /// Raw figure that becomes 100.
        target: f64,
    },
    /// Share of the way from the worst figure to a unit's figure.
    DistanceToReference {
        /// Code of the unit that has 100.
        unit: String,
        /// Whether those beyond it have 100 as well.
        #[serde(default)]
        capped: bool,
    },
    /// 100 less the share of the range that is missing to the best figure.
    DistanceToMaximum {},
    /// Percent of the best figure; where less is better, the best in percent of the figure.
    FractionOfMaximum {},
    /// How many units are worse.
    Borda {},
    /// Distance from the mean in standard deviations (n − 1), rescaled.
    ZScore {
        /// Value of the mean.
        #[serde(default)]
        mean: f64,
        /// Value of one standard deviation.
        #[serde(default = "one")]
        sd: f64,
    },
    /// Ascending rank: the best unit has the highest number.
    Rank {
        /// What units with the same figure get.
        #[serde(default)]
        ties: Ties,
    },
    /// Share of the other units that are worse, 0 to 100.
    PercentileRank {
        /// What units with the same figure get.
        #[serde(default)]
        ties: Ties,
    },
    /// Points by the first test that holds; otherwise 0.
    Steps {
        /// Tests in the order in which they are tried.
        steps: Vec<Step>,
    },
}

fn one() -> f64 {
    1.0
}

fn hundred() -> f64 {
    100.0
}

/// What units with the same figure get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// The lowest of their ranks.
    #[default]
    Min,
    /// The mean of their ranks.
    Average,
    /// The highest of their ranks.
    Max,
}

/// One test of a step function and the points it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What the raw figure must satisfy.
    pub test: StepTest,
    /// Points when it does.
    pub points: f64,
}

/// A condition on one raw figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepTest {
    /// Strictly below.
    Below(f64),
    /// Strictly above.
    Above(f64),
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// Strictly inside the interval.
    Between([f64; 2]),
}

impl StepTest {
    /// Returns whether `raw` satisfies the condition.
    pub fn holds(&self, raw: f64) -> bool {
        match *self {
            Self::Below(bound) => raw < bound,
            Self::Above(bound) => raw > bound,
            Self::AtLeast(bound) => raw >= bound,
            Self::AtMost(bound) => raw <= bound,
            Self::Between([low, high]) => low < raw && raw < high,
        }
    }
}

impl Model {
    /// Returns the positions of the groups directly under the root.
    pub fn dimensions(&self) -> impl Iterator<Item = usize> + '_ {
        (1..self.groups.len()).filter(|position| self.groups[*position].parent == Some(0))
    }

    /// Returns the dimension above the group at `group`; `None` for the root.
    pub fn dimension_of(&self, group: usize) -> Option<usize> {
        let mut current = group;
        loop {
            match self.groups[current].parent {
                None => return None,
                Some(0) => return Some(current),
                Some(parent) => current = parent,
            }
        }
    }

    /// Returns a copy with other weights, by group id, indicator code or id.
    ///
    /// # Errors
    ///
    /// A name that the model does not have, a weight that is negative or not a
    /// number, and siblings that all weigh nothing. The line is 0: there is no file.
    pub fn with_weights(&self, weights: &[(String, f64)]) -> Result<Self, ModelError> {
        let mut changed = self.clone();
        for (name, weight) in weights {
            if !check::is_weight(*weight) {
                let english = "the weight of `{name}` is {number}; give 0 to {most}";
                let (number, most) = (weight.to_string(), check::HEAVIEST.to_string());
                let places = [("name", name.as_str()), ("number", &number), ("most", &most)];
                let problem = Problem::new("weight_of_range", english, &places);
                return Err(ModelError { line: 0, problem });
            }
            *changed.weight_of(name)? = *weight;
        }
        check::weights(&changed).map_err(|(_, problem)| ModelError { line: 0, problem })?;
        Ok(changed)
    }

    fn weight_of(&mut self, name: &str) -> Result<&mut f64, ModelError> {
        if let Some(group) = self.groups.iter_mut().skip(1).find(|group| group.id == name) {
            return Ok(&mut group.weight);
        }
        self.leaves
            .iter_mut()
            .find(|leaf| leaf.code.as_deref() == Some(name) || leaf.indicator == name)
            .map(|leaf| &mut leaf.weight)
            .ok_or_else(|| ModelError {
                line: 0,
                problem: Problem::new(
                    "unknown_node",
                    "the model has no group or indicator `{name}` to weigh",
                    &[("name", name)],
                ),
            })
    }

    /// Returns each leaf's share of the whole when nothing is missing.
    ///
    /// The product of the shares down the tree; under a group that ignores
    /// weights, the leaf's part of the most points.
    pub fn effective_weights(&self) -> Vec<f64> {
        let (shares, sums) = self.group_shares();
        let share = |leaf: &Leaf| shares[leaf.parent] * leaf.weight / sums[leaf.parent];
        self.leaves.iter().map(share).collect()
    }

    /// Returns each group's share of the whole when nothing is missing; the root's is 1.
    pub fn effective_group_weights(&self) -> Vec<f64> {
        self.group_shares().0
    }

    /// Returns each group's share of the whole, and the sum of its children's weights.
    fn group_shares(&self) -> (Vec<f64>, Vec<f64>) {
        let mut sums = vec![0.0; self.groups.len()];
        for group in &self.groups {
            if let Some(parent) = group.parent {
                sums[parent] += group.weight;
            }
        }
        for leaf in &self.leaves {
            sums[leaf.parent] += leaf.weight;
        }
        let mut shares = vec![1.0; self.groups.len()];
        for (position, group) in self.groups.iter().enumerate().skip(1) {
            if let Some(parent) = group.parent {
                shares[position] = shares[parent] * group.weight / sums[parent];
            }
        }
        (shares, sums)
    }
}
