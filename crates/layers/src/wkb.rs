//! Well-known binary: shapes as GeoParquet and GeoPackage keep them.
//!
//! Reads ISO and extended WKB of either byte order; heights and measures are dropped. A
//! count is believed only as far as there are bytes for it, and nesting has an end, so
//! that no blob takes more memory than its own length.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::{Notes, shape};

/// How deep collections may lie in collections.
const DEEPEST: usize = 16;

/// Flags of extended WKB: height, measure, and a number of the system that stands in between.
const EXTENDED_Z: u32 = 0x8000_0000;
const EXTENDED_M: u32 = 0x4000_0000;
const EXTENDED_SRID: u32 = 0x2000_0000;

/// What is wrong with a blob, in words.
pub(crate) type Problem = String;

/// Reads one shape; what follows it is a fault.
pub(crate) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Geometry<f64>, Problem> {
    let mut cursor = Cursor { bytes, little: true };
    let shape = cursor.shape(DEEPEST, notes)?;
    if cursor.bytes.is_empty() {
        Ok(shape)
    } else {
        Err(format!("{} bytes stand after the shape", cursor.bytes.len()))
    }
}

struct Cursor<'blob> {
    bytes: &'blob [u8],
    little: bool,
}

/// Numbers to a position, and which of them are not x and y.
#[derive(Clone, Copy)]
struct Head {
    kind: u32,
    extra: usize,
}

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (taken, rest) =
            self.bytes.split_first_chunk::<N>().ok_or("the shape is cut off".to_owned())?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, Problem> {
        let bytes = self.take::<4>()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self) -> Result<f64, Problem> {
        let bytes = self.take::<8>()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things that take at least `least` bytes each.
    fn count(&mut self, least: usize) -> Result<usize, Problem> {
        let count = self.number()? as usize;
        if count > self.bytes.len() / least {
            return Err(format!("{count} parts are announced, and there are not so many bytes"));
        }
        Ok(count)
    }

    fn head(&mut self, notes: &mut Notes) -> Result<Head, Problem> {
        self.little = match self.take::<1>()?[0] {
            0 => false,
            1 => true,
            other => return Err(format!("{other} is no byte order")),
        };
        let code = self.number()?;
        if code & EXTENDED_SRID != 0 {
            self.number()?;
        }
        let plain = code & 0x0FFF_FFFF;
        let (kind, iso) = (plain % 1000, plain / 1000);
        if iso > 3 {
            return Err(format!("{code} is no kind of shape"));
        }
        let has_z = code & EXTENDED_Z != 0 || iso == 1 || iso == 3;
        let has_m = code & EXTENDED_M != 0 || iso == 2 || iso == 3;
        notes.heights += u64::from(has_z);
        Ok(Head { kind, extra: usize::from(has_z) + usize::from(has_m) })
    }

    fn coordinate(&mut self, head: Head) -> Result<Coord<f64>, Problem> {
        let at = Coord { x: self.double()?, y: self.double()? };
        for _ in 0..head.extra {
            self.take::<8>()?;
        }
        Ok(at)
    }

    fn coordinates(&mut self, head: Head) -> Result<Vec<Coord<f64>>, Problem> {
        let count = self.count(16 + 8 * head.extra)?;
        (0..count).map(|_| self.coordinate(head)).collect()
    }

    fn polygon(&mut self, head: Head, notes: &mut Notes) -> Result<Polygon<f64>, Problem> {
        let count = self.count(4)?;
        let rings: Vec<_> = (0..count).map(|_| self.coordinates(head)).collect::<Result<_, _>>()?;
        Ok(shape::polygon(rings, notes))
    }

    fn shape(&mut self, deeper: usize, notes: &mut Notes) -> Result<Geometry<f64>, Problem> {
        let before = notes.heights;
        let head = self.head(notes)?;
        let shape = match head.kind {
            1 => {
                let at = self.coordinate(head)?;
                // The customary way to write an empty point.
                if at.x.is_nan() && at.y.is_nan() {
                    shape::empty_point()
                } else {
                    Geometry::Point(Point(at))
                }
            }
            2 => Geometry::LineString(LineString(self.coordinates(head)?)),
            3 => Geometry::Polygon(self.polygon(head, notes)?),
            4..=7 => {
                let deeper = deeper.checked_sub(1).ok_or("collections lie too deep")?;
                let count = self.count(5)?;
                let parts = (0..count)
                    .map(|_| self.shape(deeper, notes))
                    .collect::<Result<Vec<_>, Problem>>()?;
                multi(head.kind, parts)?
            }
            8..=14 => return Err("curved shapes are not supported".to_owned()),
            15..=17 => return Err("solids and triangulations are not supported".to_owned()),
            other => return Err(format!("{other} is no kind of shape")),
        };
        // A shape counts once, whatever it is made of.
        notes.heights = notes.heights.min(before + 1);
        Ok(shape)
    }
}

