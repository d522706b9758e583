use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use super::{CubeOutput, OutputArguments, TextFormat};

/// What can be asked of PxWeb servers.
#[derive(Debug, Subcommand)]
pub enum PxCommand {
    /// Find tables; works without a network once the catalogue is fetched
    Search {
        /// Words: "boligprisindeks", "befolkning kommune"
        text: String,
        /// Fetch the catalogue anew first
        #[arg(long)]
        refresh: bool,
        /// Only so many tables
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Which server, and the way there
        #[command(flatten)]
        host: HostArguments,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Say what a table is about: title, periods, size, notes
    Info {
        /// Table id
        id: String,
        /// Which server, and the way there
        #[command(flatten)]
        host: HostArguments,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// List a table's dimensions, and what may be left out
    Meta {
        /// Table id
        id: String,
        /// Which server, and the way there
        #[command(flatten)]
        host: HostArguments,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// List the codes of a dimension, or of one of its code lists
    Codes {
        /// Table id
        id: String,
        /// Code of the dimension
        dimension: String,
        /// Id of a code list: its codes instead of the table's
        #[arg(long = "codelist", value_name = "ID")]
        list: Option<String>,
        /// Which server, and the way there
        #[command(flatten)]
        host: HostArguments,
        /// How and where the answer is written
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Count requests, cells, bytes and seconds, and ask for none of it
    Plan {
        /// Table id
        id: String,
        /// What is selected
        #[command(flatten)]
        what: WhatArguments,
        /// Which server, and the way there
        #[command(flatten)]
        host: HostArguments,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Fetch a selection of a table, in as few requests as the server allows
    Get(PxGetArguments),
    /// Run whatever you have at hand: an address, a query, a saved query's id
    Url(PxUrlArguments),
    /// Serve a folder of PX and JSON-stat files as a PxWeb server
    Serve(PxServeArguments),
}

/// What `px get` takes.
#[derive(Debug, Args)]
pub struct PxGetArguments {
    /// Table id
    pub id: String,
    /// What is selected
    #[command(flatten)]
    pub what: WhatArguments,
    /// Take everything from the archive; ask no server
    #[arg(long)]
    pub from_archive: bool,
    /// The synced extract of the table, as it was known on this date
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Which server, and the way there
    #[command(flatten)]
    pub host: HostArguments,
    /// How and where it is written
    #[command(flatten)]
    pub output: CubeOutput,
    /// How progress is shown
    #[command(flatten)]
    pub progress: ProgressArguments,
}

/// What `px url` takes.
#[derive(Debug, Args)]
pub struct PxUrlArguments {
    /// Address, query in JSON, saved query's id, or a file with one of these
    #[arg(value_name = "URL-OR-FILE")]
    pub pasted: String,
    /// Say what it is and what it costs, and ask for nothing
    #[arg(long)]
    pub plan: bool,
    /// Which server, and the way there
    #[command(flatten)]
    pub host: HostArguments,
    /// How and where it is written
    #[command(flatten)]
    pub output: CubeOutput,
    /// How progress is shown
    #[command(flatten)]
    pub progress: ProgressArguments,
}

/// What `px serve` takes.
#[derive(Debug, Args)]
pub struct PxServeArguments {
    /// Folder of PX and JSON-stat files
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Address and port; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Token asked of every request; needed to listen beyond this machine
    #[arg(long, env = "GRUNNLAG_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Cells in one answer, as a smaller agency has it
    #[arg(long, value_name = "N", default_value_t = 800_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_cells: u64,
    /// Answer 429 beyond so many calls in so many seconds, as `30/60`
    #[arg(long, value_name = "N/SECONDS", value_parser = rate)]
    pub rate_limit: Option<(u32, u64)>,
}

/// Reads `30/60`: calls and seconds, both above zero.
fn rate(text: &str) -> Result<(u32, u64), String> {
    let pair = text.split_once('/').and_then(|(calls, seconds)| {
        Some((
            calls.parse().ok().filter(|calls| *calls > 0)?,
            seconds.parse().ok().filter(|seconds| *seconds > 0)?,
        ))
    });
    pair.ok_or_else(|| "30/60".to_owned())
}

/// Which server, and the way there.
#[derive(Debug, Args)]
pub struct HostArguments {
    /// Known server or address of one
    #[arg(long, value_name = "ssb|scb|…|URL", default_value = "ssb")]
    pub host: String,
    /// The way to the network
    #[command(flatten)]
    pub network: NetworkArguments,
}

/// The way to the network.
#[derive(Debug, Clone, Default, Args)]
pub struct NetworkArguments {
    /// Proxy to go through
    #[arg(long, env = "GRUNNLAG_PROXY", hide_env_values = true, value_name = "URL")]
    pub proxy: Option<String>,
    /// Further certificates to trust
    #[arg(long, env = "GRUNNLAG_CA_FILE", value_name = "PEM")]
    pub ca_file: Option<PathBuf>,
}

/// How progress is shown.
#[derive(Debug, Default, Args)]
pub struct ProgressArguments {
    /// Write progress as JSON lines
    #[arg(long)]
    pub json: bool,
}

/// What is selected of a table.
#[derive(Debug, Args)]
pub struct WhatArguments {
    /// What is selected of a dimension: codes and expressions
    #[arg(long = "select", value_name = "DIM=EXPR")]
    pub select: Vec<Select>,
    /// See a dimension through a code list
    #[arg(long = "codelist", value_name = "DIM=ID")]
    pub codelist: Vec<Select>,
}

/// `DIM=EXPR`: a dimension, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// Code of the dimension, in any case.
    pub dimension: String,
    /// Codes and expressions, or the id of a code list.
    pub items: Vec<String>,
}

impl FromStr for Select {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Select, Self::Err> {
        let (dimension, asked) = typed.split_once('=').ok_or("DIM=EXPR")?;
        let items = items(asked);
        if dimension.trim().is_empty() || items.is_empty() {
            return Err("DIM=EXPR");
        }
        Ok(Select { dimension: dimension.trim().to_owned(), items })
    }
}

/// Splits at commas that stand outside brackets, and takes away brackets that a URL needs.
fn items(asked: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0_usize;
    for sign in asked.chars() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if sign == ',' && depth == 0 {
            items.push(String::new());
        } else if let Some(item) = items.last_mut() {
            item.push(sign);
        }
    }
    let bare = |item: &String| {
        let item = item.trim();
        item.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(item).to_owned()
    };
    items.iter().map(bare).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_brackets_belong_to_the_expression() {
        let read = |typed: &str| {
            typed.parse::<Select>().map(|select| (select.dimension, select.items.join(" | ")))
        };
        let wanted = |dimension: &str, items: &str| Ok((dimension.to_owned(), items.to_owned()));
        assert_eq!(read("Region=0301,03*"), wanted("Region", "0301 | 03*"));
        assert_eq!(read("Tid=top(3,1),1999"), wanted("Tid", "top(3,1) | 1999"));
        assert_eq!(read("Tid=[range(2001,2003)],[a,b]"), wanted("Tid", "range(2001,2003) | a,b"));
        assert_eq!(read("Kode=a=b"), wanted("Kode", "a=b"));
        assert_eq!(read("Tid="), Err("DIM=EXPR"));
        assert_eq!(read("=3"), Err("DIM=EXPR"));
        assert_eq!(read("Tid"), Err("DIM=EXPR"));
    }
}
