//! A server of the test's own, and the least HTTP that can ask it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::command::{grunnlag, isolate};

/// A running `grunnlag serve`; it ends when this is dropped.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// `host:port` that it listens on.
    pub address: String,
    /// The line that it greets with.
    pub greeting: String,
}

/// An answer over HTTP.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, with their values, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined, as encoded by the server.
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the values of a header, joined by commas; empty when it is absent.
    pub fn header(&self, name: &str) -> String {
        let found = self.headers.iter().filter(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Starts a server on a free port of this machine.
pub fn serve() -> Served {
    serve_with(&[])
}

/// Starts a server on a free port, with more arguments.
///
/// # Panics
///
/// Panics when it ends before it has greeted.
pub fn serve_with(args: &[&str]) -> Served {
    start(&[&["serve", "--listen", "127.0.0.1:0", "--no-open"], args].concat())
}

/// Serves a folder of PX and JSON-stat files as a PxWeb server, on a free port.
///
/// # Panics
///
/// Panics when it ends before it has greeted, as when no file can be read.
pub fn serve_folder(folder: &Path) -> Served {
    serve_folder_with(folder, &[])
}

/// As [`serve_folder`], with more arguments.
///
/// # Panics
///
/// As [`serve_folder`].
pub fn serve_folder_with(folder: &Path, args: &[&str]) -> Served {
    let folder = folder.to_str().expect("a path in UTF-8");
    start(&[&["px", "serve", folder, "--listen", "127.0.0.1:0"], args].concat())
}

fn start(args: &[&str]) -> Served {
    let mut command = Command::new(grunnlag());
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped());
    isolate(&mut command);
    let mut child = command.spawn().expect("the built binary can be started");
    let mut greeting = String::new();
    let stdout = child.stdout.take().expect("standard output is piped");
    BufReader::new(stdout).read_line(&mut greeting).expect("the server greets in text");
    let address = greeting
        .split_once("http://")
        .and_then(|(_, rest)| rest.split('/').next())
        .unwrap_or_else(|| panic!("the server ended without an address: {greeting:?}"))
        .to_owned();
    Served { child, address, greeting }
}

impl Served {
    /// Asks for a path, with headers such as `("accept-encoding", "br")`.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers)
    }

    /// Sends one request without a body and reads the answer to its end.
    ///
    /// A `host` among the headers replaces the true one.
    ///
    /// # Panics
    ///
    /// Panics when the server is gone or does not speak HTTP/1.1.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout above zero");
        let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            request.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the server answers");
        read_answer(&bytes).expect("the answer is HTTP/1.1")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[end + 4..];
    let is_chunked =
        headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if is_chunked { join_chunks(rest)? } else { rest.to_vec() };
    Some(Answer { status, headers, body })
}

fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        let raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let answer = read_answer(raw).expect("an answer");
        assert_eq!((answer.status, answer.text().as_str()), (200, "abcde"));
        assert_eq!(answer.header("transfer-encoding"), "chunked");
    }

    #[test]
    fn a_chunk_cut_short_is_no_answer() {
        assert!(
            read_answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc").is_none()
        );
    }
}
