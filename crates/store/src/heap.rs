//! How much memory SQLite uses.
//!
//! The count is the whole process's: memory that another thread's query takes
//! meanwhile is counted too, so a limited query may stop early but never late.
//! SQLite's own hard limit is not used. It is process-wide as well, and it makes
//! whoever asks next fail, which is as likely a trusted query as the greedy one.

use rusqlite::ffi;

/// Bytes that SQLite has allocated now, over all connections.
#[expect(unsafe_code, reason = "no safe binding; reads one counter, takes no pointer")]
pub(crate) fn bytes_in_use() -> u64 {
    // SAFETY: callable at any time from any thread; the build has SQLITE_THREADSAFE=1.
    let bytes = unsafe { ffi::sqlite3_memory_used() };
    bytes.unsigned_abs()
}
