//! A whole sync: what changed, in the order that serves the score; then the snapshot.
//!
//! The catalogue says which tables have changed; the others cost nothing. Every
//! answer is in the archive before it is read, so that a run that was killed is
//! continued by running it again, and two runs at once share their work.

mod making;
mod terms;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pxweb::client::{Client, Discontinued, Event, Settings, TablesQuery, Watch};
use pxweb::plan::Limits;
use pxweb::{Server, Servers};
use store::archive::{Archive, CatalogueEntry, Subject, Version};

use self::making::{Parts, is_made_of, make_snapshot};
use crate::bridge::{self, Alert, Bridge, Reach};
use crate::fetch::{Fetcher, Halt, Outcome, Refusal, query_of};
use crate::layer_run::{self, LayerRun};
use crate::{IngestError, Source, next_due};

pub use making::snapshot_as_of;
pub use terms::{Cost, Forecast, Line, Made, Options, Planned, Progress, Site, Summary, SyncEvent};

/// Entries that are asked for on one page of a catalogue: all of SSB's and some.
const PAGE: u32 = 20_000;

/// Fetches what has changed and makes the snapshot anew.
///
/// # Errors
///
/// The archive cannot be read or written; the user asked to stop. A table that does not fit, and
/// a server that cannot be reached, are outcomes and not errors.
pub fn sync(site: &Site<'_>, line: &Line<'_>, options: &Options) -> Result<Summary, IngestError> {
    let run = site.archive.begin_run("sync")?;
    let summary = Run { site, line, options, reach: Reach::Network }.all()?;
    site.archive.end_run(run, &summary.to_json())?;
    Ok(summary)
}

/// Makes versions and snapshot of what has been fetched before, without a network.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_from_archive(
    site: &Site<'_>,
    line: &Line<'_>,
    options: &Options,
) -> Result<Summary, IngestError> {
    let run = site.archive.begin_run("sync --from-archive")?;
    let summary = Run { site, line, options, reach: Reach::Archive }.all()?;
    site.archive.end_run(run, &summary.to_json())?;
    Ok(summary)
}

/// Says what [`sync`] would do, without asking anybody.
///
/// # Errors
///
/// The archive cannot be read.
pub fn forecast(
    site: &Site<'_>,
    line: &Line<'_>,
    options: &Options,
) -> Result<Forecast, IngestError> {
    Run { site, line, options, reach: Reach::Archive }.forecast()
}

struct Run<'a> {
    site: &'a Site<'a>,
    line: &'a Line<'a>,
    options: &'a Options,
    reach: Reach,
}

/// Counts calls, and passes events on.
struct Counter<'a> {
    progress: &'a dyn Progress,
    calls: AtomicU64,
}

impl Watch for Counter<'_> {
    fn see(&self, event: &Event) {
        if matches!(event, Event::Asked { .. }) {
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
        self.progress.see(&SyncEvent::Client(event));
    }
}

/// The `updated` of each table; an entry that says none is a table all the same.
type Catalogue = BTreeMap<String, Option<String>>;

