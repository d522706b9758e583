//! Contributions: where a score comes from, in parts that add up to it.
//!
//! A group's amount is shared among its children on the scale on which its
//! aggregation is a plain mean: the values themselves for the arithmetic mean
//! and for points, the logarithms for the geometric mean (counted from the
//! floor), the negative reciprocals for the harmonic mean. So a child at the
//! floor contributes nothing, and the parts add up at every level. Where all
//! children stand at the floor there is nothing to tell them apart, and the
//! amount is shared by weight.
//!
//! For the geometric mean this is the logarithmic mean Divisia decomposition
//! of the score against the floor (Ang 2004), scaled to the whole score.
//!
//! The power mean is shared by weight times power, which is Euler's share: the
//! mean is homogeneous, M = Σ xᵢ ∂M/∂xᵢ. Methods that count places (ordered
//! weights, minimum, median, maximum) give to those that stand on the places,
//! and the same value shares its places evenly.
//!
//! Of the methods that compare units with each other, PROMETHEE II adds up by
//! criterion, where the other units are at hand ([`contributions_among`]).
//! Copeland, TOPSIS and VIKOR do not: duels are won by the whole profile,
//! distances are roots of sums, and the greatest regret is one criterion's.
//! Their children have no part ([`Contributions::unshared`]).

use crate::aggregate::{Child, on_scale, order, owa, promethee};
use crate::model::{Aggregation, Model};
use crate::run::{Below, Children, Scores, UnitScore, children_of};

/// The parts of one unit's score; `None` for a gap, and all `None` without a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// By position in the model's groups; the root's is the score.
    pub groups: Vec<Option<f64>>,
    /// By position in the model's leaves.
    pub leaves: Vec<Option<f64>>,
    /// Groups with an amount that is not shared among their children: the method compares
    /// units with each other (text `contribution.none`).
    pub unshared: Vec<usize>,
}

/// Shares a unit's score among the groups and indicators that it comes from.
pub fn contributions(model: &Model, unit: &UnitScore) -> Contributions {
    share(model, unit, &|_| None)
}

/// Shares a score with the other units at hand: PROMETHEE II is shared too.
pub fn contributions_among(model: &Model, scores: &Scores, unit: usize) -> Contributions {
    let members = children_of(model);
    let flows = |position: usize| {
        let Aggregation::PrometheeIi { preference, q, p } = model.groups[position].aggregation
        else {
            return None;
        };
        let nodes: Vec<Below> = members[position].nodes().collect();
        let weights: Vec<f64> = nodes.iter().map(|node| node.weight(model)).collect();
        let column = |node: &Below| -> Vec<Option<f64>> {
            scores.units.iter().map(|unit| value(unit, *node)).collect()
        };
        let columns: Vec<Vec<Option<f64>>> = nodes.iter().map(column).collect();
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let thresholds = promethee::Thresholds { q, p, measure: promethee::Measure::Range };
        let flows = promethee::promethee_ii(&columns, &weights, preference, thresholds).ok()?;
        Some(flows.by_criterion.iter().map(|flow| flow[unit].map(|flow| 100.0 * flow)).collect())
    };
    share(model, &scores.units[unit], &flows)
}

/// Parts of the children of a group that compares units, where they are known.
type Flows<'a> = &'a dyn Fn(usize) -> Option<Vec<Option<f64>>>;

fn share(model: &Model, unit: &UnitScore, flows: Flows<'_>) -> Contributions {
    let mut parts = Contributions {
        groups: vec![None; model.groups.len()],
        leaves: vec![None; model.leaves.len()],
        unshared: Vec::new(),
    };
    parts.groups[0] = unit.score;
    for (position, members) in children_of(model).iter().enumerate() {
        let Some(amount) = parts.groups[position] else { continue };
        let shares = if model.groups[position].aggregation.is_relational() {
            flows(position).map(|flows| scaled(&flows, (position, amount)))
        } else {
            Some(shared(model, unit, (position, members), amount))
        };
        let Some(shares) = shares else {
            parts.unshared.push(position);
            continue;
        };
        for (node, part) in members.nodes().zip(shares) {
            match node {
                Below::Group(at) => parts.groups[at] = part,
                Below::Leaf(at) => parts.leaves[at] = part,
            }
        }
    }
    parts
}

/// Brings flows to the amount of their group; the root's are its amount as they stand.
fn scaled(flows: &[Option<f64>], (position, amount): (usize, f64)) -> Vec<Option<f64>> {
    let net: f64 = flows.iter().flatten().sum();
    let factor = match (position, net == 0.0) {
        (0, _) => 1.0,
        (_, true) => 0.0,
        (_, false) => amount / net,
    };
    flows.iter().map(|flow| flow.map(|flow| factor * flow)).collect()
}

