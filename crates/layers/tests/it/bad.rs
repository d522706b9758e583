use layers::OpenOptions;
use places::crs::Crs;

use crate::{read, read_with, told, written};

/// What is said of a file with this content.
fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    match read(&written(&folder, name, bytes)) {
        Ok(layer) => format!("{} features", layer.features.len()),
        Err(error) => told(&error),
    }
}

fn collection(feature: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#)
}

fn point(coordinates: &str) -> String {
    collection(&format!(
        r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#
    ))
}

#[test]
fn geojson_that_is_wrong_is_refused_with_its_place() {
    let said = |text: &str| refused("a.geojson", text.as_bytes());
    assert_eq!(said(&point("[10,60]")), "1 features");
    assert_eq!(said(&collection("")), "0 features");
    assert_eq!(
        said(&point("[NaN,60]")),
        "not a readable GeoJSON at feature 1: expected value at line 1 column 77"
    );
    assert_eq!(
        said(&point("[10]")),
        "not a readable GeoJSON at feature 1: a position has one number at line 1 column 79"
    );
    let whole = point("[10,60]");
    for length in 1..whole.len() {
        let cut = said(&whole[..length]);
        assert!(cut.starts_with("not a readable GeoJSON"), "{length}: {cut}");
    }
    assert_eq!(
        said(r#"{"type":"Topology","objects":{}}"#),
        "not a readable GeoJSON at the beginning: the file is no `FeatureCollection`"
    );
    let latin1: Vec<u8> =
        collection(r#"{"type":"Feature","properties":{"n":"Bod?"},"geometry":null}"#)
            .bytes()
            .map(|byte| if byte == b'?' { 0xF8 } else { byte })
            .collect();
    assert_eq!(
        refused("a.geojson", &latin1),
        "not a readable GeoJSON at feature 1: the text is not UTF-8"
    );
    assert!(refused("a.txt", b"hello").ends_with("is in no format that is known here"));
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert_eq!(
        refused("a.geojson", point(&deep).as_bytes()),
        "not a readable GeoJSON at byte 234: it is nested too deep"
    );
}

#[test]
fn metres_in_a_file_that_means_degrees_are_recognised() {
    let said = refused("a.geojson", point("[262000.5,6649000]").as_bytes());
    assert_eq!(
        said,
        "feature 1 has the coordinate 262000.5 6649000, which EPSG:4326 does not have"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let path = written(&folder, "a.geojson", point("[262000.5,6649000]").as_bytes());
    let options = OpenOptions { crs: Some(Crs::Utm33), ..OpenOptions::default() };
    let layer = read_with(&path, &options).expect("the caller knows the system");
    assert_eq!(layer.header.crs, Crs::Utm33);
}

#[test]
fn a_caller_who_contradicts_the_file_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = point("[262000.5,6649000]").replacen(
        '{',
        r#"{"crs":{"type":"name","properties":{"name":"EPSG:25833"}},"#,
        1,
    );
    let path = written(&folder, "a.geojson", text.as_bytes());
    assert_eq!(read(&path).expect("a layer").header.crs, Crs::Utm33);
    let options = OpenOptions { crs: Some(Crs::Utm32), ..OpenOptions::default() };
    let error = read_with(&path, &options).err().expect("they contradict each other");
    assert_eq!(told(&error), "the file says EPSG:25833, and EPSG:25832 was given");
}
