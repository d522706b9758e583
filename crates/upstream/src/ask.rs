use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::retry::{Chance, longest_pause};
use crate::transport::header;
use crate::{Answer, Archive, Budget, Claim, Clock, Pace, Permit, Question, Request, Settings};
use crate::{SystemClock, Transport, TransportError, UpstreamError, Verdict};

/// Puts questions to upstream services.
pub struct Asker<'a> {
    settings: Settings,
    clock: &'a dyn Clock,
    transport: &'a dyn Transport,
    budget: &'a dyn Budget,
    archive: &'a dyn Archive,
    watch: Option<&'a dyn Watch>,
    chance: Chance,
    /// The pace that the service publishes.
    published: Pace,
    /// What the service has said about its pace so far.
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
        /// `pace`, `other` (somebody else is asking the same), `retry`, or why the service rests: `reload`, ….
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
    /// Part of a file has come.
    Received {
        /// What is asked.
        what: String,
        /// Bytes that are here.
        bytes: u64,
        /// Of how many, where the server says it.
        of: Option<u64>,
    },
    /// Figures that are due today may be delivered as zeros at this hour.
    MayBeZeros {
        /// What is asked.
        what: String,
    },
}

/// One question, and how it is put to the service.
pub struct Ask<'q, E> {
    /// What is asked, for the archive.
    pub question: Question,
    /// How it is asked.
    pub request: Request,
    /// Sent when the server finds the address of `request` too long.
    pub instead: Option<Request>,
    /// What the answer to a request is worth at this time.
    pub judge: &'q Judge<'q, E>,
    /// Why and how long the service should be left in peace at this time.
    pub rest: &'q Rest<'q>,
}

/// What the answer to a request is worth at a time.
pub type Judge<'q, E> = dyn Fn(&Request, &Answer, Timestamp) -> Result<(), Verdict<E>> + 'q;

/// Why and how long a service should be left in peace at a time.
pub type Rest<'q> = dyn Fn(Timestamp) -> Option<(&'static str, Duration)> + 'q;

/// Nobody comes back at the same second when a server's hours are over.
const AFTER_HOURS: Duration = Duration::from_secs(20);
/// A server that cannot even be reached is not asked as often as one that falters.
const UNREACHABLE_ATTEMPTS: u32 = 3;

