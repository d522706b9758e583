//! GeoParquet 1.0 and 1.1: columns and shapes that every engine reads.
//!
//! Written in row groups of a few megabytes, as well-known binary; read row by row, also in the
//! encodings of GeoArrow. Beside the standard's `geo` the file metadata has `grunnlag`, which
//! says who made the layer.

mod native;
mod read;
mod write;

pub(crate) use read::open;
pub use write::Writer;

use crate::LayerError;

const FORMAT: &str = "GeoParquet";

/// Key of the standard's metadata.
const GEO: &str = "geo";

/// Key of our own, a [`Provenance`](crate::Provenance) as JSON.
const GRUNNLAG: &str = "grunnlag";

/// A fault of this format.
fn refuse(place: impl Into<String>, problem: impl ToString) -> LayerError {
    LayerError::syntax(FORMAT, place, problem)
}
