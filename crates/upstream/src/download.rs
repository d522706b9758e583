//! Files: streamed to disk while they come, and gone on with where a connection broke.
//!
//! A file takes the same way as every question, but its bytes go to a [`Growing`] file
//! in pieces and are never all in memory. What has come stays: the next attempt, or the
//! next run, asks for the rest, under the condition that the file is still the same;
//! where the server cannot say so, it begins again.

use std::io::Read;
use std::time::Duration;

use crate::retry::longest_pause;
use crate::transport::header;
use crate::{Answer, ArchiveError, Asker, Event, Question, Request, TransportError, UpstreamError};

/// A request for a file, or for what is lacking of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// Whole address.
    pub url: String,
    /// What is here already.
    pub have: Option<Have>,
}

/// The beginning of a file, and how its server tells it from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Have {
    /// Bytes that are here.
    pub bytes: u64,
    /// A strong `ETag`, or `Last-Modified`.
    pub validator: String,
}

/// An answer whose body has not been read yet.
pub struct Opened {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Box<dyn Read + Send>,
}

/// Where files are kept.
pub trait Files: Send + Sync {
    /// Begins to fetch a file, unless it is kept or somebody else is fetching it.
    ///
    /// # Errors
    ///
    /// The archive cannot be read or written.
    fn claim_file(&self, question: &Question) -> Result<FileClaim, ArchiveError>;

    /// The file as far as it has come; `None` while another process holds it.
    ///
    /// # Errors
    ///
    /// The archive cannot be read or written.
    fn grow<'f>(
        &'f self,
        question: &Question,
        url: &str,
    ) -> Result<Option<Box<dyn Growing + 'f>>, ArchiveError>;
}

/// Who fetches a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileClaim {
    /// Nobody need: it is here.
    Kept(KeptFile),
    /// You do.
    Yours,
    /// Another thread or process does; look again after so long.
    Wait(Duration),
}

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Key of the answer.
    pub id: i64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// When its last byte came, RFC 3339 UTC.
    pub received_at: String,
}

/// A file that is not whole yet.
pub trait Growing {
    /// What is here and can be gone on with.
    fn have(&self) -> Option<Have>;

    /// Begins again at the first byte.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    fn restart(&mut self, validator: Option<&str>) -> Result<(), ArchiveError>;

    /// Adds bytes at the end.
    ///
    /// # Errors
    ///
    /// The file cannot be written, as when the disk is full.
    fn append(&mut self, piece: &[u8]) -> Result<(), ArchiveError>;

    /// Gives the whole file its name, and keeps it as the answer to its question.
    ///
    /// # Errors
    ///
    /// The archive cannot be written.
    fn keep(
        self: Box<Self>,
        status: u16,
        headers: &[(String, String)],
    ) -> Result<KeptFile, ArchiveError>;
}

/// One file, and what is known of it.
pub struct Download<'d> {
    /// What is asked, for the archive.
    pub question: Question,
    /// Address.
    pub url: String,
    /// Says what is wrong with a file that begins so, as when a page says sorry with status 200.
    pub begins_wrong: &'d dyn Fn(&[u8]) -> Option<String>,
    /// Where it goes.
    pub files: &'d dyn Files,
}

/// Bytes read at a time.
const PIECE: usize = 64 << 10;
/// Bytes of an answer that is no file: enough for its words.
const MOST_WORDS: u64 = 64 << 10;
/// Bytes by which the beginning of a file is judged.
const BEGINNING: usize = 512;
/// Bytes after which whoever watches is told.
const TELL_AFTER: u64 = 1 << 20;
/// While another process is fetching the same.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Why an attempt did not give a file.
enum Setback {
    /// It will not be better next time.
    Final(UpstreamError),
    /// Too many calls.
    RateLimited(Option<Duration>),
    /// It may be better next time; what the server says to wait.
    Again(String, Option<Duration>),
}

impl From<UpstreamError> for Setback {
    fn from(error: UpstreamError) -> Setback {
        Setback::Final(error)
    }
}

impl From<ArchiveError> for Setback {
    fn from(error: ArchiveError) -> Setback {
        Setback::Final(error.into())
    }
}

