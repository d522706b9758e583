//! What the crate promises, against recorded answers and published tables.

mod client;
mod facts;
mod history;
mod recorded;
mod world;
