//! Rules that a model keeps once it is read.

use super::{Aggregation, Direction, Model, ValueFunction};

/// A fault and the node it belongs to.
type Fault = (String, String);

/// Checks weights and whether value functions fit the groups above them.
pub(super) fn model(model: &Model) -> Result<(), Fault> {
    weights(model)?;
    for leaf in &model.leaves {
        let mut above = Some(leaf.parent);
        while let Some(position) = above {
            let group = &model.groups[position];
            fits(&leaf.value, &group.aggregation)
                .map_err(|why| (leaf.indicator.clone(), format!("`{}`: {why}", leaf.indicator)))?;
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
        if all.is_empty() {
            return Err((
                group.id.clone(),
                format!("group `{}` has no indicator below it", group.id),
            ));
        }
        if all.iter().sum::<f64>() <= 0.0 {
            let problem = format!("all weights under `{}` are zero; one must be above 0", group.id);
            return Err((group.id.clone(), problem));
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

fn fits(value: &ValueFunction, aggregation: &Aggregation) -> Result<(), &'static str> {
    match aggregation {
        Aggregation::Geometric { .. } | Aggregation::Harmonic { .. } => match value {
            ValueFunction::ZScore { mean, sd } if *mean < 5.0 * sd => {
                Err("a z-score has negative values, and the mean above it needs positive ones; \
                     choose another method or a `mean` of at least 5 `sd`")
            }
            _ => Ok(()),
        },
        Aggregation::Sum {}
        | Aggregation::Maximum {}
        | Aggregation::PointsPercent {}
        | Aggregation::PointsPercentAvailable {} => match value.highest() {
            Some(_) => Ok(()),
            None => Err("this method has no highest value, so points cannot be counted; \
                         use `steps`, `anchors` or `goalposts`"),
        },
        Aggregation::Arithmetic {} => Ok(()),
    }
}

/// Checks a value function's own numbers and whether it wants a direction.
pub(super) fn value_function(
    value: &ValueFunction,
    direction: Option<Direction>,
) -> Result<(), String> {
    let wants_direction = match value {
        ValueFunction::Goalposts { low, high, log, .. } => {
            goalposts(*low, *high)?;
            if *log && low.min(*high) <= 0.0 {
                return Err("goalposts on a logarithm must be above 0".to_owned());
            }
            false
        }
        ValueFunction::Anchors { points, .. } => {
            anchors(points)?;
            false
        }
        ValueFunction::PercentileGoalposts { low, high, .. } => {
            if !(0.0 <= *low && low < high && *high <= 100.0) {
                return Err(format!("percentiles {low} and {high} must rise within 0 to 100"));
            }
            true
        }
        ValueFunction::ZScore { mean, sd } => {
            if !(mean.is_finite() && sd.is_finite() && *sd > 0.0) {
                return Err("`sd` must be above 0".to_owned());
            }
            true
        }
        ValueFunction::Steps { steps } => {
            if steps.iter().any(|step| !step.points.is_finite() || step.points < 0.0) {
                return Err("points must be 0 or more".to_owned());
            }
            false
        }
        ValueFunction::MinMax {} | ValueFunction::Rank {} | ValueFunction::PercentileRank {} => {
            true
        }
    };
    match (wants_direction, direction) {
        (true, None) => Err("this method needs `direction = \"higher\"` or `\"lower\"`".to_owned()),
        (false, Some(_)) => {
            Err("this method says itself which end is better; remove `direction`".to_owned())
        }
        _ => Ok(()),
    }
}

fn goalposts(low: f64, high: f64) -> Result<(), String> {
    if !(low.is_finite() && high.is_finite()) || low == high {
        return Err(format!("goalposts {low} and {high} must be two different numbers"));
    }
    Ok(())
}

fn anchors(points: &[[f64; 2]]) -> Result<(), String> {
    if points.len() < 2 {
        return Err("anchors need at least two points".to_owned());
    }
    if points.iter().flatten().any(|number| !number.is_finite()) {
        return Err("anchors must be numbers".to_owned());
    }
    if points.iter().any(|point| !(0.0..=100.0).contains(&point[1])) {
        return Err("the value of an anchor must be within 0 to 100".to_owned());
    }
    if points.windows(2).any(|pair| pair[1][0] <= pair[0][0]) {
        return Err("the raw figures of anchors must rise".to_owned());
    }
    Ok(())
}
