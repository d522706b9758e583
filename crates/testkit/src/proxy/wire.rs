//! The least HTTP/1.1 that a proxy needs.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::http::read_answer;

/// A request, read but for its last byte.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn keeps_alive(&self) -> bool {
        !self.header("connection").eq_ignore_ascii_case("close")
    }
}

/// An answer, from the server behind or of the proxy's own.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Response {
        let kind = "application/json; charset=utf-8".to_owned();
        Response { status, headers: vec![("content-type".to_owned(), kind)], body }
    }

    pub(crate) fn page(status: u16, title: &str) -> Response {
        let body = format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
        );
        let kind = "text/html".to_owned();
        Response {
            status,
            headers: vec![("content-type".to_owned(), kind)],
            body: body.into_bytes(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Response {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// How an answer is sent.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// As it should be.
    Whole(Response),
    /// Only the first bytes of the body, then the connection is reset.
    Reset(Response, usize),
    /// So many bytes at a time, with pauses.
    Drip(Response, usize, Duration),
    /// Nothing for so long, then the whole.
    Late(Response, Duration),
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Whole,
    CutShort,
}

impl Outcome {
    pub(crate) fn of(response: Response) -> Outcome {
        Outcome::Whole(response)
    }

    pub(crate) fn send(self, stream: &mut TcpStream) -> io::Result<Sent> {
        match self {
            Outcome::Whole(response) => {
                let mut bytes = head(&response);
                bytes.extend_from_slice(&response.body);
                stream.write_all(&bytes)?;
            }
            Outcome::Reset(response, shown) => {
                stream.write_all(&head(&response))?;
                stream.write_all(&response.body[..shown.min(response.body.len())])?;
                stream.flush()?;
                // Lets the first part arrive before the reset overtakes it.
                thread::sleep(Duration::from_millis(20));
                return Ok(Sent::CutShort);
            }
            Outcome::Drip(response, bytes, pause) => {
                stream.write_all(&head(&response))?;
                for piece in response.body.chunks(bytes.max(1)) {
                    stream.write_all(piece)?;
                    stream.flush()?;
                    thread::sleep(pause);
                }
            }
            Outcome::Late(response, pause) => {
                thread::sleep(pause);
                return Outcome::Whole(response).send(stream);
            }
        }
        Ok(Sent::Whole)
    }
}

fn head(response: &Response) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        if !matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", response.body.len()));
    head.into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        206 => "Partial Content",
        400 => "Bad Request",
        404 => "Not Found",
        410 => "Gone",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

/// Reads a request but for its last byte; `None` when the client is done.
///
/// A socket that is closed with unread bytes resets the connection: the last
/// byte is what makes [`Outcome::Reset`] possible without a system call of its own.
pub(crate) fn read_request(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut byte = [0_u8];
    while !head.ends_with(b"\r\n\r") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let Some(mut request) = parse_head(&head) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not HTTP/1.1"));
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    if length > 0 {
        stream.read_exact(&mut byte)?;
        if request.header("expect").eq_ignore_ascii_case("100-continue") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = vec![0; length];
        stream.read_exact(&mut request.body[..length - 1])?;
        // The byte is in the queue, or soon will be: looked at, it stays there.
        stream.peek(&mut byte)?;
        request.body[length - 1] = byte[0];
    }
    Ok(Some(request))
}

pub(crate) fn read_last_byte(stream: &mut TcpStream) -> io::Result<()> {
    stream.read_exact(&mut [0_u8])
}

fn parse_head(head: &[u8]) -> Option<Request> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.trim_end_matches('\r').split("\r\n").filter(|line| !line.is_empty());
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Request { method, target, headers, body: Vec::new() })
}

/// Asks the server behind, and reads its whole answer without compression.
pub(crate) fn forward(address: &str, request: &Request) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    for (name, value) in &request.headers {
        let is_ours = matches!(
            name.as_str(),
            "connection" | "accept-encoding" | "content-length" | "transfer-encoding" | "expect"
        );
        if !is_ours {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("connection: close\r\ncontent-length: {}\r\n\r\n", request.body.len()));
    stream.write_all(head.as_bytes())?;
    stream.write_all(&request.body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let answer = read_answer(&bytes)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not HTTP/1.1"))?;
    Ok(Response { status: answer.status, headers: answer.headers, body: answer.body })
}
