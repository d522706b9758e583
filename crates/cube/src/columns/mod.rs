//! The long table: one row per cell, as Arrow, as an Arrow file and as Parquet.
//!
//! Every dimension is a column of codes and one of labels, then come the number and
//! its symbol. A cube is more than its rows (roles, units, notes, the order of codes):
//! the rest rides in the schema as a JSON-stat object without values, so that the cube
//! comes back whole. Names of columns follow from the dimensions, and need no list.
//!
//! The same cube gives the same bytes.

mod file;
mod names;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;

pub use arrow_array::RecordBatch;
use arrow_array::types::{ArrowDictionaryKeyType, Int16Type, Int32Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, Float64Array, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Schema};

use crate::{Cube, CubeError, Dimension, Statuses, Values, jsonstat};

pub use file::{from_ipc, from_parquet, to_ipc, to_parquet};
pub use names::Names;

/// Where the schema keeps what the rows do not say.
pub const DESCRIPTION: &str = "grunnlag.cube";

/// A cube as one Arrow table, in the order of its cells.
///
/// Texts are dictionaries with 16-bit keys, or 32-bit from 32,768 categories; a label
/// stands once in its dictionary however many codes share it. A last column `value_exact`
/// stands there only when a whole number is too long for `f64`. Metadata has no rows.
pub fn to_batch(cube: &Cube) -> RecordBatch {
    let numbers = cube.values().numbers().to_vec();
    let bitmap = cube.values().bitmap().map(<[u8]>::to_vec);
    batch(cube, numbers, bitmap)
}

/// [`to_batch`] that hands over the numbers without copying them.
pub fn into_batch(mut cube: Cube) -> RecordBatch {
    let exact = exact(cube.values());
    let (numbers, bitmap) = cube.take_values().into_parts();
    assemble(&cube, (numbers, bitmap), exact)
}

/// The cube of a table that [`to_batch`] made, also when its rows were sorted otherwise since.
///
/// # Errors
///
/// [`CubeError::Syntax`] when the table says nothing of a cube or lacks a column;
/// [`CubeError::Shape`] when cells are missing or stand there twice;
/// [`CubeError::UnknownCode`].
pub fn from_batch(batch: &RecordBatch) -> Result<Cube, CubeError> {
    let mut rows = rows::Rows::new("Arrow", &batch.schema(), batch.num_rows())?;
    rows.add(batch)?;
    rows.finish()
}

fn batch(cube: &Cube, numbers: Vec<f64>, bitmap: Option<Vec<u8>>) -> RecordBatch {
    assemble(cube, (numbers, bitmap), exact(cube.values()))
}

/// The table of a cube whose numbers may have been taken out.
fn assemble(
    cube: &Cube,
    (numbers, bitmap): (Vec<f64>, Option<Vec<u8>>),
    exact: Option<StringArray>,
) -> RecordBatch {
    let rows = numbers.len();
    let names = Names::of(cube.dimensions());
    let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
    for (at, (dimension, stride)) in cube.dimensions().iter().zip(cube.strides()).enumerate() {
        let [codes, labels] = match i16::try_from(dimension.len()) {
            Ok(_) => texts::<Int16Type>(dimension, stride, rows),
            Err(_) => texts::<Int32Type>(dimension, stride, rows),
        };
        columns.push((names.codes[at].clone(), codes, false));
        columns.push((names.labels[at].clone(), labels, false));
    }
    let present =
        bitmap.map(|bits| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(bits), 0, rows)));
    let values = Float64Array::new(ScalarBuffer::from(numbers), present);
    columns.push((Names::VALUE.to_owned(), Arc::new(values), true));
    columns.push((Names::STATUS.to_owned(), statuses(cube.statuses(), rows), true));
    if let Some(exact) = exact {
        columns.push((Names::EXACT.to_owned(), Arc::new(exact), true));
    }
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array, nullable)| Field::new(name, array.data_type().clone(), *nullable))
        .collect();
    let description = HashMap::from([(DESCRIPTION.to_owned(), jsonstat::metadata(cube))]);
    let schema = Schema::new_with_metadata(fields, description);
    let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
    RecordBatch::try_new(Arc::new(schema), arrays).expect("every column is as long as the cube")
}

