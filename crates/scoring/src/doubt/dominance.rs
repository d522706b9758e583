//! Who is at least as good as whom in everything, whatever the weights.

use crate::Problem;
use crate::aggregate::MOST_UNITS_IN_PAIRS;
use crate::aggregate::table::{Table, refuse_more_than};

/// What holds under every choice of positive weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dominance {
    /// Pairs of units: the first dominates the second.
    pub pairs: Vec<(usize, usize)>,
    /// Units that nobody dominates: the Pareto front. Units without data are not in it.
    pub front: Vec<usize>,
}

impl Dominance {
    /// Returns how many units each of `units` dominates, and by how many it is dominated.
    pub fn counts(&self, units: usize) -> Vec<(usize, usize)> {
        let mut counts = vec![(0, 0); units];
        for (better, worse) in &self.pairs {
            counts[*better].0 += 1;
            counts[*worse].1 += 1;
        }
        counts
    }
}

/// Finds who dominates whom: nowhere lower, somewhere higher.
///
/// Columns are turned so that more is better. Two units are compared in the
/// columns in which both have a figure; sharing none, neither dominates. With
/// gaps dominance need not pass on: of three units the first may dominate the
/// second and the second the third, and the first and third share no column.
///
/// # Errors
///
/// More than [`MOST_UNITS_IN_PAIRS`] units.
pub fn dominance(columns: &[&[Option<f64>]]) -> Result<Dominance, Problem> {
    let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let table = Table::new(columns, &vec![1.0; columns.len()]);
    refuse_more_than(MOST_UNITS_IN_PAIRS, "dominance", table.rows())?;
    let mut pairs = Vec::new();
    for row in 0..table.rows() {
        for other in row + 1..table.rows() {
            match above_and_below(&table, row, other) {
                (true, false) => pairs.push((table.unit(row), table.unit(other))),
                (false, true) => pairs.push((table.unit(other), table.unit(row))),
                _ => {}
            }
        }
    }
    pairs.sort_unstable();
    let mut on_front = vec![false; units];
    (0..table.rows()).for_each(|row| on_front[table.unit(row)] = true);
    pairs.iter().for_each(|(_, worse)| on_front[*worse] = false);
    let front = (0..units).filter(|unit| on_front[*unit]).collect();
    Ok(Dominance { pairs, front })
}

/// Whether `row` is somewhere above `other`, and somewhere below it.
fn above_and_below(table: &Table, row: usize, other: usize) -> (bool, bool) {
    let (mut above, mut below) = (false, false);
    for column in table.weighted().filter(|column| column.has[row] * column.has[other] == 1.0) {
        let (own, figure) = (column.figures[row], column.figures[other]);
        above |= own > figure;
        below |= own < figure;
        if above && below {
            break;
        }
    }
    (above, below)
}

/// How firmly units belong to the best `n` of several rankings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobustCore {
    /// Units among the best in every ranking.
    pub in_all: Vec<usize>,
    /// Units among the best in one ranking at least.
    pub in_some: Vec<usize>,
    /// In how many rankings each unit is among the best.
    pub times: Vec<usize>,
}

/// Counts in how many of `rankings` each unit has rank `n` or better.
///
/// A ranking in which a unit has no rank counts against it.
///
/// ```
/// # use scoring::doubt::dominance::robust_core;
/// let by_mean = [Some(1), Some(2), Some(3), None];
/// let by_worst = [Some(2), Some(3), Some(1), None];
/// let core = robust_core(&[&by_mean, &by_worst], 2);
/// assert_eq!((core.in_all, core.in_some), (vec![0], vec![0, 1, 2]));
/// ```
pub fn robust_core(rankings: &[&[Option<usize>]], n: usize) -> RobustCore {
    let units = rankings.iter().map(|ranking| ranking.len()).max().unwrap_or(0);
    let in_top = |ranking: &[Option<usize>], unit: usize| {
        ranking.get(unit).copied().flatten().is_some_and(|rank| rank <= n)
    };
    let times: Vec<usize> = (0..units)
        .map(|unit| rankings.iter().filter(|ranking| in_top(ranking, unit)).count())
        .collect();
    let with = |least: usize| (0..units).filter(|unit| times[*unit] >= least).collect();
    RobustCore { in_all: with(rankings.len().max(1)), in_some: with(1), times: times.clone() }
}
