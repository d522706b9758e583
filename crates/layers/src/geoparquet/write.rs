use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use geo_types::Coord;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};
use places::crs::Crs;

use super::{GEO, GRUNNLAG};
use crate::{Feature, Field, FieldKind, Property, Provenance, shape, srs, wkb};

/// The column with the shapes, which stands last.
const GEOMETRY: &str = "geometry";

/// Bytes of shapes, and rows, after which a group is written out.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
const GROUP_ROWS: usize = 16 * 1024;

/// Writes GeoParquet, feature by feature; the same features give the same bytes.
///
/// Memory is bounded by one row group and the largest feature.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<(String, Buffer)>,
    shapes: Values<ByteArrayType>,
    shape_bytes: usize,
    crs: Crs,
    provenance: Provenance,
    kinds: BTreeSet<&'static str>,
    extent: Option<[f64; 4]>,
    rows: u64,
}

impl<W: Write + Send> std::fmt::Debug for Writer<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Writer").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// What is written next of one column: values, and for each row whether it has one.
struct Values<T: DataType> {
    values: Vec<T::T>,
    present: Vec<i16>,
}

enum Buffer {
    Text(Values<ByteArrayType>),
    Whole(Values<Int64Type>),
    Number(Values<DoubleType>),
    Flag(Values<BoolType>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file with these fields, whose names must differ.
    ///
    /// # Errors
    ///
    /// What `output` says, here and below; two fields of one name are an invalid input.
    pub fn new(
        output: W,
        fields: &[Field],
        crs: Crs,
        provenance: &Provenance,
    ) -> std::io::Result<Writer<W>> {
        let mut names: BTreeSet<&str> = BTreeSet::from([GEOMETRY]);
        if let Some(twice) = fields.iter().find(|field| !names.insert(&field.name)) {
            let problem = format!("two columns are called `{}`", twice.name);
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, problem));
        }
        let shapes = ColumnPath::from(GEOMETRY);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("grunnlag".to_owned())
            // The smallest of all outlines says nothing, and takes as much room as any.
            .set_column_statistics_enabled(shapes.clone(), EnabledStatistics::None)
            .set_column_dictionary_enabled(shapes, false)
            .build();
        let schema = schema(fields).map_err(failed)?;
        let file = SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties))
            .map_err(failed)?;
        Ok(Writer {
            file,
            columns: fields.iter().map(|field| (field.name.clone(), buffer(field.kind))).collect(),
            shapes: Values::new(),
            shape_bytes: 0,
            crs,
            provenance: provenance.clone(),
            kinds: BTreeSet::new(),
            extent: None,
            rows: 0,
        })
    }

    /// Adds a feature; a value that does not fit its field's kind is absent.
    pub fn write(&mut self, feature: &Feature) -> std::io::Result<()> {
        for (at, (_, buffer)) in self.columns.iter_mut().enumerate() {
            buffer.push(feature.properties.get(at).unwrap_or(&Property::Absent));
        }
        let bytes = feature.shape.as_ref().map(|shape| {
            self.kinds.insert(wkb::kind(shape).1);
            shape::each_coordinate(shape, &mut |at| widen(&mut self.extent, at));
            let mut bytes = Vec::new();
            wkb::write(shape, &mut bytes);
            self.shape_bytes += bytes.len();
            ByteArray::from(bytes)
        });
        self.shapes.push(bytes);
        self.rows += 1;
        if self.shape_bytes >= GROUP_BYTES || self.shapes.present.len() >= GROUP_ROWS {
            self.end_group()?;
        }
        Ok(())
    }

    /// How many features were written.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the file and gives back the output, flushed.
    pub fn finish(mut self) -> std::io::Result<W> {
        if !self.shapes.present.is_empty() {
            self.end_group()?;
        }
        let said = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let provenance = serde_json::to_string(&self.provenance)?;
        self.file.append_key_value_metadata(said(GEO, self.geo()));
        self.file.append_key_value_metadata(said(GRUNNLAG, provenance));
        let mut output = self.file.into_inner().map_err(failed)?;
        output.flush()?;
        Ok(output)
    }

    /// The standard's metadata.
    fn geo(&self) -> String {
        let mut column = serde_json::json!({
            "encoding": "WKB",
            "geometry_types": self.kinds,
            "crs": srs::to_projjson(self.crs),
            "edges": "planar",
        });
        if let Some(extent) = self.extent {
            column["bbox"] = serde_json::json!(extent);
        }
        serde_json::json!({
            "version": "1.1.0",
            "primary_column": GEOMETRY,
            "columns": { GEOMETRY: column },
        })
        .to_string()
    }

    fn end_group(&mut self) -> std::io::Result<()> {
        let mut group = self.file.next_row_group().map_err(failed)?;
        for (_, buffer) in &mut self.columns {
            buffer.flush(&mut group).map_err(failed)?;
        }
        self.shapes.flush(&mut group).map_err(failed)?;
        group.close().map_err(failed)?;
        self.shape_bytes = 0;
        Ok(())
    }
}

