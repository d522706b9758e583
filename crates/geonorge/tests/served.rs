//! The client against a Geonorge of the test's own: feeds, files, orders, pages, and what goes wrong.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use geonorge::addresses::{AddressQuery, Page};
use geonorge::client::COURTESY;
use geonorge::municipalities::{Municipality, MunicipalityQuery};
use geonorge::wfs::FeatureQuery;
use geonorge::{Datasets, Feed, Geonorge, GeonorgeError, Point, Services};
use jiff::Timestamp;
use testkit::geonorge::{FakeGeonorge, Place, Script, Trouble};
use upstream::{
    Answer, Archive, ArchiveError, Asker, Budget, BudgetError, Claim, Clock, FileClaim, Files,
    Growing, Have, HttpSettings, HttpTransport, KeptFile, Pace, Permit, Question, Request,
    Settings, UpstreamError,
};

/// The beginning of a file, and what tells it from another one.
type Began = (Vec<u8>, Option<String>);

/// Keeps everything in memory, as little as a client needs.
#[derive(Default)]
struct Memory {
    answers: Mutex<HashMap<Question, Answer>>,
    files: Mutex<HashMap<Question, Vec<u8>>>,
    parts: Mutex<HashMap<Question, Began>>,
}

impl Archive for Memory {
    fn claim(&self, question: &Question) -> Result<Claim, ArchiveError> {
        let kept = self.answers.lock().expect("no panic").get(question).cloned();
        Ok(kept.map_or(Claim::Yours, Claim::Kept))
    }

    fn keep(&self, question: &Question, _: &Request, answer: &Answer) -> Result<(), ArchiveError> {
        if answer.status == 200 {
            self.answers.lock().expect("no panic").insert(question.clone(), answer.clone());
        }
        Ok(())
    }

    fn release(&self, _: &Question) -> Result<(), ArchiveError> {
        Ok(())
    }
}

impl Budget for Memory {
    fn take(&self, _: &str, _: Pace) -> Result<Permit, BudgetError> {
        Ok(Permit::Go(0))
    }

    fn done(&self, _: &str, _: u64) -> Result<(), BudgetError> {
        Ok(())
    }

    fn hold(&self, _: &str, _: Duration) -> Result<(), BudgetError> {
        Ok(())
    }
}

impl Files for Memory {
    fn claim_file(&self, question: &Question) -> Result<FileClaim, ArchiveError> {
        let files = self.files.lock().expect("no panic");
        let kept = files.get(question).map(|bytes| kept(bytes));
        Ok(kept.map_or(FileClaim::Yours, FileClaim::Kept))
    }

    fn grow<'f>(
        &'f self,
        question: &Question,
        _: &str,
    ) -> Result<Option<Box<dyn Growing + 'f>>, ArchiveError> {
        Ok(Some(Box::new(Part { memory: self, question: question.clone() })))
    }
}

fn kept(bytes: &[u8]) -> KeptFile {
    let received_at = "2026-11-21T12:00:00Z".to_owned();
    KeptFile { id: 1, sha256: String::new(), bytes: bytes.len() as u64, received_at }
}

struct Part<'m> {
    memory: &'m Memory,
    question: Question,
}

impl Part<'_> {
    fn with<R>(&self, change: impl FnOnce(&mut Began) -> R) -> R {
        let mut parts = self.memory.parts.lock().expect("no panic");
        change(parts.entry(self.question.clone()).or_default())
    }
}

impl Growing for Part<'_> {
    fn have(&self) -> Option<Have> {
        self.with(|(bytes, validator)| {
            let (bytes, validator) = (bytes.len() as u64, validator.clone()?);
            (bytes > 0).then_some(Have { bytes, validator })
        })
    }

    fn restart(&mut self, validator: Option<&str>) -> Result<(), ArchiveError> {
        self.with(|part| *part = (Vec::new(), validator.map(str::to_owned)));
        Ok(())
    }

    fn append(&mut self, piece: &[u8]) -> Result<(), ArchiveError> {
        self.with(|(bytes, _)| bytes.extend_from_slice(piece));
        Ok(())
    }

    fn keep(self: Box<Self>, _: u16, _: &[(String, String)]) -> Result<KeptFile, ArchiveError> {
        let bytes = self.with(|(bytes, _)| std::mem::take(bytes));
        let file = kept(&bytes);
        self.memory.files.lock().expect("no panic").insert(self.question.clone(), bytes);
        Ok(file)
    }
}

/// A clock that does not wait, and remembers for how long it should have.
#[derive(Default)]
struct NoWait(Mutex<Vec<Duration>>);

impl Clock for NoWait {
    fn now(&self) -> Timestamp {
        let waited: Duration = self.0.lock().expect("no panic").iter().sum();
        Timestamp::UNIX_EPOCH + waited
    }

    fn sleep(&self, pause: Duration) {
        self.0.lock().expect("no panic").push(pause);
    }
}

