//! The snapshot, made of the versions that count now or counted at a moment.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};
use store::Snapshot;
use store::archive::{Archive, Version};

use super::{Made, Site};
use crate::layer_run;
use crate::rebuild::{Accepted, rebuild};
use crate::{IngestError, Source};

/// Makes the snapshot as it would have been made at a moment: `2026-03-01` (to its end) or RFC 3339.
///
/// Returns the path of the file in the data folder; the same moment gives the same bytes.
///
/// # Errors
///
/// The archive cannot be read, or the file not written.
pub fn snapshot_as_of(site: &Site<'_>, moment: &str) -> Result<PathBuf, IngestError> {
    let parts = Parts::find(site, Some(moment))?;
    let folder = site.data.join("as-of");
    std::fs::create_dir_all(&folder).map_err(IngestError::Write)?;
    let target = folder.join(format!("{}.gpkg", &parts.made_of[..12]));
    if !is_made_of(&target, &parts.made_of) {
        make_snapshot(site, &parts, &target)?;
    }
    Ok(target)
}

/// What a snapshot is made of beside the base.
pub(super) struct Parts<'a> {
    /// Of each extract the version that counts.
    versions: Vec<(&'a Source, Version)>,
    /// The boundaries of the municipalities.
    boundaries: Option<Version>,
    /// All that the snapshot depends on, as one digest.
    pub(super) made_of: String,
}

impl<'a> Parts<'a> {
    /// As they are now or were at a moment.
    pub(super) fn find(site: &Site<'a>, moment: Option<&str>) -> Result<Parts<'a>, IngestError> {
        let versions = accepted_versions(site, moment)?;
        let boundaries = layer_run::boundary_version(site.archive, moment)?;
        let made_of = made_of(site, &versions, boundaries.as_ref());
        Ok(Parts { versions, boundaries, made_of })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.boundaries.is_none()
    }
}

/// The version of each extract that counts, now or at a moment.
fn accepted_versions<'a>(
    site: &Site<'a>,
    moment: Option<&str>,
) -> Result<Vec<(&'a Source, Version)>, IngestError> {
    let mut versions = Vec::new();
    for source in site.sources.sources.iter().filter(|source| !source.measures.is_empty()) {
        let extract = source.extract();
        let version = match moment {
            None => site.archive.current(&extract)?,
            Some(moment) => site.archive.as_of(&extract, moment)?,
        };
        versions.extend(version.map(|version| (source, version)));
    }
    Ok(versions)
}

/// What a snapshot depends on, as one digest.
fn made_of(
    site: &Site<'_>,
    versions: &[(&Source, Version)],
    boundaries: Option<&Version>,
) -> String {
    let mut digest = Sha256::new();
    digest.update(site.base.seal());
    digest.update(format!("{:?}{:?}", site.pack.measures, site.pack.indicators));
    digest.update(format!("{:?}", site.sources.symbols));
    for (source, version) in versions {
        digest.update(format!("\n{source:?} {}", version.sha256));
    }
    if let Some(version) = boundaries {
        digest.update(format!("\n{} {}", version.extract, version.sha256));
    }
    hex(&digest.finalize())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Name of the property in which a snapshot says what it was made of.
const MADE_OF: &str = "made_of";

pub(super) fn is_made_of(path: &Path, made_of: &str) -> bool {
    let read = || {
        let snapshot = Snapshot::open(path).ok()?;
        let sql = format!("SELECT value FROM snapshot_property WHERE key = '{MADE_OF}'");
        let rows = snapshot.session().ok()?.rows(&sql).ok()?.rows;
        Some(rows.first()?.first()?.as_str()? == made_of)
    };
    path.exists() && read() == Some(true)
}

pub(super) fn make_snapshot(
    site: &Site<'_>,
    parts: &Parts<'_>,
    target: &Path,
) -> Result<Made, IngestError> {
    let mut extracts = Vec::with_capacity(parts.versions.len());
    for (source, version) in &parts.versions {
        extracts.push(accepted(site.archive, source, version)?);
    }
    // Where the archive takes away what a killed process leaves behind; and nobody else's.
    static TRIES: AtomicU64 = AtomicU64::new(0);
    let number = TRIES.fetch_add(1, Ordering::Relaxed);
    let folder = site.data.join("extracts").join(".tmp");
    std::fs::create_dir_all(&folder).map_err(IngestError::Write)?;
    let scratch = folder.join(format!("snapshot-{}-{number}", std::process::id()));
    let made = rebuild(site.base, site.pack, site.sources, &extracts, &scratch);
    // What could not be removed is small, named so, and overwritten by the next run.
    let _ = std::fs::remove_file(&scratch);
    let mut made = made?;
    made.builder.properties.insert(MADE_OF.to_owned(), parts.made_of.clone());
    if let Some(version) = &parts.boundaries {
        layer_run::put_boundaries(&mut made.builder, site.archive, version)?;
    }
    let seal = made.builder.write(target)?;
    Ok(Made { id: seal[..12].to_owned(), measures: made.made, left_out: made.left_out })
}

fn accepted<'a>(
    archive: &Archive,
    source: &'a Source,
    version: &Version,
) -> Result<Accepted<'a>, IngestError> {
    let cube = crate::shelf::read_extract(archive, version)?;
    let mut digests = Vec::with_capacity(version.info.answer_ids.len());
    for id in &version.info.answer_ids {
        digests.extend(archive.answer(*id)?.map(|answer| answer.sha256));
    }
    Ok(Accepted {
        source,
        version: version.version.clone(),
        updated: version.info.updated.clone(),
        fetched_at: version.info.fetched_at.clone(),
        query: version.info.query.clone(),
        digests,
        cube,
    })
}
