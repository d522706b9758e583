//! Why a unit stands where it stands.

pub mod contribution;
