//! One file per command: ask `evidence`, lay out the answer, write it.

mod changes;
mod cube;
mod diff;
mod explain;
mod flags;
mod geography;
mod indicator;
mod kept;
mod layers;
mod locate;
mod model;
mod peers;
mod px;
mod rank;
mod receipt;
mod region;
mod score;
mod serve;
mod snapshot;
mod sql;
mod sync;
mod synced;
mod tables;
mod whatif;

use std::path::{Path, PathBuf};

use evidence::{Evidence, EvidenceError, Language, ModelChoice, Origin, Part, Question, Texts};

use crate::args::{
    Arguments, Command, LayersCommand, LocateArguments, ProgressArguments, RegionCommand,
};
use crate::data_folder::data_folder;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Form;

/// What every command needs.
pub struct Session<'a> {
    arguments: &'a Arguments,
    texts: &'a Texts,
    language: Language,
}

/// Runs the command that was typed.
pub fn run(arguments: &Arguments, texts: &Texts, language: Language) -> Result<(), Failure> {
    let session = Session { arguments, texts, language };
    session.check_data_folder()?;
    match &arguments.command {
        Command::Rank(typed) => rank::run(&session, typed),
        Command::Explain(typed) => explain::run(&session, typed),
        Command::Flags(typed) => flags::run(&session, typed),
        Command::Peers(typed) => peers::run(&session, typed),
        Command::Whatif(typed) => whatif::run(&session, typed),
        Command::Indicator { command } => indicator::run(&session, command),
        Command::Model { command } => model::run(&session, command),
        Command::Score { command } => score::run(&session, command),
        Command::Snapshot { command } => snapshot::run(&session, command),
        Command::Sql(typed) => sql::run(&session, typed),
        Command::Serve(typed) => serve::run(&session, typed),
        Command::Layers { command } => layers::run(&session, command),
        Command::Cube { command } => cube::run(&session, command),
        Command::Tables(typed) => tables::run(&session, typed),
        Command::Diff(typed) => diff::run(&session, typed),
        Command::Sync(typed) => sync::run(&session, typed),
        Command::Px { command } => px::run(&session, command),
        Command::Region { command } => region::run(&session, command),
        Command::Receipt(typed) => receipt::run(&session, typed),
        Command::Locate(typed) => locate::run(&session, typed),
    }
}

impl Session<'_> {
    /// A text in the reader's language.
    pub fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.texts.say(self.language, key, places)
    }

    /// Words a problem in the reader's language.
    fn worded(&self, problem: &scoring::Problem) -> String {
        evidence::worded(problem, self.texts, self.language)
    }

    fn origin(&self) -> Origin {
        Origin { data: self.data_folder().filter(|data| data.is_dir()), snapshot: None }
    }

    /// The data folder, whether or not it is there yet.
    fn data_folder(&self) -> Option<PathBuf> {
        data_folder(self.arguments.data.as_deref())
    }

    fn evidence(&self) -> Result<Evidence, Failure> {
        Evidence::open(&self.origin()).map_err(|error| self.failure(&error))
    }

    /// As [`Session::evidence`], with what was known on a date.
    fn evidence_as_of(&self, date: Option<&str>) -> Result<Evidence, Failure> {
        let Some(date) = date else { return self.evidence() };
        let origin = Origin { snapshot: Some(sync::snapshot_as_of(self, date)?), ..self.origin() };
        Evidence::open(&origin).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &EvidenceError) -> Failure {
        Failure::from_evidence(error, self.texts, self.language)
    }

    fn output<'b>(&'b self, file: Option<&'b Path>) -> Output<'b> {
        Output { file, texts: self.texts, language: self.language }
    }

    /// How progress is shown: as typed, and not at all to who wants quiet.
    fn progress_form(&self, typed: &ProgressArguments) -> Form {
        match (typed.json, self.arguments.quiet) {
            (true, _) => Form::Json,
            (false, true) => Form::Quiet,
            (false, false) => Form::People,
        }
    }

    /// Tells people what they must know, beside the answer.
    fn note(&self, lines: &[String]) {
        if !self.arguments.quiet {
            for line in lines {
                eprintln!("{line}");
            }
        }
    }

    /// Builds the question that a command's options ask.
    fn question(
        &self,
        evidence: &Evidence,
        model: Option<&str>,
        weights: Option<&str>,
    ) -> Result<Question, Failure> {
        let weights = Question::parse_weights(weights.unwrap_or(""))
            .map_err(|problem| self.failure(&EvidenceError::Weights(problem)))?;
        let model = match model {
            None => ModelChoice::Default,
            Some(asked) => self.model_choice(evidence, asked)?,
        };
        Ok(Question { model, language: self.language, weights, ..Question::default() })
    }

    /// Thresholds of flags that were typed.
    fn thresholds(&self, typed: &[String]) -> Result<Vec<(String, f64)>, Failure> {
        Question::parse_thresholds(&typed.join(",")).map_err(|problem| {
            self.failure(&EvidenceError::Asked { what: Part::Thresholds, problem })
        })
    }

    /// A name with a dot or a folder is a file; anything else is a model's id.
    fn model_choice(&self, evidence: &Evidence, asked: &str) -> Result<ModelChoice, Failure> {
        let looks_like_file = asked.ends_with(".toml") || asked.contains(['/', '\\']);
        if !looks_like_file {
            return Ok(ModelChoice::Named(asked.to_owned()));
        }
        let model = self.own_model(evidence, Path::new(asked))?;
        Ok(ModelChoice::Own(Box::new(model)))
    }

    fn own_model(&self, evidence: &Evidence, file: &Path) -> Result<scoring::Model, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let shown = file.display().to_string();
            let places = [("file", shown.as_str()), ("cause", &error.to_string())];
            Failure::usage(self.say("usage.model_file", &places))
        })?;
        evidence.own_model(file, &text).map_err(|error| self.failure(&error))
    }

    /// A data folder that is not there is a typing error, not an empty one, unless it is to be filled.
    fn check_data_folder(&self) -> Result<(), Failure> {
        let fills = matches!(
            self.arguments.command,
            Command::Sync(_)
                | Command::Px { .. }
                | Command::Layers { command: LayersCommand::Import(_) }
                | Command::Region { command: RegionCommand::Refresh { .. } }
                | Command::Locate(LocateArguments { address: Some(_), .. })
        );
        match &self.arguments.data {
            Some(data) if !fills && !data.is_dir() => {
                let shown = data.display().to_string();
                Err(Failure::usage(self.say("usage.data_folder", &[("folder", &shown)])))
            }
            _ => Ok(()),
        }
    }
}