fn places() -> Vec<Place> {
    let place = |code: &str, name: &str, longitude, latitude| Place {
        code: code.to_owned(),
        name: name.to_owned(),
        longitude,
        latitude,
    };
    vec![
        place("0301", "Oslo", 10.75, 59.91),
        place("1103", "Stavanger", 5.73, 58.97),
        place("4601", "Bergen", 5.32, 60.39),
        place("5610", "Kárášjohka", 25.5, 69.47),
    ]
}

fn land() -> Script {
    FakeGeonorge::of(places())
}

/// Asks a server with a memory; what the clock was asked to wait comes back too.
fn asking<R>(script: Script, ask: impl FnOnce(&Geonorge<'_>, &Memory, &FakeGeonorge) -> R) -> R {
    let server = script.start();
    let transport = HttpTransport::new(HttpSettings::default()).expect("a transport");
    let (memory, clock) = (Memory::default(), NoWait::default());
    let settings = Settings { attempts: 4, seed: Some(1), ..Settings::default() };
    let asker = Asker::new(&transport, &memory, &memory, settings, COURTESY).with_clock(&clock);
    ask(&Geonorge::new(Services::at(&server.url()), asker), &memory, &server)
}

/// The file of the municipalities, by way of their feed.
fn fetch(geonorge: &Geonorge<'_>, memory: &Memory) -> Result<Vec<u8>, GeonorgeError> {
    let dataset = Datasets::known().find("municipalities").expect("it is declared");
    let path = dataset.feed.as_ref().expect("its feed is known");
    let feed: Feed = geonorge.feed(&format!("{}{path}", geonorge.services().downloads))?;
    let entry = feed.file(&dataset.in_feed()).expect("the feed offers it");
    geonorge.file(entry, &dataset.name, memory)?;
    let files = memory.files.lock().expect("no panic");
    Ok(files.values().next().expect("it was kept").clone())
}

/// The whole file, as an undisturbed server gives it.
fn whole() -> Vec<u8> {
    asking(land(), |geonorge, memory, _| fetch(geonorge, memory).expect("a file"))
}

#[test]
fn a_file_is_found_by_area_and_projection_and_kept() {
    let whole = whole();
    assert!(whole.starts_with(b"PK\x03\x04"), "a zip");
    asking(land(), |geonorge, memory, server| {
        assert!(fetch(geonorge, memory).expect("a file") == whole);
        assert!(fetch(geonorge, memory).expect("a file") == whole);
        assert_eq!(server.calls_to(".zip").len(), 1, "what is kept is not fetched again");
    });
}

#[test]
fn a_connection_that_breaks_is_gone_on_with_where_it_broke() {
    let whole = whole();
    asking(land().trouble(".zip", 2, Trouble::Cut), |geonorge, memory, server| {
        assert!(fetch(geonorge, memory).expect("a file") == whole);
        let calls = server.calls_to(".zip");
        let header = |at: usize, name: &str| {
            let headers: &Vec<(String, String)> = &calls[at].headers;
            headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.clone())
        };
        assert_eq!(calls.len(), 3);
        assert_eq!(header(0, "range"), None);
        assert!(header(1, "range").is_some() && header(1, "if-range").is_some());
        assert!(header(2, "range") > header(1, "range"), "each attempt gets further");
        assert_eq!(header(1, "accept-encoding").as_deref(), Some("identity"));
    });
}

#[test]
fn a_server_without_parts_is_asked_for_the_whole_again() {
    let whole = whole();
    let script = land().without_ranges().trouble(".zip", 2, Trouble::Cut);
    asking(script, |geonorge, memory, server| {
        assert!(fetch(geonorge, memory).expect("a file") == whole);
        let ranges = server.calls_to(".zip");
        let ranges =
            ranges.iter().flat_map(|call| &call.headers).filter(|(name, _)| name == "range");
        assert_eq!(ranges.count(), 0);
    });
    let script = land().without_ranges().trouble(".zip", 99, Trouble::Cut);
    asking(script, |geonorge, memory, server| {
        let error = fetch(geonorge, memory).expect_err("it never comes");
        assert!(matches!(error, GeonorgeError::Client(UpstreamError::GaveUp { attempts: 4, .. })));
        assert_eq!(server.calls_to(".zip").len(), 4, "it is given up, not asked for ever");
    });
}

#[test]
fn a_busy_server_is_given_time_and_a_page_is_no_file() {
    let whole = whole();
    asking(land().trouble(".zip", 1, Trouble::TooMany(7)), |geonorge, memory, _| {
        assert!(fetch(geonorge, memory).expect("a file") == whole);
    });
    asking(land().trouble(".zip", 1, Trouble::Sorry), |geonorge, memory, _| {
        let error = fetch(geonorge, memory).expect_err("a page is no file").to_string();
        assert!(error.contains("a page in HTML"), "{error}");
        assert!(memory.files.lock().expect("no panic").is_empty());
    });
}

