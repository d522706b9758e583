//! Which region lies on each side of each edge.
//!
//! The edges cut the plane into faces. Walking from the outside inwards, each crossed edge
//! says which region begins or ends; a face belongs to the first region that is then begun
//! more often than ended. So a ring that crosses itself, or two regions that overlap, still
//! give every face one owner.

use super::boxes::{Bounds, Boxes};
use super::noding::{Claim, edges};
use super::point::{Point, by_angle, difference, turn};

/// An edge between two sides with different owners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) from: Point,
    pub(super) to: Point,
    pub(super) left: Option<u32>,
    pub(super) right: Option<u32>,
}

/// A walk along edges with one face on its left; `half` 2e runs up edge e, 2e + 1 down.
struct Walks {
    ends: Vec<(Point, Point)>,
    next: Vec<u32>,
    walk_of: Vec<u32>,
    /// First half of each walk.
    starts: Vec<u32>,
}

/// How often each region is begun and not ended, for the regions where that is not zero.
type Winding = Vec<(u32, i32)>;

/// Returns the edges whose sides differ, sorted, with their sides.
pub(super) fn sides(claims: &[Claim]) -> Vec<Side> {
    let walks = Walks::new(edges(claims));
    let firsts = first_claims(claims, walks.ends.len());
    let windings = windings(&walks, claims, &firsts);
    let owners: Vec<Option<u32>> = windings.iter().map(owner).collect();
    let owner_of = |half: usize| owners[walks.walk_of[half] as usize];
    let labelled = walks.ends.iter().enumerate().map(|(edge, (from, to))| Side {
        from: *from,
        to: *to,
        left: owner_of(2 * edge),
        right: owner_of(2 * edge + 1),
    });
    labelled.filter(|side| side.left != side.right).collect()
}

fn owner(winding: &Winding) -> Option<u32> {
    winding.iter().find(|(_, count)| *count > 0).map(|(region, _)| *region)
}

/// Where the claims on each edge begin, and where the last ones end.
fn first_claims(claims: &[Claim], edges: usize) -> Vec<usize> {
    let mut firsts = Vec::with_capacity(edges + 1);
    for (position, claim) in claims.iter().enumerate() {
        let is_same = |before: &Claim| (before.low, before.high) == (claim.low, claim.high);
        if position == 0 || !is_same(&claims[position - 1]) {
            firsts.push(position);
        }
    }
    firsts.push(claims.len());
    firsts
}

impl Walks {
    fn new(ends: Vec<(Point, Point)>) -> Walks {
        let halves = 2 * ends.len();
        let mut walks = Walks {
            next: vec![0; halves],
            walk_of: vec![u32::MAX; halves],
            starts: Vec::new(),
            ends,
        };
        walks.connect();
        for half in 0..halves {
            if walks.walk_of[half] == u32::MAX {
                let walk = u32::try_from(walks.starts.len()).expect("walks fit in 32 bits");
                walks.starts.push(half as u32);
                let mut at = half;
                while walks.walk_of[at] == u32::MAX {
                    walks.walk_of[at] = walk;
                    at = walks.next[at] as usize;
                }
            }
        }
        walks
    }

    fn origin(&self, half: u32) -> Point {
        let (low, high) = self.ends[half as usize / 2];
        if half.is_multiple_of(2) { low } else { high }
    }

    /// Finds the half that follows each: around its end, the first one clockwise.
    fn connect(&mut self) {
        let mut outgoing: Vec<(Point, u32)> =
            (0..self.next.len() as u32).map(|half| (self.origin(half), half)).collect();
        outgoing.sort_unstable();
        for group in outgoing.chunk_by_mut(|left, right| left.0 == right.0) {
            if group.len() > 2 {
                group.sort_by(|left, right| {
                    let way = |half: u32| difference(self.origin(half), self.origin(half ^ 1));
                    by_angle(way(left.1), way(right.1))
                });
            }
            for (position, (_, half)) in group.iter().enumerate() {
                let clockwise = (position + group.len() - 1) % group.len();
                self.next[(*half ^ 1) as usize] = group[clockwise].1;
            }
        }
    }

    fn halves(&self, walk: usize) -> impl Iterator<Item = u32> {
        let start = self.starts[walk];
        let following =
            move |half: &u32| Some(self.next[*half as usize]).filter(|next| *next != start);
        std::iter::successors(Some(start), following)
    }

