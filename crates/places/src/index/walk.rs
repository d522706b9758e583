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

/// Crossings beyond this are rare, and kept on the heap.
const FEW: usize = 16;

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

/// Edges that a walk crossed.
pub(super) struct Crossed {
    few: [u32; FEW],
    count: usize,
    more: Vec<u32>,
}

impl Crossed {
    #[inline]
    fn push(&mut self, edge: u32) {
        match self.few.get_mut(self.count) {
            Some(slot) => {
                *slot = edge;
                self.count += 1;
            }
            None => self.more.push(edge),
        }
    }
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

    #[inline]
    pub(super) fn walk(&self, borders: &Borders, point: Coord<f64>) -> Crossed {
        let mut crossed = Crossed { few: [0; FEW], count: 0, more: Vec::new() };
        for &tagged in self.edges {
            let edge = tagged & EDGE;
            let [start, end] = borders.edge(edge);
            let is_crossed = match tagged & !EDGE {
                RIGHT => crosses_west(start, end, point),
                LEFT => crosses_east(start, end, point),
                passing => {
                    let turn = is_left(start, end, Coord { x: self.x, y: point.y });
                    let goes_east = (start.y > point.y) != (end.y > point.y)
                        && turn != is_left(start, end, point);
                    goes_east != (turn != (passing == PASSING_LEFT))
                }
            };
            if is_crossed {
                crossed.push(edge);
            }
        }
        crossed
    }
}

impl Crossed {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first part in order at the end of a walk that began in `part` alone.
    #[inline]
    pub(super) fn first_from(&self, borders: &Borders, part: u32) -> u32 {
        match self.few[..self.count] {
            [] => part,
            [edge] => match borders.sides(edge) {
                [left, right] if part == left => right,
                [left, right] if part == right => left,
                _ => self.from(borders, &[part]).first(),
            },
            _ => self.from(borders, &[part]).first(),
        }
    }

    /// The parts at the end of a walk that began in `parts`.
    pub(super) fn from(&self, borders: &Borders, parts: &[u32]) -> Parts {
        let crossed = self.few[..self.count].iter().chain(&self.more);
        let mut all: Vec<u32> = parts.to_vec();
        all.extend(crossed.flat_map(|&edge| borders.sides(edge)));
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
