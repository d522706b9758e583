//! Tasks of the people who work on Grunnlag: `cargo xtask TASK`.
//!
//! Each task is a module with a `run` that takes the arguments after its name.
//! A task that checks something exits 1 when it finds it wrong.

mod hexagons;
mod snapshot;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  snapshot [--facts DIR] [--check]   build snapshots/embedded.gpkg from the tables of facts
                                     (default ../shared/facts); --check compares instead
  snapshot --boundaries FILE --out PATH [--publisher TEXT] [--licence TEXT] [--date DATE]
                                     the same with municipalities of a GeoJSON file, to develop with
  tidy                               check that dependencies point one way and heavy ones have one owner";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next();
    let arguments: Vec<String> = arguments.collect();
    let outcome = match task.as_deref() {
        Some("snapshot") => snapshot::run(&arguments),
        Some("tidy") => tidy::run(&arguments),
        Some(unknown) => Err(anyhow::anyhow!("unknown task `{unknown}`\n{USAGE}")),
        None => Err(anyhow::anyhow!("{USAGE}")),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds the workspace's `Cargo.toml`.
fn workspace_root() -> PathBuf {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    folder.join("../..")
}