impl<'a> Asker<'a> {
    /// Joins the parts; `published` is the pace that the service asks for.
    pub fn new(
        transport: &'a dyn Transport,
        budget: &'a dyn Budget,
        archive: &'a dyn Archive,
        settings: Settings,
        published: Pace,
    ) -> Asker<'a> {
        let chance = Chance::new(settings.seed);
        let (clock, said) = (&SystemClock, Mutex::new(None));
        let watch = None;
        Asker { settings, clock, transport, budget, archive, watch, chance, published, said }
    }

    /// With another clock than the machine's.
    #[must_use]
    pub fn with_clock(self, clock: &'a dyn Clock) -> Asker<'a> {
        Asker { clock, ..self }
    }

    /// With somebody who is told what happens.
    #[must_use]
    pub fn watched(self, watch: &'a dyn Watch) -> Asker<'a> {
        Asker { watch: Some(watch), ..self }
    }

    /// How it behaves.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Now, by its clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The pace that is kept: the lowest of what the settings or the service and its answers say.
    pub fn pace(&self) -> Pace {
        let own = self.settings.pace.unwrap_or(self.published);
        let said = *self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.map_or(own, |said| own.and(said))
    }

    /// Heeds a pace that the service has named.
    pub fn heed(&self, pace: Pace) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        *said = Some(said.map_or(pace, |before| before.and(pace)));
    }

    /// The one way of every question.
    ///
    /// # Errors
    ///
    /// What the judge finds final, or an [`UpstreamError`] where no usable answer came.
    pub fn ask<E: From<UpstreamError>>(&self, ask: &Ask<'_, E>) -> Result<Answer, E> {
        loop {
            match self.archive.claim(&ask.question).map_err(UpstreamError::from)? {
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

    fn ask_server<E: From<UpstreamError>>(&self, ask: &Ask<'_, E>) -> Result<Answer, E> {
        let mut request = &ask.request;
        let mut last = String::new();
        let mut limit = self.settings.attempts.max(1);
        let mut attempt = 0;
        while attempt < limit {
            attempt += 1;
            self.let_rest(ask.rest);
            let verdict = match self.call(ask, request)? {
                Ok(answer) => return Ok(answer),
                Err(verdict) => verdict,
            };
            if matches!(verdict, Verdict::Unreachable(_)) {
                limit = limit.min(UNREACHABLE_ATTEMPTS.max(attempt));
            }
            if matches!(verdict, Verdict::TooLong { .. }) {
                let other = ask.instead.as_ref().filter(|instead| *instead != request);
                if let Some(other) = other {
                    request = other;
                    last = TOO_LONG.to_owned();
                    self.tell_failed(ask, &last);
                    continue;
                }
            }
            let (problem, pause) = self.weigh(ask, verdict, attempt)?;
            last = problem;
            self.tell_failed(ask, &last);
            if let Some(pause) = pause.filter(|_| attempt < limit) {
                self.wait("retry", pause);
            }
        }
        let (host, what) = (ask.question.host.clone(), ask.question.what.clone());
        Err(UpstreamError::GaveUp { host, what, attempts: attempt, last }.into())
    }

    /// What went wrong and how long to wait before asking again, where that helps.
    fn weigh<E: From<UpstreamError>>(
        &self,
        ask: &Ask<'_, E>,
        verdict: Verdict<E>,
        attempt: u32,
    ) -> Result<(String, Option<Duration>), E> {
        let own = self.chance.part_of(longest_pause(&self.settings, attempt));
        match verdict {
            Verdict::Final(error) => Err(error),
            Verdict::RateLimited(said) => {
                self.hold(&ask.question.host, said)?;
                // The budget lets nobody through before the pause is over.
                Ok(("429, too many calls".to_owned(), None))
            }
            Verdict::TooLong { otherwise } => Err(otherwise),
            Verdict::Once { then, .. } if attempt > 1 => Err(then),
            Verdict::Once { problem, .. } => Ok((problem, Some(own))),
            Verdict::Unreachable(problem) => Ok((problem, Some(own))),
            Verdict::Failed { problem, pause } => match pause {
                Some(said) if said > self.settings.patience => {
                    Err(UpstreamError::Held { host: ask.question.host.clone(), pause: said }.into())
                }
                said => Ok((problem, Some(own.max(said.unwrap_or_default())))),
            },
        }
    }

    /// Makes one call: a call of the budget, the sending, the archive, the judgement.
    fn call<E: From<UpstreamError>>(
        &self,
        ask: &Ask<'_, E>,
        request: &Request,
    ) -> Result<Result<Answer, Verdict<E>>, UpstreamError> {
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
        let verdict = (ask.judge)(request, &answer, self.clock.now());
        // A success that is not what was asked for is kept under a name of its own, so that
        // nobody is given it instead of an answer.
        let is_rejected = verdict.is_err() && (200..300).contains(&answer.status);
        let kept_as = match is_rejected {
            true => format!("rejected {}", ask.question.what),
            false => ask.question.what.clone(),
        };
        let question = Question { what: kept_as, ..ask.question.clone() };
        self.archive.keep(&question, request, &answer).map_err(UpstreamError::from)?;
        done?;
        Ok(verdict.map(|()| answer))
    }

    /// Waits for a call of the budget and takes it.
    pub(crate) fn take(&self, host: &str) -> Result<u64, UpstreamError> {
        loop {
            match self.budget.take(host, self.pace())? {
                Permit::Go(number) => return Ok(number),
                Permit::Wait(pause) => self.wait("pace", pause),
            }
        }
    }

    fn read_pace(&self, host: &str, answer: &Answer) -> Result<(), UpstreamError> {
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
    pub(crate) fn hold(&self, host: &str, said: Option<Duration>) -> Result<(), UpstreamError> {
        // Servers count in minutes unless the settings know better.
        let window = self.settings.pace.unwrap_or(Pace::CAREFUL).window;
        let pause = said.unwrap_or(window);
        // A tenth more at most, so that not everybody begins again in the same second.
        let pause = pause + self.chance.part_of(pause / 10);
        self.budget.hold(host, pause)?;
        match pause > self.settings.patience {
            true => Err(UpstreamError::Held { host: host.to_owned(), pause }),
            false => Ok(()),
        }
    }

    /// Waits until the service need not be left in peace.
    fn let_rest(&self, rest: &Rest<'_>) {
        while let Some((why, pause)) = rest(self.clock.now()) {
            self.wait(why, pause + self.chance.part_of(AFTER_HOURS));
        }
    }

    pub(crate) fn wait(&self, why: &'static str, pause: Duration) {
        self.tell(|| Event::Waiting { why, pause });
        self.clock.sleep(pause);
    }

    fn tell_failed<E>(&self, ask: &Ask<'_, E>, problem: &str) {
        let (what, problem) = (&ask.question.what, problem.to_owned());
        self.tell(|| Event::Failed { what: what.clone(), problem });
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        self.transport
    }

    pub(crate) fn budget(&self) -> &dyn Budget {
        self.budget
    }

    pub(crate) fn archive(&self) -> &dyn Archive {
        self.archive
    }

    pub(crate) fn chance(&self) -> &Chance {
        &self.chance
    }

    /// Waits, as while a service makes what was ordered; whoever watches is told why.
    pub fn pause(&self, why: &'static str, pause: Duration) {
        self.wait(why, pause);
    }

    /// Tells whoever watches.
    pub fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(watch) = self.watch {
            watch.see(&event());
        }
    }
}

/// What is said of an address that was too long before its other form is sent.
const TOO_LONG: &str = "404, the address is too long";

fn transport_verdict<E: From<UpstreamError>>(error: TransportError) -> Verdict<E> {
    match error {
        TransportError::Unusable { .. } => Verdict::Final(UpstreamError::from(error).into()),
        TransportError::Unreachable { .. } => Verdict::Unreachable(error.to_string()),
        _ => Verdict::Failed { problem: error.to_string(), pause: None },
    }
}
