//! How sure a ranking is.
//!
//! A model is one set of choices among many defensible ones. Here the others are
//! tried: weights that move, other ways to value, to weigh together, to treat
//! outliers and to fill gaps ([`draws`]). An [`engine`] computes one such set in
//! microseconds, so that intervals of ranks ([`intervals`]) follow a slider.
//!
//! Chance comes from [`random`] alone: the same seed gives the same bytes, on
//! one thread and on many. Who is ranked is the model's own decision; a draw
//! never ranks a unit that the model does not.

mod choices;
mod columns;
pub mod draws;
pub mod engine;
pub mod intervals;
pub mod random;
