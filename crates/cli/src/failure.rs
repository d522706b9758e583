//! Failures: one sentence, one exit code.

use std::io::Write;
use std::process::ExitCode;

use evidence::{EvidenceError, Language, Texts};
use serde::Serialize;

/// How a failure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorForm {
    /// As a sentence.
    Sentence,
    /// As one JSON object.
    Json,
}

/// A command that could not be done.
#[derive(Debug)]
pub struct Failure {
    /// One sentence: what, where, what to do.
    sentence: String,
    kind: Kind,
}

/// Whose mistake it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The caller asked for something that cannot be.
    Usage,
    /// We or the machine failed.
    Internal,
    /// The person wanted to stop.
    Interrupted,
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    detail: &'a str,
    exit_code: u8,
    language: &'a str,
}

impl Failure {
    /// The caller's mistake: exit code 2.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), kind: Kind::Usage }
    }

    /// Ours or the machine's: exit code 1.
    pub fn internal(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), kind: Kind::Internal }
    }

    /// The person stopped it: exit code 130, as shells have it.
    pub fn interrupted(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), kind: Kind::Interrupted }
    }

    /// Words an error of `evidence`.
    pub fn from_evidence(error: &EvidenceError, texts: &Texts, language: Language) -> Self {
        let sentence = error.message(texts, language);
        if error.is_callers() { Self::usage(sentence) } else { Self::internal(sentence) }
    }

    /// What is said.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Writes the failure on standard error and gives the exit code.
    pub fn report(&self, form: ErrorForm, language: Language) -> ExitCode {
        let exit_code = match self.kind {
            Kind::Usage => 2,
            Kind::Internal => 1,
            Kind::Interrupted => 130,
        };
        let report = Report {
            kind: self.kind,
            detail: &self.sentence,
            exit_code,
            language: language.code(),
        };
        let line = match serde_json::to_string(&report) {
            Ok(json) if form == ErrorForm::Json => json,
            _ => self.sentence.clone(),
        };
        // Nothing is left to do when not even the failure can be written.
        let _ = writeln!(std::io::stderr(), "{line}");
        ExitCode::from(exit_code)
    }
}
