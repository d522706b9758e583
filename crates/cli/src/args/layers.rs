use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{OutputArguments, ProgressArguments, TextFormat};

/// What can be done with layers.
#[derive(Debug, Subcommand)]
pub enum LayersCommand {
    /// List the layers in the data folder
    List {
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Bring a file of areas into the data folder
    Import(LayersImportArguments),
    /// Say what is in a layer, and what is wrong with it
    Info {
        /// A layer of the data folder, or a file
        #[arg(value_name = "NAME|FILE")]
        layer_or_file: String,
        /// How the file is read
        #[command(flatten)]
        reading: LayerReading,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Write a layer as GeoJSON or GeoParquet
    Convert {
        /// A layer of the data folder, or a file
        #[arg(value_name = "NAME|FILE")]
        layer_or_file: String,
        /// File to write: .geojson or .parquet
        #[arg(value_name = "OUT")]
        layer_target: PathBuf,
        /// How the file is read
        #[command(flatten)]
        reading: LayerReading,
        /// Keep the coordinate system in GeoJSON, which otherwise goes to degrees
        #[arg(long)]
        keep_crs: bool,
    },
}

/// How a file of shapes is read.
#[derive(Debug, Default, Args)]
pub struct LayerReading {
    /// Which layer, where the file has several
    #[arg(long, value_name = "LAYER")]
    pub layer: Option<String>,
    /// Coordinate system, where the file names none
    #[arg(long, value_name = "EPSG")]
    pub crs: Option<String>,
    /// Field with the code; found by known names when absent
    #[arg(long, value_name = "FIELD")]
    pub code_column: Option<String>,
    /// Field with the name; found by known names when absent
    #[arg(long, value_name = "FIELD")]
    pub name_column: Option<String>,
}

/// What `layers import` takes.
#[derive(Debug, Args)]
pub struct LayersImportArguments {
    /// GeoParquet, GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GML, also in a zip
    #[arg(value_name = "FILE")]
    pub layer_file: PathBuf,
    /// Name in the data folder; made of the layer's own when absent
    #[arg(long = "name", value_name = "NAME")]
    pub layer_name: Option<String>,
    /// How the file is read
    #[command(flatten)]
    pub reading: LayerReading,
    /// Who published it
    #[arg(long, value_name = "NAME")]
    pub publisher: Option<String>,
    /// Under which licence
    #[arg(long, value_name = "LICENCE")]
    pub licence: Option<String>,
    /// Date of the data, as 2026-01-01
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
    /// How progress is shown
    #[command(flatten)]
    pub progress: ProgressArguments,
}
