//! Whether a ranking of some units holds when others come, go or fall.
//!
//! Four tests of a method on its own figures (Wang & Triantaphyllou 2008; Cinelli
//! et al. 2020): a unit that gets worse, a unit that leaves, a twin that comes,
//! and every two units ranked alone. They ask only for scores, so any method
//! can be tested: a [`Method`] takes columns and gives one score per unit, more
//! being better.

use crate::Problem;
use crate::aggregate::MOST_UNITS_IN_A_MATRIX;
use crate::aggregate::table::refuse_more_than;
use crate::statistics::spearman;

/// Columns in, one score per unit out.
pub type Method<'a> = &'a dyn Fn(&[&[Option<f64>]]) -> Vec<Option<f64>>;

/// Scores nearer than this share of their range are the same score.
const SAME: f64 = 1e-9;

/// What one change did to the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The unit that was changed.
    pub unit: usize,
    /// Scores after the change; `None` for a unit that left.
    pub scores: Vec<Option<f64>>,
    /// Whether the unit that was best, or one of them, still is.
    ///
    /// Where the best itself was changed, this is about the best of the others.
    pub best_stays: bool,
    /// Whether no two of the other units changed places.
    pub others_stay: bool,
    /// Spearman's correlation of the others' scores before and after.
    pub correlation: Option<f64>,
}

/// Worsens each unit but the best and ranks again: nobody else should move.
///
/// `worse` gives a unit's new figures; [`lowered`] is one way.
pub fn invariance(
    method: Method<'_>,
    columns: &[&[Option<f64>]],
    worse: &dyn Fn(usize) -> Vec<Option<f64>>,
) -> Vec<Change> {
    let before = method(columns);
    let changed = |unit: usize| {
        let figures = worse(unit);
        let column = |(column, figure): (&&[Option<f64>], Option<f64>)| {
            let mut column = column.to_vec();
            column[unit] = figure;
            column
        };
        let columns: Vec<Vec<Option<f64>>> = columns.iter().zip(figures).map(column).collect();
        told(unit, &before, scores(method, &columns))
    };
    all_but_the_best(&before).into_iter().map(changed).collect()
}

/// Returns a unit's figures, each moved by `share` of the way to its column's lowest.
pub fn lowered(columns: &[&[Option<f64>]], unit: usize, share: f64) -> Vec<Option<f64>> {
    let down = |column: &&[Option<f64>]| {
        let lowest = column.iter().flatten().copied().reduce(f64::min)?;
        column[unit].map(|figure| figure + share * (lowest - figure))
    };
    columns.iter().map(down).collect()
}

/// Ranks again with a twin of each unit but the best: nobody should move.
pub fn clones(method: Method<'_>, columns: &[&[Option<f64>]]) -> Vec<Change> {
    let before = method(columns);
    let changed = |unit: usize| {
        let twin = |column: &&[Option<f64>]| [column, &[column[unit]][..]].concat();
        let columns: Vec<Vec<Option<f64>>> = columns.iter().map(twin).collect();
        let mut after = scores(method, &columns);
        after.truncate(before.len());
        Change { others_stay: is_same_order(&before, &after, None), ..told(unit, &before, after) }
    };
    all_but_the_best(&before).into_iter().map(changed).collect()
}

/// Ranks again without each unit that has a score: the others should not move.
pub fn leave_one_out(method: Method<'_>, columns: &[&[Option<f64>]]) -> Vec<Change> {
    let before = method(columns);
    let changed = |unit: usize| {
        let rest = |column: &&[Option<f64>]| [&column[..unit], &column[unit + 1..]].concat();
        let columns: Vec<Vec<Option<f64>>> = columns.iter().map(rest).collect();
        let mut after = scores(method, &columns);
        after.insert(unit, None);
        told(unit, &before, after)
    };
    (0..before.len()).filter(|unit| before[*unit].is_some()).map(changed).collect()
}

/// What comes out when every two units are ranked alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Transitivity {
    /// Against how many others each unit wins.
    pub wins: Vec<usize>,
    /// Against how many it loses.
    pub losses: Vec<usize>,
    /// Pairs that neither wins, the lower number first.
    pub ties: Vec<(usize, usize)>,
    /// Threes that go in a circle: each beats the next.
    pub circles: usize,
    /// Circles as a share of the most there could be among so many units (Kendall & Babington Smith 1940).
    pub break_rate: f64,
    /// Whether no circle was found, and the wins put the units in the order of the whole ranking.
    pub rebuilds_the_ranking: bool,
}

/// Ranks every two units alone and puts the results together again.
///
/// # Errors
///
/// More than [`MOST_UNITS_IN_A_MATRIX`] units.
pub fn transitivity(
    method: Method<'_>,
    columns: &[&[Option<f64>]],
) -> Result<Transitivity, Problem> {
    let whole = method(columns);
    let units = whole.len();
    refuse_more_than(MOST_UNITS_IN_A_MATRIX, "transitivity", units)?;
    let mut beats = vec![vec![false; units]; units];
    let mut ties = Vec::new();
    for (one, two) in (0..units).flat_map(|one| (one + 1..units).map(move |two| (one, two))) {
        match duel(method, columns, (one, two)) {
            Some(lead) if lead > 0.0 => beats[one][two] = true,
            Some(lead) if lead < 0.0 => beats[two][one] = true,
            _ => ties.push((one, two)),
        }
    }
    let wins: Vec<usize> =
        beats.iter().map(|row| row.iter().filter(|beats| **beats).count()).collect();
    let lost = |unit: usize| beats.iter().filter(|row| row[unit]).count();
    let losses = (0..units).map(lost).collect();
    let circles = circles(&beats);
    let by_wins: Vec<Option<f64>> = wins.iter().map(|wins| Some(*wins as f64)).collect();
    Ok(Transitivity {
        rebuilds_the_ranking: circles == 0
            && is_same_order(&whole, &by_wins, None)
            && is_same_order(&by_wins, &whole, None),
        break_rate: if circles == 0 { 0.0 } else { circles as f64 / most_circles(units) },
        wins,
        losses,
        ties,
        circles,
    })
}

