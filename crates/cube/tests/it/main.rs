//! The contract of the cube: what goes in comes out, in every format.

mod columns;
mod jsonstat;
