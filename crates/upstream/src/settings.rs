use std::time::Duration;

use crate::Pace;

/// How a client behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Instead of the server's published pace and the careful 30 calls a minute. What `/config`
    /// and the answers' headers say can only make it slower.
    pub pace: Option<Pace>,
    /// Times that one question is sent before it is given up; at least 1.
    pub attempts: u32,
    /// The first wait after a failure is at most this; each further one at most twice the last.
    pub first_pause: Duration,
    /// No wait after a failure is longer.
    pub longest_pause: Duration,
    /// A server that asks for a longer pause than this is believed, and the question given up.
    pub patience: Duration,
    /// What to do in the hours that a server should be left in peace.
    pub hours: Hours,
    /// Characters of an address beyond which a selection is sent by POST; the server's own limit
    /// where it is `None`.
    pub max_url: Option<usize>,
    /// Where the shares of waiting that are left to chance begin; `None`: differently each time.
    pub seed: Option<u64>,
    /// Answers that carry no `updated` (catalogue, settings) are taken from the archive when they
    /// were kept under the same stamp; `None`: the hour, since figures are released on the hour.
    pub stamp: Option<String>,
}

/// What to do in the hours that a server should be left in peace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hours {
    /// Waits until they are over: for work that nobody sits and waits for.
    #[default]
    Wait,
    /// Waits only while the server reloads; says so where figures may be zeros.
    Warn,
    /// Asks at any hour.
    Ignore,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            pace: None,
            attempts: 6,
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(120),
            patience: Duration::from_secs(900),
            hours: Hours::Wait,
            max_url: None,
            seed: None,
            stamp: None,
        }
    }
}
