//! What people ask of geography: a region, its history, and the region a point lies in.
//!
//! An [`Atlas`] joins the history of regions with the layers that are at hand, each
//! read and indexed when it is first asked for. Its [`answers`] are the objects that
//! the command line and the API print alike.
//!
//! Where layers are kept is not known here: whoever opens an atlas brings a
//! [`LayerShelf`].

pub mod answers;
mod atlas;
mod error;
mod layer;
mod position;

pub use atlas::{Atlas, HistorySource, LayerShelf};
pub use error::AtlasError;
pub use layer::{Layer, LayerCard, Precision};
pub use position::{Area, Position, PositionError};
