use geo_types::{Coord, Rect};

use crate::Region;

/// An index over regions that finds the one a point lies in.
#[derive(Debug)]
pub struct RegionIndex {
    regions: usize,
}

impl RegionIndex {
    /// Builds the index; answers are positions in `regions`.
    pub fn build(regions: &[Region]) -> RegionIndex {
        RegionIndex { regions: regions.len() }
    }

    /// The region that `point` lies in, by the rule of the crate for borders.
    pub fn locate(&self, point: Coord<f64>) -> Option<usize> {
        let _ = point;
        None
    }

    /// The region of each point, on as many threads as `threads` says.
    pub fn locate_many(&self, points: &[Coord<f64>], threads: usize) -> Vec<Option<u32>> {
        let _ = threads;
        vec![None; points.len()]
    }

    /// The nearest region to `point`, and how far its border is: 0 inside.
    pub fn nearest(&self, point: Coord<f64>) -> Option<(usize, f64)> {
        let _ = point;
        None
    }

    /// Regions whose shape meets the box, in order.
    pub fn within(&self, area: Rect<f64>) -> Vec<usize> {
        let _ = area;
        Vec::new()
    }

    /// Memory that the index and its geometry take.
    pub fn memory_bytes(&self) -> usize {
        size_of::<RegionIndex>()
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
