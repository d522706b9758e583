//! The network itself, against a server that speaks bytes.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use pxweb::client::{Answer, HttpSettings, HttpTransport, Request, Transport, TransportError};

/// What is done with a connection.
type Reply = Box<dyn FnOnce(&mut TcpStream) + Send>;

/// Answers one connection after another, each as told; gives the port and what was asked.
fn serve(replies: Vec<Reply>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    let (asked, heard) = channel();
    std::thread::spawn(move || {
        for reply in replies {
            let (mut stream, _) = listener.accept().expect("somebody connects");
            // Nobody listens any more when a test has failed.
            let _ = asked.send(read_request(&mut stream));
            reply(&mut stream);
        }
    });
    (port, heard)
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut chunk = [0; 4_096];
    loop {
        let read = stream.read(&mut chunk).unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&chunk[..read]));
        let length = text.to_lowercase().split("content-length: ").nth(1).and_then(|rest| {
            rest.split("\r\n").next().and_then(|length| length.parse::<usize>().ok())
        });
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if read == 0 || body.is_some_and(|body| body >= length.unwrap_or(0)) {
            return text;
        }
    }
}

fn bytes(bytes: Vec<u8>) -> Reply {
    // A client that has given up has closed its end.
    Box::new(move |stream| drop(stream.write_all(&bytes)))
}

fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    let mut reply = format!("HTTP/1.1 {head}\r\nConnection: close\r\n").into_bytes();
    reply.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
    reply.extend_from_slice(body);
    reply
}

fn send(port: u16, settings: HttpSettings) -> Result<Answer, TransportError> {
    let url = format!("http://127.0.0.1:{port}/api/v2/config?x=1");
    let request = Request::get(url);
    HttpTransport::new(settings)?.send(&request)
}

/// A gzip file with one block that is not compressed.
fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short text");
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend_from_slice(content);
    file.extend(crc32(content).to_le_bytes());
    file.extend(u32::from(length).to_le_bytes());
    file
}

fn crc32(content: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1));
    !content.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[test]
fn an_answer_comes_whole_with_its_headers() {
    let (port, heard) = serve(vec![bytes(reply("503 Busy\r\nRetry-After: 7", b"later"))]);
    let answer = send(port, HttpSettings::default()).expect("an answer, whatever its status");
    assert_eq!((answer.status, answer.body.as_slice()), (503, b"later".as_slice()));
    assert!(answer.headers.contains(&("retry-after".to_owned(), "7".to_owned())));
    let asked = heard.recv().expect("it was asked").to_lowercase();
    assert!(asked.starts_with("get /api/v2/config?x=1 http/1.1\r\n"), "{asked}");
    assert!(asked.contains("user-agent: grunnlag/"), "{asked}");
    assert!(asked.contains("accept-encoding: gzip"), "{asked}");
}

#[test]
fn a_body_is_posted_as_json() {
    let (port, heard) = serve(vec![bytes(reply("200 OK", b"{}"))]);
    let url = format!("http://127.0.0.1:{port}/data");
    let transport = HttpTransport::new(HttpSettings::default()).expect("nothing is set");
    transport.send(&Request::post(url, "{\"selection\":[]}")).expect("an answer");
    let asked = heard.recv().expect("it was asked");
    assert!(asked.to_lowercase().contains("content-type: application/json"), "{asked}");
    assert!(asked.ends_with("{\"selection\":[]}"), "{asked}");
}

#[test]
fn the_kind_of_answer_that_is_wanted_is_said() {
    let (port, heard) = serve(vec![bytes(reply("200 OK", b"code"))]);
    let request = Request::get(format!("http://127.0.0.1:{port}/codes"));
    let transport = HttpTransport::new(HttpSettings::default()).expect("nothing is set");
    transport.send(&request.accepting("text/csv;charset=UTF-8")).expect("an answer");
    let asked = heard.recv().expect("it was asked").to_lowercase();
    assert_eq!(asked.matches("accept: text/csv;charset=utf-8").count(), 1, "{asked}");
    assert!(!asked.contains("*/*"), "{asked}");
}

#[test]
fn compression_is_undone() {
    let body = gzip(b"{\"value\":[1,2,3]}");
    let (port, _) = serve(vec![bytes(reply("200 OK\r\nContent-Encoding: gzip", &body))]);
    let answer = send(port, HttpSettings::default()).expect("an answer");
    assert_eq!(answer.body, b"{\"value\":[1,2,3]}");
}

fn is_cut(result: &Result<Answer, TransportError>) -> bool {
    matches!(result, Err(TransportError::CutShort { .. }))
}

#[test]
fn compression_that_is_cut_short_is_not_an_answer() {
    let whole = gzip(b"{\"value\":[1,2,3]}");
    for length in [0, 5, 14, 20, whole.len() - 9, whole.len() - 4, whole.len() - 1] {
        let cut = reply("200 OK\r\nContent-Encoding: gzip", &whole[..length]);
        let (port, _) = serve(vec![bytes(cut)]);
        let result = send(port, HttpSettings::default());
        assert!(is_cut(&result), "{length} bytes: {result:?}");
    }
}

