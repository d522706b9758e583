//! `grunnlag locate` and `region`: places and codes, as people ask for them.

use testkit::run;

use crate::{json, told};

/// Two neighbours that share a border at 10.7 degrees east.
const NEIGHBOURS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"A","name":"West"},"geometry":{"type":"Polygon",
"coordinates":[[[10.5,59.8],[10.7,59.8],[10.7,60.1],[10.5,60.1],[10.5,59.8]]]}},
{"type":"Feature","properties":{"code":"B","name":"=East"},"geometry":{"type":"Polygon",
"coordinates":[[[10.7,59.8],[10.9,59.8],[10.9,60.1],[10.7,60.1],[10.7,59.8]]]}}]}"#;

fn neighbours() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("neighbours.geojson");
    std::fs::write(&file, NEIGHBOURS).expect("a file");
    let file = file.display().to_string();
    (folder, file)
}

/// The code that a point lies in.
fn code(file: &str, at: &[&str]) -> Option<String> {
    let rest = ["--layer", file, "--format", "json"];
    let answer = json(&[&["locate"], at, &rest].concat());
    answer["matches"][0]["region"]["code"].as_str().map(str::to_owned)
}

#[test]
fn a_point_lies_in_one_of_two_neighbours_also_on_their_border() {
    let (_folder, file) = neighbours();
    assert_eq!(code(&file, &["--lat", "59.9", "--lon", "10.6"]).as_deref(), Some("A"));
    assert_eq!(code(&file, &["--lat", "59.9", "--lon", "10.7"]).as_deref(), Some("B"));
    assert_eq!(code(&file, &["--lat", "59.9", "--lon", "11.5"]), None);
    let metres = ["--east", "261506", "--north", "6649444", "--epsg", "25833"];
    assert_eq!(code(&file, &metres).as_deref(), Some("B"));
}

#[test]
fn coordinates_in_the_wrong_order_or_system_are_recognised() {
    let (_folder, file) = neighbours();
    let ask = |at: &[&str]| told(&[&["locate", "--layer", &file], at].concat());
    insta::assert_snapshot!(ask(&["--lat", "10.7", "--lon", "59.9"]), @"");
    insta::assert_snapshot!(ask(&["--lat", "6649444", "--lon", "261506"]), @"");
    insta::assert_snapshot!(ask(&["--lat", "48.85", "--lon", "2.35"]), @"");
    insta::assert_snapshot!(ask(&["--east", "261506", "--north", "6649444"]), @"");
    insta::assert_snapshot!(ask(&["--east", "1", "--north", "2", "--epsg", "3857"]), @"");
}

#[test]
fn svalbard_is_in_no_municipality_and_says_so() {
    let (_folder, file) = neighbours();
    let answer = json(&[
        "locate", "--lat", "78.22", "--lon", "15.63", "--layer", &file, "--format", "json",
    ]);
    assert_eq!(answer["area"], "svalbard");
    assert!(answer["matches"][0]["region"].is_null());
}

#[test]
fn a_file_of_points_keeps_every_row_and_gains_a_code_and_a_name() {
    let (folder, layer) = neighbours();
    let points = folder.path().join("points.csv");
    let rows = "navn;breddegrad;lengdegrad\nSørlig;59,9;10,6\nTom;;\nBorte;60,9;10,6\nØst;59,9;10,8\n";
    std::fs::write(&points, rows).expect("a file");
    let out = folder.path().join("out.csv");
    let [points, out] = [&points, &out].map(|path| path.display().to_string());
    let ran = run(&["locate", "--file", &points, "--layer", &layer, "--out", &out, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("4 rows: 2 located, 1 outside, 1 without"), "{}", ran.stderr);
    let written = std::fs::read_to_string(&out).expect("it was written");
    // A name that a spreadsheet would take for a formula is made harmless.
    insta::assert_snapshot!(written, @"");
}

#[test]
fn a_file_of_points_that_cannot_be_is_refused_whole() {
    let (folder, layer) = neighbours();
    let place = |name: &str, rows: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, rows).expect("a file");
        file.display().to_string()
    };
    let out = folder.path().join("out.csv").display().to_string();
    let ask = |file: &str| {
        let said = told(&["locate", "--file", file, "--layer", &layer, "--out", &out]);
        let folder = format!("{}/", folder.path().display());
        said.replace(&folder, "")
    };
    let swapped = place("swapped.csv", "lat,lon\n10.7,59.9\n10.8,59.8\n");
    insta::assert_snapshot!(ask(&swapped), @"");
    insta::assert_snapshot!(ask(&place("metres.csv", "x,y\n261506,6649444\n")), @"");
    insta::assert_snapshot!(ask(&place("names.csv", "id,name\n1,Oslo\n")), @"");
    assert!(!std::path::Path::new(&out).exists(), "nothing is written in part");
}

#[test]
fn without_boundaries_it_says_how_to_get_them() {
    let said = told(&["locate", "--lat", "59.9", "--lon", "10.7"]);
    insta::assert_snapshot!(said, @"");
}

#[test]
fn a_region_of_any_year_says_what_it_was_and_became() {
    let show = |args: &[&str]| {
        let ran = run(&[&["region"], args, &["--date", "2026-01-01", "--lang", "en"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    insta::assert_snapshot!(show(&["show", "1507"]), @"");
    insta::assert_snapshot!(show(&["show", "03010101"]), @"");
    insta::assert_snapshot!(show(&["history", "1534"]), @"");
    insta::assert_snapshot!(told(&["region", "show", "9999"]), @"");
    insta::assert_snapshot!(told(&["region", "show", "0301", "--date", "soon"]), @"");
}
