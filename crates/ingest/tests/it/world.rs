//! An agency that lives in the test: tables that can change, answered by the mirror without a network.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cube::{Cube, Dimension, Role, Statuses, Unit, Values};
use ingest::{Line, Options, Site, Sources, Summary};
use pxweb::client::{Answer, Clock, Method, Pace, Request, Settings, Transport, TransportError};
use pxweb::mirror::{Ask, Entry, Mirror, Shelf, Shelved};
use pxweb::{CodeList, CodeListKind, CodeListValue, Server};
use serde_json::json;
use store::archive::Archive;
use store::build::SnapshotBuilder;
use store::{Municipality, Snapshot};

/// The pack's tables in small: three that fit and one that does not.
pub const SOURCES: &str = r#"
[symbols]
"." = "not_applicable"
".." = "not_published"
":" = "suppressed"
"-" = "zero"

[[source]]
name = "population"
server = "ssb"
table = "07459"
language = "no"
confidence = "H"
title = ["befolkning"]
select = { Region = "K-????", ContentsCode = "Personer1", Tid = "*" }
code_list = { Region = "agg_KommSummer" }
omit = ["Alder"]
region = { dimension = "Region", prefix = "K-" }
map = "merged"
cadence = { kind = "yearly", on = "02-20" }
units = { Personer1 = "personer" }
measure = [{ id = "population_persons", cells = { ContentsCode = "Personer1" }, moves = "sum" }]

[[source]]
name = "ages"
server = "ssb"
table = "07459"
language = "no"
confidence = "H"
title = ["befolkning"]
select = { Region = "K-????", Alder = "range(020,105+)", ContentsCode = "Personer1", Tid = "*" }
code_list = { Region = "agg_KommSummer" }
region = { dimension = "Region", prefix = "K-" }
map = "merged"
cadence = { kind = "yearly", on = "02-20" }
measure = [
    { id = "population_80plus_persons", cells = { ContentsCode = "Personer1", Alder = "range(080,105+)" }, moves = "sum" },
]

[[source]]
name = "accounts"
server = "ssb"
table = "12134"
language = "no"
confidence = "H"
title = ["kommuneregnskap"]
select = { KOKkommuneregion0000 = "????", ContentsCode = "KOSAGD230000", Tid = "*" }
region = { dimension = "KOKkommuneregion0000" }
map = "as_of_year"
cadence = { kind = "kostra" }
labels = { "ContentsCode/KOSAGD230000" = ["netto driftsresultat"] }
measure = [{ id = "net_operating_result_percent", cells = { ContentsCode = "KOSAGD230000" } }]

[[source]]
name = "funds"
server = "ssb"
table = "12134"
language = "no"
confidence = "L"
title = ["kommuneregnskap"]
select = { KOKkommuneregion0000 = "????", ContentsCode = { label = ["disposisjonsfond"] }, Tid = "*" }
region = { dimension = "KOKkommuneregion0000" }
map = "as_of_year"
cadence = { kind = "kostra" }
measure = [{ id = "disposition_fund_percent", cells = { ContentsCode = { label = ["disposisjonsfond"] } } }]

[[source]]
name = "gone"
server = "ssb"
table = "99999"
language = "no"
confidence = "M"
title = []
select = { Tid = "*" }
map = "current"
cadence = { kind = "ended" }
"#;

/// An agency.
#[derive(Default)]
pub struct World {
    tables: Mutex<BTreeMap<String, Arc<Shelved>>>,
    /// Calls that were answered.
    pub calls: AtomicUsize,
    /// Calls after which the line is cut.
    pub cut_after: AtomicUsize,
    /// A table that is published anew after so many data calls.
    pub publish_after: Mutex<Option<(usize, Cube)>>,
    data_calls: AtomicUsize,
    max_cells: u64,
}

/// The world as the mirror sees it.
struct Window<'a>(&'a World);

impl Shelf for Window<'_> {
    fn catalogue(&self, _language: &str) -> Vec<Entry> {
        self.0.tables.lock().expect("sound").values().map(|table| table.entry()).collect()
    }

    fn table(&self, id: &str, _language: &str) -> Option<Arc<Shelved>> {
        self.0.tables.lock().expect("sound").get(id).cloned()
    }

    fn code_list(&self, id: &str, _language: &str) -> Option<CodeList> {
        (id == "agg_KommSummer").then(list)
    }

    fn search(&self, _query: &str, _language: &str) -> Option<Vec<String>> {
        None
    }
}

