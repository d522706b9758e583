//! The archive, as a client sees it.

use std::time::Duration;

use pxweb::client::{
    self, Answer, ArchiveError, BudgetError, Method, Pace, Permit, Question, Request,
};
use store::StoreError;
use store::archive::{Archive, KeptAnswer, RawAnswer, RawRequest};

/// How long others wait for an answer that somebody asks for, before they ask themselves.
const LEASE: Duration = Duration::from_secs(180);

/// Answers, whichever publication they are of, and never a question to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Ask for what is not kept.
    Network,
    /// Only what is kept.
    ArchiveOnly,
}

/// Keeps the answers and the calls of a client.
pub struct Memory<'a> {
    pub archive: &'a Archive,
    pub reach: Reach,
}

impl Memory<'_> {
    fn answer(&self, kept: &KeptAnswer) -> Result<Answer, ArchiveError> {
        let body = self.archive.blob(&kept.sha256).map_err(archive_error)?;
        Ok(Answer { status: kept.status, headers: kept.headers.clone(), body })
    }
}

impl client::Archive for Memory<'_> {
    fn claim(&self, question: &Question) -> Result<client::Claim, ArchiveError> {
        let question = stored(question);
        if self.reach == Reach::ArchiveOnly {
            let kept = self.archive.recall_any(&question).map_err(archive_error)?;
            return Ok(match kept {
                Some(kept) => client::Claim::Kept(self.answer(&kept)?),
                None => client::Claim::Yours,
            });
        }
        Ok(match self.archive.claim(&question, LEASE).map_err(archive_error)? {
            store::archive::Claim::Kept(kept) => client::Claim::Kept(self.answer(&kept)?),
            store::archive::Claim::Yours => client::Claim::Yours,
            store::archive::Claim::Theirs { look_again } => client::Claim::Wait(look_again),
        })
    }

    fn keep(
        &self,
        question: &Question,
        request: &Request,
        answer: &Answer,
    ) -> Result<(), ArchiveError> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let request = RawRequest {
            method: method.to_owned(),
            url: request.url.clone(),
            body: request.body.clone(),
        };
        let answer = RawAnswer {
            status: answer.status,
            headers: answer.headers.clone(),
            body: answer.body.clone(),
            received_at: None,
        };
        self.archive.keep(&stored(question), &request, &answer).map_err(archive_error)?;
        Ok(())
    }

    fn release(&self, question: &Question) -> Result<(), ArchiveError> {
        self.archive.release(&stored(question)).map_err(archive_error)
    }
}

impl client::Budget for Memory<'_> {
    fn take(&self, host: &str, pace: Pace) -> Result<Permit, BudgetError> {
        if self.reach == Reach::ArchiveOnly {
            // The call goes nowhere.
            return Ok(Permit::Go(0));
        }
        let permit = self.archive.take(host, pace.calls, pace.window).map_err(budget_error)?;
        Ok(match permit {
            store::archive::Permit::Go(call) => Permit::Go(call),
            store::archive::Permit::Wait(pause) => Permit::Wait(pause),
        })
    }

    fn done(&self, host: &str, call: u64) -> Result<(), BudgetError> {
        match self.reach {
            Reach::Network => self.archive.done(host, call).map_err(budget_error),
            Reach::ArchiveOnly => Ok(()),
        }
    }

    fn hold(&self, host: &str, pause: Duration) -> Result<(), BudgetError> {
        self.archive.hold(host, pause).map_err(budget_error)
    }
}

fn stored(question: &Question) -> store::archive::Question {
    store::archive::Question {
        host: question.host.clone(),
        api: question.api.clone(),
        language: question.language.clone(),
        table: question.table.clone(),
        what: question.what.clone(),
        updated: question.updated.clone(),
    }
}

fn archive_error(error: StoreError) -> ArchiveError {
    ArchiveError { cause: error.to_string() }
}

fn budget_error(error: StoreError) -> BudgetError {
    BudgetError { cause: error.to_string() }
}
