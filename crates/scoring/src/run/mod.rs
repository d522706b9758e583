//! A whole run: figures in, every stage and the ranking out.

mod grid;
mod matrix;
mod prepared;
mod tree;

use crate::model::{Missing, Model, TierBasis};
use crate::normalise::Fitted;
use crate::rank::competition_ranks;
use grid::{Grid, LeafValues};
pub use matrix::{Groups, Matrix};
pub use prepared::{Column, Stages};
pub(crate) use tree::{Below, Children, Tree, children_of};

/// A scored group or indicator of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeScore {
    /// Value; `None` for a gap.
    pub value: Option<f64>,
    /// Share of the node's weight that has data, 0 to 1.
    pub coverage: f64,
}

/// Why a unit has no rank.
#[derive(Debug, Clone, PartialEq)]
pub enum NotRanked {
    /// A required dimension has too little data.
    DimensionTooThin {
        /// Position of the dimension in the model's groups.
        dimension: usize,
        /// Share of its weight that has data.
        coverage: f64,
        /// Share that the model asks for.
        minimum: f64,
    },
    /// The whole has too little data.
    TotalTooThin {
        /// Share of the weight that has data.
        coverage: f64,
        /// Share that the model asks for.
        minimum: f64,
    },
    /// The unit has too few of the indicators to take part.
    ScreenedOut {
        /// Share of the indicators that it has.
        share: f64,
        /// Share that the model asks for.
        minimum: f64,
    },
    /// Nothing at all is known.
    NoData,
}

/// What gaps could have given: the score as it is, and with every gap at its best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreRange {
    /// Score with every gap at 0.
    pub low: f64,
    /// Score with every gap at its highest.
    pub high: f64,
}

/// A unit's result with all its stages.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitScore {
    /// Score; `None` when the unit is not ranked.
    pub score: Option<f64>,
    /// Place from the top; ties share the lowest number.
    pub rank: Option<usize>,
    /// Share of the whole weight that has data, 0 to 1.
    pub coverage: f64,
    /// Class of the score.
    pub tier: Option<u8>,
    /// Why the unit is not ranked; empty when it is.
    pub reasons: Vec<NotRanked>,
    /// Where gaps give 0: how far the score could rise if they were filled.
    pub range: Option<ScoreRange>,
    /// By position in the model's groups.
    pub groups: Vec<NodeScore>,
    /// By position in the model's leaves.
    pub leaves: Vec<NodeScore>,
}

/// All results, in the order of the units.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Results by unit.
    pub units: Vec<UnitScore>,
    /// The value functions with their ends fixed, by leaf.
    pub fitted: Vec<Fitted>,
    /// The figures at every stage before they were valued.
    pub stages: Stages,
}

/// Figures of one place that is not among the units, such as the country.
pub type Profile<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// Scores and ranks all units.
///
/// An indicator without a column is a gap for everybody.
pub fn score(model: &Model, matrix: &Matrix) -> Scores {
    let stages = Stages::new(model, matrix);
    let fitted = stages.fit(model);
    let values = valued(&fitted, &stages.treated);
    let tree = Tree::of(model);
    let count = matrix.units.len();
    let is_filled = |leaf: usize, unit: usize| stages.is_filled(leaf, unit);
    let leaves = LeafValues { values: &values, is_filled: &is_filled };
    let grid = Grid::new(model, &tree, &leaves, count);
    let best = best_case(model, &tree, &leaves, count);
    let mut units: Vec<UnitScore> = (0..count)
        .map(|unit| {
            let mut result = unit_score(model, &grid, unit);
            screen(model, &stages, unit, &mut result);
            let high = best.as_ref().and_then(|best| best[unit]);
            result.range = result.score.zip(high).map(|(low, high)| ScoreRange { low, high });
            result
        })
        .collect();
    let scores: Vec<Option<f64>> = units.iter().map(|unit| unit.score).collect();
    for (unit, rank) in units.iter_mut().zip(competition_ranks(&scores)) {
        unit.rank = rank;
    }
    Scores { units, fitted, stages }
}

