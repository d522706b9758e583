//! Vector tiles: regions cut into the squares of the web's map grid.
//!
//! A [`Pyramid`] simplifies the whole layer once per zoom, borders shared, on the grid in
//! which that zoom's tiles count; a tile then only cuts. So neighbours meet in every tile
//! and across tiles, and no region is lost, however far out: where the usual 4096 steps a
//! tile are too coarse for the smallest region, the tile has more.

mod clip;
mod wire;

use std::f64::consts::PI;
use std::sync::OnceLock;

use geo_types::Coord;
use places::coverage::{Grid, Part, Point, Step, Tolerance, Topology};
use places::crs::{Crs, transformed};

use clip::Window;

/// The closest zoom that has tiles.
pub const CLOSEST_ZOOM: u8 = 16;

/// From here on the layer is drawn as it is.
const LAST_SIMPLIFIED_ZOOM: u8 = 12;

/// Steps along the side of a tile, unless a region would be lost.
const STEPS: i32 = 4096;

/// A step is an eighth of a pixel on a screen of usual size.
const STEPS_PER_PIXEL: f64 = 8.0;

/// How far a tile reaches over its edge, in parts of its side.
const BUFFER: i32 = 32;

/// Half the length of the equator on the web's sphere, in metres.
const HALF_WORLD: f64 = PI * 6_378_137.0;

/// Longest stretch taken as straight between two systems: in metres or in degrees.
const STRAIGHT_M: f64 = 5_000.0;
const STRAIGHT_DEGREES: f64 = 0.05;

/// Which tile: a zoom, and its column and row from the north-west.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileId {
    zoom: u8,
    column: i32,
    row: i32,
}

impl TileId {
    /// The tile of these numbers; `None` when the zoom is too close or has no such tile.
    pub fn new(zoom: u8, column: u32, row: u32) -> Option<TileId> {
        let tiles = 1_u32.checked_shl(zoom.into()).filter(|_| zoom <= CLOSEST_ZOOM)?;
        if column >= tiles || row >= tiles {
            return None;
        }
        Some(TileId { zoom, column: column.try_into().ok()?, row: row.try_into().ok()? })
    }
}

/// A layer at all zooms; each is worked out when it is first asked for.
#[derive(Debug)]
pub struct Pyramid {
    name: String,
    topology: Topology,
    crs: Crs,
    levels: [OnceLock<Level>; LAST_SIMPLIFIED_ZOOM as usize + 2],
}

/// The layer at one zoom.
#[derive(Debug)]
struct Level {
    zoom: u8,
    /// How often each step of 4096 was halved.
    halvings: u32,
    regions: Vec<(String, String)>,
    /// In the order of the regions.
    parts: Vec<PlacedPart>,
}

#[derive(Debug)]
struct PlacedPart {
    region: usize,
    least: Point,
    greatest: Point,
    /// Outer ring first; the first point is not repeated.
    rings: Vec<Vec<Point>>,
}

impl Pyramid {
    /// Begins a layer of this name, in the system of `topology`.
    pub fn new(name: &str, topology: Topology, crs: Crs) -> Pyramid {
        Pyramid { name: name.to_owned(), topology, crs, levels: Default::default() }
    }

    /// A tile as a Mapbox vector tile; `None` when nothing lies in it.
    pub fn tile(&self, tile: TileId) -> Option<Vec<u8>> {
        let level = self.level(tile.zoom);
        // The whole layer's level serves several zooms, with more steps to a tile.
        let finer = u32::from(level.zoom - tile.zoom) + level.halvings;
        let side = STEPS << finer;
        let half_world = i64::from(side) << tile.zoom >> 1;
        let corner = [
            i64::from(tile.column) * i64::from(side) - half_world,
            half_world - i64::from(tile.row) * i64::from(side),
        ];
        let window = Window { corner, side: side.into(), buffer: (side / BUFFER).into() };
        let mut layer = wire::Layer::new(&self.name, side);
        for parts in level.parts.chunk_by(|left, right| left.region == right.region) {
            let near = parts.iter().filter(|part| window.meets(part.least, part.greatest));
            let rings: Vec<Vec<[i32; 2]>> = near.flat_map(|part| window.cut(&part.rings)).collect();
            if let (Some(first), false) = (parts.first(), rings.is_empty()) {
                let (code, name) = &level.regions[first.region];
                layer.add(code, name, &rings);
            }
        }
        layer.finish()
    }

