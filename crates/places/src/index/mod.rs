//! Point to region: edges stored once, found by leaf, crossed on the way from its corner.

mod borders;
mod grid;
mod inspect;
mod leaves;
mod many;
mod search;
mod walk;

use geo_types::Coord;

use crate::Region;
use crate::exact::is_on;
use borders::{Borders, NONE};
use grid::Grid;
use leaves::Leaves;

/// An index over regions that finds the one a point lies in.
#[derive(Debug)]
pub struct RegionIndex {
    regions: usize,
    borders: Borders,
    /// Absent when no region has an edge.
    tree: Option<(Grid, Leaves)>,
}

impl RegionIndex {
    /// Builds the index; answers are positions in `regions`.
    ///
    /// A ring with a coordinate that is not finite, or past 1e100, is left out. Memory is about
    /// 40 bytes an edge where regions tile, and grows with how many of them lie on each other.
    ///
    /// # Panics
    ///
    /// With 2³⁰ edges or more, for which shapes alone take 16 GiB.
    pub fn build(regions: &[Region]) -> RegionIndex {
        let borders = Borders::collect(regions);
        assert!(borders.vertices().len() <= walk::EDGE as usize, "fewer than 2^30 edges");
        let tree = Grid::over(borders.vertices()).map(|grid| {
            let leaves = Leaves::build(&borders, &grid);
            (grid, leaves)
        });
        RegionIndex { regions: regions.len(), borders, tree }
    }

    /// The region that `point` lies in, by the rule of the crate for borders.
    pub fn locate(&self, point: Coord<f64>) -> Option<usize> {
        let (grid, leaves) = self.tree.as_ref()?;
        if !grid.covers(point) {
            return None;
        }
        let slot = leaves.find(grid.code(point));
        self.locate_in((grid, leaves), slot, point).map(|region| region as usize)
    }

    #[inline]
    fn locate_in(
        &self,
        (grid, leaves): (&Grid, &Leaves),
        slot: usize,
        point: Coord<f64>,
    ) -> Option<u32> {
        let edges = leaves.edges(slot);
        let part = match leaves.state(slot) {
            Ok(part) if edges.is_empty() => part,
            Ok(part) => leaves.leaf(slot, grid).first_from(&self.borders, part, point),
            Err(parts) => leaves.leaf(slot, grid).parts_from(&self.borders, parts, point).first(),
        };
        match part {
            NONE => self.owner_of_border(edges, point),
            part => self.borders.region(part),
        }
    }

    /// The first region with an edge through `point`, when nobody is east of it.
    fn owner_of_border(&self, edges: &[u32], point: Coord<f64>) -> Option<u32> {
        let through = edges.iter().map(|tagged| tagged & walk::EDGE).filter(|&edge| {
            let [start, end] = self.borders.edge(edge);
            is_on(start, end, point)
        });
        let parts = through.flat_map(|edge| self.borders.sides(edge));
        parts.filter(|&part| part != NONE).min().and_then(|part| self.borders.region(part))
    }

    /// Memory that the index and its geometry take.
    pub fn memory_bytes(&self) -> usize {
        let leaves = self.tree.as_ref().map_or(0, |(_, leaves)| leaves.bytes());
        size_of::<RegionIndex>() + self.borders.bytes() + leaves
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.regions
    }

    /// Whether there is no region.
    pub fn is_empty(&self) -> bool {
        self.regions == 0
    }
}
