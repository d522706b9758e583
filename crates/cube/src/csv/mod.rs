//! CSV: our long table, and the tables that PxWeb and StatBank write.
//!
//! The long table has two columns per dimension, codes and labels, then `value` and `status`:
//! nothing in it must be guessed. PxWeb's table is laid out for people: [`write_pxweb`] writes
//! it, [`read`] reads it back as far as it says what it is, and tells in `extension.csv` what
//! it does not say.

mod fields;
mod long;
mod pivot;
mod pxweb;

pub(crate) use fields::put_number;
pub use fields::{decode, separator};
pub(crate) use long::step;
pub use long::write;
pub use pxweb::{CsvOptions, Encoding, Labels, write_pxweb};

use crate::{Cube, CubeError};

/// Reads CSV: our long table, PxWeb's `csv`, `csv2` and `csv3`, and StatBank's downloads.
///
/// Separators are comma, semicolon or tab; letters UTF-8 or else Windows-1252; a title and
/// several rows of headings may stand on top. Nil (`-`) is an exact zero with that status.
///
/// What only a long table says, codes beside labels, is taken from the text elsewhere:
/// `0301 Oslo` and `Region - region` have a code in front, other texts are codes themselves.
/// `extension.csv` says which.
///
/// # Errors
///
/// [`CubeError::Syntax`] with the line; [`CubeError::TooLarge`] before anything is allocated;
/// [`CubeError::Shape`] when two columns have one name.
pub fn read(bytes: &[u8]) -> Result<Cube, CubeError> {
    let text = fields::decode(bytes);
    let table = fields::Table::split(&text)?;
    match long::dimensions(&table) {
        Some(count) => long::read(&table, count),
        None => pivot::read(&table),
    }
}

fn fault(line: usize, problem: impl Into<String>) -> CubeError {
    CubeError::Syntax { format: "CSV", place: format!("line {line}"), problem: problem.into() }
}
