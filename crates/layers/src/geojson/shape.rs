//! The geometry of a feature, read without a JSON tree.

use std::fmt;

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{Notes, shape};

/// A geometry object as it stands in the file; other members are of no use here.
#[derive(Deserialize)]
pub(super) struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Option<Nest>,
    geometries: Option<Vec<RawShape>>,
}

/// Coordinates, nested as deep as the kind of shape asks for.
#[derive(Debug)]
enum Nest {
    Number(f64),
    Position { at: Coord<f64>, is_flat: bool },
    List(Vec<Nest>),
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Nest;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or a list of coordinates")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nest, E> {
        Ok(Nest::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nest, A::Error> {
        let mut parts = Vec::new();
        match list.next_element::<Nest>()? {
            None => return Ok(Nest::List(parts)),
            Some(Nest::Number(x)) => {
                let y = list.next_element::<f64>()?;
                let y = y.ok_or_else(|| A::Error::custom("a position has one number"))?;
                let mut is_flat = true;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    is_flat = false;
                }
                return Ok(Nest::Position { at: Coord { x, y }, is_flat });
            }
            Some(first) => parts.push(first),
        }
        while let Some(part) = list.next_element::<Nest>()? {
            parts.push(part);
        }
        Ok(Nest::List(parts))
    }
}

/// What is wrong, in words.
type Problem = String;

impl RawShape {
    /// The shape; `notes` hears of what had to be put right.
    pub(super) fn into_shape(self, notes: &mut Notes) -> Result<Geometry<f64>, Problem> {
        if self.kind == "GeometryCollection" {
            let parts = self.geometries.ok_or("a collection has no `geometries`")?;
            let parts = parts.into_iter().map(|part| part.into_shape(notes));
            return Ok(Geometry::GeometryCollection(GeometryCollection(
                parts.collect::<Result<_, _>>()?,
            )));
        }
        let kind = self.kind;
        let nest = self.coordinates.ok_or_else(|| format!("a `{kind}` has no `coordinates`"))?;
        let mut is_flat = true;
        let shape = match kind.as_str() {
            "Point" => match nest {
                Nest::List(parts) if parts.is_empty() => shape::empty_point(),
                nest => Geometry::Point(Point(position(nest, &mut is_flat)?)),
            },
            "MultiPoint" => {
                let points = positions(nest, &mut is_flat)?.into_iter().map(Point);
                Geometry::MultiPoint(MultiPoint(points.collect()))
            }
            "LineString" => Geometry::LineString(LineString(positions(nest, &mut is_flat)?)),
            "MultiLineString" => {
                let lines = lines(nest, &mut is_flat)?.into_iter().map(LineString);
                Geometry::MultiLineString(MultiLineString(lines.collect()))
            }
            "Polygon" => Geometry::Polygon(polygon(nest, &mut is_flat, notes)?),
            "MultiPolygon" => {
                let polygons = list(nest)?.into_iter();
                let polygons = polygons.map(|part| polygon(part, &mut is_flat, notes));
                Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
            }
            other => return Err(format!("`{other}` is no kind of shape")),
        };
        notes.heights += u64::from(!is_flat);
        Ok(shape)
    }
}

fn list(nest: Nest) -> Result<Vec<Nest>, Problem> {
    match nest {
        Nest::List(parts) => Ok(parts),
        _ => Err("the coordinates are not nested deep enough".to_owned()),
    }
}

fn position(nest: Nest, flat: &mut bool) -> Result<Coord<f64>, Problem> {
    match nest {
        Nest::Position { at, is_flat } => {
            *flat &= is_flat;
            Ok(at)
        }
        _ => Err("a position of two numbers was expected".to_owned()),
    }
}

fn positions(nest: Nest, flat: &mut bool) -> Result<Vec<Coord<f64>>, Problem> {
    list(nest)?.into_iter().map(|part| position(part, flat)).collect()
}

fn lines(nest: Nest, flat: &mut bool) -> Result<Vec<Vec<Coord<f64>>>, Problem> {
    list(nest)?.into_iter().map(|part| positions(part, flat)).collect()
}

fn polygon(nest: Nest, flat: &mut bool, notes: &mut Notes) -> Result<Polygon<f64>, Problem> {
    Ok(shape::polygon(lines(nest, flat)?, notes))
}
