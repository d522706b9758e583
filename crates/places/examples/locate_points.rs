//! Writes the region of each point, for comparison with other programs.
//!
//! `locate_points FOLDER OUT`: shapes and points as in `testkit::shapes`, positions of
//! regions out as little-endian `i32`, -1 for none.

use std::path::Path;
use std::time::Instant;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use places::{Region, RegionIndex};
use testkit::shapes;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, out] = arguments.as_slice() else {
        return Err(std::io::Error::other("usage: locate_points FOLDER OUT"));
    };
    let folder = Path::new(folder);
    let regions: Vec<Region> = shapes::regions(folder)?.into_iter().map(region).collect();
    let points = shapes::points(&folder.join("points.f64"))?;
    let points: Vec<Coord<f64>> = points.into_iter().map(Coord::from).collect();
    let start = Instant::now();
    let index = RegionIndex::build(&regions);
    let built = start.elapsed();
    let start = Instant::now();
    let found = index.locate_many(&points, 1);
    println!(
        "{} regions in {built:.2?}, {:.1} MiB; {} points in {:.2?}",
        index.len(),
        index.memory_bytes() as f64 / f64::from(1 << 20),
        points.len(),
        start.elapsed()
    );
    let number = |found: Option<u32>| found.map_or(-1, |region| region as i32);
    let bytes: Vec<u8> = found.into_iter().flat_map(|found| number(found).to_le_bytes()).collect();
    std::fs::write(out, bytes)
}

fn region(polygons: shapes::Polygons) -> Region {
    let polygon = |rings: Vec<Vec<(f64, f64)>>| {
        let mut rings = rings.into_iter().map(LineString::from);
        Polygon::new(rings.next().unwrap_or_else(|| LineString::new(Vec::new())), rings.collect())
    };
    let shape = MultiPolygon::new(polygons.into_iter().map(polygon).collect());
    Region { code: String::new(), name: String::new(), shape }
}
