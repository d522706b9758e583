//! What can be asked of one municipality beside the others.

use std::path::PathBuf;

use clap::Args;

use super::{OutputArguments, TextFormat};

/// What `peers` takes.
#[derive(Debug, Args)]
pub struct PeersArguments {
    /// Municipality number or name; former ones lead to their successors
    #[arg(value_name = "CODE|NAME")]
    pub municipality: String,
    /// How many
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..))]
    pub count: u32,
    /// Model id, or a TOML file of your own, whose indicators and weights make the distance
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// Other weights in the distance, by group, code or indicator, also one outside the model
    #[arg(long, value_name = "NAME=N,…")]
    pub weights: Option<String>,
    /// Only among those of the same group: county, centrality or kostra_group
    #[arg(long, value_name = "LABEL")]
    pub within: Option<String>,
    /// How and where the answer is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What `whatif` takes.
#[derive(Debug, Args)]
pub struct WhatIfArguments {
    /// Municipality number or name; former ones lead to their successors
    #[arg(value_name = "CODE|NAME")]
    pub municipality: String,
    /// A figure of the municipality that is set otherwise
    #[arg(long, value_name = "INDICATOR=N", required_unless_present = "weights")]
    pub set: Vec<String>,
    /// Other weights than the model's, such as `B:40,M:25`
    #[arg(long, value_name = "ID:N,…")]
    pub weights: Vec<String>,
    /// Model id, or a TOML file of your own
    #[arg(long, value_name = "ID|FILE")]
    pub model: Option<String>,
    /// How many draws the intervals are of; as the model says when absent
    #[arg(long, value_name = "N")]
    pub draws: Option<usize>,
    /// Where the draws start; as the model says when absent
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
    /// Write to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