fn list() -> CodeList {
    let value = |code: &str, parts: &[&str]| CodeListValue {
        code: code.to_owned(),
        label: code.to_owned(),
        value_map: parts.iter().map(|part| (*part).to_owned()).collect(),
    };
    CodeList {
        id: "agg_KommSummer".to_owned(),
        label: "Kommuner 2024-".to_owned(),
        kind: CodeListKind::Aggregation,
        values: vec![
            value("K-0301", &["0301"]),
            value("K-3101", &["0101", "3101"]),
            value("K-Rest", &["9999"]),
        ],
    }
}

impl World {
    /// Two tables; answers of at most so many cells.
    pub fn new(max_cells: u64) -> World {
        let world =
            World { cut_after: AtomicUsize::new(usize::MAX), max_cells, ..World::default() };
        world.publish(population("2026-02-19T07:00:00Z", 100.0));
        world.publish(accounts("2026-03-16T07:00:00Z", 2.5));
        world
    }

    /// Puts a table in place of the one before.
    pub fn publish(&self, cube: Cube) {
        let id = cube.extension["px"]["tableid"].as_str().expect("an id").to_owned();
        let table = Shelved::new(&id, cube).expect("a table");
        self.tables.lock().expect("sound").insert(id, Arc::new(table));
    }

    pub fn count(&self) -> usize {
        self.calls.swap(0, Ordering::SeqCst)
    }
}

