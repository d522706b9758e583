//! Shapes as GeoArrow keeps them: lists of lists of structs of x and y.

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use parquet::record::{Field, RowAccessor as _};

use crate::{Notes, shape};

/// What is wrong, in words.
type Problem = String;

/// Whether an encoding is one of these.
pub(super) fn is_known(encoding: &str) -> bool {
    matches!(
        encoding,
        "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
    )
}

/// Reads a value of a column with this encoding.
pub(super) fn read(
    encoding: &str,
    value: &Field,
    notes: &mut Notes,
) -> Result<Geometry<f64>, Problem> {
    Ok(match encoding {
        "point" => {
            let at = position(value)?;
            let is_empty = at.x.is_nan() && at.y.is_nan();
            if is_empty { shape::empty_point() } else { Point(at).into() }
        }
        "linestring" => LineString(list(value, position)?).into(),
        "polygon" => polygon(value, notes)?.into(),
        "multipoint" => MultiPoint(list(value, |part| position(part).map(Point))?).into(),
        "multilinestring" => {
            let line = |part: &Field| list(part, position).map(LineString);
            MultiLineString(list(value, line)?).into()
        }
        "multipolygon" => MultiPolygon(list(value, |part| polygon(part, notes))?).into(),
        other => return Err(format!("`{other}` is no encoding of shapes")),
    })
}

fn position(value: &Field) -> Result<Coord<f64>, Problem> {
    let Field::Group(row) = value else { return Err("a position is no struct".to_owned()) };
    let number = |name: &str| {
        let at = row.get_column_iter().position(|(column, _)| column == name);
        at.and_then(|at| row.get_double(at).ok()).ok_or(format!("a position has no `{name}`"))
    };
    Ok(Coord { x: number("x")?, y: number("y")? })
}

fn list<T>(
    value: &Field,
    read: impl FnMut(&Field) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    let Field::ListInternal(list) = value else { return Err("a shape is no list".to_owned()) };
    list.elements().iter().map(read).collect()
}

fn polygon(value: &Field, notes: &mut Notes) -> Result<Polygon<f64>, Problem> {
    let rings = list(value, |ring| list(ring, position))?;
    Ok(shape::polygon(rings, notes))
}
