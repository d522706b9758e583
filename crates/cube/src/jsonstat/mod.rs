//! JSON-stat 2.0, and 1.x for reading.
//!
//! Cells are read and written one by one, straight into and out of the cube's
//! arrays; only what is small becomes a tree of JSON on the way. What the format
//! does not name is kept where it stood and written back.
//!
//! Reading is strict about shape (a cube whose sizes, positions and numbers of
//! values disagree is refused, never patched) and tolerant about spelling:
//! positions as texts, a note that is one text, symbols inside `value`.

mod cells;
mod dimension;
mod members;
mod read;
mod scan;
mod write;

pub use read::{read, read_all};
pub use write::{to_vec, write};

pub(crate) use write::metadata;

const FORMAT: &str = "JSON-stat";

/// Whole numbers below this are written with all their digits, as JavaScript does.
const WRITTEN_OUT: u128 = 1_000_000_000_000_000_000_000;
