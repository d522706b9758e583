use std::io::{Read, Write};

use super::*;
use crate::http::read_answer;

const DATA: &str = r#"{"version":"2.0","updated":"2026-02-19T07:00:00Z","value":[1,2,3]}"#;

/// All the bytes that come back, and whether the connection ended well.
fn ask(proxy: &Proxy, target: &str) -> (Vec<u8>, bool) {
    let mut stream = TcpStream::connect(proxy.address()).expect("the proxy listens");
    let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the proxy reads");
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    (bytes, ended.is_ok())
}

fn answer(proxy: &Proxy, target: &str) -> crate::Answer {
    read_answer(&ask(proxy, target).0).expect("HTTP/1.1")
}

#[test]
fn what_the_server_says_passes_unless_the_script_says_otherwise() {
    let server = Proxy::answering(DATA).start();
    let proxy = Proxy::before(&server.address())
        .fault(2, Fault::TooManyCalls(RetryAfter::Seconds(7)))
        .fault(3, Fault::Unavailable)
        .start();
    let seen: Vec<(u16, String)> = (0..4)
        .map(|_| answer(&proxy, "/data"))
        .map(|answer| (answer.status, answer.header("retry-after")))
        .collect();
    let none = String::new;
    assert_eq!(seen, [(200, none()), (429, "7".to_owned()), (503, none()), (200, none())]);
    assert_eq!(answer(&proxy, "/data").text(), DATA);
    assert_eq!((proxy.calls().len(), server.calls().len()), (5, 3));
}

#[test]
fn a_connection_is_reset_in_the_middle_of_the_body() {
    let proxy = Proxy::answering(DATA).fault(1, Fault::Reset).start();
    let (bytes, ended_well) = ask(&proxy, "/data");
    assert!(!ended_well, "a reset is seen as one");
    let body = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| &bytes[at + 4..]);
    assert_eq!(body, Some(&DATA.as_bytes()[..DATA.len() / 2]));
}

#[test]
fn a_table_changes_between_two_calls() {
    let proxy = Proxy::answering(DATA).fault_from(2, Fault::Changed).start();
    assert_eq!(answer(&proxy, "/data").text(), DATA);
    let changed = answer(&proxy, "/data").text();
    assert_eq!(
        changed,
        r#"{"version":"2.0","updated":"2099-01-01T07:00:00Z","value":[987654321,2,3]}"#
    );
}

#[test]
fn another_language_is_asked_of_the_server() {
    let server = Proxy::answering(DATA).start();
    let proxy = Proxy::before(&server.address()).fault_from(1, Fault::Language("en")).start();
    answer(&proxy, "/pxwebapi/v2/config?lang=no&x=1");
    answer(&proxy, "/api/v0/no/table/07459");
    let asked: Vec<String> = server.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(asked, ["/pxwebapi/v2/config?x=1&lang=en", "/api/v0/en/table/07459?lang=en"]);
}

#[test]
fn only_a_long_target_meets_the_gateways_page() {
    let proxy = Proxy::answering(DATA).fault_from(1, Fault::LongUrl(20)).start();
    assert_eq!(answer(&proxy, "/short").status, 200);
    let long = answer(&proxy, "/a-target-that-is-longer");
    assert_eq!((long.status, long.header("content-type").as_str()), (404, "text/html"));
}

#[test]
fn a_status_in_the_body_contradicts_the_answers() {
    let fault = Fault::Contradiction { http: 400, said: 404 };
    let proxy = Proxy::answering(DATA).fault(1, fault).start();
    let answer = answer(&proxy, "/data");
    assert_eq!(answer.status, 400);
    assert!(answer.text().ends_with("\"status\":404}"));
}

#[test]
fn compression_is_cut_but_the_length_is_kept() {
    let proxy = Proxy::answering(DATA).fault(1, Fault::TruncatedGzip).start();
    let cut = answer(&proxy, "/data");
    assert_eq!(cut.header("content-encoding"), "gzip");
    assert!(fault::gzip_stored(DATA.as_bytes()).starts_with(&cut.body));
}

#[test]
fn a_drip_takes_its_time_and_arrives_whole() {
    let fault = Fault::Drip { bytes: 16, pause: Duration::from_millis(10) };
    let proxy = Proxy::answering(DATA).fault(1, fault).start();
    let begun = Instant::now();
    assert_eq!(answer(&proxy, "/data").text(), DATA);
    assert!(begun.elapsed() >= Duration::from_millis(40), "66 bytes are five drops");
}

#[test]
fn a_post_arrives_with_its_last_byte_and_the_connection_lives_on() {
    let proxy = Proxy::answering(DATA).start();
    let mut stream = TcpStream::connect(proxy.address()).expect("the proxy listens");
    for _ in 0..2 {
        let request = "POST /data HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nabcde";
        stream.write_all(request.as_bytes()).expect("the proxy reads");
        let mut bytes = [0; 512];
        let mut seen = 0;
        while !bytes[..seen].ends_with(DATA.as_bytes()) {
            seen += stream.read(&mut bytes[seen..]).expect("the proxy answers");
        }
    }
    let bodies: Vec<Vec<u8>> = proxy.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(bodies, [b"abcde".to_vec(), b"abcde".to_vec()]);
}

#[test]
fn the_fullest_window_is_found_wherever_it_begins() {
    let start = Instant::now();
    let moments: Vec<Instant> =
        [0, 900, 950, 1000, 1899, 1900].map(|at| start + Duration::from_millis(at)).to_vec();
    assert_eq!(most_within(&moments, Duration::from_secs(1)), 4);
    assert_eq!(most_within(&moments, Duration::from_millis(100)), 2);
    assert_eq!(most_within(&[], Duration::from_secs(1)), 0);
}

#[test]
fn dates_are_written_as_http_wants_them() {
    let moment = std::time::UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(fault::http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT");
    let leap_day = std::time::UNIX_EPOCH + Duration::from_secs(951_782_400);
    assert_eq!(fault::http_date(leap_day), "Tue, 29 Feb 2000 00:00:00 GMT");
}
