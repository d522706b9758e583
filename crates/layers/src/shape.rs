//! Shapes from rings, the same way for every format.

use geo_types::{Coord, Geometry, LineString, MultiPoint, MultiPolygon, Polygon};

use crate::Notes;

/// A polygon from its rings, the outer one first; rings are closed, and that is noted.
pub(crate) fn polygon(rings: Vec<Vec<Coord<f64>>>, notes: &mut Notes) -> Polygon<f64> {
    let mut rings = rings.into_iter().map(|ring| {
        if ring.first() != ring.last() {
            notes.open_rings += 1;
        }
        if !ring.is_empty() && ring.len() < 4 {
            notes.short_rings += 1;
        }
        LineString(ring)
    });
    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(outer, rings.collect())
}

/// The empty point, which the types here do not have otherwise.
pub(crate) fn empty_point() -> Geometry<f64> {
    Geometry::MultiPoint(MultiPoint(Vec::new()))
}

/// Calls `see` with every coordinate.
pub(crate) fn each_coordinate(shape: &Geometry<f64>, see: &mut dyn FnMut(Coord<f64>)) {
    match shape {
        Geometry::Point(point) => see(point.0),
        Geometry::Line(line) => [line.start, line.end].into_iter().for_each(see),
        Geometry::LineString(line) => each_of_line(line, see),
        Geometry::Polygon(polygon) => each_of_polygon(polygon, see),
        Geometry::MultiPoint(points) => points.0.iter().for_each(|point| see(point.0)),
        Geometry::MultiLineString(lines) => {
            lines.0.iter().for_each(|line| each_of_line(line, see));
        }
        Geometry::MultiPolygon(polygons) => {
            polygons.0.iter().for_each(|polygon| each_of_polygon(polygon, see));
        }
        Geometry::GeometryCollection(shapes) => {
            shapes.0.iter().for_each(|shape| each_coordinate(shape, see));
        }
        Geometry::Rect(rect) => [rect.min(), rect.max()].into_iter().for_each(see),
        Geometry::Triangle(triangle) => triangle.to_array().into_iter().for_each(see),
    }
}

fn each_of_line(line: &LineString<f64>, see: &mut dyn FnMut(Coord<f64>)) {
    line.0.iter().copied().for_each(see);
}

fn each_of_polygon(polygon: &Polygon<f64>, see: &mut dyn FnMut(Coord<f64>)) {
    each_of_line(polygon.exterior(), see);
    polygon.interiors().iter().for_each(|ring| each_of_line(ring, see));
}

/// The surfaces of a shape as one multipolygon; `None` when it has none.
pub(crate) fn surfaces(shape: Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
        Geometry::MultiPolygon(polygons) => Some(polygons),
        Geometry::GeometryCollection(shapes) => {
            let parts: Vec<Polygon<f64>> =
                shapes.0.into_iter().filter_map(surfaces).flat_map(|part| part.0).collect();
            (!parts.is_empty()).then_some(MultiPolygon(parts))
        }
        _ => None,
    }
}
