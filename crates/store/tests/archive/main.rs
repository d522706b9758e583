//! The contract of `store::archive`: what it promises to threads, to other
//! processes, and to whoever comes after a crash.

mod answers;
mod budget;
mod child;
mod claims;
mod extracts;
mod faults;
mod growing;
mod runs;
mod search;

use store::archive::{Archive, Question, RawAnswer, RawRequest};
use tempfile::TempDir;

/// An archive in a folder that disappears with the test.
fn archive() -> (TempDir, Archive) {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Archive::open(folder.path()).expect("a new archive");
    (folder, archive)
}

fn question(what: &str) -> Question {
    Question {
        host: "data.ssb.no".to_owned(),
        api: "v2".to_owned(),
        language: "no".to_owned(),
        table: Some("07459".to_owned()),
        what: what.to_owned(),
        updated: Some("2026-02-24T07:00:00Z".to_owned()),
    }
}

fn answer(status: u16, body: &[u8]) -> RawAnswer {
    RawAnswer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_vec(),
        received_at: None,
    }
}

fn request() -> RawRequest {
    RawRequest {
        method: "GET".to_owned(),
        url: "https://data.ssb.no/api/pxwebapi/v2/tables/07459/metadata?lang=no".to_owned(),
        body: None,
    }
}

/// Keeps a success to `what` and returns its key.
fn keep(archive: &Archive, what: &str, body: &[u8]) -> i64 {
    archive.keep(&question(what), &request(), &answer(200, body)).expect("it is kept")
}

/// An error with its causes, as a person would see it.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
