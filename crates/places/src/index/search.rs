//! Nearest and box: down the squares of the curve, leaving out those without edges.

use std::collections::BTreeSet;

use geo_types::{Coord, Rect};

use super::RegionIndex;
use super::borders::NONE;
use super::grid::{Grid, PAD};
use super::leaves::{Cell, Leaves};
use super::walk::EDGE;
use crate::exact::turn;

impl RegionIndex {
    /// All regions that hold `point`, in order; the first is what [`locate`](Self::locate) answers.
    ///
    /// More than one where regions overlap. On an outer border it is the one owner.
    pub fn locate_all(&self, point: Coord<f64>) -> Vec<usize> {
        let mut regions: Vec<usize> =
            self.regions_at(point, |held| held.iter().map(|&region| region as usize).collect());
        if regions.is_empty() {
            regions.extend(self.locate(point));
        }
        regions
    }

    /// The nearest region to `point`, and how far its border is: 0 inside.
    ///
    /// The distance is in units of the coordinates. Of regions equally near the first in
    /// order is given. `None` when there is no region with an edge, or no such point.
    pub fn nearest(&self, point: Coord<f64>) -> Option<(usize, f64)> {
        if let Some(region) = self.locate(point) {
            return Some((region, 0.0));
        }
        let (grid, leaves) = self.tree.as_ref()?;
        if !(point.x.is_finite() && point.y.is_finite()) {
            return None;
        }
        let mut nearest = Nearest { square: f64::INFINITY, part: NONE };
        self.search_near((grid, leaves), Cell::ROOT, point, &mut nearest);
        let region = self.borders.region(nearest.part)?;
        Some((region as usize, nearest.square.sqrt()))
    }

    fn search_near(
        &self,
        (grid, leaves): (&Grid, &Leaves),
        cell: Cell,
        point: Coord<f64>,
        nearest: &mut Nearest,
    ) {
        let Some(edges) = leaves.edges_if_leaf(cell, grid) else {
            let mut quarters =
                cell.quarters(grid).map(|cell| (square_to_cell(cell, grid, point), cell));
            quarters.sort_by(|one, other| one.0.total_cmp(&other.0));
            for (square, quarter) in quarters {
                if square <= nearest.square {
                    self.search_near((grid, leaves), quarter, point, nearest);
                }
            }
            return;
        };
        for edge in edges.iter().map(|tagged| tagged & EDGE) {
            let square = square_to_edge(self.borders.edge(edge), point);
            let part = self.borders.sides(edge).into_iter().min().unwrap_or(NONE);
            if square < nearest.square || (square == nearest.square && part < nearest.part) {
                *nearest = Nearest { square, part };
            }
        }
    }

    /// Regions whose shape meets the box, in order; touching is meeting.
    pub fn within(&self, area: Rect<f64>) -> Vec<usize> {
        let Some((grid, leaves)) = self.tree.as_ref() else { return Vec::new() };
        // A region without an edge in the box holds all of it or nothing.
        let mut regions: BTreeSet<usize> = self.locate_all(area.min()).into_iter().collect();
        self.search_box((grid, leaves), Cell::ROOT, area, &mut regions);
        regions.into_iter().collect()
    }

    fn search_box(
        &self,
        (grid, leaves): (&Grid, &Leaves),
        cell: Cell,
        area: Rect<f64>,
        regions: &mut BTreeSet<usize>,
    ) {
        let (low, high) = box_of_cell(cell, grid);
        let (from, to) = (area.min(), area.max());
        if low.x > to.x || low.y > to.y || high.x < from.x || high.y < from.y {
            return;
        }
        let Some(edges) = leaves.edges_if_leaf(cell, grid) else {
            for quarter in cell.quarters(grid) {
                self.search_box((grid, leaves), quarter, area, regions);
            }
            return;
        };
        for edge in edges.iter().map(|tagged| tagged & EDGE) {
            if meets(self.borders.edge(edge), area) {
                let parts = self.borders.sides(edge).into_iter();
                let held = parts.filter_map(|part| self.borders.region(part));
                regions.extend(held.map(|region| region as usize));
            }
        }
    }
}

struct Nearest {
    /// The distance times itself.
    square: f64,
    part: u32,
}

/// The corners of a cell, as far out as its edges may begin.
fn box_of_cell(cell: Cell, grid: &Grid) -> (Coord<f64>, Coord<f64>) {
    let size = cell.size(grid);
    let pad = (grid.corner_x(1) - grid.corner_x(0)) * PAD;
    let low = grid.corner(cell.x, cell.y);
    let high = grid.corner(cell.x + size, cell.y + size);
    (low - Coord { x: pad, y: pad }, high + Coord { x: pad, y: pad })
}

fn square_to_cell(cell: Cell, grid: &Grid, point: Coord<f64>) -> f64 {
    let (low, high) = box_of_cell(cell, grid);
    let x = point.x.clamp(low.x, high.x) - point.x;
    let y = point.y.clamp(low.y, high.y) - point.y;
    x * x + y * y
}

fn square_to_edge([start, end]: [Coord<f64>; 2], point: Coord<f64>) -> f64 {
    let (along, to_point) = (end - start, point - start);
    let share =
        (to_point.x * along.x + to_point.y * along.y) / (along.x * along.x + along.y * along.y);
    // Ends are met exactly, so that edges that share one are equally far.
    let foot = match share {
        before if before <= 0.0 => start,
        after if after >= 1.0 => end,
        between => start + along * between,
    };
    let apart = point - foot;
    apart.x * apart.x + apart.y * apart.y
}

fn meets([start, end]: [Coord<f64>; 2], area: Rect<f64>) -> bool {
    let (low, high) = (area.min(), area.max());
    let is_apart = start.x.max(end.x) < low.x
        || start.y.max(end.y) < low.y
        || start.x.min(end.x) > high.x
        || start.y.min(end.y) > high.y;
    if is_apart {
        return false;
    }
    let corners = [low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }];
    let turns = corners.map(|corner| turn(start, end, corner));
    !(turns.iter().all(|&turn| turn > 0.0) || turns.iter().all(|&turn| turn < 0.0))
}
