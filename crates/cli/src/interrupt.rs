//! Ctrl-C: what is under way ends well, and what has come is kept.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Becomes true when the person asks to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Begins to listen for Ctrl-C; the second one ends the process at once.
///
/// Gives the flag that becomes true.
pub fn listen() -> &'static AtomicBool {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(thread::spawn(wait)));
    &STOP
}

fn wait() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    // Without signals Ctrl-C ends the process, as everywhere; nothing is lost then either.
    let Ok(runtime) = runtime else { return };
    while runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    }
}

/// The flag, which nobody sets unless [`listen`] was called.
pub fn flag() -> &'static AtomicBool {
    &STOP
}

/// Asks to stop, in the person's stead.
pub fn ask() {
    STOP.store(true, Ordering::SeqCst);
}

/// Whether it is time to stop.
pub fn is_asked() -> bool {
    STOP.load(Ordering::SeqCst)
}
