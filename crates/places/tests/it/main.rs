//! The contract of `places`, against models that take no short cuts.

mod borders;
mod check;
mod crs;
mod model;
mod search;
