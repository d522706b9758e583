//! PxWeb's interface on HTTP: requests to `pxweb::mirror`, its replies to the connection.
//!
//! A reply is computed, and a large body written, on a thread that may block;
//! pieces of the body travel to the connection through a short queue, so that a
//! slow reader holds back the writer and nothing piles up.

use std::collections::VecDeque;
use std::io::{self, BufWriter, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST, RETRY_AFTER};
use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, Response as HttpResponse, StatusCode,
    Version,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use pxweb::mirror::{Ask, Mirror, Reply, Shelf, Writer, is_mirrored};
use pxweb::{Fault, FaultKind};
use tokio::sync::mpsc;

/// Bytes of one piece of a body.
const PIECE: usize = 64 * 1024;

/// Pieces that may wait for the connection.
const WAITING: usize = 4;

/// The largest body of a request: a list of all basic statistical units takes half a megabyte.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Answers PxWeb's interface, whatever the shelf.
pub trait MirrorHandle: Send + Sync {
    /// Answers one request; may take its time.
    fn reply(&self, ask: &Ask) -> Reply;
}

impl<S: Shelf> MirrorHandle for Mirror<S> {
    fn reply(&self, ask: &Ask) -> Reply {
        Mirror::reply(self, ask)
    }
}

/// A mirror, and how often it may be asked.
#[derive(Clone)]
pub struct Mirrored {
    handle: Arc<dyn MirrorHandle>,
    limiter: Option<Arc<Limiter>>,
}

impl Mirrored {
    /// A mirror that may be asked as often as one likes.
    pub fn new(handle: Arc<dyn MirrorHandle>) -> Mirrored {
        Mirrored { handle, limiter: None }
    }

    /// Answers 429 beyond a limit, for all clients together.
    #[must_use]
    pub fn limited(self, limit: RateLimit) -> Mirrored {
        Mirrored { limiter: Some(Arc::new(Limiter { limit, calls: Mutex::default() })), ..self }
    }
}

impl std::fmt::Debug for Mirrored {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Mirrored").field("limiter", &self.limiter).finish_non_exhaustive()
    }
}

/// So many calls in any window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls.
    pub calls: u32,
    /// Window.
    pub window: Duration,
}

#[derive(Debug)]
struct Limiter {
    limit: RateLimit,
    /// Moments of the calls that were let through, oldest first.
    calls: Mutex<VecDeque<Instant>>,
}

impl Limiter {
    /// Calls that are left in the window, or how long to wait for one.
    fn take(&self, now: Instant) -> Result<usize, Duration> {
        let allowed = self.limit.calls as usize;
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        while calls.front().is_some_and(|first| now.duration_since(*first) >= self.limit.window) {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= allowed => {
                Err(self.limit.window - now.duration_since(*first))
            }
            None if allowed == 0 => Err(self.limit.window),
            _ => {
                calls.push_back(now);
                Ok(allowed - calls.len())
            }
        }
    }

    /// The headers in which Statistics Norway states its limit.
    fn state(&self, headers: &mut HeaderMap, left: usize) {
        let RateLimit { calls, window } = self.limit;
        let policy = format!("{calls};w={}s", window.as_secs());
        let stated = [
            ("x-ratelimit-limit", calls.to_string()),
            ("x-ratelimit-policy", policy),
            ("x-ratelimit-remaining", left.to_string()),
        ];
        for (name, value) in stated {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }

    fn refuse(&self, path: &str, wait: Duration) -> Response {
        let RateLimit { calls, window } = self.limit;
        let fault = Fault::new(FaultKind::RateLimited);
        let is_old = path.to_ascii_lowercase().starts_with("/api/v0");
        let (kind, body) = match fault.v0_body().filter(|_| is_old) {
            Some(body) => ("application/json; charset=utf-8", body.to_string()),
            None => {
                let seconds = window.as_secs();
                let words = "API calls quota exceeded! maximum admitted";
                ("text/plain", format!("{words} {calls} per {seconds}s."))
            }
        };
        let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        // Rounded up: a client that comes back to the second must not be early.
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
        self.state(headers, 0);
        response
    }
}

/// Answers what belongs to the mirror, and passes on the rest.
pub(crate) async fn answer(
    State(mirrored): State<Mirrored>,
    request: Request,
    next: Next,
) -> Response {
    if !is_mirrored(request.uri().path()) {
        return next.run(request).await;
    }
    let Some(limiter) = mirrored.limiter.clone() else {
        return answer_now(&mirrored, request).await;
    };
    match limiter.take(Instant::now()) {
        Err(wait) => limiter.refuse(request.uri().path(), wait),
        Ok(left) => {
            let mut response = answer_now(&mirrored, request).await;
            limiter.state(response.headers_mut(), left);
            response
        }
    }
}

async fn answer_now(mirrored: &Mirrored, request: Request) -> Response {
    let method = request.method().clone();
    let Some(ask) = read(request).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let handle = mirrored.handle.clone();
    let Ok(reply) = tokio::task::spawn_blocking(move || handle.reply(&ask)).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    respond(reply, &method)
}

/// What is packed already gains nothing from being packed again.
pub(crate) fn is_compressible(
    _: StatusCode,
    _: Version,
    headers: &HeaderMap,
    _: &Extensions,
) -> bool {
    let name = headers.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    !name.is_some_and(|name| name.ends_with(".parquet\"") || name.ends_with(".xlsx\""))
}

async fn read(request: Request) -> Option<Ask> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let root = format!("http://{}", host.unwrap_or("localhost"));
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut ask = Ask::of(request.method().as_str(), target, &root);
    ask.body = to_bytes(request.into_body(), LARGEST_BODY).await.ok()?.to_vec();
    Some(ask)
}

fn respond(reply: Reply, method: &Method) -> Response {
    let body = match reply.body {
        _ if method == Method::HEAD => Body::empty(),
        pxweb::mirror::Body::Whole(bytes) => Body::from(bytes),
        pxweb::mirror::Body::Streamed(write) => Body::new(stream(write)),
    };
    let mut response = HttpResponse::new(body);
    let status = StatusCode::from_u16(reply.status);
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Writes on a thread of its own, into pieces that the connection takes.
fn stream(write: Writer) -> Pieces {
    let (sender, pieces) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(PIECE, Outlet(sender.clone()));
        let written = write(&mut out).and_then(|()| out.flush());
        if let Err(error) = written {
            // Whoever asked may be gone: then there is nobody to tell.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Pieces(pieces)
}

/// Where the writer puts its pieces; it fails when the reader has gone, which ends the writing.
struct Outlet(mpsc::Sender<io::Result<Bytes>>);

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The pieces as a body. An error in the middle ends the connection, so that
/// nobody takes half a body for a whole.
struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_too_many_waits_until_the_first_leaves_the_window() {
        let limit = RateLimit { calls: 2, window: Duration::from_secs(10) };
        let limiter = Limiter { limit, calls: Mutex::default() };
        let start = Instant::now();
        let at = |seconds| limiter.take(start + Duration::from_secs(seconds));
        assert_eq!((at(0), at(4), at(9)), (Ok(1), Ok(0), Err(Duration::from_secs(1))));
        assert_eq!((at(10), at(11)), (Ok(0), Err(Duration::from_secs(3))));
    }
}
