//! Weights by entropy: a column spread evenly over the units says little.

use super::{Least, Unweighable, present, refuse_below, to_one};

/// Returns weights in proportion to 1 - e, where e is the entropy of a column's
/// shares as a part of the highest there could be (Shannon 1948; Zeleny 1982).
///
/// A zero adds nothing. The shares depend on where zero is: entropy fits figures
/// with a true zero, and min-max values only when lifted from it.
///
/// # Errors
///
/// A figure below 0, or no column that differs.
pub fn entropy(columns: &[&[Option<f64>]]) -> Result<Vec<f64>, Unweighable> {
    refuse_below(columns, Least::Zero)?;
    let information = |column: &&[Option<f64>]| {
        let sum: f64 = present(column).map(|(_, figure)| figure).sum();
        let count = present(column).count();
        if count < 2 || sum <= 0.0 {
            return 0.0;
        }
        let shares = present(column).map(|(_, figure)| figure / sum).filter(|share| *share > 0.0);
        let entropy: f64 = shares.map(|share| -share * libm::log(share)).sum();
        let even = entropy / libm::log(count as f64);
        // Equal figures give 1 up to the last bits.
        if even > 1.0 - 1e-14 { 0.0 } else { 1.0 - even }
    };
    to_one(columns.iter().map(information).collect())
}
