use clap::Args;

use super::{NetworkArguments, OutputArguments, ProgressArguments, TextFormat};

/// What `sync` takes.
#[derive(Debug, Default, Args)]
pub struct SyncArguments {
    /// Only the sources of this pack
    #[arg(long, value_name = "PACK")]
    pub pack: Option<String>,
    /// Only this table
    #[arg(long = "table", value_name = "ID")]
    pub tables: Vec<String>,
    /// Official boundaries too: municipalities, counties, grunnkretser
    #[arg(long)]
    pub boundaries: bool,
    /// Only this layer of Geonorge
    #[arg(long = "layer", value_name = "NAME")]
    pub layers: Vec<String>,
    /// Another server than Geonorge's own, such as a mirror
    #[arg(long, value_name = "URL")]
    pub geonorge: Option<String>,
    /// Print the plan and ask for nothing
    #[arg(long)]
    pub plan: bool,
    /// Take everything from the archive; ask no server
    #[arg(long)]
    pub from_archive: bool,
    /// Another server than the sources name, such as a mirror
    #[arg(long, value_name = "ssb|scb|…|URL")]
    pub host: Option<String>,
    /// The way to the network
    #[command(flatten)]
    pub network: NetworkArguments,
    /// How and where the summary is written
    #[command(flatten)]
    pub output: OutputArguments,
    /// How progress is shown
    #[command(flatten)]
    pub progress: ProgressArguments,
}

/// What `tables` takes.
#[derive(Debug, Args)]
pub struct TablesArguments {
    /// As it was known on this date
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What `diff` takes.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// Table id or extract
    pub id: String,
    /// The older version, or a date; the one before the newest when absent
    #[arg(long, value_name = "VERSION|DATE")]
    pub from: Option<String>,
    /// The newer version, or a date; the newest when absent
    #[arg(long, value_name = "VERSION|DATE")]
    pub to: Option<String>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What `receipt` takes.
#[derive(Debug, Args)]
pub struct ReceiptArguments {
    /// Table, extract, version, or a checksum
    pub id: String,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}
