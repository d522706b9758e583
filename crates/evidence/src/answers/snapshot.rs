//! The snapshot and the municipalities in it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::EvidenceError;
use crate::evidence::Evidence;

/// Which snapshot an answer is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SnapshotRef {
    /// First digits of its checksum.
    pub id: String,
    /// Day on which it was made.
    pub created: String,
}

/// What a snapshot holds.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SnapshotReport {
    /// First digits of its checksum.
    pub id: String,
    /// SHA-256 by which the whole file is sealed.
    pub checksum: String,
    /// Day on which it was made.
    pub created: String,
    /// Version of the file's layout.
    pub format_version: u32,
    /// Size of the file.
    pub bytes: u64,
    /// How many municipalities it holds.
    pub municipalities: u32,
    /// How many measures it holds.
    pub measures: u32,
    /// How many figures it holds, by status.
    pub figures_by_status: BTreeMap<String, u64>,
    /// Oldest period of any figure.
    pub oldest_period: Option<String>,
    /// Newest period of any figure.
    pub newest_period: Option<String>,
    /// Publishers and licences of the sources.
    pub sources: Vec<SourceEntry>,
}

/// One source of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceEntry {
    /// Key.
    pub source: String,
    /// Who published it.
    pub publisher: String,
    /// What it is called.
    pub title: String,
    /// Licence.
    pub licence: String,
    /// Day or period to which it refers.
    pub reference_date: String,
}

/// All municipalities, with their place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityList {
    /// The snapshot that they are from.
    pub snapshot: SnapshotRef,
    /// Municipalities by code.
    pub municipalities: Vec<MunicipalityEntry>,
}

/// One municipality and its place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityEntry {
    /// Four digits, in force since 2024.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Two digits.
    pub county_code: String,
    /// Name of the county.
    pub county_name: String,
    /// Degrees east (EPSG:4326) of a point on land.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Column of its hexagon; odd rows are shifted half a hexagon east.
    pub hexagon_column: i32,
    /// Row of its hexagon, from the north.
    pub hexagon_row: i32,
}

impl Evidence {
    /// Names the snapshot.
    pub fn snapshot_ref(&self) -> SnapshotRef {
        SnapshotRef {
            id: self.snapshot.id().to_owned(),
            created: self.snapshot.created().to_owned(),
        }
    }

    /// Says what the snapshot holds.
    ///
    /// # Errors
    ///
    /// The snapshot cannot be read.
    pub fn snapshot_report(&self) -> Result<SnapshotReport, EvidenceError> {
        let info = self.snapshot.info()?;
        let sources = self.snapshot.sources()?.into_iter();
        Ok(SnapshotReport {
            id: info.id,
            checksum: info.seal,
            created: info.created,
            format_version: info.format_version,
            bytes: info.bytes,
            municipalities: info.municipalities,
            measures: info.measures,
            figures_by_status: info
                .figures_by_status
                .into_iter()
                .map(|(status, count)| (status.as_str().to_owned(), count))
                .collect(),
            oldest_period: info.oldest_period,
            newest_period: info.newest_period,
            sources: sources
                .map(|source| SourceEntry {
                    source: source.source,
                    publisher: source.publisher,
                    title: source.title,
                    licence: source.licence,
                    reference_date: source.reference_date,
                })
                .collect(),
        })
    }

    /// Lists the municipalities.
    pub fn municipalities(&self) -> MunicipalityList {
        let entry = |place: &store::Municipality| MunicipalityEntry {
            municipality_code: place.municipality_code.clone(),
            name: place.display_name.clone(),
            county_code: place.county_code.clone(),
            county_name: place.county_name.clone(),
            longitude: place.longitude,
            latitude: place.latitude,
            hexagon_column: place.hexagon_column,
            hexagon_row: place.hexagon_row,
        };
        MunicipalityList {
            snapshot: self.snapshot_ref(),
            municipalities: self.municipalities.iter().map(entry).collect(),
        }
    }
}
