//! Which region holds a point, by whole numbers and every edge: slow, and easy to trust.
//!
//! Coordinates are multiples of a half below 256. The point asked for is moved by
//! (2⁻²⁰, 2⁻⁴⁰): far less than the distance of any such point to any such line that it
//! does not lie on, so what is exact in whole numbers is the rule of the crate.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use places::Region;
use proptest::prelude::*;

const ONE: f64 = (1_u64 << 40) as f64;

/// The place of the region that holds the point, by the rule of the crate.
pub fn locate(regions: &[Region], point: Coord<f64>) -> Option<usize> {
    holders(regions, point).first().copied().or_else(|| {
        let holds = |ring: &LineString<f64>| {
            let mut lines = ring.lines().filter(|line| line.start != line.end);
            lines.any(|line| is_on(whole(line.start), whole(line.end), whole(point)))
        };
        regions.iter().position(|region| region.shape.iter().flat_map(rings).any(holds))
    })
}

/// All regions that hold the point moved just east.
pub fn holders(regions: &[Region], point: Coord<f64>) -> Vec<usize> {
    let (x, y) = whole(point);
    let moved = (x + (1 << 20), y + 1);
    let is_inside = |polygon: &Polygon<f64>| {
        let crossed = rings(polygon).flat_map(|ring| ring.lines()).filter(|line| {
            let (start, end) = (whole(line.start), whole(line.end));
            let (low, high) = if start.1 < end.1 { (start, end) } else { (end, start) };
            low.1 < moved.1 && moved.1 < high.1 && turn(low, high, moved) < 0
        });
        crossed.count() % 2 == 1
    };
    let holds = |&place: &usize| regions[place].shape.iter().any(is_inside);
    (0..regions.len()).filter(holds).collect()
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

fn whole(point: Coord<f64>) -> (i128, i128) {
    ((point.x * ONE) as i128, (point.y * ONE) as i128)
}

fn turn(start: (i128, i128), end: (i128, i128), point: (i128, i128)) -> i128 {
    (end.0 - start.0) * (point.1 - start.1) - (end.1 - start.1) * (point.0 - start.0)
}

fn is_on(start: (i128, i128), end: (i128, i128), point: (i128, i128)) -> bool {
    turn(start, end, point) == 0
        && (start.0.min(end.0)..=start.0.max(end.0)).contains(&point.0)
        && (start.1.min(end.1)..=start.1.max(end.1)).contains(&point.1)
}

/// A region of some polygons, each a list of rings: the outline and holes.
pub fn region(code: &str, polygons: &[&[&[(f64, f64)]]]) -> Region {
    let ring = |places: &&[(f64, f64)]| LineString::from(places.to_vec());
    let polygon = |rings: &&[&[(f64, f64)]]| {
        let mut rings: Vec<LineString<f64>> = rings.iter().map(ring).collect();
        Polygon::new(rings.remove(0), rings)
    };
    let shape = MultiPolygon::new(polygons.iter().map(polygon).collect());
    Region { code: code.to_owned(), name: String::new(), shape }
}

/// A sheet of four-sided cells with moved corners, each in one of a few regions.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub side: usize,
    corners: Vec<Coord<f64>>,
    owners: Vec<usize>,
}

/// Cells of eight units, whose corners moved by at most three, so that none folds over.
pub fn sheet() -> impl Strategy<Value = Sheet> {
    (2_usize..6).prop_flat_map(|side| {
        let moves = prop::collection::vec((-3_i32..=3, -3_i32..=3), (side + 1) * (side + 1));
        let owners = prop::collection::vec(0_usize..5, side * side);
        (moves, owners).prop_map(move |(moves, owners)| Sheet {
            side,
            corners: moves
                .iter()
                .enumerate()
                .map(|(at, &(x, y))| {
                    let (column, row) = (at % (side + 1), at / (side + 1));
                    let x = if column == 0 || column == side { 0 } else { x };
                    let y = if row == 0 || row == side { 0 } else { y };
                    Coord { x: f64::from(8 * column as i32 + x), y: f64::from(8 * row as i32 + y) }
                })
                .collect(),
            owners,
        })
    })
}

impl Sheet {
    fn cell(&self, column: usize, row: usize) -> [Coord<f64>; 4] {
        let at = row * (self.side + 1) + column;
        [at, at + 1, at + self.side + 2, at + self.side + 1].map(|corner| self.corners[corner])
    }

    fn cells(&self) -> impl Iterator<Item = (usize, [Coord<f64>; 4])> {
        (0..self.side * self.side)
            .map(|at| (self.owners[at], self.cell(at % self.side, at / self.side)))
    }

    /// Each region as a multipolygon of its cells.
    pub fn in_cells(&self) -> Vec<Region> {
        (0..5)
            .map(|owner| {
                let own = self.cells().filter(|(of, _)| *of == owner);
                let polygons = own.map(|(_, cell)| Polygon::new(cell.to_vec().into(), Vec::new()));
                Region {
                    code: owner.to_string(),
                    name: String::new(),
                    shape: MultiPolygon::new(polygons.collect()),
                }
            })
            .collect()
    }

    /// Each region as its outline, holes and islands: the edges that only one of its cells has.
    pub fn in_outlines(&self) -> Vec<Region> {
        let outline = |owner: usize| {
            let mut edges: Vec<[Coord<f64>; 2]> = Vec::new();
            for (_, cell) in self.cells().filter(|(of, _)| *of == owner) {
                for at in 0..4 {
                    let (start, end) = (cell[at], cell[(at + 1) % 4]);
                    match edges.iter().position(|edge| *edge == [end, start]) {
                        Some(shared) => drop(edges.swap_remove(shared)),
                        None => edges.push([start, end]),
                    }
                }
            }
            let mut rings: Vec<LineString<f64>> = Vec::new();
            while let Some([start, mut end]) = edges.pop() {
                let mut ring = vec![start, end];
                while end != start {
                    let next = edges.iter().position(|edge| edge[0] == end);
                    let next = next.expect("outlines are closed");
                    end = edges.swap_remove(next)[1];
                    ring.push(end);
                }
                rings.push(ring.into());
            }
            rings
        };
        (0..5)
            .map(|owner| {
                let mut rings = outline(owner);
                let first = rings.pop();
                let polygon = first.map(|first| Polygon::new(first, rings));
                Region {
                    code: owner.to_string(),
                    name: String::new(),
                    shape: MultiPolygon::new(polygon.into_iter().collect()),
                }
            })
            .collect()
    }

    /// All corners, all middles of edges, and every half unit of the sheet.
    pub fn points(&self) -> Vec<Coord<f64>> {
        let middles = self
            .cells()
            .flat_map(|(_, cell)| (0..4).map(move |at| (cell[at] + cell[(at + 1) % 4]) / 2.0));
        let all = 0..=(16 * self.side + 2);
        let halves = all.clone().flat_map(|x| all.clone().map(move |y| (x, y)));
        let halves =
            halves.map(|(x, y)| Coord { x: x as f64 / 2.0 - 0.5, y: y as f64 / 2.0 - 0.5 });
        self.corners.iter().copied().chain(middles).chain(halves).collect()
    }

    /// Whether the point lies in the sheet, its lower and left side included and the others not.
    pub fn covers(&self, point: Coord<f64>) -> bool {
        let within = 0.0..(8 * self.side) as f64;
        within.contains(&point.x) && within.contains(&point.y)
    }
}
