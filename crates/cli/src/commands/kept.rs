//! What is in the archive, by the names that people use for it.

use std::path::PathBuf;

use cube::{Cube, columns};
use pxweb::client::{ClientError, HttpSettings, HttpTransport};
use store::StoreError;
use store::archive::{Archive, Version};

use super::Session;
use crate::args::NetworkArguments;
use crate::failure::Failure;

impl Session<'_> {
    /// The archive; there is nothing to list, compare or follow without one.
    pub fn archive(&self) -> Result<Archive, Failure> {
        let folder = self.data_folder();
        let opened = folder.as_deref().map(Archive::open_existing).transpose();
        let opened = opened.map_err(|error| self.store_fault(&error))?.flatten();
        opened.ok_or_else(|| {
            let shown = folder.map_or_else(|| "–".to_owned(), |path| path.display().to_string());
            Failure::usage(self.say("archive.none", &[("folder", &shown)]))
        })
    }

    /// The archive in the data folder, which is made where it is not there.
    pub fn archive_to_fill(&self) -> Result<Archive, Failure> {
        let folder = self.data_folder_to_fill()?;
        Archive::open(&folder).map_err(|error| self.store_fault(&error))
    }

    /// The data folder, made where it is not there.
    pub fn data_folder_to_fill(&self) -> Result<PathBuf, Failure> {
        let folder =
            self.data_folder().ok_or_else(|| Failure::usage(self.say("px.no_data_folder", &[])))?;
        std::fs::create_dir_all(&folder).map_err(|error| {
            let shown = folder.display().to_string();
            let places = [("folder", shown.as_str()), ("cause", &error.to_string())];
            Failure::usage(self.say("px.data_folder", &places))
        })?;
        Ok(folder)
    }

    /// The way to the network.
    pub fn network(&self, typed: &NetworkArguments) -> Result<HttpTransport, Failure> {
        let settings = HttpSettings {
            proxy: typed.proxy.clone(),
            certificates: typed.ca_file.clone(),
            ..HttpSettings::default()
        };
        HttpTransport::new(settings)
            .map_err(|error| self.client_fault("", "", &ClientError::Transport(error)))
    }

    /// The extract that a table id or an extract's name means.
    pub fn extract(&self, archive: &Archive, asked: &str) -> Result<String, Failure> {
        let all = archive.extracts().map_err(|error| self.store_fault(&error))?;
        if all.iter().any(|extract| extract == asked) {
            return Ok(asked.to_owned());
        }
        let of_table: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .filter(|extract| table_of(extract).eq_ignore_ascii_case(asked))
            .collect();
        match of_table.as_slice() {
            [one] => Ok((*one).to_owned()),
            [] => {
                let near = cube::nearest(asked, all.iter().map(String::as_str)).join(", ");
                let places = [("asked", asked.to_owned()), ("near", near)];
                Err(Failure::usage(self.fault("archive", "no_extract", &places)))
            }
            several => {
                let places = [("asked", asked), ("extracts", &several.join(", "))];
                Err(Failure::usage(self.say("archive.several", &places)))
            }
        }
    }

    /// The version that the first digits of a checksum, or a date, mean.
    pub fn version(
        &self,
        archive: &Archive,
        extract: &str,
        asked: &str,
    ) -> Result<Version, Failure> {
        let failed = |error: StoreError| self.store_fault(&error);
        let found = match looks_like_date(asked) {
            true => archive.as_of(extract, asked).map_err(failed)?,
            false => archive
                .versions(extract)
                .map_err(failed)?
                .into_iter()
                .find(|version| version.sha256.starts_with(&asked.to_lowercase())),
        };
        found.ok_or_else(|| {
            let places = [("asked", asked), ("extract", extract)];
            Failure::usage(self.say("archive.no_version", &places))
        })
    }

    /// The cells of a version.
    pub fn cells(&self, archive: &Archive, version: &Version) -> Result<Cube, Failure> {
        let bytes = archive.extract_bytes(version).map_err(|error| self.store_fault(&error))?;
        let name = format!("{} {}", version.extract, version.version);
        columns::from_parquet(&bytes).map_err(|error| self.cube_fault(&name, &error))
    }
}

/// The table in an extract's name: `ssb.07459.no.population`.
fn table_of(extract: &str) -> &str {
    extract.split('.').nth(1).unwrap_or(extract)
}

/// `2026-03-01`, alone or with a time of day; a checksum has no such dash.
fn looks_like_date(asked: &str) -> bool {
    asked.get(4..5) == Some("-")
}
