//! Help and usage errors in the reader's language.
//!
//! The words stand in `packs/texts/<language>/cli.json` under `help.…`; what
//! has none there keeps the words of `args`.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use evidence::{Language, Texts};

use crate::args::Arguments;
use crate::failure::Failure;

/// Why there is nothing to run.
pub enum Outcome {
    /// Help or version was asked for and shown.
    Shown,
    /// Help was shown because a command is missing.
    Incomplete,
    /// What was typed cannot be understood.
    Failed(Failure),
}

/// Returns the language asked for, before anything else is understood.
pub fn language_in(typed: &[OsString]) -> Language {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    let after = words.iter().position(|word| *word == "--lang").and_then(|at| words.get(at + 1));
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    joined.or(after.copied()).and_then(Language::from_code).unwrap_or_default()
}

/// Understands what was typed.
pub fn parse(typed: &[OsString], texts: &Texts, language: Language) -> Result<Arguments, Outcome> {
    let command = translate(Arguments::command(), "help", texts, language);
    let read = command
        .try_get_matches_from(typed)
        .and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
    read.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe has nobody to tell.
            let _ = error.print();
            Outcome::Shown
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Outcome::Incomplete
        }
        _ => Outcome::Failed(Failure::usage(sentence(&error, texts, language))),
    })
}

/// Puts the language's words on a command, its arguments and its subcommands.
fn translate(command: Command, key: &str, texts: &Texts, language: Language) -> Command {
    let say = |key: &str| {
        let said = texts.say(language, key, &[]);
        (said != key).then_some(said)
    };
    let heading = |key: &str| texts.say(language, key, &[]);
    let choices = |argument: &Arg| choices(argument, texts, language);
    let mut command = own_help_flag(command)
        .arg_required_else_help(key == "help")
        .subcommand_help_heading(heading("help.heading.commands"))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}",
            heading("help.heading.usage")
        ))
        .mut_args(|argument| {
            let said = say(&format!("{key}.option.{}", argument.get_id()))
                .or_else(|| say(&format!("help.option.{}", argument.get_id())));
            let title = if argument.is_positional() {
                heading("help.heading.arguments")
            } else {
                heading("help.heading.options")
            };
            let said = format!("{}{}", said.unwrap_or_default(), choices(&argument));
            let takes_value = argument.get_action().takes_values();
            let argument = argument.help_heading(title).help(said);
            if !takes_value {
                return argument;
            }
            argument.hide_default_value(true).hide_possible_values(true).hide_env(true)
        });
    if let Some(said) = say(key) {
        command = command.about(said);
    }
    command.mut_subcommands(|child| {
        let child_key = format!("{key}.{}", child.get_name());
        translate(child, &child_key, texts, language)
    })
}

/// Replaces clap's own help flag, whose words cannot be changed.
fn own_help_flag(command: Command) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let command = command.disable_help_flag(true).arg(help);
    if command.get_version().is_none() {
        return command;
    }
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    command.disable_version_flag(true).arg(version)
}

/// Names the values that an option takes and the one it has when left out.
fn choices(argument: &Arg, texts: &Texts, language: Language) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let possible = argument.get_possible_values();
    let names: Vec<&str> = possible.iter().map(clap::builder::PossibleValue::get_name).collect();
    let default = argument.get_default_values().first().map(|value| value.to_string_lossy());
    match (names.is_empty(), default) {
        (false, Some(default)) => {
            let places = [("choices", names.join(", ")), ("default", default.into_owned())];
            let places: Vec<(&str, &str)> =
                places.iter().map(|(name, value)| (*name, value.as_str())).collect();
            texts.say(language, "help.choices_and_default", &places)
        }
        (true, Some(default)) => texts.say(language, "help.default", &[("default", &default)]),
        (false, None) => texts.say(language, "help.choices", &[("choices", &names.join(", "))]),
        (true, None) => String::new(),
    }
}

/// Says in one sentence what could not be understood.
fn sentence(error: &clap::Error, texts: &Texts, language: Language) -> String {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let valid = context(ContextKind::ValidValue);
    let subcommand = context(ContextKind::InvalidSubcommand);
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "usage.unknown_argument",
        ErrorKind::InvalidSubcommand => "usage.unknown_command",
        ErrorKind::MissingRequiredArgument => "usage.missing_argument",
        ErrorKind::InvalidValue if value.is_empty() => "usage.missing_value",
        ErrorKind::InvalidValue if !valid.is_empty() => "usage.invalid_choice",
        ErrorKind::ValueValidation if argument.contains("DIM=EXPR") => "usage.dimension",
        ErrorKind::ValueValidation if argument.contains("DIM=ID") => "usage.codelist",
        ErrorKind::ValueValidation if argument.contains("N/SECONDS") => "usage.rate",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage.invalid_value",
        ErrorKind::ArgumentConflict => "usage.given_twice",
        _ => "usage.other",
    };
    texts.say(
        language,
        key,
        &[("argument", &argument), ("value", &value), ("valid", &valid), ("command", &subcommand)],
    )
}
