//! What the crate promises, against recorded answers and published tables.

mod client;
mod codes;
mod facts;
mod history;
mod recorded;
mod refused;
mod world;
