use std::time::Duration;

use crate::{Fault, FaultKind};

use upstream::UpstreamError;

use super::{ArchiveError, BudgetError, TransportError};

/// Why a question has no answer.
///
/// Each variant has a [key](ClientError::key) and [places](ClientError::places), from
/// which a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server understood and says no; asking again gives the same.
    #[error("the server refuses {what} ({http_status}): {title}")]
    Refused {
        /// What was asked.
        what: String,
        /// HTTP's own; the body's is not believed.
        http_status: u16,
        /// The server's words.
        title: String,
        /// Which refusal, where its words are known.
        kind: Option<FaultKind>,
    },
    /// It was tried as often as is decent; run again to go on where this stopped.
    #[error("{host} gave no usable answer to {what} in {attempts} attempts; run again to go on")]
    GaveUp {
        /// Host asked.
        host: String,
        /// What was asked.
        what: String,
        /// How often.
        attempts: u32,
        /// What went wrong the last time.
        last: String,
    },
    /// The server wants a pause longer than the settings allow; run again after it.
    #[error("{host} asks for a pause of {} s; run again after it", pause.as_secs())]
    Held {
        /// Host asked.
        host: String,
        /// The pause.
        pause: Duration,
    },
    /// The answer is in another language than was asked for, as some servers do silently.
    #[error("{what} was asked for in `{asked}` and came in `{came}`")]
    WrongLanguage {
        /// What was asked.
        what: String,
        /// Language asked for.
        asked: String,
        /// Language of the answer.
        came: String,
    },
    /// The answer is a success by its status but not what was asked for.
    #[error("{what} came as something else than {expected}: {problem}")]
    NotAsAsked {
        /// What was asked.
        what: String,
        /// What was expected.
        expected: String,
        /// What came instead.
        problem: String,
    },
    /// The server has no interface of the kind that the question needs.
    #[error("{server} does not offer {api}")]
    NoSuchInterface {
        /// Name of the server.
        server: String,
        /// `v2` or `v0`.
        api: &'static str,
    },
    /// The selection does not fit the table; found before anything was asked.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No way to the server; trying again does not help.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The limit on calls cannot be shared, so no call is made.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// Answers cannot be kept, so no call is made.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<UpstreamError> for ClientError {
    fn from(error: UpstreamError) -> ClientError {
        match error {
            UpstreamError::Refused { what, http_status, title } => {
                ClientError::Refused { what, http_status, title, kind: None }
            }
            UpstreamError::GaveUp { host, what, attempts, last } => {
                ClientError::GaveUp { host, what, attempts, last }
            }
            UpstreamError::Held { host, pause } => ClientError::Held { host, pause },
            UpstreamError::NotAsAsked { what, expected, problem } => {
                ClientError::NotAsAsked { what, expected, problem }
            }
            UpstreamError::Budget(error) => ClientError::Budget(error),
            UpstreamError::Archive(error) => ClientError::Archive(error),
            UpstreamError::Transport(error) => ClientError::Transport(error),
            // The enumeration may grow; what is new there is told in its own words.
            other => ClientError::Archive(ArchiveError { cause: other.to_string() }),
        }
    }
}

impl ClientError {
    /// Name of the sentence that says this in a language: `fault.client.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            ClientError::Refused { .. } => "refused",
            ClientError::GaveUp { .. } => "gave_up",
            ClientError::Held { .. } => "held",
            ClientError::WrongLanguage { .. } => "wrong_language",
            ClientError::NotAsAsked { .. } => "not_as_asked",
            ClientError::NoSuchInterface { .. } => "no_such_interface",
            ClientError::Fault(_) => "fault",
            ClientError::Transport(error) => UpstreamError::from(error.clone()).key(),
            ClientError::Budget(_) => "budget",
            ClientError::Archive(_) => "archive",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            ClientError::Refused { what, http_status, title, .. } => vec![
                ("what", what.clone()),
                ("status", http_status.to_string()),
                ("title", title.clone()),
            ],
            ClientError::GaveUp { host, what, attempts, last } => vec![
                ("host", host.clone()),
                ("what", what.clone()),
                ("attempts", attempts.to_string()),
                ("last", last.clone()),
            ],
            ClientError::Held { host, pause } => {
                vec![("host", host.clone()), ("seconds", pause.as_secs().to_string())]
            }
            ClientError::WrongLanguage { what, asked, came } => {
                vec![("what", what.clone()), ("asked", asked.clone()), ("came", came.clone())]
            }
            ClientError::NotAsAsked { what, expected, problem } => vec![
                ("what", what.clone()),
                ("expected", expected.clone()),
                ("problem", problem.clone()),
            ],
            ClientError::NoSuchInterface { server, api } => {
                vec![("server", server.clone()), ("api", (*api).to_owned())]
            }
            ClientError::Fault(fault) => vec![("problem", fault.to_string())],
            ClientError::Transport(error) => UpstreamError::from(error.clone()).places(),
            ClientError::Budget(BudgetError { cause })
            | ClientError::Archive(ArchiveError { cause }) => vec![("cause", cause.clone())],
        }
    }

    /// Which refusal of the interface this is, where it is one.
    pub fn fault_kind(&self) -> Option<FaultKind> {
        match self {
            ClientError::Refused { kind, .. } => *kind,
            ClientError::Fault(fault) => Some(fault.kind),
            _ => None,
        }
    }
}