/// The columns of codes and labels of one dimension.
fn texts<K>(dimension: &Dimension, stride: usize, rows: usize) -> [ArrayRef; 2]
where
    K: ArrowDictionaryKeyType,
    K::Native: TryFrom<usize>,
{
    let mut distinct: Vec<&str> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let label_of: Vec<usize> = (0..dimension.len())
        .map(|at| {
            let label = dimension.label_at(at);
            *seen.entry(label).or_insert_with(|| {
                distinct.push(label);
                distinct.len() - 1
            })
        })
        .collect();
    let identity: Vec<usize> = (0..dimension.len()).collect();
    let code_texts = Arc::new(StringArray::from_iter_values(dimension.codes()));
    let label_texts = Arc::new(StringArray::from_iter_values(&distinct));
    let codes = PrimitiveArray::<K>::new(keys(&identity, stride, rows), None);
    let codes = DictionaryArray::<K>::new(codes, code_texts);
    // Where labels are unique they have the codes' keys, in the same memory.
    let labels = match distinct.len() == dimension.len() {
        true => codes.with_values(label_texts),
        false => {
            let labels = PrimitiveArray::new(keys(&label_of, stride, rows), None);
            DictionaryArray::<K>::new(labels, label_texts)
        }
    };
    [Arc::new(codes), Arc::new(labels)]
}

/// Each category's key as often as cells lie between neighbours, and all that again to the end.
fn keys<N>(of: &[usize], stride: usize, rows: usize) -> ScalarBuffer<N>
where
    N: arrow_buffer::ArrowNativeType + TryFrom<usize>,
{
    let mut keys: Vec<N> = Vec::with_capacity(rows);
    if rows == 0 {
        return ScalarBuffer::from(keys);
    }
    for key in of {
        let key = N::try_from(*key).ok().expect("the width was chosen by the number of keys");
        keys.resize(keys.len() + stride, key);
    }
    while keys.len() < rows {
        keys.extend_from_within(..keys.len().min(rows - keys.len()));
    }
    ScalarBuffer::from(keys)
}

fn statuses(statuses: &Statuses, rows: usize) -> ArrayRef {
    match i16::try_from(statuses.symbols().len()) {
        Ok(_) => status_column::<Int16Type>(statuses, rows),
        Err(_) => status_column::<Int32Type>(statuses, rows),
    }
}

fn status_column<K>(statuses: &Statuses, rows: usize) -> ArrayRef
where
    K: ArrowDictionaryKeyType,
    K::Native: TryFrom<usize> + Default,
{
    let stated = statuses.keys();
    let place = |key: &u16| {
        let at = usize::from(*key).saturating_sub(1);
        K::Native::try_from(at).ok().expect("the width was chosen by the number of symbols")
    };
    let mut keys: Vec<K::Native> = Vec::with_capacity(rows);
    keys.extend(stated.iter().map(place));
    keys.resize(rows, K::Native::default());
    let has =
        BooleanBuffer::collect_bool(rows, |cell| stated.get(cell).is_some_and(|key| *key != 0));
    let keys = PrimitiveArray::<K>::new(ScalarBuffer::from(keys), Some(NullBuffer::new(has)));
    let symbols = Arc::new(StringArray::from_iter_values(statuses.symbols()));
    Arc::new(DictionaryArray::<K>::new(keys, symbols))
}

fn exact(values: &Values) -> Option<StringArray> {
    values.has_exact().then(|| (0..values.len()).map(|cell| values.exact(cell)).collect())
}

/// The type of a column of numbers.
const NUMBERS: DataType = DataType::Float64;
