//! Regions to edges on a grid.

use std::collections::HashMap;

use geo_types::LineString;

use super::noding::Claim;
use super::point::{Grid, Point, ring_area};
use crate::Region;

/// What the regions say of their edges.
pub(super) fn claims(regions: &[Region], grid: Grid) -> Vec<Claim> {
    let rings: Vec<(u32, Vec<Point>)> = (0..)
        .zip(regions)
        .flat_map(|(position, region)| {
            region.shape.iter().flat_map(move |polygon| {
                let outer = (position, anticlockwise(polygon.exterior(), grid));
                let holes = polygon.interiors().iter();
                std::iter::once(outer)
                    .chain(holes.map(move |hole| (position, clockwise(hole, grid))))
            })
        })
        .collect();
    let moved = joined(rings.iter().flat_map(|(_, ring)| ring.iter().copied()).collect());
    let place = |point: Point| moved.get(&point).copied().unwrap_or(point);
    let mut claims = Vec::new();
    for (region, ring) in &rings {
        let ends = ring.iter().zip(ring.iter().skip(1).chain(ring.first()));
        for (from, to) in ends.map(|(from, to)| (place(*from), place(*to))) {
            if from != to {
                claims.push(Claim::new(from, to, *region));
            }
        }
    }
    claims
}

/// An outer ring on the grid, closed or not, with its region on the left.
fn anticlockwise(ring: &LineString<f64>, grid: Grid) -> Vec<Point> {
    let mut points: Vec<Point> = ring.coords().map(|coordinate| grid.point(*coordinate)).collect();
    points.dedup();
    if ring_area(&points) < 0 {
        points.reverse();
    }
    points
}

/// A hole on the grid, closed or not, with its region on the left.
fn clockwise(ring: &LineString<f64>, grid: Grid) -> Vec<Point> {
    let mut points = anticlockwise(ring, grid);
    points.reverse();
    points
}

/// Where points go that are a cell away from one before them, in the order of the grid.
fn joined(mut points: Vec<Point>) -> HashMap<Point, Point> {
    points.sort_unstable();
    points.dedup();
    let mut moved = HashMap::new();
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    // Kept points before this one are further than one column west.
    let mut column = 0;
    for point in points {
        let corner = Point { x: point.x.saturating_sub(1), y: point.y.saturating_sub(1) };
        while kept.get(column).is_some_and(|other| *other < corner) {
            column += 1;
        }
        let in_column = kept
            .get(column)
            .filter(|other| other.x == corner.x && other.y <= point.y.saturating_add(1));
        let below = kept.last().filter(|other| other.x == point.x && other.y == corner.y);
        match in_column.or(below) {
            Some(other) => {
                moved.insert(point, *other);
            }
            None => kept.push(point),
        }
    }
    moved
}
