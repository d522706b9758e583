//! Databases of other people: tables read row by row, and nothing else.
//!
//! A GeoPackage is an SQLite file that comes from anywhere. It is opened without locks and
//! without writing; the schema in it is not trusted, statements may only read, and each
//! step has an end in time. What a blob in it means is not known here.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::Value as Bound;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::engine::{self, cells, column_names};
use crate::{Rows, StoreError, Value};

/// Longest value: the outline of a country takes some megabytes.
const VALUE_BYTES: i32 = 256 * 1024 * 1024;

/// How long one step may take.
const STEP_TIME: Duration = Duration::from_secs(30);

/// Steps of the virtual machine between two looks at the clock.
const STEPS_PER_LOOK: i32 = 10_000;

/// Most rows of a question about the database itself.
const MOST_ROWS: usize = 20_000;

/// A database of somebody else's, open for reading.
#[derive(Debug)]
pub struct Foreign {
    connection: Connection,
    path: PathBuf,
    /// When the step under way must have ended.
    deadline: Arc<Mutex<Instant>>,
}

/// Where a walk through a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the row with this key.
    Key(i64),
    /// After so many rows; for views, which have no keys.
    Count(u64),
}

impl Foreign {
    /// Opens a database.
    ///
    /// # Errors
    ///
    /// [`StoreError::Read`] when the file cannot be read or another program is writing to it, and
    /// [`StoreError::Engine`] when it is no SQLite database.
    pub fn open(path: &Path) -> Result<Foreign, StoreError> {
        let log = PathBuf::from(format!("{}-wal", path.display()));
        if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let problem = "another program has written to it and not finished; close it there";
            let source = std::io::Error::new(std::io::ErrorKind::ResourceBusy, problem);
            return Err(StoreError::Read { path: path.to_owned(), source });
        }
        let task = || StoreError::engine(format!("opening `{}`", path.display()));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(engine::immutable_uri(path)?, flags).map_err(task())?;
        let deadline = Arc::new(Mutex::new(Instant::now() + STEP_TIME));
        fence(&connection, &deadline).map_err(task())?;
        Ok(Foreign { connection, path: path.to_owned(), deadline })
    }

    /// Asks a question about the database itself; `texts` fill its `?1`, `?2`, ….
    ///
    /// # Errors
    ///
    /// [`StoreError::Engine`], [`StoreError::TimeLimit`], [`StoreError::RowLimit`].
    pub fn rows(&self, sql: &str, texts: &[&str]) -> Result<Rows, StoreError> {
        self.begin();
        let run = || -> rusqlite::Result<Option<Rows>> {
            let mut statement = self.connection.prepare(sql)?;
            let columns = column_names(&statement);
            let width = columns.len();
            let mut cursor = statement.query(rusqlite::params_from_iter(texts))?;
            let mut rows = Vec::new();
            while let Some(row) = cursor.next()? {
                if rows.len() == MOST_ROWS {
                    return Ok(None);
                }
                rows.push(cells(row, width)?);
            }
            Ok(Some(Rows { columns, rows }))
        };
        let rows = run().map_err(|error| self.failed(error))?;
        rows.ok_or(StoreError::RowLimit { limit: MOST_ROWS })
    }

    /// Where a walk through `table` begins.
    ///
    /// # Errors
    ///
    /// As [`Foreign::rows`].
    pub fn beginning(&self, table: &str) -> Result<Place, StoreError> {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        let is_table = !self.rows(sql, &[table])?.rows.is_empty();
        self.begin();
        let probe = format!("SELECT rowid FROM {} LIMIT 0", quoted(table));
        let has_keys = is_table && self.connection.prepare(&probe).is_ok();
        Ok(if has_keys { Place::Key(i64::MIN) } else { Place::Count(0) })
    }

    /// The row after `place`, and where it stands; `None` at the end.
    ///
    /// # Errors
    ///
    /// As [`Foreign::rows`].
    pub fn next(
        &self,
        table: &str,
        columns: &[String],
        place: Place,
    ) -> Result<Option<(Place, Vec<Value>)>, StoreError> {
        let listed: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
        let (listed, table) = (listed.join(", "), quoted(table));
        let (sql, bound) = match place {
            Place::Key(key) => (
                format!(
                    "SELECT rowid, {listed} FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT 1"
                ),
                Bound::Integer(key),
            ),
            Place::Count(count) => (
                format!("SELECT 0, {listed} FROM {table} LIMIT 1 OFFSET ?1"),
                Bound::Integer(i64::try_from(count).unwrap_or(i64::MAX)),
            ),
        };
        self.begin();
        let run = || -> rusqlite::Result<Option<Vec<Value>>> {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut cursor = statement.query([bound])?;
            cursor.next()?.map(|row| cells(row, columns.len() + 1)).transpose()
        };
        let Some(mut row) = run().map_err(|error| self.failed(error))? else { return Ok(None) };
        let key = row.remove(0);
        let place = match (place, key) {
            (Place::Key(_), Value::Integer(key)) => Place::Key(key),
            (Place::Key(key), _) => Place::Key(key.saturating_add(1)),
            (Place::Count(count), _) => Place::Count(count + 1),
        };
        Ok(Some((place, row)))
    }

    fn begin(&self) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + STEP_TIME;
    }

    fn failed(&self, error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => StoreError::TimeLimit { limit: STEP_TIME },
            Some(ErrorCode::TooBig) => {
                StoreError::ValueTooLong { limit_bytes: VALUE_BYTES.unsigned_abs() }
            }
            _ => StoreError::engine(format!("reading `{}`", self.path.display()))(error),
        }
    }
}