#[test]
fn a_connection_that_ends_too_early_is_not_an_answer() {
    let whole = reply("200 OK", b"{\"value\":[1,2,3]}");
    let half = whole[..whole.len() - 5].to_vec();
    let (port, _) = serve(vec![bytes(half)]);
    let result = send(port, HttpSettings::default());
    assert!(is_cut(&result), "in the body: {result:?}");
    let (port, _) = serve(vec![bytes(b"HTTP/1.1 200 O".to_vec())]);
    let result = send(port, HttpSettings::default());
    assert!(is_cut(&result), "in the head: {result:?}");
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"val\r\n";
    let (port, _) = serve(vec![bytes(chunked.to_vec())]);
    let result = send(port, HttpSettings::default());
    assert!(is_cut(&result), "between chunks: {result:?}");
}

#[test]
fn a_slow_drip_ends_at_the_time_limit() {
    let drip = Box::new(|stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for _ in 0..100 {
            if stream.write_all(b" ").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let (port, _) = serve(vec![drip]);
    let timeout = Duration::from_millis(300);
    let result = send(port, HttpSettings { timeout, ..HttpSettings::default() });
    assert!(matches!(result, Err(TransportError::TimedOut { .. })), "{result:?}");
}

#[test]
fn nobody_listening_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    drop(listener);
    let result = send(port, HttpSettings::default());
    assert!(matches!(result, Err(TransportError::Unreachable { .. })), "{result:?}");
}

#[test]
fn an_answer_larger_than_allowed_is_refused() {
    let (port, _) = serve(vec![bytes(reply("200 OK", &[b' '; 2_000]))]);
    let result = send(port, HttpSettings { max_body: 1_000, ..HttpSettings::default() });
    assert!(matches!(result, Err(TransportError::Unusable { .. })), "{result:?}");
}

#[test]
fn a_redirection_is_followed_three_times_and_no_more() {
    let onward = || bytes(reply("302 Found\r\nLocation: /elsewhere", b""));
    let (port, heard) = serve(vec![onward(), onward(), onward(), bytes(reply("200 OK", b"here"))]);
    let answer = send(port, HttpSettings::default()).expect("the third leads there");
    assert_eq!(answer.body, b"here");
    assert!(heard.iter().nth(1).is_some_and(|asked| asked.starts_with("GET /elsewhere ")));
    let (port, _) = serve((0..5).map(|_| onward()).collect());
    let result = send(port, HttpSettings::default());
    assert!(matches!(result, Err(TransportError::Unusable { .. })), "{result:?}");
}

#[test]
fn other_machines_are_not_asked_without_encryption() {
    let transport = HttpTransport::new(HttpSettings::default()).expect("nothing is set");
    let request = |url: &str| Request::get(url);
    let result = transport.send(&request("http://192.0.2.1/api/v2/config"));
    assert!(matches!(result, Err(TransportError::Unusable { .. })), "{result:?}");
    let result = transport.send(&request("file:///etc/passwd"));
    assert!(matches!(result, Err(TransportError::Unusable { .. })), "{result:?}");
}

#[test]
fn a_proxy_is_asked_for_other_machines_and_not_for_this_one() {
    let (proxy, heard) = serve(vec![bytes(reply("502 Bad gateway", b""))]);
    let settings = HttpSettings {
        proxy: Some(format!("http://127.0.0.1:{proxy}")),
        plain_hosts: vec!["statbank.example".to_owned()],
        ..HttpSettings::default()
    };
    let (port, _) = serve(vec![bytes(reply("200 OK", b"direct"))]);
    let answer = send(port, settings.clone()).expect("this machine is reached directly");
    assert_eq!(answer.body, b"direct");
    let transport = HttpTransport::new(settings).expect("the proxy has an address");
    let url = "https://statbank.example/api/v2/config".to_owned();
    let result = transport.send(&Request::get(url));
    assert!(result.is_err(), "the proxy refuses");
    let asked = heard.recv().expect("the proxy was asked");
    assert!(asked.starts_with("CONNECT statbank.example:443 "), "{asked}");
}

#[test]
fn certificates_that_cannot_be_used_are_named() {
    let folder = std::env::temp_dir();
    let file = folder.join(format!("grunnlag-no-certificate-{}.pem", std::process::id()));
    std::fs::write(&file, "not a certificate").expect("the folder can be written");
    let with = |certificates| {
        HttpTransport::new(HttpSettings { certificates, ..HttpSettings::default() }).err()
    };
    let named = |error: Option<TransportError>| error.map(|error| error.to_string());
    let empty = named(with(Some(file.clone()))).expect("there is none in it");
    assert!(empty.ends_with("there is no certificate in PEM in this file"), "{empty}");
    std::fs::remove_file(&file).expect("it was written");
    let absent = named(with(Some(file))).expect("it is gone");
    assert!(absent.contains("grunnlag-no-certificate"), "{absent}");
}
