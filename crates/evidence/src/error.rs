//! Why a question cannot be answered, in the reader's language.

use indicators::IndicatorError;
use scoring::{ModelError, Problem};
use store::StoreError;

use crate::texts::{Language, Texts};

/// Why a question cannot be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// No municipality has this code or name.
    #[error("no municipality `{asked}`; nearest: {nearest}")]
    UnknownMunicipality {
        /// What was asked for.
        asked: String,
        /// The nearest names and codes.
        nearest: String,
    },
    /// Several municipalities have this name, or came from this one.
    #[error("`{asked}` is more than one municipality: {candidates}")]
    AmbiguousMunicipality {
        /// What was asked for.
        asked: String,
        /// Names and codes to choose among.
        candidates: String,
    },
    /// No county has this code.
    #[error("no county `{asked}`; there are {counties}")]
    UnknownCounty {
        /// What was asked for.
        asked: String,
        /// The counties there are.
        counties: String,
    },
    /// No model has this id.
    #[error("no model `{asked}`; there are {models}")]
    UnknownModel {
        /// What was asked for.
        asked: String,
        /// The models there are.
        models: String,
    },
    /// No indicator has this id.
    #[error("no indicator `{asked}`; nearest: {nearest}")]
    UnknownIndicator {
        /// What was asked for.
        asked: String,
        /// The nearest ids.
        nearest: String,
    },
    /// The model file cannot be used.
    #[error("model `{file}`, {error}")]
    Model {
        /// File, or id of a model of the pack.
        file: String,
        /// What is wrong, with the line.
        error: ModelError,
    },
    /// The weights in the question cannot be used.
    #[error("weights: {0}")]
    Weights(Problem),
    /// Something else that was asked for cannot be used.
    #[error("{what}: {problem}")]
    Asked {
        /// Which part of the question.
        what: Part,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The flag file of the pack cannot be used.
    #[error("flags.toml, {0}")]
    Flags(ModelError),
    /// The pack cannot be used.
    #[error(transparent)]
    Pack(#[from] IndicatorError),
    /// The snapshot cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A part of a question that can be at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Thresholds of flags.
    Thresholds,
    /// Draws that tell how sure a ranking is.
    Draws,
    /// Figures that are set otherwise.
    Settings,
    /// Whom to compare with.
    Peers,
    /// Weights drawn from figures or from judgements.
    Weighing,
    /// Models to hold against each other.
    Comparison,
}

impl Part {
    /// Returns its name in texts and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thresholds => "thresholds",
            Self::Draws => "draws",
            Self::Settings => "settings",
            Self::Peers => "peers",
            Self::Weighing => "weighing",
            Self::Comparison => "comparison",
        }
    }

    /// Makes an error of a problem with this part.
    pub(crate) fn fault(self) -> impl Fn(Problem) -> EvidenceError {
        move |problem| EvidenceError::Asked { what: self, problem }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl EvidenceError {
    /// Returns whether the asker can mend it by asking otherwise.
    pub fn is_callers(&self) -> bool {
        !matches!(self, Self::Flags(_) | Self::Pack(_) | Self::Store(_))
    }

    /// Returns whether the thing asked for does not exist.
    pub fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::UnknownMunicipality { .. }
                | Self::UnknownModel { .. }
                | Self::UnknownIndicator { .. }
        )
    }

    /// Returns one sentence in the reader's language: what, where, what to do.
    pub fn message(&self, texts: &Texts, language: Language) -> String {
        let say = |key: &str, places: &[(&str, &str)]| texts.say(language, key, places);
        match self {
            Self::UnknownMunicipality { asked, nearest } => {
                say("error.unknown_municipality", &[("asked", asked), ("nearest", nearest)])
            }
            Self::AmbiguousMunicipality { asked, candidates } => {
                say("error.ambiguous_municipality", &[("asked", asked), ("candidates", candidates)])
            }
            Self::UnknownCounty { asked, counties } => {
                say("error.unknown_county", &[("asked", asked), ("counties", counties)])
            }
            Self::UnknownModel { asked, models } => {
                say("error.unknown_model", &[("asked", asked), ("models", models)])
            }
            Self::UnknownIndicator { asked, nearest } => {
                say("error.unknown_indicator", &[("asked", asked), ("nearest", nearest)])
            }
            Self::Model { file, error } => say(
                "error.model",
                &[
                    ("file", file),
                    ("line", &error.line.to_string()),
                    ("problem", &worded(&error.problem, texts, language)),
                ],
            ),
            Self::Weights(problem) => {
                say("error.weights", &[("problem", &worded(problem, texts, language))])
            }
            Self::Asked { what, problem } => {
                let key = format!("error.{what}");
                say(&key, &[("problem", &worded(problem, texts, language))])
            }
            Self::Flags(_) | Self::Pack(_) | Self::Store(_) => with_causes(self),
        }
    }
}

/// Words a problem in the reader's language; one without words there stays English.
pub fn worded(problem: &Problem, texts: &Texts, language: Language) -> String {
    let key = format!("fault.{}", problem.key);
    let places: Vec<(&str, &str)> =
        problem.places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = texts.say(language, &key, &places);
    match &problem.subject {
        _ if said == key => problem.to_string(),
        Some(subject) => format!("{subject}: {said}"),
        None => said,
    }
}

/// Joins an error and its causes into one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(found) = cause {
        line = format!("{line}: {found}");
        cause = found.source();
    }
    line
}
