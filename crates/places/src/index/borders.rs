//! Edges of all regions, each stored once with the parts on both its sides.
//!
//! A part is one polygon of a region. Two regions that share a border share its edges,
//! and most rings run along another ring backwards for a while, so the next match is
//! looked for beside the last one before the table is asked.

use geo_types::{Coord, LineString};

use crate::Region;

/// No part: the outside, or a side of an edge that nobody claims.
pub(super) const NONE: u32 = u32::MAX;

/// Coordinates past this would overflow in exact arithmetic.
const LARGEST: f64 = 1e100;

/// Edge `i` runs from vertex `i` to vertex `i + 1`, where [`Borders::is_edge`].
#[derive(Debug, Default)]
pub(super) struct Borders {
    vertices: Vec<Coord<f64>>,
    /// The two parts whose outline holds the edge; both [`NONE`] where a chain ends.
    sides: Vec<[u32; 2]>,
    region_of_part: Vec<u32>,
}

impl Borders {
    /// Takes the edges of every ring that has only finite coordinates.
    pub(super) fn collect(regions: &[Region]) -> Borders {
        let polygons = || regions.iter().flat_map(|region| region.shape.iter());
        let most: usize = polygons()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .map(|ring| ring.0.len())
            .sum();
        let mut collector = Collector::with_room_for(most);
        for (position, region) in regions.iter().enumerate() {
            for polygon in region.shape.iter().filter(|polygon| is_usable(polygon.exterior())) {
                let part = collector.borders.region_of_part.len() as u32;
                collector.borders.region_of_part.push(position as u32);
                collector.add(polygon.exterior(), part);
                for hole in polygon.interiors().iter().filter(|hole| is_usable(hole)) {
                    collector.add(hole, part);
                }
            }
        }
        let mut borders = collector.borders;
        borders.vertices.shrink_to_fit();
        borders.sides.shrink_to_fit();
        borders
    }

    pub(super) fn vertices(&self) -> &[Coord<f64>] {
        &self.vertices
    }

    pub(super) fn is_edge(&self, edge: usize) -> bool {
        self.sides[edge] != [NONE; 2]
    }

    #[inline]
    pub(super) fn edge(&self, edge: u32) -> [Coord<f64>; 2] {
        let edge = edge as usize;
        [self.vertices[edge], self.vertices[edge + 1]]
    }

    #[inline]
    pub(super) fn sides(&self, edge: u32) -> [u32; 2] {
        self.sides[edge as usize]
    }

    /// The region that a part belongs to; `None` for [`NONE`].
    #[inline]
    pub(super) fn region(&self, part: u32) -> Option<u32> {
        self.region_of_part.get(part as usize).copied()
    }

    pub(super) fn bytes(&self) -> usize {
        self.vertices.capacity() * size_of::<Coord<f64>>()
            + self.sides.capacity() * size_of::<[u32; 2]>()
            + self.region_of_part.capacity() * size_of::<u32>()
    }
}

fn is_usable(ring: &LineString<f64>) -> bool {
    ring.0.iter().all(|place| place.x.abs() < LARGEST && place.y.abs() < LARGEST)
}

struct Collector {
    borders: Borders,
    /// Open addressing: half a hash above, an edge below; 0 is free.
    table: Vec<u64>,
    mask: usize,
}

impl Collector {
    fn with_room_for(edges: usize) -> Collector {
        let slots = (edges * 4 / 3 + 2).next_power_of_two();
        let mut borders = Borders::default();
        borders.vertices.reserve(edges * 5 / 8);
        borders.sides.reserve(edges * 5 / 8);
        Collector { borders, table: vec![0; slots], mask: slots - 1 }
    }

    fn add(&mut self, ring: &LineString<f64>, part: u32) {
        let mut last = None;
        let mut is_open = false;
        for pair in ring.0.windows(2) {
            let [start, end] = [pair[0], pair[1]];
            if start == end {
                continue;
            }
            let beside = last.and_then(|edge| self.beside(edge, start, end));
            last = beside.or_else(|| self.find(start, end));
            match last {
                Some(edge) => self.borders.sides[edge][1] = part,
                None => {
                    if !is_open {
                        self.borders.vertices.push(start);
                        self.borders.sides.push([NONE; 2]);
                    }
                    self.push(start, end, part);
                }
            }
            is_open = last.is_none();
        }
    }

    /// The edge before or after a matched one, when it has these ends and a free side.
    fn beside(&self, edge: usize, start: Coord<f64>, end: Coord<f64>) -> Option<usize> {
        let neighbours = [edge.wrapping_sub(1), edge + 1];
        neighbours.into_iter().find(|&edge| self.matches(edge, start, end))
    }

    fn matches(&self, edge: usize, start: Coord<f64>, end: Coord<f64>) -> bool {
        let vertices = &self.borders.vertices;
        let (Some(&from), Some(&to)) = (vertices.get(edge), vertices.get(edge.wrapping_add(1)))
        else {
            return false;
        };
        let is_half_taken =
            self.borders.sides[edge][0] != NONE && self.borders.sides[edge][1] == NONE;
        is_half_taken && ((from, to) == (end, start) || (from, to) == (start, end))
    }

    fn find(&self, start: Coord<f64>, end: Coord<f64>) -> Option<usize> {
        let hash = hash(start, end);
        let mut slot = hash as usize & self.mask;
        while self.table[slot] != 0 {
            let edge = (self.table[slot] as u32 - 1) as usize;
            if self.table[slot] >> 32 == hash >> 32 && self.matches(edge, start, end) {
                return Some(edge);
            }
            slot = (slot + 1) & self.mask;
        }
        None
    }

    /// Adds an edge from the last vertex, which is `start`, to `end`.
    fn push(&mut self, start: Coord<f64>, end: Coord<f64>, part: u32) {
        let borders = &mut self.borders;
        let edge = borders.vertices.len() - 1;
        borders.sides[edge] = [part, NONE];
        borders.vertices.push(end);
        borders.sides.push([NONE; 2]);
        let hash = hash(start, end);
        let mut slot = hash as usize & self.mask;
        while self.table[slot] != 0 {
            slot = (slot + 1) & self.mask;
        }
        self.table[slot] = hash >> 32 << 32 | (edge as u64 + 1);
    }
}

/// The same for both directions of an edge.
fn hash(start: Coord<f64>, end: Coord<f64>) -> u64 {
    let mix = |place: Coord<f64>| {
        let word = place.x.to_bits() ^ place.y.to_bits().rotate_left(29);
        (word ^ word >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    };
    let sum = mix(start).wrapping_add(mix(end));
    (sum ^ sum >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}
