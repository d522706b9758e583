//! Faults of one ring, and their remedies.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{Fault, FaultKind, Faults, fault};
use crate::Region;

/// Closes a ring that a file left open; says whether it was.
///
/// `geo_types` closes every ring without a word, so a reader that wants to tell asks first.
pub fn close_ring(ring: &mut Vec<Coord<f64>>) -> bool {
    let (Some(&first), Some(&last)) = (ring.first(), ring.last()) else { return false };
    let is_open = first != last;
    if is_open {
        ring.push(first);
    }
    is_open
}

/// Faults of the rings of a region, each with the place it is seen at.
pub(super) fn faults(region: &Region) -> Vec<(FaultKind, Option<Coord<f64>>)> {
    if region.shape.0.is_empty() {
        return vec![(FaultKind::NoShape, None)];
    }
    let polygons = region.shape.iter();
    let rings =
        polygons.flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    rings.filter_map(|ring| fault_of(ring).map(|kind| (kind, place_of(ring)))).collect()
}

fn fault_of(ring: &LineString<f64>) -> Option<FaultKind> {
    if ring.0.iter().any(|place| !place.x.is_finite() || !place.y.is_finite()) {
        return Some(FaultKind::NotFinite);
    }
    let steps = ring.0.windows(2).filter(|pair| pair[0] != pair[1]).count();
    (steps < 3).then_some(FaultKind::TooFewPoints)
}

fn place_of(ring: &LineString<f64>) -> Option<Coord<f64>> {
    ring.0.iter().copied().find(|place| place.x.is_finite() && place.y.is_finite())
}

/// Mends what has one obvious remedy, and lists at most `most` of what it mended.
///
/// Rings that are not finite or have too few points are left out, an outline with its holes.
/// Outlines are wound against the clock and holes with it, of which nothing is said. What
/// crosses itself, overlaps or leaves gaps stays as it is.
pub fn repair(regions: &mut [Region], most: usize) -> Faults {
    let mut faults = Faults::default();
    for place in 0..regions.len() {
        for (kind, at) in self::faults(&regions[place]) {
            if kind != FaultKind::NoShape {
                let found = Fault { is_repaired: true, ..fault(kind, regions, place, at) };
                faults.add(found, most);
            }
        }
        let shape = std::mem::replace(&mut regions[place].shape, MultiPolygon::new(Vec::new()));
        regions[place].shape = shape.into_iter().filter_map(mended).collect();
    }
    faults
}

fn mended(polygon: Polygon<f64>) -> Option<Polygon<f64>> {
    let (mut outline, mut holes) = polygon.into_inner();
    if fault_of(&outline).is_some() {
        return None;
    }
    holes.retain(|hole| fault_of(hole).is_none());
    if doubled_area(&outline) < 0.0 {
        outline.0.reverse();
    }
    for hole in holes.iter_mut().filter(|hole| doubled_area(hole) > 0.0) {
        hole.0.reverse();
    }
    Some(Polygon::new(outline, holes))
}

/// Twice the area inside a ring: positive when it is wound against the clock.
pub(super) fn doubled_area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    let corner = |pair: &[Coord<f64>]| {
        let (start, end) = (pair[0] - origin, pair[1] - origin);
        start.x * end.y - start.y * end.x
    };
    ring.0.windows(2).map(corner).sum()
}
