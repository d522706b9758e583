//! Copeland: every unit meets every other, and a duel is won by weight.

use crate::Problem;

use super::table::{
    Column, MOST_UNITS_IN_A_MATRIX, MOST_UNITS_IN_PAIRS, Table, if_above, refuse_more_than,
};

/// A balance nearer to zero than this share of the weight is a draw: sums of
/// weights such as 0.1 + 0.2 - 0.3 are not exactly zero.
const DRAW: f64 = 1e-12;

/// How each unit fared against all others.
#[derive(Debug, Clone, PartialEq)]
pub struct Copeland {
    /// Duels won less duels lost; `None` for a unit without data.
    pub score: Vec<Option<f64>>,
    /// Duels of each unit.
    pub duels: Vec<Option<Duels>>,
    /// Parts of `score`, one column per criterion: they add up to it.
    ///
    /// The point of a duel goes to the criteria on the winning side, by weight.
    pub by_criterion: Vec<Vec<Option<f64>>>,
}

/// Duels of one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duels {
    /// More weight for it than against it.
    pub won: usize,
    /// As much for it as against it.
    pub drawn: usize,
    /// More weight against it.
    pub lost: usize,
    /// No criterion in which both have a figure.
    pub not_held: usize,
}

/// Scores units by the duels they win less those they lose (Copeland 1951).
///
/// A duel counts the criteria in which both units have a figure; a tie in one
/// counts for neither. Where no criterion is shared no duel is held. So a gap
/// is never a defeat, and the order of the units has no influence.
///
/// # Errors
///
/// More than [`MOST_UNITS_IN_PAIRS`] units.
pub fn copeland(columns: &[&[Option<f64>]], weights: &[f64]) -> Result<Copeland, Problem> {
    let table = Table::new(columns, weights);
    let rows = table.rows();
    refuse_more_than(MOST_UNITS_IN_PAIRS, "Copeland", rows)?;
    let mut duels = vec![Duels::default(); rows];
    let mut parts = vec![vec![0.0; rows]; table.columns.len()];
    let mut duel = Balance::new(rows);
    let (mut won, mut lost) = (vec![0.0; rows], vec![0.0; rows]);
    for row in 0..rows {
        duel.hold(&table, row);
        for other in row + 1..rows {
            duels_of(duel.result(other), &mut duels, (row, other));
        }
        duel.stakes(row, (&mut won, &mut lost));
        for (column, parts) in table.columns.iter().zip(&mut parts) {
            if column.weight > 0.0 && column.has[row] == 1.0 {
                share_out(column, row, (&won, &lost), parts);
            }
        }
    }
    let score = duels.iter().map(|duels| Some(duels.won as f64 - duels.lost as f64));
    let present: Vec<Option<Duels>> = duels.iter().map(|duels| Some(*duels)).collect();
    let by_criterion = table.columns.iter().zip(&parts).map(|(column, parts)| {
        let part = |(row, part): (usize, &f64)| column.figure(row).map(|_| *part);
        table.at_units(&parts.iter().enumerate().map(part).collect::<Vec<_>>())
    });
    Ok(Copeland {
        score: table.at_units(&score.collect::<Vec<_>>()),
        duels: table.at_units(&present),
        by_criterion: by_criterion.collect(),
    })
}

fn duels_of(result: Option<f64>, duels: &mut [Duels], (row, other): (usize, usize)) {
    let (left, right) = duels.split_at_mut(other);
    let (this, that) = (&mut left[row], &mut right[0]);
    match result {
        None => (this.not_held, that.not_held) = (this.not_held + 1, that.not_held + 1),
        Some(balance) if balance > 0.0 => (this.won, that.lost) = (this.won + 1, that.lost + 1),
        Some(balance) if balance < 0.0 => (this.lost, that.won) = (this.lost + 1, that.won + 1),
        Some(_) => (this.drawn, that.drawn) = (this.drawn + 1, that.drawn + 1),
    }
}

