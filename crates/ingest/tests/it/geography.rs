//! Addresses and layers from a Geonorge of the test's own, by way of the archive.

use std::sync::atomic::AtomicBool;

use geonorge::Services;
use ingest::{FoundAddresses, IngestError, Line, search_addresses};
use store::archive::Archive;
use testkit::geonorge::{FakeGeonorge, Place, Script};
use upstream::{HttpSettings, HttpTransport, Settings, SystemClock};

fn land() -> Script {
    let place = |code: &str, name: &str, longitude, latitude| Place {
        code: code.to_owned(),
        name: name.to_owned(),
        longitude,
        latitude,
    };
    FakeGeonorge::of(vec![
        place("0301", "Oslo", 10.75, 59.91),
        place("4601", "Bergen", 5.32, 60.39),
        place("5001", "Trondheim", 10.39, 63.43),
        place("1103", "Stavanger", 5.73, 58.97),
    ])
}

fn search(archive: &Archive, url: &str, text: &str) -> Result<FoundAddresses, IngestError> {
    let transport = HttpTransport::new(HttpSettings::default()).expect("a transport");
    let first_pause = std::time::Duration::from_millis(1);
    let settings = Settings { first_pause, ..Settings::default() };
    let stop = AtomicBool::new(false);
    let line = Line {
        transport: &transport,
        clock: &SystemClock,
        settings: &settings,
        stop: &stop,
        progress: &(),
    };
    search_addresses(archive, &line, &Services::at(url), text)
}

#[test]
fn an_address_with_several_hits_lists_them_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Archive::open(folder.path()).expect("an archive");
    let server = land().start();
    let found = search(&archive, &server.url(), "Storgata 2").expect("hits");
    let of: Vec<&str> =
        found.hits.iter().filter_map(|hit| hit.municipality_code.as_deref()).collect();
    assert_eq!((found.total, of), (2, vec!["0301", "1103"]));
    let one = search(&archive, &server.url(), "Storgata 2, Oslo").expect("a hit");
    assert_eq!(one.hits.len(), 1);
    assert_eq!(one.hits[0].point.map(|point| point.epsg), Some(4258));
    assert!(!one.is_recalled);
}

#[test]
fn out_of_reach_the_archived_answer_is_given_with_its_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Archive::open(folder.path()).expect("an archive");
    let server = land().start();
    let url = server.url();
    let asked = search(&archive, &url, "Storgata 2, Oslo").expect("a hit");
    drop(server);
    let recalled = search(&archive, &url, "Storgata 2, Oslo").expect("it was archived");
    assert_eq!((&recalled.hits, &recalled.as_of), (&asked.hits, &asked.as_of));
    // Nobody has asked this before.
    let error = search(&archive, &url, "Storgata 3, Oslo").expect_err("out of reach");
    assert!(matches!(error, IngestError::Geonorge(_)), "{error}");
    let nothing = search(&archive, &url, "  ").expect_err("nothing to search for");
    assert!(matches!(nothing, IngestError::Geonorge(_)), "{nothing}");
}
