//! Finding, creating and opening an archive.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::clock::Clock;
use super::{Archive, files};
use crate::StoreError;
use crate::engine::open_immutable;
use crate::error::EngineError;

/// The file with the rows.
pub(super) const ROWS: &str = "archive.sqlite";

/// The format that this program writes, and the newest that it reads.
const FORMAT: i64 = 1;

/// Marks the file as an archive: `GRAR` in ASCII.
const APPLICATION_ID: i64 = 0x4752_4152;

/// How long to wait for another process; its longest write takes a second or two.
const PATIENCE: Duration = Duration::from_secs(30);

impl Archive {
    /// Opens the archive in the folder `data`, and makes what is missing.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`] or [`StoreError::Archive`] when the folder or the file cannot be made,
    /// [`StoreError::NotAnArchive`] when something else has the name, and
    /// [`StoreError::NewerArchive`] when a newer program has written it.
    pub fn open(data: &Path) -> Result<Archive, StoreError> {
        for folder in [data.to_owned(), data.join("raw"), data.join("extracts")] {
            fs::create_dir_all(&folder).map_err(|source| StoreError::File {
                task: "make the folder",
                path: folder,
                source,
            })?;
        }
        files::sweep(&data.join("raw"));
        files::sweep(&data.join("extracts"));
        let connection = connect(&data.join(ROWS))?;
        Ok(assemble(data, connection))
    }

    /// Opens the archive in the folder `data` when there is one; makes nothing.
    ///
    /// An archive on a read-only disk is opened for reading, as it was at that moment.
    ///
    /// # Errors
    ///
    /// As [`Archive::open`].
    pub fn open_existing(data: &Path) -> Result<Option<Archive>, StoreError> {
        let rows = data.join(ROWS);
        if !rows.exists() {
            return Ok(None);
        }
        let connection = match connect(&rows) {
            Ok(connection) => connection,
            Err(refused) => read_only(&rows).ok_or(refused)?,
        };
        Ok(Some(assemble(data, connection)))
    }
}

fn assemble(data: &Path, connection: Connection) -> Archive {
    Archive { folder: data.to_owned(), connection: Mutex::new(connection), clock: Clock::new() }
}

/// Says what stands in the way, for a person.
pub(super) fn failure(task: &'static str, path: &Path, error: rusqlite::Error) -> StoreError {
    let problem = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "it may not be written",
        Some(ErrorCode::CannotOpen) => "it cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process has been writing for too long"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk fails, or is full",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "it is damaged",
        _ => "the engine failed",
    };
    let source = Box::new(EngineError::from(error));
    StoreError::Archive { task, path: path.to_owned(), problem, source }
}

fn connect(rows: &Path) -> Result<Connection, StoreError> {
    let failed = |error| failure("open the archive", rows, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(rows, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    let new = check_format(&connection, rows)?;
    use_log(&connection).map_err(failed)?;
    // What `Archive::write` has committed survives a power cut.
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(failed)?;
    if new {
        create(&mut connection).map_err(failed)?;
        check_format(&connection, rows)?;
    }
    Ok(connection)
}

/// Reads an archive that cannot be written, unless its newest rows are still in the log.
fn read_only(rows: &Path) -> Option<Connection> {
    let mut log = rows.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return None;
    }
    let connection = open_immutable(rows).ok()?;
    let new = check_format(&connection, rows).ok()?;
    (!new).then_some(connection)
}

/// Whether the file is still empty; refuses what is not an archive that this program knows.
fn check_format(connection: &Connection, rows: &Path) -> Result<bool, StoreError> {
    let read = || -> rusqlite::Result<(i64, i64, i64)> {
        // One moment for all three: another process may be creating the archive.
        let moment = connection.unchecked_transaction()?;
        let pragma = |name: &str| moment.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
        Ok((pragma("application_id")?, pragma("user_version")?, pragma("schema_version")?))
    };
    match read() {
        Ok((0, 0, 0)) => Ok(true),
        Ok((APPLICATION_ID, found, _)) if found > FORMAT => {
            Err(StoreError::NewerArchive { path: rows.to_owned(), found, supported: FORMAT })
        }
        Ok((APPLICATION_ID, FORMAT, _)) => Ok(false),
        Ok(_) => Err(StoreError::NotAnArchive { path: rows.to_owned() }),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StoreError::NotAnArchive { path: rows.to_owned() })
        }
        Err(error) => Err(failure("open the archive", rows, error)),
    }
}

/// Turns on write-ahead logging: readers never wait.
///
/// The engine's own patience does not cover this switch when two processes make it at once.
fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        let mode =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && began.elapsed() < PATIENCE =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            other => return other.map(drop),
        }
    }
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let schema: i64 = transaction.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    // Another process may have been first.
    if schema == 0 {
        transaction.execute_batch(include_str!("schema.sql"))?;
        transaction.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        ))?;
    }
    transaction.commit()
}
