//! Exact questions about points and edges.
//!
//! Every question about a point is asked of the point just east of it and, far less,
//! north of it: `(x + ε, y + ε²)` for an ε too small to matter otherwise. Such a point
//! lies on no edge, which is how a point on a border gets one region. Floating point
//! answers when its error bound allows, `robust` otherwise.

use geo_types::Coord;

/// Bound on the rounding error of the determinant, by Shewchuk: `(3 + 16ε)ε`.
const ERROR_BOUND: f64 = 3.330_669_073_875_471_6e-16;

/// Whether `point`, moved just east, lies left of the line from `start` to `end`.
///
/// The line has a direction: `start` and `end` differ.
#[inline]
pub(crate) fn is_left(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    let left = (start.x - point.x) * (end.y - point.y);
    let right = (start.y - point.y) * (end.x - point.x);
    let determinant = left - right;
    if determinant.abs() > ERROR_BOUND * (left.abs() + right.abs()) {
        return determinant > 0.0;
    }
    is_left_exactly(start, end, point)
}

#[cold]
fn is_left_exactly(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    match turn(start, end, point) {
        // Moving by (ε, ε²) changes the determinant by dx·ε² − dy·ε.
        0.0 if start.y != end.y => end.y < start.y,
        0.0 => end.x > start.x,
        turn => turn > 0.0,
    }
}

/// Positive when `point` lies left of the line, negative right of it, 0 exactly on it.
pub(crate) fn turn(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> f64 {
    let [start, end, point] =
        [start, end, point].map(|place| robust::Coord { x: place.x, y: place.y });
    robust::orient2d(start, end, point)
}

/// Whether `point` lies exactly on the closed segment.
pub(crate) fn is_on(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    point.x >= start.x.min(end.x)
        && point.x <= start.x.max(end.x)
        && point.y >= start.y.min(end.y)
        && point.y <= start.y.max(end.y)
        && turn(start, end, point) == 0.0
}

/// Whether the level line through `point`, moved just east, meets the segment west of it.
#[inline]
pub(crate) fn crosses_west(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    (start.y > point.y) != (end.y > point.y) && is_left(start, end, point) != (end.y > start.y)
}

/// Whether the level line through `point`, moved just east, meets the segment east of it.
#[inline]
pub(crate) fn crosses_east(start: Coord<f64>, end: Coord<f64>, point: Coord<f64>) -> bool {
    (start.y > point.y) != (end.y > point.y) && is_left(start, end, point) == (end.y > start.y)
}