impl<T: DataType> Values<T> {
    fn new() -> Self {
        Values { values: Vec::new(), present: Vec::new() }
    }

    fn push(&mut self, value: Option<T::T>) {
        self.present.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn flush<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let column = group.next_column()?;
        let mut column = column.ok_or_else(|| ParquetError::General("no column".to_owned()))?;
        column.typed::<T>().write_batch(&self.values, Some(&self.present), None)?;
        column.close()?;
        self.values.clear();
        self.present.clear();
        Ok(())
    }
}

impl Buffer {
    fn push(&mut self, value: &Property) {
        match (self, value) {
            (Buffer::Text(values), Property::Text(text)) => {
                values.push(Some(ByteArray::from(text.as_bytes().to_vec())));
            }
            (Buffer::Whole(values), Property::Whole(number)) => values.push(Some(*number)),
            (Buffer::Number(values), Property::Number(number)) => values.push(Some(*number)),
            (Buffer::Flag(values), Property::Flag(flag)) => values.push(Some(*flag)),
            (Buffer::Text(values), _) => values.push(None),
            (Buffer::Whole(values), _) => values.push(None),
            (Buffer::Number(values), _) => values.push(None),
            (Buffer::Flag(values), _) => values.push(None),
        }
    }

    fn flush<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        match self {
            Buffer::Text(values) => values.flush(group),
            Buffer::Whole(values) => values.flush(group),
            Buffer::Number(values) => values.flush(group),
            Buffer::Flag(values) => values.flush(group),
        }
    }
}

fn buffer(kind: FieldKind) -> Buffer {
    match kind {
        FieldKind::Text => Buffer::Text(Values::new()),
        FieldKind::Whole => Buffer::Whole(Values::new()),
        FieldKind::Number => Buffer::Number(Values::new()),
        FieldKind::Flag => Buffer::Flag(Values::new()),
    }
}

fn schema(fields: &[Field]) -> Result<Type, ParquetError> {
    let column = |name: &str, physical: Physical, logical: Option<LogicalType>| {
        let column = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        column.build().map(Arc::new)
    };
    let mut columns = Vec::with_capacity(fields.len() + 1);
    for field in fields {
        let (physical, logical) = match field.kind {
            FieldKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            FieldKind::Whole => (Physical::INT64, None),
            FieldKind::Number => (Physical::DOUBLE, None),
            FieldKind::Flag => (Physical::BOOLEAN, None),
        };
        columns.push(column(&field.name, physical, logical)?);
    }
    columns.push(column(GEOMETRY, Physical::BYTE_ARRAY, None)?);
    Type::group_type_builder("layer").with_fields(columns).build()
}

fn widen(extent: &mut Option<[f64; 4]>, at: Coord<f64>) {
    let [west, south, east, north] = extent.unwrap_or([at.x, at.y, at.x, at.y]);
    *extent = Some([west.min(at.x), south.min(at.y), east.max(at.x), north.max(at.y)]);
}

fn failed(error: ParquetError) -> std::io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(error) => *error,
            Err(cause) => std::io::Error::other(cause),
        },
        other => std::io::Error::other(other),
    }
}
