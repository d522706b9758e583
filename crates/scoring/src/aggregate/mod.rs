//! From children to one number.
//!
//! The three weighted means are one idea: a mean taken on another scale
//! ([`on_scale`]) and brought back. Arithmetic takes the values themselves,
//! geometric their logarithms, harmonic their negative reciprocals.

pub mod copeland;
pub mod median;
pub mod owa;
pub mod power;
pub mod promethee;
pub(crate) mod table;
pub mod topsis;
pub mod vikor;

use crate::model::{Aggregation, Problem};

pub use table::{MOST_UNITS_IN_A_MATRIX, MOST_UNITS_IN_PAIRS};

/// A child of a group, as the aggregation sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Child {
    /// Value; `None` for a gap.
    pub value: Option<f64>,
    /// Weight among the siblings.
    pub weight: f64,
    /// Highest value the child could have.
    pub most: f64,
    /// Highest value the data present could have given.
    pub most_available: f64,
}

/// The values of the children that have one and have weight, with their places.
fn counted(children: &[Child]) -> impl Iterator<Item = (usize, f64)> {
    let children = children.iter().enumerate().filter(|(_, child)| child.weight > 0.0);
    children.filter_map(|(at, child)| Some((at, child.value.filter(|value| value.is_finite())?)))
}

/// The lowest and the highest value that counts.
fn ends(children: &[Child]) -> Option<(f64, f64)> {
    let values = counted(children).map(|(_, value)| (value, value));
    values.reduce(|(low, high), (value, _)| (low.min(value), high.max(value)))
}

/// Returns the group's value, or `None` when no child with weight has one.
///
/// Gaps give their weight to the siblings that have a value.
pub fn aggregate(method: &Aggregation, children: &[Child]) -> Option<f64> {
    let present = || children.iter().filter_map(|child| child.value.map(|value| (value, child)));
    present().next()?;
    match method {
        Aggregation::Arithmetic {}
        | Aggregation::Geometric { .. }
        | Aggregation::Harmonic { .. } => {
            let weight: f64 = present().map(|(_, child)| child.weight).sum();
            let on_scale = |(value, child): (f64, &Child)| child.weight * on_scale(method, value);
            let sum: f64 = present().map(on_scale).sum();
            (weight > 0.0).then(|| from_scale(method, sum / weight))
        }
        Aggregation::PowerMean { power } => power::power_mean(children, *power),
        Aggregation::Owa { weights, orness } => owa::owa(children, order(weights, *orness)),
        Aggregation::Minimum {} => median::minimum(children),
        Aggregation::Median {} => median::median(children),
        Aggregation::Sum {} => Some(present().map(|(value, _)| value).sum()),
        Aggregation::Maximum {} => present().map(|(value, _)| value).reduce(f64::max),
        Aggregation::PointsPercent {} => {
            let points: f64 = present().map(|(value, _)| value).sum();
            let most: f64 = children.iter().map(|child| child.most).sum();
            (most > 0.0).then(|| 100.0 * points / most)
        }
        Aggregation::PointsPercentAvailable {} => {
            let points: f64 = present().map(|(value, _)| value).sum();
            let most: f64 = children.iter().map(|child| child.most_available).sum();
            (most > 0.0).then(|| 100.0 * points / most)
        }
        _ => None,
    }
}

/// Returns the order in which a model's ordered weights are given.
pub fn order(weights: &[f64], orness: Option<f64>) -> owa::Order<'_> {
    orness.map_or(owa::Order::Weights(weights), owa::Order::Orness)
}