impl Asker<'_> {
    /// Fetches a file, or finds that it is kept.
    ///
    /// # Errors
    ///
    /// [`UpstreamError::Refused`] with 401, 403, 404 or 410 when it is not there for us (an expired
    /// link), and the others where no whole file came; what has come is gone on with next time.
    pub fn download(&self, job: &Download<'_>) -> Result<KeptFile, UpstreamError> {
        loop {
            match job.files.claim_file(&job.question)? {
                FileClaim::Kept(kept) => {
                    self.tell(|| Event::Recalled { what: job.question.what.clone() });
                    return Ok(kept);
                }
                FileClaim::Wait(pause) => self.wait("other", pause),
                FileClaim::Yours => {
                    let kept = self.fetch_file(job);
                    if kept.is_err() {
                        // The first failure is the one to report; a claim also ends by itself.
                        let _ = self.archive().release(&job.question);
                    }
                    return kept;
                }
            }
        }
    }

    fn fetch_file(&self, job: &Download<'_>) -> Result<KeptFile, UpstreamError> {
        let mut growing = loop {
            match job.files.grow(&job.question, &job.url)? {
                Some(growing) => break growing,
                None => self.wait("other", LOOK_AGAIN),
            }
        };
        let host = &job.question.host;
        let mut failures = 0;
        loop {
            let before = growing.have().map_or(0, |have| have.bytes);
            let setback = match self.attempt(job, growing.as_mut()) {
                Ok(opened) => return Ok(growing.keep(opened.status, &opened.headers)?),
                Err(setback) => setback,
            };
            // Whoever goes on from where it was gets nearer to the end each time.
            let after = growing.have().map_or(0, |have| have.bytes);
            failures = if before > 0 && after > before { 1 } else { failures + 1 };
            let own = self.chance().part_of(longest_pause(self.settings(), failures));
            let (problem, pause) = match setback {
                Setback::Final(error) => return Err(error),
                Setback::RateLimited(said) => {
                    self.hold(host, said)?;
                    ("429, too many calls".to_owned(), None)
                }
                Setback::Again(_, Some(said)) if said > self.settings().patience => {
                    return Err(UpstreamError::Held { host: host.clone(), pause: said });
                }
                Setback::Again(problem, said) => (problem, Some(own.max(said.unwrap_or_default()))),
            };
            let what = job.question.what.clone();
            if failures >= self.settings().attempts.max(1) {
                let host = host.clone();
                return Err(UpstreamError::GaveUp {
                    host,
                    what,
                    attempts: failures,
                    last: problem,
                });
            }
            self.tell(|| Event::Failed { what, problem });
            if let Some(pause) = pause {
                self.wait("retry", pause);
            }
        }
    }

    fn attempt(
        &self,
        job: &Download<'_>,
        growing: &mut dyn Growing,
    ) -> Result<OpenedHead, Setback> {
        let host = &job.question.host;
        let number = self.take(host)?;
        self.tell(|| Event::Asked { what: job.question.what.clone() });
        let request = FileRequest { url: job.url.clone(), have: growing.have() };
        let received = match self.transport().open(&request) {
            Ok(opened) => self.receive(job, &request, opened, growing),
            Err(error) => Err(transport_setback(error)),
        };
        let done = self.budget().done(host, number).map_err(UpstreamError::from);
        let received = received?;
        done?;
        Ok(received)
    }

    fn receive(
        &self,
        job: &Download<'_>,
        request: &FileRequest,
        opened: Opened,
        growing: &mut dyn Growing,
    ) -> Result<OpenedHead, Setback> {
        let Opened { status, headers, mut body } = opened;
        let begins_at = range_start(&headers);
        let total = match (status, &request.have) {
            (200, _) => {
                growing.restart(validator(&headers))?;
                number(&headers, "content-length")
            }
            (206, Some(have)) if begins_at == Some(have.bytes) => range_total(&headers),
            (206, _) => {
                growing.restart(None)?;
                let problem = "another part came than was asked for".to_owned();
                return Err(Setback::Again(problem, None));
            }
            (416, Some(_)) => {
                growing.restart(None)?;
                let problem = "416, the file has become shorter".to_owned();
                return Err(Setback::Again(problem, None));
            }
            _ => return Err(self.refusal(job, status, headers, body)?),
        };
        let mut length =
            request.have.as_ref().filter(|_| status == 206).map_or(0, |have| have.bytes);
        let (mut piece, mut told) = (vec![0_u8; PIECE], length);
        loop {
            let read = read_piece(&mut body, &mut piece).map_err(|error| {
                Setback::Again(format!("the file was cut short: {error}"), None)
            })?;
            if length == 0
                && let Some(problem) = (job.begins_wrong)(&piece[..read.min(BEGINNING)])
            {
                let mut start = piece[..read].to_vec();
                // What it says besides is of interest, and nothing depends on it.
                let _ = body.take(MOST_WORDS).read_to_end(&mut start);
                self.keep_rejected(job, Answer { status, headers, body: start })?;
                growing.restart(None)?;
                return Err(not_a_file(&job.question.what, problem).into());
            }
            if read == 0 {
                break;
            }
            growing.append(&piece[..read])?;
            length += read as u64;
            if length - told >= TELL_AFTER {
                told = length;
                let what = job.question.what.clone();
                self.tell(|| Event::Received { what, bytes: length, of: total });
            }
        }
        if let Some(total) = total.filter(|total| *total != length) {
            if length > total {
                growing.restart(None)?;
            }
            let problem = format!("the file was cut short: {length} of {total} bytes");
            return Err(Setback::Again(problem, None));
        }
        self.tell(|| Event::Received { what: job.question.what.clone(), bytes: length, of: total });
        Ok(OpenedHead { status: 200, headers })
    }

    /// An answer that is no file: kept as what it is, and judged by its status.
    fn refusal(
        &self,
        job: &Download<'_>,
        status: u16,
        headers: Vec<(String, String)>,
        body: Box<dyn Read + Send>,
    ) -> Result<Setback, UpstreamError> {
        let mut words = Vec::new();
        // A refusal that is cut short is one all the same.
        let _ = body.take(MOST_WORDS).read_to_end(&mut words);
        let answer = Answer { status, headers, body: words };
        let pause = crate::judge::said_pause(&answer, self.now());
        let title = first_line(&answer.body);
        self.archive().keep(&job.question, &Request::get(&job.url), &answer)?;
        Ok(match status {
            429 => Setback::RateLimited(pause),
            408 | 425 | 500..=599 => {
                Setback::Again(format!("{status} {title}").trim().to_owned(), pause)
            }
            http_status => {
                let what = job.question.what.clone();
                Setback::Final(UpstreamError::Refused { what, http_status, title })
            }
        })
    }

    fn keep_rejected(&self, job: &Download<'_>, answer: Answer) -> Result<(), UpstreamError> {
        let what = format!("rejected {}", job.question.what);
        let question = Question { what, ..job.question.clone() };
        Ok(self.archive().keep(&question, &Request::get(&job.url), &answer)?)
    }
}

