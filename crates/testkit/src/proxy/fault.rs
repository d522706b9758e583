//! What can go wrong between a client and a server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::wire::{Outcome, Request, Response};

/// How a server says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// It does not.
    Absent,
    /// In seconds.
    Seconds(u64),
    /// As a date, so many seconds from now.
    Date(u64),
}

/// A fault that a call meets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429.
    TooManyCalls(RetryAfter),
    /// 503 with a page in HTML, as while metadata is reloaded.
    Unavailable,
    /// A 500 without a body.
    Broken,
    /// The answer begins, and the connection is reset in the middle of the body.
    Reset,
    /// Compressed, and cut in the middle; the length is that of the part.
    TruncatedGzip,
    /// The answer in another language than was asked for.
    Language(&'static str),
    /// A body whose `status` contradicts the status of the answer.
    Contradiction {
        /// The status of the answer.
        http: u16,
        /// The status in the body.
        said: u16,
    },
    /// 404 and a page in HTML for targets longer than this; others pass.
    LongUrl(usize),
    /// So many bytes at a time, with a pause after each.
    Drip {
        /// Bytes at a time.
        bytes: usize,
        /// Pause after each.
        pause: Duration,
    },
    /// Nothing for so long, then the answer.
    Late(Duration),
    /// The table was published anew: another `updated`, and the first number another one.
    Changed,
}

impl Fault {
    /// Carries out the fault on a call; `origin` asks the server behind.
    pub(super) fn answer(
        &self,
        request: &Request,
        origin: impl Fn(&Request) -> Response,
    ) -> Outcome {
        match self {
            Fault::TooManyCalls(retry) => Outcome::Whole(too_many(*retry)),
            Fault::Unavailable => Outcome::Whole(Response::page(503, "Service Unavailable")),
            Fault::Broken => Outcome::Whole(Response::json(500, Vec::new())),
            Fault::Reset => {
                let response = origin(request);
                let half = response.body.len() / 2;
                Outcome::Reset(response, half)
            }
            Fault::TruncatedGzip => Outcome::Whole(truncated_gzip(origin(request))),
            Fault::Language(other) => Outcome::Whole(origin(&in_language(request, other))),
            Fault::Contradiction { http, said } => {
                let body = format!(
                    r#"{{"type":"Parameter error","title":"Non-existent table","status":{said}}}"#
                );
                Outcome::Whole(Response::json(*http, body.into_bytes()))
            }
            Fault::LongUrl(limit) if request.target.len() > *limit => {
                Outcome::Whole(Response::page(404, "404 - File or directory not found."))
            }
            Fault::LongUrl(_) => Outcome::Whole(origin(request)),
            Fault::Drip { bytes, pause } => Outcome::Drip(origin(request), *bytes, *pause),
            Fault::Late(pause) => Outcome::Late(origin(request), *pause),
            Fault::Changed => Outcome::Whole(changed(origin(request))),
        }
    }
}

fn too_many(retry: RetryAfter) -> Response {
    let text = "API calls quota exceeded! maximum admitted 40 per 1m.";
    let mut response = Response::json(429, text.as_bytes().to_vec());
    response.headers[0].1 = "text/plain".to_owned();
    match retry {
        RetryAfter::Absent => response,
        RetryAfter::Seconds(seconds) => response.with("retry-after", seconds.to_string()),
        RetryAfter::Date(seconds) => {
            let then = SystemTime::now() + Duration::from_secs(seconds);
            response.with("retry-after", http_date(then))
        }
    }
}

/// The same request for another language, in the query or in a path of the old interface.
fn in_language(request: &Request, other: &str) -> Request {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let path = match path.strip_prefix("/api/v0/").and_then(|rest| rest.split_once('/')) {
        Some((_, rest)) => format!("/api/v0/{other}/{rest}"),
        None => path.to_owned(),
    };
    let mut parameters: Vec<String> = query
        .split('&')
        .filter(|one| !one.is_empty() && !one.to_lowercase().starts_with("lang="))
        .map(str::to_owned)
        .collect();
    parameters.push(format!("lang={other}"));
    Request { target: format!("{path}?{}", parameters.join("&")), ..request.clone() }
}

fn changed(mut response: Response) -> Response {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    let text = replace_after(&text, &["\"updated\":\"", "\"updated\": \""], "2099-01-01T07:00:00Z");
    let text = replace_after(&text, &["\"value\":[", "\"value\": ["], "987654321");
    response.body = text.into_bytes();
    response
}

/// Replaces what stands between a mark and the next quote, comma or bracket, unless it is empty.
fn replace_after(text: &str, marks: &[&str], new: &str) -> String {
    let found = marks.iter().find_map(|mark| Some(text.find(mark)? + mark.len()));
    let Some(start) = found else { return text.to_owned() };
    let length = text[start..].find(['"', ',', ']']).unwrap_or(0);
    match length {
        0 => text.to_owned(),
        _ => format!("{}{new}{}", &text[..start], &text[start + length..]),
    }
}

fn truncated_gzip(mut response: Response) -> Response {
    let whole = gzip_stored(&response.body);
    response.body = whole[..whole.len() / 2].to_vec();
    response.with("content-encoding", "gzip")
}

/// Packs bytes as gzip without making them smaller (RFC 1951, blocks of type 0).
pub(super) fn gzip_stored(bytes: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 65_535;
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let last = bytes.len().saturating_sub(1) / BLOCK;
    for block in 0..=last {
        let piece = &bytes[block * BLOCK..bytes.len().min((block + 1) * BLOCK)];
        let length = u16::try_from(piece.len()).expect("a block is no longer than 65,535");
        packed.push(u8::from(block == last));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend_from_slice(piece);
    }
    packed.extend(crc32(bytes).to_le_bytes());
    // The format keeps the length modulo 2^32.
    packed.extend(((bytes.len() & 0xffff_ffff) as u32).to_le_bytes());
    packed
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(moment: SystemTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let weekday = DAYS[(days % 7) as usize];
    let is_leap = |year: u64| {
        (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let (day, month) = (days + 1, MONTHS[month]);
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}
