//! What an answer is worth: taken, asked for again, or refused.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use upstream::judge::said_pause;

use super::{Answer, ClientError};
use crate::FaultKind;
use crate::wire::Problem;

/// What a good answer must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expect {
    /// JSON with this member at its root.
    Member(&'static str),
    /// JSON-stat, in a language where one was asked for.
    JsonStat(String),
    /// Another format of the data.
    Format(String),
}

type Verdict = upstream::Verdict<ClientError>;

/// Addresses longer than this have been seen to be cut off by a gateway.
const SURELY_SHORT: usize = 1_500;

/// Judges an answer, of figures or not, to a request whose address has so many characters.
pub(super) fn judge(
    (what, is_data): (&str, bool),
    answer: &Answer,
    expect: &Expect,
    url_length: usize,
    now: Timestamp,
) -> Result<(), Verdict> {
    let pause = said_pause(answer, now);
    match answer.status {
        200..=299 => judge_body(what, &answer.body, expect),
        429 => Err(Verdict::RateLimited(pause)),
        408 | 425 => failed(answer, pause),
        500 if answer.body.trim_ascii().is_empty() => {
            // A server that fails so has usually been given a code that is listed twice.
            let then = speechless(what, is_data.then_some(FaultKind::DuplicateCode));
            Err(Verdict::Once { problem: "500 without a word".to_owned(), then })
        }
        500..=599 => failed(answer, pause),
        404 | 414 if url_length > SURELY_SHORT && !is_json(&answer.body) => {
            Err(Verdict::TooLong { otherwise: too_long(what) })
        }
        status => Err(Verdict::Final(refusal(what, status, &answer.body))),
    }
}

/// The refusal that an answer is, in the words of its body and with the status of HTTP.
pub(super) fn refusal(what: &str, http_status: u16, body: &[u8]) -> ClientError {
    let problem = Problem::read(body);
    let mut kind = problem.fault(http_status);
    if kind.is_none() && http_status == 404 && !is_json(body) {
        kind = Some(FaultKind::UnknownPath);
    }
    let title = match (problem.first_error(), problem.detail.as_deref()) {
        (Some(error), _) => format!("{} {error}", problem.title),
        (None, Some(detail)) if detail != problem.title => format!("{}: {detail}", problem.title),
        _ => problem.title.clone(),
    };
    ClientError::Refused { what: what.to_owned(), http_status, title, kind }
}

fn speechless(what: &str, kind: Option<FaultKind>) -> ClientError {
    let title = "an empty answer".to_owned();
    ClientError::Refused { what: what.to_owned(), http_status: 500, title, kind }
}

fn too_long(what: &str) -> ClientError {
    let kind = Some(FaultKind::UrlTooLong);
    let title = "the address is too long".to_owned();
    ClientError::Refused { what: what.to_owned(), http_status: 404, title, kind }
}

fn failed(answer: &Answer, pause: Option<std::time::Duration>) -> Result<(), Verdict> {
    let problem = format!("{} {}", answer.status, Problem::read(&answer.body).title);
    Err(Verdict::Failed { problem: problem.trim().to_owned(), pause })
}

fn judge_body(what: &str, body: &[u8], expect: &Expect) -> Result<(), Verdict> {
    match expect {
        Expect::Member(member) => match serde_json::from_slice::<Root>(body) {
            Ok(root) if root.members.contains_key(*member) => Ok(()),
            Ok(_) => not_as_asked(what, &format!("JSON with `{member}`"), body),
            Err(error) => broken_json(what, error, body),
        },
        Expect::JsonStat(language) => match serde_json::from_slice::<JsonStat>(body) {
            Ok(json_stat) => judge_json_stat(what, json_stat, language, body),
            Err(error) => broken_json(what, error, body),
        },
        Expect::Format(format) => judge_format(what, format, body),
    }
}

fn judge_json_stat(what: &str, came: JsonStat, language: &str, body: &[u8]) -> Result<(), Verdict> {
    // Version 1 wraps the dataset, and its `dimension` holds the ids.
    if came.dimension.is_none() && came.dataset.is_none() {
        return not_as_asked(what, "JSON-stat", body);
    }
    let said = came.extension.and_then(|extension| extension.px?.language);
    match said {
        Some(said) if !language.is_empty() && !said.eq_ignore_ascii_case(language) => {
            Err(Verdict::Final(ClientError::WrongLanguage {
                what: what.to_owned(),
                asked: language.to_owned(),
                came: said,
            }))
        }
        _ => Ok(()),
    }
}

fn judge_format(what: &str, format: &str, body: &[u8]) -> Result<(), Verdict> {
    let is_page = body.trim_ascii_start().starts_with(b"<");
    let cut = |is_whole: bool| match is_whole {
        true => Ok(()),
        false => Err(cut_short(format)),
    };
    match format {
        "json-px" | "json" => match serde_json::from_slice::<Root>(body) {
            Ok(root) if root.members.contains_key("data") => Ok(()),
            Ok(_) => not_as_asked(what, format, body),
            Err(error) => broken_json(what, error, body),
        },
        "parquet" if body.starts_with(b"PAR1") => cut(body.len() > 4 && body.ends_with(b"PAR1")),
        "xlsx" if body.starts_with(b"PK") => Ok(()),
        "px" if !is_page && body.contains(&b'=') => cut(body.trim_ascii_end().ends_with(b";")),
        "html" | "html5_table" | "sdmx" if is_page || body.starts_with(b"PK") => Ok(()),
        "csv" | "csv2" | "csv3" if !is_page && !is_json(body) && !body.is_empty() => Ok(()),
        "parquet" | "xlsx" | "px" | "html" | "html5_table" | "sdmx" | "csv" | "csv2" | "csv3" => {
            not_as_asked(what, format, body)
        }
        _ if body.is_empty() => not_as_asked(what, format, body),
        _ => Ok(()),
    }
}

