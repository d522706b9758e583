//! `grunnlag region`: what became of regions, and figures moved from one map to another.

mod cells;
mod columns;
mod rebase;
mod show;

use super::Session;
use crate::args::RegionCommand;
use crate::failure::Failure;

/// Answers a question about regions.
pub fn run(session: &Session<'_>, command: &RegionCommand) -> Result<(), Failure> {
    match command {
        RegionCommand::Show(typed) => show::region(session, typed),
        RegionCommand::History(typed) => show::history(session, typed),
        RegionCommand::Refresh { network } => session.refresh_regions(network),
        RegionCommand::Rebase(typed) => rebase::run(session, typed),
    }
}
