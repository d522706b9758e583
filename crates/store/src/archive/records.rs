//! What goes into the archive and what comes out of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What was asked, in a form in which two ways of asking the same are equal.
///
/// Every field tells questions apart; an answer in another language, or of
/// another publication of the table, is the answer to another question.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Question {
    /// `data.ssb.no`.
    pub host: String,
    /// `v2` or `v0`.
    pub api: String,
    /// `no`, `en`.
    pub language: String,
    /// Table id, where the question is about one.
    pub table: Option<String>,
    /// `config`, `metadata`, or the canonical query of a block.
    pub what: String,
    /// The table's `updated` that the answer must belong to, where it is known.
    pub updated: Option<String>,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// What was posted.
    pub body: Option<String>,
}

/// An answer as it came, before anybody has read it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// Response headers in the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Whole body, with transfer and content encodings undone.
    pub body: Vec<u8>,
    /// When the last byte had come, RFC 3339 UTC; `None` means now.
    pub received_at: Option<String>,
}

/// An answer in the archive; its body is read by [`Archive::blob`](super::Archive::blob).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Key; a later answer has a higher one.
    pub id: i64,
    /// What was asked.
    pub question: Question,
    /// How it was asked.
    pub request: RawRequest,
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: Vec<(String, String)>,
    /// RFC 3339 UTC.
    pub received_at: String,
    /// SHA-256 of the body, lower-case hex.
    pub sha256: String,
    /// Length of the body.
    pub bytes: u64,
    /// Why the answer was found unusable after it had been kept; such an answer is never recalled.
    pub rejected: Option<String>,
}

/// Who asks a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody need: here is the answer.
    Kept(Box<KeptAnswer>),
    /// The caller does, and must end with `keep` or `release`.
    Yours,
    /// Another thread or process does.
    Theirs {
        /// When it is worth looking again.
        look_again: Duration,
    },
}

/// Whether a call may be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Yes; report its end with [`Archive::done`](super::Archive::done) and this number.
    Go(u64),
    /// Not before this time has passed; then ask again.
    Wait(Duration),
}

/// Where the bytes of a version come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionInfo {
    /// Table id.
    pub table: String,
    /// Host asked.
    pub server: String,
    /// `no`, `en`.
    pub language: String,
    /// The table's `updated`, as the publisher writes it.
    pub updated: Option<String>,
    /// The canonical query, JSON.
    pub query: String,
    /// Answers that the figures were read from, in order.
    pub answer_ids: Vec<i64>,
    /// When the last of them was received, RFC 3339; from then on the version is known.
    pub fetched_at: String,
    /// Why the table's contract is broken; such a version is kept and never current.
    pub drift: Option<String>,
}

/// One publication of an extract; its bytes never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Key; a later publication has a higher one.
    pub id: i64,
    /// `ssb.07459.no.population`.
    pub extract: String,
    /// First twelve hex digits of `sha256`.
    pub version: String,
    /// SHA-256 of the Parquet bytes, lower-case hex.
    pub sha256: String,
    /// Length of the Parquet file.
    pub bytes: u64,
    /// From when on the archive knew this, RFC 3339 UTC.
    pub known_from: String,
    /// When the same bytes were last fetched, RFC 3339 UTC.
    pub last_seen: String,
    /// Where the bytes come from.
    pub info: VersionInfo,
}

/// What [`Archive::publish`](super::Archive::publish) did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// The bytes differ from what was known.
    New(Version),
    /// Nothing has changed since this version; only that it was seen again is noted.
    Unchanged(Version),
}

/// One table of a server's catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CatalogueEntry {
    /// `07459`.
    pub id: String,
    /// Title, with or without the id in front.
    pub title: String,
    /// Longer description, often empty.
    pub description: String,
    /// Names of the variables.
    pub variables: Vec<String>,
    /// Where the table stands: each path from the main subject downwards.
    pub paths: Vec<Vec<Subject>>,
    /// As the publisher writes it.
    pub updated: Option<String>,
    /// First period.
    pub first_period: Option<String>,
    /// Last period.
    pub last_period: Option<String>,
    /// `Annual`, `Monthly`.
    pub time_unit: Option<String>,
    /// No longer updated.
    pub discontinued: bool,
    /// The server's own JSON of this entry, or empty.
    pub raw: String,
}

/// One step of a subject path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// `be01`.
    pub id: String,
    /// `Barn, familier og husholdninger`.
    pub label: String,
}

/// A table that fits what was searched for.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Server of the catalogue.
    pub server: String,
    /// Language of the catalogue.
    pub language: String,
    /// The table.
    pub entry: CatalogueEntry,
    /// Higher fits better; comparable only within one search.
    pub score: f64,
}

/// One run of a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Key; a later run has a higher one.
    pub id: i64,
    /// What ran: `sync`, `sync --from-archive`.
    pub kind: String,
    /// RFC 3339 UTC.
    pub started_at: String,
    /// RFC 3339 UTC; `None` while it runs, and for ever when it was killed.
    pub ended_at: Option<String>,
    /// Whether the process that began it still runs.
    pub running: bool,
    /// Summary, JSON; empty until the run has ended.
    pub summary: String,
}