impl Transport for World {
    fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        let host = "mirror.test".to_owned();
        if self.calls.load(Ordering::SeqCst) >= self.cut_after.load(Ordering::SeqCst) {
            return Err(TransportError::Unusable { url: request.url.clone(), cause: "cut".into() });
        }
        self.calls.fetch_add(1, Ordering::SeqCst);
        let target = request.url.strip_prefix("http://mirror.test").expect("our host");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path.ends_with("/data") {
            let before = self.data_calls.fetch_add(1, Ordering::SeqCst);
            let mut waiting = self.publish_after.lock().expect("sound");
            if waiting.as_ref().is_some_and(|(after, _)| before >= *after) {
                let (_, cube) = waiting.take().expect("it is there");
                self.publish(cube);
            }
        }
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let ask = Ask {
            method: match request.method {
                Method::Get => "GET".to_owned(),
                Method::Post => "POST".to_owned(),
            },
            path: decoded(path),
            query: pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decoded(key), decoded(value)))
                .collect(),
            target_length: target.len(),
            body: request.body.clone().unwrap_or_default().into_bytes(),
            root: format!("http://{host}"),
        };
        let settings = pxweb::mirror::Settings { max_cells: self.max_cells, ..Default::default() };
        let reply = Mirror::new(Window(self), settings).reply(&ask);
        let body = reply.body.into_bytes().expect("a body");
        Ok(Answer { status: reply.status, headers: reply.headers, body })
    }
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (bytes[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (b'+', _) => {
                out.push(b' ');
                at += 1;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

/// A day that does not end, in which nobody waits.
pub struct Noon;

impl Clock for Noon {
    fn now(&self) -> jiff::Timestamp {
        "2026-11-21T12:00:00Z".parse().expect("a moment")
    }

    fn sleep(&self, _pause: Duration) {}
}

/// A data folder.
pub struct Folder {
    pub folder: tempfile::TempDir,
    pub archive: Archive,
    pub sources: Sources,
    pub pack: indicators::Pack,
    base: Snapshot,
    pub stop: AtomicBool,
}

impl Folder {
    pub fn new() -> Folder {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().join("base.gpkg");
        let mut builder = SnapshotBuilder::new("2026-01-01");
        builder.municipalities = vec![municipality("0301"), municipality("3101")];
        builder.write(&base).expect("written");
        Folder {
            archive: Archive::open(folder.path()).expect("an archive"),
            base: Snapshot::open(&base).expect("a snapshot"),
            sources: Sources::parse("sources.toml", SOURCES).expect("sources"),
            pack: crate::pack(),
            folder,
            stop: AtomicBool::new(false),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn site(&self) -> Site<'_> {
        Site {
            archive: &self.archive,
            data: self.folder.path(),
            pack: &self.pack,
            sources: &self.sources,
            base: &self.base,
        }
    }

    /// Syncs under a stamp: the catalogue is asked for again under another one.
    pub fn sync(&self, world: &World, stamp: &str) -> Summary {
        self.try_sync(world, stamp).expect("a summary")
    }

    pub fn try_sync(&self, world: &World, stamp: &str) -> Result<Summary, ingest::IngestError> {
        self.with_line(world, stamp, ingest::sync)
    }

    pub fn with_line<T>(
        &self,
        world: &World,
        stamp: &str,
        run: impl FnOnce(&Site<'_>, &Line<'_>, &Options) -> T,
    ) -> T {
        let settings = Settings {
            pace: Some(Pace { calls: 10_000, window: Duration::from_millis(10) }),
            attempts: 1,
            stamp: Some(stamp.to_owned()),
            seed: Some(1),
            ..Settings::default()
        };
        let line = Line {
            transport: world,
            clock: &Noon,
            settings: &settings,
            stop: &self.stop,
            progress: &(),
        };
        let mut server = Server::unknown("http://mirror.test/pxwebapi/v2").expect("an address");
        server.max_cells = Some(world.max_cells);
        run(&self.site(), &line, &Options { server: Some(server), ..Options::default() })
    }

    /// One figure of the snapshot in use.
    pub fn figure(&self, measure: &str, code: &str, period: &str) -> String {
        let snapshot = Snapshot::open(&self.path().join("snapshot.gpkg")).expect("a snapshot");
        let sql = format!(
            "SELECT value, status FROM {measure}
             WHERE municipality_code = '{code}' AND period = '{period}'"
        );
        let rows = snapshot.session().expect("open").rows(&sql).expect("a measure").rows;
        format!("{:?}", rows.first())
    }
}

fn municipality(code: &str) -> Municipality {
    Municipality {
        municipality_code: code.to_owned(),
        name: code.to_owned(),
        display_name: code.to_owned(),
        alternative_names: Vec::new(),
        county_code: code[..2].to_owned(),
        county_name: String::new(),
        longitude: 10.0,
        latitude: 60.0,
        hexagon_column: 0,
        hexagon_row: 0,
        total_area_km2: 1.0,
        centrality_class: 1,
        centrality_index: 1,
    }
}

fn dimension(code: &str, codes: &[&str], labels: &[&str]) -> Dimension {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    let labels = labels.iter().map(|label| Some((*label).to_owned())).collect();
    Dimension::new(code, codes, labels).expect("distinct codes")
}

fn table(id: &str, title: &str, updated: &str, dimensions: Vec<Dimension>) -> Cube {
    let cells: usize = dimensions.iter().map(Dimension::len).product();
    let mut cube = Cube::new(dimensions, Values::zeros(cells), Statuses::none()).expect("a cube");
    cube.label = Some(format!("{id}: {title}"));
    cube.source = Some("Statistisk sentralbyrå".to_owned());
    cube.updated = Some(updated.to_owned());
    let px = json!({ "tableid": id, "language": "no", "decimals": 0 });
    cube.extension.insert("px".to_owned(), px);
    cube
}

/// Values that tell themselves apart: `first`, and one more for each cell.
fn filled(cube: Cube, first: f64) -> Cube {
    let values: Values = (0..cube.cells()).map(|cell| Some(first + cell as f64)).collect();
    let dimensions = cube.dimensions().to_vec();
    cube.with_cells(dimensions, values, Statuses::none()).expect("as many cells")
}

/// Table 07459 with four ages below 80 and two above.
pub fn population(updated: &str, first: f64) -> Cube {
    let mut region = dimension("Region", &["0301", "0101", "3101", "9999"], &[]);
    region.role = Some(Role::Geo);
    let lists = json!([{ "id": "agg_KommSummer", "label": "Kommuner", "type": "Aggregation" }]);
    region.extension.insert("codelists".to_owned(), lists);
    region.extension.insert("elimination".to_owned(), json!(true));
    let mut age = dimension("Alder", &["000", "020", "040", "060", "080", "105+"], &[]);
    age.extension.insert("elimination".to_owned(), json!(true));
    let cube = table("07459", "Befolkning", updated, vec![region, age, contents(), time()]);
    filled(cube, first)
}

fn contents() -> Dimension {
    let mut contents = dimension("ContentsCode", &["Personer1"], &["Personer"]);
    contents.role = Some(Role::Metric);
    let unit = Unit { base: Some("personer".to_owned()), decimals: Some(0), ..Unit::default() };
    contents.units.insert("Personer1".to_owned(), unit);
    contents
}

fn time() -> Dimension {
    let mut time = dimension("Tid", &["2024", "2025"], &[]);
    time.role = Some(Role::Time);
    time
}

/// Table 12134, without any fund.
pub fn accounts(updated: &str, first: f64) -> Cube {
    renamed_accounts(updated, first, "Netto driftsresultat i prosent")
}

/// The same with another label, as when a code comes to mean something else.
pub fn renamed_accounts(updated: &str, first: f64, label: &str) -> Cube {
    let mut region = dimension("KOKkommuneregion0000", &["EAK", "0301", "3101"], &[]);
    region.role = Some(Role::Geo);
    let mut contents =
        dimension("ContentsCode", &["KOSAGD230000", "KOSAG110000"], &[label, "Frie inntekter"]);
    contents.role = Some(Role::Metric);
    let title = "Utvalgte nøkkeltall for kommuneregnskap";
    filled(table("12134", title, updated, vec![region, contents, time()]), first)
}
