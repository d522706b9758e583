//! Moving figures between maps: what must hold for every conversion, and the real exports.

mod exports;
#[path = "../it/facts.rs"]
mod facts;
mod totals;
