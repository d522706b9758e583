//! Asking upstream services: politely, and without losing an answer.
//!
//! Every question takes one way, [`Asker::ask`]: claim it; if nobody has the
//! answer, wait for a call of the budget, send, keep, judge; if the answer is
//! worth asking for again, wait and begin anew. Sending is a [`Transport`]'s, the
//! limit is a [`Budget`]'s, which other threads and processes share, and every
//! answer goes to the [`Archive`] before anybody reads it.
//!
//! What a good answer is, the interface says that is asked: `pxweb`, `klass`,
//! `geonorge`. [`judge`] knows what is common to them.

pub mod address;
mod archive;
mod ask;
mod budget;
mod clock;
mod download;
mod error;
mod http;
pub mod judge;
mod pace;
mod retry;
mod settings;
mod transport;
mod verdict;

pub use archive::{Archive, ArchiveError, Claim, Question};
pub use ask::{Ask, Asker, Event, Judge, Rest, Watch};
pub use budget::{Budget, BudgetError, Permit};
pub use clock::{Clock, SystemClock};
pub use download::{Download, FileClaim, FileRequest, Files, Growing, Have, KeptFile, Opened};
pub use error::UpstreamError;
pub use http::{HttpSettings, HttpTransport};
pub use pace::Pace;
pub use settings::{Hours, Settings};
pub use transport::{Answer, Method, Request, Transport, TransportError, header};
pub use verdict::Verdict;
