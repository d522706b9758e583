//! The client's budget and archive, kept by the store.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pxweb::client::{self, Answer, ArchiveError, BudgetError, Method, Pace, Request};
use store::StoreError;
use store::archive::{
    Archive, Claim, GrowingFile, KeptAnswer, Permit, Question, RawAnswer, RawRequest,
};
use upstream::{FileClaim, Growing, Have, KeptFile};

/// How long a question belongs to the process that asks it before others may ask it too.
///
/// Longer than any call, its waits for the pace included, so that two runs share the work; a
/// process that was killed is noticed earlier.
const LEASE: Duration = Duration::from_secs(180);

/// As [`LEASE`], for a file, which may take long; a file that grows is locked besides.
const FILE_LEASE: Duration = Duration::from_secs(3_600);

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What the archive lacks is asked for.
    Network,
    /// What the archive lacks is an error.
    Archive,
}

/// Joins the client to the data folder, and remembers which answers were used.
pub struct Bridge<'a> {
    archive: &'a Archive,
    reach: Reach,
    stop: &'a AtomicBool,
    used: Mutex<Vec<Used>>,
    /// Questions whose very answer is not held; only without a network.
    wanted: Mutex<HashSet<Question>>,
}

/// An answer that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) id: i64,
    pub(crate) received_at: String,
}

impl<'a> Bridge<'a> {
    /// Joins a client to an archive until `stop` becomes true.
    pub fn new(archive: &'a Archive, reach: Reach, stop: &'a AtomicBool) -> Bridge<'a> {
        let (used, wanted) = (Mutex::default(), Mutex::default());
        Bridge { archive, reach, stop, used, wanted }
    }

    /// The answers used since this was asked last, in order.
    pub(crate) fn take_used(&self) -> Vec<Used> {
        std::mem::take(&mut *lock(&self.used))
    }

    /// How many different questions a network would have been asked.
    pub(crate) fn count_wanted(&self) -> u64 {
        lock(&self.wanted).len() as u64
    }

    pub(crate) fn archive(&self) -> &'a Archive {
        self.archive
    }

    fn note(&self, id: i64, received_at: &str) {
        lock(&self.used).push(Used { id, received_at: received_at.to_owned() });
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn kept(&self, kept: &KeptAnswer) -> Result<client::Claim, ArchiveError> {
        let body = self.archive.blob(&kept.sha256).map_err(archive_error)?;
        self.note(kept.id, &kept.received_at);
        let headers = kept.headers.clone();
        Ok(client::Claim::Kept(Answer { status: kept.status, headers, body }))
    }

    fn kept_file(&self, kept: &KeptAnswer) -> KeptFile {
        self.note(kept.id, &kept.received_at);
        KeptFile {
            id: kept.id,
            sha256: kept.sha256.clone(),
            bytes: kept.bytes,
            received_at: kept.received_at.clone(),
        }
    }

    /// Without a network: the answer to this very question, else to an earlier one like it.
    fn recall(&self, question: &Question) -> Result<client::Claim, ArchiveError> {
        let exact = self.archive.recall(question).map_err(archive_error)?;
        let found = match exact {
            Some(found) => Some(found),
            None => {
                lock(&self.wanted).insert(question.clone());
                self.archive.recall_any(question).map_err(archive_error)?
            }
        };
        match found {
            Some(found) => self.kept(&found),
            None => Err(ArchiveError { cause: NOT_KEPT.to_owned() }),
        }
    }
}

/// What a thread that panicked has left is as good as before: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the archive says when an answer is wanted that nobody has fetched.
pub(crate) const NOT_KEPT: &str = "the answer has not been fetched yet";
/// What every question gets after the user has asked to stop.
pub(crate) const STOPPED: &str = "stopped";

impl client::Archive for Bridge<'_> {
    fn claim(&self, question: &client::Question) -> Result<client::Claim, ArchiveError> {
        if self.stopped() {
            return Err(ArchiveError { cause: STOPPED.to_owned() });
        }
        let question = stored(question);
        if self.reach == Reach::Archive {
            return self.recall(&question);
        }
        match self.archive.claim(&question, LEASE).map_err(archive_error)? {
            Claim::Kept(kept) => self.kept(&kept),
            Claim::Yours => Ok(client::Claim::Yours),
            Claim::Theirs { look_again } => Ok(client::Claim::Wait(look_again)),
        }
    }

    fn keep(
        &self,
        question: &client::Question,
        request: &Request,
        answer: &Answer,
    ) -> Result<(), ArchiveError> {
        let request = RawRequest {
            method: match request.method {
                Method::Get => "GET".to_owned(),
                Method::Post => "POST".to_owned(),
            },
            url: request.url.clone(),
            body: request.body.clone(),
        };
        let received_at = now();
        let answer = RawAnswer {
            status: answer.status,
            headers: answer.headers.clone(),
            body: answer.body.clone(),
            received_at: Some(received_at.clone()),
        };
        let id = self.archive.keep(&stored(question), &request, &answer).map_err(archive_error)?;
        if answer.status == 200 {
            self.note(id, &received_at);
        }
        Ok(())
    }

    fn release(&self, question: &client::Question) -> Result<(), ArchiveError> {
        self.archive.release(&stored(question)).map_err(archive_error)
    }
}

