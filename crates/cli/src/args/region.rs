use clap::{Args, Subcommand};

use super::TextFormat;

/// What can be asked of regions.
#[derive(Debug, Subcommand)]
pub enum RegionCommand {
    /// Say what a code names on a day, and what it has become
    Show(RegionArguments),
    /// List all that led to a code and became of it
    History(RegionArguments),
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
