//! Many points: sorted along the curve of the leaves, then walked beside them.

use geo_types::Coord;

use super::RegionIndex;
use super::grid::Grid;
use super::leaves::Leaves;

/// Points that are sorted together; what a sort needs beside them is 16 bytes each.
const TOGETHER: usize = 1 << 21;
/// Below this many, sorting is not worth its tables.
const FEW_POINTS: usize = 512;
/// Bits that one pass of the sort looks at, and all its passes.
const DIGIT: u32 = 11;
const PASSES: u32 = 3;
/// Points that are looked up together.
const BATCH: usize = 256;
/// Leading bits of a place on the curve that points are sorted by.
const KEY_BITS: u32 = 32;

impl RegionIndex {
    /// The region of each point, on as many threads as `threads` says.
    pub fn locate_many(&self, points: &[Coord<f64>], threads: usize) -> Vec<Option<u32>> {
        let mut found = vec![None; points.len()];
        let Some((grid, leaves)) = self.tree.as_ref() else { return found };
        let share = points.len().div_ceil(threads.max(1)).max(FEW_POINTS);
        let mut shares = points.chunks(share).zip(found.chunks_mut(share));
        let first = shares.next();
        std::thread::scope(|scope| {
            for (points, found) in shares {
                scope.spawn(move || self.locate_share((grid, leaves), points, found));
            }
            if let Some((points, found)) = first {
                self.locate_share((grid, leaves), points, found);
            }
        });
        found
    }

    fn locate_share(
        &self,
        tree: (&Grid, &Leaves),
        points: &[Coord<f64>],
        found: &mut [Option<u32>],
    ) {
        if points.len() < FEW_POINTS {
            for (&point, found) in points.iter().zip(found) {
                *found = self.locate(point).map(|region| region as u32);
            }
            return;
        }
        for (points, found) in points.chunks(TOGETHER).zip(found.chunks_mut(TOGETHER)) {
            self.locate_sorted(tree, points, found);
        }
    }

    fn locate_sorted(
        &self,
        (grid, leaves): (&Grid, &Leaves),
        points: &[Coord<f64>],
        found: &mut [Option<u32>],
    ) {
        let mut slot = 0;
        let mut batch = [(Coord::zero(), 0_usize); BATCH];
        for words in sorted(grid, points).chunks(BATCH) {
            // Loads that do not wait for each other: memory answers many at once.
            for (point, &word) in batch.iter_mut().zip(words) {
                point.0 = points[position(word)];
            }
            for (point, slot_of_point) in &mut batch[..words.len()] {
                slot = leaves.find_from(slot, grid.code(*point));
                *slot_of_point = slot;
            }
            for (&(point, slot), &word) in batch.iter().zip(words) {
                found[position(word)] = self.locate_in((grid, leaves), slot, point);
            }
        }
    }
}

fn position(word: u64) -> usize {
    word as u32 as usize
}

/// The covered points in order: the place on the curve above, the position below.
fn sorted(grid: &Grid, points: &[Coord<f64>]) -> Vec<u64> {
    let shift = (2 * grid.levels).saturating_sub(KEY_BITS);
    let mut words = Vec::with_capacity(points.len());
    let mut counts = vec![[0_u32; 1 << DIGIT]; PASSES as usize];
    for (position, &point) in points.iter().enumerate() {
        if grid.covers(point) {
            let key = grid.code(point) >> shift;
            for (pass, counts) in (0..).zip(&mut counts) {
                counts[digit(key, pass)] += 1;
            }
            words.push(key << 32 | position as u64);
        }
    }
    let mut other = vec![0; words.len()];
    for (pass, counts) in (0..).zip(&mut counts) {
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for &word in &words {
            let next = &mut counts[digit(word >> 32, pass)];
            other[*next as usize] = word;
            *next += 1;
        }
        std::mem::swap(&mut words, &mut other);
    }
    words
}

fn digit(key: u64, pass: u32) -> usize {
    (key >> (pass * DIGIT)) as usize & ((1 << DIGIT) - 1)
}
