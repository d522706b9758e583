//! The only place where a client meets the store: fetch, sync, rebuild.
//!
//! A pack lists its tables in `sources.toml` ([`Sources`]). [`sync`] asks for those
//! that have changed, one extract after the other: the table's metadata is held
//! against what the pack relies on ([`Contract`]), the selection is planned, every
//! block is asked for through the archive, and the whole is published as an
//! immutable version. [`rebuild`] makes the snapshot from accepted versions alone:
//! the same versions give the same bytes, and no clock is read.
//!
//! [`layers`] does the same for shapes, which come as files.
//!
//! A table that no longer fits is reported ([`Drift`]) and its last good version
//! stays in use. A gap stays a gap, with its reason, from the publisher's symbol to
//! the figure ([`figures`]).

mod addresses;
mod atlas;
mod boundaries;
mod bridge;
mod contract;
mod error;
mod fetch;
mod figures;
mod geography;
mod layer_run;
mod layer_shelf;
pub mod layers;
mod maps;
mod moves;
mod rebuild;
mod receipt;
pub mod regions;
mod schedule;
mod shelf;
mod sources;
mod sync;
mod tables;

pub use addresses::{FoundAddresses, search_addresses};
pub use atlas::{atlas, layer_file};
pub use boundaries::snapshot_boundaries;
pub use bridge::{Bridge, Reach};
pub use contract::{Contract, Drift, DriftKind};
pub use error::IngestError;
pub use fetch::{Outcome, Refusal};
pub use figures::{MeasureFigures, figures};
pub use geography::layer_extract;
pub use layer_shelf::ArchiveLayers;
pub use moves::Borders;
pub use rebuild::{Accepted, LeftOut, Rebuilt, rebuild, snapshot_content};
pub use receipt::{AnswerReceipt, FigureLine, Origin, Receipt, VersionReceipt, figure, receipt};
pub use schedule::{Cadence, next_due, next_moment};
pub use shelf::{ArchiveShelf, FileFault, FolderShelf};
pub use sources::{
    Confidence, Map, MeasureRule, Moves, NotYet, Pick, Region, Source, Sources, SymbolMeaning,
};
pub use sync::{
    Cost, Forecast, Line, Made, Options, Planned, Progress, Site, Summary, SyncEvent, forecast,
    snapshot_as_of, sync, sync_from_archive,
};
pub use tables::{Diff, Held, diff, tables};
