//! The square that holds all regions, and how its points are numbered along a Z-curve.

use geo_types::Coord;

/// At most this many halvings a side.
const MOST_LEVELS: u32 = 26;

/// How far, in cells of the finest level, edges are taken to reach outside themselves.
///
/// Rounding moves a point or a corner by less than a thousandth of such a cell.
pub(super) const PAD: f64 = 1.0 / 64.0;

/// The extent of a layer, cut into `2^levels` cells a side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) low: Coord<f64>,
    pub(super) high: Coord<f64>,
    origin: Coord<f64>,
    scale: f64,
    cell: f64,
    pub(super) levels: u32,
}

impl Grid {
    /// The grid over these vertices; `None` when they span no area at all.
    pub(super) fn over(vertices: &[Coord<f64>]) -> Option<Grid> {
        let (mut low, mut high) = (*vertices.first()?, *vertices.first()?);
        for place in vertices {
            low = Coord { x: low.x.min(place.x), y: low.y.min(place.y) };
            high = Coord { x: high.x.max(place.x), y: high.y.max(place.y) };
        }
        let span = (high.x - low.x).max(high.y - low.y);
        let largest = [low.x, low.y, high.x, high.y].into_iter().map(f64::abs).fold(0.0, f64::max);
        // A margin below, so that the first corner lies outside every region.
        let margin = span / 1024.0 + largest * f64::EPSILON * 4.0;
        let side = span + 2.0 * margin;
        let finest = largest * f64::EPSILON * 1024.0;
        let levels =
            (0..=MOST_LEVELS).rev().find(|&levels| side / f64::from(1_u32 << levels) >= finest);
        let levels = levels.unwrap_or(0);
        let cells = f64::from(1_u32 << levels);
        let origin = Coord { x: low.x - margin, y: low.y - margin };
        Some(Grid { low, high, origin, scale: cells / side, cell: side / cells, levels })
    }

    /// Whether any region can be at this point.
    #[inline]
    pub(super) fn covers(&self, point: Coord<f64>) -> bool {
        point.x >= self.low.x
            && point.x <= self.high.x
            && point.y >= self.low.y
            && point.y <= self.high.y
    }

    /// The point measured in cells of the finest level.
    #[inline]
    pub(super) fn in_cells(&self, point: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (point.x - self.origin.x) * self.scale,
            y: (point.y - self.origin.y) * self.scale,
        }
    }

    /// Number along the Z-curve of the finest cell that holds a covered point.
    #[inline]
    pub(super) fn code(&self, point: Coord<f64>) -> u64 {
        let place = self.in_cells(point);
        interleave(place.x as u32, place.y as u32)
    }

    /// The lower left corner of a cell of the finest level.
    #[inline]
    pub(super) fn corner(&self, x: u32, y: u32) -> Coord<f64> {
        Coord { x: self.corner_x(x), y: self.origin.y + f64::from(y) * self.cell }
    }

    #[inline]
    pub(super) fn corner_x(&self, x: u32) -> f64 {
        self.origin.x + f64::from(x) * self.cell
    }
}

/// Bits of `x` at even places, of `y` at odd ones.
#[inline]
pub(super) fn interleave(x: u32, y: u32) -> u64 {
    spread(x) | spread(y) << 1
}

/// The bits at even places: `x` again.
#[inline]
pub(super) fn even_bits(code: u64) -> u32 {
    let mut word = code & 0x5555_5555_5555_5555;
    word = (word | word >> 1) & 0x3333_3333_3333_3333;
    word = (word | word >> 2) & 0x0F0F_0F0F_0F0F_0F0F;
    word = (word | word >> 4) & 0x00FF_00FF_00FF_00FF;
    word = (word | word >> 8) & 0x0000_FFFF_0000_FFFF;
    (word | word >> 16) as u32
}

#[inline]
fn spread(word: u32) -> u64 {
    let mut word = u64::from(word);
    word = (word | word << 16) & 0x0000_FFFF_0000_FFFF;
    word = (word | word << 8) & 0x00FF_00FF_00FF_00FF;
    word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F;
    word = (word | word << 2) & 0x3333_3333_3333_3333;
    (word | word << 1) & 0x5555_5555_5555_5555
}
