use std::io::Cursor;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::rows::{Rows, syntax};
use super::{DESCRIPTION, to_batch};
use crate::{Cube, CubeError};

const ARROW: &str = "Arrow";
const PARQUET: &str = "Parquet";

/// Few enough that a part of a table is read quickly, enough that dictionaries pay.
const GROUP_ROWS: usize = 128 * 1024;

/// A cube as an Arrow file (IPC, with random access).
pub fn to_ipc(cube: &Cube) -> Vec<u8> {
    ipc(&to_batch(cube)).expect("memory takes every byte, and the schema is the batch's own")
}

fn ipc(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(batch)?;
    writer.finish()?;
    writer.into_inner()
}

/// Reads what [`to_ipc`] wrote.
///
/// # Errors
///
/// As [`from_batch`](super::from_batch).
pub fn from_ipc(bytes: &[u8]) -> Result<Cube, CubeError> {
    let refuse = |error: ArrowError| syntax(ARROW, "the file", &error.to_string());
    let reader = FileReader::try_new(Cursor::new(bytes), None).map_err(refuse)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(refuse)?;
    let mut rows = Rows::new(ARROW, &schema, batches.iter().map(RecordBatch::num_rows).sum())?;
    for batch in &batches {
        rows.add(batch)?;
    }
    rows.finish()
}

/// A cube as Parquet: zstd, 131,072 rows to a group, no time of writing.
pub fn to_parquet(cube: &Cube) -> Vec<u8> {
    parquet(&to_batch(cube)).expect("memory takes every byte, and the schema is the batch's own")
}

fn parquet(batch: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    // Readable by any program beside the columns, not only inside the Arrow schema.
    let description = batch.schema().metadata().get(DESCRIPTION).cloned();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_created_by("grunnlag".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(DESCRIPTION.to_owned(), description)]))
        .build();
    let schema = Arc::new(Schema::new(batch.schema().fields().clone()));
    let batch = RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec())?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

/// Reads what [`to_parquet`] wrote, also when another program sorted its rows since.
///
/// # Errors
///
/// As [`from_batch`](super::from_batch).
pub fn from_parquet(bytes: &[u8]) -> Result<Cube, CubeError> {
    let refuse = |problem: String| syntax(PARQUET, "the file", &problem);
    // The reader shares the bytes between threads, and so must own them.
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)
        .map_err(|error| refuse(error.to_string()))?;
    let count = builder.metadata().file_metadata().num_rows();
    let count = usize::try_from(count).map_err(|_| refuse(format!("it has {count} rows")))?;
    let mut rows = Rows::new(PARQUET, builder.schema(), count)?;
    let reader =
        builder.with_batch_size(GROUP_ROWS).build().map_err(|error| refuse(error.to_string()))?;
    for batch in reader {
        rows.add(&batch.map_err(|error| refuse(error.to_string()))?)?;
    }
    rows.finish()
}
