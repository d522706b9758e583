//! Every indicator under every combination of choices, valued once.
//!
//! A draw then only weighs: its inner loops run over whole columns of numbers,
//! with 1 or 0 beside each for whether it is there.

use super::choices;
use crate::aggregate::{self, on_scale};
use crate::model::{
    Aggregation, AggregationChoice, Missing, MissingChoice, Model, NormalisationChoice, Problem,
    TreatmentChoice, Uncertainty,
};
use crate::run::{Column, Matrix, Stages, Tree, valued};

/// One column without options: what is absent has mask 0 and the value −0,
/// which changes no sum that it is added to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dense {
    pub(super) values: Vec<f64>,
    pub(super) mask: Vec<f64>,
    /// Whether nothing is absent.
    pub(super) is_whole: bool,
}

impl Dense {
    fn new(column: &[Option<f64>], method: &Aggregation) -> Self {
        let scaled = |value| if is_mean(method) { on_scale(method, value) } else { value };
        let value = |value: &Option<f64>| value.map_or(-0.0, scaled);
        Self {
            values: column.iter().map(value).collect(),
            mask: column.iter().map(|value| f64::from(u8::from(value.is_some()))).collect(),
            is_whole: column.iter().all(Option::is_some),
        }
    }
}

/// Returns whether a method is a mean on a scale, so that columns can be added up.
pub(super) fn is_mean(method: &Aggregation) -> bool {
    matches!(
        method,
        Aggregation::Arithmetic {} | Aggregation::Geometric { .. } | Aggregation::Harmonic { .. }
    )
}

/// The leaves under one combination of treatment, gaps and normalisation.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// By leaf, on the scale of the group above.
    leaves: Vec<Dense>,
    /// By aggregation choice and leaf: those directly under the root, on its scale.
    rooted: Vec<Vec<Option<Dense>>>,
    pub(super) missing: Missing,
    /// By node (groups, then leaves) and unit: most points, and most that the data
    /// present could give; empty where no points are counted.
    most: Vec<Vec<(f64, f64)>>,
}

impl Variant {
    pub(super) fn leaf(&self, leaf: usize, aggregation: usize) -> &Dense {
        self.rooted[aggregation][leaf].as_ref().unwrap_or(&self.leaves[leaf])
    }

    /// Returns the most points of a node, and the most its data could have given.
    pub(super) fn most_of(&self, node: usize, unit: usize) -> (f64, f64) {
        let column = self.most.get(node);
        column.and_then(|column| column.get(unit)).copied().unwrap_or((0.0, 0.0))
    }
}

/// All combinations that may be asked for.
#[derive(Debug)]
pub(super) struct Columns {
    treatments: Vec<TreatmentChoice>,
    gaps: Vec<MissingChoice>,
    normalisations: Vec<NormalisationChoice>,
    aggregations: Vec<AggregationChoice>,
    /// The root's method, by aggregation choice.
    pub(super) roots: Vec<Aggregation>,
    variants: Vec<Variant>,
    /// What could not be done as asked.
    pub(super) notes: Vec<Problem>,
}

/// The choices of a list and the model's own, each once, the model's first.
fn with_own<T: Copy + PartialEq>(own: T, listed: &[T]) -> Vec<T> {
    let mut all = vec![own];
    for choice in listed {
        if !all.contains(choice) {
            all.push(*choice);
        }
    }
    all
}

impl Columns {
    pub(super) fn new(model: &Model, matrix: &Matrix, open: &Uncertainty) -> Self {
        let treatments = with_own(TreatmentChoice::Model, &open.treatment);
        let gaps = with_own(MissingChoice::Model, &open.missing);
        let normalisations = with_own(NormalisationChoice::Model, &open.normalisation);
        let aggregations = with_own(AggregationChoice::Model, &open.aggregation);
        let roots: Vec<Aggregation> =
            aggregations.iter().map(|choice| choices::root_method(model, *choice)).collect();
        let mut notes = Vec::new();
        let group = group_of(matrix, open, &mut notes);
        let mut variants = Vec::new();
        for treatment in &treatments {
            for gap in &gaps {
                let mut prepared = model.clone();
                choices::treat(&mut prepared, *treatment);
                choices::fill(&mut prepared, *gap, group);
                let stages = Stages::new(&prepared, matrix);
                for normalisation in &normalisations {
                    let mut valued = prepared.clone();
                    choices::normalise(&mut valued, *normalisation);
                    variants.push(Variant::new(&valued, (&stages, matrix), &roots));
                }
            }
        }
        Self { treatments, gaps, normalisations, aggregations, roots, variants, notes }
    }