    fn level(&self, zoom: u8) -> &Level {
        let place = zoom.min(LAST_SIMPLIFIED_ZOOM + 1);
        let zoom = if place > LAST_SIMPLIFIED_ZOOM { CLOSEST_ZOOM } else { zoom };
        self.levels[usize::from(place)].get_or_init(|| Level::draw(&self.topology, self.crs, zoom))
    }
}

impl Level {
    fn draw(topology: &Topology, crs: Crs, zoom: u8) -> Level {
        let steps = f64::from(STEPS) * f64::from(1_u32 << zoom);
        let grid = Grid::of_parts(2.0 * HALF_WORLD, steps);
        let moved = topology.transformed(grid, |line| to_web_mercator(line, crs));
        let drawn = match zoom <= LAST_SIMPLIFIED_ZOOM {
            true => {
                let pixel = STEPS_PER_PIXEL * grid.cell();
                let seen = Tolerance { island_area: pixel * pixel, ..Tolerance::length(pixel) };
                moved.simplify(seen)
            }
            false => moved,
        };
        let halvings = (grid.cell() / drawn.grid().cell()).log2().round() as u32;
        let named = drawn.regions().iter().map(|region| (region.code.clone(), region.name.clone()));
        let parts = drawn.parts();
        let placed = parts.iter().enumerate().flat_map(|(region, parts)| {
            parts.iter().map(|part| placed(&drawn, region, part)).collect::<Vec<_>>()
        });
        Level { zoom, halvings, regions: named.collect(), parts: placed.collect() }
    }
}

fn placed(topology: &Topology, region: usize, part: &Part) -> PlacedPart {
    let ring = |steps: &Vec<Step>| topology.ring(steps);
    let rings: Vec<Vec<Point>> =
        std::iter::once(&part.outer).chain(&part.holes).map(ring).collect();
    let outer = rings[0].iter().copied();
    let corner = |pick: fn(i32, i32) -> i32| {
        let joined = outer
            .clone()
            .reduce(|one, other| Point { x: pick(one.x, other.x), y: pick(one.y, other.y) });
        joined.unwrap_or(Point { x: 0, y: 0 })
    };
    PlacedPart { region, least: corner(i32::min), greatest: corner(i32::max), rings }
}

/// Moves a line to the web's sphere; what is straight over a long way there bends here.
fn to_web_mercator(line: &mut Vec<Coord<f64>>, crs: Crs) {
    let longest = if crs.is_geographic() { STRAIGHT_DEGREES } else { STRAIGHT_M };
    let mut dense = Vec::with_capacity(line.len());
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let pieces = ((to.x - from.x).hypot(to.y - from.y) / longest).ceil().clamp(1.0, 10_000.0);
        for piece in 0..pieces as u32 {
            let share = f64::from(piece) / pieces;
            // The same points whichever way the line runs is not needed: each line is there once.
            dense.push(from + (to - from) * share);
        }
    }
    dense.extend(line.last().copied());
    for point in &mut dense {
        // What is no place in its own system stays where nobody looks.
        *point = transformed(crs, Crs::Wgs84, *point).unwrap_or_default();
        let latitude = point.y.clamp(-85.051_128_78, 85.051_128_78).to_radians();
        point.x *= HALF_WORLD / 180.0;
        point.y = (PI / 4.0 + latitude / 2.0).tan().ln() * HALF_WORLD / PI;
    }
    *line = dense;
}
