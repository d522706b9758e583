//! PX files, as PC-Axis and PxWeb write them.
//!
//! A file is read to the members that PxWeb gives the same table in JSON-stat: what JSON-stat
//! names goes there, the rest of what PxWeb knows into `extension`. Lines that neither knows
//! are kept in `extension.px.lines`, and the texts of other languages in
//! `extension.px.translations`; both by code. Written and read again it is the same cube.
//!
//! Symbols are what the file says they are shown as. Statistics Norway's raw `"."` is shown
//! as `..`, and that is the cell's status here. Nil (`-`) is an exact zero: the number 0 with
//! the status `-`. Dots are no number at all.
//!
//! PX cannot hold everything: a quotation mark in a text becomes two apostrophes, `#` in a
//! note is a new line, and times have no zone (see `updated`: Central European is meant).

mod codepage;
mod contents;
mod kept;
mod names;
mod notes;
mod numbers;
mod page;
mod read;
mod statement;
mod symbols;
mod time;
mod vocabulary;
mod write;

pub use read::{read, read_in};
pub use write::{CodePage, Options, write};

use crate::CubeError;

fn fault(place: impl Into<String>, problem: impl Into<String>) -> CubeError {
    CubeError::Syntax { format: "PX", place: place.into(), problem: problem.into() }
}
