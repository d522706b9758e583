use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::OutputArguments;

/// What can be scored.
#[derive(Debug, Subcommand)]
pub enum ScoreCommand {
    /// Score any table of units and indicators by a model file, every stage kept
    Run(ScoreRunArguments),
}

/// What `score run` takes.
#[derive(Debug, Args)]
pub struct ScoreRunArguments {
    /// CSV file: one row per unit, one column per indicator; an empty cell is a gap
    #[arg(value_name = "INPUT.csv")]
    pub input: PathBuf,
    /// Model file
    #[arg(value_name = "MODEL.toml")]
    pub model: PathBuf,
    /// Column with the codes of the units; `unit`, else the first, when absent
    #[arg(long, value_name = "COLUMN")]
    pub unit: Option<String>,
    /// Write one CSV file per stage into this folder
    #[arg(long, value_name = "DIR")]
    pub stages: Option<PathBuf>,
    /// How and where the ranking is written
    #[command(flatten)]
    pub output: OutputArguments,
}
