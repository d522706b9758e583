//! Why a unit stands where it stands.

pub mod break_even;
pub mod change;
pub mod contribution;
pub mod strengths;
