//! An archive in memory and a clock that does not wait.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use klass::client::{Client, Kept, KeptAnswer, PACE};
use upstream::{
    Answer, Archive, ArchiveError, Asker, Budget, BudgetError, Claim, Clock, HttpSettings,
    HttpTransport, Pace, Permit, Question, Request, Settings, Transport,
};

/// What a client stands on.
pub struct World {
    transport: Box<dyn Transport>,
    pub now: Mutex<Timestamp>,
    calls: Mutex<Vec<Timestamp>>,
    answers: Mutex<HashMap<Question, KeptAnswer>>,
}

impl World {
    /// At a moment such as `2026-11-21T12:00:00Z`, with a network.
    pub fn at(moment: &str) -> World {
        let transport = HttpTransport::new(HttpSettings::default()).expect("no proxy is needed");
        World {
            transport: Box::new(transport),
            now: Mutex::new(moment.parse().expect("a moment")),
            calls: Mutex::default(),
            answers: Mutex::default(),
        }
    }

    pub fn client(&self, base: &str) -> Client<'_> {
        let settings = Settings { seed: Some(1), ..Settings::default() };
        let asker = Asker::new(&*self.transport, self, self, settings, PACE).with_clock(self);
        Client::new(asker, base).with_kept(self)
    }

    pub fn set(&self, moment: &str) {
        *self.now.lock().expect("one thread") = moment.parse().expect("a moment");
    }

    /// The most calls in any second.
    pub fn most_in_a_second(&self) -> usize {
        let calls = self.calls.lock().expect("one thread");
        let within = |first: &Timestamp| {
            let second =
                |one: &&Timestamp| **one >= *first && one.duration_since(*first).as_millis() < 1000;
            calls.iter().filter(second).count()
        };
        calls.iter().map(within).max().unwrap_or_default()
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("one thread")
    }

    fn sleep(&self, pause: Duration) {
        *self.now.lock().expect("one thread") += pause;
    }
}

impl Budget for World {
    fn take(&self, _host: &str, pace: Pace) -> Result<Permit, BudgetError> {
        let now = self.now();
        let mut calls = self.calls.lock().expect("one thread");
        let age =
            |call: &Timestamp| Duration::try_from(now.duration_since(*call)).unwrap_or_default();
        let recent: Vec<Duration> =
            calls.iter().map(age).filter(|age| *age < pace.window).collect();
        if recent.len() < pace.calls as usize {
            calls.push(now);
            return Ok(Permit::Go(calls.len() as u64));
        }
        Ok(Permit::Wait(pace.window - recent.into_iter().max().unwrap_or_default()))
    }

    fn done(&self, _host: &str, _call: u64) -> Result<(), BudgetError> {
        Ok(())
    }

    fn hold(&self, _host: &str, _pause: Duration) -> Result<(), BudgetError> {
        Ok(())
    }
}

impl Archive for World {
    fn claim(&self, question: &Question) -> Result<Claim, ArchiveError> {
        let kept = self.answers.lock().expect("one thread").get(question).cloned();
        Ok(kept.map_or(Claim::Yours, |kept| Claim::Kept(kept.answer)))
    }

    fn keep(
        &self,
        question: &Question,
        _request: &Request,
        answer: &Answer,
    ) -> Result<(), ArchiveError> {
        if answer.status == 200 {
            let kept = KeptAnswer { answer: answer.clone(), received_at: self.now() };
            self.answers.lock().expect("one thread").insert(question.clone(), kept);
        }
        Ok(())
    }

    fn release(&self, _question: &Question) -> Result<(), ArchiveError> {
        Ok(())
    }
}

impl Kept for World {
    fn latest(&self, question: &Question) -> Result<Option<KeptAnswer>, ArchiveError> {
        let answers = self.answers.lock().expect("one thread");
        let same = answers.iter().filter(|(kept, _)| {
            Question { updated: None, ..(*kept).clone() }
                == Question { updated: None, ..question.clone() }
        });
        Ok(same.map(|(_, kept)| kept).max_by_key(|kept| kept.received_at).cloned())
    }
}