/// The duels of one unit with those after it.
struct Balance {
    /// Weight for it.
    won: Vec<f64>,
    /// Weight against it.
    lost: Vec<f64>,
    /// Weight of the criteria that both have.
    shared: Vec<f64>,
}

impl Balance {
    fn new(rows: usize) -> Self {
        Self { won: vec![0.0; rows], lost: vec![0.0; rows], shared: vec![0.0; rows] }
    }

    fn hold(&mut self, table: &Table, row: usize) {
        for sums in [&mut self.won, &mut self.lost, &mut self.shared] {
            sums[row + 1..].fill(0.0);
        }
        for column in table.weighted().filter(|column| column.has[row] == 1.0) {
            let own = column.figures[row];
            let others = column.figures[row + 1..].iter().zip(&column.has[row + 1..]);
            let sums = self.won[row + 1..].iter_mut().zip(&mut self.lost[row + 1..]);
            let sums = sums.zip(&mut self.shared[row + 1..]);
            for (((won, lost), shared), (other, has)) in sums.zip(others) {
                let weight = column.weight * has;
                *won += if_above(own, *other, weight);
                *lost += if_above(*other, own, weight);
                *shared += weight;
            }
        }
    }

    /// Returns whether the unit won (above 0), drew (0) or lost; `None` without a duel.
    fn result(&self, other: usize) -> Option<f64> {
        let (balance, shared) = (self.won[other] - self.lost[other], self.shared[other]);
        let decided = balance.abs() > DRAW * shared;
        (shared > 0.0).then_some(if decided { balance } else { 0.0 })
    }

    /// What a unit of weight on the winning side is worth in each duel: won, and lost.
    fn stakes(&self, row: usize, (won, lost): (&mut [f64], &mut [f64])) {
        for other in row + 1..won.len() {
            let balance = self.result(other).unwrap_or(0.0);
            won[other] = if balance > 0.0 { 1.0 / self.won[other] } else { 0.0 };
            lost[other] = if balance < 0.0 { 1.0 / self.lost[other] } else { 0.0 };
        }
    }
}

/// Gives a column its share of the points of all duels of one unit.
///
/// Without a branch, so that many are compared at once.
fn share_out(column: &Column, row: usize, (won, lost): (&[f64], &[f64]), parts: &mut [f64]) {
    let own = column.figures[row];
    let others = column.figures[row + 1..].iter().zip(&column.has[row + 1..]);
    let stakes = won[row + 1..].iter().zip(&lost[row + 1..]);
    let (before, after) = parts.split_at_mut(row + 1);
    let mut sum = 0.0;
    for (((other, has), (won, lost)), part) in others.zip(stakes).zip(after) {
        let won = if_above(own, *other, *won);
        let lost = if_above(*other, own, *lost);
        let point = column.weight * has * (won - lost);
        sum += point;
        *part -= point;
    }
    before[row] += sum;
}

/// Returns the share of weight by which each unit (row) beats each other (column); a tie counts half.
///
/// `None` on the diagonal and where the two share no criterion. Both halves
/// of a pair sum to 1 whatever is missing.
///
/// # Errors
///
/// More than [`MOST_UNITS_IN_A_MATRIX`] units.
pub fn outranking(
    columns: &[&[Option<f64>]],
    weights: &[f64],
) -> Result<Vec<Vec<Option<f64>>>, Problem> {
    let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    refuse_more_than(MOST_UNITS_IN_A_MATRIX, "outranking", units)?;
    let table = Table::new(columns, weights);
    let mut shares = vec![vec![None; units]; units];
    let mut duel = Balance::new(table.rows());
    for row in 0..table.rows() {
        duel.hold(&table, row);
        for other in row + 1..table.rows() {
            let shared = duel.shared[other];
            if shared > 0.0 {
                let share = 0.5 + (duel.won[other] - duel.lost[other]) / shared / 2.0;
                shares[table.unit(row)][table.unit(other)] = Some(share);
                shares[table.unit(other)][table.unit(row)] = Some(1.0 - share);
            }
        }
    }
    Ok(shares)
}
