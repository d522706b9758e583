//! The mirror over loopback, and a sync of forty tables from it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cube::jsonstat;
use indicators::{Pack, PackFiles};
use ingest::{Line, Options, Progress, Site, Sources, SyncEvent};
use pxweb::Server;
use pxweb::client::{Hours, HttpSettings, HttpTransport, Pace, Settings, SystemClock};
use store::Snapshot;
use store::archive::Archive;

use crate::made::{self, Gaps};
use crate::{plain, repeated, row};

/// Prints the rows on the mirror and the sync.
pub fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let full = folder.path().join("12058.json");
    std::fs::write(&full, jsonstat::to_vec(&made::cube(Gaps::Many))).expect("a file");
    let served = testkit::serve_folder(folder.path());
    let all = "/pxwebapi/v2/tables/12058/data?lang=no&valueCodes[KOKkommuneregion0000]=*\
               &valueCodes[ContentsCode]=*&valueCodes[Tid]=*";
    let mut first = Vec::new();
    let mut last = repeated(9, || {
        let start = Instant::now();
        let (first_byte, bytes) = whole_answer(&served.address, all, start);
        assert!(bytes > 5_000_000, "the whole table is large: {bytes}");
        first.push(first_byte);
        start.elapsed()
    });
    row("mirror: full json-stat2 answer, first byte", &mut first, "10 ms", None);
    row("mirror: full json-stat2 answer, last byte", &mut last, "80 ms", None);
    small_queries(&served.address);
    drop(served);
    syncing();
}

/// Time to the first byte of the body's head, and the bytes in all.
fn whole_answer(address: &str, target: &str, start: Instant) -> (Duration, usize) {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = stream.read(&mut buffer).expect("the server answers");
    let first = start.elapsed();
    loop {
        match stream.read(&mut buffer).expect("the server answers to the end") {
            0 => return (first, bytes),
            more => bytes += more,
        }
    }
}

/// Four connections that ask for four cells at a time for two seconds.
fn small_queries(address: &str) {
    let target = "/pxwebapi/v2/tables/12058/data?lang=no&valueCodes[KOKkommuneregion0000]=0001,0002\
                  &valueCodes[ContentsCode]=KOSsyntetisk0001&valueCodes[Tid]=top(2)";
    let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let (over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(address).expect("the server listens");
                stream.set_nodelay(true).expect("a socket");
                let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
                while !over.load(Ordering::Relaxed) {
                    stream.write_all(request.as_bytes()).expect("the server reads");
                    read_one(&mut reader);
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(2));
        over.store(true, Ordering::Relaxed);
    });
    let each = answers.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    println!(
        "| mirror: queries of 4 cells, 4 connections, the asker on the same cores | {each:.0} per second | – | 5,000 | – | – |"
    );
}

/// Reads one answer that says its length.
fn read_one(reader: &mut impl BufRead) {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a head");
        if line == "\r\n" {
            break;
        }
        if let Some(stated) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = stated.trim().parse().expect("a length");
        }
    }
    assert!(length > 0, "a small answer says its length");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
}

const TABLES: usize = 40;

