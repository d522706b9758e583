//! Layers that are kept somewhere, for whoever draws them.

use places::Region;
use places::crs::Crs;

use crate::Provenance;

/// Why a shelf cannot answer; for the log, not for people.
pub type ShelfError = Box<dyn std::error::Error + Send + Sync>;

/// Where layers are kept beside the snapshot.
pub trait Shelf: Send + Sync {
    /// The layers there are, by name.
    ///
    /// # Errors
    ///
    /// What they are kept in cannot be read.
    fn list(&self) -> Result<Vec<Shelved>, ShelfError>;

    /// All regions of a layer, and the system of their coordinates.
    ///
    /// # Errors
    ///
    /// There is no such layer, or its file cannot be read.
    fn regions(&self, name: &str) -> Result<(Vec<Region>, Crs), ShelfError>;
}

/// A layer on a shelf.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelved {
    /// Name.
    pub name: String,
    /// The version in use: another one has other shapes.
    pub version: String,
    /// Number of features.
    pub features: u64,
    /// Who made it, under which licence, and when.
    pub provenance: Provenance,
}
