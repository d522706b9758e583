//! Which syncs have run, and how they ended.

use rusqlite::{Row, params};

use super::clock::{Clock, Life};
use super::{Archive, Run, times};
use crate::StoreError;

impl Archive {
    /// Notes that a run begins, and returns its key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn begin_run(&self, kind: &str) -> Result<i64, StoreError> {
        self.write("begin a run", |rows| {
            rows.execute(
                "INSERT INTO run (kind, process, boot, started_at, summary)
                 VALUES (?1, ?2, ?3, ?4, '')",
                params![kind, self.clock.process, self.clock.boot, times::now()],
            )?;
            Ok(rows.last_insert_rowid())
        })
    }

    /// Notes that a run has ended, with its summary as JSON.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchRow`] when no such run is open, [`StoreError::Archive`].
    pub fn end_run(&self, run: i64, summary_json: &str) -> Result<(), StoreError> {
        let ended = self.write("end a run", |rows| {
            rows.execute(
                "UPDATE run SET ended_at = ?2, summary = ?3 WHERE id = ?1 AND ended_at IS NULL",
                params![run, times::now(), summary_json],
            )
        })?;
        if ended == 1 { Ok(()) } else { Err(StoreError::NoSuchRow { what: "open run", id: run }) }
    }

    /// The last runs, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn last_runs(&self, limit: usize) -> Result<Vec<Run>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read("list runs", |rows| {
            rows.prepare(
                "SELECT id, kind, process, boot, started_at, ended_at, summary
                 FROM run ORDER BY id DESC LIMIT ?1",
            )?
            .query_map([limit], |row| run(row, &self.clock))?
            .collect()
        })
    }
}

fn run(row: &Row<'_>, clock: &Clock) -> rusqlite::Result<Run> {
    let process: String = row.get(2)?;
    let boot: String = row.get(3)?;
    let ended_at: Option<String> = row.get(5)?;
    Ok(Run {
        id: row.get(0)?,
        kind: row.get(1)?,
        started_at: row.get(4)?,
        running: ended_at.is_none() && clock.life(&boot, &process) != Life::Gone,
        ended_at,
        summary: row.get(6)?,
    })
}
