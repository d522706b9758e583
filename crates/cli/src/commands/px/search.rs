//! `grunnlag px search`: over the archived catalogue, without a network.

use pxweb::Server;
use serde::Serialize;
use store::archive::{Archive, Hit};

use super::desk::{self, Desk};
use crate::args::{HostArguments, OutputArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// What was searched for.
pub struct Search<'a> {
    /// Words.
    pub text: &'a str,
    /// Only so many tables.
    pub limit: u32,
    /// Which server.
    pub host: &'a HostArguments,
    /// How the answer is written.
    pub output: &'a OutputArguments,
}

/// The tables that were found.
#[derive(Serialize)]
struct Found {
    host: String,
    language: String,
    /// When the catalogue was fetched.
    fetched_at: String,
    tables: Vec<FoundTable>,
}

#[derive(Serialize)]
struct FoundTable {
    id: String,
    title: String,
    first_period: Option<String>,
    last_period: Option<String>,
    updated: Option<String>,
    discontinued: bool,
}

/// Fetches the catalogue anew, then searches.
pub fn refreshed(session: &Session<'_>, search: &Search<'_>) -> Result<(), Failure> {
    Desk::open(session, search.host)?.refresh_catalogue()?;
    run(session, search)
}

/// Searches the catalogue that is kept.
pub fn run(session: &Session<'_>, search: &Search<'_>) -> Result<(), Failure> {
    let server = desk::server(session, &search.host.host)?;
    let found = find(session, search, &server)?;
    if found.tables.is_empty() {
        let places = [("host", found.host.as_str()), ("text", search.text)];
        return Err(Failure::usage(session.say("px.no_hits", &places)));
    }
    session.note(&[session.say("px.catalogue_age", &[("fetched", &found.fetched_at)])]);
    let file = session.output(search.output.out.as_deref());
    formats::write(&sheet(session, &found), &found, search.output.format, &file)
}

fn find(session: &Session<'_>, search: &Search<'_>, server: &Server) -> Result<Found, Failure> {
    let absent = || {
        let places = [("host", server.name.as_str()), ("text", search.text)];
        Failure::usage(session.say("px.no_catalogue", &places))
    };
    let folder = session.data_folder().ok_or_else(absent)?;
    let broken = |error| session.store_fault(&error);
    let archive = Archive::open_existing(&folder).map_err(broken)?.ok_or_else(absent)?;
    let mut languages = desk::languages_to_try(session.language, server);
    // What an unknown server offers is not known without asking it.
    languages.extend(["no", "en", "sv"].map(str::to_owned));
    for language in languages {
        let fetched = archive.catalogue_fetched_at(&server.name, &language).map_err(broken)?;
        let Some(fetched_at) = fetched else { continue };
        let hits = archive
            .search(Some(&server.name), &language, search.text, search.limit as usize)
            .map_err(broken)?;
        let tables = hits.into_iter().map(found_table).collect();
        return Ok(Found { host: server.name.clone(), language, fetched_at, tables });
    }
    Err(absent())
}

fn found_table(hit: Hit) -> FoundTable {
    let entry = hit.entry;
    FoundTable {
        id: entry.id,
        title: entry.title,
        first_period: entry.first_period,
        last_period: entry.last_period,
        updated: entry.updated,
        discontinued: entry.discontinued,
    }
}

fn sheet(session: &Session<'_>, found: &Found) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("id", say("column.id")),
        Column::text("title", say("column.title")),
        Column::text("first_period", say("column.first")),
        Column::text("last_period", say("column.last")),
        Column::text("updated", say("column.publication")),
    ];
    let rows = found.tables.iter().map(|table| {
        // The agencies write the id before the title; it has its own column here.
        let prefix = format!("{}: ", table.id);
        let title = table.title.strip_prefix(&prefix).unwrap_or(&table.title);
        let day = table.updated.as_deref().map(|updated| updated.get(..10).unwrap_or(updated));
        vec![
            Cell::from(table.id.clone()),
            title.into(),
            table.first_period.clone().into(),
            table.last_period.clone().into(),
            day.into(),
        ]
    });
    Sheet { name: say("px.sheet.search"), columns, rows: rows.collect() }
}
