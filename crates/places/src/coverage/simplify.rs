//! Fewer points on each arc, by Visvalingam and Whyatt, without touching what lies beside it.
//!
//! The point whose triangle with its neighbours is smallest goes first. It stays when any
//! other point lies in that triangle: cutting it off would put the other on the wrong side.
//! Where edges met only at their ends before, they therefore do so after; no crossing has
//! to be looked for, and no border leaves a gap.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::arcs::Arc;
use super::boxes::{Bounds, Boxes};
use super::point::{Point, turn};

/// A closed arc keeps at least a triangle.
const FEWEST_AROUND: usize = 3;

/// Removes points whose triangle has less than half of `limit`, in square cells.
pub(super) fn thin(arcs: &[Arc], limit: u128) -> Vec<Arc> {
    let mut chains = Chains::new(arcs);
    let mut heap = BinaryHeap::new();
    for vertex in 0..chains.points.len() as u32 {
        heap.extend(chains.candidate(vertex, limit));
    }
    loop {
        let mut blocked = Vec::new();
        let mut removed = 0_usize;
        while let Some(Reverse((area, point, vertex))) = heap.pop() {
            // A candidate whose neighbours went since has another triangle, and another entry.
            if chains.candidate(vertex, limit) != Some(Reverse((area, point, vertex))) {
                continue;
            }
            if !chains.may_go(vertex) {
                blocked.push(vertex);
                continue;
            }
            removed += 1;
            for neighbour in chains.remove(vertex) {
                heap.extend(chains.candidate(neighbour, limit));
            }
        }
        // Who stood in the way may be gone.
        if removed == 0 || blocked.is_empty() {
            break;
        }
        heap.extend(blocked.into_iter().filter_map(|vertex| chains.candidate(vertex, limit)));
    }
    chains.arcs(arcs)
}

type Candidate = Reverse<(u128, Point, u32)>;

/// All arcs as linked vertices; the closing point of a closed arc is not repeated.
struct Chains {
    points: Vec<Point>,
    /// Neighbours of each vertex; its own position at the end of an open arc.
    links: Vec<[u32; 2]>,
    arc_of: Vec<u32>,
    is_alive: Vec<bool>,
    /// Vertices left in each arc.
    sizes: Vec<usize>,
    /// Which arcs run around without a junction, so that any point may go.
    is_free: Vec<bool>,
    firsts: Vec<u32>,
    index: Boxes,
    /// Ends of the arcs that are one edge.
    straight: BTreeSet<(Point, Point)>,
}

impl Chains {
    fn new(arcs: &[Arc]) -> Chains {
        let junctions = junctions(arcs);
        let mut chains = Chains {
            points: Vec::new(),
            links: Vec::new(),
            arc_of: Vec::new(),
            is_alive: Vec::new(),
            sizes: Vec::new(),
            is_free: Vec::new(),
            firsts: Vec::new(),
            index: Boxes::new(&[]),
            straight: BTreeSet::new(),
        };
        for (arc, number) in arcs.iter().zip(0..) {
            let is_free = arc.is_closed() && !junctions.contains(&arc.points[0]);
            chains.is_free.push(is_free);
            chains.add(arc, number);
        }
        let bounds: Vec<Bounds> = chains.points.iter().map(|point| Bounds::of(&[*point])).collect();
        chains.index = Boxes::new(&bounds);
        chains.is_alive = vec![true; chains.points.len()];
        chains
    }

    /// Adds an arc, of which it is known whether it is free.
    fn add(&mut self, arc: &Arc, number: u32) {
        let is_free = self.is_free[number as usize];
        let first = self.points.len() as u32;
        let points = if is_free { &arc.points[1..] } else { &arc.points[..] };
        let last = first + points.len() as u32 - 1;
        self.points.extend(points);
        self.arc_of.extend(points.iter().map(|_| number));
        for vertex in first..=last {
            self.links.push(match is_free {
                true => [
                    if vertex == first { last } else { vertex - 1 },
                    if vertex == last { first } else { vertex + 1 },
                ],
                false => [vertex.saturating_sub(1).max(first), (vertex + 1).min(last)],
            });
        }
        self.sizes.push(points.len());
        self.firsts.push(first);
        if let [one, other] = points {
            self.straight.insert((*one.min(other), *one.max(other)));
        }
    }

