//! Moving figures between maps: what must hold for every conversion, and the real exports.

mod totals;
