//! What can be asked of models.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{OutputArguments, TextFormat};

/// What can be asked of models.
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List all models
    List {
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Show one model: tree, weights, value functions, what is missing
    Show {
        /// Model id, or a TOML file of your own
        id: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Check a model file of your own; faults are named with their line
    Check {
        /// TOML file
        file: PathBuf,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Audit a model: coverage, outliers, overlaps, what decides, how sure it is
    Audit {
        /// Model id, or a TOML file of your own
        id: String,
        /// File to write: .html or .json
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// How the answer is written; by the file's ending when absent
        #[arg(long, value_enum)]
        format: Option<AuditFormat>,
    },
    /// Hold models against each other: who moves, and how far
    Compare {
        /// Two or more model ids or TOML files of your own
        #[arg(value_name = "ID|FILE", required = true, num_args = 1..)]
        models: Vec<String>,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Say which of a model's choices the places hang on
    Sensitivity {
        /// Model id, or a TOML file of your own
        id: String,
        /// How many base samples
        #[arg(long, value_name = "N", default_value_t = 1000)]
        samples: usize,
        /// Where the samples start; as the model says when absent
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Score and rank in every year that figures are known for
    Years {
        /// Model id, or a TOML file of your own
        id: String,
        /// Only this municipality: number or name
        #[arg(long, value_name = "CODE|NAME")]
        of: Option<String>,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Propose weights: from the figures, or from people's judgements
    Weights(WeightsArguments),
}

/// How an audit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// A page of its own
    Html,
    /// The object that the API gives
    Json,
}

/// What `model weights` takes.
#[derive(Debug, Args)]
#[group(id = "how", required = true, multiple = false, args = ["method", "ahp", "swing"])]
pub struct WeightsArguments {
    /// Model id, or a TOML file of your own
    pub id: String,
    /// How weights are drawn from the figures
    #[arg(long, value_enum)]
    pub method: Option<WeighingMethod>,
    /// Judgements in pairs, a CSV file with the columns first, second, times
    #[arg(long, value_name = "FILE")]
    pub ahp: Option<PathBuf>,
    /// Points for swings, a CSV file with the columns name, points
    #[arg(long, value_name = "FILE")]
    pub swing: Option<PathBuf>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// How weights are drawn from figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WeighingMethod {
    /// The same for all
    Equal,
    /// More to what tells units apart
    Entropy,
    /// More to what differs and is unlike the others
    Critic,
    /// Squared loadings of the first principal component
    Pca,
    /// Correlations with the total in proportion to the model's weights
    Balance,
    /// The largest sum of correlations with the total
    Infomax,
    /// In proportion to standard deviations
    Deviation,
    /// In proportion to what is lost without it
    Merec,
    /// In proportion to Gini coefficients
    Gini,
}

impl WeighingMethod {
    /// As evidence has it.
    pub fn chosen(self) -> evidence::WeighingMethod {
        use evidence::WeighingMethod as Method;
        match self {
            Self::Equal => Method::Equal,
            Self::Entropy => Method::Entropy,
            Self::Critic => Method::Critic,
            Self::Pca => Method::Pca,
            Self::Balance => Method::Balance,
            Self::Infomax => Method::Infomax,
            Self::Deviation => Method::Deviation,
            Self::Merec => Method::Merec,
            Self::Gini => Method::Gini,
        }
    }
}
