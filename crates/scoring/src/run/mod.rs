//! A whole run: figures in, every stage and the ranking out.

use std::collections::HashMap;

use crate::aggregate::{self, Child};
use crate::model::{Leaf, Missing, Model, TierBasis};
use crate::normalise::Fitted;
use crate::rank::competition_ranks;

/// Raw figures: one row of units, one column per indicator.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// Codes of the units, each once.
    pub units: Vec<String>,
    /// Figures by indicator id, in the order of the units.
    pub columns: HashMap<String, Vec<Option<f64>>>,
}

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
}

/// Figures of one place that is not among the units, such as the country.
pub type Profile<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// Scores and ranks all units.
///
/// An indicator without a column is a gap for everybody.
pub fn score(model: &Model, matrix: &Matrix) -> Scores {
    let gap = vec![None; matrix.units.len()];
    let columns: Vec<&[Option<f64>]> = model
        .leaves
        .iter()
        .map(|leaf| matrix.columns.get(&leaf.indicator).unwrap_or(&gap).as_slice())
        .collect();
    let fitted: Vec<Fitted> = model
        .leaves
        .iter()
        .zip(&columns)
        .map(|(leaf, column)| Fitted::new(&leaf.value, leaf.direction, column))
        .collect();
    let tree = Tree::of(model);
    let mut stages = Stages::default();
    let mut values: Vec<Option<f64>> = Vec::with_capacity(model.leaves.len());
    let mut units: Vec<UnitScore> = (0..matrix.units.len())
        .map(|unit| {
            values.clear();
            values.extend(
                fitted
                    .iter()
                    .zip(&columns)
                    .map(|(fitted, column)| column[unit].and_then(|figure| fitted.apply(figure))),
            );
            unit_score(model, &tree, &mut stages, &values)
        })
        .collect();
    let scores: Vec<Option<f64>> = units.iter().map(|unit| unit.score).collect();
    for (unit, rank) in units.iter_mut().zip(competition_ranks(&scores)) {
        unit.rank = rank;
    }
    Scores { units, fitted }
}

impl Scores {
    /// Scores one place that is not among the units, on the same scales.
    pub fn profile(&self, model: &Model, figures: Profile<'_>) -> UnitScore {
        let values: Vec<Option<f64>> = model
            .leaves
            .iter()
            .zip(&self.fitted)
            .map(|(leaf, fitted)| figures(&leaf.indicator).and_then(|figure| fitted.apply(figure)))
            .collect();
        unit_score(model, &Tree::of(model), &mut Stages::default(), &values)
    }
}

/// The children of one group.
pub(crate) struct Children {
    groups: Vec<usize>,
    leaves: Vec<usize>,
}

/// A node below a group, by its position among the groups or the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Below {
    Group(usize),
    Leaf(usize),
}

impl Children {
    /// Returns the groups, then the leaves.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Below> + '_ {
        let groups = self.groups.iter().map(|at| Below::Group(*at));
        groups.chain(self.leaves.iter().map(|at| Below::Leaf(*at)))
    }
}

/// What is the same for every unit of a run.
struct Tree {
    children: Vec<Children>,
    /// Highest value of each leaf; nothing where no group counts points.
    leaf_most: Vec<f64>,
    counts_points: bool,
}

impl Tree {
    fn of(model: &Model) -> Self {
        let counts_points = model.missing == Missing::Zero
            || model.groups.iter().any(|group| !group.aggregation.uses_weights());
        let most = |leaf: &Leaf| leaf.value.highest().unwrap_or(0.0);
        let leaf_most = model.leaves.iter().map(most).collect();
        Self { children: children_of(model), leaf_most, counts_points }
    }
}

/// Returns the children of every group.
pub(crate) fn children_of(model: &Model) -> Vec<Children> {
    (0..model.groups.len())
        .map(|position| Children {
            groups: (0..model.groups.len())
                .filter(|child| model.groups[*child].parent == Some(position))
                .collect(),
            leaves: (0..model.leaves.len())
                .filter(|leaf| model.leaves[*leaf].parent == position)
                .collect(),
        })
        .collect()
}

fn unit_score(
    model: &Model,
    tree: &Tree,
    stages: &mut Stages,
    values: &[Option<f64>],
) -> UnitScore {
    stages.fill(model, tree, values);
    let root = stages.groups[0];
    let reasons = reasons(model, stages, root);
    let score = if reasons.is_empty() { root.value } else { None };
    let tier = score.and_then(|score| tier(model, stages, score));
    let (groups, leaves) = (stages.groups.clone(), stages.leaves.clone());
    let range = match model.missing {
        Missing::Zero => {
            score.map(|low| ScoreRange { low, high: best_case(model, tree, stages, values) })
        }
        Missing::Redistribute => None,
    };
    UnitScore { score, rank: None, coverage: root.coverage, tier, reasons, range, groups, leaves }
}

