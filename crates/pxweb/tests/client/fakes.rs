//! A server that follows a script, and a clock that does not wait.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use pxweb::client::{
    Answer, Archive, ArchiveError, Budget, BudgetError, Claim, Client, Clock, Event, Pace, Permit,
    Question, Request, Settings, Transport, TransportError, Watch,
};
use pxweb::{Server, Servers};

/// One step of a script.
pub type Step = Result<Answer, TransportError>;

/// All that a client stands on, and what it did with it.
pub struct World {
    steps: Mutex<VecDeque<Step>>,
    pub sent: Mutex<Vec<Request>>,
    pub now: Mutex<Timestamp>,
    /// Calls that count, by their time.
    calls: Mutex<Vec<Timestamp>>,
    held_until: Mutex<Option<Timestamp>>,
    pub paces: Mutex<Vec<Pace>>,
    pub kept: Mutex<Vec<(Question, u16)>>,
    answers: Mutex<HashMap<Question, Answer>>,
    pub waits_for_others: Mutex<u32>,
    pub released: Mutex<u32>,
    pub events: Mutex<Vec<Event>>,
}

/// A Wednesday at noon in Oslo: no window of any server.
pub const NOON: &str = "2026-11-18T11:00:00Z";

impl World {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> World {
        World {
            steps: Mutex::new(steps.into_iter().collect()),
            sent: Mutex::default(),
            now: Mutex::new(NOON.parse().expect("a time")),
            calls: Mutex::default(),
            held_until: Mutex::default(),
            paces: Mutex::default(),
            kept: Mutex::default(),
            answers: Mutex::default(),
            waits_for_others: Mutex::default(),
            released: Mutex::default(),
            events: Mutex::default(),
        }
    }

    pub fn client(&self) -> Client<'_> {
        self.client_with(Settings { seed: Some(1), ..Settings::default() })
    }

    pub fn client_with(&self, settings: Settings) -> Client<'_> {
        self.client_of(ssb(), settings)
    }

    pub fn client_of(&self, server: Server, settings: Settings) -> Client<'_> {
        Client::new(server, self, self, self, settings).with_clock(self).watched(self)
    }

    /// Seconds since noon.
    pub fn seconds(&self) -> i64 {
        let noon: Timestamp = NOON.parse().expect("a time");
        self.now.lock().expect("one thread").duration_since(noon).as_secs()
    }

    pub fn sent_urls(&self) -> Vec<String> {
        self.sent.lock().expect("one thread").iter().map(|request| request.url.clone()).collect()
    }

    /// `asked, failed 503 …, waiting retry 2`
    pub fn story(&self) -> String {
        let one = |event: &Event| match event {
            Event::Asked { .. } => "asked".to_owned(),
            Event::Recalled { .. } => "recalled".to_owned(),
            Event::Waiting { why, .. } => format!("waiting ({why})"),
            Event::Failed { problem, .. } => format!("failed ({problem})"),
            other => format!("{other:?}"),
        };
        let events = self.events.lock().expect("one thread");
        events.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

pub fn ssb() -> Server {
    Servers::known().find("ssb").expect("in the list").clone()
}

pub fn answer(status: u16, body: &str) -> Step {
    with(status, &[], body)
}

pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Step {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let headers = headers.iter().map(pair).collect();
    Ok(Answer { status, headers, body: body.as_bytes().to_vec() })
}

pub fn reset() -> Step {
    Err(TransportError::CutShort { host: "data.ssb.no".to_owned(), cause: "reset".to_owned() })
}

impl Transport for World {
    fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        self.sent.lock().expect("one thread").push(request.clone());
        let step = self.steps.lock().expect("one thread").pop_front();
        step.expect("the script is long enough")
    }
}

impl Budget for World {
    fn take(&self, _host: &str, pace: Pace) -> Result<Permit, BudgetError> {
        let now = *self.now.lock().expect("one thread");
        self.paces.lock().expect("one thread").push(pace);
        let until = self.held_until.lock().expect("one thread").unwrap_or(now);
        if until > now {
            let left = Duration::try_from(until.duration_since(now));
            return Ok(Permit::Wait(left.expect("later than now")));
        }
        let mut calls = self.calls.lock().expect("one thread");
        let age = |call: &Timestamp| {
            Duration::try_from(now.duration_since(*call)).expect("calls lie in the past")
        };
        let recent: Vec<Duration> =
            calls.iter().map(age).filter(|age| *age < pace.window).collect();
        match recent.len() < pace.calls as usize {
            true => {
                calls.push(now);
                Ok(Permit::Go(calls.len() as u64))
            }
            false => Ok(Permit::Wait(pace.window - recent.into_iter().max().unwrap_or_default())),
        }
    }

    fn done(&self, _host: &str, _call: u64) -> Result<(), BudgetError> {
        Ok(())
    }

    fn hold(&self, _host: &str, pause: Duration) -> Result<(), BudgetError> {
        let until = *self.now.lock().expect("one thread") + pause;
        *self.held_until.lock().expect("one thread") = Some(until);
        Ok(())
    }
}

impl Archive for World {
    fn claim(&self, question: &Question) -> Result<Claim, ArchiveError> {
        let mut others = self.waits_for_others.lock().expect("one thread");
        if *others > 0 {
            *others -= 1;
            return Ok(Claim::Wait(Duration::from_secs(1)));
        }
        let kept = self.answers.lock().expect("one thread").get(question).cloned();
        Ok(kept.map_or(Claim::Yours, Claim::Kept))
    }

    fn keep(
        &self,
        question: &Question,
        _request: &Request,
        answer: &Answer,
    ) -> Result<(), ArchiveError> {
        self.kept.lock().expect("one thread").push((question.clone(), answer.status));
        if answer.status == 200 {
            self.answers.lock().expect("one thread").insert(question.clone(), answer.clone());
        }
        Ok(())
    }

    fn release(&self, _question: &Question) -> Result<(), ArchiveError> {
        *self.released.lock().expect("one thread") += 1;
        Ok(())
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("one thread")
    }

    fn sleep(&self, pause: Duration) {
        let mut now = self.now.lock().expect("one thread");
        *now += pause;
    }
}

impl Watch for World {
    fn see(&self, event: &Event) {
        self.events.lock().expect("one thread").push(event.clone());
    }
}
