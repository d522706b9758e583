//! Layers of shapes and their file formats.
//!
//! [`open`] reads GeoParquet, GeoJSON, GeoPackage, Shapefile, FlatGeobuf and GML as a
//! stream of [`Feature`]s with the coordinate system that the file names; nothing is
//! read whole into memory. [`Provenance`] says who made a layer, under which licence,
//! and when. A file that names no coordinate system is a fault, not a guess.

pub mod boundaries;
mod error;
mod feature;
pub mod topology;

pub use error::LayerError;
pub use feature::{Feature, Header, Property, Provenance};
