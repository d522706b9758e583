//! Two rankings, or many, beside each other.
//!
//! Versions of a model, or a ranking and one with a choice made otherwise. Only
//! units with a rank in both are compared; the others are listed as they are.

use serde::Serialize;

use crate::statistics::{kendall, spearman};

/// Ranks by unit, as [`crate::competition_ranks`] gives them.
pub type Ranks<'a> = &'a [Option<usize>];

/// How two rankings of the same units differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// By unit.
    pub units: Vec<Pair>,
    /// How many units have a rank in both.
    pub in_both: usize,
    /// Kendall's tau-b over those; `None` below two, or where all are tied.
    pub kendall: Option<f64>,
    /// Spearman's correlation over those, ties in their middle.
    pub spearman: Option<f64>,
    /// Mean of the absolute changes, in places; `None` without a unit in both.
    pub mean_absolute_change: Option<f64>,
    /// How many are among the first in both.
    pub top: Vec<Overlap>,
}

/// A unit's places in two rankings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Place in the first.
    pub before: Option<usize>,
    /// Place in the second.
    pub after: Option<usize>,
    /// Places gained from the first to the second; below 0 for places lost.
    pub gained: Option<i64>,
}

/// Units among the first so many of two rankings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Overlap {
    /// The first so many; ties at the last place belong to them.
    pub n: usize,
    /// How many are among them in the first ranking.
    pub before: usize,
    /// How many in the second.
    pub after: usize,
    /// How many in both.
    pub both: usize,
    /// Those in both, as a share of those in either; `None` where nobody is.
    pub share: Option<f64>,
}

/// Returns the places gained from one rank to another.
pub(super) fn gained(before: Option<usize>, after: Option<usize>) -> Option<i64> {
    before.zip(after).map(|(before, after)| before as i64 - after as i64)
}

/// Returns the mean of the absolute changes of the units ranked in both.
pub(super) fn mean_absolute_change(before: Ranks<'_>, after: Ranks<'_>) -> Option<f64> {
    let changes = before.iter().zip(after).filter_map(|(before, after)| gained(*before, *after));
    let (mut sum, mut count) = (0, 0_u32);
    for change in changes {
        sum += change.unsigned_abs();
        count += 1;
    }
    (count > 0).then(|| sum as f64 / f64::from(count))
}

/// Compares two rankings of the same units, in the same order.
///
/// ```
/// # use scoring::doubt::compare::compare;
/// let comparison = compare(&[Some(1), Some(2), None], &[Some(2), Some(1), Some(3)], &[1]);
/// assert_eq!(comparison.kendall, Some(-1.0));
/// assert_eq!(comparison.units[2].gained, None);
/// assert_eq!(comparison.top[0].both, 0);
/// ```
pub fn compare(before: Ranks<'_>, after: Ranks<'_>, top: &[usize]) -> Comparison {
    let pair = |(before, after): (&Option<usize>, &Option<usize>)| Pair {
        before: *before,
        after: *after,
        gained: gained(*before, *after),
    };
    let units: Vec<Pair> = before.iter().zip(after).map(pair).collect();
    let column = |place: fn(&Pair) -> Option<usize>| -> Vec<Option<f64>> {
        let number = |unit: &Pair| unit.gained.and(place(unit)).map(|place| place as f64);
        units.iter().map(number).collect()
    };
    let (left, right) = (column(|unit| unit.before), column(|unit| unit.after));
    Comparison {
        in_both: units.iter().filter(|unit| unit.gained.is_some()).count(),
        kendall: kendall(&left, &right),
        spearman: spearman(&left, &right),
        mean_absolute_change: mean_absolute_change(before, after),
        top: top.iter().map(|n| overlap(&units, *n)).collect(),
        units,
    }
}

/// Compares every ranking with every other; row and column in the order given.
///
/// The comparison of a ranking with itself stands on the diagonal.
pub fn compare_all(rankings: &[Ranks<'_>], top: &[usize]) -> Vec<Vec<Comparison>> {
    let row = |before: &Ranks<'_>| -> Vec<Comparison> {
        rankings.iter().map(|after| compare(before, after, top)).collect()
    };
    rankings.iter().map(row).collect()
}

fn overlap(units: &[Pair], n: usize) -> Overlap {
    let is_first = |place: Option<usize>| place.is_some_and(|place| place <= n);
    let count = |among: fn(bool, bool) -> bool| {
        units.iter().filter(|unit| among(is_first(unit.before), is_first(unit.after))).count()
    };
    let (both, either) =
        (count(|before, after| before && after), count(|before, after| before || after));
    Overlap {
        n,
        before: count(|before, _| before),
        after: count(|_, after| after),
        both,
        share: (either > 0).then(|| both as f64 / either as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_is_like_itself() {
        let ranks = [Some(2), None, Some(1), Some(2), Some(4)];
        let comparison = compare(&ranks, &ranks, &[2]);
        assert_eq!(comparison.mean_absolute_change, Some(0.0));
        assert_eq!(comparison.in_both, 4);
        let near_one = |number: Option<f64>| number.is_some_and(|n| (n - 1.0).abs() < 1e-12);
        assert!(near_one(comparison.kendall) && near_one(comparison.spearman));
        // Two are tied on place 2, so three are among the first two.
        let first = comparison.top[0];
        assert_eq!((first.before, first.both, first.share), (3, 3, Some(1.0)));
    }

    #[test]
    fn the_other_way_round_the_changes_turn() {
        let rankings: [Ranks<'_>; 3] =
            [&[Some(1), Some(2), Some(3)], &[Some(3), Some(2), Some(1)], &[None, Some(1), Some(2)]];
        let all = compare_all(&rankings, &[1]);
        assert_eq!(all[0][1].units[0].gained, Some(-2));
        assert_eq!(all[1][0].units[0].gained, Some(2));
        assert_eq!(all[0][1].kendall, Some(-1.0));
        assert_eq!(all[0][2].in_both, 2);
        assert_eq!(all[0][2].mean_absolute_change, Some(1.0));
    }

    #[test]
    fn nothing_in_common_is_not_a_zero() {
        let comparison = compare(&[Some(1), None], &[None, Some(1)], &[0]);
        assert_eq!(comparison.mean_absolute_change, None);
        assert_eq!(comparison.kendall, None);
        assert_eq!(comparison.top[0].share, None);
    }
}
