//! Regions that tile: their borders as shared arcs, simplified once for both sides.
//!
//! [`Topology::of`] moves all points to a [`Grid`], splits borders wherever they meet or cross,
//! and gives every face one owner: the first region in order where several claim it. So any
//! layer becomes a tiling without overlaps, even one whose rings cross themselves. What is
//! left are [`Arc`]s between two neighbours, each of which stands once.
//!
//! [`Topology::simplify`] takes points out of arcs, and islands below the tolerance away. It
//! keeps where arcs meet, moves nothing to the other side of a border, and keeps the largest
//! part of every region: as many regions come out as went in. Everything is whole numbers
//! and exact; the same regions give the same answer whatever ring begins where.

mod arcs;
mod boxes;
mod faces;
mod noding;
mod point;
mod rings;
mod simplify;
mod snap;
#[cfg(test)]
mod tests;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

pub use arcs::Arc;
pub use point::{Grid, Point};
pub use rings::{Part, Step};

use crate::Region;
use boxes::{Bounds, Boxes};
use noding::Claim;
use point::{place_in_ring, ring_area};

/// How often a grid is made finer so that no region vanishes: a metre becomes a micrometre.
const HALVINGS: u32 = 20;

/// How much may be left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// A point goes when its triangle with its neighbours is smaller, in square units.
    pub triangle_area: f64,
    /// An island, hole or exclave goes when it is smaller, in square units.
    pub island_area: f64,
}

impl Tolerance {
    /// What cannot be seen where `length`, in the layer's unit, is about a pixel.
    pub fn length(length: f64) -> Tolerance {
        Tolerance { triangle_area: length * length / 2.0, island_area: 4.0 * length * length }
    }
}

/// The borders of a layer of regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Topology {
    grid: Grid,
    regions: Vec<Named>,
    arcs: Vec<Arc>,
}

/// Code and name of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Code in its list.
    pub code: String,
    /// Name; may be empty.
    pub name: String,
}

/// A border between groups of regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Arc, by its position.
    pub arc: usize,
    /// Whether nobody is on its other side: a coast, or the edge of the layer.
    pub is_outer: bool,
}

impl Topology {
    /// Cuts regions into shared arcs on a grid.
    ///
    /// Points at most one cell apart become one, so that borders which two files drew a
    /// little differently are the same again.
    pub fn of(regions: &[Region], grid: Grid) -> Topology {
        let claims = snap::claims(regions, grid);
        let named =
            |region: &Region| Named { code: region.code.clone(), name: region.name.clone() };
        Topology::from_claims(claims, regions.iter().map(named).collect(), grid)
    }

    fn from_claims(claims: Vec<Claim>, regions: Vec<Named>, grid: Grid) -> Topology {
        let claims = noding::node(claims);
        let sides = faces::sides(&claims);
        Topology { grid, regions, arcs: arcs::cut(&sides) }
    }

    /// The grid that its points are on.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// The regions, in the order in which they came.
    pub fn regions(&self) -> &[Named] {
        &self.regions
    }

    /// The arcs.
    pub fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// The coordinates of an arc.
    pub fn line(&self, arc: usize) -> Vec<Coord<f64>> {
        self.arcs[arc].points.iter().map(|point| self.grid.coordinate(*point)).collect()
    }

    /// The parts of each region, the largest first; none for a region without a shape.
    pub fn parts(&self) -> Vec<Vec<Part>> {
        rings::parts(&self.arcs, self.regions.len())
    }

    /// How many regions have no shape: they came without, or others cover them.
    pub fn shapeless(&self) -> usize {
        let mut is_there = vec![false; self.regions.len()];
        for region in self.arcs.iter().flat_map(Arc::regions) {
            is_there[region as usize] = true;
        }
        is_there.iter().filter(|is_there| !**is_there).count()
    }

    /// Leaves out what is below the tolerance, on both sides of every border at once.
    #[must_use]
    pub fn simplify(&self, tolerance: Tolerance) -> Topology {
        let cell = self.grid.cell();
        let doubled = |area: f64| (2.0 * area / (cell * cell)).max(0.0);
        let arcs =
            without_islands(&self.arcs, self.regions.len(), doubled(tolerance.island_area) as i128);
        let arcs = simplify::thin(&arcs, doubled(tolerance.triangle_area) as u128);
        Topology { arcs, ..self.clone() }
    }

    /// Moves all points to a coarser grid and stays a tiling.
    ///
    /// What is narrower than a cell closes. A grid on which a region would vanish is
    /// halved until none does.
    #[must_use]
    pub fn on_grid(&self, grid: Grid) -> Topology {
        if grid.cell() <= self.grid.cell() {
            return self.clone();
        }
        self.transformed(grid, |_| {})
    }

    /// Moves every arc to where `way` takes it, on another grid, and stays a tiling.
    ///
    /// `way` gets the coordinates of each arc once, and must take the same coordinate to
    /// the same place; it may put further ones between. The grid is halved until no region
    /// vanishes, at most twenty times.
    #[must_use]
    pub fn transformed(&self, grid: Grid, way: impl Fn(&mut Vec<Coord<f64>>)) -> Topology {
        let lines: Vec<Vec<Coord<f64>>> = (0..self.arcs.len())
            .map(|arc| {
                let mut line = self.line(arc);
                way(&mut line);
                line
            })
            .collect();
        let shapeless = self.shapeless();
        let mut grid = grid;
        let mut halvings = 0;
        loop {
            let claims = self.claims(&lines, grid);
            let moved = Topology::from_claims(claims, self.regions.clone(), grid);
            if moved.shapeless() <= shapeless || halvings == HALVINGS {
                return moved;
            }
            grid = grid.halved();
            halvings += 1;
        }
    }

