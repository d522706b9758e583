//! What the crate promises, against recorded answers and published tables.

mod facts;
mod history;
