//! Scores units by a named model. Pure arithmetic: no I/O, no clock, no chance.
//!
//! A [`Model`] is a tree: indicators hang under groups, groups under one root.
//! [`score`] turns raw figures into comparable values ([`normalise`]), weighs
//! them together level by level ([`aggregate`]), and keeps every stage, so that
//! a score can be walked back to the figures it came from ([`contribution`]).
//!
//! A missing figure is `None` at every stage. What it costs a unit is said by
//! the model ([`Missing`], [`Coverage`]) and never guessed here.
//!
//! Where figures come from (`indicators`) and how results are worded
//! (`evidence`) is not visible from here.

pub mod aggregate;
pub mod audit;
pub mod doubt;
pub mod explain;
pub mod flags;
mod model;
pub mod normalise;
pub mod peers;
pub mod prepare;
mod rank;
mod run;
pub mod statistics;
pub mod weigh;
pub mod years;

pub use explain::contribution;

pub use model::{
    Aggregation, AggregationChoice, Coverage, Denominator, Direction, Group, Imputation, Leaf,
    Missing, MissingChoice, Model, ModelError, NormalisationChoice, Preference, Prepare, Problem,
    RobustTier, Screening, Shrinkage, SpreadShape, Step, StepTest, Text, Tier, TierBasis, Ties,
    Treatment, TreatmentChoice, Uncertainty, ValueFunction, WeightSpread,
};
pub use normalise::min_max;
pub use rank::{competition_ranks, dense_ranks, ranks};
pub use run::{
    Column, Finding, Gravity, Groups, Matrix, NodeScore, NotRanked, Profile, Run, ScoreRange,
    Scores, Stages, UnitScore, inspect, score,
};
