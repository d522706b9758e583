//! `grunnlag region`.

mod show;

use super::Session;
use crate::args::RegionCommand;
use crate::failure::Failure;

/// Answers a question about regions.
pub fn run(session: &Session<'_>, command: &RegionCommand) -> Result<(), Failure> {
    match command {
        RegionCommand::Show(typed) => show::region(session, typed),
        RegionCommand::History(typed) => show::history(session, typed),
    }
}
