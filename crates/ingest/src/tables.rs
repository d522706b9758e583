//! What is in the archive, and how one version differs from another.

use cube::Difference;
use serde::Serialize;
use store::archive::{Archive, Version};

use crate::geography::is_layer;
use crate::shelf::read_extract;
use crate::sync::due;
use crate::{IngestError, Sources};

/// One extract of the archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    /// Its name.
    pub extract: String,
    /// Table id.
    pub table: String,
    /// Language.
    pub language: String,
    /// Title of the table.
    pub title: String,
    /// The version in use; `None` when none was ever accepted.
    pub version: Option<String>,
    /// How many versions there are.
    pub versions: usize,
    /// Cells of the version in use.
    pub cells: usize,
    /// The table's `updated`.
    pub updated: Option<String>,
    /// When the version in use was fetched.
    pub fetched_at: Option<String>,
    /// When news are expected, where the pack says how often the table changes.
    pub next_due: Option<String>,
    /// Why a newer version is not in use, where there is one.
    pub drift: Option<String>,
}

/// Every extract of the archive, by name.
///
/// # Errors
///
/// The archive cannot be read.
pub fn tables(archive: &Archive, sources: &Sources) -> Result<Vec<Held>, IngestError> {
    // A layer is no table: it has no cells.
    let of_cells = |extract: &String| !extract.starts_with(crate::layers::PREFIX);
    archive
        .extracts()?
        .into_iter()
        .filter(of_cells)
        .map(|extract| held(archive, sources, extract))
        .collect()
}

fn held(archive: &Archive, sources: &Sources, extract: String) -> Result<Held, IngestError> {
    let versions = archive.versions(&extract)?;
    let current = archive.current(&extract)?;
    let source = sources.sources.iter().find(|source| source.extract() == extract);
    let newest = versions.iter().max_by_key(|version| version.id);
    let cube = match &current {
        Some(version) if !is_layer(&extract) => Some(read_extract(archive, version)?),
        _ => None,
    };
    let info = current.as_ref().or(newest).map(|version| &version.info);
    let next_due = match (source, &current) {
        (Some(source), Some(version)) => due(source, archive, version),
        _ => None,
    };
    Ok(Held {
        table: info.map(|info| info.table.clone()).unwrap_or_default(),
        language: info.map(|info| info.language.clone()).unwrap_or_default(),
        title: cube.as_ref().and_then(|cube| cube.label.clone()).unwrap_or_default(),
        version: current.as_ref().map(|version| version.version.clone()),
        versions: versions.len(),
        cells: cube.as_ref().map_or(0, cube::Cube::cells),
        updated: info.and_then(|info| info.updated.clone()),
        fetched_at: current.as_ref().map(|version| version.info.fetched_at.clone()),
        next_due,
        drift: newest.and_then(|version| version.info.drift.clone()),
        extract,
    })
}

/// How two versions of an extract differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// The extract.
    pub extract: String,
    /// The older version.
    pub from: String,
    /// The newer version.
    pub to: String,
    /// Names of the dimensions, in the order of the cells' codes.
    pub dimensions: Vec<String>,
    /// What differs.
    pub difference: Difference,
}

/// Compares two versions of an extract, each named by its first digits or by a day.
///
/// Without names: the version in use with the one before. `asked` is an extract, or a table
/// that has one extract.
///
/// # Errors
///
/// [`IngestError::Unknown`] when there is no such extract or version, or nothing before.
pub fn diff(
    archive: &Archive,
    asked: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Diff, IngestError> {
    let unknown = |asked: &str| IngestError::Unknown { asked: asked.to_owned() };
    let extract = extract_of(archive, asked)?;
    let versions = archive.versions(&extract)?;
    let to = match to {
        Some(name) => named(archive, &versions, &extract, name)?,
        None => archive.current(&extract)?.ok_or_else(|| unknown(&extract))?,
    };
    let from = match from {
        Some(name) => named(archive, &versions, &extract, name)?,
        None => {
            let before = versions.into_iter().filter(|version| version.id < to.id);
            let accepted = before.filter(|version| version.info.drift.is_none());
            accepted.max_by_key(|version| version.id).ok_or_else(|| unknown(&extract))?
        }
    };
    let (old, new) = (read_extract(archive, &from)?, read_extract(archive, &to)?);
    Ok(Diff {
        extract,
        from: from.version,
        to: to.version,
        dimensions: new.dimensions().iter().map(|one| one.code.clone()).collect(),
        difference: Difference::between(&old, &new),
    })
}

fn extract_of(archive: &Archive, asked: &str) -> Result<String, IngestError> {
    let extracts = archive.extracts()?;
    if extracts.iter().any(|extract| extract == asked) {
        return Ok(asked.to_owned());
    }
    let is_of_table = |extract: &&String| extract.split('.').nth(1) == Some(asked);
    let is_named = |extract: &&String| extract.rsplit('.').next() == Some(asked);
    let found: Vec<&String> =
        extracts.iter().filter(|extract| is_of_table(extract) || is_named(extract)).collect();
    match found[..] {
        [extract] => Ok(extract.clone()),
        [] => Err(IngestError::Unknown { asked: asked.to_owned() }),
        _ => {
            let candidates = found.into_iter().cloned().collect();
            Err(IngestError::Ambiguous { asked: asked.to_owned(), candidates })
        }
    }
}

/// A version by the beginning of its digest, or the one that was known on a day.
fn named(
    archive: &Archive,
    versions: &[Version],
    extract: &str,
    name: &str,
) -> Result<Version, IngestError> {
    let by_digest = versions.iter().rev().find(|version| version.sha256.starts_with(name));
    if let Some(version) = by_digest {
        return Ok(version.clone());
    }
    let unknown = || IngestError::Unknown { asked: format!("{extract}@{name}") };
    let is_day = name.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
    if !is_day {
        return Err(unknown());
    }
    archive.as_of(extract, name)?.ok_or_else(unknown)
}
