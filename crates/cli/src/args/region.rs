use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::{NetworkArguments, TextFormat};

/// What can be asked of regions.
#[derive(Debug, Subcommand)]
pub enum RegionCommand {
    /// Say what a code names on a day, and what it has become
    Show(RegionArguments),
    /// List all that led to a code and became of it
    History(RegionArguments),
    /// Fetch from Klass what became of the regions
    Refresh {
        /// The way to the network
        #[command(flatten)]
        network: NetworkArguments,
    },
    /// Move the figures of a CSV file to the map of another year
    Rebase(RebaseArguments),
}

/// What a question about one region takes.
#[derive(Debug, Args)]
pub struct RegionArguments {
    /// Code of any year: county, municipality, city district, delområde or grunnkrets
    pub code: String,
    /// The day that is asked about, such as 2019-01-01; today when absent
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

/// What kind of number is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NatureArgument {
    /// Counts: added up at mergers, shared out at splits
    Count,
    /// Rates and medians: only carried to a new number, or worked out again
    Rate,
}

/// What `region rebase` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("map").required(true).args(["from", "year_column"]))]
pub struct RebaseArguments {
    /// CSV with a row per region and whatever else its columns name
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// CSV to write, whole or not at all; `-` for standard output
    #[arg(value_name = "OUT")]
    pub target: PathBuf,
    /// Year of the map to move to
    #[arg(long, value_name = "YEAR")]
    pub to: i16,
    /// Year of the map that the file is on
    #[arg(long, value_name = "YEAR")]
    pub from: Option<i16>,
    /// Column with the year of each row, whose map the row is on
    #[arg(long, value_name = "COLUMN")]
    pub year_column: Option<String>,
    /// Column with the region
    #[arg(long, value_name = "COLUMN")]
    pub region_column: String,
    /// Column with the figure
    #[arg(long, value_name = "COLUMN")]
    pub value_column: String,
    /// What kind of number it is
    #[arg(long, value_enum, default_value = "count")]
    pub nature: NatureArgument,
    /// Column with the rate's numerator; the rate is then worked out again
    #[arg(long, value_name = "COLUMN", requires = "denominator")]
    pub numerator: Option<String>,
    /// Column with the rate's denominator
    #[arg(long, value_name = "COLUMN", requires = "numerator")]
    pub denominator: Option<String>,
    /// What numerator over denominator is multiplied with: 100 for per cent
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    pub scale: f64,
    /// CSV of your own with from_code,to_code,share (or persons)
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
}
