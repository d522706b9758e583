//! A Klass of the test's own: codes, changes, languages, and what the real one refuses.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What a made-up Klass knows.
#[derive(Debug, Clone)]
pub struct Klass {
    /// Path and query, below `/api/klass/v1`, to a body of JSON.
    recordings: BTreeMap<String, Vec<u8>>,
    /// Classification to changes: day, old code and name, new code and name; empty for none.
    changes: BTreeMap<u32, Vec<[&'static str; 5]>>,
    /// Classification to codes and names.
    codes: BTreeMap<u32, Vec<[&'static str; 2]>>,
    languages: Vec<&'static str>,
    entries: usize,
}

impl Default for Klass {
    fn default() -> Klass {
        Klass {
            recordings: BTreeMap::new(),
            changes: BTreeMap::new(),
            codes: BTreeMap::new(),
            languages: vec!["nb", "nn", "en"],
            entries: 0,
        }
    }
}

/// A Klass that listens; it ends when this is dropped.
#[derive(Debug)]
pub struct KlassServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    klass: Klass,
    asked: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Klass {
    /// Knows nothing yet.
    pub fn new() -> Klass {
        Klass::default()
    }

    /// Answers a path with query, such as `/classifications/131/codesAt?date=…`, with JSON.
    #[must_use]
    pub fn recorded(mut self, target: &str, body: impl Into<Vec<u8>>) -> Klass {
        self.recordings.insert(target.to_owned(), body.into());
        self
    }

    /// Changes of a classification: day, old code and name, new code and name.
    ///
    /// As in the real one, a range that spans more than one day of changes is answered with 404.
    #[must_use]
    pub fn changes(mut self, id: u32, changes: &[[&'static str; 5]]) -> Klass {
        self.changes.insert(id, changes.to_vec());
        self
    }

    /// Codes of a classification, the same on every day.
    #[must_use]
    pub fn codes(mut self, id: u32, codes: &[[&'static str; 2]]) -> Klass {
        self.codes.insert(id, codes.to_vec());
        self
    }

    /// Published in these languages only.
    #[must_use]
    pub fn only_in(mut self, languages: &[&'static str]) -> Klass {
        self.languages = languages.to_vec();
        self
    }

    /// Lists so many classifications, on pages.
    #[must_use]
    pub fn listing(mut self, entries: usize) -> Klass {
        self.entries = entries;
        self
    }

    /// Begins to listen on a free port of this machine.
    ///
    /// # Panics
    ///
    /// Panics when this machine has no free port.
    pub fn start(self) -> KlassServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let over = AtomicBool::new(false);
        let shared = Arc::new(Shared { klass: self, asked: Mutex::default(), over });
        let serving = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.over.load(Ordering::SeqCst) {
                    return;
                }
                // A client that leaves in the middle is its own business.
                let _ = stream.and_then(|stream| serving.converse(stream));
            }
        });
        KlassServer { address, shared }
    }

    fn answer(&self, target: &str, accept: &str) -> Answer {
        let target = target.strip_prefix("/api/klass/v1").unwrap_or(target);
        if let Some(body) = self.recordings.get(target) {
            return Answer { status: 200, kind: "application/json", body: body.clone() };
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parameter = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
        };
        let language = Some(parameter("language")).filter(|one| !one.is_empty()).unwrap_or("nb");
        if !self.languages.contains(&language) {
            let name = if language == "en" { "ENGLISH" } else { "NYNORSK" };
            return Answer::problem(
                404,
                &format!("Classification is not published in language: {name}"),
            );
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["classifications"] => self.page(parameter("page").parse().unwrap_or(0)),
            ["classifications", id, "changes"] => {
                self.changed(id, parameter("from")..parameter("to"))
            }
            ["classifications", id, "codesAt" | "codes"] => self.listed(id, accept),
            _ => Answer::problem(404, "No static resource"),
        }
    }

    fn changed(&self, id: &str, days: std::ops::Range<&str>) -> Answer {
        let Some(changes) = id.parse().ok().and_then(|id: u32| self.changes.get(&id)) else {
            return Answer::problem(404, &format!("Classification not found with id {id}"));
        };
        let is_open = days.end.is_empty();
        let within = |day: &str| days.start < day && (is_open || day < days.end);
        let found: Vec<_> = changes.iter().filter(|change| within(change[0])).collect();
        let first = found.first().map(|change| change[0]);
        if found.iter().any(|change| Some(change[0]) != first) {
            return Answer::problem(404, "Change table not found between versions");
        }
        let rows = found.iter().map(|[day, old, old_name, new, new_name]| {
            let text = |text: &str| match text {
                "" => "null".to_owned(),
                text => format!("\"{text}\""),
            };
            format!(
                "{{\"oldCode\":{},\"oldName\":{},\"oldShortName\":\"\",\"newCode\":{},\"newName\":{},\
                 \"newShortName\":\"\",\"changeOccurred\":\"{day}\"}}",
                text(old),
                text(old_name),
                text(new),
                text(new_name)
            )
        });
        let rows: Vec<String> = rows.collect();
        Answer::json(format!("{{\"codeChanges\":[{}]}}", rows.join(",")))
    }

    fn listed(&self, id: &str, accept: &str) -> Answer {
        let Some(codes) = id.parse().ok().and_then(|id: u32| self.codes.get(&id)) else {
            return Answer::problem(404, &format!("Classification not found with id {id}"));
        };
        if !accept.starts_with("text/csv") {
            let rows = codes.iter().map(|[code, name]| {
                format!("{{\"code\":\"{code}\",\"parentCode\":null,\"level\":\"1\",\"name\":\"{name}\"}}")
            });
            let rows: Vec<String> = rows.collect();
            return Answer::json(format!("{{\"codes\":[{}]}}", rows.join(",")));
        }
        let mut text = "\"code\",\"parentCode\",\"level\",\"name\"\n".to_owned();
        for [code, name] in codes {
            text.push_str(&format!("\"{code}\",\"\",\"1\",\"{name}\"\n"));
        }
        // What ISO-8859-1 lacks becomes a question mark, as in the real one.
        let latin = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
        let is_utf8 = accept.to_ascii_lowercase().contains("charset=utf-8");
        let body = if is_utf8 { text.into_bytes() } else { text.chars().map(latin).collect() };
        Answer { status: 200, kind: "text/csv", body }
    }

    fn page(&self, number: usize) -> Answer {
        const SIZE: usize = 20;
        let last = self.entries.div_ceil(SIZE);
        let ids = (number * SIZE + 1)..=self.entries.min((number + 1) * SIZE);
        let entries: Vec<String> =
            ids.map(|id| format!("{{\"name\":\"Kodeverk {id}\",\"id\":{id}}}")).collect();
        let next = match number + 1 < last {
            true => format!(
                "\"next\":{{\"href\":\"/api/klass/v1/classifications?page={}\"}}",
                number + 1
            ),
            false => String::new(),
        };
        Answer::json(format!(
            "{{\"_embedded\":{{\"classifications\":[{}]}},\"_links\":{{{next}}},\"page\":{{\"size\":{SIZE},\
             \"totalElements\":{},\"totalPages\":{last},\"number\":{number}}}}}",
            entries.join(","),
            self.entries
        ))
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn json(body: String) -> Answer {
        Answer { status: 200, kind: "application/json", body: body.into_bytes() }
    }

    fn problem(status: u16, detail: &str) -> Answer {
        let body = format!(
            "{{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":{status},\"detail\":\"{detail}\"}}"
        );
        Answer { status, kind: "application/problem+json", body: body.into_bytes() }
    }
}

impl Shared {
    fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut accept = String::new();
        for line in lines {
            let line = line?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("accept")
            {
                value.trim().clone_into(&mut accept);
            }
        }
        let answer = self.klass.answer(&target, &accept);
        let asked = format!("{target} {accept} {}", answer.status);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        let head = format!(
            "HTTP/1.1 {} -\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            answer.status,
            answer.kind,
            answer.body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&answer.body)
    }
}

impl KlassServer {
    /// Where it answers: `http://127.0.0.1:…/api/klass/v1`.
    pub fn base(&self) -> String {
        format!("http://{}/api/klass/v1", self.address)
    }

    /// What was asked so far: target, what was accepted, and the status of the answer.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for KlassServer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}
