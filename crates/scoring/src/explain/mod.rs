//! Why a unit stands where it stands.

pub mod contribution;
pub mod strengths;
