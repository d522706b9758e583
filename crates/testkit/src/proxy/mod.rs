//! A proxy that counts, and that goes wrong when told to.
//!
//! It stands between a client and a server and speaks HTTP/1.1 with both. Each
//! call is noted with its moment, so that a test can ask how many fell in any
//! window of time; a script says which calls meet a fault.
//!
//! Only the standard library: what is tested here must not be what tests it.

pub(crate) mod fault;
pub(crate) mod wire;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::ops::RangeFrom;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub use fault::{Fault, RetryAfter};
use wire::{Outcome, Request, Sent};

/// One call as it came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// When the request had come.
    pub at: Instant,
    /// When its answer had been sent, or given up.
    pub ended: Option<Instant>,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// Body of the request.
    pub body: Vec<u8>,
}

/// Where answers come from when there is no fault.
#[derive(Debug, Clone)]
enum Origin {
    /// `host:port` of a server.
    Server(String),
    /// The same JSON for everyone.
    Fixed(Vec<u8>),
}

/// Which calls meet a fault; the first call is 1.
#[derive(Debug, Clone)]
enum When {
    Once(usize),
    From(RangeFrom<usize>),
    Target(String),
}

/// A proxy that has not yet begun.
#[derive(Debug, Clone)]
pub struct Script {
    origin: Origin,
    faults: Vec<(When, Fault)>,
}

impl Script {
    /// The `nth` call meets a fault; the first call is 1.
    #[must_use]
    pub fn fault(mut self, nth: usize, fault: Fault) -> Script {
        self.faults.push((When::Once(nth), fault));
        self
    }

    /// Every call from the `nth` meets a fault.
    #[must_use]
    pub fn fault_from(mut self, nth: usize, fault: Fault) -> Script {
        self.faults.push((When::From(nth..), fault));
        self
    }

    /// Every call whose target contains `part` meets a fault.
    #[must_use]
    pub fn fault_at(mut self, part: &str, fault: Fault) -> Script {
        self.faults.push((When::Target(part.to_owned()), fault));
        self
    }

    /// Begins to listen on a free port of this machine.
    ///
    /// # Panics
    ///
    /// Panics when this machine has no free port.
    pub fn start(self) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            script: self,
            calls: Mutex::default(),
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
        Proxy { address, shared }
    }
}

#[derive(Debug)]
struct Shared {
    script: Script,
    calls: Mutex<Vec<Call>>,
    over: AtomicBool,
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
            let nth = self.note(&request);
            let outcome = match self.fault_for(nth, &request.target) {
                Some(fault) => fault.answer(&request, |asked| self.origin_answer(asked)),
                None => Outcome::of(self.origin_answer(&request)),
            };
            let sent = outcome.send(&mut stream);
            if let Some(call) = self.calls().get_mut(nth - 1) {
                call.ended = Some(Instant::now());
            }
            match sent? {
                Sent::Whole if request.keeps_alive() => wire::read_last_byte(&mut stream)?,
                Sent::Whole => return wire::read_last_byte(&mut stream),
                // The request's last byte is unread: closing now resets the connection.
                Sent::CutShort => return Ok(()),
            }
        }
        Ok(())
    }

    /// Notes a call and returns its number, from 1.
    fn note(&self, request: &Request) -> usize {
        let mut calls = self.calls();
        calls.push(Call {
            at: Instant::now(),
            ended: None,
            method: request.method.clone(),
            target: request.target.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        });
        calls.len()
    }

    fn fault_for(&self, nth: usize, target: &str) -> Option<&Fault> {
        let meets = |when: &When| match when {
            When::Once(once) => *once == nth,
            When::From(from) => from.contains(&nth),
            When::Target(part) => target.contains(part.as_str()),
        };
        self.script.faults.iter().find(|(when, _)| meets(when)).map(|(_, fault)| fault)
    }

    fn origin_answer(&self, request: &Request) -> wire::Response {
        match &self.script.origin {
            Origin::Fixed(body) => wire::Response::json(200, body.clone()),
            Origin::Server(address) => wire::forward(address, request).unwrap_or_else(|error| {
                wire::Response::page(502, &format!("the server behind the proxy: {error}"))
            }),
        }
    }
}

/// A running proxy; it ends when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Stands before the server at `host:port`.
    pub fn before(address: &str) -> Script {
        Script { origin: Origin::Server(address.to_owned()), faults: Vec::new() }
    }

    /// Stands alone, and answers every call with the same JSON.
    pub fn answering(json: &str) -> Script {
        Script { origin: Origin::Fixed(json.as_bytes().to_vec()), faults: Vec::new() }
    }

    /// `host:port` that it listens on.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Address of a path, `/pxwebapi/v2`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The calls so far, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls().clone()
    }

    /// The most calls that came within any window of this length.
    pub fn most_calls_within(&self, window: Duration) -> usize {
        let moments: Vec<Instant> = self.shared.calls().iter().map(|call| call.at).collect();
        most_within(&moments, window)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address).and_then(|mut stream| stream.flush());
    }
}

/// The most of `moments`, which are in order, in any half-open window.
fn most_within(moments: &[Instant], window: Duration) -> usize {
    let (mut most, mut first) = (0, 0);
    for (last, moment) in moments.iter().enumerate() {
        while moment.duration_since(moments[first]) >= window {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests;
