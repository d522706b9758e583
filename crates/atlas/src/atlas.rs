use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use klass::RegionHistory;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{AtlasError, Layer};

/// Where layers are kept.
pub trait LayerShelf: Send + Sync {
    /// What the history rests on.
    pub fn sources(&self) -> &[HistorySource] {
        &self.sources
    }

    /// Names of the layers that are at hand.
    ///
    /// # Errors
    ///
    /// The shelf cannot be read.
    fn ids(&self) -> Result<Vec<String>, AtlasError>;

    /// Which bytes a layer would be read from now; `None` when there is no such layer.
    ///
    /// # Errors
    ///
    /// The shelf cannot be read.
    fn version(&self, id: &str) -> Result<Option<String>, AtlasError>;

    /// Reads and indexes a layer.
    ///
    /// # Errors
    ///
    /// It is not there or cannot be read.
    fn load(&self, id: &str) -> Result<Layer, AtlasError>;
}

/// What the history of regions rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistorySource {
    /// Who publishes it.
    pub publisher: String,
    /// What it is.
    pub title: String,
    /// When it was fetched, or of which day it is.
    pub as_of: String,
}

/// The geography that is at hand.
pub struct Atlas {
    history: RegionHistory,
    sources: Vec<HistorySource>,
    shelf: Box<dyn LayerShelf>,
    /// Layers that have been asked for, with the version that was read.
    loaded: Mutex<BTreeMap<String, (String, Arc<Layer>)>>,
}

impl Atlas {
    /// Joins a history and a shelf; no layer is read.
    pub fn new(
        history: RegionHistory,
        sources: Vec<HistorySource>,
        shelf: Box<dyn LayerShelf>,
    ) -> Atlas {
        Atlas { history, sources, shelf, loaded: Mutex::default() }
    }

    /// What became of regions.
    pub fn history(&self) -> &RegionHistory {
        &self.history
    }

    /// Names of the layers that are at hand.
    ///
    /// # Errors
    ///
    /// The shelf cannot be read.
    pub fn layer_ids(&self) -> Result<Vec<String>, AtlasError> {
        self.shelf.ids()
    }

    /// A layer, read when it is first asked for and again when a newer one is at hand.
    ///
    /// # Errors
    ///
    /// There is no such layer, or none at all, or it cannot be read.
    pub fn layer(&self, id: &str) -> Result<Arc<Layer>, AtlasError> {
        let Some(version) = self.shelf.version(id)? else {
            let layers = self.shelf.ids()?;
            return Err(match layers.is_empty() {
                true => AtlasError::NoBoundaries,
                false => {
                    AtlasError::UnknownLayer { asked: id.to_owned(), layers: layers.join(", ") }
                }
            });
        };
        // Whoever waits here waits for the layer that the other is reading.
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read, layer)) = loaded.get(id)
            && *read == version
        {
            return Ok(Arc::clone(layer));
        }
        let layer = Arc::new(self.shelf.load(id)?);
        loaded.insert(id.to_owned(), (version, Arc::clone(&layer)));
        Ok(layer)
    }
}
