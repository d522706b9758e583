//! SQL from outside: one `SELECT`, and an end to what it may use.
//!
//! Two fences. The authorizer sees every action while SQLite compiles and denies
//! whatever is not reading. A look at clock and memory every few steps stops what
//! runs too long or grows too large, and single values are kept so short that no
//! step outruns it. Nothing spills to disk.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode};

use crate::engine::{as_typed, cells, column_names, only_statement, sql_error};
use crate::{Rows, StoreError, Value};
use crate::{heap, on_map};

/// What one query from outside may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryLimits {
    /// Wall time. Default 10 s.
    pub time: Duration,
    /// Memory for the engine, and again for the answer. Default 256 MiB.
    pub memory_bytes: u64,
    /// Rows in the answer. Default 1 000 000.
    pub rows: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        QueryLimits {
            time: Duration::from_secs(10),
            memory_bytes: 256 * 1024 * 1024,
            rows: 1_000_000,
        }
    }
}

/// Longest text, blob or row. Text functions take time with the square of the
/// length, inside one step that the clock cannot interrupt.
const VALUE_BYTES: u32 = 100_000;

/// Steps of the virtual machine between two looks. One step, a text function on the
/// longest texts, can take a tenth of a second.
const STEPS_PER_LOOK: i32 = 10;

/// Functions that reach outside the database. None is in this build; a later one might be.
pub(crate) const OUTSIDE_FUNCTIONS: [&str; 5] =
    ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"];

/// So that a query answers for its own memory and not for its neighbour's.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Why the query was stopped, told by the fence that stopped it.
#[derive(Clone, Default)]
struct Refusal(Arc<Mutex<Option<StoreError>>>);

impl Refusal {
    /// Keeps the first reason; what follows from it is noise.
    fn because(&self, reason: StoreError) {
        lock(&self.0).get_or_insert(reason);
    }

    fn take(&self) -> Option<StoreError> {
        lock(&self.0).take()
    }
}

/// Runs `sql` on a connection that is closed afterwards.
pub(crate) fn run(
    connection: Connection,
    sql: &str,
    limits: &QueryLimits,
) -> Result<Rows, StoreError> {
    let _turn = lock(&ONE_AT_A_TIME);
    let expanded = on_map::expand(&connection, sql)?;
    let refusal = Refusal::default();
    let fenced = shorten(&connection)
        .and_then(|()| watch(&connection, limits, &refusal))
        .and_then(|()| allow_reading_only(&connection, &refusal));
    let answer = fenced
        .map_err(StoreError::engine("limiting a query"))
        .and_then(|()| collect(&connection, &expanded.sql, limits));
    answer.map_err(|error| as_typed(cause(error, &refusal), &expanded, sql))
}

/// Keeps values, texts and plans short, and temporary tables in memory.
fn shorten(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA temp_store = memory; PRAGMA query_only = on;")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    let value_bytes = i32::try_from(VALUE_BYTES).unwrap_or(i32::MAX);
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, value_bytes),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    Ok(())
}

/// Stops what runs longer or grows larger than `limits`.
fn watch(connection: &Connection, limits: &QueryLimits, refusal: &Refusal) -> rusqlite::Result<()> {
    let (limits, refusal) = (limits.clone(), refusal.clone());
    let began = Instant::now();
    let most_bytes = heap::bytes_in_use().saturating_add(limits.memory_bytes);
    let stop = move || {
        if began.elapsed() >= limits.time {
            refusal.because(StoreError::TimeLimit { limit: limits.time });
            return true;
        }
        if heap::bytes_in_use() > most_bytes {
            refusal.because(StoreError::MemoryLimit { limit_bytes: limits.memory_bytes });
            return true;
        }
        false
    };
    connection.progress_handler(STEPS_PER_LOOK, Some(stop))
}

fn allow_reading_only(connection: &Connection, refusal: &Refusal) -> rusqlite::Result<()> {
    let refusal = refusal.clone();
    connection.authorizer(Some(move |context: AuthContext<'_>| match forbidden(&context.action) {
        None => Authorization::Allow,
        Some(action) => {
            refusal.because(StoreError::Forbidden { action });
            Authorization::Deny
        }
    }))
}

fn collect(connection: &Connection, sql: &str, limits: &QueryLimits) -> Result<Rows, StoreError> {
    let mut statement = only_statement(connection, sql)?;
    if !statement.readonly() {
        return Err(StoreError::Forbidden { action: "write".to_owned() });
    }
    let columns = column_names(&statement);
    let width = columns.len();
    let mut cursor = statement.query([]).map_err(|error| sql_error(error, sql))?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut bytes = 0_usize;
    while let Some(row) = cursor.next().map_err(|error| sql_error(error, sql))? {
        if rows.len() == limits.rows {
            return Err(StoreError::RowLimit { limit: limits.rows });
        }
        let row = cells(row, width).map_err(|error| sql_error(error, sql))?;
        bytes += size_of::<Vec<Value>>() + width * size_of::<Value>();
        bytes += row.iter().map(Value::heap_bytes).sum::<usize>();
        if bytes as u64 > limits.memory_bytes {
            return Err(StoreError::MemoryLimit { limit_bytes: limits.memory_bytes });
        }
        rows.push(row);
    }
    Ok(Rows { columns, rows })
}

/// What is wrong with an action, as the end of "the query may not ..."; `None` when it only reads.
fn forbidden(action: &AuthAction<'_>) -> Option<String> {
    let what = match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => return None,
        AuthAction::Function { function_name } => {
            if !OUTSIDE_FUNCTIONS.contains(&function_name.to_ascii_lowercase().as_str()) {
                return None;
            }
            format!("call `{function_name}`")
        }
        // SQLite notes every change of structure as a write to its own catalogue first.
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name }
            if table_name.starts_with("sqlite_") =>
        {
            "change the structure".to_owned()
        }
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => {
            format!("write to `{table_name}`")
        }
        AuthAction::Pragma { pragma_name, .. } => format!("use the pragma `{pragma_name}`"),
        AuthAction::Attach { .. } => "attach another file".to_owned(),
        AuthAction::Detach { .. } => "detach a file".to_owned(),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
            "open or close a transaction".to_owned()
        }
        _ => "change the structure".to_owned(),
    };
    Some(what)
}

/// The refusal behind what the engine reports; the report itself when there is none.
fn cause(error: StoreError, refusal: &Refusal) -> StoreError {
    match &error {
        StoreError::Engine { source, .. }
            if source.0.sqlite_error_code() == Some(ErrorCode::TooBig) =>
        {
            StoreError::ValueTooLong { limit_bytes: VALUE_BYTES }
        }
        StoreError::Engine { .. } | StoreError::InvalidSql { .. } => {
            refusal.take().unwrap_or(error)
        }
        // Several statements, too many rows, a long answer: found here, not by the engine.
        _ => error,
    }
}

/// A panic elsewhere does not spoil what these locks guard.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
