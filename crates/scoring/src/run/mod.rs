//! A whole run: figures in, every stage and the ranking out.

mod again;
mod grid;
mod inspect;
mod matrix;
mod prepared;
mod tree;

use crate::model::{Leaf, Missing, Model, Problem, TierBasis};
use crate::normalise::Fitted;
use crate::rank::competition_ranks;
use grid::{Grid, LeafValues};
pub use inspect::{Finding, Gravity, inspect};
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

/// A whole run, node by node: every stage of every figure, without a list per unit.
///
/// What [`Scores`] says of one unit at a time; made for very many units.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The figures at every stage before they were valued.
    pub stages: Stages,
    /// The value functions with their ends fixed, by leaf.
    pub fitted: Vec<Fitted>,
    /// Values by leaf.
    pub normalised: Vec<Column>,
    /// Values by group, the root first.
    pub groups: Vec<Column>,
    /// Share of the weight below a group that has data, by group.
    pub coverage: Vec<Vec<f64>>,
    /// Groups that could not be computed and are gaps for all, with the reason.
    pub faults: Vec<Problem>,
}

impl Run {
    /// Prepares, values and aggregates the figures of all units.
    pub fn new(model: &Model, matrix: &Matrix) -> Self {
        let stages = Stages::new(model, matrix);
        let fitted = stages.fit(model, &matrix.units);
        let normalised = valued(&fitted, &stages.treated);
        let leaves = LeafValues { values: &normalised, filled: &stages.filled };
        let grid = Grid::new(model, &Tree::of(model), leaves);
        let Grid { groups, coverage, faults, .. } = grid;
        let groups = groups.into_iter().map(Column::from).collect();
        Self { groups, coverage, faults, stages, fitted, normalised }
    }

    /// Returns why a unit is not ranked; nothing when it is.
    pub fn reasons(&self, model: &Model, unit: usize) -> Vec<NotRanked> {
        if let Some(share) = self.stages.screened_out[unit] {
            let minimum = model.prepare.screen.data_minimum.unwrap_or(0.0);
            return vec![NotRanked::ScreenedOut { share, minimum }];
        }
        let node = |at: usize| NodeScore {
            value: self.groups[at][unit],
            coverage: self.coverage[at][unit],
        };
        reasons(model, &node)
    }

    /// Returns the scores of all units; `None` for a unit that is not ranked.
    pub fn scores(&self, model: &Model) -> Vec<Option<f64>> {
        let score = |(unit, value): (usize, &Option<f64>)| {
            value.filter(|_| self.reasons(model, unit).is_empty())
        };
        self.groups[0].iter().enumerate().map(score).collect()
    }
}

/// Scores and ranks all units.
///
/// An indicator without a column is a gap for everybody.
pub fn score(model: &Model, matrix: &Matrix) -> Scores {
    let run = Run::new(model, matrix);
    let tree = Tree::of(model);
    let leaves = LeafValues { values: &run.normalised, filled: &run.stages.filled };
    let best = best_case(model, &tree, leaves);
    let scores = run.scores(model);
    let ranks = competition_ranks(&scores);
    let units = (0..matrix.units.len())
        .map(|unit| {
            let mut result = unit_score(model, &run, unit);
            result.reasons = run.reasons(model, unit);
            result.score = scores[unit];
            result.rank = ranks[unit];
            result.tier = scores[unit].and_then(|score| tier(model, &result.groups, score));
            let high = best.as_ref().and_then(|best| best[unit]);
            result.range = result.score.zip(high).map(|(low, high)| ScoreRange { low, high });
            result
        })
        .collect();
    Scores { units, fitted: run.fitted, stages: run.stages }
}

impl Scores {
    /// Scores one place that is not among the units, on the same scales.
    ///
    /// A group whose method compares the units with each other is a gap.
    pub fn profile(&self, model: &Model, figures: Profile<'_>) -> UnitScore {
        let value = |(at, (leaf, fitted)): (usize, (&Leaf, &Fitted))| -> Column {
            let divided = |figure: f64| match &leaf.denominator {
                Some(by) => {
                    let below = figures(&by.column).filter(|below| *below > 0.0)?;
                    Some(figure / (below / by.scale))
                }
                None => Some(figure),
            };
            let figure = figures(&leaf.indicator).and_then(divided);
            let treated = figure.and_then(|figure| self.stages.treat(at, figure));
            vec![treated.and_then(|figure| fitted.apply(figure))].into()
        };
        let leaves = model.leaves.iter().zip(&self.fitted).enumerate();
        let normalised: Vec<Column> = leaves.map(value).collect();
        let grid =
            Grid::new(model, &Tree::of(model), LeafValues { values: &normalised, filled: &[] });
        let node =
            |at: usize| NodeScore { value: grid.groups[at][0], coverage: grid.coverage[at][0] };
        let groups: Vec<NodeScore> = (0..model.groups.len()).map(node).collect();
        let leaf = |at: usize| NodeScore {
            value: grid.leaves[at][0],
            coverage: grid.leaf_coverage(at, 0),
        };
        let reasons = reasons(model, &node);
        let score = if reasons.is_empty() { groups[0].value } else { None };
        UnitScore {
            score,
            rank: None,
            coverage: groups[0].coverage,
            tier: score.and_then(|score| tier(model, &groups, score)),
            reasons,
            range: None,
            leaves: (0..model.leaves.len()).map(leaf).collect(),
            groups,
        }
    }
}

/// Values every figure of every leaf.
pub(crate) fn valued(fitted: &[Fitted], columns: &[Column]) -> Vec<Column> {
    let column = |(fitted, column): (&Fitted, &Column)| {
        column.iter().map(|figure| figure.and_then(|figure| fitted.apply(figure))).collect()
    };
    fitted.iter().zip(columns).map(column).collect()
}

/// Returns a unit's nodes; what depends on the rules of ranking is still to be filled in.
fn unit_score(model: &Model, run: &Run, unit: usize) -> UnitScore {
    let is_zero = model.missing == Missing::Zero;
    let group =
        |at: usize| NodeScore { value: run.groups[at][unit], coverage: run.coverage[at][unit] };
    let leaf = |at: usize| {
        let value = run.normalised[at][unit];
        let is_figure = value.is_some() && !run.stages.is_filled(at, unit);
        NodeScore {
            value: value.or(is_zero.then_some(0.0)),
            coverage: f64::from(u8::from(is_figure)),
        }
    };
    UnitScore {
        score: None,
        rank: None,
        coverage: run.coverage[0][unit],
        tier: None,
        reasons: Vec::new(),
        range: None,
        groups: (0..model.groups.len()).map(group).collect(),
        leaves: (0..model.leaves.len()).map(leaf).collect(),
    }
}

fn reasons(model: &Model, node: &dyn Fn(usize) -> NodeScore) -> Vec<NotRanked> {
    let root = node(0);
    let mut reasons = Vec::new();
    if let Some(rules) = &model.coverage {
        let minimum = rules.dimension_minimum;
        for dimension in &rules.required {
            let NodeScore { value, coverage } = node(*dimension);
            if value.is_none() {
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
fn best_case(model: &Model, tree: &Tree, leaves: LeafValues<'_>) -> Option<Vec<Option<f64>>> {
    if model.missing != Missing::Zero {
        return None;
    }
    let filled: Vec<Column> = model
        .leaves
        .iter()
        .zip(leaves.values)
        .map(|(leaf, column)| {
            column.iter().map(|value| value.or_else(|| leaf.value.highest())).collect()
        })
        .collect();
    Grid::new(model, tree, LeafValues { values: &filled, ..leaves }).groups.into_iter().next()
}