    /// The vertex with twice the area of its triangle, when that is small and the vertex may move.
    fn candidate(&self, vertex: u32, limit: u128) -> Option<Candidate> {
        let [before, after] = self.links[vertex as usize];
        if !self.is_alive[vertex as usize] || before == vertex || after == vertex {
            return None;
        }
        let [a, b, c] = [before, vertex, after].map(|vertex| self.points[vertex as usize]);
        let area = turn(a, b, c).unsigned_abs();
        (area < limit).then_some(Reverse((area, b, vertex)))
    }

    /// Whether nothing else stands in the vertex's triangle, and a ring or an edge of its own is left.
    fn may_go(&self, vertex: u32) -> bool {
        let [before, after] = self.links[vertex as usize];
        let corners = [before, vertex, after].map(|vertex| self.points[vertex as usize]);
        let arc = self.arc_of[vertex as usize] as usize;
        let (first, last) = (corners[0].min(corners[2]), corners[0].max(corners[2]));
        // An arc that begins and ends in one junction has that point at both ends.
        let fewest = match (self.is_free[arc], self.is_open(arc)) {
            (true, _) => FEWEST_AROUND,
            (false, false) => FEWEST_AROUND + 1,
            (false, true) => 2,
        };
        if self.sizes[arc] <= fewest {
            return false;
        }
        let becomes_straight = self.sizes[arc] == 3 && !self.is_free[arc];
        if becomes_straight && self.straight.contains(&(first, last)) {
            return false;
        }
        !self.index.any(&Bounds::of(&corners), |other| {
            let point = self.points[other as usize];
            !corners.contains(&point) && is_in_triangle(point, corners)
        })
    }

    fn is_open(&self, arc: usize) -> bool {
        let first = self.firsts[arc] as usize;
        let end = self.firsts.get(arc + 1).map_or(self.points.len(), |next| *next as usize);
        self.points[first] != self.points[end - 1]
    }

    /// Takes the vertex out and returns its neighbours.
    fn remove(&mut self, vertex: u32) -> [u32; 2] {
        let [before, after] = self.links[vertex as usize];
        let arc = self.arc_of[vertex as usize] as usize;
        self.links[before as usize][1] = after;
        self.links[after as usize][0] = before;
        self.is_alive[vertex as usize] = false;
        self.index.remove(vertex);
        self.sizes[arc] -= 1;
        if self.sizes[arc] == 2 {
            let (one, other) = (self.points[before as usize], self.points[after as usize]);
            self.straight.insert((one.min(other), one.max(other)));
        }
        [before, after]
    }

    fn arcs(&self, before: &[Arc]) -> Vec<Arc> {
        let ends = self.firsts.iter().skip(1).map(|first| *first as usize);
        let ends = ends.chain([self.points.len()]);
        let ranges = self.firsts.iter().map(|first| *first as usize).zip(ends);
        let thinned = before.iter().zip(ranges).enumerate().map(|(number, (arc, (first, end)))| {
            let mut points: Vec<Point> = (first..end)
                .filter(|vertex| self.is_alive[*vertex])
                .map(|vertex| self.points[vertex])
                .collect();
            if self.is_free[number] {
                points.push(points[0]);
            }
            Arc { points, ..*arc }
        });
        thinned.collect()
    }
}

/// Points where an arc ends and another arc is.
fn junctions(arcs: &[Arc]) -> BTreeSet<Point> {
    let mut ends: Vec<Point> = Vec::with_capacity(2 * arcs.len());
    for arc in arcs {
        ends.extend(arc.points.first());
        ends.extend(arc.points.last());
    }
    ends.sort_unstable();
    // A closed arc alone is there twice.
    ends.chunk_by(|left, right| left == right)
        .filter(|group| group.len() > 2)
        .map(|group| group[0])
        .collect()
}

/// Whether a point lies in a triangle or on its edge.
fn is_in_triangle(point: Point, [a, b, c]: [Point; 3]) -> bool {
    let sides = [turn(a, b, point), turn(b, c, point), turn(c, a, point)];
    let is_on_one_side = sides.iter().all(|side| *side >= 0) || sides.iter().all(|side| *side <= 0);
    // In a flat triangle everything on the line is on one side.
    let bounds = Bounds::of(&[a, b, c]);
    is_on_one_side && bounds.meets(&Bounds { least: point, greatest: point })
}
