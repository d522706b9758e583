use std::time::Duration;

use crate::{Answer, Request};

/// Where every answer goes before it is read.
pub trait Archive: Send + Sync {
    /// Begins to ask a question, unless its answer is kept or somebody else is asking.
    ///
    /// # Errors
    ///
    /// The archive cannot be read or written.
    fn claim(&self, question: &Question) -> Result<Claim, ArchiveError>;

    /// Keeps an answer; it is on disk when this returns, and the claim is over if it is a success.
    ///
    /// # Errors
    ///
    /// The archive cannot be written, as when the disk is full.
    fn keep(
        &self,
        question: &Question,
        request: &Request,
        answer: &Answer,
    ) -> Result<(), ArchiveError>;

    /// Gives up asking, so that others may.
    ///
    /// # Errors
    ///
    /// The archive cannot be written.
    fn release(&self, question: &Question) -> Result<(), ArchiveError>;
}

/// Who asks a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody need: here is the answer.
    Kept(Answer),
    /// You do.
    Yours,
    /// Another thread or process is asking; look again after so long.
    Wait(Duration),
}

/// What is asked, in a form in which two ways of asking the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// `data.ssb.no`.
    pub host: String,
    /// `v2` or `v0`.
    pub api: String,
    /// `no`, `en`.
    pub language: String,
    /// Table id, where it is about one.
    pub table: Option<String>,
    /// `config`, `catalogue page 3`, `metadata`, `codelist agg_X`, or the canonical query of a block.
    pub what: String,
    /// The table's `updated` that the answer must belong to, where it is known.
    pub updated: Option<String>,
}

/// Why an archive cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the archive cannot be used: {cause}")]
pub struct ArchiveError {
    /// What the store says.
    pub cause: String,
}
