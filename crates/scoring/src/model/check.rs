//! Rules that a model keeps once it is read.

use super::{
    Aggregation, Denominator, Direction, Model, Prepare, Problem, Shrinkage, Treatment,
    Uncertainty, ValueFunction,
};

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
pub(crate) fn is_weight(number: f64) -> bool {
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
            Self::MinMax { high, .. } => Some(*high),
            Self::Rank { .. }
            | Self::Borda {}
            | Self::ZScore { .. }
            | Self::Scaled { .. }
            | Self::DistanceToReference { capped: false, .. } => None,
            Self::Goalposts { .. }
            | Self::PercentileGoalposts { .. }
            | Self::Band { .. }
            | Self::DistanceToTarget { .. }
            | Self::DistanceToReference { .. }
            | Self::DistanceToMaximum {}
            | Self::FractionOfMaximum {}
            | Self::PercentileRank { .. } => Some(100.0),
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
        method if method.counts_points() && value.highest().is_none() => Err(Problem::new(
            "points_endless",
            "this method has no highest value, so points cannot be counted; \
             use `steps`, `anchors` or `goalposts`",
            &[],
        )),
        _ => Ok(()),
    }
}

/// Checks a value function's own numbers and whether it wants a direction.
pub(super) fn value_function(
    value: &ValueFunction,
    direction: Option<Direction>,
) -> Result<(), Problem> {
    numbers(value)?;
    match (wants_direction(value), direction) {
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

/// Returns whether the function leaves open which end is better.
fn wants_direction(value: &ValueFunction) -> bool {
    !matches!(
        value,
        ValueFunction::Goalposts { .. }
            | ValueFunction::Anchors { .. }
            | ValueFunction::Steps { .. }
            | ValueFunction::Scaled { .. }
            | ValueFunction::Band { .. }
    )
}

/// Checks a value function's own numbers.
fn numbers(value: &ValueFunction) -> Result<(), Problem> {
    match value {
        ValueFunction::Goalposts { low, high, log, .. } => {
            goalposts(*low, *high)?;
            if *log && low.min(*high) <= 0.0 {
                return Err(plain("goalposts_log", "goalposts on a logarithm must be above 0"));
            }
            Ok(())
        }
        ValueFunction::Scaled { low, high } => goalposts(*low, *high),
        ValueFunction::Anchors { points, .. } => anchors(points),
        ValueFunction::PercentileGoalposts { low, high, .. } => {
            if 0.0 <= *low && low < high && *high <= 100.0 {
                return Ok(());
            }
            let english = "percentiles {low} and {high} must rise within 0 to 100";
            Err(pair("percentiles", english, [*low, *high]))
        }
        ValueFunction::ZScore { mean, sd } => {
            if mean.is_finite() && sd.is_finite() && *sd > 0.0 {
                return Ok(());
            }
            Err(plain("sd", "`sd` must be above 0"))
        }
        ValueFunction::Steps { steps } => {
            if steps.iter().any(|step| !step.points.is_finite() || step.points < 0.0) {
                return Err(plain("points_negative", "points must be 0 or more"));
            }
            Ok(())
        }
        ValueFunction::MinMax { low, high } => {
            if low.is_finite() && high.is_finite() && low < high {
                return Ok(());
            }
            let english = "the values {low} and {high} of the worst and the best must rise";
            Err(pair("min_max_rise", english, [*low, *high]))
        }
        ValueFunction::Band { zero_low, full_low, full_high, zero_high, .. } => {
            band([*zero_low, *full_low, *full_high, *zero_high])
        }
        ValueFunction::DistanceToTarget { target } if !target.is_finite() => {
            Err(plain("target_number", "`target` must be a number"))
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

fn band(ends: [f64; 4]) -> Result<(), Problem> {
    let rises = ends.windows(2).all(|pair| pair[0] <= pair[1]) && ends[0] < ends[3];
    if ends.iter().any(|end| !end.is_finite()) || !rises {
        let english = "a band needs `zero_low` <= `full_low` <= `full_high` <= `zero_high`";
        return Err(plain("band_rise", english));
    }
    Ok(())
}

/// Checks that a number is a share.
pub(super) fn share(number: f64) -> Result<(), Problem> {
    if (0.0..=1.0).contains(&number) {
        return Ok(());
    }
    let english = "{number} is not a share between 0 and 1";
    Err(Problem::new("share", english, &[("number", &number.to_string())]))
}

/// Checks an aggregation's own numbers.
pub(super) fn aggregation(method: &Aggregation) -> Result<(), Problem> {
    match method {
        Aggregation::Geometric { floor } | Aggregation::Harmonic { floor }
            if !(floor.is_finite() && *floor > 0.0) =>
        {
            let english = "the floor is {floor}; this mean needs one above 0";
            Err(Problem::new("floor", english, &[("floor", &floor.to_string())]))
        }
        Aggregation::PowerMean { power } if !power.is_finite() || *power == 0.0 => {
            Err(plain("power", "`power` must be a number other than 0; use `geometric` for 0"))
        }
        Aggregation::Owa { weights, orness } => owa(weights, *orness),
        Aggregation::PrometheeIi { q, p, .. } => {
            share(*q)?;
            share(*p)?;
            if q > p {
                let english = "`q` {low} is above `p` {high}; the indifference ends before";
                return Err(pair("promethee_rise", english, [*q, *p]));
            }
            Ok(())
        }
        Aggregation::Vikor { v } => share(*v),
        _ => Ok(()),
    }
}

fn owa(weights: &[f64], orness: Option<f64>) -> Result<(), Problem> {
    match (weights, orness) {
        ([], Some(orness)) => share(orness),
        ([], None) | ([_, ..], Some(_)) => {
            Err(plain("owa_one", "`owa` takes either `weights` or `orness`"))
        }
        (weights, None) => {
            let sum: f64 = weights.iter().sum();
            if weights.iter().all(|weight| is_weight(*weight)) && sum > 0.0 {
                return Ok(());
            }
            Err(plain("owa_weights", "the weights of `owa` must be 0 or more, one above 0"))
        }
    }
}

/// Checks what is done to raw figures.
pub(super) fn prepare(prepare: &Prepare) -> Result<(), Problem> {
    let screen = &prepare.screen;
    for number in [screen.data_minimum, screen.nonzero_minimum, screen.indicator_minimum] {
        number.map_or(Ok(()), share)?;
    }
    treatment(&prepare.treat)
}

/// Checks a treatment's own numbers.
pub(super) fn treatment(treat: &Treatment) -> Result<(), Problem> {
    match treat {
        Treatment::WinsorisePercentiles { low, high }
            if !(0.0 <= *low && low < high && *high <= 100.0) =>
        {
            let english = "percentiles {low} and {high} must rise within 0 to 100";
            Err(pair("percentiles", english, [*low, *high]))
        }
        Treatment::WinsoriseThenLog { skewness, kurtosis, .. }
            if !(skewness.is_finite() && kurtosis.is_finite() && *skewness > 0.0) =>
        {
            Err(plain("treat_limits", "`skewness` must be above 0 and `kurtosis` a number"))
        }
        _ => Ok(()),
    }
}

/// Checks a denominator's scale.
pub(super) fn denominator(denominator: &Denominator) -> Result<(), Problem> {
    positive("scale", denominator.scale)
}

/// Checks the base of a rate that is shrunk.
pub(super) fn shrinkage(shrink: &Shrinkage) -> Result<(), Problem> {
    positive("per", shrink.per)
}

fn positive(name: &str, number: f64) -> Result<(), Problem> {
    if number.is_finite() && number > 0.0 {
        return Ok(());
    }
    let english = "`{name}` is {number}; it must be above 0";
    Err(Problem::new("positive", english, &[("name", name), ("number", &number.to_string())]))
}

/// Most draws that may be asked for: each keeps a thread busy and may be listed.
pub(crate) const MOST_DRAWS: usize = 100_000;

/// Checks the open choices.
pub(super) fn uncertainty(open: &Uncertainty) -> Result<(), Problem> {
    share(open.weights.spread)?;
    if !(1..=MOST_DRAWS).contains(&open.draws) {
        let (number, most) = (open.draws.to_string(), MOST_DRAWS.to_string());
        let english = "{number} draws; give 1 to {most}";
        return Err(Problem::new("draws", english, &[("number", &number), ("most", &most)]));
    }
    let nothing = open.normalisation.is_empty()
        || open.aggregation.is_empty()
        || open.treatment.is_empty()
        || open.missing.is_empty();
    if nothing {
        let english = "a list of choices is empty; name at least `model`";
        return Err(plain("choices_empty", english));
    }
    for tier in &open.tier {
        share(tier.from)?;
    }
    if open.tier.windows(2).any(|pair| pair[1].from >= pair[0].from) {
        let english = "tiers must stand from the highest `from` to the lowest";
        return Err(plain("tier_order", english));
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
