use std::time::Duration;

use super::{Archive, Budget, Clock, Settings, SystemClock, Transport};
use crate::Server;

/// Asks one server.
pub struct Client<'a> {
    pub(super) server: Server,
    pub(super) transport: &'a dyn Transport,
    pub(super) budget: &'a dyn Budget,
    pub(super) archive: &'a dyn Archive,
    pub(super) settings: Settings,
    pub(super) clock: &'a dyn Clock,
    pub(super) watch: Option<&'a dyn Watch>,
}

/// Is told what a client does, as it does it.
pub trait Watch: Sync {
    /// Something happened.
    fn see(&self, event: &Event);
}

/// What a client does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A call is sent.
    Asked {
        /// What is asked.
        what: String,
    },
    /// The answer was in the archive.
    Recalled {
        /// What was asked.
        what: String,
    },
    /// Nothing is sent for so long.
    Waiting {
        /// `pace`, `other` (somebody else is asking the same), `retry`, `held`, `reload`, `peak`, `zeros`.
        why: &'static str,
        /// How long.
        pause: Duration,
    },
    /// A call failed and will be made again.
    Failed {
        /// What was asked.
        what: String,
        /// What went wrong.
        problem: String,
    },
    /// Figures that are due today may be delivered as zeros at this hour.
    MayBeZeros {
        /// What is asked.
        what: String,
    },
}

impl<'a> Client<'a> {
    /// A client of one server.
    pub fn new(
        server: Server,
        transport: &'a dyn Transport,
        budget: &'a dyn Budget,
        archive: &'a dyn Archive,
        settings: Settings,
    ) -> Client<'a> {
        let clock = &SystemClock;
        Client { server, transport, budget, archive, settings, clock, watch: None }
    }

    /// With another clock than the machine's.
    #[must_use]
    pub fn with_clock(self, clock: &'a dyn Clock) -> Client<'a> {
        Client { clock, ..self }
    }

    /// With somebody who is told what happens.
    #[must_use]
    pub fn watched(self, watch: &'a dyn Watch) -> Client<'a> {
        Client { watch: Some(watch), ..self }
    }

    /// The server that is asked.
    pub fn server(&self) -> &Server {
        &self.server
    }
}
