//! `grunnlag sync`.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use geonorge::{Datasets, Services};
use indicators::Pack;
use ingest::{IngestError, Line, Options, Site, Sources, Summary, SyncEvent};
use jiff::Timestamp;
use pxweb::client::{HttpTransport, Settings, SystemClock};
use server::Live;
use store::Snapshot;
use store::archive::Archive;

use super::Session;
use super::px::desk;
use super::synced;
use crate::args::{Format, SyncArguments};
use crate::failure::Failure;
use crate::formats;
use crate::interrupt;
use crate::progress::{Form, Progress, Step};

/// Fetches what is new, or says what that would cost.
pub fn run(session: &Session<'_>, typed: &SyncArguments) -> Result<(), Failure> {
    let job = Job::open(session, typed)?;
    let watcher = Watcher::new(session, session.progress_form(&typed.progress));
    let settings = Settings::default();
    let (site, line) = (job.site(), job.line(&settings, &watcher));
    let failed = |error: IngestError| failure(session, &error);
    if typed.plan {
        let forecast = ingest::forecast(&site, &line, &job.options).map_err(failed)?;
        return synced::write_forecast(session, &forecast, &typed.output);
    }
    let summary = match typed.from_archive {
        true => ingest::sync_from_archive(&site, &line, &job.options),
        false => ingest::sync(&site, &line, &job.options),
    };
    watcher.progress.end();
    let summary = summary.map_err(failed)?;
    write(session, typed, &summary)?;
    synced::verdict(session, &summary)
}

/// Syncs now, and after each hour of publication, until the person stops the server.
///
/// What goes wrong is told and tried again at the next hour: the server serves what there is.
pub fn keep_fresh(session: &Session<'_>, live: &Live) {
    let stop = interrupt::listen();
    // Many installations must not come in the same minute.
    let offset = u8::try_from(std::process::id() % 30).unwrap_or_default();
    loop {
        session
            .note(&[fresh(session, live).unwrap_or_else(|failure| failure.sentence().to_owned())]);
        let next = ingest::next_moment(Timestamp::now(), offset);
        while Timestamp::now() < next {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

/// One sync, after which the server ranks by the new figures; gives what it did in a line.
fn fresh(session: &Session<'_>, live: &Live) -> Result<String, Failure> {
    let job = Job::open(session, &SyncArguments::default())?;
    let settings = Settings::default();
    let summary = ingest::sync(&job.site(), &job.line(&settings, &()), &job.options)
        .map_err(|error| failure(session, &error))?;
    let report = synced::report(session, &summary);
    let mut lines = synced::totals(session, &report);
    if summary.snapshot.is_some() {
        live.replace(session.evidence()?, session.atlas()?);
        lines.push(session.say("serve.renewed", &[]));
    }
    Ok(lines.join("\n"))
}

/// Everything that a sync is done with.
struct Job {
    transport: HttpTransport,
    archive: Archive,
    folder: PathBuf,
    pack: Pack,
    sources: Sources,
    base: Snapshot,
    options: Options,
}

impl Job {
    fn open(session: &Session<'_>, typed: &SyncArguments) -> Result<Job, Failure> {
        let transport = session.network(&typed.network)?;
        let options = options(session, typed)?;
        let (pack, sources) = load(session, typed.pack.as_deref())?;
        let folder = session.data_folder_to_fill()?;
        let archive = session.archive_to_fill()?;
        let base = Snapshot::embedded().map_err(|error| session.store_fault(&error))?;
        Ok(Job { transport, archive, folder, pack, sources, base, options })
    }

    fn site(&self) -> Site<'_> {
        Site {
            archive: &self.archive,
            data: &self.folder,
            pack: &self.pack,
            sources: &self.sources,
            base: &self.base,
        }
    }

    fn line<'a>(&'a self, settings: &'a Settings, progress: &'a dyn ingest::Progress) -> Line<'a> {
        Line {
            transport: &self.transport,
            clock: &SystemClock,
            settings,
            stop: interrupt::listen(),
            progress,
        }
    }
}

fn options(session: &Session<'_>, typed: &SyncArguments) -> Result<Options, Failure> {
    let server = typed.host.as_deref().map(|host| desk::server(session, host)).transpose()?;
    let mut layers = typed.layers.clone();
    if typed.boundaries {
        layers.extend(Datasets::known().boundaries().map(|dataset| dataset.name.clone()));
    }
    let services = typed.geonorge.as_deref().map(Services::at);
    // Whoever names a layer and no table wants that layer.
    let only_layers = !typed.layers.is_empty() && !typed.boundaries && typed.tables.is_empty();
    Ok(Options { tables: typed.tables.clone(), server, layers, only_layers, services })
}

