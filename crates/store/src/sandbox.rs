//! SQL from outside: one `SELECT`, and an end to what it may use.
//!
//! Three fences, each enough against its own kind of statement. The authorizer
//! sees every action while SQLite compiles and denies whatever is not reading.
//! The progress handler stops what runs too long. The heap limit and the length
//! limit stop what grows too large; nothing spills to disk.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode};

use crate::engine::{cells, column_names, only_statement, sql_error};
use crate::heap::HeapLimit;
use crate::{Rows, StoreError, Value};

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

/// Steps of the virtual machine between two looks at the clock. One step, a text function on the
/// longest texts, can take a tenth of a second.
const STEPS_PER_LOOK: i32 = 10;

/// Functions that reach outside the database. None is in this build; a later one might be.
const OUTSIDE_FUNCTIONS: [&str; 5] =
    ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"];

/// What the authorizer refused, for the message.
type Refusal = Arc<Mutex<Option<String>>>;

/// Runs `sql` on a connection that is closed afterwards.
pub(crate) fn run(
    connection: Connection,
    sql: &str,
    limits: &QueryLimits,
) -> Result<Rows, StoreError> {
    let heap = HeapLimit::set(limits.memory_bytes);
    // The clock starts after the wait for the heap limit's turn.
    let deadline = Instant::now() + limits.time;
    let refusal = Refusal::default();
    let answer = fence(&connection, deadline, &refusal)
        .map_err(StoreError::engine("limiting a query"))
        .and_then(|()| collect(&connection, sql, limits));
    drop(connection);
    drop(heap);
    answer.map_err(|error| refused(error, &refusal, limits))
}

fn fence(connection: &Connection, deadline: Instant, refusal: &Refusal) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA temp_store = memory; PRAGMA query_only = on; PRAGMA cell_size_check = on;",
    )?;
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
    connection.progress_handler(STEPS_PER_LOOK, Some(move || Instant::now() >= deadline))?;
    let refusal = Arc::clone(refusal);
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        let Some(action) = forbidden(&context.action) else {
            return Authorization::Allow;
        };
        let mut first = refusal.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(action);
        Authorization::Deny
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

/// Turns the engine's general errors into the refusal that caused them.
fn refused(error: StoreError, refusal: &Refusal, limits: &QueryLimits) -> StoreError {
    let engine = match &error {
        StoreError::Engine { source, .. } => source.0.sqlite_error_code(),
        StoreError::InvalidSql { .. } => Some(ErrorCode::Unknown),
        _ => return error,
    };
    let action = refusal.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(action) = action {
        return StoreError::Forbidden { action };
    }
    match engine {
        Some(ErrorCode::OperationInterrupted) => StoreError::TimeLimit { limit: limits.time },
        Some(ErrorCode::OutOfMemory) => {
            StoreError::MemoryLimit { limit_bytes: limits.memory_bytes }
        }
        Some(ErrorCode::TooBig) => StoreError::ValueTooLong { limit_bytes: VALUE_BYTES },
        _ => error,
    }
}
