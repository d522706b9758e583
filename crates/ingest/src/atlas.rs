//! The geography of a data folder: what the archive and the snapshot hold, as an [`Atlas`].

use std::path::Path;

use atlas::{Atlas, AtlasError, Layer, LayerCard, LayerShelf, Precision};
use layers::{Header, LayerError, OpenOptions, Provenance, regions};
use places::Region;
use places::crs::Crs;
use store::archive::{Archive, Version};
use store::{Snapshot, StoreError};

use crate::IngestError;
use crate::bridge::chain;

/// Extracts of layers have names that begin so.
const LAYER: &str = "layer.";

/// Opens the geography of a snapshot and of a data folder, where there is one; no layer is read.
///
/// # Errors
///
/// The archive cannot be opened, or what it says of regions contradicts itself.
pub fn atlas(snapshot: &Snapshot, folder: Option<&Path>) -> Result<Atlas, IngestError> {
    let archive = folder.map(Archive::open_existing).transpose()?.flatten();
    let (history, sources) = crate::regions::history(snapshot, archive.as_ref())?;
    let shelf = Shelf { archive, snapshot: snapshot.clone() };
    Ok(Atlas::new(history, sources, Box::new(shelf)))
}

/// Reads a layer from a file of any format.
///
/// # Errors
///
/// As [`layers::open`].
pub fn layer_file(file: &Path) -> Result<Layer, LayerError> {
    let reader = layers::open(file, &OpenOptions::default())?;
    let header = reader.header().clone();
    let (found, _) = regions::read(reader, &regions::Choice::default())?;
    let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Layer::new(card(&id, &header, None), header.crs, found))
}

/// The layers of an archive.
struct Shelf {
    archive: Option<Archive>,
    snapshot: Snapshot,
}

impl LayerShelf for Shelf {
    fn ids(&self) -> Result<Vec<String>, AtlasError> {
        let Some(archive) = &self.archive else { return Ok(Vec::new()) };
        let mut ids = Vec::new();
        for extract in archive.extracts().map_err(|error| unreadable("", &error))? {
            let Some(id) = extract.strip_prefix(LAYER) else { continue };
            if self.current(id)?.is_some() {
                ids.push(id.to_owned());
            }
        }
        Ok(ids)
    }

    fn version(&self, id: &str) -> Result<Option<String>, AtlasError> {
        Ok(self.current(id)?.map(|(_, version)| version.version))
    }

    fn load(&self, id: &str) -> Result<Layer, AtlasError> {
        let (reader, version) = self.open(id)?;
        let header = reader.header().clone();
        let read = regions::read(reader, &regions::Choice::default());
        let (found, _) = read.map_err(|error| unreadable(id, &error))?;
        Ok(Layer::new(card(id, &header, Some(version)), header.crs, found))
    }

    fn shape(&self, id: &str, code: &str) -> Result<Option<(Region, Crs)>, AtlasError> {
        let (reader, _) = self.open(id)?;
        let crs = reader.header().crs;
        let found = regions::one(reader, code).map_err(|error| unreadable(id, &error))?;
        Ok(found.map(|region| (region, crs)))
    }
}

impl Shelf {
    fn current(&self, id: &str) -> Result<Option<(&Archive, Version)>, AtlasError> {
        let Some(archive) = &self.archive else { return Ok(None) };
        let version = archive.current(&format!("{LAYER}{id}"));
        match version {
            Ok(version) => Ok(version.map(|version| (archive, version))),
            // A name that could be no extract's is the name of no layer.
            Err(StoreError::ExtractName { .. }) => Ok(None),
            Err(error) => Err(unreadable(id, &error)),
        }
    }

    fn open(&self, id: &str) -> Result<(layers::Reader, String), AtlasError> {
        let Some((archive, version)) = self.current(id)? else {
            return Err(AtlasError::NoBoundaries);
        };
        let path = archive.version_path(&version.extract, &version.version);
        let path = path.map_err(|error| unreadable(id, &error))?;
        let reader = layers::open(&path, &OpenOptions::default());
        let reader = reader.map_err(|error| unreadable(id, &error))?;
        Ok((reader, version.version))
    }
}

fn card(id: &str, header: &Header, version: Option<String>) -> LayerCard {
    let Provenance { publisher, licence, date, .. } = header.provenance.clone().unwrap_or_default();
    let id = id.to_owned();
    LayerCard { id, publisher, licence, date, version, precision: Precision::Full }
}

fn unreadable(id: &str, error: &dyn std::error::Error) -> AtlasError {
    AtlasError::Unreadable { layer: id.to_owned(), cause: chain(error) }
}
