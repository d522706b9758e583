//! A topology as SVG path data: a map that is painted before any script has run.
//!
//! Units are tens of metres in the layer's own system, y turned to point south from 8,000 km
//! north: the plane that the page draws closer looks in (`web/src/map/topology.ts`), which a
//! test holds against this. A region never disappears: what is too small for the units
//! becomes a dot of one.

use std::fmt::Write;

use places::coverage::{Named, Point, Topology};

const METRES_PER_UNIT: f64 = 10.0;
/// North of the country, so that y is small and positive.
const NORTH_M: f64 = 8_000_000.0;

/// Regions as they are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The regions, in the topology's order.
    pub shapes: Vec<Shape>,
    /// Path data of the borders between groups, each once; the coast is not among them.
    pub borders: String,
    /// What holds all shapes.
    pub frame: Frame,
}

/// One region as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Code in its list.
    pub code: String,
    /// Name; may be empty.
    pub name: String,
    /// Path data: every part and hole; to be filled by the even-odd rule.
    pub path: String,
    /// A point on land, in the largest part: x, y.
    pub middle: [i64; 2],
    /// Side of a square as large as the region, holes taken out.
    pub side: f64,
    /// What holds the region.
    pub frame: Frame,
}

/// Edges of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Least x.
    pub left: i64,
    /// Least y.
    pub top: i64,
    /// Greatest x.
    pub right: i64,
    /// Greatest y.
    pub bottom: i64,
}

/// A ring in units, the first point again at the end.
struct Ring {
    points: Vec<[i64; 2]>,
    /// Below zero for a hole.
    area: f64,
}

/// Draws a topology in metres; `group` is a region's county. `None` of no regions.
///
/// A region without a shape is left out.
pub fn draw<'topology, G: PartialEq>(
    topology: &'topology Topology,
    group: impl Fn(&'topology str) -> G,
) -> Option<Drawing> {
    let mut shapes = Vec::new();
    for (named, parts) in topology.regions().iter().zip(topology.parts()) {
        let mut rings = Vec::new();
        for part in &parts {
            rings.push(Ring::new(topology, topology.ring(&part.outer), 1.0));
            let hole = |steps| Ring::new(topology, topology.ring(steps), -1.0);
            rings.extend(part.holes.iter().map(|steps| hole(steps)));
        }
        shapes.extend(shape(named, rings));
    }
    let frame = shapes.iter().map(|shape| shape.frame).reduce(Frame::around)?;
    let inner = topology.outlines(group).into_iter().filter(|outline| !outline.is_outer);
    let borders = inner.map(|outline| {
        let arc = &topology.arcs()[outline.arc].points;
        line(&in_units(topology, arc.iter().copied()))
    });
    Some(Drawing { borders: borders.collect(), shapes, frame })
}

fn shape(named: &Named, mut rings: Vec<Ring>) -> Option<Shape> {
    if rings.iter().any(|ring| ring.area != 0.0) {
        rings.retain(|ring| ring.area != 0.0);
    } else {
        rings.truncate(1);
        rings.iter_mut().for_each(Ring::become_dot);
    }
    let frame = rings.iter().map(Ring::frame).reduce(Frame::around)?;
    let larger = |best, ring: &Ring| if ring.area > best { ring.area } else { best };
    let most = rings.iter().fold(f64::NEG_INFINITY, larger);
    let largest = rings.iter().find(|ring| ring.area == most)?.frame();
    let area: f64 = rings.iter().map(|ring| ring.area).sum();
    let path = rings.iter().map(|ring| format!("{}z", line(&ring.points))).collect();
    Some(Shape {
        code: named.code.clone(),
        name: named.name.clone(),
        path,
        middle: middle(largest, &rings),
        side: area.max(1.0).sqrt(),
        frame,
    })
}

impl Ring {
    fn new(topology: &Topology, around: Vec<Point>, sign: f64) -> Ring {
        let first = around.first().copied();
        let points = in_units(topology, around.into_iter().chain(first));
        let twice: i64 =
            points.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
        Ring { points, area: sign * (twice.abs() as f64) / 2.0 }
    }

    /// Stands for a ring that rounding has closed up.
    fn become_dot(&mut self) {
        let Frame { left, top, .. } = self.frame();
        let corners = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
        self.points = corners.map(|[x, y]| [left + x, top + y]).to_vec();
        self.area = 1.0;
    }

    fn frame(&self) -> Frame {
        let of = |axis: usize| self.points.iter().map(move |point| point[axis]);
        let least = |axis| of(axis).min().unwrap_or(0);
        let most = |axis| of(axis).max().unwrap_or(0);
        Frame { left: least(0), top: least(1), right: most(0), bottom: most(1) }
    }
}

