//! What was asked, what came back, and what was made of it; nothing is ever lost.
//!
//! An archive is one folder: a small SQLite file with the rows, and beside it the
//! bytes, named by what they contain. A file is whole and on disk before a row
//! points to it, so that a run killed at any moment leaves nothing half-visible.
//!
//! Answers and versions are added, never changed and never deleted. Any number of
//! threads and processes may use one archive at once.
//!
//! The meaning of an answer is not known here: bodies and queries are opaque.

mod answers;
mod budget;
mod catalogue;
mod claims;
mod clock;
mod extracts;
mod files;
mod growing;
mod open;
mod question;
mod records;
mod runs;
mod search;
mod times;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use growing::{BlobFile, GrowingFile};
pub use records::{
    CatalogueEntry, Claim, Hit, KeptAnswer, Permit, Published, Question, RawAnswer, RawRequest,
    Run, Subject, Version, VersionInfo,
};
pub use search::Synonyms;

use crate::StoreError;
use clock::Clock;

/// The data folder: answers, budgets, extracts, catalogues and runs.
///
/// One per process is enough; threads share it.
///
/// ```
/// use store::archive::{Archive, Claim, Question, RawAnswer, RawRequest};
/// # let folder = tempfile::tempdir()?;
/// # let data = folder.path();
/// let archive = Archive::open(data)?;
/// let question = Question { host: "data.ssb.no".into(), what: "config".into(), ..Default::default() };
/// let lease = std::time::Duration::from_secs(60);
/// assert_eq!(archive.claim(&question, lease)?, Claim::Yours);
///
/// let answer = RawAnswer { status: 200, body: b"{}".into(), ..Default::default() };
/// let id = archive.keep(&question, &RawRequest::default(), &answer)?;
///
/// let kept = archive.recall(&question)?.expect("it was kept");
/// assert_eq!(kept.id, id);
/// assert_eq!(archive.blob(&kept.sha256)?, b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    connection: Mutex<Connection>,
    clock: Clock,
}

impl Archive {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with the rows.
    fn rows(&self) -> PathBuf {
        self.folder.join(open::ROWS)
    }

    /// The folder with the bodies of answers.
    fn raw(&self) -> PathBuf {
        self.folder.join("raw")
    }

    /// Reads rows; `task` completes "cannot …".
    fn read<R>(
        &self,
        task: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<R>,
    ) -> Result<R, StoreError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        read(&connection).map_err(|error| self.failed(task, error))
    }

    /// Writes rows, all or none, and onto the disk; nobody else writes meanwhile.
    fn write<R>(
        &self,
        task: &'static str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<R>,
    ) -> Result<R, StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        transact(&mut connection, write).map_err(|error| self.failed(task, error))
    }

    /// As [`Archive::write`], for rows that mean nothing after a power cut: claims and budgets.
    ///
    /// They survive the end of any process, and cost no wait for the disk.
    fn write_for_this_boot<R>(
        &self,
        task: &'static str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<R>,
    ) -> Result<R, StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || {
            connection.execute_batch("PRAGMA synchronous = NORMAL")?;
            let result = transact(&mut connection, write);
            connection.execute_batch("PRAGMA synchronous = FULL")?;
            result
        };
        run().map_err(|error| self.failed(task, error))
    }

    fn failed(&self, task: &'static str, error: rusqlite::Error) -> StoreError {
        open::failure(task, &self.rows(), error)
    }
}

fn transact<R>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<R>,
) -> rusqlite::Result<R> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = write(&transaction)?;
    transaction.commit()?;
    Ok(result)
}
