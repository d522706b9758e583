//! Snapshots: one immutable file of figures, read by many, written once.
//!
//! A snapshot is an SQLite database that is also a valid GeoPackage. It holds
//! the municipalities, the measures with their publisher and licence, and every
//! figure with its status. [`Snapshot`] opens one; [`build::SnapshotBuilder`]
//! writes one, byte for byte the same from the same content.
//!
//! A gap has a [`ValueStatus`] and no value; the table itself refuses anything
//! else. A file whose [seal](Snapshot::id) does not match is never opened.
//!
//! This is the only crate that knows the engine: SQL goes in as text, and
//! [`Rows`] come out. What the figures mean is decided in `indicators`.

pub mod archive;
pub mod build;
mod checksum;
mod engine;
mod error;
pub mod foreign;
mod heap;
mod on_map;
mod published;
mod records;
mod sandbox;
mod scratch;
mod seal;
mod snapshot;
mod status;
mod value;
mod verify;

pub use error::{EngineError, StoreError};
pub use records::{
    AsPublished, Measure, Municipality, PublishedPart, RegionChange, RegionConversion,
    SnapshotInfo, Source,
};
pub use sandbox::QueryLimits;
pub use scratch::Scratch;
pub use snapshot::{Session, Snapshot};
pub use status::ValueStatus;
pub use value::{Rows, Value};
pub use verify::Verification;
