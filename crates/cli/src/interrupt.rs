//! Ctrl-C: what is under way ends well, and what has come is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pxweb::client::{Answer, Clock, Request, Transport, TransportError};

/// How often a wait looks up.
const LOOK: Duration = Duration::from_millis(100);

/// Whether the person has asked to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to listen; the second Ctrl-C ends the process at once.
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        let flag = interrupt.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Without signals Ctrl-C ends the process, as it does everywhere; nothing is lost then either.
            let Ok(runtime) = runtime else { return };
            while runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
                if flag.0.swap(true, Ordering::SeqCst) {
                    std::process::exit(130);
                }
            }
        });
        interrupt
    }

    /// Whether it is time to stop.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The machine's clock, on which a wait ends when the person wants to stop.
impl Clock for Interrupt {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, pause: Duration) {
        let begun = Instant::now();
        while !self.is_asked() {
            let left = pause.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(LOOK));
        }
    }
}

/// A way to the network that sends nothing more once the person wants to stop.
pub struct Stoppable<T> {
    /// The way.
    pub inner: T,
    /// Whether to stop.
    pub interrupt: Interrupt,
}

impl<T: Transport> Transport for Stoppable<T> {
    fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        if self.interrupt.is_asked() {
            let cause = "stopped".to_owned();
            return Err(TransportError::Unusable { url: request.url.clone(), cause });
        }
        self.inner.send(request)
    }
}
