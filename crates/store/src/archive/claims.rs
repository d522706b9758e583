//! Who asks: of all threads and processes with the same question, one.
//!
//! A claim is void when its process is gone, so that a killed run never stands in
//! the way of the next; where that cannot be told, when its lease is over.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::clock::{Clock, Life, duration, nanos};
use super::{Archive, Claim, KeptAnswer, Question, answers, times};
use crate::StoreError;

/// How soon an answer that somebody else fetches may have come.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

impl Archive {
    /// Begins to ask a question, unless its answer is kept or somebody else is asking.
    ///
    /// The claim is over with the first usable answer, with [`Archive::release`], with the process,
    /// or after `lease`, whatever comes first. `lease` should be longer than the slowest answer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn claim(&self, question: &Question, lease: Duration) -> Result<Claim, StoreError> {
        self.claim_when(question, lease, |_| true)
    }

    /// As [`Archive::claim`], but an answer received before `not_before` will not do.
    ///
    /// For questions whose answer changes under the same name, such as a catalogue.
    ///
    /// # Errors
    ///
    /// [`StoreError::Time`] when `not_before` is not a time; [`StoreError::Archive`].
    pub fn claim_since(
        &self,
        question: &Question,
        lease: Duration,
        not_before: &str,
    ) -> Result<Claim, StoreError> {
        let not_before = times::parse_or_end_of_day(not_before)?;
        self.claim_when(question, lease, |answer| {
            times::parse(&answer.received_at).is_ok_and(|received| received >= not_before)
        })
    }

    /// Gives up asking, so that others may. A claim of another process is left alone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn release(&self, question: &Question) -> Result<(), StoreError> {
        self.write_for_this_boot("release a question", |rows| {
            rows.execute(
                "DELETE FROM claim WHERE question = ?1 AND process = ?2 AND boot = ?3",
                params![question.key(), self.clock.process, self.clock.boot],
            )
        })?;
        Ok(())
    }

    fn claim_when(
        &self,
        question: &Question,
        lease: Duration,
        will_do: impl Fn(&KeptAnswer) -> bool,
    ) -> Result<Claim, StoreError> {
        const TASK: &str = "claim a question";
        let key = question.key();
        let look = |rows: &Connection| -> rusqlite::Result<Option<Claim>> {
            if let Some(answer) = answers::recall(rows, &key)?.filter(&will_do) {
                return Ok(Some(Claim::Kept(Box::new(answer))));
            }
            let left = standing(rows, &key)?.and_then(|claim| claim.left(&self.clock));
            Ok(left.map(|left| Claim::Theirs { look_again: left.min(LOOK_AGAIN) }))
        };
        // Most questions are decided without waiting for whoever writes.
        if let Some(claim) = self.read(TASK, look)? {
            return Ok(claim);
        }
        self.write_for_this_boot(TASK, |rows| match look(rows)? {
            Some(claim) => Ok(claim),
            None => {
                let lease = nanos(lease);
                rows.execute(
                    "INSERT OR REPLACE INTO claim VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        key,
                        self.clock.process,
                        self.clock.boot,
                        self.clock.now().saturating_add(lease),
                        lease,
                        times::now()
                    ],
                )?;
                Ok(Claim::Yours)
            }
        })
    }
}

struct Standing {
    process: String,
    boot: String,
    until: i64,
    lease: i64,
}

impl Standing {
    /// What is left of the lease, unless the claim is void.
    fn left(&self, clock: &Clock) -> Option<Duration> {
        if clock.life(&self.boot, &self.process) == Life::Gone {
            return None;
        }
        let left = self.until.saturating_sub(clock.now());
        // More than the whole lease is left only when a wall clock was moved back.
        (left > 0 && left <= self.lease).then(|| duration(left))
    }
}

fn standing(rows: &Connection, key: &str) -> rusqlite::Result<Option<Standing>> {
    rows.query_row(
        "SELECT process, boot, until_ns, lease_ns FROM claim WHERE question = ?1",
        [key],
        |row| {
            Ok(Standing {
                process: row.get(0)?,
                boot: row.get(1)?,
                until: row.get(2)?,
                lease: row.get(3)?,
            })
        },
    )
    .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(until: i64) -> Standing {
        let clock = Clock::new();
        Standing { process: clock.process, boot: clock.boot, until, lease: 1_000_000_000 }
    }

    #[test]
    fn a_claim_is_over_with_its_lease() {
        let clock = Clock::new();
        assert!(standing(clock.now() + 900_000_000).left(&clock).is_some());
        assert!(standing(clock.now() - 1).left(&clock).is_none());
    }

    #[test]
    fn a_lease_further_away_than_its_length_is_over() {
        let clock = Clock::new();
        assert!(standing(clock.now() + 3_600_000_000_000).left(&clock).is_none());
    }
}
