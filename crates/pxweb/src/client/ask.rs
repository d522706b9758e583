use std::sync::Mutex;
use std::time::Duration;

use super::judge::{Expect, Verdict, judge};
use super::retry::{Chance, longest_pause};
use super::transport::header;
use super::{Answer, Archive, Budget, Claim, ClientError, Clock, Hours, Pace, Permit, Question};
use super::{Request, Settings, SystemClock, Transport, TransportError, windows};
use crate::{FaultKind, Server, WindowKind};

/// Asks one server.
pub struct Client<'a> {
    pub(super) server: Server,
    pub(super) settings: Settings,
    pub(super) clock: &'a dyn Clock,
    transport: &'a dyn Transport,
    budget: &'a dyn Budget,
    archive: &'a dyn Archive,
    watch: Option<&'a dyn Watch>,
    chance: Chance,
    /// What the server has said about its pace so far.
    said: Mutex<Option<Pace>>,
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
        /// `pace`, `other` (somebody else is asking the same), `retry`, `reload`, `peak`, `zeros`.
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

/// Nobody comes back at the same second when a server's hours are over.
const AFTER_HOURS: Duration = Duration::from_secs(20);
/// A server that cannot even be reached is not asked as often as one that falters.
const UNREACHABLE_ATTEMPTS: u32 = 3;

impl<'a> Client<'a> {
    /// A client of one server.
    pub fn new(
        server: Server,
        transport: &'a dyn Transport,
        budget: &'a dyn Budget,
        archive: &'a dyn Archive,
        settings: Settings,
    ) -> Client<'a> {
        let chance = Chance::new(settings.seed);
        let (clock, said) = (&SystemClock, Mutex::new(None));
        let watch = None;
        Client { server, settings, clock, transport, budget, archive, watch, chance, said }
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

    /// The pace that is kept: the lowest of what the settings, `/config` and the answers say.
    pub fn pace(&self) -> Pace {
        let own = self.settings.pace.or_else(|| self.server.pace()).unwrap_or(Pace::CAREFUL);
        let said = *self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        said.map_or(own, |said| own.and(said))
    }

    /// Heeds a pace that the server has named.
    pub(super) fn heed(&self, pace: Pace) {
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *said = Some(said.map_or(pace, |before| before.and(pace)));
    }

