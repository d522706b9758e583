use std::fs::File;
use std::path::Path;

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field as Cell;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;
use serde_json::Value;

use super::{GEO, GRUNNLAG, native, refuse};
use crate::guard::guarded;
use crate::reader::{Found, Source};
use crate::{Feature, Field, FieldKind, LayerError, Notes, Property, srs, wkb};

/// Opens a file.
pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    let file = File::open(path).map_err(LayerError::read(path))?;
    // The library panics on schemas that it takes to be impossible.
    let reader = guarded(|| SerializedFileReader::new(file))
        .map_err(|problem| refuse("the end", problem))?
        .map_err(|error| refuse("the end", error))?;
    let metadata = reader.metadata().file_metadata();
    let said = |key: &str| {
        let pairs = metadata.key_value_metadata()?;
        pairs.iter().find(|pair| pair.key == key)?.value.clone()
    };
    let geo = said(GEO).ok_or_else(|| refuse("the metadata", "there is no `geo`"))?;
    let geo: Value = serde_json::from_str(&geo).map_err(|error| refuse("the metadata", error))?;
    let provenance = said(GRUNNLAG).and_then(|text| serde_json::from_str(&text).ok());
    let primary = geo["primary_column"].as_str().unwrap_or("geometry").to_owned();
    let column = &geo["columns"][&primary];
    let encoding = column["encoding"].as_str().unwrap_or_default().to_owned();
    if encoding != "WKB" && !native::is_known(&encoding) {
        let what = format!("the encoding `{encoding}`");
        let place = format!("column `{primary}`");
        return Err(LayerError::NotSupported { format: super::FORMAT, place, what });
    }
    let crs = srs::from_projjson(column.get("crs"))?;
    let schema = metadata.schema().get_fields();
    if schema.iter().all(|field| field.name() != primary) {
        return Err(refuse("the metadata", format!("there is no column `{primary}`")));
    }
    let columns: Vec<Column> =
        schema.iter().map(|field| column_of(field, &geo, &primary)).collect();
    let fields = columns.iter().filter_map(|column| match column {
        Column::Field(field) => Some(field.clone()),
        _ => None,
    });
    let count = u64::try_from(metadata.num_rows()).ok();
    let rows = guarded(|| RowIter::from_file_into(Box::new(reader)))
        .map_err(|problem| refuse("the schema", problem))?;
    Ok(Found {
        name: None,
        crs,
        default_crs: None,
        fields: fields.collect(),
        count,
        provenance,
        source: Box::new(Rows { columns, encoding, rows, count: 0, notes: Notes::default() }),
    })
}

/// What a column of the file is to us.
enum Column {
    Shape,
    Field(Field),
    /// Another shape, or the boxes that speed up a search.
    Skipped,
}

fn column_of(field: &Type, geo: &Value, primary: &str) -> Column {
    let name = field.name();
    if name == primary {
        return Column::Shape;
    }
    let covers = &geo["columns"][primary]["covering"]["bbox"]["xmin"][0];
    if geo["columns"].get(name).is_some() || covers == name {
        return Column::Skipped;
    }
    let kind = match field {
        Type::GroupType { .. } => FieldKind::Text,
        Type::PrimitiveType { physical_type, .. } => {
            let info = field.get_basic_info();
            let is_number = matches!(
                (info.logical_type_ref(), info.converted_type()),
                (None | Some(LogicalType::Integer { .. }), ConvertedType::NONE)
                    | (Some(LogicalType::Integer { .. }), _)
                    | (
                        None,
                        ConvertedType::INT_8
                            | ConvertedType::INT_16
                            | ConvertedType::INT_32
                            | ConvertedType::INT_64
                            | ConvertedType::UINT_8
                            | ConvertedType::UINT_16
                            | ConvertedType::UINT_32
                    )
            );
            match physical_type {
                Physical::BOOLEAN => FieldKind::Flag,
                Physical::INT32 | Physical::INT64 if is_number => FieldKind::Whole,
                Physical::FLOAT | Physical::DOUBLE => FieldKind::Number,
                _ => FieldKind::Text,
            }
        }
    };
    Column::Field(Field { name: name.to_owned(), kind })
}

struct Rows {
    columns: Vec<Column>,
    encoding: String,
    rows: RowIter<'static>,
    count: u64,
    notes: Notes,
}

impl Source for Rows {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        let rows = &mut self.rows;
        let read = guarded(|| rows.next());
        self.count += 1;
        let place = || format!("feature {}", self.count);
        let Some(row) = read.map_err(|problem| refuse(place(), problem))? else { return Ok(None) };
        let row = row.map_err(|error| refuse(place(), error))?;
        let mut feature = Feature { shape: None, properties: Vec::new() };
        for (column, (_, cell)) in self.columns.iter().zip(row.into_columns()) {
            match (column, cell) {
                (Column::Skipped, _) | (Column::Shape, Cell::Null) => {}
                (Column::Shape, Cell::Bytes(bytes)) if self.encoding == "WKB" => {
                    let shape = wkb::read(bytes.data(), &mut self.notes);
                    feature.shape = Some(shape.map_err(|problem| refuse(place(), problem))?);
                }
                (Column::Shape, cell) => {
                    let shape = native::read(&self.encoding, &cell, &mut self.notes);
                    feature.shape = Some(shape.map_err(|problem| refuse(place(), problem))?);
                }
                (Column::Field(field), cell) => {
                    feature.properties.push(property(&cell).into_kind(field.kind));
                }
            }
        }
        Ok(Some(feature))
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}

/// A cell as a property; dates and nested values become text.
fn property(cell: &Cell) -> Property {
    match cell {
        Cell::Null => Property::Absent,
        Cell::Bool(flag) => Property::Flag(*flag),
        Cell::Byte(number) => Property::Whole((*number).into()),
        Cell::Short(number) => Property::Whole((*number).into()),
        Cell::Int(number) => Property::Whole((*number).into()),
        Cell::Long(number) => Property::Whole(*number),
        Cell::UByte(number) => Property::Whole((*number).into()),
        Cell::UShort(number) => Property::Whole((*number).into()),
        Cell::UInt(number) => Property::Whole((*number).into()),
        Cell::ULong(number) => match i64::try_from(*number) {
            Ok(number) => Property::Whole(number),
            Err(_) => Property::Text(number.to_string()),
        },
        Cell::Float(number) => Property::Number((*number).into()),
        Cell::Double(number) => Property::Number(*number),
        Cell::Str(text) => Property::Text(text.clone()),
        Cell::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => Property::Text(text.to_owned()),
            Err(_) => Property::Absent,
        },
        other => Property::Text(other.to_string()),
    }
}
