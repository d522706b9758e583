//! Edges that meet only at their ends, by snap rounding.
//!
//! Wherever two edges cross, and wherever an edge passes through the cell of somebody's
//! vertex, both get a vertex there. Crossings are worked out exactly and moved to the
//! nearest grid point, so the answer does not depend on the order of the edges. A clean
//! layer passes through unchanged after one look at it.

use std::collections::BTreeSet;

use super::boxes::{Bounds, Boxes};
use super::point::{Point, difference, turn};

/// What one region says of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// The lesser end.
    pub(super) low: Point,
    /// The greater end.
    pub(super) high: Point,
    /// Region, by its position.
    pub(super) region: u32,
    /// How much oftener the region lies left of the way from `low` to `high` than right of it.
    pub(super) left: i32,
}

impl Claim {
    /// The claim of a region left of the way from `from` to `to`.
    pub(super) fn new(from: Point, to: Point, region: u32) -> Claim {
        Claim {
            low: from.min(to),
            high: from.max(to),
            region,
            left: if from < to { 1 } else { -1 },
        }
    }
}

type Edge = (Point, Point);

/// Rounds after which edges that still do not settle are left as they are.
const ROUNDS: usize = 50;

/// Splits edges until they meet only at their ends; sorted, and no claim twice.
pub(super) fn node(mut claims: Vec<Claim>) -> Vec<Claim> {
    merge(&mut claims);
    let mut fresh: Option<BTreeSet<Edge>> = None;
    for _ in 0..ROUNDS {
        let edges = edges(&claims);
        let splits = splits(&edges, fresh.as_ref());
        if splits.is_empty() {
            break;
        }
        fresh = Some(apply(&mut claims, &edges, &splits));
        merge(&mut claims);
    }
    claims
}

/// Sorts, and adds up what each region says of each edge.
fn merge(claims: &mut Vec<Claim>) {
    claims.sort_unstable();
    let mut kept: Vec<Claim> = Vec::with_capacity(claims.len());
    for claim in claims.drain(..) {
        match kept.last_mut() {
            Some(last)
                if (last.low, last.high, last.region) == (claim.low, claim.high, claim.region) =>
            {
                last.left += claim.left;
            }
            _ => kept.push(claim),
        }
    }
    kept.retain(|claim| claim.left != 0);
    *claims = kept;
}

/// The edges that claims are about, in their order.
pub(super) fn edges(claims: &[Claim]) -> Vec<Edge> {
    let mut edges: Vec<Edge> = claims.iter().map(|claim| (claim.low, claim.high)).collect();
    edges.dedup();
    edges
}

/// The points at which edges must be split, by edge; only pairs with a fresh edge are looked at.
fn splits(edges: &[Edge], fresh: Option<&BTreeSet<Edge>>) -> BTreeSet<(usize, Point)> {
    let bounds: Vec<Bounds> = edges.iter().map(|(low, high)| Bounds::of(&[*low, *high])).collect();
    let boxes = Boxes::new(&bounds);
    let mut splits = BTreeSet::new();
    for (position, edge) in edges.iter().enumerate() {
        if fresh.is_some_and(|fresh| !fresh.contains(edge)) {
            continue;
        }
        boxes.each(&bounds[position].wider(), |other| {
            let other = other as usize;
            if other > position || (fresh.is_some() && other != position) {
                meet(edges, position, other, &mut splits);
            }
        });
    }
    splits
}

fn meet(edges: &[Edge], one: usize, other: usize, splits: &mut BTreeSet<(usize, Point)>) {
    let ((a, b), (c, d)) = (edges[one], edges[other]);
    for end in [c, d] {
        if end != a && end != b && passes(a, b, end) {
            splits.insert((one, end));
        }
    }
    for end in [a, b] {
        if end != c && end != d && passes(c, d, end) {
            splits.insert((other, end));
        }
    }
    if let Some(point) = crossing(a, b, c, d) {
        if point != a && point != b {
            splits.insert((one, point));
        }
        if point != c && point != d {
            splits.insert((other, point));
        }
    }
}

/// Where two edges cross inside both, moved to the nearest grid point.
fn crossing(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let (from, to) = (turn(c, d, a), turn(c, d, b));
    if from.signum() * to.signum() >= 0 || turn(a, b, c).signum() * turn(a, b, d).signum() >= 0 {
        return None;
    }
    let (part, whole) = if from > 0 { (from, from - to) } else { (-from, to - from) };
    let (x, y) = difference(a, b);
    let along = |start: i32, way: i64| {
        let moved = (2 * part * i128::from(way) + whole).div_euclid(2 * whole);
        i32::try_from(i128::from(start) + moved).unwrap_or(start)
    };
    Some(Point { x: along(a.x, x), y: along(a.y, y) })
}

/// Whether an edge passes through the cell around a point: left and lower side belong to it.
fn passes(a: Point, b: Point, cell: Point) -> bool {
    // In half cells, so that the cell's corners are whole numbers; `p` is the western end.
    let double = |point: Point| (2 * i64::from(point.x), 2 * i64::from(point.y));
    let (p, q) = (double(a.min(b)), double(a.max(b)));
    let (x, y) = double(cell);
    let is_apart = p.0 > x || q.0 < x - 1 || p.1.min(q.1) > y || p.1.max(q.1) < y - 1;
    if is_apart {
        return false;
    }
    if p.0 == q.0 || p.1 == q.1 {
        return true;
    }
    let side = |x: i64, y: i64| {
        let cross = i128::from(q.0 - p.0) * i128::from(y - p.1)
            - i128::from(q.1 - p.1) * i128::from(x - p.0);
        cross.signum()
    };
    let rises = p.1 < q.1;
    let upper_left = side(x - 1, y + 1);
    if upper_left == 0 {
        return !rises;
    }
    let upper_right = side(x + 1, y + 1);
    if upper_right == 0 {
        return rises;
    }
    if upper_left != upper_right {
        return true;
    }
    let lower_left = side(x - 1, y - 1);
    if lower_left != upper_left {
        return true;
    }
    let lower_right = side(x + 1, y - 1);
    if lower_right == 0 {
        return !rises;
    }
    lower_right != upper_left
}

/// Splits the edges and returns the pieces.
fn apply(
    claims: &mut Vec<Claim>,
    edges: &[Edge],
    splits: &BTreeSet<(usize, Point)>,
) -> BTreeSet<Edge> {
    let mut fresh = BTreeSet::new();
    let mut pieces = Vec::new();
    let mut edge = 0;
    claims.retain(|claim| {
        while edges[edge] != (claim.low, claim.high) {
            edge += 1;
        }
        let first = Point { x: i32::MIN, y: i32::MIN };
        let mut stops: Vec<Point> =
            splits.range((edge, first)..(edge + 1, first)).map(|(_, point)| *point).collect();
        if stops.is_empty() {
            return true;
        }
        let (x, y) = difference(claim.low, claim.high);
        stops.sort_by_key(|stop| {
            let (to_x, to_y) = difference(claim.low, *stop);
            (i128::from(x) * i128::from(to_x) + i128::from(y) * i128::from(to_y), *stop)
        });
        stops.push(claim.high);
        let mut from = claim.low;
        for to in stops {
            if from != to {
                let mut piece = Claim::new(from, to, claim.region);
                piece.left *= claim.left;
                fresh.insert((piece.low, piece.high));
                pieces.push(piece);
            }
            from = to;
        }
        false
    });
    claims.append(&mut pieces);
    fresh
}
