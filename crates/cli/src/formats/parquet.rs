//! Parquet: typed columns, a gap is a null.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{Cell, Kind, Sheet};

/// Writes one row group; DuckDB, Polars, Spark and pandas read it as it is.
pub fn render(sheet: &Sheet) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("grunnlag".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema(sheet)?), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (at, column) in sheet.columns.iter().enumerate() {
        let cells: Vec<&Cell> = sheet.rows.iter().map(|row| &row[at]).collect();
        let present = |cell: &&Cell| i16::from(**cell != Cell::Missing);
        let levels: Vec<i16> = cells.iter().map(present).collect();
        let Some(mut out) = group.next_column()? else { break };
        match column.kind {
            Kind::Text => {
                let values: Vec<ByteArray> = cells.iter().filter_map(|cell| text(cell)).collect();
                out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            Kind::Integer => {
                let values: Vec<i64> = cells.iter().filter_map(|cell| integer(cell)).collect();
                out.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
            }
            Kind::Number => {
                let values: Vec<f64> = cells.iter().filter_map(|cell| number(cell)).collect();
                out.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
            }
        }
        out.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

fn schema(sheet: &Sheet) -> Result<Type, ParquetError> {
    let fields = sheet.columns.iter().map(|column| {
        let (kind, logical) = match column.kind {
            Kind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (PhysicalType::INT64, None),
            Kind::Number => (PhysicalType::DOUBLE, None),
        };
        Type::primitive_type_builder(&column.key, kind)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    });
    Type::group_type_builder("schema").with_fields(fields.collect::<Result<_, _>>()?).build()
}

fn text(cell: &Cell) -> Option<ByteArray> {
    match cell {
        Cell::Text(text) => Some(ByteArray::from(text.as_str())),
        Cell::Integer(number) => Some(ByteArray::from(number.to_string().as_str())),
        Cell::Number(number) => Some(ByteArray::from(number.to_string().as_str())),
        Cell::Missing => None,
    }
}

fn integer(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Integer(number) => Some(*number),
        _ => None,
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        Cell::Integer(number) => Some(*number as f64),
        _ => None,
    }
}
