use std::time::Duration;

/// Why an answer is not good, and whether the next may be better.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<E> {
    /// Nobody answers.
    Unreachable(String),
    /// Too many calls; how long the server says to wait.
    RateLimited(Option<Duration>),
    /// It may be better next time.
    Failed {
        /// What is wrong.
        problem: String,
        /// How long the server says to wait.
        pause: Option<Duration>,
    },
    /// It may be better next time, and if it is not, it never will.
    Once {
        /// What is wrong.
        problem: String,
        /// What it is if it happens again.
        then: E,
    },
    /// The address is too long; the other form of the request may do.
    TooLong {
        /// What it is when there is no other form.
        otherwise: E,
    },
    /// It will not be better next time.
    Final(E),
}
