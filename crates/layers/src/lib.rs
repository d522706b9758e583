//! Layers of shapes and their file formats.
//!
//! [`open`] reads GeoParquet, GeoJSON, GeoPackage, Shapefile, FlatGeobuf and GML, also from a
//! zip, as a stream of [`Feature`]s with the coordinate system that the file names; nothing is
//! read whole into memory. [`Provenance`] says who made a layer, under which licence,
//! and when. A file that names no coordinate system is a fault, not a guess.
//!
//! Coordinates are x and y as the system's maps have them: easting or longitude first, whatever
//! the order in the file. Heights are dropped. Files come from anywhere: no count in one is
//! believed, and nesting, unpacking and single features have limits.
//!
//! [`regions`] makes of a layer what `places` works on; [`geoparquet`] is how layers are kept.

pub mod blob;
pub mod boundaries;
pub mod drawing;
mod error;
mod feature;
mod fields;
mod flatgeobuf;
mod format;
pub mod geojson;
mod geopackage;
pub mod geoparquet;
mod gml;
mod guard;
mod reader;
pub mod regions;
mod shape;
mod shapefile;
pub mod shelf;
mod srs;
pub mod tile;
pub mod topology;
mod unpack;
mod wkb;

pub use error::LayerError;
pub use feature::{Feature, Field, FieldKind, Header, Notes, Property, Provenance};
pub use format::Format;
pub use reader::{OpenOptions, Reader, open};