    /// The walks around the outside of connected edges, with their westernmost points, in order.
    fn outsides(&self) -> Vec<(Point, usize)> {
        let mut outsides = Vec::new();
        for walk in 0..self.starts.len() {
            let base = self.origin(self.starts[walk]);
            let area: i128 = self
                .halves(walk)
                .map(|half| turn(base, self.origin(half), self.origin(half ^ 1)))
                .sum();
            if area <= 0 {
                let west = self.halves(walk).map(|half| self.origin(half)).min();
                outsides.extend(west.map(|west| (west, walk)));
            }
        }
        outsides.sort_unstable();
        outsides
    }
}

fn windings(walks: &Walks, claims: &[Claim], firsts: &[usize]) -> Vec<Winding> {
    let bounds: Vec<Bounds> =
        walks.ends.iter().map(|(low, high)| Bounds::of(&[*low, *high])).collect();
    let boxes = Boxes::new(&bounds);
    let mut found: Vec<Option<Winding>> = vec![None; walks.starts.len()];
    for (west, outside) in walks.outsides() {
        // Who surrounds these edges begins further west, and is known already.
        let around = half_to_the_west(walks, &boxes, west)
            .and_then(|half| found[walks.walk_of[half as usize] as usize].clone());
        found[outside] = Some(around.unwrap_or_default());
        let mut stack = vec![outside];
        while let Some(walk) = stack.pop() {
            let winding = found[walk].clone().unwrap_or_default();
            for half in walks.halves(walk) {
                let across = walks.walk_of[(half ^ 1) as usize] as usize;
                if found[across].is_none() {
                    let edge = half as usize / 2;
                    let sign = if half.is_multiple_of(2) { -1 } else { 1 };
                    let crossed = &claims[firsts[edge]..firsts[edge + 1]];
                    found[across] = Some(beyond(&winding, crossed, sign));
                    stack.push(across);
                }
            }
        }
    }
    found.into_iter().map(Option::unwrap_or_default).collect()
}

fn beyond(winding: &Winding, crossed: &[Claim], sign: i32) -> Winding {
    let mut beyond = winding.clone();
    for claim in crossed {
        match beyond.binary_search_by_key(&claim.region, |(region, _)| *region) {
            Ok(place) => beyond[place].1 += sign * claim.left,
            Err(place) => beyond.insert(place, (claim.region, sign * claim.left)),
        }
    }
    beyond.retain(|(_, count)| *count != 0);
    beyond
}

/// The nearest half due west of a point with the point on its left; just above, where edges meet.
fn half_to_the_west(walks: &Walks, boxes: &Boxes, point: Point) -> Option<u32> {
    let ray = Bounds { least: Point { x: i32::MIN, y: point.y }, greatest: point };
    let mut nearest: Option<(Point, Point, u32)> = None;
    boxes.each(&ray, |edge| {
        let (low, high) = walks.ends[edge as usize];
        // Down has its left in the east.
        let (bottom, top, down) =
            if low.y < high.y { (low, high, 2 * edge + 1) } else { (high, low, 2 * edge) };
        let spans = bottom.y <= point.y && point.y < top.y;
        if !spans || turn(bottom, top, point) >= 0 {
            return;
        }
        let is_nearer = nearest.is_none_or(|(other_bottom, other_top, _)| {
            is_further_east((bottom, top), (other_bottom, other_top), point.y)
        });
        if is_nearer {
            nearest = Some((bottom, top, down));
        }
    });
    nearest.map(|(_, _, half)| half)
}

/// Whether one rising edge lies east of another at a height, or just above it; they do not cross.
fn is_further_east(one: (Point, Point), other: (Point, Point), y: i32) -> bool {
    let at = |(bottom, top): (Point, Point)| {
        let (run, rise) = difference(bottom, top);
        let up = i128::from(y) - i128::from(bottom.y);
        (i128::from(bottom.x) * i128::from(rise) + up * i128::from(run), i128::from(rise), run)
    };
    let ((x, rise, run), (other_x, other_rise, other_run)) = (at(one), at(other));
    let here = (x * other_rise).cmp(&(other_x * rise));
    let above = (i128::from(run) * other_rise).cmp(&(i128::from(other_run) * rise));
    here.then(above).is_gt()
}
