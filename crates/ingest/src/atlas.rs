//! The geography of a data folder: what the archive and the snapshot hold, as an [`Atlas`].

use std::path::Path;
use std::sync::OnceLock;

use atlas::{Atlas, AtlasError, HistorySource, Layer, LayerCard, LayerShelf, Precision};
use layers::boundaries::to_region;
use layers::{LayerError, OpenOptions, Provenance, regions};
use places::Region;
use places::crs::Crs;
use store::Snapshot;
use store::archive::Archive;

use crate::IngestError;
use crate::boundaries::TOLERANCE_M;
use crate::bridge::chain;

/// Layers that a snapshot may hold, simplified: its name for them and ours.
const SIMPLIFIED: [(&str, &str); 2] = [("county", "counties"), ("municipality", "municipalities")];

/// Opens the geography of a snapshot and of a data folder, where there is one; no layer is read.
///
/// # Errors
///
/// The archive cannot be opened, or what it says of regions contradicts itself.
pub fn atlas(snapshot: &Snapshot, folder: Option<&Path>) -> Result<Atlas, IngestError> {
    let archive = folder.map(Archive::open_existing).transpose()?.flatten();
    let (history, sources) = crate::regions::history(snapshot, archive.as_ref())?;
    let shelf = DataFolder { archive, snapshot: snapshot.clone(), holds: OnceLock::new() };
    let used = sources.used.into_iter().map(|source| HistorySource {
        publisher: source.publisher,
        title: source.title,
        as_of: source.as_of,
    });
    Ok(Atlas::new(history, used.collect(), Box::new(shelf)))
}

/// Reads a layer from a file of any format.
///
/// # Errors
///
/// As [`layers::open`].
pub fn layer_file(file: &Path) -> Result<Layer, LayerError> {
    let reader = layers::open(file, &OpenOptions::default())?;
    let (crs, provenance) = (reader.header().crs, reader.header().provenance.clone());
    let (found, _) = regions::read(reader, &regions::Choice::default())?;
    let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Layer::new(card(&id, provenance.unwrap_or_default(), None), crs, found))
}

/// The layers of an archive, and what the snapshot holds of those that the archive lacks.
struct DataFolder {
    archive: Option<Archive>,
    snapshot: Snapshot,
    /// Which of [`SIMPLIFIED`] the snapshot holds; asked once.
    holds: OnceLock<Vec<&'static str>>,
}

impl LayerShelf for DataFolder {
    fn ids(&self) -> Result<Vec<String>, AtlasError> {
        let mut ids: Vec<String> = self.held().iter().map(|id| (*id).to_owned()).collect();
        if let Some(archive) = &self.archive {
            let held = crate::layers::list(archive).map_err(|error| unreadable("", &error))?;
            ids.extend(held.into_iter().map(|held| held.name));
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn version(&self, id: &str) -> Result<Option<String>, AtlasError> {
        if let Some(version) = self.archived(id)? {
            return Ok(Some(version));
        }
        Ok(self.held().contains(&id).then(|| self.snapshot.id().to_owned()))
    }

    fn load(&self, id: &str) -> Result<Layer, AtlasError> {
        let fault = |error: IngestError| unreadable(id, &error);
        match (&self.archive, self.archived(id)?) {
            (Some(archive), Some(version)) => {
                let reader = crate::layers::open(archive, id).map_err(fault)?;
                let provenance = reader.header().provenance.clone().unwrap_or_default();
                let (found, crs) = crate::layers::regions(archive, id).map_err(fault)?;
                Ok(Layer::new(card(id, provenance, Some(version)), crs, found))
            }
            _ => self.load_simplified(id),
        }
    }

    fn shape(&self, id: &str, code: &str) -> Result<Option<(Region, Crs)>, AtlasError> {
        if let (Some(archive), Some(_)) = (&self.archive, self.archived(id)?) {
            let reader = crate::layers::open(archive, id);
            let reader = reader.map_err(|error| unreadable(id, &error))?;
            let crs = reader.header().crs;
            let found = regions::one(reader, code).map_err(|error| unreadable(id, &error))?;
            return Ok(found.map(|region| (region, crs)));
        }
        let Some(name) = simplified_name(id) else { return Ok(None) };
        let found = self.simplified(name)?.into_iter().find(|region| region.code == code);
        Ok(found.map(|region| (region, Crs::Utm33)))
    }
}

impl DataFolder {
    /// The version of a layer in the archive.
    fn archived(&self, id: &str) -> Result<Option<String>, AtlasError> {
        let Some(archive) = &self.archive else { return Ok(None) };
        match crate::layers::current(archive, id) {
            Ok(version) => Ok(version.map(|version| version.version)),
            // A name that could be no extract's is the name of no layer.
            Err(IngestError::Store(error))
                if matches!(*error, store::StoreError::ExtractName { .. }) =>
            {
                Ok(None)
            }
            Err(error) => Err(unreadable(id, &error)),
        }
    }

    /// Layers that the snapshot holds; one that cannot be read is told when it is loaded.
    fn held(&self) -> &[&'static str] {
        self.holds.get_or_init(|| {
            let is_held = |name: &str| {
                self.snapshot.boundaries(name).map_or(true, |boundaries| !boundaries.is_empty())
            };
            SIMPLIFIED.iter().filter(|(name, _)| is_held(name)).map(|(_, id)| *id).collect()
        })
    }

    fn simplified(&self, name: &str) -> Result<Vec<Region>, AtlasError> {
        let boundaries =
            self.snapshot.boundaries(name).map_err(|error| unreadable(name, &error))?;
        Ok(boundaries.iter().filter_map(to_region).collect())
    }

    fn load_simplified(&self, id: &str) -> Result<Layer, AtlasError> {
        let name = simplified_name(id).ok_or(AtlasError::NoBoundaries)?;
        let regions = self.simplified(name)?;
        let source =
            self.snapshot.boundaries(name).ok().and_then(|all| Some(all.first()?.source.clone()));
        let sources = self.snapshot.sources().map_err(|error| unreadable(id, &error))?;
        let source = sources.into_iter().find(|one| Some(&one.source) == source.as_ref());
        let provenance = source.map_or_else(Provenance::default, |source| Provenance {
            publisher: source.publisher,
            licence: source.licence,
            date: source.reference_date,
            origin: source.retrieved_via,
        });
        // Whole metres, and the name of the snapshot as the version.
        let precision = Precision::SimplifiedM(TOLERANCE_M.ceil() as u32);
        let version = Some(self.snapshot.id().to_owned());
        let card = LayerCard { precision, ..card(id, provenance, version) };
        Ok(Layer::new(card, Crs::Utm33, regions))
    }
}

fn simplified_name(id: &str) -> Option<&'static str> {
    SIMPLIFIED.iter().find(|(_, one)| *one == id).map(|(name, _)| *name)
}

fn card(id: &str, provenance: Provenance, version: Option<String>) -> LayerCard {
    let Provenance { publisher, licence, date, .. } = provenance;
    let id = id.to_owned();
    LayerCard { id, publisher, licence, date, version, precision: Precision::Full }
}

fn unreadable(id: &str, error: &dyn std::error::Error) -> AtlasError {
    AtlasError::Unreadable { layer: id.to_owned(), cause: chain(error) }
}
