//! Borders as arcs: the longest stretches on which the same two regions are neighbours.

use super::faces::Side;
use super::point::Point;

/// A stretch of border; its neighbours do not change along it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arc {
    /// Points on the way; the first one again at the end, when it runs around.
    pub points: Vec<Point>,
    /// Region left of the way, by its position; `None` is outside all.
    pub left: Option<u32>,
    /// Region right of the way.
    pub right: Option<u32>,
}

impl Arc {
    /// Whether it begins where it ends.
    pub fn is_closed(&self) -> bool {
        self.points.first() == self.points.last()
    }

    /// The regions on its sides, those that are there.
    pub(super) fn regions(&self) -> impl Iterator<Item = u32> {
        self.left.into_iter().chain(self.right)
    }
}

/// Joins edges to arcs: they end where three or more edges meet.
pub(super) fn cut(sides: &[Side]) -> Vec<Arc> {
    let mut ends: Vec<(Point, u32)> = (0..)
        .zip(sides)
        .flat_map(|(position, side)| [(side.from, position), (side.to, position)])
        .collect();
    ends.sort_unstable();
    let cutter = Cutter { sides, ends };
    let mut is_used = vec![false; sides.len()];
    let mut arcs = Vec::new();
    for junction in cutter.ends.chunk_by(|left, right| left.0 == right.0) {
        if junction.len() != 2 {
            for (from, edge) in junction {
                arcs.extend(cutter.follow(*from, *edge, &mut is_used));
            }
        }
    }
    // What is left runs around without a junction.
    for (edge, side) in (0..).zip(sides) {
        arcs.extend(cutter.follow(side.from, edge, &mut is_used));
    }
    arcs
}

struct Cutter<'sides> {
    sides: &'sides [Side],
    /// Both ends of every edge, by point.
    ends: Vec<(Point, u32)>,
}

impl Cutter<'_> {
    /// The arc that leaves `from` along an edge; `None` when it was followed before.
    fn follow(&self, from: Point, edge: u32, is_used: &mut [bool]) -> Option<Arc> {
        if is_used[edge as usize] {
            return None;
        }
        let first = self.sides[edge as usize];
        let (left, right) = match first.from == from {
            true => (first.left, first.right),
            false => (first.right, first.left),
        };
        let mut points = vec![from];
        let (mut at, mut edge) = (from, edge);
        while !is_used[edge as usize] {
            is_used[edge as usize] = true;
            let side = self.sides[edge as usize];
            at = if side.from == at { side.to } else { side.from };
            points.push(at);
            match self.at(at) {
                [(_, one), (_, other)] => edge = if *one == edge { *other } else { *one },
                _ => break,
            }
        }
        Some(Arc { points, left, right })
    }

    fn at(&self, point: Point) -> &[(Point, u32)] {
        let start = self.ends.partition_point(|(end, _)| *end < point);
        let length = self.ends[start..].iter().take_while(|(end, _)| *end == point).count();
        &self.ends[start..start + length]
    }
}