/// The nodes of one unit while they are computed, leaves first.
///
/// One is reused for all units: allocating anew for each took most of the time.
#[derive(Default)]
struct Stages {
    groups: Vec<NodeScore>,
    leaves: Vec<NodeScore>,
    group_most: Vec<(f64, f64)>,
    leaf_most: Vec<(f64, f64)>,
    members: Vec<Child>,
}

const EMPTY: NodeScore = NodeScore { value: None, coverage: 0.0 };

impl Stages {
    /// Computes every node of one unit from the values of its leaves.
    fn fill(&mut self, model: &Model, tree: &Tree, values: &[Option<f64>]) {
        self.groups.clear();
        self.groups.resize(model.groups.len(), EMPTY);
        self.group_most.clear();
        self.group_most.resize(model.groups.len(), (0.0, 0.0));
        self.leaves.clear();
        self.leaf_most.clear();
        for (value, most) in values.iter().zip(&tree.leaf_most) {
            let most = *most;
            let (coverage, available) = if value.is_some() { (1.0, most) } else { (0.0, 0.0) };
            self.leaf_most.push((most, available));
            let value = match model.missing {
                Missing::Zero => Some(value.unwrap_or(0.0)),
                Missing::Redistribute => *value,
            };
            self.leaves.push(NodeScore { value, coverage });
        }
        for position in (0..model.groups.len()).rev() {
            self.close(model, tree, position);
        }
    }

    /// Computes one group from its children.
    fn close(&mut self, model: &Model, tree: &Tree, position: usize) {
        let method = &model.groups[position].aggregation;
        let mut members = std::mem::take(&mut self.members);
        members.clear();
        let (mut weight, mut covered) = (0.0, 0.0);
        for node in tree.children[position].nodes() {
            let (child, coverage) = self.child(model, node);
            weight += child.weight;
            covered += child.weight * coverage;
            members.push(child);
        }
        let coverage = if weight > 0.0 { covered / weight } else { 0.0 };
        if tree.counts_points {
            self.group_most[position] = (
                aggregate::most(method, members.iter().map(|child| child.most)),
                aggregate::most(method, members.iter().map(|child| child.most_available)),
            );
        }
        let mut value = aggregate::aggregate(method, &members);
        if too_thin(model, position, coverage) {
            value = None;
        }
        if value.is_none() && model.missing == Missing::Zero {
            value = Some(0.0);
        }
        self.groups[position] = NodeScore { value, coverage };
        self.members = members;
    }

    /// Returns a node as its parent's aggregation sees it, and its coverage.
    fn child(&self, model: &Model, node: Below) -> (Child, f64) {
        let (found, weight, (most, most_available)) = match node {
            Below::Group(at) => (self.groups[at], model.groups[at].weight, self.group_most[at]),
            Below::Leaf(at) => (self.leaves[at], model.leaves[at].weight, self.leaf_most[at]),
        };
        (Child { value: found.value, weight, most, most_available }, found.coverage)
    }
}

/// Returns whether a dimension has too little data to count.
fn too_thin(model: &Model, position: usize, coverage: f64) -> bool {
    let is_dimension = model.groups[position].parent == Some(0);
    let minimum = model.coverage.as_ref().map_or(0.0, |coverage| coverage.dimension_minimum);
    is_dimension && coverage < minimum
}

fn reasons(model: &Model, stages: &Stages, root: NodeScore) -> Vec<NotRanked> {
    let mut reasons = Vec::new();
    if let Some(rules) = &model.coverage {
        let minimum = rules.dimension_minimum;
        for dimension in &rules.required {
            let coverage = stages.groups[*dimension].coverage;
            if stages.groups[*dimension].value.is_none() {
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

fn tier(model: &Model, stages: &Stages, score: f64) -> Option<u8> {
    let basis = match model.tier_basis {
        TierBasis::Score => score,
        TierBasis::MeanOfDimensions => {
            let values: Vec<f64> =
                model.dimensions().filter_map(|at| stages.groups[at].value).collect();
            values.iter().sum::<f64>() / values.len() as f64
        }
    };
    model.tiers.iter().find(|tier| basis >= tier.from).map(|tier| tier.tier)
}

/// Returns the score if every gap had its highest value.
fn best_case(model: &Model, tree: &Tree, stages: &mut Stages, values: &[Option<f64>]) -> f64 {
    let filled: Vec<Option<f64>> = model
        .leaves
        .iter()
        .zip(values)
        .map(|(leaf, value)| value.or_else(|| leaf.value.highest()))
        .collect();
    stages.fill(model, tree, &filled);
    stages.groups[0].value.unwrap_or(0.0)
}
