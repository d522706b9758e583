//! Telling formats apart.

use cube::Format;

use crate::made::{self, dimension};

#[test]
fn what_is_written_is_told_and_read_again() {
    let mut cube = made::cube(
        vec![dimension("Region", "region", &[("0301", "Oslo"), ("1103", "Stavanger")])],
        &[Some(1.5), None],
    );
    cube.label = Some("Table".to_owned());
    for format in Format::ALL {
        let mut bytes = Vec::new();
        cube::write_any(&cube, format, &mut bytes).expect("a small cube");
        assert_eq!(Format::detect(&bytes, None), Some(format), "{format}");
        match cube::read_any(&bytes, None) {
            Err(error) => assert_eq!((format, error.key()), (Format::Xlsx, "syntax")),
            Ok(read) => assert_eq!(read.values(), cube.values(), "{format}"),
        }
    }
}

#[test]
fn what_is_nothing_is_refused() {
    let said =
        |bytes: &[u8]| cube::read_any(bytes, Some("answer")).expect_err("nothing").to_string();
    let all = [said(b""), said(b"<html>"), said(&[0, 1, 2]), said(b"word")];
    insta::assert_snapshot!(all.join("\n"), @r"
    not a cube: neither JSON-stat, PX, CSV, PX-JSON, Parquet nor Arrow (answer)
    not a cube: neither JSON-stat, PX, CSV, PX-JSON, Parquet nor Arrow (answer)
    not a cube: neither JSON-stat, PX, CSV, PX-JSON, Parquet nor Arrow (answer)
    not a cube: neither JSON-stat, PX, CSV, PX-JSON, Parquet nor Arrow (answer)
    ");
}

#[test]
fn recordings_are_told_apart() {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return;
    };
    let told = |path: &str| {
        let bytes = std::fs::read(shared.join("real").join(path)).expect("a recording");
        Format::detect(&bytes, None)
    };
    assert_eq!(told("ssb/px/14216.px"), Some(Format::Px));
    assert_eq!(told("ssb/json-px/11327.json"), Some(Format::JsonPx));
    assert_eq!(told("ssb/v2/03024/data-no.json"), Some(Format::JsonStat));
    assert_eq!(told("ssb/csv/07459-en-age-2020-municipalities-tab.csv"), Some(Format::Csv));
    assert_eq!(told("ssb/csv/14491_20250919-110621.csv"), Some(Format::Csv));
    assert_eq!(told("ssb/v2/errors/http404-url-too-long.first500chars.html"), None);
}
