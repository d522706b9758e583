//! One server, ready to be asked, with the archive that keeps its answers.

use std::time::{Duration, Instant};

use cube::{Cube, jsonstat};
use evidence::Language;
use ingest::{Bridge, Reach};
use jiff::Timestamp;
use pxweb::client::{
    Client, ClientError, Clock, Discontinued, Event, Hours, HttpTransport, Pace, Settings,
    TableRef, TablesQuery, Watch,
};
use pxweb::plan::Limits;
use pxweb::wire::{PathElement, TableResponse};
use pxweb::{CodeList, Server, Servers, Table};
use store::archive::{Archive, CatalogueEntry, Subject};

use crate::args::{HostArguments, NetworkArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::interrupt;
use crate::words;

/// The server that was named.
pub fn server(session: &Session<'_>, host: &str) -> Result<Server, Failure> {
    let found = Servers::known().named_or_url(host).map(|server| {
        let is_known = Servers::known().find(&server.name).is_some();
        // Two servers on one machine are two servers.
        let name = if is_known { server.name.clone() } else { server.host() };
        Server { name, ..server }
    });
    found.ok_or_else(|| {
        let known: Vec<&str> = Servers::known().all.iter().map(|one| one.name.as_str()).collect();
        let places = [("host", host), ("known", &known.join(", "))];
        Failure::usage(session.say("px.unknown_host", &places))
    })
}

/// The server's codes for the reader's language, then the server's own; best first.
pub fn languages_to_try(language: Language, server: &Server) -> Vec<String> {
    let readers: &[&str] = match language {
        Language::Bokmal => &["no", "nb"],
        Language::English => &["en"],
    };
    let is_offered = |code: &str| {
        server.languages.is_empty() || server.languages.iter().any(|offered| offered == code)
    };
    let mut codes: Vec<String> =
        readers.iter().filter(|code| is_offered(code)).map(|code| (*code).to_owned()).collect();
    let own = server.default_language().to_owned();
    if !codes.contains(&own) {
        codes.push(own);
    }
    codes
}

/// A server and the way to it.
pub struct Desk<'a> {
    session: &'a Session<'a>,
    /// The server, with the languages that it says it has.
    pub server: Server,
    /// The server's code for the language that is asked for.
    pub language: String,
    /// Where answers are kept.
    archive: Archive,
    reach: Reach,
    transport: HttpTransport,
    limits: Limits,
}

