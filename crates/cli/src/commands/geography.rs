//! What the commands of geography share: the atlas, and the words for what it refuses.

use std::path::Path;

use atlas::{Atlas, AtlasError, Layer, Position, PositionError};

use super::{Session, sync};
use crate::args::NetworkArguments;
use crate::failure::Failure;

impl Session<'_> {
    /// The geography of the data folder and the snapshot.
    pub fn atlas(&self) -> Result<Atlas, Failure> {
        let snapshot = self.origin().snapshot().map_err(|error| self.failure(&error))?;
        let folder = self.data_folder();
        ingest::atlas(&snapshot, folder.as_deref()).map_err(|error| sync::failure(self, &error))
    }

    /// Reads a layer from a file.
    pub fn layer_file(&self, file: &Path) -> Result<Layer, Failure> {
        let layer = ingest::layer_file(file);
        layer.map_err(|error| self.layer_fault(&file.display().to_string(), &error))
    }

    /// Looks an address up; several hits are several places, each with its text.
    pub fn addresses(
        &self,
        text: &str,
        network: &NetworkArguments,
    ) -> Result<Vec<(String, Position)>, Failure> {
        let _ = (text, network);
        todo!("ingest::addresses")
    }

    /// Words why a question of geography has no answer.
    pub fn atlas_fault(&self, error: &AtlasError) -> Failure {
        Failure::usage(self.fault("atlas", error.key(), &error.places()))
    }

    /// Words why coordinates give no place.
    pub fn position_fault(&self, error: &PositionError) -> Failure {
        Failure::usage(self.fault("position", error.key(), &error.places()))
    }
}
