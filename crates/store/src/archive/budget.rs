//! One budget of calls per host, for all threads and processes.
//!
//! The server counts a call at some moment between [`Archive::take`] and
//! [`Archive::done`]; which one is not known here. So a call occupies its place
//! from `take` until a whole window after `done`: then no window of that length,
//! wherever it begins, holds one call too many.
//!
//! Where the end of a call is not known, the latest possible end counts: the moment
//! when its process is found to be gone, or the longest that a call can take.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::clock::{Clock, Life, duration, nanos, wall_ms};
use super::{Archive, Permit};
use crate::StoreError;

/// A call that has not been reported as ended for so long has ended, whatever its process does.
const LONGEST_CALL: Duration = Duration::from_secs(600);

/// How long calls are remembered at least; another process may know of a longer window.
const MEMORY: Duration = Duration::from_secs(3600);

impl Archive {
    /// Asks for a call to `host`, of which `calls` are allowed in any `window`.
    ///
    /// Every caller of a host should name the same `calls` and `window`; after a change the new ones
    /// hold for the calls already made, too. No `calls` counts as one.
    ///
    /// A wait ends when the next place becomes free, if no call ends before that; a caller that has
    /// waited asks again, and may have to wait again when others were first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`]; then no call may be made.
    pub fn take(&self, host: &str, calls: u32, window: Duration) -> Result<Permit, StoreError> {
        const TASK: &str = "take a call from the budget";
        let pace = Pace { calls: calls.max(1) as usize, window: nanos(window) };
        // Those who must wait find out without writing, so that a crowd does not queue up.
        let early = self.read(TASK, |rows| look(rows, &self.clock, host, pace))?;
        if early.ended.is_empty()
            && let Some(wait) = early.wait
        {
            return Ok(Permit::Wait(duration(wait)));
        }
        self.write_for_this_boot(TASK, |rows| {
            let view = look(rows, &self.clock, host, pace)?;
            note_ended(rows, &view.ended)?;
            match view.wait {
                Some(wait) => Ok(Permit::Wait(duration(wait))),
                None => {
                    forget(rows, &self.clock, host, pace)?;
                    insert(rows, &self.clock, host).map(Permit::Go)
                }
            }
        })
    }

    /// A call has ended, with or without an answer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`]; the call then counts as running until its process ends.
    pub fn done(&self, host: &str, call: u64) -> Result<(), StoreError> {
        let call = i64::try_from(call).unwrap_or(-1);
        self.write_for_this_boot("return a call to the budget", |rows| {
            rows.execute(
                "UPDATE budget_call SET done_ns = ?3
                 WHERE id = ?1 AND host = ?2 AND done_ns IS NULL",
                params![call, host, self.clock.now()],
            )
        })?;
        Ok(())
    }

    /// Nobody may call `host` for so long; a longer pause already asked for remains.
    ///
    /// It survives a restart of the machine.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn hold(&self, host: &str, pause: Duration) -> Result<(), StoreError> {
        self.write_for_this_boot("pause a host", |rows| {
            let pause_ns = nanos(pause);
            if held(rows, &self.clock, host)? >= pause_ns {
                return Ok(());
            }
            rows.execute(
                "INSERT OR REPLACE INTO budget_hold VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    host,
                    self.clock.boot,
                    self.clock.now().saturating_add(pause_ns),
                    wall_ms().saturating_add(pause_ns / 1_000_000),
                    pause_ns
                ],
            )?;
            Ok(())
        })
    }
}

#[derive(Clone, Copy)]
struct Pace {
    calls: usize,
    /// Nanoseconds.
    window: i64,
}

/// The budget of a host at one moment.
struct View {
    /// How long to wait, unless a place is free.
    wait: Option<i64>,
    /// Calls whose end has just been found out.
    ended: Vec<(i64, i64)>,
}

struct Call {
    id: i64,
    process: String,
    boot: String,
    taken: i64,
    done: Option<i64>,
}

/// The end of a call.
#[derive(Clone, Copy)]
enum End {
    /// It still runs, as far as is known.
    Running,
    /// It has ended then.
    At(i64),
    /// Nobody reported its end; it counts from now on, and must be noted.
    FoundOut(i64),
}

