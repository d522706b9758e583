use std::time::Duration;

use upstream::Asker;

use super::judge::{Expect, judge};
use super::{Answer, Archive, Budget, ClientError, Clock, Event, Hours, Pace, Question};
use super::{Request, Settings, Transport, Watch, windows};
use crate::{Server, WindowKind};

/// Asks one server.
pub struct Client<'a> {
    pub(super) server: Server,
    pub(super) asker: Asker<'a>,
}

/// One question, and how it is put to the server.
pub(super) struct Ask {
    pub question: Question,
    pub request: Request,
    /// Sent when the server finds the address of `request` too long.
    pub instead: Option<Request>,
    pub expect: Expect,
    /// Whether figures are asked for, which may be zeros before their release.
    pub is_data: bool,
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
        let published = server.pace().unwrap_or(Pace::CAREFUL);
        let asker = Asker::new(transport, budget, archive, settings, published);
        Client { server, asker }
    }

    /// With another clock than the machine's.
    #[must_use]
    pub fn with_clock(self, clock: &'a dyn Clock) -> Client<'a> {
        Client { asker: self.asker.with_clock(clock), ..self }
    }

    /// With somebody who is told what happens.
    #[must_use]
    pub fn watched(self, watch: &'a dyn Watch) -> Client<'a> {
        Client { asker: self.asker.watched(watch), ..self }
    }

    /// The server that is asked.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The pace that is kept: the lowest of what the settings, `/config` and the answers say.
    pub fn pace(&self) -> Pace {
        self.asker.pace()
    }

    /// The one way of every question.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Answer, ClientError> {
        let what = &ask.question.what;
        self.asker.ask(&upstream::Ask {
            question: ask.question.clone(),
            request: ask.request.clone(),
            instead: ask.instead.clone(),
            judge: &|request, answer, now| {
                judge((what, ask.is_data), answer, &ask.expect, request.url.len(), now)
            },
            rest: &|now| self.hours_left(ask, now),
        })
    }

    fn hours_left(&self, ask: &Ask, now: jiff::Timestamp) -> Option<(&'static str, Duration)> {
        let hours = self.asker.settings().hours;
        if hours == Hours::Ignore {
            return None;
        }
        let does_wait = hours == Hours::Wait;
        let mut longest = None;
        for (kind, left) in windows::at(&self.server, now) {
            let why = match kind {
                WindowKind::Reload => "reload",
                WindowKind::Peak if does_wait => "peak",
                WindowKind::Zeros if does_wait && ask.is_data => "zeros",
                WindowKind::Zeros if ask.is_data => {
                    self.asker.tell(|| Event::MayBeZeros { what: ask.question.what.clone() });
                    continue;
                }
                WindowKind::Peak | WindowKind::Zeros => continue,
            };
            longest = longest.max(Some((left, why)));
        }
        longest.map(|(left, why)| (why, left))
    }
}