    /// What the regions say of the edges of arcs that were moved to these lines.
    fn claims(&self, lines: &[Vec<Coord<f64>>], grid: Grid) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (arc, line) in self.arcs.iter().zip(lines) {
            let moved: Vec<Point> = line.iter().map(|coordinate| grid.point(*coordinate)).collect();
            for pair in moved.windows(2).filter(|pair| pair[0] != pair[1]) {
                claims.extend(arc.left.map(|region| Claim::new(pair[0], pair[1], region)));
                claims.extend(arc.right.map(|region| Claim::new(pair[1], pair[0], region)));
            }
        }
        claims
    }

    /// The points of a ring of arcs on the grid, the first not repeated.
    pub fn ring(&self, steps: &[Step]) -> Vec<Point> {
        rings::ring_points(&self.arcs, steps)
    }

    /// The regions as shapes again: outer rings anticlockwise, the largest part first.
    pub fn to_regions(&self) -> Vec<Region> {
        let ring = |steps: &Vec<Step>| {
            let mut points = rings::ring_points(&self.arcs, steps);
            points.extend(points.first().copied());
            LineString(points.into_iter().map(|point| self.grid.coordinate(point)).collect())
        };
        let polygon =
            |part: &Part| Polygon::new(ring(&part.outer), part.holes.iter().map(ring).collect());
        let parts = self.parts();
        let shapes = self.regions.iter().zip(parts).map(|(named, parts)| Region {
            code: named.code.clone(),
            name: named.name.clone(),
            shape: MultiPolygon(parts.iter().map(polygon).collect()),
        });
        shapes.collect()
    }

    /// The regions of a group made one: the borders between them go.
    ///
    /// `group` says code and name of the group that a region is in; groups come in the
    /// order of their first regions.
    #[must_use]
    pub fn dissolve(&self, group: impl Fn(&Named) -> Named) -> Topology {
        let mut groups: Vec<Named> = Vec::new();
        let mut group_of = Vec::with_capacity(self.regions.len());
        for region in &self.regions {
            let named = group(region);
            let known = groups.iter().position(|other| other.code == named.code);
            group_of.push(known.unwrap_or_else(|| {
                groups.push(named);
                groups.len() - 1
            }) as u32);
        }
        let owner = |region: Option<u32>| region.map(|region| group_of[region as usize]);
        let mut sides = Vec::new();
        for arc in &self.arcs {
            let (left, right) = (owner(arc.left), owner(arc.right));
            if left != right {
                let side = |pair: &[Point]| faces::Side { from: pair[0], to: pair[1], left, right };
                sides.extend(arc.points.windows(2).map(side));
            }
        }
        Topology { grid: self.grid, regions: groups, arcs: arcs::cut(&sides) }
    }

    /// The borders between groups of regions, the outer ones marked.
    pub fn outlines<'own, G: PartialEq>(
        &'own self,
        group: impl Fn(&'own str) -> G,
    ) -> Vec<Outline> {
        let of =
            |region: Option<u32>| region.map(|region| group(&self.regions[region as usize].code));
        let outlines = self.arcs.iter().enumerate().filter_map(|(position, arc)| {
            let (left, right) = (of(arc.left), of(arc.right));
            let is_outer = left.is_none() || right.is_none();
            (left != right).then_some(Outline { arc: position, is_outer })
        });
        outlines.collect()
    }
}

/// The arcs without those that run around less than `limit`, twice the area in square cells.
///
/// The largest part of a region stays, and so does what has something else inside.
fn without_islands(arcs: &[Arc], regions: usize, limit: i128) -> Vec<Arc> {
    let largest = rings::largest_areas(arcs, regions);
    let bounds: Vec<Bounds> = arcs.iter().map(|arc| Bounds::of(&arc.points)).collect();
    let mut boxes = Boxes::new(&bounds);
    let mut candidates: Vec<(i128, usize)> = Vec::new();
    for (position, arc) in arcs.iter().enumerate().filter(|(_, arc)| arc.is_closed()) {
        let area = ring_area(&arc.points);
        let inner = if area > 0 { arc.left } else { arc.right };
        let is_largest = inner.is_some_and(|region| largest[region as usize] == area.abs());
        if area.abs() < limit && !is_largest {
            candidates.push((area.abs(), position));
        }
    }
    // The smallest first, so that what is inside another goes before it.
    candidates.sort_unstable();
    let mut is_kept = vec![true; arcs.len()];
    for (_, position) in candidates {
        let ring = &arcs[position].points[1..];
        let is_around_others = boxes.any(&bounds[position], |other| {
            let others = &arcs[other as usize].points;
            let place = |point: &Point| place_in_ring(*point, ring);
            // Touching from the outside is fine; something strictly inside is not.
            other as usize != position && others.iter().any(|point| place(point).is_gt())
        });
        if !is_around_others {
            is_kept[position] = false;
            boxes.remove(position as u32);
        }
    }
    let kept = arcs.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept);
    kept.map(|(arc, _)| arc.clone()).collect()
}
