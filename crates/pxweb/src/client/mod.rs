//! Asking: politely, and without losing an answer.
//!
//! The client knows when and what to ask. Sending is a [`Transport`]'s, the
//! limit is a [`Budget`]'s, which other threads and processes share, and every
//! answer goes to the [`Archive`] before anybody reads it.
//!
//! Every question takes one way, [`upstream::Asker::ask`]; what is PxWeb's own is
//! what a good answer looks like, and the hours in which a server rests.

mod ask;
mod error;
mod judge;
mod questions;
pub mod windows;

pub use ask::Client;
pub use error::ClientError;
pub use questions::{Discontinued, OutputFormat, TableRef, TablesQuery};
pub use upstream::{
    Answer, Archive, ArchiveError, Budget, BudgetError, Claim, Clock, Event, Hours,
};
pub use upstream::{
    HttpSettings, HttpTransport, Method, Pace, Permit, Question, Request, Settings,
};
pub use upstream::{SystemClock, Transport, TransportError, Watch};