/// Shares a group's amount among its children.
fn shared(
    model: &Model,
    unit: &UnitScore,
    (position, members): (usize, &Children),
    amount: f64,
) -> Vec<Option<f64>> {
    let method = &model.groups[position].aggregation;
    let child = |node: Below| Child {
        value: value(unit, node),
        weight: if method.uses_weights() { node.weight(model) } else { 1.0 },
        most: 0.0,
        most_available: 0.0,
    };
    let children: Vec<Child> = members.nodes().map(child).collect();
    // Who counts places asks whether a child has weight at all.
    let own = |node: Below| Child { weight: node.weight(model), ..child(node) };
    let own: Vec<Child> = members.nodes().map(own).collect();
    let shares = match method {
        Aggregation::Owa { weights, orness } => {
            let places = owa::owa_weights(&own, order(weights, *orness));
            places.map(|places| evened(&own, &places))
        }
        Aggregation::Minimum {} => Some(at_ends(&own, -1.0)),
        Aggregation::Maximum {} => Some(at_ends(&children, 1.0)),
        Aggregation::Median {} => Some(in_the_middle(&own)),
        Aggregation::PowerMean { power } => Some(by_power(&children, *power)),
        _ => Some(by_distance(&children, method)),
    };
    let shares = shares.unwrap_or_else(|| by_weight(&children));
    // A child that has a value and takes no part contributes nothing, which is known.
    let part = |(child, share): (&Child, Option<f64>)| {
        child.value.map(|_| share.map_or(0.0, |share| amount * share))
    };
    children.iter().zip(shares).map(part).collect()
}

fn value(unit: &UnitScore, node: Below) -> Option<f64> {
    match node {
        Below::Group(at) => unit.groups[at].value,
        Below::Leaf(at) => unit.leaves[at].value,
    }
}

/// Shares by weight and distance from the floor, on the scale of the mean.
fn by_distance(children: &[Child], method: &Aggregation) -> Vec<Option<f64>> {
    let from = match method {
        Aggregation::Geometric { floor } | Aggregation::Harmonic { floor } => {
            on_scale(method, *floor)
        }
        _ => 0.0,
    };
    let distance =
        |child: &Child| child.value.map(|value| child.weight * (on_scale(method, value) - from));
    in_proportion(children.iter().map(distance).collect()).unwrap_or_else(|| by_weight(children))
}

/// Shares by weight times power, measured in the greatest value so that none overflows.
fn by_power(children: &[Child], power: f64) -> Vec<Option<f64>> {
    let highest = children.iter().filter_map(|child| child.value).fold(0.0, f64::max);
    let part =
        |child: &Child| child.value.map(|value| child.weight * libm::pow(value / highest, power));
    in_proportion(children.iter().map(part).collect()).unwrap_or_else(|| by_weight(children))
}

/// Shares by weight alone: nothing else tells the children apart.
fn by_weight(children: &[Child]) -> Vec<Option<f64>> {
    let weight = |child: &Child| child.value.map(|_| child.weight);
    let weights: Vec<Option<f64>> = children.iter().map(weight).collect();
    in_proportion(weights).unwrap_or_else(|| vec![None; children.len()])
}

/// Divides amounts by their sum; `None` where the sum divides nothing.
fn in_proportion(amounts: Vec<Option<f64>>) -> Option<Vec<Option<f64>>> {
    let sum: f64 = amounts.iter().flatten().sum();
    let usable = sum.is_finite() && sum.abs() > f64::MIN_POSITIVE;
    usable.then(|| amounts.into_iter().map(|amount| amount.map(|amount| amount / sum)).collect())
}

/// Shares of value times place; children of one value share their places by weight.
fn evened(children: &[Child], places: &[Option<f64>]) -> Vec<Option<f64>> {
    let even = |child: &Child| {
        let alike = || {
            let pairs = children.iter().zip(places);
            pairs.filter(|(other, place)| other.value == child.value && place.is_some())
        };
        let place: f64 = alike().filter_map(|(_, place)| *place).sum();
        let weight: f64 = alike().map(|(other, _)| other.weight).sum();
        place * child.weight / weight
    };
    let place = |(child, place): (&Child, &Option<f64>)| place.map(|_| even(child));
    let even: Vec<Option<f64>> = children.iter().zip(places).map(place).collect();
    let amount = |(child, place): (&Child, &Option<f64>)| Some(child.value? * (*place)?);
    let amounts = children.iter().zip(&even).map(amount).collect();
    in_proportion(amounts).unwrap_or(even)
}

/// Shares of the children with the highest (1) or the lowest (-1) value.
fn at_ends(children: &[Child], sign: f64) -> Vec<Option<f64>> {
    let counts = |child: &&Child| child.weight > 0.0;
    let values = children.iter().filter(counts).filter_map(|child| child.value);
    let Some(end) = values.reduce(|a, b| if sign * b > sign * a { b } else { a }) else {
        return vec![None; children.len()];
    };
    among_equals(children, end, 1.0)
}

/// Gives `share` evenly to the children with this value.
fn among_equals(children: &[Child], value: f64, share: f64) -> Vec<Option<f64>> {
    let is_it = |child: &Child| child.weight > 0.0 && child.value == Some(value);
    let count = children.iter().filter(|child| is_it(child)).count() as f64;
    children.iter().map(|child| is_it(child).then(|| share / count)).collect()
}

/// Shares of the child in the middle, or of the two in the middle by their values.
fn in_the_middle(children: &[Child]) -> Vec<Option<f64>> {
    let counted = children.iter().filter(|child| child.weight > 0.0);
    let sorted = crate::normalise::sorted(counted.filter_map(|child| child.value));
    let (Some(low), Some(high)) =
        (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2))
    else {
        return vec![None; children.len()];
    };
    if low == high {
        return among_equals(children, *low, 1.0);
    }
    let sum = low + high;
    let (of_low, of_high) = if sum == 0.0 { (0.5, 0.5) } else { (low / sum, high / sum) };
    let pairs = among_equals(children, *low, of_low)
        .into_iter()
        .zip(among_equals(children, *high, of_high));
    pairs.map(|(low, high)| low.or(high)).collect()
}
