//! From raw figures to figures that can be compared.
//!
//! Each step takes columns and gives columns, and beside them says what it did:
//! which cells it filled, which points it moved, how much weight a figure kept
//! of its own. The order of the steps is the model's: denominated, shrunk,
//! screened, imputed, treated.
//!
//! A gap stays a gap through every step but imputation, and there the filled
//! cells are listed, so that nobody is ranked on a guess.

pub mod check;
pub mod denominate;
pub mod impute;
pub mod panel;
pub mod screen;
pub mod shrink;
pub mod treat;
