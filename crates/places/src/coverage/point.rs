//! Points on a grid of whole numbers, and the exact questions asked of them.

use std::cmp::Ordering;

use geo_types::Coord;

/// A point as whole numbers of cells of a [`Grid`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// Cells east.
    pub x: i32,
    /// Cells north.
    pub y: i32,
}

/// How large the cells of a grid are: a whole multiple or a whole fraction of the layer's unit.
///
/// 32 bits hold a grid of 0.01 m over 21,000 km each way, or 1e-7 degrees over the globe;
/// what lies beyond is moved to the edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    multiple: f64,
    fraction: f64,
}

impl Grid {
    /// A centimetre, for layers in metres.
    pub const CENTIMETRES: Grid = Grid { multiple: 1.0, fraction: 100.0 };

    /// A ten-millionth of a degree, about a centimetre, for layers in degrees.
    pub const DEGREES: Grid = Grid { multiple: 1.0, fraction: 1e7 };

    /// Cells of so many whole units; at least one.
    pub fn of_units(units: u32) -> Grid {
        Grid { multiple: f64::from(units.max(1)), fraction: 1.0 }
    }

    /// Cells of which so many make up a length.
    pub fn of_parts(length: f64, parts: f64) -> Grid {
        Grid { multiple: length, fraction: parts }
    }

    /// Side of a cell in the layer's unit.
    pub fn cell(self) -> f64 {
        self.multiple / self.fraction
    }

    /// Cells of half the side.
    pub(super) fn halved(self) -> Grid {
        Grid { fraction: self.fraction * 2.0, ..self }
    }

    /// The grid point nearest to a coordinate.
    pub fn point(self, coordinate: Coord<f64>) -> Point {
        // `as` keeps what is out of range at the edge.
        let cells = |value: f64| (value * self.fraction / self.multiple).round() as i32;
        Point { x: cells(coordinate.x), y: cells(coordinate.y) }
    }

    /// The coordinate of a grid point.
    pub fn coordinate(self, point: Point) -> Coord<f64> {
        let units = |cells: i32| f64::from(cells) * self.multiple / self.fraction;
        Coord { x: units(point.x), y: units(point.y) }
    }
}

/// Twice the signed area of a triangle: positive when `c` lies left of the way from `a` to `b`.
pub(super) fn turn(a: Point, b: Point, c: Point) -> i128 {
    let (bx, by) = difference(a, b);
    let (cx, cy) = difference(a, c);
    i128::from(bx) * i128::from(cy) - i128::from(by) * i128::from(cx)
}

/// The way from `a` to `b`.
pub(super) fn difference(a: Point, b: Point) -> (i64, i64) {
    (i64::from(b.x) - i64::from(a.x), i64::from(b.y) - i64::from(a.y))
}

/// Orders directions by their angle, anticlockwise from due east.
pub(super) fn by_angle(left: (i64, i64), right: (i64, i64)) -> Ordering {
    let lower = |(x, y): (i64, i64)| y < 0 || (y == 0 && x < 0);
    let cross = i128::from(left.0) * i128::from(right.1) - i128::from(left.1) * i128::from(right.0);
    lower(left).cmp(&lower(right)).then(0.cmp(&cross))
}

/// Twice the signed area of a ring, given once around; positive when it runs anticlockwise.
pub(super) fn ring_area(points: &[Point]) -> i128 {
    let Some(first) = points.first() else { return 0 };
    points.windows(2).map(|pair| turn(*first, pair[0], pair[1])).sum()
}

/// Where a point lies of a ring: inside, on it (`Equal`), or outside (`Less`).
pub(super) fn place_in_ring(point: Point, ring: &[Point]) -> Ordering {
    let mut is_inside = false;
    let ends = ring.iter().zip(ring.iter().skip(1).chain(ring.first()));
    for (&a, &b) in ends {
        let side = turn(a, b, point);
        let is_within =
            |from: i32, to: i32, value: i32| from.min(to) <= value && value <= from.max(to);
        if side == 0 && is_within(a.x, b.x, point.x) && is_within(a.y, b.y, point.y) {
            return Ordering::Equal;
        }
        let rises = a.y <= point.y && point.y < b.y;
        let falls = b.y <= point.y && point.y < a.y;
        if (rises && side > 0) || (falls && side < 0) {
            is_inside = !is_inside;
        }
    }
    if is_inside { Ordering::Greater } else { Ordering::Less }
}