impl Frame {
    fn around(self, other: Frame) -> Frame {
        Frame {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

fn in_units(topology: &Topology, points: impl Iterator<Item = Point>) -> Vec<[i64; 2]> {
    let mut units: Vec<[i64; 2]> = points
        .map(|point| {
            let at = topology.grid().coordinate(point);
            let unit = |metres: f64| (metres / METRES_PER_UNIT).round() as i64;
            [unit(at.x), unit(NORTH_M - at.y)]
        })
        .collect();
    units.dedup();
    units
}

/// The first point, then the way to each next.
fn line(points: &[[i64; 2]]) -> String {
    let mut path = String::new();
    let Some([x, y]) = points.first() else { return path };
    // Writing to a string cannot fail.
    let _ = write!(path, "M{x} {y}l");
    for (at, pair) in points.windows(2).enumerate() {
        let gap = if at == 0 { "" } else { " " };
        let _ = write!(path, "{gap}{} {}", pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
    }
    path
}

/// The middle of the widest stretch of land at half the height of the largest part.
fn middle(largest: Frame, rings: &[Ring]) -> [i64; 2] {
    let below = (largest.top + largest.bottom).div_euclid(2);
    // Between two whole numbers no corner lies on the line, so crossings come in pairs.
    let y = below as f64 + 0.5;
    let mut crossings: Vec<f64> = rings
        .iter()
        .flat_map(|ring| ring.points.windows(2))
        .filter(|pair| (pair[0][1] <= below) != (pair[1][1] <= below))
        .map(|pair| {
            let [[x0, y0], [x1, y1]] = [pair[0], pair[1]].map(|point| point.map(|at| at as f64));
            x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        })
        .collect();
    crossings.sort_by(f64::total_cmp);
    let (mut from, mut to) = (largest.left as f64, largest.left as f64);
    for pair in crossings.chunks_exact(2) {
        if pair[1] - pair[0] > to - from {
            (from, to) = (pair[0], pair[1]);
        }
    }
    [(f64::midpoint(from, to) + 0.5).floor() as i64, below + 1]
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, LineString, MultiPolygon, Polygon};
    use places::Region;
    use places::coverage::Grid;

    use super::*;

    fn square(code: &str, left: f64, bottom: f64, side: f64) -> Region {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let ring = corners.map(|(x, y)| Coord { x: left + side * x, y: bottom + side * y });
        Region {
            code: code.to_owned(),
            name: format!("Region {code}"),
            shape: MultiPolygon(vec![Polygon::new(LineString(ring.to_vec()), vec![])]),
        }
    }

    fn drawn(regions: &[Region]) -> Drawing {
        let topology = Topology::of(regions, Grid::CENTIMETRES);
        draw(&topology, |code| code[..2].to_owned()).expect("there are regions")
    }

    #[test]
    fn two_squares_share_the_border_between_their_counties() {
        let regions =
            [square("0301", 0.0, 7_999_000.0, 1000.0), square("1101", 1000.0, 7_999_000.0, 1000.0)];
        let drawing = drawn(&regions);
        assert_eq!(drawing.frame, Frame { left: 0, top: 0, right: 200, bottom: 100 });
        assert_eq!(drawing.borders.matches('M').count(), 1, "{}", drawing.borders);
        assert!(drawing.borders.contains("100"), "{}", drawing.borders);
        let [first, second] = &drawing.shapes[..] else { panic!("two shapes") };
        assert_eq!((first.code.as_str(), first.middle, first.side), ("0301", [50, 51], 100.0));
        assert_eq!(second.frame, Frame { left: 100, top: 0, right: 200, bottom: 100 });
        assert!(first.path.starts_with('M') && first.path.ends_with('z'), "{}", first.path);
    }

    #[test]
    fn regions_of_one_county_have_no_border_to_show() {
        let regions =
            [square("0301", 0.0, 7_999_000.0, 1000.0), square("0302", 1000.0, 7_999_000.0, 1000.0)];
        assert_eq!(drawn(&regions).borders, "");
    }

    #[test]
    fn what_is_smaller_than_a_unit_becomes_a_dot() {
        let drawing = drawn(&[square("1151", 101.0, 7_999_000.0, 2.0)]);
        assert_eq!(drawing.shapes[0].path, "M10 100l1 0 0 1 -1 0 0 -1z");
        assert_eq!(drawing.shapes[0].side, 1.0);
    }

    #[test]
    fn nothing_is_not_drawn() {
        assert_eq!(draw(&Topology::of(&[], Grid::CENTIMETRES), |code| code), None);
    }
}
