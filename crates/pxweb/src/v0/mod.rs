//! The old interface (v0, v1): its shapes, and the way to and from version 2.
//!
//! It differs most in what is left unsaid. A variable that may not be left out
//! and is not named is selected whole here, and refused in version 2; a code that
//! is listed twice is refused here, and makes version 2 fall over.
//! [`Query::to_selection`] and [`Query::from_selection`] say what they had to change.

mod evaluate;
mod metadata;
mod query;
mod translate;

pub use metadata::{Metadata, MetadataVariable};
pub use query::{Filter, Query, QuerySelection, QueryVariable, Response};
pub use translate::Translated;