#[test]
fn an_order_is_looked_at_until_it_is_ready() {
    let whole = whole();
    asking(land().without_feeds(), |geonorge, memory, server| {
        let dataset = Datasets::known().find("municipalities").expect("it is declared");
        geonorge.ordered_file(&dataset.in_order(), memory).expect("a file");
        assert!(memory.files.lock().expect("no panic").values().any(|file| *file == whole));
        assert_eq!(server.calls_to("/api/order/").len(), 2, "two looks");
        // What the service calls things is sent back to the letter.
        let ordered =
            String::from_utf8(server.calls_to("/api/order")[0].body.clone()).expect("text");
        assert!(ordered.contains("\"name\":\"GML \""), "{ordered}");
    });
}

#[test]
fn an_expired_link_is_ordered_anew_once() {
    let dataset = Datasets::known().find("municipalities").expect("it is declared");
    let orders =
        |server: &FakeGeonorge| server.calls().iter().filter(|call| call.method == "POST").count();
    let script = land().without_feeds().trouble("/order-files/", 1, Trouble::Gone);
    asking(script, |geonorge, memory, server| {
        geonorge.ordered_file(&dataset.in_order(), memory).expect("a file");
        assert_eq!(orders(server), 2);
    });
    let script = land().without_feeds().trouble("/order-files/", 9, Trouble::Gone);
    asking(script, |geonorge, memory, server| {
        let error = geonorge.ordered_file(&dataset.in_order(), memory).expect_err("it expires");
        assert!(matches!(error, GeonorgeError::Expired { .. }), "{error}");
        assert_eq!(orders(server), 2);
    });
}

#[test]
fn what_is_not_offered_is_said() {
    let dataset = Datasets::known().find("municipalities").expect("it is declared");
    asking(land(), |geonorge, memory, _| {
        let wanted = geonorge::client::Wanted { format: "FGDB", ..dataset.in_order() };
        let error = geonorge.ordered_file(&wanted, memory).expect_err("nobody offers it");
        assert_eq!(
            error.to_string(),
            "municipalities is not offered for 0000 in EPSG:25833 as FGDB"
        );
    });
}

#[test]
fn an_unknown_data_set_is_found_by_its_uuid_in_the_service_feed() {
    asking(land(), |geonorge, _, _| {
        let dataset = Datasets::known().find("grunnkretser").expect("it is declared");
        let service = geonorge.service_feed().expect("a feed");
        let entry = service.dataset(&dataset.uuid, &dataset.format).expect("it is listed");
        let feed = geonorge.feed(&entry.link).expect("a feed");
        assert!(feed.file(&dataset.in_feed()).is_some());
        assert!(service.dataset(&dataset.uuid, "SOSI").is_none());
    });
}

#[test]
fn an_address_with_several_hits_lists_them_page_by_page() {
    asking(land(), |geonorge, _, server| {
        let first = geonorge.addresses(&AddressQuery::text("Storgata")).expect("hits");
        assert_eq!((first.total, first.addresses.len()), (6, 6));
        let page = Page { number: 1, size: 4, ..Page::default() };
        let query = AddressQuery { page, ..AddressQuery::text("Storgata") };
        let second = geonorge.addresses(&query).expect("hits");
        assert_eq!((second.page, second.addresses.len()), (1, 2));
        assert_eq!(second.addresses[1].municipality_name.as_deref(), Some("KÁRÁŠJOHKA"));
        assert_eq!(second.next(4), None);
        let none = geonorge.addresses(&AddressQuery::text("Ingensteds 1")).expect("an answer");
        assert_eq!((none.total, none.addresses.len()), (0, 0));
        assert!(server.calls().iter().all(|call| call.target.starts_with("/adresser/v1/sok?")));
    });
}

#[test]
fn a_point_has_its_municipality_and_the_sea_has_none() {
    asking(land(), |geonorge, _, _| {
        let at = |x, y| MunicipalityQuery::At(Point { epsg: 4258, x, y });
        let body = geonorge.municipalities(&at(10.75, 59.91)).expect("an answer");
        assert_eq!(Municipality::read(&body).expect("a municipality").code, "0301");
        let error = geonorge.municipalities(&at(4.5, 62.0)).expect_err("the sea");
        let GeonorgeError::Client(UpstreamError::Refused { http_status, title, .. }) = error else {
            panic!("a refusal")
        };
        assert_eq!((http_status, title.as_str()), (404, "Ingen kommune i punktet"));
    });
}

#[test]
fn features_are_paged_until_a_page_is_not_full() {
    asking(land(), |geonorge, _, server| {
        let service = format!("{}/wfs", server.url());
        let query = FeatureQuery {
            type_name: "app:Kommune".to_owned(),
            epsg: 25833,
            bbox: None,
            count: 3,
            start: 0,
        };
        assert_eq!(geonorge.feature_count(&service, &query).expect("hits"), Some(4));
        let mut pages = Vec::new();
        let total = geonorge.all_features::<GeonorgeError>(&service, &query, |page| {
            pages.push(String::from_utf8_lossy(page).matches("<wfs:member>").count());
            Ok(())
        });
        assert_eq!((total.expect("pages"), pages), (4, vec![3, 1]));
    });
}