impl Run<'_> {
    fn wanted(&self) -> Result<Vec<&Source>, IngestError> {
        if self.options.only_layers {
            return Ok(Vec::new());
        }
        let sources = self.site.sources;
        let names = &self.options.tables;
        if let Some(asked) = names.iter().find(|name| sources.find(name).next().is_none()) {
            return Err(IngestError::Unknown { asked: asked.clone() });
        }
        let is_wanted = |source: &&Source| {
            let named = |name: &String| {
                *name == source.table || *name == source.name || *name == source.extract()
            };
            names.is_empty() || names.iter().any(named)
        };
        Ok(sources.sources.iter().filter(is_wanted).collect())
    }

    /// The sources by server and language, each server's in their order.
    fn groups(&self) -> Result<Vec<Group<'_>>, IngestError> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for source in self.wanted()? {
            let server = self.server(source)?;
            let held = groups.iter_mut().find(|(held, language, _)| {
                held.name == server.name && *language == source.language
            });
            match held {
                Some((_, _, sources)) => sources.push(source),
                None => groups.push((server, source.language.clone(), vec![source])),
            }
        }
        Ok(groups)
    }

    fn server(&self, source: &Source) -> Result<Server, IngestError> {
        if let Some(server) = &self.options.server {
            return Ok(server.clone());
        }
        let unknown = || IngestError::UnknownServer { server: source.server.clone() };
        Servers::known().find(&source.server).cloned().ok_or_else(unknown)
    }

    fn settings(&self) -> Settings {
        let hour = self.line.clock.now().strftime("%Y-%m-%dT%H").to_string();
        // One stamp for the whole run, so that a code list is not read twice when the hour turns.
        Settings {
            stamp: self.line.settings.stamp.clone().or(Some(hour)),
            ..self.line.settings.clone()
        }
    }

    fn all(&self) -> Result<Summary, IngestError> {
        let mut summary = Summary::default();
        let counter = Counter { progress: self.line.progress, calls: AtomicU64::new(0) };
        for group in self.groups()? {
            self.group(&group, &counter, &mut summary)?;
        }
        self.layers(&counter, &mut summary)?;
        summary.calls = counter.calls.load(Ordering::Relaxed);
        if self.line.stop.load(Ordering::Relaxed) {
            return Err(IngestError::Interrupted);
        }
        for source in &self.site.sources.sources {
            let held = self.site.archive.current(&source.extract())?;
            let due = held.and_then(|held| due(source, self.site.archive, &held));
            summary.next_due.extend(due.map(|day| (source.extract(), day)));
        }
        summary.snapshot = self.snapshot()?;
        Ok(summary)
    }

    /// Extracts of the whole run: tables and layers.
    fn count(&self) -> Result<usize, IngestError> {
        Ok(self.wanted()?.len() + layer_run::wanted(&self.options.layers)?.len())
    }

    fn layers(&self, counter: &Counter<'_>, summary: &mut Summary) -> Result<(), IngestError> {
        let datasets = layer_run::wanted(&self.options.layers)?;
        if datasets.is_empty() {
            return Ok(());
        }
        let run = LayerRun {
            site: self.site,
            line: self.line,
            settings: self.settings(),
            services: self.options.services.clone().unwrap_or_default(),
            reach: self.reach,
            watch: counter,
        };
        let outcomes = run.fetch(&datasets, (summary.outcomes.len(), self.count()?))?;
        summary.outcomes.extend(outcomes);
        Ok(())
    }

    fn group(
        &self,
        (server, language, sources): &Group<'_>,
        counter: &Counter<'_>,
        summary: &mut Summary,
    ) -> Result<(), IngestError> {
        let bridge = Bridge::new(self.site.archive, self.reach, self.line.stop);
        let alert = Alert { clock: self.line.clock, stop: self.line.stop };
        let client =
            Client::new(server.clone(), self.line.transport, &bridge, &bridge, self.settings())
                .with_clock(&alert)
                .watched(counter);
        self.line.progress.see(&SyncEvent::Catalogue { server: &server.name });
        let ready = self.catalogue(&client, language).and_then(|catalogue| {
            let limits = limits(&client)?;
            Ok((catalogue, limits))
        });
        let (catalogue, limits, mut failed) = match ready {
            Ok((catalogue, limits)) => (catalogue, limits, None),
            Err(Halt::Fatal(error)) => return Err(error),
            Err(Halt::Failed(error)) => (Catalogue::new(), none(), Some(Outcome::Failed { error })),
            Err(Halt::Refused(reasons)) => {
                (Catalogue::new(), none(), Some(Outcome::Refused { reasons }))
            }
        };
        let progress = self.line.progress;
        let fetcher = Fetcher {
            archive: self.site.archive,
            client: &client,
            bridge: &bridge,
            limits,
            progress,
        };
        for source in sources {
            let extract = source.extract();
            let (at, of) = (summary.outcomes.len() + 1, self.count()?);
            progress.see(&SyncEvent::Begun { extract: &extract, at, of });
            let outcome = match (failed.take(), catalogue.get(&source.table)) {
                (Some(failure), _) => {
                    failed = Some(Outcome::NotReached);
                    failure
                }
                (None, None) => self.not_in_catalogue(source)?,
                (None, Some(updated)) => fetcher.fetch(source, updated.as_deref())?,
            };
            // In the archive each extract has its own answers; a server is one for all.
            if self.reach == Reach::Network && matches!(outcome, Outcome::Failed { .. }) {
                failed = Some(Outcome::NotReached);
            }
            progress.see(&SyncEvent::Finished { extract: &extract, outcome: &outcome });
            summary.outcomes.push((extract, outcome));
        }
        Ok(())
    }

    fn not_in_catalogue(&self, source: &Source) -> Result<Outcome, IngestError> {
        let reasons = vec![Refusal::NotInCatalogue];
        Ok(match self.site.archive.current(&source.extract())? {
            Some(held) => Outcome::Drifted { reasons, keeps: held.version },
            None => Outcome::Refused { reasons },
        })
    }

    fn catalogue(&self, client: &Client<'_>, language: &str) -> Result<Catalogue, Halt> {
        let name = &client.server().name;
        if self.reach == Reach::Archive {
            return self.held_catalogue(name, language).map_err(Halt::Fatal);
        }
        let query = TablesQuery {
            language: language.to_owned(),
            discontinued: Discontinued::Included,
            page_size: Some(PAGE),
            ..TablesQuery::default()
        };
        let entries: Vec<CatalogueEntry> =
            client.all_tables(&query)?.into_iter().map(entry).collect();
        let put = self.site.archive.put_catalogue(name, language, &entries, &bridge::now());
        put.map_err(|error| Halt::Fatal(error.into()))?;
        Ok(entries.into_iter().map(|entry| (entry.id, entry.updated)).collect())
    }

    /// The catalogue that was fetched last; where there is none, every table that has a version.
    fn held_catalogue(&self, server: &str, language: &str) -> Result<Catalogue, IngestError> {
        let entries = self.site.archive.catalogue(server, language)?;
        if !entries.is_empty() {
            let pairs = entries.into_iter().map(|entry| (entry.id, entry.updated));
            return Ok(pairs.collect());
        }
        let mut catalogue = Catalogue::new();
        for source in &self.site.sources.sources {
            let held = self.site.archive.current(&source.extract())?;
            catalogue.insert(source.table.clone(), held.and_then(|held| held.info.updated));
        }
        Ok(catalogue)
    }

    fn forecast(&self) -> Result<Forecast, IngestError> {
        let mut forecast = Forecast::default();
        let mut calls = 0;
        for (server, language, sources) in self.groups()? {
            let bridge = Bridge::new(self.site.archive, Reach::Archive, self.line.stop);
            let client =
                Client::new(server.clone(), self.line.transport, &bridge, &bridge, self.settings());
            // The catalogue, and the settings where the list of servers does not have them.
            forecast.overhead += 1 + u64::from(server.max_cells.is_none());
            let limits = limits(&client).unwrap_or_else(|_| none());
            let catalogue = self.held_catalogue(&server.name, &language)?;
            let fetcher = Fetcher {
                archive: self.site.archive,
                client: &client,
                bridge: &bridge,
                limits,
                progress: &(),
            };
            for source in sources {
                let updated = catalogue.get(&source.table).cloned().flatten();
                let cost = self.cost(&fetcher, source, updated.as_deref())?;
                calls += match &cost {
                    Cost::Known { calls, .. } | Cost::Unknown { at_least: calls } => *calls,
                    Cost::Nothing | Cost::Refused(_) => 0,
                };
                forecast.extracts.push(Planned { extract: source.extract(), cost });
            }
            let pace = client.pace();
            let windows =
                (calls + forecast.overhead).saturating_sub(1) / u64::from(pace.calls.max(1));
            forecast.takes += pace.window * u32::try_from(windows).unwrap_or(u32::MAX);
        }
        forecast.extracts.extend(layer_run::forecast(&layer_run::wanted(&self.options.layers)?));
        Ok(forecast)
    }

    fn cost(
        &self,
        fetcher: &Fetcher<'_>,
        source: &Source,
        updated: Option<&str>,
    ) -> Result<Cost, IngestError> {
        if let Some(held) = self.site.archive.current(&source.extract())?
            && updated.is_some()
            && held.info.updated.as_deref() == updated
            && held.info.query == query_of(source)
        {
            return Ok(Cost::Nothing);
        }
        let before = fetcher.bridge.count_wanted();
        let prepared = match fetcher.prepare(source, updated) {
            Ok(prepared) => prepared,
            Err(Halt::Fatal(error)) => return Err(error),
            Err(Halt::Refused(reasons)) => return Ok(Cost::Refused(reasons)),
            Err(Halt::Failed(_)) => {
                let lists = source.code_list.len() as u64;
                return Ok(Cost::Unknown { at_least: 2 + lists });
            }
        };
        // Metadata of an earlier publication: none of the new one's blocks can be held.
        let anew = updated.is_some() && prepared.asked.updated.as_deref() != updated;
        if !anew {
            fetcher.look_for_blocks(&prepared);
        }
        let blocks = if anew { prepared.plan.blocks.len() as u64 } else { 0 };
        Ok(Cost::Known {
            calls: fetcher.bridge.count_wanted() - before + blocks,
            cells: prepared.plan.cells,
            bytes: prepared.plan.bytes,
        })
    }

    fn snapshot(&self) -> Result<Option<Made>, IngestError> {
        let parts = Parts::find(self.site, None)?;
        let target = self.site.data.join("snapshot.gpkg");
        if parts.is_empty() || is_made_of(&target, &parts.made_of) {
            return Ok(None);
        }
        self.line.progress.see(&SyncEvent::Rebuilding);
        Ok(Some(make_snapshot(self.site, &parts, &target)?))
    }
}

