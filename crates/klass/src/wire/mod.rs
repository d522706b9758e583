//! What Klass sends, read.

pub mod csv;
