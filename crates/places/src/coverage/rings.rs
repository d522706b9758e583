//! Rings of arcs: the outlines of regions, put together from their borders.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::arcs::Arc;
use super::boxes::Bounds;
use super::point::{Point, by_angle, difference, place_in_ring, ring_area};

/// An arc in a ring, walked along or against its own direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// Arc, by its position.
    pub arc: u32,
    /// Whether it is walked from its last point to its first.
    pub is_reversed: bool,
}

/// One part of a region: an outer ring, anticlockwise, and its holes, clockwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// The outer ring.
    pub outer: Vec<Step>,
    /// The holes.
    pub holes: Vec<Vec<Step>>,
}

/// A ring with its points once around, the first not repeated.
struct Ring {
    steps: Vec<Step>,
    points: Vec<Point>,
    area: i128,
}

/// The parts of each region.
pub(super) fn parts(arcs: &[Arc], regions: usize) -> Vec<Vec<Part>> {
    let mut rings: Vec<Vec<Ring>> = Vec::new();
    rings.resize_with(regions, Vec::new);
    for (region, steps) in simple_rings(arcs) {
        let points = ring_points(arcs, &steps);
        let area = ring_area(&points);
        rings[region as usize].push(Ring { steps, points, area });
    }
    rings.into_iter().map(assemble).collect()
}

/// Twice the area of the largest outer ring of each region; 0 for one without a shape.
pub(super) fn largest_areas(arcs: &[Arc], regions: usize) -> Vec<i128> {
    let mut largest = vec![0; regions];
    for (region, steps) in simple_rings(arcs) {
        let area = ring_area(&ring_points(arcs, &steps));
        largest[region as usize] = area.max(largest[region as usize]);
    }
    largest
}

/// The points of a ring, the first not repeated.
pub(super) fn ring_points(arcs: &[Arc], steps: &[Step]) -> Vec<Point> {
    let mut points = Vec::new();
    for step in steps {
        let arc = &arcs[step.arc as usize].points;
        // The last point of each arc is the first of the next.
        match step.is_reversed {
            true => points.extend(arc.iter().skip(1).rev()),
            false => points.extend(arc.iter().take(arc.len() - 1)),
        }
    }
    points
}

fn assemble(mut rings: Vec<Ring>) -> Vec<Part> {
    // The smallest ring around a hole is the one that it is a hole of.
    rings.sort_by_key(|ring| ring.area);
    let outer = rings.partition_point(|ring| ring.area <= 0);
    let shells = rings.split_off(outer);
    let bounds: Vec<Bounds> = shells.iter().map(|shell| Bounds::of(&shell.points)).collect();
    let mut parts: Vec<Part> = Vec::new();
    parts.extend(shells.iter().map(|shell| Part { outer: shell.steps.clone(), holes: Vec::new() }));
    for hole in rings {
        let area = Bounds::of(&hole.points);
        let around = (0..shells.len()).find(|shell| {
            bounds[*shell].meets(&area)
                && -hole.area < shells[*shell].area
                && surrounds(&shells[*shell].points, &hole.points)
        });
        if let Some(around) = around {
            parts[around].holes.push(hole.steps);
        }
    }
    // The largest part first.
    parts.reverse();
    parts
}

fn surrounds(shell: &[Point], hole: &[Point]) -> bool {
    let places = hole.iter().map(|point| place_in_ring(*point, shell));
    places.into_iter().find(|place| *place != Ordering::Equal) != Some(Ordering::Less)
}

/// Rings that visit no point twice, with the region on their left.
fn simple_rings(arcs: &[Arc]) -> Vec<(u32, Vec<Step>)> {
    let walker = Walker::new(arcs);
    let mut is_walked = vec![false; 2 * arcs.len()];
    let mut rings = Vec::new();
    for half in 0..2 * arcs.len() {
        let Some(region) = walker.left_of(half) else { continue };
        if is_walked[half] {
            continue;
        }
        let mut walk = Vec::new();
        let mut at = half;
        while !is_walked[at] {
            is_walked[at] = true;
            walk.push(at);
            at = walker.next[at];
        }
        rings.extend(walker.untie(&walk).into_iter().map(|ring| (region, ring)));
    }
    rings
}

/// Arcs by half: 2a runs along arc a, 2a + 1 against it.
struct Walker<'arcs> {
    arcs: &'arcs [Arc],
    next: Vec<usize>,
}

impl Walker<'_> {
    fn new(arcs: &[Arc]) -> Walker<'_> {
        let mut walker = Walker { arcs, next: vec![0; 2 * arcs.len()] };
        let mut outgoing: Vec<(Point, usize)> =
            (0..2 * arcs.len()).map(|half| (walker.origin(half), half)).collect();
        outgoing.sort_unstable();
        for group in outgoing.chunk_by_mut(|left, right| left.0 == right.0) {
            group.sort_by(|left, right| by_angle(walker.way(left.1), walker.way(right.1)));
            for (position, (_, half)) in group.iter().enumerate() {
                let clockwise = (position + group.len() - 1) % group.len();
                walker.next[half ^ 1] = group[clockwise].1;
            }
        }
        walker
    }

    fn left_of(&self, half: usize) -> Option<u32> {
        let arc = &self.arcs[half / 2];
        if half.is_multiple_of(2) { arc.left } else { arc.right }
    }

    fn origin(&self, half: usize) -> Point {
        let points = &self.arcs[half / 2].points;
        if half.is_multiple_of(2) { points[0] } else { points[points.len() - 1] }
    }

    /// The direction in which a half leaves.
    fn way(&self, half: usize) -> (i64, i64) {
        let points = &self.arcs[half / 2].points;
        match half.is_multiple_of(2) {
            true => difference(points[0], points[1]),
            false => difference(points[points.len() - 1], points[points.len() - 2]),
        }
    }

    /// Cuts a walk where it comes through a point again.
    fn untie(&self, walk: &[usize]) -> Vec<Vec<Step>> {
        let mut rings = Vec::new();
        let mut stack: Vec<Step> = Vec::new();
        let mut starts: HashMap<Point, usize> = HashMap::new();
        for half in walk {
            starts.insert(self.origin(*half), stack.len());
            stack.push(Step { arc: (half / 2) as u32, is_reversed: !half.is_multiple_of(2) });
            let end = self.origin(half ^ 1);
            if let Some(start) = starts.get(&end).copied() {
                let ring = stack.split_off(start);
                for step in &ring {
                    let half = 2 * step.arc as usize + usize::from(step.is_reversed);
                    starts.remove(&self.origin(half));
                }
                rings.push(ring);
            }
        }
        rings
    }
}
