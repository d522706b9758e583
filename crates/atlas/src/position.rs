use geo_types::Coord;
use places::crs::{Crs, Order, Reading, Suspicion, suspect, transformed};

/// A place in Norway as somebody gave it, Svalbard and Jan Mayen included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    coordinate: Coord<f64>,
    crs: Crs,
    area: Area,
}

/// Which part of Norway a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The mainland and the sea around it.
    Mainland,
    /// Svalbard and Bear Island, which no municipality holds.
    Svalbard,
    /// Jan Mayen, which no municipality holds.
    JanMayen,
}

impl Area {
    /// Name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Area::Mainland => "mainland",
            Area::Svalbard => "svalbard",
            Area::JanMayen => "jan_mayen",
        }
    }
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
    /// The numbers are no place in Norway as they stand, and one when they are read otherwise.
    #[error("{x} {y} look like EPSG:{} in another order or system", reading.crs.epsg())]
    Misread {
        /// Given as easting or longitude.
        x: f64,
        /// Given as northing or latitude.
        y: f64,
        /// The likeliest reading.
        reading: Reading,
    },
    /// In no reading a place in Norway.
    #[error("{x} {y} is no place in Norway")]
    Outside {
        /// Given as easting or longitude.
        x: f64,
        /// Given as northing or latitude.
        y: f64,
    },
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
            PositionError::Outside { .. } => "outside",
            PositionError::Misread { reading, .. } => {
                match (reading.crs.is_geographic(), reading.order) {
                    (true, Order::EastNorth) => "looks_like_degrees",
                    (true, Order::NorthEast) => "looks_like_swapped_degrees",
                    (false, Order::EastNorth) => "looks_like_metres",
                    (false, Order::NorthEast) => "looks_like_swapped_metres",
                }
            }
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            PositionError::WrongSystem { epsg } => vec![("epsg", epsg.to_string())],
            PositionError::Outside { x, y } => vec![("x", x.to_string()), ("y", y.to_string())],
            PositionError::Misread { x, y, reading } => vec![
                ("x", x.to_string()),
                ("y", y.to_string()),
                ("epsg", reading.crs.epsg().to_string()),
                ("system", system(reading.crs).to_owned()),
            ],
            _ => Vec::new(),
        }
    }
}

/// What people call a system.
fn system(crs: Crs) -> &'static str {
    match crs {
        Crs::Etrs89 => "ETRS89",
        Crs::Wgs84 => "WGS 84",
        Crs::Utm32 => "UTM 32",
        Crs::Utm33 => "UTM 33",
        Crs::Utm35 => "UTM 35",
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
            ((Some(north), Some(east)), (None, None), None) => Position::geographic(north, east),
            ((Some(y), Some(x)), (None, None), Some(crs)) if crs.is_geographic() => {
                Position::new(Coord { x, y }, crs)
            }
            ((None, None), (Some(x), Some(y)), Some(crs)) if !crs.is_geographic() => {
                Position::new(Coord { x, y }, crs)
            }
            ((None, None), (Some(_), Some(_)), None) => Err(PositionError::NoSystem),
            ((Some(_), Some(_)), (None, None), Some(crs))
            | ((None, None), (Some(_), Some(_)), Some(crs)) => Err(wrong(crs)),
            _ => Err(PositionError::Incomplete),
        }
    }

    /// A place by degrees north and east.
    ///
    /// # Errors
    ///
    /// As [`Position::new`].
    pub fn geographic(latitude: f64, longitude: f64) -> Result<Position, PositionError> {
        Position::new(Coord { x: longitude, y: latitude }, Crs::Etrs89)
    }

    /// A place by x and y in a system.
    ///
    /// # Errors
    ///
    /// It is no place in Norway; the error says what the numbers look like instead.
    pub fn new(coordinate: Coord<f64>, crs: Crs) -> Result<Position, PositionError> {
        let Coord { x, y } = coordinate;
        let area = match suspect(crs, coordinate) {
            None => Area::Mainland,
            Some(Suspicion::Svalbard) => Area::Svalbard,
            Some(Suspicion::JanMayen) => Area::JanMayen,
            Some(Suspicion::Outside) => return Err(PositionError::Outside { x, y }),
            Some(Suspicion::Misread(readings)) => {
                return Err(match readings.first() {
                    Some(&reading) => PositionError::Misread { x, y, reading },
                    None => PositionError::Outside { x, y },
                });
            }
        };
        Ok(Position { coordinate, crs, area })
    }

    /// Which part of Norway it is in.
    pub fn area(self) -> Area {
        self.area
    }

    /// The same place in another system.
    pub fn within(self, crs: Crs) -> Coord<f64> {
        transformed(self.crs, crs, self.coordinate)
            .expect("every system here reaches every place in Norway")
    }
}
