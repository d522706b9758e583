//! Regions as the snapshot keeps them: shapes in WKB, in EPSG:25833.

use geo_types::Geometry;
use places::Region;
use places::crs::{Crs, CrsError, transform};
use store::build::Boundary;

use crate::{Notes, shape, wkb};

/// The region as a row of the snapshot's table for `layer`; its source is for the caller to say.
pub fn to_boundary(layer: &str, region: &Region) -> Boundary {
    let mut bytes = Vec::new();
    wkb::write(&Geometry::MultiPolygon(region.shape.clone()), &mut bytes);
    Boundary {
        layer: layer.to_owned(),
        code: region.code.clone(),
        name: region.name.clone(),
        wkb: bytes,
        source: String::new(),
    }
}

/// The row as a region; `None` when its shape is no surface.
pub fn to_region(boundary: &Boundary) -> Option<Region> {
    let shape = wkb::read(&boundary.wkb, &mut Notes::default()).ok().and_then(shape::surfaces)?;
    Some(Region { code: boundary.code.clone(), name: boundary.name.clone(), shape })
}

/// Moves a region to EPSG:25833.
///
/// # Errors
///
/// A coordinate that is no place in the system it is said to be in.
pub fn move_to_utm33(region: &mut Region, in_system: Crs) -> Result<(), CrsError> {
    if in_system == Crs::Utm33 {
        return Ok(());
    }
    let mut outcome = Ok(());
    let mut shift = |ring: &mut geo_types::LineString<f64>| {
        if outcome.is_ok() {
            outcome = transform(in_system, Crs::Utm33, &mut ring.0);
        }
    };
    for polygon in &mut region.shape {
        polygon.exterior_mut(&mut shift);
        polygon.interiors_mut(|rings| rings.iter_mut().for_each(&mut shift));
    }
    outcome
}
