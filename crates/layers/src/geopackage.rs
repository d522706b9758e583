//! GeoPackage: one table of features, walked row by row.

use std::path::Path;

use store::Value;
use store::foreign::{Foreign, Place};

use crate::reader::{Found, Source};
use crate::{Feature, Field, FieldKind, LayerError, Notes, Property, srs, wkb};

const FORMAT: &str = "GeoPackage";

/// Layers with shapes: table, column, system.
const LAYERS: &str = "SELECT c.table_name, g.column_name, g.srs_id
    FROM gpkg_contents c JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name)
    WHERE c.data_type = 'features' ORDER BY c.rowid";

const SYSTEM: &str = "SELECT organization, organization_coordsys_id, definition
    FROM gpkg_spatial_ref_sys WHERE srs_id = CAST(?1 AS INTEGER)";

/// Opens a file.
pub(crate) fn open(path: &Path, layer: Option<&str>) -> Result<Found, LayerError> {
    let foreign = Foreign::open(path)?;
    let layers = foreign.rows(LAYERS, &[])?;
    let name = |row: &Vec<Value>| row[0].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = layers.rows.iter().map(name).collect();
    let chosen = match (layer, layers.rows.as_slice()) {
        (None, [only]) => only,
        (None, []) => {
            return Err(LayerError::NoSuchLayer { layer: String::new(), layers: names });
        }
        (None, _) => return Err(LayerError::SeveralLayers { layers: names }),
        (Some(layer), rows) => {
            let found = rows.iter().find(|row| row[0].as_str() == Some(layer));
            let layer = layer.to_owned();
            found.ok_or(LayerError::NoSuchLayer { layer, layers: names })?
        }
    };
    let table = name(chosen);
    let geometry = chosen[1].as_str().unwrap_or_default().to_owned();
    let crs = system(&foreign, chosen[2].as_i64().unwrap_or(-1))?;
    let info = format!("PRAGMA table_info(\"{}\")", table.replace('"', "\"\""));
    let info = foreign.rows(&info, &[])?;
    let mut fields = Vec::new();
    for column in &info.rows {
        let [_, name, kind, _, _, key, ..] = column.as_slice() else { continue };
        let (name, kind) = (name.as_str().unwrap_or_default(), kind.as_str().unwrap_or_default());
        // The row's number, which is no statement about the feature.
        let is_key = key.as_i64() == Some(1) && kind.eq_ignore_ascii_case("INTEGER");
        let kind = field_kind(kind).filter(|_| !is_key && !name.eq_ignore_ascii_case(&geometry));
        fields.extend(kind.map(|kind| Field { name: name.to_owned(), kind }));
    }
    let count = format!("SELECT count(*) FROM \"{}\"", table.replace('"', "\"\""));
    let count = foreign.rows(&count, &[])?.rows[0][0].as_i64();
    let mut columns = vec![geometry];
    columns.extend(fields.iter().map(|field| field.name.clone()));
    let place = foreign.beginning(&table)?;
    Ok(Found {
        name: Some(table.clone()),
        crs,
        default_crs: None,
        fields: fields.clone(),
        count: count.and_then(|count| u64::try_from(count).ok()),
        provenance: None,
        source: Box::new(Table {
            foreign,
            table,
            columns,
            fields,
            place,
            count: 0,
            notes: Notes::default(),
        }),
    })
}

/// The system with a number of the file's own; `None` for the two that mean "unknown".
fn system(foreign: &Foreign, id: i64) -> Result<Option<places::crs::Crs>, LayerError> {
    if id == 0 || id == -1 {
        return Ok(None);
    }
    let rows = foreign.rows(SYSTEM, &[&id.to_string()])?.rows;
    let Some(row) = rows.first() else {
        return Err(LayerError::UnknownSystem { found: format!("srs_id {id}") });
    };
    let organization = row[0].as_str().unwrap_or_default();
    if let ("EPSG", Some(code)) = (organization.to_ascii_uppercase().as_str(), row[1].as_i64()) {
        return Ok(Some(srs::from_name(&format!("EPSG:{code}"))?.crs));
    }
    srs::from_wkt(row[2].as_str().unwrap_or_default()).map(Some)
}

/// The kind of a column; `None` for bytes.
fn field_kind(declared: &str) -> Option<FieldKind> {
    let word = declared.split('(').next().unwrap_or_default().trim().to_ascii_uppercase();
    Some(match word.as_str() {
        "BOOLEAN" => FieldKind::Flag,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => FieldKind::Whole,
        "FLOAT" | "DOUBLE" | "REAL" | "NUMERIC" => FieldKind::Number,
        "BLOB" | "GEOMETRY" => return None,
        _ => FieldKind::Text,
    })
}

struct Table {
    foreign: Foreign,
    table: String,
    columns: Vec<String>,
    fields: Vec<Field>,
    place: Place,
    count: u64,
    notes: Notes,
}

impl Source for Table {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        let next = self.foreign.next(&self.table, &self.columns, self.place)?;
        let Some((place, row)) = next else { return Ok(None) };
        self.place = place;
        self.count += 1;
        let place = || format!("feature {}", self.count);
        let mut cells = row.into_iter();
        let shape = match cells.next() {
            None | Some(Value::Null) => None,
            Some(Value::Blob(blob)) => {
                let shape = shape(&blob, &mut self.notes);
                Some(shape.map_err(|problem| LayerError::syntax(FORMAT, place(), problem))?)
            }
            Some(_) => {
                let problem = "the shape is no blob";
                return Err(LayerError::syntax(FORMAT, place(), problem));
            }
        };
        let properties = self.fields.iter().zip(cells).map(|(field, cell)| property(field, cell));
        Ok(Some(Feature { shape, properties: properties.collect() }))
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}

fn property(field: &Field, cell: Value) -> Property {
    let property = match (field.kind, cell) {
        (_, Value::Null | Value::Blob(_)) => Property::Absent,
        (FieldKind::Flag, Value::Integer(number)) => Property::Flag(number != 0),
        (_, Value::Integer(number)) => Property::Whole(number),
        (_, Value::Real(number)) => Property::Number(number),
        (_, Value::Text(text)) => Property::Text(text),
    };
    property.into_kind(field.kind)
}

/// Reads a shape with the header that GeoPackage puts before it.
pub(crate) fn shape(
    blob: &[u8],
    notes: &mut Notes,
) -> Result<geo_types::Geometry<f64>, wkb::Problem> {
    let [b'G', b'P', 0, flags, rest @ ..] = blob else {
        return Err("the shape has no header of GeoPackage 1".to_owned());
    };
    if flags & 0b10_0000 != 0 {
        return Err("shapes of an extension are not supported".to_owned());
    }
    let envelope = match flags >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("{other} is no kind of envelope")),
    };
    // The number of the system stands before the envelope.
    let well_known = rest.get(4 + envelope..).ok_or("the shape is cut off")?;
    wkb::read(well_known, notes)
}
