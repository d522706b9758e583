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

impl Position {
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