impl Call {
    fn end(&self, clock: &Clock, now: i64) -> End {
        // The calls of an earlier boot ended before this one began.
        if self.boot != clock.boot {
            return End::At(0);
        }
        match self.done {
            // Only a wall clock that was moved back makes a future.
            Some(done) if done > now => End::FoundOut(now),
            Some(done) => End::At(done),
            None if self.taken > now => End::FoundOut(now),
            None if now - self.taken > nanos(LONGEST_CALL) => {
                End::At(self.taken.saturating_add(nanos(LONGEST_CALL)))
            }
            None if clock.life(&self.boot, &self.process) == Life::Gone => End::FoundOut(now),
            None => End::Running,
        }
    }
}

fn look(rows: &Connection, clock: &Clock, host: &str, pace: Pace) -> rusqlite::Result<View> {
    let mut statement = rows.prepare(
        "SELECT id, process, boot, taken_ns, done_ns FROM budget_call WHERE host = ?1 ORDER BY id",
    )?;
    let calls = statement.query_map([host], |row| {
        Ok(Call {
            id: row.get(0)?,
            process: row.get(1)?,
            boot: row.get(2)?,
            taken: row.get(3)?,
            done: row.get(4)?,
        })
    })?;
    let calls = calls.collect::<rusqlite::Result<Vec<Call>>>()?;
    let hold = held(rows, clock, host)?;
    // Read after the rows: a call that ended meanwhile must not lie in the future.
    let now = clock.now();
    let mut ended = Vec::new();
    let mut ends = Vec::with_capacity(calls.len());
    for call in &calls {
        match call.end(clock, now) {
            End::Running => ends.push(None),
            End::At(end) => ends.push(Some(end)),
            End::FoundOut(end) => {
                ended.push((call.id, end));
                ends.push(Some(end));
            }
        }
    }
    let earlier = calls.iter().any(|call| call.boot != clock.boot);
    let start = if earlier { after_start(now, pace) } else { 0 };
    let wait = wait(&ends, now, pace).unwrap_or(0).max(hold).max(start);
    Ok(View { wait: (wait > 0).then_some(wait), ended })
}

/// How long until a place is free; `None` when one is.
///
/// A running call frees its place no sooner than if it ended now.
fn wait(ends: &[Option<i64>], now: i64, pace: Pace) -> Option<i64> {
    let mut left: Vec<i64> = ends
        .iter()
        .map(|end| end.unwrap_or(now).saturating_add(pace.window).saturating_sub(now))
        // At its very end a window still holds the call.
        .filter(|left| *left >= 0)
        .collect();
    let surplus = left.len().checked_sub(pace.calls)?;
    left.sort_unstable();
    Some(left[surplus].saturating_add(1))
}

/// How long a host that was called before the machine started is left alone.
///
/// A power cut may have taken the last calls out of the rows; they were made before the start.
fn after_start(now: i64, pace: Pace) -> i64 {
    pace.window.saturating_sub(now).max(0)
}

/// What is left of a pause, in nanoseconds.
fn held(rows: &Connection, clock: &Clock, host: &str) -> rusqlite::Result<i64> {
    let hold = rows
        .query_row(
            "SELECT boot, until_ns, until_ms, pause_ns FROM budget_hold WHERE host = ?1",
            [host],
            |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                ))
            },
        )
        .optional()?;
    let Some((boot, until_ns, until_ms, pause)) = hold else { return Ok(0) };
    let left = if boot == clock.boot {
        until_ns.saturating_sub(clock.now())
    } else {
        until_ms.saturating_sub(wall_ms()).saturating_mul(1_000_000)
    };
    // A clock moved back cannot make a pause longer than it was.
    Ok(left.clamp(0, pause))
}

fn note_ended(rows: &Transaction<'_>, ended: &[(i64, i64)]) -> rusqlite::Result<()> {
    for (id, end) in ended {
        rows.execute("UPDATE budget_call SET done_ns = ?2 WHERE id = ?1", params![id, end])?;
    }
    Ok(())
}

