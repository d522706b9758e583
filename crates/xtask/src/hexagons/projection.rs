//! Longitude and latitude to a plane: metres east and south of an origin.
//!
//! A spherical transverse Mercator around 15° E keeps directions true enough
//! over the whole of Norway. Results are whole metres, so that the last digit
//! of a platform's trigonometry never decides where a hexagon goes.

use super::plane::Vector;

const EARTH_RADIUS_M: f64 = 6_371_000.0;
const CENTRAL_MERIDIAN_DEGREES: f64 = 15.0;

/// Projects a place to whole metres; x grows eastward and y southward.
pub fn project(longitude: f64, latitude: f64) -> Vector {
    let east = (longitude - CENTRAL_MERIDIAN_DEGREES).to_radians();
    let north = latitude.to_radians();
    let across = north.cos() * east.sin();
    let x = EARTH_RADIUS_M * 0.5 * ((1.0 + across) / (1.0 - across)).ln();
    let y = EARTH_RADIUS_M * north.tan().atan2(east.cos());
    Vector { x: x.round(), y: -y.round() }
}