/// Forty tables at twenty calls in five seconds, beside the least that this pace allows.
fn syncing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tables = folder.path().join("tables");
    std::fs::create_dir(&tables).expect("a folder");
    let mut sources = String::from("[symbols]\n\".\" = \"not_applicable\"\n\n");
    for table in 0..TABLES {
        let id = format!("9{table:04}");
        std::fs::write(tables.join(format!("{id}.json")), small_table(&id)).expect("a file");
        sources.push_str(&source(&id));
    }
    let served = testkit::serve_folder(&tables);
    let proxy = testkit::proxy::Proxy::before(&served.address).start();
    let sources = Sources::parse("sources.toml", &sources).expect("sources of our own");
    let archive = Archive::open(folder.path()).expect("an archive");
    let pack = Pack::load_default(&PackFiles::Embedded).expect("the pack");
    let base = Snapshot::embedded().expect("the snapshot");
    let site = Site {
        archive: &archive,
        data: folder.path(),
        pack: &pack,
        sources: &sources,
        base: &base,
    };
    let window = Duration::from_secs(5);
    let pace = Pace { calls: 20, window };
    let settings = Settings { pace: Some(pace), hours: Hours::Ignore, ..Settings::default() };
    let transport = HttpTransport::new(HttpSettings::default()).expect("a transport");
    let stop = AtomicBool::new(false);
    let watch = Watch::default();
    let line = Line {
        transport: &transport,
        clock: &SystemClock,
        settings: &settings,
        stop: &stop,
        progress: &watch,
    };
    let server = Server::unknown(&proxy.url("/pxwebapi/v2"));
    let options = Options { server, ..Options::default() };
    let start = Instant::now();
    let summary = ingest::sync(&site, &line, &options).expect("the server answers");
    let asked = watch.rebuilding.lock().expect("one thread").unwrap_or_else(Instant::now) - start;
    let fetched = summary.outcomes.iter().filter(|(_, outcome)| outcome.key() == "fetched").count();
    assert_eq!(fetched, TABLES, "{:?}", summary.outcomes.first());
    let calls = proxy.calls().len() as u64;
    // The last call may leave so many windows after the first.
    let least = window * u32::try_from((calls - 1) / u64::from(pace.calls)).unwrap_or(0);
    let over = 100.0 * (asked.as_secs_f64() / least.as_secs_f64() - 1.0);
    println!(
        "| `sync` of {TABLES} tables, 20 calls in 5 s | {} | – | 2 % over | the pace: {} | {over:+.1} % |",
        plain(asked),
        plain(least)
    );
    println!(
        "| its calls, seen by the server | {calls} | – | the plan's | planned: {} | – |",
        watch.planned.load(Ordering::Relaxed) + overhead(&summary)
    );
    println!(
        "| most calls that the server saw in 5 s | {} | – | 20 | – | – |",
        proxy.most_calls_within(window)
    );
}

/// Calls that are no blocks: the server's settings, its catalogue, and one metadata a table.
fn overhead(summary: &ingest::Summary) -> usize {
    2 + summary.outcomes.len()
}

#[derive(Default)]
struct Watch {
    planned: AtomicUsize,
    rebuilding: std::sync::Mutex<Option<Instant>>,
}

impl Progress for Watch {
    fn see(&self, event: &SyncEvent<'_>) {
        match event {
            SyncEvent::Planned { plan, .. } => {
                self.planned.fetch_add(plan.blocks.len(), Ordering::Relaxed);
            }
            SyncEvent::Rebuilding => {
                *self.rebuilding.lock().expect("one thread") = Some(Instant::now());
            }
            _ => {}
        }
    }
}

fn small_table(id: &str) -> String {
    format!(
        r#"{{"version":"2.0","class":"dataset","label":"{id}: tall","source":"Testbyrået",
        "updated":"2026-03-16T07:00:00Z","role":{{"time":["Tid"],"metric":["ContentsCode"]}},
        "id":["Region","ContentsCode","Tid"],"size":[2,1,2],"dimension":{{
        "Region":{{"label":"region","extension":{{"elimination":false}},"category":{{"index":{{"0301":0,"1103":1}},"label":{{"0301":"Oslo","1103":"Stavanger"}}}}}},
        "ContentsCode":{{"label":"innhold","extension":{{"elimination":false}},"category":{{"index":{{"Antall":0}},"label":{{"Antall":"Antall"}},"unit":{{"Antall":{{"base":"antall","decimals":0}}}}}}}},
        "Tid":{{"label":"år","extension":{{"elimination":false}},"category":{{"index":{{"2024":0,"2025":1}},"label":{{"2024":"2024","2025":"2025"}}}}}}}},
        "extension":{{"px":{{"tableid":"{id}","language":"no"}}}},"value":[1,2,3,4]}}"#
    )
}

fn source(id: &str) -> String {
    format!(
        "[[source]]\nname = \"made\"\nserver = \"ssb\"\ntable = \"{id}\"\nlanguage = \"no\"\n\
         confidence = \"H\"\ntitle = [\"tall\"]\n\
         select = {{ Region = \"*\", ContentsCode = \"Antall\", Tid = \"*\" }}\n\
         region = {{ dimension = \"Region\" }}\nmap = \"current\"\n\
         cadence = {{ kind = \"yearly\", on = \"02-20\" }}\nunits = {{ Antall = \"antall\" }}\n\
         measure = []\n\n"
    )
}
