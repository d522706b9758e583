use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use klass::RegionHistory;
use klass::history::Level;
use places::Region;
use places::crs::Crs;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{AtlasError, Layer};

/// Where layers are kept.
pub trait LayerShelf: Send + Sync {
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

    /// Reads the shape of one region and the system it is in; `None` when the layer lacks it.
    ///
    /// # Errors
    ///
    /// The layer is not there or cannot be read.
    fn shape(&self, id: &str, code: &str) -> Result<Option<(Region, Crs)>, AtlasError>;
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

    /// What the history rests on.
    pub fn sources(&self) -> &[HistorySource] {
        &self.sources
    }

    /// Names of the layers that are at hand.
    ///
    /// # Errors
    ///
    /// The shelf cannot be read.
    pub fn layer_ids(&self) -> Result<Vec<String>, AtlasError> {
        self.shelf.ids()
    }

    /// The layers that a question names, or those that are asked when it names none.
    ///
    /// # Errors
    ///
    /// None is named, and neither municipalities nor grunnkretser are at hand.
    pub fn asked_layers(&self, named: Option<&str>) -> Result<Vec<String>, AtlasError> {
        let split = |named: &str| named.split(',').map(|one| one.trim().to_owned()).collect();
        if let Some(named) = named {
            return Ok(split(named));
        }
        let at_hand = self.shelf.ids()?;
        let usual = ["municipalities", "grunnkretser"].map(str::to_owned);
        let usual: Vec<String> = usual.into_iter().filter(|id| at_hand.contains(id)).collect();
        if usual.is_empty() { Err(AtlasError::NoBoundaries) } else { Ok(usual) }
    }

    /// The border of a region of today and the system it is in.
    ///
    /// # Errors
    ///
    /// There is no layer of such regions at hand, or it lacks this one.
    pub fn boundary(&self, code: &str) -> Result<(Region, Crs), AtlasError> {
        let units = self.history.units(code);
        let unknown = || AtlasError::UnknownRegion { asked: code.to_owned() };
        let level = units.last().ok_or_else(unknown)?.level;
        let id = match level {
            Level::County => "counties",
            Level::Municipality => "municipalities",
            Level::CityDistrict => "city_districts",
            Level::Delomrade => "delomrader",
            Level::Grunnkrets => "grunnkretser",
        };
        if self.shelf.version(id)?.is_none() {
            return Err(self.no_layer(id)?);
        }
        let no_boundary = || AtlasError::NoBoundary { code: code.to_owned(), layer: id.to_owned() };
        self.shelf.shape(id, code)?.ok_or_else(no_boundary)
    }

    fn no_layer(&self, id: &str) -> Result<AtlasError, AtlasError> {
        let layers = self.shelf.ids()?;
        Ok(match layers.is_empty() {
            true => AtlasError::NoBoundaries,
            false => AtlasError::UnknownLayer { asked: id.to_owned(), layers: layers.join(", ") },
        })
    }

    /// A layer, read when it is first asked for and again when a newer one is at hand.
    ///
    /// # Errors
    ///
    /// There is no such layer, or none at all, or it cannot be read.
    pub fn layer(&self, id: &str) -> Result<Arc<Layer>, AtlasError> {
        let Some(version) = self.shelf.version(id)? else {
            return Err(self.no_layer(id)?);
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
