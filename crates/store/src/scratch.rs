use rusqlite::Connection;

use crate::engine::{open_empty, rows_of, sql_error};
use crate::{Rows, StoreError};

/// An empty database in memory, for an indicator's test case.
///
/// It is writable and trusted; nothing of a snapshot is in it.
///
/// ```
/// let scratch = store::Scratch::new()?;
/// scratch.execute_batch("CREATE TABLE figure (value REAL); INSERT INTO figure VALUES (4.0);")?;
/// let rows = scratch.rows("SELECT sqrt(value) AS root FROM figure")?;
/// assert_eq!(rows.rows, [[store::Value::Real(2.0)]]);
/// # Ok::<(), store::StoreError>(())
/// ```
#[derive(Debug)]
pub struct Scratch {
    connection: Connection,
}

impl Scratch {
    /// Opens an empty database.
    ///
    /// # Errors
    ///
    /// [`StoreError::Engine`] when the machine is out of memory.
    pub fn new() -> Result<Scratch, StoreError> {
        Ok(Scratch { connection: open_empty()? })
    }

    /// Runs any number of statements and ignores what they return.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidSql`] with the place of the error, when the engine knows it.
    pub fn execute_batch(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| sql_error(error, sql))
    }

    /// Runs one query and returns its rows.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidSql`]; [`StoreError::SeveralStatements`].
    pub fn rows(&self, sql: &str) -> Result<Rows, StoreError> {
        rows_of(&self.connection, sql)
    }
}