impl upstream::Files for Bridge<'_> {
    fn claim_file(&self, question: &client::Question) -> Result<FileClaim, ArchiveError> {
        if self.stopped() {
            return Err(ArchiveError { cause: STOPPED.to_owned() });
        }
        let question = stored(question);
        if self.reach == Reach::Archive {
            let exact = self.archive.recall(&question).map_err(archive_error)?;
            if exact.is_none() {
                lock(&self.wanted).insert(question);
            }
            let kept = exact.ok_or_else(|| ArchiveError { cause: NOT_KEPT.to_owned() })?;
            return Ok(FileClaim::Kept(self.kept_file(&kept)));
        }
        match self.archive.claim(&question, FILE_LEASE).map_err(archive_error)? {
            Claim::Kept(kept) => Ok(FileClaim::Kept(self.kept_file(&kept))),
            Claim::Yours => Ok(FileClaim::Yours),
            Claim::Theirs { look_again } => Ok(FileClaim::Wait(look_again)),
        }
    }

    fn grow<'f>(
        &'f self,
        question: &client::Question,
        url: &str,
    ) -> Result<Option<Box<dyn Growing + 'f>>, ArchiveError> {
        let question = stored(question);
        let file = self.archive.grow(&question, url).map_err(archive_error)?;
        let url = url.to_owned();
        Ok(file.map(|file| {
            Box::new(GrowingAnswer { bridge: self, file, question, url }) as Box<dyn Growing>
        }))
    }
}

/// A file of the archive that grows, until the user asks to stop.
struct GrowingAnswer<'b, 'a> {
    bridge: &'b Bridge<'a>,
    file: GrowingFile,
    question: Question,
    url: String,
}

impl Growing for GrowingAnswer<'_, '_> {
    fn have(&self) -> Option<Have> {
        let validator = self.file.validator()?.to_owned();
        let bytes = self.file.length();
        (bytes > 0).then_some(Have { bytes, validator })
    }

    fn restart(&mut self, validator: Option<&str>) -> Result<(), ArchiveError> {
        self.file.restart(validator).map_err(archive_error)
    }

    fn append(&mut self, piece: &[u8]) -> Result<(), ArchiveError> {
        if self.bridge.stopped() {
            return Err(ArchiveError { cause: STOPPED.to_owned() });
        }
        self.file.append(piece).map_err(archive_error)
    }

    fn keep(
        self: Box<Self>,
        status: u16,
        headers: &[(String, String)],
    ) -> Result<KeptFile, ArchiveError> {
        let GrowingAnswer { bridge, file, question, url } = *self;
        let request = RawRequest { method: "GET".to_owned(), url, body: None };
        let headers = headers.to_vec();
        let answer = RawAnswer { status, headers, body: Vec::new(), received_at: Some(now()) };
        let kept = bridge.archive.keep_file(&question, &request, &answer, file);
        Ok(bridge.kept_file(&kept.map_err(archive_error)?))
    }
}

impl client::Budget for Bridge<'_> {
    fn take(&self, host: &str, pace: Pace) -> Result<client::Permit, BudgetError> {
        if self.stopped() {
            return Err(BudgetError { cause: STOPPED.to_owned() });
        }
        match self.archive.take(host, pace.calls, pace.window).map_err(budget_error)? {
            Permit::Go(call) => Ok(client::Permit::Go(call)),
            Permit::Wait(pause) => Ok(client::Permit::Wait(pause)),
        }
    }

    fn done(&self, host: &str, call: u64) -> Result<(), BudgetError> {
        self.archive.done(host, call).map_err(budget_error)
    }

    fn hold(&self, host: &str, pause: Duration) -> Result<(), BudgetError> {
        self.archive.hold(host, pause).map_err(budget_error)
    }
}

/// A clock whose waits end when the user asks to stop.
pub(crate) struct Alert<'a> {
    pub(crate) clock: &'a dyn client::Clock,
    pub(crate) stop: &'a AtomicBool,
}

impl client::Clock for Alert<'_> {
    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn sleep(&self, pause: Duration) {
        let mut left = pause;
        while !left.is_zero() && !self.stop.load(Ordering::Relaxed) {
            let part = left.min(Duration::from_millis(200));
            self.clock.sleep(part);
            left -= part;
        }
    }
}

/// Now, in UTC with whole seconds, as the archive writes it.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(crate) fn stored(question: &client::Question) -> Question {
    let client::Question { host, api, language, table, what, updated } = question.clone();
    Question { host, api, language, table, what, updated }
}

pub(crate) fn archive_error(error: StoreError) -> ArchiveError {
    ArchiveError { cause: chain(&error) }
}

fn budget_error(error: StoreError) -> BudgetError {
    BudgetError { cause: chain(&error) }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