/// JSON that ends too early may be whole next time; JSON that is wrong, or no JSON, will not.
fn broken_json(what: &str, error: serde_json::Error, body: &[u8]) -> Result<(), Verdict> {
    match error.is_eof() && !body.is_empty() {
        true => Err(cut_short("JSON")),
        false => not_as_asked(what, "JSON", body),
    }
}

fn not_as_asked(what: &str, expected: &str, body: &[u8]) -> Result<(), Verdict> {
    let title = Problem::read(&body[..body.len().min(2_000)]).title;
    let problem = if title.is_empty() { "nothing at all".to_owned() } else { title };
    Err(Verdict::Final(ClientError::NotAsAsked {
        what: what.to_owned(),
        expected: expected.to_owned(),
        problem,
    }))
}

fn cut_short(format: &str) -> Verdict {
    Verdict::Failed { problem: format!("{format} that is cut short"), pause: None }
}

fn is_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The names of the members at the root; all of the text is read, nothing is kept.
#[derive(Deserialize)]
struct Root {
    #[serde(flatten)]
    members: std::collections::BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct JsonStat {
    #[serde(default)]
    dimension: Option<IgnoredAny>,
    #[serde(default)]
    dataset: Option<IgnoredAny>,
    #[serde(default)]
    extension: Option<Extension>,
}

#[derive(Deserialize)]
struct Extension {
    #[serde(default)]
    px: Option<Px>,
}

#[derive(Deserialize)]
struct Px {
    #[serde(default)]
    language: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str, expect: Expect) -> Result<(), Verdict> {
        let answer = Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        judge(("data", true), &answer, &expect, 100, Timestamp::UNIX_EPOCH)
    }

    fn says(status: u16, body: &str, expect: Expect) -> String {
        match verdict(status, body, expect) {
            Err(Verdict::Final(error)) => error.to_string(),
            verdict => format!("{verdict:?}"),
        }
    }

    #[test]
    fn http_decides_and_the_body_names_the_fault() {
        let body = r#"{"type":"Parameter error","title":"Non-existent table","status":404}"#;
        let Err(Verdict::Final(error)) = verdict(400, body, Expect::JsonStat(String::new())) else {
            panic!("a refusal is final");
        };
        assert_eq!(error.fault_kind(), Some(FaultKind::NonExistentTable));
        assert_eq!(error.to_string(), "the server refuses data (400): Non-existent table");
    }

    #[test]
    fn a_success_that_is_not_the_format_is_refused() {
        let page = "<html><title>Sign in</title></html>";
        let said = says(200, page, Expect::JsonStat(String::new()));
        assert_eq!(said, "data came as something else than JSON: Sign in");
        assert_eq!(
            says(
                200,
                r#"{"status":404,"title":"Non-existent table"}"#,
                Expect::JsonStat("no".into())
            ),
            "data came as something else than JSON-stat: Non-existent table"
        );
        assert_eq!(
            says(200, page, Expect::Format("csv".to_owned())),
            "data came as something else than csv: Sign in"
        );
        let nothing = says(200, "", Expect::Format("xlsx".to_owned()));
        assert_eq!(nothing, "data came as something else than xlsx: nothing at all");
    }

    #[test]
    fn an_answer_that_ends_too_early_is_asked_for_again() {
        let cut = |body, format: &str| {
            matches!(
                verdict(200, body, Expect::Format(format.to_owned())),
                Err(Verdict::Failed { .. })
            )
        };
        assert!(cut("PAR1....", "parquet"));
        assert!(cut("CHARSET=\"ANSI\";\nDATA=1 2", "px"));
        assert!(cut(r#"{"columns":[],"data":[{"#, "json-px"));
        assert!(!cut("CHARSET=\"ANSI\";\nDATA=1 2;\n", "px"));
        let half = verdict(200, r#"{"dimension":{},"value":[1,"#, Expect::JsonStat("no".into()));
        assert!(matches!(half, Err(Verdict::Failed { .. })), "{half:?}");
    }

    #[test]
    fn another_language_than_asked_for_is_refused() {
        let body = r#"{"dimension":{},"value":[],"extension":{"px":{"language":"no"}}}"#;
        assert_eq!(
            says(200, body, Expect::JsonStat("en".to_owned())),
            "data was asked for in `en` and came in `no`"
        );
        assert_eq!(verdict(200, body, Expect::JsonStat("no".to_owned())), Ok(()));
    }

    #[test]
    fn a_page_in_html_means_a_long_address_only_where_it_is_long() {
        let page = b"<html><title>404 - File or directory not found.</title>".to_vec();
        let answer = Answer { status: 404, headers: Vec::new(), body: page };
        let expect = Expect::JsonStat(String::new());
        let judged =
            |length| judge(("data", true), &answer, &expect, length, Timestamp::UNIX_EPOCH);
        assert_eq!(judged(2_200), Err(Verdict::TooLong { otherwise: too_long("data") }));
        let Err(Verdict::Final(error)) = judged(300) else { panic!("a refusal is final") };
        assert_eq!(error.fault_kind(), Some(FaultKind::UnknownPath));
    }
}
