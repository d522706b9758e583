//! The snapshot from accepted extracts.

use std::sync::OnceLock;

use cube::{Cube, Dimension, Statuses, Values};
use ingest::{Accepted, Rebuilt, Source, rebuild};
use store::{Snapshot, ValueStatus};

use crate::{pack, sources};

fn dimension(code: &str, codes: Vec<String>) -> Dimension {
    Dimension::new(code, codes, Vec::new()).expect("distinct codes")
}

/// Net operating result of every municipality in two years: `value`, and Oslo withheld in 2024.
fn accounts(value: f64) -> Cube {
    let snapshot = Snapshot::embedded().expect("embedded");
    let places = snapshot.municipalities().expect("municipalities");
    let mut codes: Vec<String> = places.into_iter().map(|place| place.municipality_code).collect();
    codes.push("EAK".to_owned());
    let dimensions = vec![
        dimension("KOKkommuneregion0000", codes),
        dimension("ContentsCode", vec!["KOSAGD230000".to_owned()]),
        dimension("Tid", vec!["2023".to_owned(), "2024".to_owned()]),
    ];
    let cells = 2 * dimensions[0].len();
    let mut values = Values::zeros(cells);
    let mut statuses = Statuses::none();
    for cell in 0..cells {
        values.set(cell, Some(value));
    }
    values.set(1, None);
    statuses.set(1, cells, ":");
    let mut cube = Cube::new(dimensions, values, statuses).expect("a cube");
    cube.label = Some("12134: Nøkkeltall".to_owned());
    cube
}

fn accepted(source: &Source, cube: Cube) -> Accepted<'_> {
    Accepted {
        source,
        version: "0123456789ab".to_owned(),
        updated: Some("2027-03-15T07:00:00Z".to_owned()),
        fetched_at: "2027-03-15T08:41:00Z".to_owned(),
        query: "{}".to_owned(),
        digests: vec!["ab".repeat(32)],
        cube,
    }
}

fn rebuilt(value: f64) -> Rebuilt {
    let (pack, sources) = (pack(), sources());
    let source = sources.find("accounts").next().expect("a source");
    let extract = accepted(source, accounts(value));
    let base = Snapshot::embedded().expect("embedded");
    let folder = tempfile::tempdir().expect("a folder");
    let scratch = folder.path().join("try.gpkg");
    rebuild(&base, &pack, &sources, &[extract], &scratch).expect("rebuilt")
}

/// Made once: all municipalities take some seconds without optimisation.
fn good() -> &'static Rebuilt {
    static GOOD: OnceLock<Rebuilt> = OnceLock::new();
    GOOD.get_or_init(|| rebuilt(2.5))
}

#[test]
fn the_same_extracts_give_the_same_bytes() {
    let bytes = |rebuilt: &Rebuilt| rebuilt.builder.bytes().expect("bytes");
    assert!(bytes(good()) == bytes(&rebuilt(2.5)));
}

#[test]
fn without_extracts_the_snapshot_is_the_base_byte_for_byte() {
    let base = Snapshot::embedded().expect("embedded");
    let folder = tempfile::tempdir().expect("a folder");
    let scratch = folder.path().join("try.gpkg");
    let same = rebuild(&base, &pack(), &sources(), &[], &scratch).expect("rebuilt");
    assert_eq!(Snapshot::open(&scratch).expect("a snapshot").seal(), base.seal());
    assert!(same.made.is_empty());
}

#[test]
fn an_extract_takes_the_place_of_what_the_base_had() {
    let rebuilt = good();
    assert_eq!(rebuilt.left_out, []);
    let source = "ssb.12134.no.accounts@0123456789ab";
    assert_eq!(rebuilt.made["net_operating_result_percent"], source);
    assert_eq!(rebuilt.builder.created, "2027-03-15");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.gpkg");
    rebuilt.builder.write(&path).expect("written");
    let snapshot = Snapshot::open(&path).expect("a snapshot");
    let measures = snapshot.measures().expect("measures");
    let measure = measures
        .iter()
        .find(|measure| measure.measure == "net_operating_result_percent")
        .expect("a measure");
    assert_eq!(measure.reference_period, "2023-2024");
    assert_eq!(measure.coverage_latest, 356, "all but Oslo");
    assert_eq!(measure.caveat, None);
    let figures = &rebuilt.builder.figures;
    let mut of_measure = figures.iter().filter(|figure| figure.measure == measure.measure);
    assert!(of_measure.clone().all(|figure| figure.source == source));
    assert_eq!(of_measure.clone().count(), 714);
    let oslo = of_measure
        .find(|figure| figure.municipality_code == "0301" && figure.period == "2024")
        .expect("a gap is a row");
    assert_eq!((oslo.value, oslo.status), (None, ValueStatus::Suppressed));
    let origin = rebuilt.builder.sources.iter().find(|one| one.source == source).expect("a row");
    insta::assert_snapshot!(format!("{}\n{}\n{}", origin.title, origin.reference_date, origin.retrieved_via), @r"
    StatBank 12134: Nøkkeltall
    updated 2027-03-15T07:00:00Z
    PxWebApi v2, table 12134, fetched 2027-03-15T08:41:00Z, version 0123456789ab, query {}, answers sha256 abababababababababababababababababababababababababababababababab
    ");
}

#[test]
fn figures_beyond_what_can_be_right_leave_the_base_in_place() {
    let rebuilt = rebuilt(2.5e9);
    assert!(rebuilt.made.is_empty());
    insta::assert_snapshot!(rebuilt.left_out[0].drift, @"`net_operating_result_percent, 0301, 2023`: the value 2500000000 is outside -60 to 80");
    let base = Snapshot::embedded().expect("embedded");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.gpkg");
    rebuilt.builder.write(&path).expect("written");
    assert_eq!(Snapshot::open(&path).expect("a snapshot").seal(), base.seal());
}