    /// Returns the combination a draw asks for, and the position of its root's method.
    pub(super) fn of(
        &self,
        (treatment, gap): (TreatmentChoice, MissingChoice),
        (normalisation, aggregation): (NormalisationChoice, AggregationChoice),
    ) -> Result<(&Variant, usize), Problem> {
        let treatment = position(&self.treatments, treatment)?;
        let gap = position(&self.gaps, gap)?;
        let normalisation = position(&self.normalisations, normalisation)?;
        let at = (treatment * self.gaps.len() + gap) * self.normalisations.len() + normalisation;
        Ok((&self.variants[at], position(&self.aggregations, aggregation)?))
    }
}

fn position<T: PartialEq + std::fmt::Debug>(all: &[T], choice: T) -> Result<usize, Problem> {
    all.iter().position(|listed| *listed == choice).ok_or_else(|| {
        let name = format!("{choice:?}");
        let english = "a draw makes the choice {name}, which is not among the open ones";
        Problem::new("draw_choice", english, &[("name", &name)])
    })
}

/// Returns the label whose medians fill gaps, where the units have it.
fn group_of<'a>(
    matrix: &Matrix,
    open: &'a Uncertainty,
    notes: &mut Vec<Problem>,
) -> Option<&'a str> {
    let label = open.group.as_deref()?;
    if matrix.labels.contains_key(label) || !open.missing.contains(&MissingChoice::GroupMedian) {
        return Some(label);
    }
    let english = "no unit has the label `{label}`; gaps are filled with the median of all";
    notes.push(Problem::new("group_absent", english, &[("label", label)]));
    None
}

impl Variant {
    fn new(model: &Model, (stages, matrix): (&Stages, &Matrix), roots: &[Aggregation]) -> Self {
        let tree = Tree::of(model);
        let mut variant = Self {
            leaves: Vec::with_capacity(model.leaves.len()),
            rooted: vec![Vec::with_capacity(model.leaves.len()); roots.len()],
            missing: model.missing,
            most: Vec::new(),
        };
        let columns = valued(&stages.fit(model, &matrix.units), &stages.treated);
        if tree.counts_points {
            variant.most = most(model, &tree, &columns);
        }
        for (leaf, column) in model.leaves.iter().zip(columns) {
            let seen: Vec<Option<f64>> = match model.missing {
                Missing::Zero => column.iter().map(|value| Some(value.unwrap_or(0.0))).collect(),
                Missing::Redistribute => column.to_vec(),
            };
            for (rooted, root) in variant.rooted.iter_mut().zip(roots) {
                rooted.push((leaf.parent == 0).then(|| Dense::new(&seen, root)));
            }
            variant.leaves.push(Dense::new(&seen, &model.groups[leaf.parent].aggregation));
        }
        variant
    }
}

/// Returns the most points of every node and unit, and the most that the data present
/// could have given. Weights play no part; a method that compares units has none.
fn most(model: &Model, tree: &Tree, columns: &[Column]) -> Vec<Vec<(f64, f64)>> {
    let groups = model.groups.len();
    let leaf = |(column, most): (&Column, &f64)| -> Vec<(f64, f64)> {
        let available = |value: &Option<f64>| if value.is_some() { *most } else { 0.0 };
        column.iter().map(|value| (*most, available(value))).collect()
    };
    let mut all = vec![Vec::new(); groups];
    all.extend(columns.iter().zip(&tree.leaf_most).map(leaf));
    for position in (0..groups).rev() {
        let method = &model.groups[position].aggregation;
        if method.is_relational() {
            continue;
        }
        let nodes: Vec<usize> =
            tree.children[position].nodes().map(|node| node.place(groups)).collect();
        let of = |unit: usize| {
            let below = |at: &usize| all[*at].get(unit).copied().unwrap_or((0.0, 0.0));
            (
                aggregate::most(method, nodes.iter().map(|at| below(at).0)),
                aggregate::most(method, nodes.iter().map(|at| below(at).1)),
            )
        };
        let count = columns.first().map_or(0, |column| column.len());
        let column = (0..count).map(of).collect();
        all[position] = column;
    }
    all
}
