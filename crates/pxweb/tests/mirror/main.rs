//! The mirror's contract, without a network: requests in, answers out.

mod catalogue;
mod data;
mod metadata;
mod old;
mod recordings;
mod refusals;
mod saved;
mod shelf;
