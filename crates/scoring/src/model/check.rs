//! Rules that a model keeps once it is read.

use super::{Aggregation, Direction, Model, Problem, ValueFunction};

/// A fault and the node it belongs to.
type Fault = (String, Problem);

/// Checks weights and whether value functions fit the groups above them.
pub(super) fn model(model: &Model) -> Result<(), Fault> {
    weights(model)?;
    for leaf in &model.leaves {
        let mut above = Some(leaf.parent);
        while let Some(position) = above {
            let group = &model.groups[position];
            fits(&leaf.value, &group.aggregation)
                .map_err(|why| (leaf.indicator.clone(), why.about(&leaf.indicator)))?;
            above = group.parent;
        }
    }
    Ok(())
}

/// Largest weight: above it, sums of weights times values could leave the numbers there are.
pub(super) const HEAVIEST: f64 = 1e9;

/// Returns whether a number can be a weight; NaN and infinity cannot.
pub(super) fn is_weight(number: f64) -> bool {
    (0.0..=HEAVIEST).contains(&number)
}

/// Checks that every group has children, and weights that can be divided by.
pub(super) fn weights(model: &Model) -> Result<(), Fault> {
    for (position, group) in model.groups.iter().enumerate() {
        let below = model.groups.iter().filter(|child| child.parent == Some(position));
        let leaves = model.leaves.iter().filter(|leaf| leaf.parent == position);
        let all: Vec<f64> =
            below.map(|child| child.weight).chain(leaves.map(|leaf| leaf.weight)).collect();
        let fault =
            |key, english| (group.id.clone(), Problem::new(key, english, &[("id", &group.id)]));
        if all.is_empty() {
            return Err(fault("no_children", "group `{id}` has no indicator below it"));
        }
        if all.iter().sum::<f64>() <= 0.0 {
            let english = "all weights under `{id}` are zero; one must be above 0";
            return Err(fault("weights_zero", english));
        }
    }
    Ok(())
}

impl ValueFunction {
    /// Returns the highest value the function can give; `None` where it has no end.
    pub fn highest(&self) -> Option<f64> {
        match self {
            Self::Steps { steps } => Some(steps.iter().map(|step| step.points).fold(0.0, f64::max)),
            Self::Anchors { points, .. } => {
                Some(points.iter().map(|point| point[1]).fold(f64::NEG_INFINITY, f64::max))
            }
            Self::Rank {} | Self::ZScore { .. } => None,
            Self::Goalposts { .. }
            | Self::PercentileGoalposts { .. }
            | Self::MinMax {}
            | Self::PercentileRank {} => Some(100.0),
        }
    }
}

fn fits(value: &ValueFunction, aggregation: &Aggregation) -> Result<(), Problem> {
    match aggregation {
        Aggregation::Geometric { .. } | Aggregation::Harmonic { .. } => match value {
            ValueFunction::ZScore { mean, sd } if *mean < 5.0 * sd => Err(Problem::new(
                "z_score_negative",
                "a z-score has negative values, and the mean above it needs positive ones; \
                 choose another method or a `mean` of at least 5 `sd`",
                &[],
            )),
            _ => Ok(()),
        },
        Aggregation::Sum {}
        | Aggregation::Maximum {}
        | Aggregation::PointsPercent {}
        | Aggregation::PointsPercentAvailable {} => match value.highest() {
            Some(_) => Ok(()),
            None => Err(Problem::new(
                "points_endless",
                "this method has no highest value, so points cannot be counted; \
                 use `steps`, `anchors` or `goalposts`",
                &[],
            )),
        },
        Aggregation::Arithmetic {} => Ok(()),
    }
}

/// Checks a value function's own numbers and whether it wants a direction.
pub(super) fn value_function(
    value: &ValueFunction,
    direction: Option<Direction>,
) -> Result<(), Problem> {
    let wants_direction = match value {
        ValueFunction::Goalposts { low, high, log, .. } => {
            goalposts(*low, *high)?;
            if *log && low.min(*high) <= 0.0 {
                return Err(plain("goalposts_log", "goalposts on a logarithm must be above 0"));
            }
            false
        }
        ValueFunction::Anchors { points, .. } => {
            anchors(points)?;
            false
        }
        ValueFunction::PercentileGoalposts { low, high, .. } => {
            if !(0.0 <= *low && low < high && *high <= 100.0) {
                let english = "percentiles {low} and {high} must rise within 0 to 100";
                return Err(pair("percentiles", english, [*low, *high]));
            }
            true
        }
        ValueFunction::ZScore { mean, sd } => {
            if !(mean.is_finite() && sd.is_finite() && *sd > 0.0) {
                return Err(plain("sd", "`sd` must be above 0"));
            }
            true
        }
        ValueFunction::Steps { steps } => {
            if steps.iter().any(|step| !step.points.is_finite() || step.points < 0.0) {
                return Err(plain("points_negative", "points must be 0 or more"));
            }
            false
        }
        ValueFunction::MinMax {} | ValueFunction::Rank {} | ValueFunction::PercentileRank {} => {
            true
        }
    };
    match (wants_direction, direction) {
        (true, None) => {
            let english = "this method needs `direction = \"higher\"` or `\"lower\"`";
            Err(plain("needs_direction", english))
        }
        (false, Some(_)) => {
            let english = "this method says itself which end is better; remove `direction`";
            Err(plain("no_direction", english))
        }
        _ => Ok(()),
    }
}

fn plain(key: &'static str, english: &str) -> Problem {
    Problem::new(key, english, &[])
}

fn pair(key: &'static str, english: &str, [low, high]: [f64; 2]) -> Problem {
    Problem::new(key, english, &[("low", &low.to_string()), ("high", &high.to_string())])
}

fn goalposts(low: f64, high: f64) -> Result<(), Problem> {
    if !(low.is_finite() && high.is_finite()) || low == high {
        let english = "goalposts {low} and {high} must be two different numbers";
        return Err(pair("goalposts_equal", english, [low, high]));
    }
    Ok(())
}

fn anchors(points: &[[f64; 2]]) -> Result<(), Problem> {
    if points.len() < 2 {
        return Err(plain("anchors_few", "anchors need at least two points"));
    }
    if points.iter().flatten().any(|number| !number.is_finite()) {
        return Err(plain("anchors_numbers", "anchors must be numbers"));
    }
    if points.iter().any(|point| !(0.0..=100.0).contains(&point[1])) {
        let english = "the value of an anchor must be within 0 to 100";
        return Err(plain("anchors_value", english));
    }
    if points.windows(2).any(|pair| pair[1][0] <= pair[0][0]) {
        return Err(plain("anchors_rise", "the raw figures of anchors must rise"));
    }
    Ok(())
}
