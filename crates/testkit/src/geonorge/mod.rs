//! A Geonorge of the test's own: feeds, zipped GML, orders, addresses, kommuneinfo, WFS.
//!
//! Its land is made of squares around points, so that no two overlap and there is sea
//! between them. It counts its calls and goes wrong when told to: cuts connections, says
//! 429, lets links expire. Written from the protocol reference, not from our client.

mod files;
mod land;
mod services;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub use land::Place;

use crate::proxy::Call;
use crate::proxy::wire::{self, Outcome, Request, Response, Sent};
use land::Land;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Half of the body, then the connection is reset.
    Cut,
    /// So many bytes at a time, with a pause after each.
    Drip(usize, Duration),
    /// 429, to come back after so many seconds.
    TooMany(u64),
    /// The link has expired.
    Gone,
    /// A page that says sorry, with status 200.
    Sorry,
}

/// A Geonorge that has not yet begun.
#[derive(Debug, Clone)]
pub struct Script {
    land: Land,
    updated: String,
    has_feeds: bool,
    has_ranges: bool,
    troubles: Vec<(String, usize, Trouble)>,
}

impl Script {
    /// When the data were last changed, as the feeds write it.
    #[must_use]
    pub fn updated(self, updated: &str) -> Script {
        Script { updated: updated.to_owned(), ..self }
    }

    /// Without feeds: files must be ordered.
    #[must_use]
    pub fn without_feeds(self) -> Script {
        Script { has_feeds: false, ..self }
    }

    /// Without parts of files, and without tags by which they are told apart.
    #[must_use]
    pub fn without_ranges(self) -> Script {
        Script { has_ranges: false, ..self }
    }

    /// The first so many calls whose target contains `part` meet a trouble.
    #[must_use]
    pub fn trouble(mut self, part: &str, times: usize, trouble: Trouble) -> Script {
        self.troubles.push((part.to_owned(), times, trouble));
        self
    }

    /// Begins to listen on a free port of this machine.
    ///
    /// # Panics
    ///
    /// Panics when this machine has no free port.
    pub fn start(self) -> FakeGeonorge {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            script: self,
            base: format!("http://{address}"),
            calls: Mutex::default(),
            orders: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let serving = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), shared) = (stream, serving.clone()) else { continue };
                // A client that leaves in the middle is its own business.
                thread::spawn(move || drop(shared.converse(stream)));
            }
        });
        FakeGeonorge { address, shared }
    }
}

/// What the parts of the server share.
#[derive(Debug)]
struct Shared {
    script: Script,
    base: String,
    calls: Mutex<Vec<Call>>,
    orders: AtomicU64,
    looks: AtomicU64,
    over: AtomicBool,
}

/// A running Geonorge; it ends when this is dropped.
#[derive(Debug)]
pub struct FakeGeonorge {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl FakeGeonorge {
    /// With a municipality around each of these places.
    pub fn of(places: Vec<Place>) -> Script {
        Script {
            land: Land::around(places),
            updated: "2026-01-02T03:04:05".to_owned(),
            has_feeds: true,
            has_ranges: true,
            troubles: Vec::new(),
        }
    }

    /// Its address, `http://127.0.0.1:40000`.
    pub fn url(&self) -> String {
        self.shared.base.clone()
    }

    /// The calls so far, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls().clone()
    }

    /// Calls whose target contains this.
    pub fn calls_to(&self, part: &str) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.target.contains(part));
        calls
    }
}

impl Drop for FakeGeonorge {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn calls(&self) -> std::sync::MutexGuard<'_, Vec<Call>> {
        // A list of calls is whole after every step; a panic elsewhere does not spoil it.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one connection until either side ends it.
    fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        while let Some(request) = wire::read_request(&mut stream)? {
            let sent = self.outcome(&request).send(&mut stream)?;
            match sent {
                Sent::Whole if request.keeps_alive() => wire::read_last_byte(&mut stream)?,
                Sent::Whole => return wire::read_last_byte(&mut stream),
                // The request's last byte is unread: closing now resets the connection.
                Sent::CutShort => return Ok(()),
            }
        }
        Ok(())
    }

    fn outcome(&self, request: &Request) -> Outcome {
        let trouble = self.note(request);
        let answer = || services::answer(self, request);
        match trouble {
            None => Outcome::of(answer()),
            Some(Trouble::Cut) => {
                let response = answer();
                let half = response.body.len() / 2;
                Outcome::Reset(response, half)
            }
            Some(Trouble::Drip(bytes, pause)) => Outcome::Drip(answer(), bytes, pause),
            Some(Trouble::TooMany(seconds)) => {
                let response = Response::json(429, b"{\"message\":\"Too many\"}".to_vec());
                Outcome::of(response.with("retry-after", seconds.to_string()))
            }
            Some(Trouble::Gone) => Outcome::of(Response::page(410, "The link has expired")),
            Some(Trouble::Sorry) => Outcome::of(Response::page(200, "Vedlikehold")),
        }
    }

    /// Notes a call, and says what goes wrong with it.
    fn note(&self, request: &Request) -> Option<Trouble> {
        let mut calls = self.calls();
        calls.push(Call {
            at: Instant::now(),
            ended: None,
            method: request.method.clone(),
            target: request.target.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        });
        let times = |part: &str| calls.iter().filter(|call| call.target.contains(part)).count();
        let meets = |(part, most, _): &&(String, usize, Trouble)| {
            request.target.contains(part.as_str()) && times(part) <= *most
        };
        self.script.troubles.iter().find(meets).map(|(_, _, trouble)| *trouble)
    }
}
