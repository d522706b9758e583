use geo_types::Coord;
use places::crs::{Crs, transform};

/// A place as somebody gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// x is easting or longitude, y northing or latitude.
    pub coordinate: Coord<f64>,
    /// System that the coordinate is in.
    pub crs: Crs,
}

/// Why coordinates give no place.
///
/// Each variant has a [key](PositionError::key) and [places](PositionError::places), from
/// which a sentence is made in the reader's language: `fault.position.<key>`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PositionError {
    /// Neither pair is whole, or both are given.
    #[error("give latitude and longitude, or easting, northing and the system")]
    Incomplete,
    /// Metres in which system?
    #[error("easting and northing need their system: 25832, 25833 or 25835")]
    NoSystem,
    /// A system that is not known here, or one of degrees for metres, or the other way round.
    #[error("{epsg} is not a system for these coordinates")]
    WrongSystem {
        /// EPSG number.
        epsg: u32,
    },
}

impl PositionError {
    /// Name of the sentence that says this in a language.
    pub fn key(&self) -> &'static str {
        match self {
            PositionError::Incomplete => "incomplete",
            PositionError::NoSystem => "no_system",
            PositionError::WrongSystem { .. } => "wrong_system",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            PositionError::WrongSystem { epsg } => vec![("epsg", epsg.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Position {
    /// Reads a place from degrees (north, east) or from metres (east, north) and their system.
    ///
    /// # Errors
    ///
    /// Neither pair is whole, or the system does not fit.
    pub fn read(
        degrees: (Option<f64>, Option<f64>),
        metres: (Option<f64>, Option<f64>),
        epsg: Option<u32>,
    ) -> Result<Position, PositionError> {
        let known = |epsg| Crs::from_epsg(epsg).ok_or(PositionError::WrongSystem { epsg });
        let named = epsg.map(known).transpose()?;
        let wrong = |crs: Crs| PositionError::WrongSystem { epsg: crs.epsg() };
        match (degrees, metres, named) {
            ((Some(north), Some(east)), (None, None), None) => {
                Ok(Position::geographic(north, east))
            }
            ((Some(y), Some(x)), (None, None), Some(crs)) if crs.is_geographic() => {
                Ok(Position { coordinate: Coord { x, y }, crs })
            }
            ((None, None), (Some(x), Some(y)), Some(crs)) if !crs.is_geographic() => {
                Ok(Position { coordinate: Coord { x, y }, crs })
            }
            ((None, None), (Some(_), Some(_)), None) => Err(PositionError::NoSystem),
            ((Some(_), Some(_)), (None, None), Some(crs))
            | ((None, None), (Some(_), Some(_)), Some(crs)) => Err(wrong(crs)),
            _ => Err(PositionError::Incomplete),
        }
    }

    /// A place by degrees north and east.
    pub fn geographic(latitude: f64, longitude: f64) -> Position {
        Position { coordinate: Coord { x: longitude, y: latitude }, crs: Crs::Etrs89 }
    }

    /// The same place in another system.
    pub fn within(self, crs: Crs) -> Coord<f64> {
        let mut moved = [self.coordinate];
        transform(self.crs, crs, &mut moved);
        moved[0]
    }
}
