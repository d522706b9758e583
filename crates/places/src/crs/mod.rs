//! Coordinate systems of Norway: 4258, 4326, 25832, 25833, 25835.
//!
//! Transforms are those of `proj-core`. `tests/oracles/projection.py` holds them against
//! PROJ on a grid over Norway, Finnmark and the economic zone included; `tests/it/crs.rs`
//! against figures that PROJ gave. What the largest difference was stands there.
//!
//! ETRS89 and WGS 84 are taken as equal, as Kartverket does at this accuracy: they have
//! drifted apart by less than a metre, and coordinates that say WGS 84 are in practice either.
//! [`suspect`] recognises coordinates that were given in another order or system.

mod suspicion;

use std::sync::LazyLock;

use geo_types::Coord;
use proj_core::Transform;

pub use suspicion::{Order, Reading, Suspicion, suspect};

/// A coordinate system that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Crs {
    /// ETRS89, degrees; x is longitude.
    Etrs89,
    /// WGS 84, degrees; x is longitude. Within a metre of ETRS89, and taken as equal.
    Wgs84,
    /// ETRS89 / UTM zone 32N, metres.
    Utm32,
    /// ETRS89 / UTM zone 33N, metres; what national data sets use.
    Utm33,
    /// ETRS89 / UTM zone 35N, metres.
    Utm35,
}

impl Crs {
    /// The system with this EPSG number.
    pub fn from_epsg(epsg: u32) -> Option<Crs> {
        match epsg {
            4258 => Some(Crs::Etrs89),
            4326 => Some(Crs::Wgs84),
            25832 => Some(Crs::Utm32),
            25833 => Some(Crs::Utm33),
            25835 => Some(Crs::Utm35),
            _ => None,
        }
    }

    /// Its EPSG number.
    pub fn epsg(self) -> u32 {
        match self {
            Crs::Etrs89 => 4258,
            Crs::Wgs84 => 4326,
            Crs::Utm32 => 25832,
            Crs::Utm33 => 25833,
            Crs::Utm35 => 25835,
        }
    }

    /// Whether its coordinates are degrees.
    pub fn is_geographic(self) -> bool {
        matches!(self, Crs::Etrs89 | Crs::Wgs84)
    }
}

/// Why coordinates could not be moved to another system.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrsError {
    /// A coordinate that the system it is said to be in does not reach.
    #[error("{x} {y} at position {position} is not a place in EPSG:{epsg}")]
    OutOfReach {
        /// Which of the coordinates, from 0.
        position: usize,
        /// Easting or longitude.
        x: f64,
        /// Northing or latitude.
        y: f64,
        /// The system it was said to be in.
        epsg: u32,
    },
}

/// Moves coordinates from one system to another, in place; x is easting or longitude.
///
/// # Errors
///
/// [`CrsError::OutOfReach`] for the first coordinate that is no place in `from`: not finite,
/// past the poles, or too far from the zone's middle for the projection to be undone. The
/// coordinates before it have been moved.
///
/// ```
/// # use geo_types::Coord;
/// # use places::crs::{Crs, transform};
/// let mut oslo = [Coord { x: 10.7334, y: 59.9133 }];
/// transform(Crs::Wgs84, Crs::Utm33, &mut oslo)?;
/// assert_eq!((oslo[0].x.round(), oslo[0].y.round()), (261_506.0, 6_649_444.0));
/// # Ok::<(), places::crs::CrsError>(())
/// ```
pub fn transform(from: Crs, to: Crs, coordinates: &mut [Coord<f64>]) -> Result<(), CrsError> {
    for (position, place) in coordinates.iter_mut().enumerate() {
        let out_of_reach =
            CrsError::OutOfReach { position, x: place.x, y: place.y, epsg: from.epsg() };
        *place = transformed(from, to, *place).ok_or(out_of_reach)?;
    }
    Ok(())
}

/// The place in another system; `None` when it is no place in the first or the other.
pub fn transformed(from: Crs, to: Crs, place: Coord<f64>) -> Option<Coord<f64>> {
    let is_on_earth = match from.is_geographic() {
        true => place.x.abs() <= 180.0 && place.y.abs() <= 90.0,
        // The series of the projection hold far beyond a zone, but not round the globe.
        false => {
            (place.x - 500_000.0).abs() <= 3_500_000.0 && (0.0..=10_000_000.0).contains(&place.y)
        }
    };
    if !is_on_earth {
        return None;
    }
    // To degrees and back would move a point off the very border that it lies on.
    if from == to {
        return Some(place);
    }
    let degrees = match from.zone() {
        None => place,
        Some(zone) => moved(&zone.to_degrees, place)?,
    };
    match to.zone() {
        None => Some(degrees),
        Some(zone) if (degrees.x - zone.middle).abs() <= 60.0 => moved(&zone.to_metres, degrees),
        Some(_) => None,
    }
}

fn moved(transform: &Transform, place: Coord<f64>) -> Option<Coord<f64>> {
    let (x, y) = transform.convert((place.x, place.y)).ok()?;
    (x.is_finite() && y.is_finite()).then_some(Coord { x, y })
}

/// A UTM zone, and the ways in and out of it.
struct Zone {
    /// Longitude of its middle.
    middle: f64,
    to_metres: Transform,
    to_degrees: Transform,
}

impl Zone {
    fn new(epsg: u32, middle: f64) -> Zone {
        let known = "systems of the EPSG list are in proj-core";
        Zone {
            middle,
            to_metres: Transform::from_epsg(4258, epsg).expect(known),
            to_degrees: Transform::from_epsg(epsg, 4258).expect(known),
        }
    }
}

impl Crs {
    fn zone(self) -> Option<&'static Zone> {
        static ZONE_32: LazyLock<Zone> = LazyLock::new(|| Zone::new(25832, 9.0));
        static ZONE_33: LazyLock<Zone> = LazyLock::new(|| Zone::new(25833, 15.0));
        static ZONE_35: LazyLock<Zone> = LazyLock::new(|| Zone::new(25835, 27.0));
        match self {
            Crs::Etrs89 | Crs::Wgs84 => None,
            Crs::Utm32 => Some(&ZONE_32),
            Crs::Utm33 => Some(&ZONE_33),
            Crs::Utm35 => Some(&ZONE_35),
        }
    }
}
