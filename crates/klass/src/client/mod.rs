//! Asking Klass: what to ask, and what an answer is worth.
//!
//! An [`Inquiry`] is a question as data: address, kind of answer, name in the archive. A
//! [`Client`] puts it through [`upstream::Asker`], like every other question, and reads the
//! answer. When Klass is out of reach, an answer that was kept is used and its date told: see
//! [`Answered::freshness`].

mod error;
mod inquiry;
mod questions;

pub use error::ClientError;
pub use inquiry::{Days, Inquiry, Language};
pub use questions::{Answered, Changes, Client, Freshness, Kept, KeptAnswer};

use std::time::Duration;

use upstream::Pace;

/// Where Klass is.
pub const BASE: &str = "https://data.ssb.no/api/klass/v1";

/// No limit is published; this is polite.
pub const PACE: Pace = Pace { calls: 5, window: Duration::from_secs(1) };