fn load(session: &Session<'_>, pack: Option<&str>) -> Result<(Pack, Sources), Failure> {
    let files = session.origin().pack_files();
    let failed = |error: IngestError| failure(session, &error);
    let loaded = match pack {
        Some(id) => Pack::load(&files, id),
        None => Pack::load_default(&files),
    };
    let pack = loaded.map_err(|error| failed(error.into()))?;
    let sources = Sources::load(&files, &pack).map_err(failed)?;
    Ok((pack, sources))
}

/// Makes the snapshot as it would have been made on a date, and says where it is.
pub fn snapshot_as_of(session: &Session<'_>, date: &str) -> Result<PathBuf, Failure> {
    let archive = session.archive()?;
    let failed = |error: IngestError| failure(session, &error);
    let (pack, sources) = load(session, None)?;
    let base = Snapshot::embedded().map_err(|error| session.store_fault(&error))?;
    let data = archive.folder().to_owned();
    let site = Site { archive: &archive, data: &data, pack: &pack, sources: &sources, base: &base };
    ingest::snapshot_as_of(&site, date).map_err(failed)
}

fn write(session: &Session<'_>, typed: &SyncArguments, summary: &Summary) -> Result<(), Failure> {
    let report = synced::report(session, summary);
    let output = session.output(typed.output.out.as_deref());
    formats::write(&synced::sheet(session, &report), &report, typed.output.format, &output)?;
    if typed.output.format == Format::Table {
        session.note(&synced::totals(session, &report));
    }
    Ok(())
}

/// Words why a sync cannot go on.
pub fn failure(session: &Session<'_>, error: &IngestError) -> Failure {
    match error {
        IngestError::Interrupted => Failure::interrupted(session.say("px.interrupted", &[])),
        IngestError::Unknown { asked } => {
            Failure::usage(session.say("sync.unknown", &[("asked", asked)]))
        }
        IngestError::UnknownServer { server } => {
            Failure::usage(session.say("sync.unknown_server", &[("server", server)]))
        }
        IngestError::Sources { file, line, problem } => {
            let line = line.to_string();
            let places = [("file", file.as_str()), ("line", &line), ("problem", problem)];
            Failure::usage(session.say("sync.sources", &places))
        }
        IngestError::Pack(error) => {
            Failure::usage(session.say("sync.pack", &[("cause", &crate::faults::chain(error))]))
        }
        IngestError::Store(error) => session.store_fault(error),
        IngestError::Geonorge(error) => session.geonorge_fault(error),
        other => {
            let cause = crate::faults::chain(other);
            Failure::internal(session.say("sync.stopped", &[("cause", &cause)]))
        }
    }
}

/// Shows how far a sync has come.
struct Watcher<'a> {
    session: &'a Session<'a>,
    progress: Progress,
    /// Which extract, of how many, from 1.
    at: std::sync::Mutex<(usize, usize)>,
}

impl<'a> Watcher<'a> {
    fn new(session: &'a Session<'a>, form: Form) -> Watcher<'a> {
        Watcher { session, progress: Progress::new(form, 1), at: std::sync::Mutex::new((0, 1)) }
    }

    fn show(&self, event: &str, text: &str) {
        let (at, all) = *self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let done = at.saturating_sub(1);
        self.progress.step(&Step { event, done, all, text, wait_seconds: None });
    }
}

impl ingest::Progress for Watcher<'_> {
    fn see(&self, event: &SyncEvent<'_>) {
        let say = |key: &str, places: &[(&str, &str)]| self.session.say(key, places);
        match event {
            SyncEvent::Catalogue { server } => {
                self.show("catalogue", &say("sync.catalogue", &[("server", server)]));
            }
            SyncEvent::Begun { extract, at, of } => {
                *self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (*at, *of);
                self.show("extract", extract);
            }
            SyncEvent::Block { extract, done, of } => {
                let (done, of) = (done.to_string(), of.to_string());
                let places = [("extract", *extract), ("done", &done), ("of", &of)];
                self.show("block", &say("sync.block", &places));
            }
            SyncEvent::Finished { extract, outcome } => {
                let outcome = say(&format!("sync.outcome.{}", outcome.key()), &[]);
                self.show("finished", &format!("{extract}: {outcome}"));
            }
            SyncEvent::Rebuilding => self.show("rebuilding", &say("sync.rebuilding", &[])),
            SyncEvent::Client(event) => {
                if let Some(text) = desk::said(self.session, event) {
                    self.show("client", &text);
                }
            }
            _ => {}
        }
    }
}
