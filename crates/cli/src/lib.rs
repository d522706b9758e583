//! The command `grunnlag`: what people type, and what they read back.
//!
//! `args` says what can be typed, `commands` answers, `formats` writes tables,
//! `output` puts bytes on the screen or whole in a file, `failure` turns every
//! error into one sentence and an exit code: 2 is the caller's mistake, 1 ours,
//! the machine's or the network's. `faults` words what cubes and PxWeb refuse.

mod args;
mod commands;
mod data_folder;
mod failure;
mod faults;
mod formats;
mod help;
mod interrupt;
mod output;
mod progress;
mod words;

use std::process::ExitCode;

use failure::ErrorForm;

use evidence::Texts;
use indicators::PackFiles;

/// Answers what was typed.
pub fn main() -> ExitCode {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let language = help::language_in(&typed);
    let texts = match Texts::load(&PackFiles::Embedded) {
        Ok(texts) => texts,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(1);
        }
    };
    let wants_json = typed.iter().any(|word| word == "--json-errors");
    let form = if wants_json { ErrorForm::Json } else { ErrorForm::Sentence };
    let arguments = match help::parse(&typed, &texts, language) {
        Ok(arguments) => arguments,
        Err(help::Outcome::Shown) => return ExitCode::SUCCESS,
        Err(help::Outcome::Incomplete) => return ExitCode::from(2),
        Err(help::Outcome::Failed(failure)) => {
            return failure.report(form, language);
        }
    };
    match commands::run(&arguments, &texts, language) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(form, language),
    }
}
