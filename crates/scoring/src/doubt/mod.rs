//! How sure a ranking is.
//!
//! A model is one set of choices among many defensible ones. Here the others are
//! tried: weights that move, other ways to value, to weigh together, to treat
//! outliers and to fill gaps ([`draws`]). An [`engine`] computes one such set in
//! microseconds, so that intervals of ranks ([`intervals`]) follow a slider,
//! and the variance is shared among its causes ([`sobol`]). What one part does is
//! seen by taking it out ([`removal`]), and rankings are set beside each other in
//! [`compare`].
//!
//! Chance comes from [`random`] alone: the same seed gives the same bytes, on
//! one thread and on many. Who is ranked is the model's own decision; a draw
//! never ranks a unit that the model does not.

mod choices;
mod columns;
pub mod compare;
pub mod dominance;
pub mod draws;
pub mod engine;
pub mod intervals;
pub mod random;
pub mod removal;
pub mod reversal;
pub mod sobol;
