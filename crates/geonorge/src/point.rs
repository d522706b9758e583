//! Points and outlines with the system that they came in.

use serde::Deserialize;
use serde_json::Value;

use crate::GeonorgeError;

/// A point in the system that the answer names; nothing is converted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// EPSG number: 4258, 25833.
    pub epsg: u32,
    /// Easting in metres, or longitude in degrees.
    pub x: f64,
    /// Northing in metres, or latitude in degrees.
    pub y: f64,
}

/// A shape as kommuneinfo gives it: GeoJSON with a member `crs` of its own, longitude first.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// EPSG number that its own `crs` names.
    pub epsg: u32,
    /// The shape.
    pub shape: Shape,
}

/// A closed line, easting or longitude first.
pub type Ring = Vec<[f64; 2]>;

/// What an outline is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// One place.
    Point([f64; 2]),
    /// An outer ring, then its holes.
    Polygon(Vec<Ring>),
    /// Several of them.
    MultiPolygon(Vec<Vec<Ring>>),
}

impl Outline {
    pub(crate) fn read(what: &'static str, value: Value) -> Result<Outline, GeonorgeError> {
        let read = || -> Result<Outline, String> {
            let raw: RawOutline =
                serde_json::from_value(value).map_err(|error| error.to_string())?;
            let epsg = raw.crs.as_ref().and_then(|crs| epsg_of(&crs.properties.name));
            let epsg = epsg.ok_or("a shape that names no coordinate system")?;
            let shape = match raw.kind.as_str() {
                "Point" => Shape::Point(coordinates(raw.coordinates)?),
                "Polygon" => Shape::Polygon(coordinates(raw.coordinates)?),
                "MultiPolygon" => Shape::MultiPolygon(coordinates(raw.coordinates)?),
                other => return Err(format!("a shape of the kind `{other}`")),
            };
            Ok(Outline { epsg, shape })
        };
        read().map_err(|problem| GeonorgeError::unreadable(what, problem))
    }
}

fn coordinates<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct RawOutline {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Value,
    crs: Option<RawCrs>,
}

#[derive(Deserialize)]
struct RawCrs {
    properties: RawCrsName,
}

#[derive(Deserialize)]
struct RawCrsName {
    name: String,
}

/// The number in `EPSG:25833`, `EPSG/0/25833`, `urn:ogc:def:crs:EPSG::25833` and
/// `http://www.opengis.net/def/crs/EPSG/0/25833`; also in a bare `25833`.
///
/// ```
/// assert_eq!(geonorge::epsg_of("urn:ogc:def:crs:EPSG::25833"), Some(25833));
/// assert_eq!(geonorge::epsg_of("EPSG/0/4258"), Some(4258));
/// assert_eq!(geonorge::epsg_of("Landsdekkende"), None);
/// ```
pub fn epsg_of(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.rsplit([':', '/', '#', ' ']).next()?;
    let is_named = digits.len() == text.len() || text.to_ascii_uppercase().contains("EPSG");
    let number: u32 = digits.parse().ok().filter(|_| is_named)?;
    // Numbers of systems have four or five digits.
    (1_000..100_000).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_without_a_system_is_refused_not_guessed() {
        let shape = serde_json::json!({"type": "Point", "coordinates": [10.7, 59.9]});
        let error = Outline::read("punktIOmrade", shape).expect_err("it names none");
        assert_eq!(
            error.to_string(),
            "the answer about punktIOmrade cannot be read: a shape that names no coordinate system"
        );
    }

    #[test]
    fn numbers_of_systems_are_found_in_every_spelling() {
        for text in ["EPSG:25833", "EPSG/0/25833", "urn:ogc:def:crs:EPSG::25833", " 25833 "] {
            assert_eq!(epsg_of(text), Some(25833), "{text}");
        }
        for text in ["http://www.opengis.net/def/crs/EPSG/0/25833", "epsg:25833"] {
            assert_eq!(epsg_of(text), Some(25833), "{text}");
        }
        for text in ["", "EPSG:", "03", "fylke/03", "ETRS89/25833x", "side/2583399"] {
            assert_eq!(epsg_of(text), None, "{text}");
        }
    }
}
