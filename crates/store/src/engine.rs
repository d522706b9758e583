//! The engine behind a snapshot: connections, one query, its rows, its errors.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection, OpenFlags, Row, Statement};

use crate::error::EngineError;
use crate::on_map::{self, Expanded};
use crate::{Rows, StoreError, Value};

/// An empty database in memory.
pub(crate) fn open_empty() -> Result<Connection, StoreError> {
    Connection::open_in_memory().map_err(StoreError::engine("opening a database in memory"))
}

/// A database that lives in the program; its bytes are read where they are.
pub(crate) fn open_static(bytes: &'static [u8]) -> Result<Connection, StoreError> {
    let mut connection = open_empty()?;
    connection
        .deserialize_bytes("main", bytes)
        .map_err(StoreError::engine("opening the embedded snapshot"))?;
    Ok(connection)
}

/// A file that nobody writes to: no locks, no journal beside it.
pub(crate) fn open_immutable(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(immutable_uri(path)?, flags)
        .map_err(StoreError::engine(format!("opening `{}`", path.display())))
}

/// Runs one query on a trusted connection.
pub(crate) fn rows_of(connection: &Connection, sql: &str) -> Result<Rows, StoreError> {
    let expanded = on_map::expand(connection, sql)?;
    run(connection, &expanded.sql).map_err(|error| as_typed(error, &expanded, sql))
}

fn run(connection: &Connection, sql: &str) -> Result<Rows, StoreError> {
    let mut statement = only_statement(connection, sql)?;
    let columns = column_names(&statement);
    let width = columns.len();
    let mut cursor = statement.query([]).map_err(|error| sql_error(error, sql))?;
    let mut rows = Vec::new();
    while let Some(row) = cursor.next().map_err(|error| sql_error(error, sql))? {
        rows.push(cells(row, width).map_err(|error| sql_error(error, sql))?);
    }
    Ok(Rows { columns, rows })
}

/// Compiles `sql`, which must be exactly one statement.
pub(crate) fn only_statement<'connection>(
    connection: &'connection Connection,
    sql: &str,
) -> Result<Statement<'connection>, StoreError> {
    let mut batch = Batch::new(connection, sql);
    let first = batch.next().map_err(|error| sql_error(error, sql))?.ok_or_else(|| {
        StoreError::InvalidSql {
            reason: "there is no statement".to_owned(),
            line: None,
            column: None,
        }
    })?;
    // A second statement that does not even compile is still a second statement.
    match batch.next() {
        Ok(None) => Ok(first),
        Ok(Some(_)) | Err(_) => Err(StoreError::SeveralStatements),
    }
}

pub(crate) fn column_names(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().into_iter().map(str::to_owned).collect()
}

pub(crate) fn cells(row: &Row<'_>, width: usize) -> rusqlite::Result<Vec<Value>> {
    (0..width).map(|column| Ok(Value::from(row.get_ref(column)?))).collect()
}

/// What the engine said about `sql`, with the place where it knows it.
pub(crate) fn sql_error(error: rusqlite::Error, sql: &str) -> StoreError {
    match error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => {
            let offset =
                usize::try_from(offset).ok().filter(|offset| sql.is_char_boundary(*offset));
            let place = offset.map(|offset| place(sql, offset));
            StoreError::InvalidSql {
                reason: msg,
                line: place.map(|(line, _)| line),
                column: place.map(|(_, column)| column),
            }
        }
        rusqlite::Error::SqliteFailure(failure, Some(reason))
            if failure.code == rusqlite::ErrorCode::Unknown =>
        {
            StoreError::InvalidSql { reason, line: None, column: None }
        }
        other => StoreError::Engine {
            task: "running a query".to_owned(),
            source: EngineError::from(other),
        },
    }
}

/// Line and column of a place in a text, from 1.
pub(crate) fn place(sql: &str, offset: usize) -> (usize, usize) {
    let before = sql.get(..offset).unwrap_or(sql);
    let line = before.rsplit('\n').next().unwrap_or(before);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// An error with its place in what was typed, not in what the engine was given.
pub(crate) fn as_typed(error: StoreError, expanded: &Expanded, typed: &str) -> StoreError {
    let StoreError::InvalidSql { reason, line: Some(line), column: Some(column) } = error else {
        return error;
    };
    let starts = expanded.sql.match_indices('\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(starts).nth(line - 1).unwrap_or_default();
    let within = expanded.sql[start..].char_indices().nth(column - 1);
    let offset = within.map_or(expanded.sql.len(), |(at, _)| start + at);
    let (line, column) = place(typed, expanded.as_typed(offset));
    StoreError::InvalidSql { reason, line: Some(line), column: Some(column) }
}

/// Runs one query of our own and reads each row into a record.
pub(crate) fn records<R>(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
) -> Result<Vec<R>, StoreError> {
    let run = || {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], read)?.collect::<rusqlite::Result<Vec<R>>>()
    };
    run().map_err(StoreError::engine("reading the snapshot"))
}

/// Runs one query of our own that returns one row.
pub(crate) fn single<R>(
    connection: &Connection,
    sql: &str,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<R>,
) -> Result<R, StoreError> {
    connection.query_row(sql, [], read).map_err(StoreError::engine("reading the snapshot"))
}

/// The URI under which SQLite opens `path` without locks or journals beside it.
pub(crate) fn immutable_uri(path: &Path) -> Result<String, StoreError> {
    let absolute = std::path::absolute(path)
        .map_err(|source| StoreError::Read { path: path.to_owned(), source })?;
    let mut uri = String::from("file://");
    for &byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_characters_survives_as_a_uri() {
        let uri = immutable_uri(Path::new("/a b/50%?#ø.gpkg")).expect("an absolute path");
        assert_eq!(uri, "file:///a%20b/50%25%3F%23%C3%B8.gpkg?mode=ro&immutable=1");
    }
}