/// Returns by how much the first of two units leads when they are ranked alone; 0 for a tie.
fn duel(method: Method<'_>, columns: &[&[Option<f64>]], (one, two): (usize, usize)) -> Option<f64> {
    let pair = |column: &&[Option<f64>]| vec![column[one], column[two]];
    let columns: Vec<Vec<Option<f64>>> = columns.iter().map(pair).collect();
    let found = scores(method, &columns);
    let (one, two) = (found[0]?, found[1]?);
    let same = (one - two).abs() <= SAME * one.abs().max(two.abs());
    Some(if same { 0.0 } else { one - two })
}

fn circles(beats: &[Vec<bool>]) -> usize {
    let beaten =
        |unit: usize, above: usize| (above..beats.len()).filter(move |other| beats[unit][*other]);
    // The lowest number starts, so each circle is met once.
    let from = |first: usize| {
        beaten(first, first + 1)
            .map(|second| beaten(second, first + 1).filter(|third| beats[*third][first]).count())
            .sum::<usize>()
    };
    (0..beats.len()).map(from).sum()
}

fn most_circles(units: usize) -> f64 {
    let n = units as f64;
    n * (n * n - if units.is_multiple_of(2) { 4.0 } else { 1.0 }) / 24.0
}

fn scores(method: Method<'_>, columns: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    method(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn told(unit: usize, before: &[Option<f64>], after: Vec<Option<f64>>) -> Change {
    let mut others = before.to_vec();
    others[unit] = None;
    // Where the best itself is changed, the question is about the best of the others.
    let kept = if is_best(before, unit) { others.as_slice() } else { before };
    let still =
        |at: usize| is_best(&after, at) || (after[unit] > after[at] && is_best(&others, at));
    Change {
        best_stays: (0..before.len()).any(|at| is_best(kept, at) && still(at)),
        others_stay: is_same_order(before, &after, Some(unit)),
        correlation: spearman(&others, &after),
        unit,
        scores: after,
    }
}

fn highest(scores: &[Option<f64>]) -> Option<f64> {
    scores.iter().flatten().copied().reduce(f64::max)
}

fn same(scores: &[Option<f64>]) -> f64 {
    let lowest = scores.iter().flatten().copied().reduce(f64::min);
    lowest.zip(highest(scores)).map_or(0.0, |(lowest, highest)| SAME * (highest - lowest))
}

fn is_best(scores: &[Option<f64>], unit: usize) -> bool {
    let best = scores[unit].zip(highest(scores));
    best.is_some_and(|(score, highest)| highest - score <= same(scores))
}

fn all_but_the_best(scores: &[Option<f64>]) -> Vec<usize> {
    let best = (0..scores.len()).find(|unit| is_best(scores, *unit));
    let ranked = (0..scores.len()).filter(|unit| scores[*unit].is_some());
    ranked.filter(|unit| Some(*unit) != best).collect()
}

/// Whether no two units changed places; one that ties before or after did not.
fn is_same_order(before: &[Option<f64>], after: &[Option<f64>], without: Option<usize>) -> bool {
    let (close_before, close_after) = (same(before), same(after));
    let mut both: Vec<(f64, f64)> = (0..before.len())
        .filter(|unit| Some(*unit) != without)
        .filter_map(|unit| before[unit].zip(after[unit]))
        .collect();
    both.sort_by(|left, right| right.0.total_cmp(&left.0));
    // Lowest score after the change among those clearly above before it.
    let (mut lowest, mut passed) = (f64::INFINITY, 0);
    both.iter().all(|(score, now)| {
        while both[passed].0 > score + close_before {
            lowest = lowest.min(both[passed].1);
            passed += 1;
        }
        *now <= lowest + close_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(columns: &[&[Option<f64>]]) -> Vec<Option<f64>> {
        let unit = |unit: usize| columns.iter().map(|column| column[unit]).sum();
        (0..columns[0].len()).map(unit).collect()
    }

    /// Ranks by distance to the mean of all: whoever comes or goes moves everybody.
    fn near_the_middle(columns: &[&[Option<f64>]]) -> Vec<Option<f64>> {
        let sums = sum(columns);
        let middle = sums.iter().flatten().sum::<f64>() / sums.len() as f64;
        sums.iter().map(|sum| sum.map(|sum| -(sum - middle).abs())).collect()
    }

    #[test]
    fn a_sum_passes_every_test() {
        let columns: [&[Option<f64>]; 2] =
            [&[Some(1.0), Some(5.0), Some(3.0), None], &[Some(2.0), Some(4.0), Some(9.0), None]];
        for change in leave_one_out(&sum, &columns).iter().chain(&clones(&sum, &columns)) {
            assert!(change.best_stays && change.others_stay, "{change:?}");
        }
        let worse = |unit| lowered(&columns, unit, 0.5);
        assert!(invariance(&sum, &columns, &worse).iter().all(|change| change.others_stay));
        let pairs = transitivity(&sum, &columns).expect("few units");
        assert_eq!((pairs.wins, pairs.circles), (vec![0, 1, 2, 0], 0));
    }

    #[test]
    fn a_method_that_looks_at_the_others_is_found_out() {
        let columns: [&[Option<f64>]; 1] = [&[Some(0.0), Some(4.0), Some(5.0), Some(20.0)]];
        let left_out = leave_one_out(&near_the_middle, &columns);
        assert!(left_out.iter().any(|change| !change.others_stay));
    }
}
