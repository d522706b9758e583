//! The layers of the archive, for the server to draw.

use std::sync::Arc;

use layers::shelf::{Shelf, ShelfError, Shelved};
use places::Region;
use places::crs::Crs;
use store::archive::Archive;

/// The layers that were fetched or imported, in the version in use.
#[derive(Debug, Clone)]
pub struct ArchiveLayers(Arc<Archive>);

impl ArchiveLayers {
    /// Shows the layers of an archive.
    pub fn new(archive: Arc<Archive>) -> ArchiveLayers {
        ArchiveLayers(archive)
    }
}

impl Shelf for ArchiveLayers {
    fn list(&self) -> Result<Vec<Shelved>, ShelfError> {
        let shelved = crate::layers::list(&self.0)?.into_iter().map(|held| Shelved {
            name: held.name,
            version: held.version,
            features: held.features,
            provenance: held.provenance,
        });
        Ok(shelved.collect())
    }

    fn regions(&self, name: &str) -> Result<(Vec<Region>, Crs), ShelfError> {
        Ok(crate::layers::regions(&self.0, name)?)
    }
}