impl Scores {
    /// Scores one place that is not among the units, on the same scales.
    ///
    /// A group whose method compares the units with each other is a gap.
    pub fn profile(&self, model: &Model, figures: Profile<'_>) -> UnitScore {
        let values: Vec<Vec<Option<f64>>> = model
            .leaves
            .iter()
            .zip(&self.fitted)
            .map(|(leaf, fitted)| {
                vec![figures(&leaf.indicator).and_then(|figure| fitted.apply(figure))]
            })
            .collect();
        let leaves = LeafValues { values: &values, is_filled: &|_, _| false };
        unit_score(model, &Grid::new(model, &Tree::of(model), &leaves, 1), 0)
    }
}

/// Values every figure of every leaf.
pub(crate) fn valued(fitted: &[Fitted], columns: &[Column]) -> Vec<Vec<Option<f64>>> {
    let column = |(fitted, column): (&Fitted, &Column)| {
        column.iter().map(|figure| figure.and_then(|figure| fitted.apply(figure))).collect()
    };
    fitted.iter().zip(columns).map(column).collect()
}

fn unit_score(model: &Model, grid: &Grid, unit: usize) -> UnitScore {
    let node = |values: &Vec<Option<f64>>, coverage: &Vec<f64>| NodeScore {
        value: values[unit],
        coverage: coverage[unit],
    };
    let nodes = |values: &[Vec<Option<f64>>], coverage: &[Vec<f64>]| -> Vec<NodeScore> {
        values.iter().zip(coverage).map(|(values, coverage)| node(values, coverage)).collect()
    };
    let groups = nodes(&grid.groups, &grid.coverage);
    let reasons = reasons(model, &groups);
    let root = groups[0];
    let score = if reasons.is_empty() { root.value } else { None };
    let tier = score.and_then(|score| tier(model, &groups, score));
    let leaves = nodes(&grid.leaves, &grid.leaf_coverage);
    UnitScore {
        score,
        rank: None,
        coverage: root.coverage,
        tier,
        reasons,
        range: None,
        groups,
        leaves,
    }
}

/// Takes the score from a unit with too few indicators to take part.
fn screen(model: &Model, stages: &Stages, unit: usize, result: &mut UnitScore) {
    if let Some(share) = stages.screened_out[unit] {
        let minimum = model.prepare.screen.data_minimum.unwrap_or(0.0);
        result.reasons = vec![NotRanked::ScreenedOut { share, minimum }];
        (result.score, result.tier) = (None, None);
    }
}

fn reasons(model: &Model, groups: &[NodeScore]) -> Vec<NotRanked> {
    let root = groups[0];
    let mut reasons = Vec::new();
    if let Some(rules) = &model.coverage {
        let minimum = rules.dimension_minimum;
        for dimension in &rules.required {
            let coverage = groups[*dimension].coverage;
            if groups[*dimension].value.is_none() {
                reasons.push(NotRanked::DimensionTooThin {
                    dimension: *dimension,
                    coverage,
                    minimum,
                });
            }
        }
        if root.coverage < rules.total_minimum {
            reasons.push(NotRanked::TotalTooThin {
                coverage: root.coverage,
                minimum: rules.total_minimum,
            });
        }
    }
    if reasons.is_empty() && root.value.is_none() {
        reasons.push(NotRanked::NoData);
    }
    reasons
}

fn tier(model: &Model, groups: &[NodeScore], score: f64) -> Option<u8> {
    let basis = match model.tier_basis {
        TierBasis::Score => score,
        TierBasis::MeanOfDimensions => {
            let values: Vec<f64> = model.dimensions().filter_map(|at| groups[at].value).collect();
            values.iter().sum::<f64>() / values.len() as f64
        }
    };
    model.tiers.iter().find(|tier| basis >= tier.from).map(|tier| tier.tier)
}

/// Returns the scores if every gap had its highest value, where a gap gives 0.
fn best_case(
    model: &Model,
    tree: &Tree,
    leaves: &LeafValues<'_>,
    count: usize,
) -> Option<Vec<Option<f64>>> {
    if model.missing != Missing::Zero {
        return None;
    }
    let filled: Vec<Vec<Option<f64>>> = model
        .leaves
        .iter()
        .zip(leaves.values)
        .map(|(leaf, column)| {
            column.iter().map(|value| value.or_else(|| leaf.value.highest())).collect()
        })
        .collect();
    let best = LeafValues { values: &filled, is_filled: leaves.is_filled };
    Grid::new(model, tree, &best, count).groups.into_iter().next()
}
