//! What a selection means, held against the reference; and that plans are made of such selections.

mod builders;
mod defaults;
mod model;
mod plans;
mod rules;
mod strategies;
mod tables;
