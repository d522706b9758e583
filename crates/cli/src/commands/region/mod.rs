//! `grunnlag region`: what became of regions, and figures moved from one map to another.

mod cells;
mod columns;
mod rebase;

use super::Session;
use crate::args::RegionCommand;
use crate::failure::Failure;

/// Answers about regions.
pub fn run(session: &Session<'_>, command: &RegionCommand) -> Result<(), Failure> {
    match command {
        RegionCommand::Rebase(typed) => rebase::run(session, typed),
    }
}
