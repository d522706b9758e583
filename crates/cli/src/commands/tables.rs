//! `grunnlag tables`.

use serde::Serialize;
use store::StoreError;
use store::archive::{Archive, Version};

use super::Session;
use crate::args::TablesArguments;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

#[derive(Serialize)]
struct TableEntry {
    extract: String,
    table: String,
    server: String,
    language: String,
    /// The version in use; absent when no version fits what the pack relies on.
    version: Option<String>,
    /// The table's own time of change.
    updated: Option<String>,
    /// When the bytes were last seen to be so.
    last_seen: Option<String>,
    versions: usize,
    bytes: u64,
    /// Why the newest version is not in use.
    drift: Option<String>,
}

/// Lists the extracts in the data folder.
pub fn run(session: &Session<'_>, typed: &TablesArguments) -> Result<(), Failure> {
    let archive = session.archive()?;
    let entries = entries(&archive, typed.as_of.as_deref());
    let entries = entries.map_err(|error| session.store_fault(&error))?;
    let file = session.output(typed.output.out.as_deref());
    formats::write(&sheet(session, &entries), &entries, typed.output.format, &file)
}

fn entries(archive: &Archive, as_of: Option<&str>) -> Result<Vec<TableEntry>, StoreError> {
    let mut entries = Vec::new();
    for extract in archive.extracts()? {
        let versions = archive.versions(&extract)?;
        let used = match as_of {
            None => archive.current(&extract)?,
            Some(moment) => match archive.as_of(&extract, moment)? {
                None => continue,
                known => known,
            },
        };
        entries.push(entry(extract, &versions, used.as_ref()));
    }
    Ok(entries)
}

fn entry(extract: String, versions: &[Version], used: Option<&Version>) -> TableEntry {
    let newest = versions.iter().max_by_key(|version| version.id);
    let shown = used.or(newest);
    let text = |of: fn(&Version) -> &String| shown.map(of).cloned().unwrap_or_default();
    TableEntry {
        extract,
        table: text(|version| &version.info.table),
        server: text(|version| &version.info.server),
        language: text(|version| &version.info.language),
        version: used.map(|version| version.version.clone()),
        updated: shown.and_then(|version| version.info.updated.clone()),
        last_seen: shown.map(|version| version.last_seen.clone()),
        versions: versions.len(),
        bytes: shown.map_or(0, |version| version.bytes),
        drift: newest.and_then(|version| version.info.drift.clone()),
    }
}

fn sheet(session: &Session<'_>, entries: &[TableEntry]) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("extract", say("column.extract")),
        Column::text("table", say("column.table")),
        Column::text("server", say("column.host")).off_screen(),
        Column::text("language", say("column.language")).off_screen(),
        Column::text("version", say("column.version")),
        Column::text("updated", say("column.publication")),
        Column::text("last_seen", say("column.last_seen")),
        Column::integer("versions", say("column.versions")),
        Column::integer("bytes", say("column.bytes")).off_screen(),
        Column::text("drift", say("column.why_not_newest")),
    ];
    let rows = entries.iter().map(|entry| {
        vec![
            Cell::from(entry.extract.clone()),
            entry.table.clone().into(),
            entry.server.clone().into(),
            entry.language.clone().into(),
            entry.version.clone().into(),
            entry.updated.clone().into(),
            entry.last_seen.clone().into(),
            entry.versions.into(),
            usize::try_from(entry.bytes).unwrap_or(usize::MAX).into(),
            entry.drift.clone().into(),
        ]
    });
    Sheet { name: say("px.sheet.search"), columns, rows: rows.collect() }
}
