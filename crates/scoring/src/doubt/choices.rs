//! A model with some of its choices made otherwise.

use crate::model::{
    Aggregation, AggregationChoice, Direction, Imputation, Leaf, Missing, MissingChoice, Model,
    NormalisationChoice, Treatment, TreatmentChoice, ValueFunction,
};

/// Lowest value that takes part in a mean that needs values above 0.
const FLOOR: f64 = 1.0;

/// Returns what a choice makes of the root's aggregation.
pub(super) fn root_method(model: &Model, choice: AggregationChoice) -> Aggregation {
    match choice {
        AggregationChoice::Model => model.groups[0].aggregation.clone(),
        AggregationChoice::Arithmetic => Aggregation::Arithmetic {},
        AggregationChoice::Geometric => Aggregation::Geometric { floor: FLOOR },
        AggregationChoice::Harmonic => Aggregation::Harmonic { floor: FLOOR },
    }
}

/// Returns the treatment that a choice puts in place of every indicator's own.
fn treatment(choice: TreatmentChoice) -> Option<Treatment> {
    match choice {
        TreatmentChoice::Model => None,
        TreatmentChoice::None => Some(Treatment::None),
        TreatmentChoice::Winsorise5To95 => {
            Some(Treatment::WinsorisePercentiles { low: 5.0, high: 95.0 })
        }
        TreatmentChoice::Winsorise1To99 => {
            Some(Treatment::WinsorisePercentiles { low: 1.0, high: 99.0 })
        }
        TreatmentChoice::WinsoriseThenLog => {
            Some(Treatment::WinsoriseThenLog { skewness: 2.0, kurtosis: 3.5, points: 5 })
        }
    }
}

/// Sets what is done to outliers, on every indicator.
pub(super) fn treat(model: &mut Model, choice: TreatmentChoice) {
    let Some(treatment) = treatment(choice) else { return };
    model.prepare.treat = treatment;
    for leaf in &mut model.leaves {
        leaf.treat = None;
    }
}

/// Sets what a gap costs; `group` is the label whose medians fill, absent: the whole.
pub(super) fn fill(model: &mut Model, choice: MissingChoice, group: Option<&str>) {
    let imputation = match (choice, group) {
        (MissingChoice::Model, _) => return,
        (MissingChoice::Redistribute, _) => {
            model.missing = Missing::Redistribute;
            Imputation::None
        }
        (MissingChoice::GroupMedian, Some(label)) => {
            Imputation::GroupMedian { by: label.to_owned() }
        }
        (MissingChoice::GroupMedian, None) => Imputation::Median,
    };
    model.prepare.impute = imputation;
    for leaf in &mut model.leaves {
        leaf.impute = None;
    }
}

/// Sets how indicators are valued.
///
/// A function that says more than which end is better keeps its say: steps, bands,
/// anchors that turn, and everything under a group that counts points.
pub(super) fn normalise(model: &mut Model, choice: NormalisationChoice) {
    let function = match choice {
        NormalisationChoice::Model => return,
        NormalisationChoice::MinMax => ValueFunction::MinMax { low: 0.0, high: 100.0 },
        NormalisationChoice::ZScore => ValueFunction::ZScore { mean: 50.0, sd: 10.0 },
        NormalisationChoice::PercentileRank => {
            ValueFunction::PercentileRank { ties: crate::Ties::default() }
        }
    };
    let Model { groups, leaves, .. } = model;
    for leaf in leaves {
        let mut above = Some(leaf.parent);
        let mut is_of_points = false;
        while let Some(position) = above {
            is_of_points |= groups[position].aggregation.counts_points();
            above = groups[position].parent;
        }
        if let (false, Some(direction)) = (is_of_points, direction(leaf)) {
            leaf.value = function.clone();
            leaf.direction = Some(direction);
        }
    }
}

/// Returns which end of an indicator is better; `None` where that is not all there is to say.
fn direction(leaf: &Leaf) -> Option<Direction> {
    let rising =
        |low: f64, high: f64| Some(if low < high { Direction::Higher } else { Direction::Lower });
    match &leaf.value {
        ValueFunction::Goalposts { low, high, .. } | ValueFunction::Scaled { low, high } => {
            rising(*low, *high)
        }
        ValueFunction::Anchors { points, .. } => {
            let rises = points.windows(2).all(|pair| pair[0][1] <= pair[1][1]);
            let falls = points.windows(2).all(|pair| pair[0][1] >= pair[1][1]);
            match (rises, falls) {
                (true, false) => Some(Direction::Higher),
                (false, true) => Some(Direction::Lower),
                _ => None,
            }
        }
        ValueFunction::Steps { .. } | ValueFunction::Band { .. } => None,
        _ => leaf.direction,
    }
}