/// A name inside SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Allows reading, and what describes a table; keeps values and time short.
fn fence(connection: &Connection, deadline: &Arc<Mutex<Instant>>) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA temp_store = memory; PRAGMA query_only = on;")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    let until = Arc::clone(deadline);
    connection.progress_handler(
        STEPS_PER_LOOK,
        Some(move || Instant::now() > *until.lock().unwrap_or_else(PoisonError::into_inner)),
    )?;
    connection.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => {
            Authorization::Allow
        }
        AuthAction::Function { function_name }
            if !crate::sandbox::OUTSIDE_FUNCTIONS.contains(&function_name) =>
        {
            Authorization::Allow
        }
        AuthAction::Pragma { pragma_name: "table_info", .. } => Authorization::Allow,
        _ => Authorization::Deny,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database that was written with these statements.
    fn made(sql: &str) -> (tempfile::TempDir, Foreign) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.gpkg");
        let connection = Connection::open(&path).expect("a file");
        connection.execute_batch(sql).expect("valid statements");
        drop(connection);
        let foreign = Foreign::open(&path).expect("a database");
        (folder, foreign)
    }

    fn walk(foreign: &Foreign, table: &str) -> Vec<Value> {
        let mut place = foreign.beginning(table).expect("a table");
        let mut found = Vec::new();
        let columns = ["a".to_owned()];
        while let Some((next, mut row)) = foreign.next(table, &columns, place).expect("a row") {
            place = next;
            found.append(&mut row);
        }
        found
    }

    #[test]
    fn tables_and_views_are_walked_in_order() {
        let (_folder, foreign) = made(
            "CREATE TABLE \"t \"\"x\" (id INTEGER PRIMARY KEY, a); INSERT INTO \"t \"\"x\" VALUES \
             (-9223372036854775807, 'first'), (2, 'second'), (7, x'00FF');
             CREATE VIEW v AS SELECT a FROM \"t \"\"x\" ORDER BY id;
             CREATE TABLE w (a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES ('x');",
        );
        let text = |text: &str| Value::Text(text.to_owned());
        let all = vec![text("first"), text("second"), Value::Blob(vec![0, 255])];
        assert_eq!(walk(&foreign, "t \"x"), all);
        assert_eq!(walk(&foreign, "v"), all);
        assert_eq!(walk(&foreign, "w"), [text("x")]);
        assert_eq!(foreign.rows("PRAGMA table_info(w)", &[]).expect("rows").rows.len(), 1);
    }

    #[test]
    fn nothing_but_reading_is_allowed() {
        let (folder, foreign) = made("CREATE TABLE t (a);");
        for sql in [
            "INSERT INTO t VALUES (1)",
            "DROP TABLE t",
            "PRAGMA writable_schema = on",
            "ATTACH ':memory:' AS other",
            "CREATE TEMP TABLE u (a)",
        ] {
            assert!(foreign.rows(sql, &[]).is_err(), "{sql}");
        }
        let files = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "something was written beside the file");
    }

    #[test]
    fn a_view_without_end_is_stopped() {
        let (_folder, foreign) = made(
            "CREATE VIEW v AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) \
             SELECT a FROM n WHERE a < 0;",
        );
        *foreign.deadline.lock().expect("a clock") = Instant::now();
        let run = foreign.connection.query_row("SELECT a FROM v", [], |row| row.get::<_, i64>(0));
        let error = foreign.failed(run.expect_err("it was stopped"));
        assert!(matches!(error, StoreError::TimeLimit { .. }), "{error}");
    }

    #[test]
    fn what_is_no_database_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.gpkg");
        std::fs::write(&path, b"SQLite format 3\0 and then nothing").expect("a file");
        let opened = Foreign::open(&path).and_then(|foreign| foreign.rows("SELECT 1 FROM t", &[]));
        assert!(opened.is_err());
    }
}
