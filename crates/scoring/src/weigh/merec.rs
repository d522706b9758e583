//! MEREC: a column weighs by what the units' performance changes without it.

use super::{Least, Unweighable, present, refuse_below, to_one};

/// Returns weights in proportion to the mean effect of removing each column
/// (Keshavarz-Ghorabaee et al. 2021).
///
/// A unit's performance is ln(1 + mean |ln(lowest / figure)|) over the columns
/// it has; a column's effect is the mean over the units that have it.
///
/// # Errors
///
/// A figure of 0 or below, which has no logarithm; or no column that differs.
pub fn merec(columns: &[&[Option<f64>]]) -> Result<Vec<f64>, Unweighable> {
    refuse_below(columns, Least::AboveZero)?;
    let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let ways: Vec<Vec<Option<f64>>> = columns
        .iter()
        .map(|column| {
            let lowest = present(column).map(|(_, figure)| figure).fold(f64::INFINITY, f64::min);
            let mut ways = vec![None; units];
            for (unit, figure) in present(column) {
                ways[unit] = Some(libm::fabs(libm::log(lowest / figure)));
            }
            ways
        })
        .collect();
    let had = |unit: usize| ways.iter().filter_map(move |ways| ways[unit]);
    let sums: Vec<(f64, f64)> =
        (0..units).map(|unit| (had(unit).sum(), had(unit).count() as f64)).collect();
    let effect = |ways: &Vec<Option<f64>>| {
        let effects = ways.iter().zip(&sums).filter_map(|(way, (sum, count))| {
            let without = libm::log1p((sum - (*way)?) / count);
            Some(libm::fabs(without - libm::log1p(sum / count)))
        });
        let count = ways.iter().flatten().count();
        if count == 0 { 0.0 } else { effects.sum::<f64>() / count as f64 }
    };
    to_one(ways.iter().map(effect).collect())
}
