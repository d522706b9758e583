//! SQLite's heap limit, for the time of one query.
//!
//! The limit belongs to the process, not to a connection: while it is set,
//! another thread's trusted query draws on the same allowance, and could be the one that
//! meets the end of it. So at most one limited query runs at a time, the limit counts from
//! what is in use when it is set, and it is lifted when [`HeapLimit`] is dropped.
//!
//! `PRAGMA hard_heap_limit` can lower the limit but never lift it again, which
//! is why this file calls the C function.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The limit in force; dropping it lifts the limit.
pub(crate) struct HeapLimit {
    _turn: MutexGuard<'static, ()>,
}

impl HeapLimit {
    /// Waits for its turn, then allows SQLite `bytes` more than it uses now.
    pub(crate) fn set(bytes: u64) -> HeapLimit {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let in_use = memory_in_use();
        set_hard_heap_limit(in_use.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX)));
        HeapLimit { _turn: turn }
    }
}

impl Drop for HeapLimit {
    fn drop(&mut self) {
        set_hard_heap_limit(0);
    }
}

#[expect(unsafe_code, reason = "no safe binding; reads one counter, takes no pointer")]
fn memory_in_use() -> i64 {
    // SAFETY: callable at any time from any thread; the build has SQLITE_THREADSAFE=1.
    unsafe { ffi::sqlite3_memory_used() }
}

#[expect(unsafe_code, reason = "no safe binding can lift the limit; takes a number, no pointer")]
fn set_hard_heap_limit(bytes: i64) {
    // SAFETY: as above; a limit makes allocations fail, which SQLite reports as an error.
    unsafe { ffi::sqlite3_hard_heap_limit64(bytes) };
}
