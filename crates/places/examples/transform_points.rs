//! Writes points in another coordinate system, for comparison with PROJ.
//!
//! `transform_points FROM TO FILE OUT`: EPSG numbers, and points as in `testkit::shapes`.

use std::io::Error;
use std::path::Path;

use geo_types::Coord;
use places::crs::{Crs, transform};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, from, to, file, out] = arguments.as_slice() else {
        return Err(Error::other("usage: transform_points FROM TO FILE OUT"));
    };
    let system = |epsg: &str| {
        let known = epsg.parse().ok().and_then(Crs::from_epsg);
        known.ok_or_else(|| Error::other(format!("unknown system {epsg}")))
    };
    let points = testkit::shapes::points(Path::new(file))?;
    let mut points: Vec<Coord<f64>> = points.into_iter().map(Coord::from).collect();
    transform(system(from)?, system(to)?, &mut points).map_err(Error::other)?;
    let numbers = points.iter().flat_map(|point| [point.x, point.y]);
    std::fs::write(out, numbers.flat_map(f64::to_le_bytes).collect::<Vec<u8>>())
}
