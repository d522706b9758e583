//! Who is whose neighbour: the Delaunay edges that join places near each other.
//!
//! Two places are neighbours when some circle through both holds no other
//! place. Along the border such circles may be huge and join places across a
//! bay or a whole country; [`LARGEST_RADIUS`] and [`LONGEST`] leave those out.

use super::plane::Vector;

/// The largest empty circle that makes two places neighbours, in distances between them.
const LARGEST_RADIUS: f64 = 0.9;

/// The longest edge, in distances from an end to its [`NEAR`]th nearest place.
const LONGEST: f64 = 1.7;
const NEAR: usize = 4;

/// Lists neighbouring pairs as indices, the lower first, in ascending order.
pub fn neighbour_pairs(points: &[Vector]) -> Vec<(usize, usize)> {
    let reach: Vec<f64> = (0..points.len()).map(|place| reach(points, place)).collect();
    let mut pairs = Vec::new();
    for first in 0..points.len() {
        for second in first + 1..points.len() {
            let longest = reach[first].max(reach[second]);
            if (points[second] - points[first]).length() <= longest
                && share_an_empty_circle(points, first, second)
            {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

fn reach(points: &[Vector], place: usize) -> f64 {
    let mut distances: Vec<f64> =
        points.iter().map(|point| (*point - points[place]).length()).collect();
    distances.sort_by(f64::total_cmp);
    // The place itself stands first, at distance 0.
    distances.get(NEAR).map_or(f64::INFINITY, |distance| distance * LONGEST)
}

/// A circle through both points has its centre at `middle + t * normal`; every
/// other point forbids all t above or below a limit.
fn share_an_empty_circle(points: &[Vector], first: usize, second: usize) -> bool {
    let along = points[second] - points[first];
    let half_squared = along.length_squared() / 4.0;
    if half_squared == 0.0 {
        return true;
    }
    let middle = (points[first] + points[second]) * 0.5;
    let normal = Vector { x: -along.y, y: along.x };
    let widest = (LARGEST_RADIUS * LARGEST_RADIUS - 0.25).sqrt();
    let (mut low, mut high) = (-widest, widest);
    for (other, point) in points.iter().enumerate() {
        if other == first || other == second {
            continue;
        }
        let offset = *point - middle;
        let side = 2.0 * offset.dot(normal);
        let excess = offset.length_squared() - half_squared;
        if side > 0.0 {
            high = high.min(excess / side);
        } else if side < 0.0 {
            low = low.max(excess / side);
        } else if excess < 0.0 {
            return false;
        }
        if low > high {
            return false;
        }
    }
    true
}
