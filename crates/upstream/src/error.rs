use std::time::Duration;

use crate::{ArchiveError, BudgetError, TransportError};

/// Why a question has no answer, whatever the interface.
///
/// Each variant has a [key](UpstreamError::key) and [places](UpstreamError::places), from
/// which a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UpstreamError {
    /// The server understood and says no; asking again gives the same.
    #[error("the server refuses {what} ({http_status}): {title}")]
    Refused {
        /// What was asked.
        what: String,
        /// HTTP's own; the body's is not believed.
        http_status: u16,
        /// The server's words.
        title: String,
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

impl UpstreamError {
    /// Name of the sentence that says this in a language: `fault.client.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            UpstreamError::Refused { .. } => "refused",
            UpstreamError::GaveUp { .. } => "gave_up",
            UpstreamError::Held { .. } => "held",
            UpstreamError::NotAsAsked { .. } => "not_as_asked",
            UpstreamError::Transport(error) => match error {
                TransportError::Unreachable { .. } => "unreachable",
                TransportError::CutShort { .. } => "cut_short",
                TransportError::TimedOut { .. } => "timed_out",
                TransportError::Unusable { .. } => "unusable",
            },
            UpstreamError::Budget(_) => "budget",
            UpstreamError::Archive(_) => "archive",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            UpstreamError::Refused { what, http_status, title } => vec![
                ("what", what.clone()),
                ("status", http_status.to_string()),
                ("title", title.clone()),
            ],
            UpstreamError::GaveUp { host, what, attempts, last } => vec![
                ("host", host.clone()),
                ("what", what.clone()),
                ("attempts", attempts.to_string()),
                ("last", last.clone()),
            ],
            UpstreamError::Held { host, pause } => {
                vec![("host", host.clone()), ("seconds", pause.as_secs().to_string())]
            }
            UpstreamError::NotAsAsked { what, expected, problem } => vec![
                ("what", what.clone()),
                ("expected", expected.clone()),
                ("problem", problem.clone()),
            ],
            UpstreamError::Transport(error) => transport_places(error),
            UpstreamError::Budget(BudgetError { cause })
            | UpstreamError::Archive(ArchiveError { cause }) => vec![("cause", cause.clone())],
        }
    }
}

fn transport_places(error: &TransportError) -> Vec<(&'static str, String)> {
    match error {
        TransportError::Unreachable { host, cause } | TransportError::CutShort { host, cause } => {
            vec![("host", host.clone()), ("cause", cause.clone())]
        }
        TransportError::TimedOut { host } => vec![("host", host.clone())],
        TransportError::Unusable { url, cause } => {
            vec![("url", url.clone()), ("cause", cause.clone())]
        }
    }
}
