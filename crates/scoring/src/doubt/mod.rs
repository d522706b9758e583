//! How sure a ranking is: draws over the choices of a model, intervals of ranks,
//! sensitivity, removal, dominance, reversal.

pub mod dominance;
pub mod reversal;
