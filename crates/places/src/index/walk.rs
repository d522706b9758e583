//! From the corner of a leaf, whose regions are known, to a point in it.
//!
//! The walk goes up the left side and then east. Every edge that it crosses takes the
//! walker out of the part on one side and into the part on the other.

use geo_types::Coord;

use super::borders::{Borders, NONE};
use crate::exact::{crosses_east, crosses_west, is_left};

/// An edge in a leaf: its number, and how it lies to the leaf's left side in the two top bits.
pub(super) const EDGE: u32 = (1 << 30) - 1;
/// Lies wholly right of the left side: only the way east can cross it.
pub(super) const RIGHT: u32 = 0;
/// Lies left of the left side, or on it: in the leaf only for the sake of rounding.
pub(super) const LEFT: u32 = 1 << 30;
/// Passes the left side, with the corner to its right.
pub(super) const PASSING: u32 = 2 << 30;
/// Passes the left side, with the corner to its left.
pub(super) const PASSING_LEFT: u32 = 3 << 30;

/// The parts that hold some point: most often one or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parts {
    /// One part, or [`NONE`].
    One(u32),
    /// Two or more, in order.
    Many(Vec<u32>),
}

impl Parts {
    /// The first in order; [`NONE`] when there is none.
    pub(super) fn first(&self) -> u32 {
        match self {
            Parts::One(part) => *part,
            Parts::Many(parts) => parts[0],
        }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Parts::One(NONE) => &[],
            Parts::One(part) => std::slice::from_ref(part),
            Parts::Many(parts) => parts,
        }
    }
}

/// The edges of one leaf and the x of its left side.
pub(super) struct Leaf<'a> {
    pub(super) edges: &'a [u32],
    pub(super) x: f64,
}

impl Leaf<'_> {
    /// How `edge` lies to the left side of a leaf with this corner.
    pub(super) fn kind(edge: [Coord<f64>; 2], corner: Coord<f64>) -> u32 {
        match (edge[0].x > corner.x, edge[1].x > corner.x) {
            (true, true) => RIGHT,
            (false, false) => LEFT,
            _ if is_left(edge[0], edge[1], corner) => PASSING_LEFT,
            _ => PASSING,
        }
    }

    /// Whether the walk to `point` crosses an edge of this leaf, given with its kind.
    #[inline]
    fn is_crossed(&self, [start, end]: [Coord<f64>; 2], kind: u32, point: Coord<f64>) -> bool {
        match kind {
            RIGHT => crosses_west(start, end, point),
            LEFT => crosses_east(start, end, point),
            _ => {
                let turn = is_left(start, end, Coord { x: self.x, y: point.y });
                let goes_east =
                    (start.y > point.y) != (end.y > point.y) && turn != is_left(start, end, point);
                goes_east != (turn != (kind == PASSING_LEFT))
            }
        }
    }

    fn crossed(&self, borders: &Borders, point: Coord<f64>) -> impl Iterator<Item = u32> {
        let is_crossed = move |&&tagged: &&u32| {
            self.is_crossed(borders.edge(tagged & EDGE), tagged & !EDGE, point)
        };
        self.edges.iter().filter(is_crossed).map(|tagged| tagged & EDGE)
    }

    /// The part at `point` when no two overlap on the way; `part` alone is at the corner.
    #[inline]
    pub(super) fn only_from(&self, borders: &Borders, part: u32, point: Coord<f64>) -> Option<u32> {
        let mut here = part;
        for edge in self.crossed(borders, point) {
            // In a tiling each edge leads on from where one is, unless two are met out of order.
            match borders.sides(edge) {
                [left, right] if left == here => here = right,
                [left, right] if right == here => here = left,
                _ => return None,
            }
        }
        Some(here)
    }

    /// The first part in order at `point`; `part` alone is at the corner.
    #[inline]
    pub(super) fn first_from(&self, borders: &Borders, part: u32, point: Coord<f64>) -> u32 {
        let only = self.only_from(borders, part, point);
        only.unwrap_or_else(|| self.parts_from(borders, &[part], point).first())
    }

    /// The parts at `point`, with these at the corner.
    #[cold]
    pub(super) fn parts_from(&self, borders: &Borders, parts: &[u32], point: Coord<f64>) -> Parts {
        let mut all: Vec<u32> = parts.to_vec();
        all.extend(self.crossed(borders, point).flat_map(|edge| borders.sides(edge)));
        all.sort_unstable();
        // Toggled twice is not toggled.
        let mut left: Vec<u32> = Vec::new();
        for part in all.into_iter().filter(|&part| part != NONE) {
            if left.last() == Some(&part) {
                left.pop();
            } else {
                left.push(part);
            }
        }
        match left.as_slice() {
            [] => Parts::One(NONE),
            [part] => Parts::One(*part),
            _ => Parts::Many(left),
        }
    }
}
