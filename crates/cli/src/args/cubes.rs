use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Select, TextFormat};

/// How a cube is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CubeFormat {
    /// Long table: codes, labels, value, status
    Csv,
    /// JSON-stat 2.0
    JsonStat,
    /// PC-Axis
    Px,
    /// Excel
    Xlsx,
    /// Apache Parquet
    Parquet,
    /// Arrow IPC file
    Arrow,
}

/// What can be done with cube files.
#[derive(Debug, Subcommand)]
pub enum CubeCommand {
    /// Write a cube file in another format
    Convert {
        /// The file to read
        #[command(flatten)]
        input: CubeInput,
        /// File to write, its format by its ending; `-` for standard output
        #[arg(value_name = "OUT")]
        target: PathBuf,
        /// How it is written; by the ending of OUT when absent
        #[arg(long, value_enum)]
        format: Option<CubeFormat>,
    },
    /// Say what is in a cube file
    Info {
        /// The file to read
        #[command(flatten)]
        input: CubeInput,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// List every fault of a cube file
    Validate {
        /// The file to read
        #[command(flatten)]
        input: CubeInput,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Cut a cube file by a selection
    Slice {
        /// The file to read
        #[command(flatten)]
        input: CubeInput,
        /// What is selected; what is not named stays whole
        #[arg(long = "select", value_name = "DIM=EXPR")]
        select: Vec<Select>,
        /// Take a dimension away: its total where it has one
        #[arg(long = "eliminate", value_name = "DIM")]
        eliminate: Vec<String>,
        /// How and where it is written
        #[command(flatten)]
        output: CubeOutput,
    },
}

/// A cube file.
#[derive(Debug, Args)]
pub struct CubeInput {
    /// JSON-stat, PX, CSV, PX-JSON, Parquet or Arrow; `-` for standard input
    #[arg(id = "cube_file", value_name = "IN")]
    pub file: PathBuf,
}

/// How and where a cube is written.
#[derive(Debug, Args)]
pub struct CubeOutput {
    /// How it is written; by the ending of --out, else csv
    #[arg(id = "cube_format", long = "format", value_enum)]
    pub format: Option<CubeFormat>,
    /// Write to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
