//! One model on one set of figures, audited in the order that the JRC's audits go:
//! figures, structure, weights, robustness (Saisana & Saltelli 2010).
//!
//! Robustness is computed by `doubt` and stands beside this; here is what the
//! figures and the tree alone tell.

use serde::Serialize;

use super::{Flags, Gaps, Limits, correlated_pairs, cronbach_alpha, flags};
use crate::model::Model;
use crate::prepare::treat;
use crate::run::{Below, Run, children_of};
use crate::statistics::{Summary, pearson};
use crate::weigh::pca::principal_components;

/// Correlations outside which two indicators of a dimension are named: near 1 they count twice
/// (the JRC's audits name them from about 0.9), below -0.1 they pull apart.
pub const CORRELATION_LIMITS: [f64; 2] = [-0.1, 0.9];

/// What the figures and the tree of a model tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Structure {
    /// Units that the figures are of.
    pub units: usize,
    /// Units that the model ranks.
    pub ranked: usize,
    /// By leaf.
    pub indicators: Vec<IndicatorAudit>,
    /// By group, the root first.
    pub groups: Vec<GroupAudit>,
    /// Pairs of indicators of one group that say the same, or pull apart.
    pub pairs: Vec<CorrelatedPair>,
    /// Limits that the flags are raised by.
    pub limits: Limits,
    /// Lowest and highest correlation that passes without a word.
    pub correlation_limits: [f64; 2],
}

/// One indicator's figures, and what it does to the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorAudit {
    /// Id of the indicator.
    pub indicator: String,
    /// Code in the model.
    pub code: Option<String>,
    /// Id of the group above it.
    pub parent: String,
    /// Units with a figure.
    pub present: usize,
    /// Share of the units with a figure; `None` without units.
    pub share_present: Option<f64>,
    /// Figures that were filled in.
    pub filled: usize,
    /// Lowest figure as it came.
    pub lowest: Option<f64>,
    /// Middle figure.
    pub median: Option<f64>,
    /// Mean.
    pub mean: Option<f64>,
    /// Highest figure.
    pub highest: Option<f64>,
    /// Skewness (G1) of the figures as they came.
    pub skewness: Option<f64>,
    /// Excess kurtosis (G2).
    pub kurtosis: Option<f64>,
    /// What the treatment of outliers did; `None` where the model asks for none.
    pub treatment: Option<treat::Outcome>,
    /// How many figures the treatment moved.
    pub treated: usize,
    /// What is wrong with the figures.
    pub flags: Flags,
    /// Share of the whole weight, when nothing is missing.
    pub effective_weight: f64,
    /// Correlation of its values with the score.
    pub correlation_with_score: Option<f64>,
    /// Share of the indicators' squared correlations with the score: what it
    /// weighs in the result, to be held against the effective weight
    /// (Paruolo, Saisana & Saltelli 2013, the linear case).
    pub influence: Option<f64>,
}

/// One group: whether its members belong together, and what it does to the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupAudit {
    /// Id of the group.
    pub group: String,
    /// Id of the group above it.
    pub parent: Option<String>,
    /// How many children it has.
    pub children: usize,
    /// Cronbach's alpha of its children's values, pair by pair; `None` for fewer than two.
    pub alpha: Option<f64>,
    /// Share of the variance along the children's first principal component.
    pub first_component: Option<f64>,
    /// Share of the whole weight, when nothing is missing.
    pub effective_weight: f64,
    /// Correlation of its values with the score.
    pub correlation_with_score: Option<f64>,
    /// Units with a value.
    pub present: usize,
}

/// Two indicators of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorrelatedPair {
    /// Id of the group.
    pub group: String,
    /// The indicator that comes first.
    pub left: String,
    /// The other.
    pub right: String,
    /// Pearson's correlation of their values.
    pub correlation: f64,
    /// Whether they say the same or pull apart.
    pub kind: PairKind,
}

/// What a correlation outside the limits means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairKind {
    /// They say nearly the same, and count twice.
    Redundant,
    /// They pull apart, and their mean hides both.
    Opposed,
}

