//! Asking: politely, and without losing an answer.
//!
//! The client knows when and what to ask. Sending is a [`Transport`]'s, the
//! limit is a [`Budget`]'s, which other threads and processes share, and every
//! answer goes to the [`Archive`] before anybody reads it.
//!
//! Every question takes one way, [`Client::ask`](Client): claim it; if nobody has
//! the answer, wait for a call of the budget, send, keep, judge; if the answer
//! is worth asking for again, wait and begin anew.

mod archive;
mod ask;
mod budget;
mod clock;
mod error;
mod http;
mod judge;
mod pace;
mod questions;
mod retry;
mod settings;
mod transport;
pub mod windows;

pub use archive::{Archive, ArchiveError, Claim, Question};
pub use ask::{Client, Event, Watch};
pub use budget::{Budget, BudgetError, Permit};
pub use clock::{Clock, SystemClock};
pub use error::ClientError;
pub use http::{HttpSettings, HttpTransport};
pub use pace::Pace;
pub use questions::{Discontinued, OutputFormat, TableRef, TablesQuery};
pub use settings::{Hours, Settings};
pub use transport::{Answer, Method, Request, Transport, TransportError};
