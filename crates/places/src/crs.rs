//! Coordinate systems of Norway: 4258, 4326, 25832, 25833, 25835.

use geo_types::Coord;

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

/// Moves coordinates from one system to another, in place.
pub fn transform(from: Crs, to: Crs, coordinates: &mut [Coord<f64>]) {
    let name = |system: Crs| match system {
        Crs::Wgs84 => "EPSG:4258".to_owned(),
        other => format!("EPSG:{}", other.epsg()),
    };
    if name(from) == name(to) {
        return;
    }
    let Ok(way) = proj_core::Transform::new(&name(from), &name(to)) else { return };
    for coordinate in coordinates {
        if let Ok((x, y)) = way.convert((coordinate.x, coordinate.y)) {
            *coordinate = Coord { x, y };
        }
    }
}
