use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::{Format, NetworkArguments, ProgressArguments};

/// What `locate` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("where").required(true).args(["lat", "east", "address", "file"]))]
pub struct LocateArguments {
    /// Degrees north
    #[arg(long, value_name = "DEGREES", requires = "lon", allow_hyphen_values = true)]
    pub lat: Option<f64>,
    /// Degrees east
    #[arg(long, value_name = "DEGREES", requires = "lat", allow_hyphen_values = true)]
    pub lon: Option<f64>,
    /// Easting in metres
    #[arg(long, value_name = "METRES", requires = "north", allow_hyphen_values = true)]
    pub east: Option<f64>,
    /// Northing in metres
    #[arg(long, value_name = "METRES", requires = "east", allow_hyphen_values = true)]
    pub north: Option<f64>,
    /// Coordinate system: 4258, 4326, 25832, 25833 or 25835
    #[arg(long, value_name = "EPSG")]
    pub epsg: Option<u32>,
    /// An address, looked up at Kartverket
    #[arg(long, value_name = "TEXT")]
    pub address: Option<String>,
    /// CSV with a point in each row; the columns are found by name
    #[arg(long, value_name = "CSV")]
    pub file: Option<PathBuf>,
    /// Layers asked: municipalities, grunnkretser, an imported one, or a file
    #[arg(long = "layer", value_name = "NAME|FILE")]
    pub layers: Vec<String>,
    /// How the answer is written; points from a file become CSV
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Write to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Another server than Kartverket's own, such as a mirror
    #[arg(long, value_name = "URL")]
    pub geonorge: Option<String>,
    /// The way to the network
    #[command(flatten)]
    pub network: NetworkArguments,
    /// How progress is shown
    #[command(flatten)]
    pub progress: ProgressArguments,
}
