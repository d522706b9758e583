//! What a sync is given, and what it says of itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use geonorge::Services;
use indicators::Pack;
use pxweb::Server;
use pxweb::client::{Clock, Event, Settings, Transport};
use pxweb::plan::Plan;
use store::Snapshot;
use store::archive::Archive;

use crate::Sources;
use crate::bridge;
use crate::fetch::{Outcome, Refusal};
use crate::rebuild::LeftOut;

/// What everything is done with.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The data folder; `snapshot.gpkg` is made there.
    pub data: &'a Path,
    /// The pack.
    pub pack: &'a Pack,
    /// Its tables.
    pub sources: &'a Sources,
    /// What the snapshot begins with.
    pub base: &'a Snapshot,
}

/// How the network is used.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Sends requests.
    pub transport: &'a dyn Transport,
    /// The time; waits.
    pub clock: &'a dyn Clock,
    /// How politely.
    pub settings: &'a Settings,
    /// Becomes true when the user asks to stop.
    pub stop: &'a AtomicBool,
    /// Is told what happens.
    pub progress: &'a dyn Progress,
}

/// What is synced, and from where.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Tables or extracts by name; empty: all.
    pub tables: Vec<String>,
    /// Another server than the sources name, such as a mirror.
    pub server: Option<Server>,
    /// Layers of `packs/geonorge.toml` that are fetched too, by name.
    pub layers: Vec<String>,
    /// Nothing but these layers.
    pub only_layers: bool,
    /// Where Geonorge's services are, when not where they always are.
    pub services: Option<Services>,
}

/// Is told what a sync does, as it does it.
pub trait Progress: Sync {
    /// Something happened.
    fn see(&self, event: &SyncEvent<'_>);
}

/// Nobody is told.
impl Progress for () {
    fn see(&self, _event: &SyncEvent<'_>) {}
}

/// What a sync does.
#[derive(Debug)]
#[non_exhaustive]
pub enum SyncEvent<'a> {
    /// The catalogue of a server is read.
    Catalogue {
        /// Name of the server.
        server: &'a str,
    },
    /// An extract's turn has come.
    Begun {
        /// Its name.
        extract: &'a str,
        /// Which one, from 1.
        at: usize,
        /// Of how many.
        of: usize,
    },
    /// What an extract costs is known.
    Planned {
        /// Its name.
        extract: &'a str,
        /// The requests.
        plan: &'a Plan,
    },
    /// A block has come.
    Block {
        /// The extract.
        extract: &'a str,
        /// Blocks that have come.
        done: usize,
        /// Of how many.
        of: usize,
    },
    /// The client asks, waits or tries again.
    Client(&'a Event),
    /// An extract is done with.
    Finished {
        /// Its name.
        extract: &'a str,
        /// What became of it.
        outcome: &'a Outcome,
    },
    /// The snapshot is being made.
    Rebuilding,
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// By extract, in the order of the sync.
    pub outcomes: Vec<(String, Outcome)>,
    /// Calls made.
    pub calls: u64,
    /// The snapshot, when it was made anew.
    pub snapshot: Option<Made>,
    /// By extract, the day on which news are expected (`2027-03-15`), where any are.
    pub next_due: BTreeMap<String, String>,
}

/// A snapshot that was made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Made {
    /// First twelve digits of its seal.
    pub id: String,
    /// Measures with the extract and version that they come from.
    pub measures: BTreeMap<String, String>,
    /// Measures that their extract could not give.
    pub left_out: Vec<LeftOut>,
}

/// What a sync would do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forecast {
    /// In the order of the sync.
    pub extracts: Vec<Planned>,
    /// Calls for the catalogue and the settings of the servers.
    pub overhead: u64,
    /// At the allowed pace.
    pub takes: Duration,
}

/// What one extract would cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its name.
    pub extract: String,
    /// What is known before anything is asked.
    pub cost: Cost,
}

/// What is known of a cost.
#[derive(Debug, Clone, PartialEq)]
pub enum Cost {
    /// Nothing: the held version is of the publication that the catalogue names.
    Nothing,
    /// These requests.
    Known {
        /// Calls, metadata and code lists that are not held included.
        calls: u64,
        /// Cells.
        cells: u64,
        /// Estimated size of the answers.
        bytes: u64,
    },
    /// The metadata must be read first: one call, code lists, and at least one for the cells.
    Unknown {
        /// Calls at least.
        at_least: u64,
    },
    /// It would be refused.
    Refused(Vec<Refusal>),
}

impl Outcome {
    /// `fetched`, `unchanged`, `refused`, `drifted`, `failed` or `not_reached`.
    pub fn key(&self) -> &'static str {
        match self {
            Outcome::Fetched { .. } => "fetched",
            Outcome::Unchanged { .. } => "unchanged",
            Outcome::Refused { .. } => "refused",
            Outcome::Drifted { .. } => "drifted",
            Outcome::Failed { .. } => "failed",
            Outcome::NotReached => "not_reached",
        }
    }

    /// One English sentence each.
    pub fn reasons(&self) -> Vec<String> {
        match self {
            Outcome::Refused { reasons } | Outcome::Drifted { reasons, .. } => {
                reasons.iter().map(Refusal::to_string).collect()
            }
            Outcome::Failed { error } => vec![bridge::chain(error)],
            Outcome::Fetched { news, .. } => news.iter().map(ToString::to_string).collect(),
            Outcome::Unchanged { .. } | Outcome::NotReached => Vec::new(),
        }
    }

    /// The version that is in use after it.
    pub fn version(&self) -> Option<&str> {
        match self {
            Outcome::Fetched { version, .. } | Outcome::Unchanged { version } => Some(version),
            Outcome::Drifted { keeps, .. } => Some(keeps),
            Outcome::Refused { .. } | Outcome::Failed { .. } | Outcome::NotReached => None,
        }
    }
}

impl Summary {
    /// How many extracts had an outcome, by [`Outcome::key`].
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (_, outcome) in &self.outcomes {
            *counts.entry(outcome.key()).or_insert(0) += 1;
        }
        counts
    }

    /// The summary as it is kept with the run.
    pub fn to_json(&self) -> String {
        let outcomes: Vec<serde_json::Value> = self
            .outcomes
            .iter()
            .map(|(extract, outcome)| {
                serde_json::json!({
                    "extract": extract,
                    "outcome": outcome.key(),
                    "version": outcome.version(),
                    "reasons": outcome.reasons(),
                })
            })
            .collect();
        let snapshot = self.snapshot.as_ref().map(|made| {
            let left_out = made.left_out.iter().map(|left| {
                let reason = left.drift.to_string();
                serde_json::json!({ "measure": left.measure, "extract": left.extract, "reason": reason })
            });
            let left_out: Vec<serde_json::Value> = left_out.collect();
            serde_json::json!({ "id": made.id, "measures": made.measures, "left_out": left_out })
        });
        serde_json::json!({
            "outcomes": outcomes,
            "calls": self.calls,
            "snapshot": snapshot,
            "next_due": self.next_due,
        })
        .to_string()
    }
}
