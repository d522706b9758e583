//! Statistical cubes: read, address, cut, add up, write. No I/O.
//!
//! A dataset is one flat array of numbers and the dimensions that give each
//! number its meaning. [`Cube`] holds both, whatever the format it came in, and
//! a cube that is written and read again is the same cube.
//!
//! A missing number is never a zero. A cell has a number or none, and beside it
//! the symbol that the agency printed; an aggregate says how many of its parts
//! were missing, and why.
//!
//! Codes are the key. Labels ride beside them and may repeat.
//!
//! Fetching lives in `pxweb`, keeping in `store`; neither is visible from here.

mod aggregate;
mod assemble;
pub mod columns;
pub mod csv;
mod cube;
mod diff;
mod digits;
mod dimension;
mod error;
mod format;
pub mod json_px;
pub mod jsonstat;
mod period;
pub mod px;
#[cfg(test)]
mod sample;
mod slice;
mod status;
mod values;
pub mod xlsx;

pub use aggregate::{Aggregated, Coverage, Group, NOT_IN_USE};
pub use assemble::Assembly;
pub use cube::{Cube, MAX_CELLS, cells};
pub use diff::{CellChange, CodeChange, Difference, TextChange};
pub use dimension::{Dimension, Role, Unit};
pub use error::{CubeError, nearest};
pub use format::{Format, read_any, write_any};
pub use period::{Period, PeriodKind};
pub use status::Statuses;
pub use values::Values;

/// An object of JSON whose members keep their order.
pub type Object = serde_json::Map<String, serde_json::Value>;