impl Structure {
    /// Audits the figures and the tree of a run.
    pub fn new(model: &Model, run: &Run) -> Self {
        let scores = run.scores(model);
        let correlations: Vec<Option<f64>> =
            run.normalised.iter().map(|values| pearson(values, &scores)).collect();
        let squares: f64 = correlations.iter().flatten().map(|r| r * r).sum();
        let effective = model.effective_weights();
        let limits = Limits::default();
        let indicators = (0..model.leaves.len())
            .map(|leaf| {
                let correlation = correlations[leaf];
                let influence = correlation.map(|r| r * r / squares);
                IndicatorAudit {
                    effective_weight: effective[leaf],
                    correlation_with_score: correlation,
                    influence: influence.filter(|share| share.is_finite()),
                    ..indicator(model, run, leaf, &limits)
                }
            })
            .collect();
        Self {
            units: scores.len(),
            ranked: scores.iter().flatten().count(),
            indicators,
            groups: groups(model, run, &scores),
            pairs: pairs(model, run),
            limits,
            correlation_limits: CORRELATION_LIMITS,
        }
    }
}

fn indicator(model: &Model, run: &Run, leaf: usize, limits: &Limits) -> IndicatorAudit {
    let stages = &run.stages;
    // Shape and coverage are told of what the model is given, not of what it makes of it.
    let summary = Summary::of(&stages.shrunk[leaf]);
    let treatment = stages.treatments[leaf].as_ref();
    let node = &model.leaves[leaf];
    IndicatorAudit {
        indicator: node.indicator.clone(),
        code: node.code.clone(),
        parent: model.groups[node.parent].id.clone(),
        present: summary.present,
        share_present: summary.share_present(),
        filled: stages.filled[leaf].len(),
        lowest: summary.lowest,
        median: summary.median,
        mean: summary.moments.mean(),
        highest: summary.highest,
        skewness: summary.moments.skewness(),
        kurtosis: summary.moments.kurtosis(),
        treatment: treatment.map(|treatment| treatment.outcome),
        treated: treatment.map_or(0, |treatment| treatment.changes.len()),
        flags: flags(&summary, limits),
        effective_weight: 0.0,
        correlation_with_score: None,
        influence: None,
    }
}

fn groups(model: &Model, run: &Run, scores: &[Option<f64>]) -> Vec<GroupAudit> {
    let shares = model.effective_group_weights();
    let children = children_of(model);
    let group = |at: usize| {
        let columns: Vec<&[Option<f64>]> =
            children[at].nodes().map(|node| values(run, node)).collect();
        let components = (columns.len() > 1).then(|| principal_components(&columns).ok()).flatten();
        GroupAudit {
            group: model.groups[at].id.clone(),
            parent: model.groups[at].parent.map(|parent| model.groups[parent].id.clone()),
            children: columns.len(),
            alpha: (columns.len() > 1).then(|| cronbach_alpha(&columns, Gaps::Pairwise)).flatten(),
            first_component: components.and_then(|all| Some(all.components.first()?.share)),
            effective_weight: shares[at],
            correlation_with_score: pearson(&run.groups[at], scores),
            present: run.groups[at].iter().flatten().count(),
        }
    };
    (0..model.groups.len()).map(group).collect()
}

fn values(run: &Run, node: Below) -> &[Option<f64>] {
    match node {
        Below::Group(at) => &run.groups[at],
        Below::Leaf(at) => &run.normalised[at],
    }
}

/// Pairs within each dimension, as the tree's lowest groups may hold one indicator each.
fn pairs(model: &Model, run: &Run) -> Vec<CorrelatedPair> {
    let mut found = Vec::new();
    for dimension in model.dimensions() {
        let members: Vec<(&str, &[Option<f64>])> = model
            .leaves
            .iter()
            .zip(&run.normalised)
            .filter(|(leaf, _)| model.dimension_of(leaf.parent) == Some(dimension))
            .map(|(leaf, values)| (leaf.indicator.as_str(), &**values))
            .collect();
        found.extend(correlated_pairs(&members, CORRELATION_LIMITS).into_iter().map(|pair| {
            let is_high = pair.r > CORRELATION_LIMITS[1];
            CorrelatedPair {
                group: model.groups[dimension].id.clone(),
                left: pair.left.to_owned(),
                right: pair.right.to_owned(),
                correlation: pair.r,
                kind: if is_high { PairKind::Redundant } else { PairKind::Opposed },
            }
        }));
    }
    found
}