impl<'a> Desk<'a> {
    /// Opens the archive and finds out what the server offers.
    pub fn open(session: &'a Session<'a>, host: &HostArguments) -> Result<Desk<'a>, Failure> {
        let server = server(session, &host.host)?;
        interrupt::listen();
        Desk::with(session, (server, &host.network), Reach::Network)
    }

    /// As [`Desk::open`], but nothing leaves the machine.
    pub fn offline(session: &'a Session<'a>, host: &HostArguments) -> Result<Desk<'a>, Failure> {
        let server = server(session, &host.host)?;
        Desk::with(session, (server, &host.network), Reach::Archive)
    }

    fn with(
        session: &'a Session<'a>,
        (server, typed): (Server, &NetworkArguments),
        reach: Reach,
    ) -> Result<Desk<'a>, Failure> {
        let transport = session.network(typed)?;
        let archive = match reach {
            Reach::Archive => session.archive()?,
            Reach::Network => session.archive_to_fill()?,
        };
        let language = languages_to_try(session.language, &server).remove(0);
        let limits = usual_limits(&server);
        let mut desk = Desk { session, server, language, archive, reach, transport, limits };
        desk.heed_config()?;
        Ok(desk)
    }

    /// Takes limits and languages from the server itself, where it tells them.
    fn heed_config(&mut self) -> Result<(), Failure> {
        if self.server.v2.is_some() {
            let (config, pace) =
                self.ask("config", |client| Ok((client.config()?, client.pace())))?;
            if config.max_data_cells > 0 {
                self.limits.max_cells = config.max_data_cells;
            }
            self.limits.pace = pace;
            if !config.languages.is_empty() {
                let own = config.default_language;
                let mut codes: Vec<String> =
                    config.languages.into_iter().map(|language| language.id).collect();
                codes.sort_by_key(|code| *code != own);
                self.server.languages = codes;
            }
        }
        let best = languages_to_try(self.session.language, &self.server).remove(0);
        if Language::from_code(&best) != Some(self.session.language) {
            let places = [
                ("host", self.server.name.as_str()),
                ("asked", self.session.language.code()),
                ("used", &best),
            ];
            self.session.note(&[self.session.say("px.language", &places)]);
        }
        self.language = best;
        Ok(())
    }

    /// Uses another language than the reader's, as a pasted address may say.
    pub fn speak(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// What the server allows.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Asks, and words what goes wrong; `what` is the table concerned.
    pub fn ask<T>(
        &self,
        what: &str,
        question: impl FnOnce(&Client<'_>) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let bridge = Bridge::new(&self.archive, self.reach, interrupt::flag());
        let settings = Settings { hours: Hours::Warn, ..Settings::default() };
        let speaker = Speaker { session: self.session };
        let client = Client::new(self.server.clone(), &self.transport, &bridge, &bridge, settings)
            .with_clock(&Alert)
            .watched(&speaker);
        question(&client).map_err(|error| self.failure(what, &error))
    }

    fn failure(&self, what: &str, error: &ClientError) -> Failure {
        if interrupt::is_asked() {
            return Failure::interrupted(self.session.say("px.interrupted", &[]));
        }
        if self.reach == Reach::Archive && matches!(error, ClientError::Archive(_)) {
            let places = [("what", what), ("host", self.server.name.as_str())];
            return Failure::usage(self.session.say("px.not_in_archive", &places));
        }
        self.session.client_fault(what, &self.server.name, error)
    }

    /// What can be selected in a table, and its metadata where it is of version 2.
    pub fn table(&self, id: &str) -> Result<(Table, Option<Cube>), Failure> {
        let table = self.table_ref(id, None);
        if self.server.v2.is_none() {
            return Ok((self.ask(id, |client| client.selectable(&table))?, None));
        }
        let answer = self.ask(id, |client| client.metadata(&table))?;
        let fault = |error| self.session.cube_fault(id, &error);
        let metadata = jsonstat::read(&answer.body).map_err(fault)?;
        let table = Table::from_metadata(id, &metadata).map_err(fault)?;
        Ok((table, Some(metadata)))
    }

    /// A table as it is asked for; with `updated`, answers to the same publication are used again.
    pub fn table_ref(&self, id: &str, updated: Option<String>) -> TableRef {
        TableRef { id: id.to_owned(), language: self.language.clone(), updated }
    }

    /// A code list of a dimension.
    pub fn code_list(&self, table: &str, id: &str) -> Result<CodeList, Failure> {
        self.ask(table, |client| client.code_list(id, &self.language))
    }

    /// Fetches the whole catalogue and puts it in the archive.
    pub fn refresh_catalogue(&self) -> Result<(), Failure> {
        let query = TablesQuery {
            language: self.language.clone(),
            discontinued: Discontinued::Included,
            page_size: Some(10_000),
            ..TablesQuery::default()
        };
        let what = self.session.say("px.catalogue", &[]);
        let tables = self.ask(&what, |client| client.all_tables(&query))?;
        let entries: Vec<CatalogueEntry> = tables.into_iter().map(entry).collect();
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.archive
            .put_catalogue(&self.server.name, &self.language, &entries, &now)
            .map_err(|error| self.session.store_fault(&error))
    }
}

/// What is known of the server before it has told its own limits.
fn usual_limits(server: &Server) -> Limits {
    let careful = Pace { calls: 30, window: Duration::from_secs(60) };
    Limits {
        max_cells: server.max_cells.unwrap_or(100_000),
        max_url: server.max_url.unwrap_or(2_000),
        max_body: 1 << 20,
        pace: server.pace().unwrap_or(careful),
    }
}

fn entry(table: TableResponse) -> CatalogueEntry {
    let raw = serde_json::to_string(&table).unwrap_or_default();
    let subject = |step: PathElement| Subject { id: step.id, label: step.label };
    let path = |path: Vec<PathElement>| path.into_iter().map(subject).collect();
    CatalogueEntry {
        id: table.id,
        title: table.label,
        description: table.description.unwrap_or_default(),
        variables: table.variable_names,
        paths: table.paths.unwrap_or_default().into_iter().map(path).collect(),
        updated: table.updated,
        first_period: table.first_period,
        last_period: table.last_period,
        time_unit: table.time_unit,
        discontinued: table.discontinued.unwrap_or(false),
        raw,
    }
}

/// A clock whose waits end when the person asks to stop.
struct Alert;

impl Clock for Alert {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, pause: Duration) {
        let begun = Instant::now();
        while !interrupt::is_asked() {
            let left = pause.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(100)));
        }
    }
}

/// Says aloud why nothing happens for a while.
struct Speaker<'a> {
    session: &'a Session<'a>,
}

impl Watch for Speaker<'_> {
    fn see(&self, event: &Event) {
        self.session.note(&said(self.session, event).into_iter().collect::<Vec<_>>());
    }
}

/// What people should know of what a client does.
pub fn said(session: &Session<'_>, event: &Event) -> Option<String> {
    match event {
        // A second or two needs no explanation.
        Event::Waiting { why, pause } if pause.as_secs() >= 3 => {
            let time = words::duration(session, *pause);
            Some(session.say(&format!("px.waiting.{why}"), &[("time", &time)]))
        }
        Event::Failed { what, problem } => {
            Some(session.say("px.failed", &[("what", what), ("problem", problem)]))
        }
        Event::Received { what, bytes, of } => {
            let name = what.rsplit('/').next().unwrap_or(what);
            let (done, all) = (
                words::bytes(session.language, *bytes),
                of.map(|all| words::bytes(session.language, all)),
            );
            let places = [("name", name), ("done", &done), ("all", all.as_deref().unwrap_or("?"))];
            Some(session.say("px.received", &places))
        }
        Event::MayBeZeros { .. } => Some(session.say("px.may_be_zeros", &[])),
        _ => None,
    }
}
