//! What is common to all interfaces in judging an answer.

use std::time::Duration;

use jiff::Timestamp;

use crate::transport::header;
use crate::{Answer, UpstreamError, Verdict, retry};

/// What a good answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A whole JSON text.
    Json,
    /// XML, as far as its beginning shows.
    Xml,
    /// Text that is neither JSON nor a page.
    Csv,
    /// Anything at all.
    Bytes,
}

/// How long the server says to wait.
pub fn said_pause(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let value = header(&answer.headers, "retry-after")?;
    retry::retry_after(value, now)
}

/// Judges an answer by its status and kind; `refusal` finds the server's words in its body.
///
/// # Errors
///
/// Why the answer is not good, and whether the next may be better.
pub fn judge(
    what: &str,
    answer: &Answer,
    expect: Expect,
    refusal: impl Fn(&[u8]) -> String,
    now: Timestamp,
) -> Result<(), Verdict<UpstreamError>> {
    let pause = said_pause(answer, now);
    match answer.status {
        200..=299 => judge_body(what, &answer.body, expect),
        429 => Err(Verdict::RateLimited(pause)),
        408 | 425 | 500..=599 => {
            let problem = format!("{} {}", answer.status, refusal(&answer.body));
            Err(Verdict::Failed { problem: problem.trim().to_owned(), pause })
        }
        status => Err(Verdict::Final(UpstreamError::Refused {
            what: what.to_owned(),
            http_status: status,
            title: refusal(&answer.body),
        })),
    }
}

fn judge_body(what: &str, body: &[u8], expect: Expect) -> Result<(), Verdict<UpstreamError>> {
    let start = body.trim_ascii_start();
    let is_page = start.starts_with(b"<");
    let is_good = match expect {
        Expect::Json => return judge_json(what, body),
        Expect::Xml => {
            is_page && !start[..start.len().min(15)].eq_ignore_ascii_case(b"<!doctype html>")
        }
        Expect::Csv => !is_page && !matches!(start.first(), Some(b'{' | b'[')),
        Expect::Bytes => true,
    };
    if is_good { Ok(()) } else { Err(not_as_asked(what, expect, "another kind of text")) }
}

/// JSON that ends too early may be whole next time; JSON that is wrong, or no JSON, will not.
fn judge_json(what: &str, body: &[u8]) -> Result<(), Verdict<UpstreamError>> {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => Ok(()),
        Err(error) if error.is_eof() && !body.is_empty() => {
            Err(Verdict::Failed { problem: "JSON that is cut short".to_owned(), pause: None })
        }
        Err(error) => Err(not_as_asked(what, Expect::Json, &error.to_string())),
    }
}

fn not_as_asked(what: &str, expect: Expect, problem: &str) -> Verdict<UpstreamError> {
    let expected = match expect {
        Expect::Json => "JSON",
        Expect::Xml => "XML",
        Expect::Csv => "CSV",
        Expect::Bytes => "a file",
    };
    Verdict::Final(UpstreamError::NotAsAsked {
        what: what.to_owned(),
        expected: expected.to_owned(),
        problem: problem.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &str, expect: Expect) -> Result<(), Verdict<UpstreamError>> {
        let answer = Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let words = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
        judge("codes", &answer, expect, words, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_page_is_neither_json_nor_csv_nor_xml() {
        let page = "<!DOCTYPE html><p>Vedlikehold</p>";
        for expect in [Expect::Json, Expect::Csv, Expect::Xml] {
            assert!(matches!(judged(200, page, expect), Err(Verdict::Final(_))), "{expect:?}");
        }
        assert!(judged(200, "<feed/>", Expect::Xml).is_ok());
        assert!(judged(200, "code;name", Expect::Csv).is_ok());
    }

    #[test]
    fn what_is_cut_short_is_asked_for_again_and_a_refusal_is_not() {
        assert!(matches!(judged(200, "{\"codes\":[", Expect::Json), Err(Verdict::Failed { .. })));
        assert!(matches!(judged(503, "", Expect::Json), Err(Verdict::Failed { .. })));
        assert!(matches!(judged(404, "no such", Expect::Json), Err(Verdict::Final(_))));
    }
}
