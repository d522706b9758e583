use std::io::Write;

use geo_types::{Coord, Geometry, LineString, Polygon};
use places::Region;
use places::crs::{Crs, transform};
use serde_json::{Map, Number, Value};

use crate::{Feature, Field, Property};

/// Which system GeoJSON is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axes {
    /// WGS 84 with seven decimals, a centimetre, as RFC 7946 asks.
    Degrees,
    /// That of the layer, named in a `crs` member as in 2008; metres with three decimals.
    AsIs,
}

/// Writes GeoJSON, feature by feature.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    fields: Vec<Field>,
    from: Crs,
    to: Crs,
    count: u64,
}

/// One region as a collection of one feature, in degrees, with its code and name.
///
/// # Errors
///
/// None that memory does not make.
pub fn one(region: &Region, crs: Crs) -> std::io::Result<Vec<u8>> {
    let fields = [Field::text("code"), Field::text("name")];
    let mut writer = Writer::new(Vec::new(), &fields, crs, Axes::Degrees)?;
    let properties = vec![Property::Text(region.code.clone()), Property::Text(region.name.clone())];
    let shape = Some(Geometry::MultiPolygon(region.shape.clone()));
    writer.write(&Feature { shape, properties })?;
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins a collection of features whose coordinates are in `crs`.
    ///
    /// # Errors
    ///
    /// What `output` says, here and below.
    pub fn new(mut output: W, fields: &[Field], crs: Crs, axes: Axes) -> std::io::Result<Self> {
        let to = if axes == Axes::Degrees { Crs::Wgs84 } else { crs };
        output.write_all(b"{\"type\":\"FeatureCollection\",")?;
        if to != Crs::Wgs84 {
            let name = format!("urn:ogc:def:crs:EPSG::{}", to.epsg());
            let named = serde_json::json!({ "type": "name", "properties": { "name": name } });
            write!(output, "\"crs\":{named},")?;
        }
        output.write_all(b"\"features\":[")?;
        Ok(Writer { output, fields: fields.to_vec(), from: crs, to, count: 0 })
    }

    /// Adds a feature.
    pub fn write(&mut self, feature: &Feature) -> std::io::Result<()> {
        self.output.write_all(if self.count == 0 { b"\n" } else { b",\n" })?;
        self.count += 1;
        let mut properties = Map::new();
        for (field, value) in self.fields.iter().zip(&feature.properties) {
            properties.insert(field.name.clone(), json(value));
        }
        self.output.write_all(b"{\"type\":\"Feature\",\"properties\":")?;
        serde_json::to_writer(&mut self.output, &properties)?;
        self.output.write_all(b",\"geometry\":")?;
        match &feature.shape {
            None => self.output.write_all(b"null")?,
            Some(shape) => self.shape(shape)?,
        }
        self.output.write_all(b"}")
    }

    /// Ends the collection and gives back the output.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.output.write_all(b"\n]}\n")?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn shape(&mut self, shape: &Geometry<f64>) -> std::io::Result<()> {
        if let Geometry::GeometryCollection(shapes) = shape {
            self.output.write_all(b"{\"type\":\"GeometryCollection\",\"geometries\":[")?;
            for (at, shape) in shapes.0.iter().enumerate() {
                if at > 0 {
                    self.output.write_all(b",")?;
                }
                self.shape(shape)?;
            }
            return self.output.write_all(b"]}");
        }
        let (_, kind) = crate::wkb::kind(shape);
        write!(self.output, "{{\"type\":\"{kind}\",\"coordinates\":")?;
        self.coordinates(shape)?;
        self.output.write_all(b"}")
    }

    fn coordinates(&mut self, shape: &Geometry<f64>) -> std::io::Result<()> {
        match shape {
            Geometry::Point(point) => self.line(&[point.0], Nesting::Bare),
            Geometry::Line(line) => self.line(&[line.start, line.end], Nesting::List),
            Geometry::LineString(line) => self.line(&line.0, Nesting::List),
            Geometry::MultiPoint(points) => {
                let points: Vec<_> = points.0.iter().map(|point| point.0).collect();
                self.line(&points, Nesting::List)
            }
            Geometry::MultiLineString(lines) => {
                self.each(&lines.0, |writer, line| writer.line(&line.0, Nesting::List))
            }
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPolygon(polygons) => self.each(&polygons.0, Self::polygon),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(_) => Ok(()),
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) -> std::io::Result<()> {
        let mut rings: Vec<&LineString<f64>> = vec![polygon.exterior()];
        rings.extend(polygon.interiors());
        rings.retain(|ring| !ring.0.is_empty());
        self.each(&rings, |writer, ring| writer.line(&ring.0, Nesting::List))
    }

    fn each<T>(
        &mut self,
        parts: &[T],
        mut write: impl FnMut(&mut Self, &T) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        self.output.write_all(b"[")?;
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.output.write_all(b",")?;
            }
            write(self, part)?;
        }
        self.output.write_all(b"]")
    }

    fn line(&mut self, line: &[Coord<f64>], nesting: Nesting) -> std::io::Result<()> {
        let mut line = line.to_vec();
        if self.from != self.to {
            transform(self.from, self.to, &mut line).map_err(std::io::Error::other)?;
        }
        let factor = if self.to.is_geographic() { 1e7 } else { 1e3 };
        let rounded = |number: f64| {
            let rounded = (number * factor).round() / factor;
            // Minus nothing is nothing.
            if rounded == 0.0 { 0.0 } else { rounded }
        };
        if nesting == Nesting::List {
            self.output.write_all(b"[")?;
        }
        for (at, place) in line.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(self.output, "{comma}[{},{}]", rounded(place.x), rounded(place.y))?;
        }
        if nesting == Nesting::List {
            self.output.write_all(b"]")?;
        }
        Ok(())
    }
}

/// Whether positions stand in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Bare,
    List,
}

fn json(value: &Property) -> Value {
    match value {
        Property::Absent => Value::Null,
        Property::Text(text) => Value::String(text.clone()),
        Property::Whole(number) => Value::from(*number),
        // JSON has no infinity.
        Property::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        Property::Flag(flag) => Value::Bool(*flag),
    }
}
