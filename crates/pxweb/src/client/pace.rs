use std::time::Duration;

/// Calls allowed in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Calls.
    pub calls: u32,
    /// Window.
    pub window: Duration,
}
