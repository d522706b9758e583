use upstream::UpstreamError;

use crate::wire::WireError;

/// Why Klass gave no answer that could be used.
///
/// Each variant has a [key](ClientError::key) and [places](ClientError::places), from which a
/// sentence is made in the reader's language.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Klass publishes in each language or not at all; it never falls back to another.
    #[error("{what} is not published in `{language}`; Klass has no other language instead")]
    NotInLanguage {
        /// What was asked.
        what: String,
        /// Language asked for.
        language: &'static str,
    },
    /// The days asked for are none; found before anything was asked.
    #[error("from {from} to {to} is no time")]
    NoTime {
        /// First day.
        from: jiff::civil::Date,
        /// First day without.
        to: jiff::civil::Date,
    },
    /// A selection of codes that Klass would refuse, or silently ignore; found before anything
    /// was asked.
    #[error("`{selection}` selects no codes: {problem}")]
    Selection {
        /// The selection.
        selection: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The answer is a success but cannot be read.
    #[error("{what} cannot be read")]
    Unreadable {
        /// What was asked.
        what: String,
        /// What is wrong with it.
        #[source]
        source: WireError,
    },
    /// Nobody was to be asked, and no answer was kept.
    #[error("{what} has not been fetched yet")]
    NotKept {
        /// What was asked.
        what: String,
    },
    /// No answer.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
}

impl ClientError {
    /// Name of the sentence that says this in a language: `fault.klass.<key>`, and
    /// `fault.client.<key>` for what is not Klass's own ([`ClientError::Upstream`]).
    pub fn key(&self) -> &'static str {
        match self {
            ClientError::NotInLanguage { .. } => "language",
            ClientError::NoTime { .. } => "no_time",
            ClientError::Selection { .. } => "selection",
            ClientError::Unreadable { .. } => "unreadable",
            ClientError::NotKept { .. } => "not_kept",
            ClientError::Upstream(error) => error.key(),
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            ClientError::NotInLanguage { what, language } => {
                vec![("what", what.clone()), ("language", (*language).to_owned())]
            }
            ClientError::NoTime { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            ClientError::Selection { selection, problem } => {
                vec![("selection", selection.clone()), ("problem", (*problem).to_owned())]
            }
            ClientError::Unreadable { what, source } => {
                vec![("what", what.clone()), ("problem", source.to_string())]
            }
            ClientError::NotKept { what } => vec![("what", what.clone())],
            ClientError::Upstream(error) => error.places(),
        }
    }

    /// Whether Klass says that there is no such thing.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, ClientError::Upstream(UpstreamError::Refused { http_status: 404, .. }))
    }

    /// Whether nobody was asked and nothing was kept.
    pub(super) fn is_not_kept(&self) -> bool {
        matches!(self, ClientError::NotKept { .. })
    }

    /// Whether nobody could be asked, so that an earlier answer is better than none.
    pub(super) fn is_out_of_reach(&self) -> bool {
        matches!(
            self,
            ClientError::NotKept { .. }
                | ClientError::Upstream(
                    UpstreamError::GaveUp { .. }
                        | UpstreamError::Held { .. }
                        | UpstreamError::Transport(_)
                )
        )
    }
}