/// Deletes calls that no window can hold any more.
fn forget(rows: &Transaction<'_>, clock: &Clock, host: &str, pace: Pace) -> rusqlite::Result<()> {
    let before = clock.now().saturating_sub(pace.window.max(nanos(MEMORY)));
    rows.execute(
        "DELETE FROM budget_call WHERE host = ?1
         AND CASE WHEN boot = ?2 THEN coalesce(done_ns, taken_ns + ?4) < ?3 ELSE 0 < ?3 END",
        params![host, clock.boot, before, nanos(LONGEST_CALL)],
    )?;
    Ok(())
}

fn insert(rows: &Transaction<'_>, clock: &Clock, host: &str) -> rusqlite::Result<u64> {
    rows.execute(
        "INSERT INTO budget_call (host, process, boot, taken_ns) VALUES (?1, ?2, ?3, ?4)",
        params![host, clock.process, clock.boot, clock.now()],
    )?;
    Ok(u64::try_from(rows.last_insert_rowid()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { calls: 2, window: 100 };

    #[test]
    fn a_free_place_is_given_at_once() {
        assert_eq!(wait(&[], 1000, PACE), None);
        assert_eq!(wait(&[None], 1000, PACE), None);
        assert_eq!(wait(&[Some(899), Some(899), None], 1000, PACE), None);
    }

    #[test]
    fn the_wait_ends_just_after_the_oldest_call_leaves_the_window() {
        assert_eq!(wait(&[Some(950), Some(980)], 1000, PACE), Some(51));
        assert_eq!(wait(&[Some(950), Some(980)], 1050, PACE), Some(1));
        assert_eq!(wait(&[Some(950), Some(980)], 1051, PACE), None);
    }

    #[test]
    fn a_running_call_counts_as_if_it_ended_now() {
        assert_eq!(wait(&[None, None], 1000, PACE), Some(101));
        assert_eq!(wait(&[None, Some(990)], 1000, PACE), Some(91));
    }

    #[test]
    fn after_the_limit_was_lowered_several_calls_must_leave() {
        let ends = [Some(910), Some(920), Some(930), Some(940)];
        assert_eq!(wait(&ends, 1000, PACE), Some(31));
    }

    #[test]
    fn soon_after_the_machine_started_nobody_knows_the_last_calls() {
        assert_eq!(after_start(30, PACE), 70);
        assert_eq!(after_start(100, PACE), 0);
        assert_eq!(after_start(10_000, PACE), 0);
    }

    fn call(done: Option<i64>, taken: i64) -> Call {
        let clock = Clock::new();
        Call { id: 1, process: clock.process, boot: clock.boot, taken, done }
    }

    #[test]
    fn a_clock_moved_back_blocks_for_one_window_at_most() {
        let clock = Clock::new();
        assert!(matches!(call(Some(5000), 4000).end(&clock, 1000), End::FoundOut(1000)));
        assert!(matches!(call(None, 4000).end(&clock, 1000), End::FoundOut(1000)));
    }

    #[test]
    fn a_call_of_an_earlier_boot_ended_before_this_one_began() {
        let clock = Clock::new();
        let earlier = Call { boot: "earlier".to_owned(), ..call(None, 9_000) };
        assert!(matches!(earlier.end(&clock, 1000), End::At(0)));
    }

    #[test]
    fn a_call_of_a_process_that_is_gone_ends_when_that_is_found_out() {
        let clock = Clock::new();
        let (_, space) = clock.process.rsplit_once(' ').expect("three parts");
        let gone = Call { process: format!("1 1 {space}"), ..call(None, 500) };
        if clock.life(&clock.boot, &gone.process) == Life::Gone {
            assert!(matches!(gone.end(&clock, 1000), End::FoundOut(1000)));
        }
    }

    #[test]
    fn a_call_that_nobody_ends_does_not_block_for_ever() {
        let clock = Clock::new();
        let longest = nanos(LONGEST_CALL);
        assert!(matches!(call(None, 0).end(&clock, longest), End::Running));
        assert!(matches!(call(None, 0).end(&clock, longest + 1), End::At(end) if end == longest));
    }
}