/// A server's sources in one language.
type Group<'a> = (Server, String, Vec<&'a Source>);

/// The day on which news of an extract are expected.
pub(crate) fn due(source: &Source, archive: &Archive, version: &Version) -> Option<String> {
    let cube = crate::shelf::read_extract(archive, version).ok();
    let px = cube.as_ref().and_then(|cube| cube.extension.get("px"));
    let announced = px.and_then(|px| px.get("nextUpdate")).and_then(serde_json::Value::as_str);
    next_due(source.cadence, version.info.updated.as_deref(), announced).map(|day| day.to_string())
}

/// What a server allows: as the list of servers has it, else as it says itself.
fn limits(client: &Client<'_>) -> Result<Limits, Halt> {
    let server = client.server();
    let max_cells = match server.max_cells {
        Some(cells) => cells,
        None => client.config()?.max_data_cells,
    };
    Ok(Limits {
        max_cells: if max_cells == 0 { none().max_cells } else { max_cells },
        max_url: server.max_url.unwrap_or(none().max_url),
        max_body: none().max_body,
        pace: client.pace(),
    })
}

/// Limits that any server has.
fn none() -> Limits {
    Limits {
        max_cells: 100_000,
        max_url: 2_000,
        max_body: 1 << 20,
        pace: pxweb::client::Pace { calls: 30, window: Duration::from_secs(60) },
    }
}

fn entry(table: pxweb::wire::TableResponse) -> CatalogueEntry {
    let raw = serde_json::to_string(&table).unwrap_or_default();
    let subject = |step: pxweb::wire::PathElement| Subject { id: step.id, label: step.label };
    let paths = table.paths.unwrap_or_default();
    CatalogueEntry {
        id: table.id,
        title: table.label,
        description: table.description.unwrap_or_default(),
        variables: table.variable_names,
        paths: paths.into_iter().map(|path| path.into_iter().map(subject).collect()).collect(),
        updated: table.updated,
        first_period: table.first_period,
        last_period: table.last_period,
        time_unit: table.time_unit,
        discontinued: table.discontinued == Some(true),
        raw,
    }
}
