use std::sync::atomic::AtomicBool;

use ingest::Line;
use ingest::regions::{self, FetchedList, RegionSources};
use jiff::civil::date;
use klass::RegionHistory;
use klass::history::Level;
use store::Snapshot;
use store::archive::Archive;
use testkit::klass::Klass;
use upstream::{HttpSettings, HttpTransport, Settings, SystemClock};

fn municipalities(history: &RegionHistory, year: i16) -> usize {
    history.valid_on(date(year, 1, 1), Level::Municipality).len()
}

/// What the sources are, as a reader would write it; ids and days left out.
fn said(sources: &RegionSources) -> Vec<String> {
    let used = sources.used.iter().map(|source| source.title.clone());
    let left_out =
        sources.left_out.iter().map(|(source, why)| format!("not {}: {why}", source.title));
    used.skip(1).chain(left_out).collect()
}

#[test]
fn the_embedded_snapshot_alone_knows_the_municipalities_of_every_year() {
    let snapshot = Snapshot::embedded().expect("the embedded snapshot");
    let (history, sources) = regions::history(&snapshot, None).expect("a history");
    let counts =
        [2016, 2017, 2018, 2019, 2020, 2024, 2026].map(|year| municipalities(&history, year));
    assert_eq!(counts, [428, 426, 422, 422, 356, 357, 357]);
    assert_eq!(history.parent("0301", date(2019, 1, 1)), Some("03"));
    assert_eq!(history.county_of("03010101", date(2024, 1, 1)), Some("03"));
    assert_eq!((sources.used.len(), sources.left_out.len()), (1, 0));
    assert!(sources.used[0].title.ends_with(snapshot.id()), "{:?}", sources.used);
}

/// Fetches into an archive what a Klass has.
fn fetched(archive: &Archive, klass: Klass) -> (String, Vec<FetchedList>) {
    let server = klass.start();
    let stop = AtomicBool::new(false);
    let transport = HttpTransport::new(HttpSettings::default()).expect("no proxy is needed");
    let settings = Settings { seed: Some(1), ..Settings::default() };
    let (transport, clock) = (&transport, &SystemClock);
    let line = Line { transport, clock, settings: &settings, stop: &stop, progress: &() };
    let lists = regions::refresh(archive, &line, &server.base()).expect("nobody stops it");
    (server.base(), lists)
}

/// What a Klass that agrees with the snapshot would say of municipalities.
fn agreeing(snapshot: &Snapshot) -> Vec<[&'static str; 2]> {
    let municipalities = snapshot.municipalities().expect("the snapshot is whole");
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    municipalities
        .into_iter()
        .map(|one| [leak(one.municipality_code), leak(one.name)])
        .chain([["9999", "Uoppgitt"]])
        .collect()
}

#[test]
fn what_was_fetched_of_klass_is_used_and_its_day_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = Archive::open(folder.path()).expect("an archive");
    let snapshot = Snapshot::embedded().expect("the embedded snapshot");
    let klass = Klass::new()
        .codes(131, &agreeing(&snapshot))
        .changes(
            131,
            &[
                ["2024-01-01", "1507", "Ålesund", "1508", "Ålesund"],
                ["2024-01-01", "1507", "Ålesund", "1580", "Haram"],
            ],
        )
        .codes(103, &[["030101", "Gamle Oslo"], ["030118", "Nybydel"], ["030199", "Uoppgitt"]])
        .changes(103, &[]);
    let (base, lists) = fetched(&archive, klass);
    let outcomes: Vec<(u32, &str, bool)> =
        lists.iter().map(|list| (list.classification, list.what, list.outcome.is_ok())).collect();
    assert_eq!(
        outcomes[..6],
        [
            (131, "codes", true),
            (131, "changes", true),
            (104, "codes", false),
            (104, "changes", false),
            (103, "codes", true),
            (103, "changes", true),
        ]
    );
    // The server is gone: everything below comes from the archive.
    let (history, sources) =
        regions::history_from(&snapshot, Some(&archive), &base).expect("a history");
    assert_eq!(said(&sources), ["Klass 131", "Klass 103"]);
    let today = jiff::Zoned::now().date();
    assert_eq!(sources.used[1].as_of, jiff::Timestamp::now().strftime("%Y-%m-%d").to_string());
    assert_eq!(municipalities(&history, 2026), 357);
    let parts = history.on("1507", today).expect("shares");
    assert_eq!(parts[0].weight, Some(0.8621), "the crosswalk's shares are kept");
    let districts: Vec<&str> = history
        .valid_on(today, Level::CityDistrict)
        .iter()
        .map(|unit| unit.code.as_str())
        .collect();
    assert_eq!(districts, ["030101", "030118"]);
}

#[test]
fn what_contradicts_the_rest_is_left_out_and_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = Archive::open(folder.path()).expect("an archive");
    let snapshot = Snapshot::embedded().expect("the embedded snapshot");
    let circle = [["2025-01-01", "3101", "Halden", "3001", "Halden"]];
    let klass = Klass::new().changes(131, &circle);
    let (base, _) = fetched(&archive, klass);
    let (history, sources) =
        regions::history_from(&snapshot, Some(&archive), &base).expect("a history all the same");
    assert_eq!(
        said(&sources),
        ["not Klass 131: the changes lead in a circle: 3001 -> 3101 -> 3001"]
    );
    assert_eq!(municipalities(&history, 2026), 357);
}
