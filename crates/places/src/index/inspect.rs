//! The edges of an index, for those that look for faults in them.

use geo_types::Coord;

use super::RegionIndex;
use super::borders::NONE;
use super::walk::EDGE;

impl RegionIndex {
    /// The edges of each leaf.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> {
        let leaves = self.tree.iter().flat_map(|(_, leaves)| leaves.all_edges());
        leaves.map(|edges| edges.iter().map(|tagged| tagged & EDGE))
    }

    /// All edges.
    pub(crate) fn edges(&self) -> impl Iterator<Item = u32> {
        let all = 0..self.borders.vertices().len();
        all.filter(|&edge| self.borders.is_edge(edge)).map(|edge| edge as u32)
    }

    pub(crate) fn edge(&self, edge: u32) -> [Coord<f64>; 2] {
        self.borders.edge(edge)
    }

    /// Edges that one polygon has twice.
    pub(crate) fn edges_used_twice(&self) -> impl Iterator<Item = u32> {
        self.edges().filter(|&edge| {
            let [one, other] = self.borders.sides(edge);
            one == other
        })
    }

    /// The regions whose outline an edge is.
    pub(crate) fn regions_beside(&self, edge: u32) -> [Option<u32>; 2] {
        self.borders.sides(edge).map(|part| self.borders.region(part))
    }

    /// The polygons that both edges belong to.
    pub(crate) fn parts_of_both(&self, edges: [u32; 2]) -> impl Iterator<Item = u32> {
        let [ones, others] = edges.map(|edge| self.borders.sides(edge));
        ones.into_iter().filter(move |part| *part != NONE && others.contains(part))
    }

    /// The region of a polygon.
    pub(crate) fn region_of(&self, part: u32) -> Option<u32> {
        self.borders.region(part)
    }

    /// Gives the regions that hold a place, in order.
    pub(crate) fn regions_at<T>(&self, place: Coord<f64>, give: impl FnOnce(&[u32]) -> T) -> T {
        let Some((grid, leaves)) = self.tree.as_ref().filter(|(grid, _)| grid.covers(place)) else {
            return give(&[]);
        };
        let slot = leaves.find(grid.code(place));
        let leaf = leaves.leaf(slot, grid);
        let only =
            leaves.state(slot).ok().and_then(|part| leaf.only_from(&self.borders, part, place));
        if let Some(part) = only {
            return give(self.borders.region(part).as_slice());
        }
        let parts = match leaves.state(slot) {
            Ok(part) => leaf.parts_from(&self.borders, &[part], place),
            Err(parts) => leaf.parts_from(&self.borders, parts, place),
        };
        let regions = parts.as_slice().iter().filter_map(|&part| self.borders.region(part));
        let mut regions: Vec<u32> = regions.collect();
        regions.dedup();
        give(&regions)
    }
}
