//! One shape as bytes: well-known binary, and as GeoPackage keeps it.

use geo_types::Geometry;

use crate::{LayerError, Notes, geopackage, wkb};

/// Reads well-known binary, ISO or extended, of either byte order; heights are dropped.
///
/// # Errors
///
/// [`LayerError::Syntax`] when the bytes are no shape, or more than one.
pub fn from_wkb(bytes: &[u8]) -> Result<Geometry<f64>, LayerError> {
    let shape = wkb::read(bytes, &mut Notes::default());
    shape.map_err(|problem| LayerError::syntax("WKB", "the shape", problem))
}

/// Writes well-known binary, little-endian.
pub fn to_wkb(shape: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    wkb::write(shape, &mut bytes);
    bytes
}

/// Reads a shape of a GeoPackage: its header, and well-known binary after it.
///
/// # Errors
///
/// As [`from_wkb`].
pub fn from_geopackage(bytes: &[u8]) -> Result<Geometry<f64>, LayerError> {
    let shape = geopackage::shape(bytes, &mut Notes::default());
    shape.map_err(|problem| LayerError::syntax("GeoPackage", "the shape", problem))
}