    /// The one way of every question.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Answer, ClientError> {
        loop {
            match self.archive.claim(&ask.question)? {
                Claim::Kept(answer) => {
                    self.tell(|| Event::Recalled { what: ask.question.what.clone() });
                    return Ok(answer);
                }
                Claim::Wait(pause) => self.wait("other", pause),
                Claim::Yours => {
                    let answer = self.ask_server(ask);
                    if answer.is_err() {
                        // The first failure is the one to report; a claim also ends by itself.
                        let _ = self.archive.release(&ask.question);
                    }
                    return answer;
                }
            }
        }
    }

    fn ask_server(&self, ask: &Ask) -> Result<Answer, ClientError> {
        let mut request = &ask.request;
        let mut last = String::new();
        let mut limit = self.settings.attempts.max(1);
        let mut attempt = 0;
        while attempt < limit {
            attempt += 1;
            self.keep_hours(ask);
            let verdict = match self.call(ask, request)? {
                Ok(answer) => return Ok(answer),
                Err(verdict) => verdict,
            };
            if matches!(verdict, Verdict::Unreachable(_)) {
                limit = limit.min(UNREACHABLE_ATTEMPTS.max(attempt));
            }
            if verdict == Verdict::AddressTooLong {
                let instead = ask.instead.as_ref().filter(|instead| *instead != request);
                request = instead.ok_or_else(|| too_long(&ask.question.what))?;
            }
            let (problem, pause) = self.weigh(ask, verdict, attempt)?;
            last = problem;
            self.tell(|| Event::Failed { what: ask.question.what.clone(), problem: last.clone() });
            if let Some(pause) = pause.filter(|_| attempt < limit) {
                self.wait("retry", pause);
            }
        }
        let (host, what) = (ask.question.host.clone(), ask.question.what.clone());
        Err(ClientError::GaveUp { host, what, attempts: attempt, last })
    }

    /// What went wrong and how long to wait before asking again, where that helps.
    fn weigh(
        &self,
        ask: &Ask,
        verdict: Verdict,
        attempt: u32,
    ) -> Result<(String, Option<Duration>), ClientError> {
        let own = self.chance.part_of(longest_pause(&self.settings, attempt));
        match verdict {
            Verdict::Final(error) => Err(error),
            Verdict::RateLimited(said) => {
                self.hold(&ask.question.host, said)?;
                // The budget lets nobody through before the pause is over.
                Ok(("429, too many calls".to_owned(), None))
            }
            Verdict::AddressTooLong => Ok(("404, the address is too long".to_owned(), None)),
            Verdict::Speechless if attempt > 1 => Err(speechless(ask)),
            Verdict::Speechless => Ok(("500 without a word".to_owned(), Some(own))),
            Verdict::Unreachable(problem) => Ok((problem, Some(own))),
            Verdict::Failed { problem, pause } => match pause {
                Some(said) if said > self.settings.patience => {
                    Err(ClientError::Held { host: ask.question.host.clone(), pause: said })
                }
                said => Ok((problem, Some(own.max(said.unwrap_or_default())))),
            },
        }
    }

    /// Makes one call: a call of the budget, the sending, the archive, the judgement.
    fn call(&self, ask: &Ask, request: &Request) -> Result<Result<Answer, Verdict>, ClientError> {
        let host = &ask.question.host;
        let number = self.take(host)?;
        self.tell(|| Event::Asked { what: ask.question.what.clone() });
        let sent = self.transport.send(request);
        let done = self.budget.done(host, number);
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => {
                done?;
                return Ok(Err(transport_verdict(error)));
            }
        };
        self.read_pace(host, &answer)?;
        let what = &ask.question.what;
        let verdict = judge(what, &answer, &ask.expect, request.url.len(), self.clock.now());
        self.keep(ask, request, &answer, &verdict)?;
        done?;
        Ok(verdict.map(|()| answer))
    }

    /// Keeps an answer. A success that is not what was asked for is kept under a name of its
    /// own, so that nobody is given it instead of an answer.
    fn keep(
        &self,
        ask: &Ask,
        request: &Request,
        answer: &Answer,
        verdict: &Result<(), Verdict>,
    ) -> Result<(), ClientError> {
        let is_success = (200..300).contains(&answer.status);
        if !is_success || verdict.is_ok() {
            return Ok(self.archive.keep(&ask.question, request, answer)?);
        }
        let what = format!("rejected {}", ask.question.what);
        let rejected = Question { what, ..ask.question.clone() };
        Ok(self.archive.keep(&rejected, request, answer)?)
    }

    /// Waits for a call of the budget and takes it.
    fn take(&self, host: &str) -> Result<u64, ClientError> {
        loop {
            match self.budget.take(host, self.pace())? {
                Permit::Go(number) => return Ok(number),
                Permit::Wait(pause) => self.wait("pace", pause),
            }
        }
    }

    fn read_pace(&self, host: &str, answer: &Answer) -> Result<(), ClientError> {
        let Some(pace) = Pace::from_headers(&answer.headers) else {
            return Ok(());
        };
        self.heed(pace);
        if header(&answer.headers, "x-ratelimit-remaining").map(str::trim) == Some("0") {
            // Others behind the same address have used what our own budget still counts on.
            self.budget.hold(host, pace.window / pace.calls.max(1))?;
        }
        Ok(())
    }

    /// Lets nobody ask a host for as long as it says, or a window when it does not say.
    fn hold(&self, host: &str, said: Option<Duration>) -> Result<(), ClientError> {
        // Servers count in minutes unless the settings know better.
        let window = self.settings.pace.unwrap_or(Pace::CAREFUL).window;
        let pause = said.unwrap_or(window);
        // A tenth more at most, so that not everybody begins again in the same second.
        let pause = pause + self.chance.part_of(pause / 10);
        self.budget.hold(host, pause)?;
        match pause > self.settings.patience {
            true => Err(ClientError::Held { host: host.to_owned(), pause }),
            false => Ok(()),
        }
    }

    /// Waits until the server's hours allow the question.
    fn keep_hours(&self, ask: &Ask) {
        while let Some((why, pause)) = self.hours_left(ask) {
            self.wait(why, pause + self.chance.part_of(AFTER_HOURS));
        }
    }

    fn hours_left(&self, ask: &Ask) -> Option<(&'static str, Duration)> {
        if self.settings.hours == Hours::Ignore {
            return None;
        }
        let does_wait = self.settings.hours == Hours::Wait;
        let mut longest = None;
        for (kind, left) in windows::at(&self.server, self.clock.now()) {
            let why = match kind {
                WindowKind::Reload => "reload",
                WindowKind::Peak if does_wait => "peak",
                WindowKind::Zeros if does_wait && ask.is_data => "zeros",
                WindowKind::Zeros if ask.is_data => {
                    self.tell(|| Event::MayBeZeros { what: ask.question.what.clone() });
                    continue;
                }
                WindowKind::Peak | WindowKind::Zeros => continue,
            };
            longest = longest.max(Some((left, why)));
        }
        longest.map(|(left, why)| (why, left))
    }

    fn wait(&self, why: &'static str, pause: Duration) {
        self.tell(|| Event::Waiting { why, pause });
        self.clock.sleep(pause);
    }

    fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(watch) = self.watch {
            watch.see(&event());
        }
    }
}

fn transport_verdict(error: TransportError) -> Verdict {
    match error {
        TransportError::Unusable { .. } => Verdict::Final(error.into()),
        TransportError::Unreachable { .. } => Verdict::Unreachable(error.to_string()),
        _ => Verdict::Failed { problem: error.to_string(), pause: None },
    }
}

fn speechless(ask: &Ask) -> ClientError {
    let kind = ask.is_data.then_some(FaultKind::DuplicateCode);
    let (what, title) = (ask.question.what.clone(), "an empty answer".to_owned());
    ClientError::Refused { what, http_status: 500, title, kind }
}

fn too_long(what: &str) -> ClientError {
    let kind = Some(FaultKind::UrlTooLong);
    let title = "the address is too long".to_owned();
    ClientError::Refused { what: what.to_owned(), http_status: 404, title, kind }
}
