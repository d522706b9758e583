//! What can be typed.

mod cubes;
mod layers;
mod locate;
mod model;
mod peers;
mod px;
mod region;
mod score;
mod sync;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use cubes::{CubeCommand, CubeFormat, CubeOutput};
pub use layers::{LayerReading, LayersCommand, LayersImportArguments};
pub use locate::LocateArguments;
pub use model::{AuditFormat, ModelCommand, WeightsArguments};
pub use peers::{PeersArguments, WhatIfArguments};
pub use px::{
    HostArguments, NetworkArguments, ProgressArguments, PxCommand, PxGetArguments,
    PxServeArguments, PxUrlArguments, Select, WhatArguments,
};
pub use region::{NatureArgument, RebaseArguments, RegionArguments, RegionCommand};
pub use score::{ScoreCommand, ScoreRunArguments};
pub use sync::{DiffArguments, ReceiptArguments, SyncArguments, TablesArguments};

/// Where in Norway can social housing be built, and what is the evidence?
#[derive(Debug, Parser)]
#[command(name = "grunnlag", version, disable_help_subcommand = true)]
pub struct Arguments {
    /// Language of everything that is written
    #[arg(long, global = true, value_parser = ["nb", "en"], default_value = "nb")]
    pub lang: String,
    /// Data folder: its `snapshot.gpkg` and `packs/` are used where present
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Write nothing but the answer
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Write errors as one JSON object
    #[arg(long, global = true)]
    pub json_errors: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Rank the municipalities by a model
    Rank(RankArguments),
    /// Explain one municipality's score, down to the sources
    Explain(ExplainArguments),
    /// List red flags, for all or one municipality
    Flags(FlagsArguments),
    /// Find the municipalities that are most like one
    Peers(PeersArguments),
    /// Say what would change if figures or weights were otherwise
    Whatif(WhatIfArguments),
    /// Indicators: what there is, how each is computed, what it says
    Indicator {
        /// What to do
        #[command(subcommand)]
        command: IndicatorCommand,
    },
    /// Models: what there is, what each is made of, and whether your own holds
    Model {
        /// What to do
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Score a table of your own by a model file
    Score {
        /// What to do
        #[command(subcommand)]
        command: ScoreCommand,
    },
    /// The snapshot: what is inside, how old it is, whether it is whole
    Snapshot {
        /// What to do
        #[command(subcommand)]
        command: SnapshotCommand,
    },
    /// Ask the snapshot in SQL (read only)
    Sql(SqlArguments),
    /// Serve the page and the API
    Serve(ServeArguments),
    /// PxWeb servers: search, plan, fetch, and serve a folder of tables
    Px {
        /// What to do
        #[command(subcommand)]
        command: PxCommand,
    },
    /// Cube files: convert, describe, check, cut
    Cube {
        /// What to do
        #[command(subcommand)]
        command: CubeCommand,
    },
    /// Layers of areas: bring in, list, describe
    Layers {
        /// What to do
        #[command(subcommand)]
        command: LayersCommand,
    },
    /// Fetch what is new from the sources into the data folder
    Sync(SyncArguments),
    /// List the tables in the data folder
    Tables(TablesArguments),
    /// Say what changed between two versions of a table
    Diff(DiffArguments),
    /// Follow a figure or a table back to the bytes that were fetched
    Receipt(ReceiptArguments),
    /// Regions through time: what a code is, what it came from and what it became
    Region {
        /// What to do
        #[command(subcommand)]
        command: RegionCommand,
    },
    /// Say which municipality and grunnkrets a point, an address or many points lie in
    Locate(LocateArguments),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// Comma-separated, UTF-8
    Csv,
    /// The object that the API gives
    Json,
    /// Excel
    Xlsx,
    /// Apache Parquet
    Parquet,
}

/// How and where an answer is written.
#[derive(Debug, Default, Args)]
pub struct OutputArguments {
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Write to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What `rank` takes.
#[derive(Debug, Args)]
pub struct RankArguments {
    /// Model id, or a TOML file of your own
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Only so many municipalities
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
    /// Only this county: two digits or name
    #[arg(long, value_name = "CC")]
    pub county: Option<String>,
    /// Other weights than the model's, such as `B:40,M:25`
    #[arg(long, value_name = "ID:N,…")]
    pub weights: Option<String>,
    /// Other thresholds of flags, such as `R5=900`
    #[arg(long, value_name = "ID=N")]
    pub threshold: Vec<String>,
    /// How sure each place is
    #[command(flatten)]
    pub uncertainty: UncertaintyArguments,
    /// Write the draws to this file, so that they can be run again
    #[arg(long, value_name = "FILE", requires = "uncertainty")]
    pub draws_out: Option<PathBuf>,
    /// What the archive knew on this date
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// How sure a place is.
#[derive(Debug, Default, Args)]
pub struct UncertaintyArguments {
    /// Say between which places each municipality lies when the model's open choices are made otherwise
    #[arg(long)]
    pub uncertainty: bool,
    /// How many draws; as the model says when absent
    #[arg(long, value_name = "N", requires = "uncertainty")]
    pub draws: Option<usize>,
    /// Where the draws start; as the model says when absent
    #[arg(long, value_name = "N", requires = "uncertainty")]
    pub seed: Option<u64>,
}

impl UncertaintyArguments {
    /// What is asked for, if anything is.
    pub fn asked(&self) -> Option<evidence::DrawsAsked> {
        self.uncertainty.then_some(evidence::DrawsAsked { draws: self.draws, seed: self.seed })
    }
}

/// How an explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// For people
    Text,
    /// The object that the API gives
    Json,
}

/// What `explain` takes.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Municipality number or name; former ones lead to their successors
    #[arg(value_name = "CODE|NAME")]
    pub municipality: String,
    /// Model id, or a TOML file of your own
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Other weights than the model's, such as `B:40,M:25`
    #[arg(long, value_name = "ID:N,…")]
    pub weights: Option<String>,
    /// Other thresholds of flags, such as `R5=900`
    #[arg(long, value_name = "ID=N")]
    pub threshold: Vec<String>,
    /// How sure the place is
    #[command(flatten)]
    pub uncertainty: UncertaintyArguments,
    /// What changed since another snapshot
    #[arg(long, value_name = "SNAPSHOT.gpkg")]
    pub since: Option<PathBuf>,
    /// What the archive knew on this date
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
    /// Write to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What `flags` takes.
#[derive(Debug, Args)]
pub struct FlagsArguments {
    /// Municipality number or name; all when absent
    #[arg(value_name = "CODE|NAME")]
    pub municipality: Option<String>,
    /// Model id or file whose coverage the flags on data quality judge
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Say how often each flag came before what it warns of
    #[arg(long, conflicts_with_all = ["municipality", "model", "threshold"])]
    pub back_test: bool,
    /// Other thresholds of flags, such as `R5=900`
    #[arg(long, value_name = "ID=N")]
    pub threshold: Vec<String>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What can be asked of indicators.
#[derive(Debug, Subcommand)]
pub enum IndicatorCommand {
    /// List all indicators
    List {
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Show one indicator: definition, sources, SQL
    Show {
        /// Indicator id
        id: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Show one indicator's value in every municipality
    Values {
        /// Indicator id
        id: String,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
}

/// What can be asked of the snapshot.
#[derive(Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Say what is inside and how old it is
    Info {
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Check every checksum
    Verify {
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
}

/// What `sql` takes.
#[derive(Debug, Args)]
pub struct SqlArguments {
    /// One SELECT; `SELECT name FROM sqlite_schema` lists tables and views
    pub query: String,
    /// Write the query as other engines run it, and do not run it
    #[arg(long)]
    pub expand: bool,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What `serve` takes.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Address and port; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Do not open the browser
    #[arg(long)]
    pub no_open: bool,
    /// Token asked of every request; needed to listen beyond this machine
    #[arg(long, env = "GRUNNLAG_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Keep the data folder fresh while serving
    #[arg(long)]
    pub sync: bool,
}
