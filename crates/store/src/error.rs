use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a snapshot could not be opened, read, asked or written.
///
/// Each message states its own layer; print the `source()` chain for the cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file could not be read.
    #[error("cannot read the snapshot `{}`", path.display())]
    Read {
        /// The file asked for.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },

    /// The file could not be written; nothing is left at `path`.
    #[error("cannot write the snapshot `{}`", path.display())]
    Write {
        /// The file to be written.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },

    /// The file carries no seal: another kind of file, or one damaged in the seal itself.
    #[error("`{}` is not a Grunnlag snapshot: it has no seal (expected one, found {seals})", path.display())]
    NotASnapshot {
        /// The file asked for.
        path: PathBuf,
        /// How many seals were found.
        seals: usize,
    },

    /// The bytes are not those that were sealed: damaged, truncated or edited.
    #[error(
        "the snapshot `{}` is damaged: its checksum should be `{expected}` and is `{found}`; fetch or build it again",
        path.display()
    )]
    Damaged {
        /// The file asked for.
        path: PathBuf,
        /// The checksum written in the file, lower-case hex.
        expected: String,
        /// The checksum of the bytes, lower-case hex.
        found: String,
    },

    /// The file was replaced after it had been opened and checked.
    #[error("the snapshot `{}` was replaced while in use: it was `{expected}` and is `{found}`; open it again", path.display())]
    Replaced {
        /// The file.
        path: PathBuf,
        /// The seal when it was opened.
        expected: String,
        /// The seal now.
        found: String,
    },

    /// The snapshot has another layout than this program reads.
    #[error("the snapshot has format `{found}`; this program reads format `{supported}`")]
    Format {
        /// The format written in the snapshot.
        found: String,
        /// The format this program reads.
        supported: u32,
    },

    /// The engine failed where it should not: a fault of ours, or of the machine.
    #[error("the engine failed while {task}")]
    Engine {
        /// What was being done.
        task: String,
        /// What the engine said.
        source: EngineError,
    },

    /// The engine does not understand the SQL, or it failed while running.
    #[error("the query is not valid{}: {reason}", position(*line, *column))]
    InvalidSql {
        /// What is wrong, in the engine's words.
        reason: String,
        /// Line of the error, from 1, when known.
        line: Option<usize>,
        /// Column of the error in characters, from 1, when known.
        column: Option<usize>,
    },

    /// The text holds more than one statement.
    #[error("the query holds more than one statement; send one `SELECT` at a time")]
    SeveralStatements,

    /// The statement would do something other than read the snapshot.
    #[error("the query may not {action}; only `SELECT` on the snapshot is allowed")]
    Forbidden {
        /// What it tried, for example "write to `figure`".
        action: String,
    },

    /// The query ran longer than [`QueryLimits::time`](crate::QueryLimits::time).
    #[error("the query was stopped after {} s, its time limit; narrow it", limit.as_secs_f64())]
    TimeLimit {
        /// The limit.
        limit: Duration,
    },

    /// The query needed more than [`QueryLimits::memory_bytes`](crate::QueryLimits::memory_bytes).
    #[error("the query was stopped at {limit_bytes} bytes, its memory limit; narrow it")]
    MemoryLimit {
        /// The limit.
        limit_bytes: u64,
    },

    /// The answer has more than [`QueryLimits::rows`](crate::QueryLimits::rows) rows.
    #[error("the query was stopped after {limit} rows, its limit; add a condition or `LIMIT`")]
    RowLimit {
        /// The limit.
        limit: usize,
    },

    /// One text or blob, or one row, is longer than a query may handle.
    #[error("the query makes a value longer than {limit_bytes} bytes; split it")]
    ValueTooLong {
        /// The limit.
        limit_bytes: u32,
    },

    /// A status outside the list of [`ValueStatus`](crate::ValueStatus).
    #[error("`{status}` is not a value status")]
    UnknownStatus {
        /// The text found.
        status: String,
    },

    /// A file of the archive could not be read or written; a file to be written is not there.
    #[error("cannot {task} `{}`", path.display())]
    File {
        /// What was being done, for example "keep an answer in".
        task: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },

    /// The archive's rows could not be read or written; what was begun has not happened.
    #[error("cannot {task} in `{}`: {problem}", path.display())]
    Archive {
        /// What was being done, for example "keep an answer".
        task: &'static str,
        /// The file with the rows.
        path: PathBuf,
        /// What stands in the way, for a person: the disk is full, the file is read-only.
        problem: &'static str,
        /// What the engine said.
        source: Box<EngineError>,
    },

    /// The file where the archive should be is something else.
    #[error("`{}` is not a Grunnlag archive; choose another data folder", path.display())]
    NotAnArchive {
        /// The file.
        path: PathBuf,
    },

    /// The archive was written by a newer program.
    #[error(
        "the archive `{}` has format {found}, and this program knows formats up to {supported}; update the program",
        path.display()
    )]
    NewerArchive {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        supported: i64,
    },

    /// A file of the archive does not hold what its name says.
    #[error("`{}` is damaged: its content should have the digest `{expected}` and has `{found}`", path.display())]
    DamagedFile {
        /// The file.
        path: PathBuf,
        /// The SHA-256 that its content must have, lower-case hex.
        expected: String,
        /// The SHA-256 of its content, or why there is none.
        found: String,
    },

    /// A name that cannot be the name of an extract.
    #[error(
        "`{name}` cannot name an extract: use letters, digits, `-`, `_` and single dots, at most 120 characters"
    )]
    ExtractName {
        /// The name.
        name: String,
    },

    /// A text that should be a digest, or begin one.
    #[error("`{text}` is not a SHA-256 in lower-case hex")]
    Digest {
        /// The text.
        text: String,
    },

    /// A text that should be a time.
    #[error("`{text}` is neither a date (2026-03-01) nor a time (2026-03-01T08:00:00Z)")]
    Time {
        /// The text.
        text: String,
    },

    /// A row that must be there is not.
    #[error("the archive has no {what} {id}")]
    NoSuchRow {
        /// `answer`, `run`.
        what: &'static str,
        /// The key asked for.
        id: i64,
    },

    /// The synonyms for searching cannot be read.
    #[error("the synonyms cannot be read: {problem}")]
    Synonyms {
        /// What is wrong, and where.
        problem: String,
    },

    /// The content given to [`build::SnapshotBuilder`](crate::build::SnapshotBuilder) contradicts itself.
    #[error("the snapshot cannot be built: {problem}")]
    Content {
        /// What is wrong, with the key of the offending row.
        problem: String,
    },
}

/// What SQLite said, without showing its types.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct EngineError(#[from] pub(crate) rusqlite::Error);

impl StoreError {
    /// Wraps an engine failure with what was being done.
    pub(crate) fn engine(task: impl Into<String>) -> impl FnOnce(rusqlite::Error) -> StoreError {
        let task = task.into();
        move |error| StoreError::Engine { task, source: EngineError(error) }
    }
}

/// Says where in the SQL, as far as known: " at line 1, column 8".
fn position(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(" at line {line}, column {column}"),
        _ => String::new(),
    }
}
