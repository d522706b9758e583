//! One shape as bytes: well-known binary, and as GeoPackage keeps it.

use geo_types::Geometry;

use crate::{LayerError, Notes, geopackage, shape, wkb};

/// Reads well-known binary, ISO or extended, of either byte order; heights are dropped.
///
/// # Errors
///
/// [`LayerError::Syntax`] when the bytes are no shape, or more than one, or a coordinate is no number.
pub fn from_wkb(bytes: &[u8]) -> Result<Geometry<f64>, LayerError> {
    let shape = wkb::read(bytes, &mut Notes::default()).and_then(numbers);
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
    let shape = geopackage::shape(bytes, &mut Notes::default()).and_then(numbers);
    shape.map_err(|problem| LayerError::syntax("GeoPackage", "the shape", problem))
}

/// Refuses NaN, which is not itself: a ring with it in front would never be closed.
fn numbers(shape: Geometry<f64>) -> Result<Geometry<f64>, wkb::Problem> {
    let mut are_numbers = true;
    shape::each_coordinate(&shape, &mut |at| are_numbers &= !at.x.is_nan() && !at.y.is_nan());
    if are_numbers { Ok(shape) } else { Err("a coordinate is no number".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_that_begins_with_no_number_is_refused_and_an_empty_point_is_not() {
        let double = |number: f64| number.to_le_bytes();
        let mut ring = [[1, 3, 0, 0, 0], [1, 0, 0, 0, 4]].concat();
        ring.extend_from_slice(&[0, 0, 0]);
        for number in [f64::NAN, 0.0, 1.0, 0.0, 1.0, 1.0, f64::NAN, 0.0] {
            ring.extend_from_slice(&double(number));
        }
        let problem = from_wkb(&ring).expect_err("it has no number").to_string();
        assert_eq!(problem, "not a readable WKB at the shape: a coordinate is no number");
        let header = [b'G', b'P', 0, 1, 0, 0, 0, 0];
        assert!(from_geopackage(&[&header[..], &ring].concat()).is_err());

        let nowhere = [&[1, 1, 0, 0, 0][..], &double(f64::NAN), &double(f64::NAN)].concat();
        assert_eq!(from_wkb(&nowhere).expect("the empty point"), shape::empty_point());
    }
}
