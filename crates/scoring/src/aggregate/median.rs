//! The worst child, and the one in the middle.

use super::Child;

/// Returns the lowest value; a child without weight takes no part.
pub fn minimum(children: &[Child]) -> Option<f64> {
    super::ends(children).map(|(low, _)| low)
}

/// Returns the value in the middle, or half-way between the two in the middle.
///
/// Every child counts the same whatever its weight, except that one without
/// weight takes no part.
///
/// ```
/// # use scoring::aggregate::{Child, median::median};
/// let child = |value| Child { value, weight: 1.0, most: 100.0, most_available: 100.0 };
/// assert_eq!(median(&[child(Some(8.0)), child(None), child(Some(2.0))]), Some(5.0));
/// ```
pub fn median(children: &[Child]) -> Option<f64> {
    let sorted = crate::normalise::sorted(super::counted(children).map(|(_, value)| value));
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return Some(sorted[middle]);
    }
    // Halves first: the sum of two large values may not be a number.
    Some(sorted.get(middle)? / 2.0 + sorted.get(middle.checked_sub(1)?)? / 2.0)
}
