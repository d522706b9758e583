//! Asking: politely, and without losing an answer.
//!
//! The client knows when and what to ask. Sending is a [`Transport`]'s, the
//! limit is a [`Budget`]'s, which other threads and processes share, and every
//! answer goes to the [`Archive`] before anybody reads it.

use std::time::Duration;

/// Calls allowed in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Calls.
    pub calls: u32,
    /// Window.
    pub window: Duration,
}

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Selection in the address.
    Get,
    /// Selection in the body.
    Post,
}

/// One request, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// Whole address.
    pub url: String,
    /// JSON, for a POST.
    pub body: Option<String>,
}

/// One answer, as it came, with the transfer and content encodings undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Whole body.
    pub body: Vec<u8>,
}

/// Why no answer came, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nobody listens, or the name is unknown.
    #[error("cannot reach {host}: {cause}")]
    Unreachable {
        /// Host asked.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// The connection ended before the answer did, or its compression is cut short.
    #[error("the answer of {host} was cut short: {cause}")]
    CutShort {
        /// Host asked.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// No answer in time.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// Host asked.
        host: String,
    },
    /// The address, the proxy or a certificate is not usable; asking again will not help.
    #[error("cannot ask {url}: {cause}")]
    Unusable {
        /// Address.
        url: String,
        /// What is wrong.
        cause: String,
    },
}

/// Sends a request and reads the whole answer.
pub trait Transport: Send + Sync {
    /// Sends one request, once.
    ///
    /// # Errors
    ///
    /// No answer, or not a whole one.
    fn send(&self, request: &Request) -> Result<Answer, TransportError>;
}

/// May a call be made now?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Yes; tell the budget with this number when the answer has come, or the call has failed.
    Go(u64),
    /// Not before so long.
    Wait(Duration),
}

/// The calls that may be made to a host; one for all threads and processes.
///
/// A call counts from when it is allowed until a window after its end, so that
/// whatever the way to the server does to it, the server never sees one too many.
pub trait Budget: Send + Sync {
    /// Asks for a call.
    ///
    /// # Errors
    ///
    /// The budget cannot be read or written; then no call is made.
    fn take(&self, host: &str, pace: Pace) -> Result<Permit, BudgetError>;

    /// A call has ended.
    ///
    /// # Errors
    ///
    /// The budget cannot be written.
    fn done(&self, host: &str, call: u64) -> Result<(), BudgetError>;

    /// Nobody may call for so long: the host said so.
    ///
    /// # Errors
    ///
    /// The budget cannot be written.
    fn hold(&self, host: &str, pause: Duration) -> Result<(), BudgetError>;
}

/// Why a budget cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the call budget cannot be used: {cause}")]
pub struct BudgetError {
    /// What the store says.
    pub cause: String,
}

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