/// Returns the values of all units where the method compares them with each other.
///
/// TOPSIS and VIKOR from 0 to 100, PROMETHEE from -100 to 100, Copeland in duels
/// won less lost; gaps for all where the method compares nobody.
///
/// # Errors
///
/// More units than the method can hold against each other.
pub fn relational(
    method: &Aggregation,
    columns: &[&[Option<f64>]],
    weights: &[f64],
) -> Result<Vec<Option<f64>>, Problem> {
    let percent = |shares: Vec<Option<f64>>| -> Vec<Option<f64>> {
        shares.into_iter().map(|share| share.map(|share| 100.0 * share)).collect()
    };
    Ok(match method {
        Aggregation::Copeland {} => copeland::copeland(columns, weights)?.score,
        Aggregation::Topsis {} => {
            // The children are values already: comparable as they are.
            let ruler = topsis::Ruler {
                scale: topsis::Scale::AsItIs,
                distance: topsis::Distance::Euclidean,
            };
            percent(topsis::topsis(columns, weights, ruler).closeness)
        }
        Aggregation::PrometheeIi { preference, q, p } => {
            let thresholds =
                promethee::Thresholds { q: *q, p: *p, measure: promethee::Measure::Range };
            percent(promethee::promethee_ii(columns, weights, *preference, thresholds)?.net)
        }
        Aggregation::Vikor { v } => percent(vikor::vikor(columns, weights, *v).score()),
        _ => vec![None; columns.first().map_or(0, |column| column.len())],
    })
}

/// Returns the highest value a group can have, from its children's highest.
pub fn most(method: &Aggregation, highest: impl Iterator<Item = f64>) -> f64 {
    match method {
        Aggregation::Sum {} => highest.sum(),
        Aggregation::PointsPercent {} | Aggregation::PointsPercentAvailable {} => 100.0,
        _ => highest.fold(0.0, f64::max),
    }
}

/// Takes `value` to the scale on which the mean of `method` is arithmetic.
pub fn on_scale(method: &Aggregation, value: f64) -> f64 {
    match method {
        Aggregation::Geometric { floor } => libm::log(value.max(*floor)),
        Aggregation::Harmonic { floor } => -1.0 / value.max(*floor),
        _ => value,
    }
}

/// Brings a mean back from the scale of `method`.
pub(crate) fn from_scale(method: &Aggregation, mean: f64) -> f64 {
    match method {
        Aggregation::Geometric { .. } => libm::exp(mean),
        Aggregation::Harmonic { .. } => -1.0 / mean,
        _ => mean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn children(values: &[(Option<f64>, f64)]) -> Vec<Child> {
        values
            .iter()
            .map(|(value, weight)| Child {
                value: *value,
                weight: *weight,
                most: 100.0,
                most_available: if value.is_some() { 100.0 } else { 0.0 },
            })
            .collect()
    }

    #[test]
    fn a_gap_gives_its_weight_to_its_siblings() {
        let with_gap = children(&[(Some(20.0), 1.0), (None, 5.0), (Some(80.0), 3.0)]);
        let without = children(&[(Some(20.0), 1.0), (Some(80.0), 3.0)]);
        for method in [
            Aggregation::Arithmetic {},
            Aggregation::Geometric { floor: 1.0 },
            Aggregation::Harmonic { floor: 1.0 },
        ] {
            assert_eq!(aggregate(&method, &with_gap), aggregate(&method, &without));
        }
    }

    #[test]
    fn a_zero_is_not_a_gap() {
        let zero = children(&[(Some(0.0), 1.0), (Some(80.0), 1.0)]);
        let gap = children(&[(None, 1.0), (Some(80.0), 1.0)]);
        assert_eq!(aggregate(&Aggregation::Arithmetic {}, &zero), Some(40.0));
        assert_eq!(aggregate(&Aggregation::Arithmetic {}, &gap), Some(80.0));
    }

    #[test]
    fn points_are_counted_against_all_or_against_the_available() {
        let mut points = children(&[(Some(15.0), 1.0), (None, 1.0)]);
        points[0].most = 20.0;
        points[0].most_available = 20.0;
        points[1].most = 10.0;
        assert_eq!(aggregate(&Aggregation::PointsPercent {}, &points), Some(50.0));
        assert_eq!(aggregate(&Aggregation::PointsPercentAvailable {}, &points), Some(75.0));
    }

    #[test]
    fn no_data_is_no_value() {
        let nothing = children(&[(None, 1.0), (None, 2.0)]);
        assert_eq!(aggregate(&Aggregation::Sum {}, &nothing), None);
        let weightless = children(&[(Some(3.0), 0.0), (None, 2.0)]);
        assert_eq!(aggregate(&Aggregation::Arithmetic {}, &weightless), None);
    }
}