/// Puts parts together; each must be of the kind that the whole is made of.
fn multi(kind: u32, parts: Vec<Geometry<f64>>) -> Result<Geometry<f64>, Problem> {
    let wrong = || "a part of a multi-shape is of another kind".to_owned();
    Ok(match kind {
        4 => {
            let points = parts.into_iter().filter_map(|part| match part {
                Geometry::Point(point) => Some(Ok(point)),
                Geometry::MultiPoint(points) if points.0.is_empty() => None,
                _ => Some(Err(wrong())),
            });
            Geometry::MultiPoint(MultiPoint(points.collect::<Result<_, _>>()?))
        }
        5 => {
            let lines = parts.into_iter().map(|part| match part {
                Geometry::LineString(line) => Ok(line),
                _ => Err(wrong()),
            });
            Geometry::MultiLineString(MultiLineString(lines.collect::<Result<_, _>>()?))
        }
        6 => {
            let polygons = parts.into_iter().map(|part| match part {
                Geometry::Polygon(polygon) => Ok(polygon),
                _ => Err(wrong()),
            });
            Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
        }
        _ => Geometry::GeometryCollection(GeometryCollection(parts)),
    })
}

/// The number of a kind in WKB, and its name in GeoParquet.
pub(crate) fn kind(shape: &Geometry<f64>) -> (u32, &'static str) {
    match shape {
        Geometry::Point(_) => (1, "Point"),
        Geometry::Line(_) | Geometry::LineString(_) => (2, "LineString"),
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => (3, "Polygon"),
        Geometry::MultiPoint(_) => (4, "MultiPoint"),
        Geometry::MultiLineString(_) => (5, "MultiLineString"),
        Geometry::MultiPolygon(_) => (6, "MultiPolygon"),
        Geometry::GeometryCollection(_) => (7, "GeometryCollection"),
    }
}

/// Writes a shape, little-endian.
pub(crate) fn write(shape: &Geometry<f64>, into: &mut Vec<u8>) {
    let (code, _) = kind(shape);
    head(code, into);
    match shape {
        Geometry::Point(point) => coordinate(point.0, into),
        Geometry::Line(line) => coordinates(&[line.start, line.end], into),
        Geometry::LineString(line) => coordinates(&line.0, into),
        Geometry::Polygon(polygon) => rings(polygon, into),
        Geometry::Rect(rect) => rings(&rect.to_polygon(), into),
        Geometry::Triangle(triangle) => rings(&triangle.to_polygon(), into),
        Geometry::MultiPoint(points) => {
            count(points.0.len(), into);
            for point in &points.0 {
                head(1, into);
                coordinate(point.0, into);
            }
        }
        Geometry::MultiLineString(lines) => {
            count(lines.0.len(), into);
            for line in &lines.0 {
                head(2, into);
                coordinates(&line.0, into);
            }
        }
        Geometry::MultiPolygon(polygons) => {
            count(polygons.0.len(), into);
            for polygon in &polygons.0 {
                head(3, into);
                rings(polygon, into);
            }
        }
        Geometry::GeometryCollection(shapes) => {
            count(shapes.0.len(), into);
            shapes.0.iter().for_each(|shape| write(shape, into));
        }
    }
}