/// What is left of an answer when its body has been read.
struct OpenedHead {
    status: u16,
    headers: Vec<(String, String)>,
}

/// Fills a piece as far as the body goes; an error after some bytes is met again by the next read.
fn read_piece(body: &mut dyn Read, piece: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match body.read(&mut piece[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) if filled > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn not_a_file(what: &str, problem: String) -> UpstreamError {
    UpstreamError::NotAsAsked { what: what.to_owned(), expected: "a file".to_owned(), problem }
}

fn transport_setback(error: TransportError) -> Setback {
    match error {
        TransportError::Unusable { .. } => Setback::Final(error.into()),
        other => Setback::Again(other.to_string(), None),
    }
}

/// What tells this file from another under the same address: a weak `ETag` does not.
fn validator(headers: &[(String, String)]) -> Option<&str> {
    let strong = header(headers, "etag").filter(|etag| !etag.starts_with("W/"));
    strong.or_else(|| header(headers, "last-modified"))
}

fn number(headers: &[(String, String)], name: &str) -> Option<u64> {
    // A length of the packed form says nothing of the file.
    let is_packed = header(headers, "content-encoding").is_some_and(|coding| coding != "identity");
    header(headers, name).filter(|_| !is_packed)?.trim().parse().ok()
}

/// `bytes 100-199/200`.
fn range_start(headers: &[(String, String)]) -> Option<u64> {
    let range = header(headers, "content-range")?.trim().strip_prefix("bytes ")?;
    range.split_once('-')?.0.trim().parse().ok()
}

fn range_total(headers: &[(String, String)]) -> Option<u64> {
    header(headers, "content-range")?.rsplit_once('/')?.1.trim().parse().ok()
}

fn first_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_weak_tag_does_not_make_a_file_the_same() {
        let both =
            headers(&[("etag", "W/\"1\""), ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")]);
        assert_eq!(validator(&both), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(validator(&headers(&[("etag", "\"1\"")])), Some("\"1\""));
        assert_eq!(validator(&headers(&[("etag", "W/\"1\"")])), None);
    }

    #[test]
    fn a_range_says_where_it_begins_and_how_long_the_whole_is() {
        let range = headers(&[("content-range", "bytes 100-199/200")]);
        assert_eq!((range_start(&range), range_total(&range)), (Some(100), Some(200)));
        let open = headers(&[("content-range", "bytes 100-199/*")]);
        assert_eq!((range_start(&open), range_total(&open)), (Some(100), None));
        assert_eq!(range_start(&headers(&[("content-range", "lines 1-2/3")])), None);
    }

    #[test]
    fn the_length_of_a_packed_answer_is_not_the_files() {
        let packed = headers(&[("content-encoding", "gzip"), ("content-length", "10")]);
        assert_eq!(number(&packed, "content-length"), None);
        assert_eq!(number(&headers(&[("content-length", "10")]), "content-length"), Some(10));
    }
}
