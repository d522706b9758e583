//! The contract of `places`, against models that take no short cuts.

mod borders;
mod model;