fn head(kind: u32, into: &mut Vec<u8>) {
    into.push(1);
    into.extend_from_slice(&kind.to_le_bytes());
}

fn count(count: usize, into: &mut Vec<u8>) {
    // Four billion positions would be 64 GB of memory in one shape.
    into.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn coordinate(at: Coord<f64>, into: &mut Vec<u8>) {
    into.extend_from_slice(&at.x.to_le_bytes());
    into.extend_from_slice(&at.y.to_le_bytes());
}

fn coordinates(line: &[Coord<f64>], into: &mut Vec<u8>) {
    count(line.len(), into);
    line.iter().for_each(|at| coordinate(*at, into));
}

fn rings(polygon: &Polygon<f64>, into: &mut Vec<u8>) {
    if polygon.exterior().0.is_empty() {
        count(0, into);
        return;
    }
    count(1 + polygon.interiors().len(), into);
    coordinates(&polygon.exterior().0, into);
    polygon.interiors().iter().for_each(|ring| coordinates(&ring.0, into));
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, point, polygon};

    use super::*;

    fn shapes() -> Vec<Geometry<f64>> {
        let holed = polygon!(
            exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 0.)],
            interiors: [[(x: 4., y: 1.), (x: 5., y: 1.), (x: 5., y: 2.), (x: 4., y: 1.)]],
        );
        let line = line_string![(x: 1., y: 2.), (x: 3., y: 4.)];
        vec![
            point!(x: 1.5, y: -2.5).into(),
            line.clone().into(),
            holed.clone().into(),
            MultiPoint(vec![point!(x: 1., y: 2.)]).into(),
            MultiLineString(vec![line]).into(),
            MultiPolygon(vec![holed.clone(), holed.clone()]).into(),
            Geometry::GeometryCollection(GeometryCollection(vec![holed.into()])),
            Polygon::new(LineString(Vec::new()), Vec::new()).into(),
        ]
    }

    #[test]
    fn every_shape_comes_back() {
        for shape in shapes() {
            let mut bytes = Vec::new();
            write(&shape, &mut bytes);
            assert_eq!(read(&bytes, &mut Notes::default()), Ok(shape));
        }
    }

    #[test]
    fn a_shape_that_is_cut_off_anywhere_is_refused() {
        for shape in shapes() {
            let mut bytes = Vec::new();
            write(&shape, &mut bytes);
            for length in 0..bytes.len() {
                assert!(read(&bytes[..length], &mut Notes::default()).is_err(), "{length}");
            }
        }
    }

    #[test]
    fn heights_and_systems_are_stepped_over() {
        // SELECT ST_AsEWKB('SRID=25833;POINT Z (1 2 3)') of PostGIS, big-endian.
        let mut bytes = vec![0];
        bytes.extend_from_slice(&(0xA000_0001_u32).to_be_bytes());
        bytes.extend_from_slice(&25833_u32.to_be_bytes());
        for number in [1.0_f64, 2.0, 3.0] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        let mut notes = Notes::default();
        assert_eq!(read(&bytes, &mut notes), Ok(point!(x: 1., y: 2.).into()));
        assert_eq!(notes.heights, 1);
    }

    #[test]
    fn absurd_counts_and_depths_are_refused_without_memory() {
        let mut absurd = vec![1];
        absurd.extend_from_slice(&2_u32.to_le_bytes());
        absurd.extend_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&absurd, &mut Notes::default()).is_err());

        let mut deep = Vec::new();
        for _ in 0..100_000 {
            head(7, &mut deep);
            count(1, &mut deep);
        }
        let problem = read(&deep, &mut Notes::default());
        assert_eq!(problem, Err("collections lie too deep".to_owned()));
    }
}
