//! `grunnlag locate` and `region`: places and codes, as people ask for them.

use testkit::geonorge::{FakeGeonorge, Place};
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
    insta::assert_snapshot!(ask(&["--lat", "10.7", "--lon", "59.9"]), @r"
    nb, exit 2: 59.9 10.7 ser ut som bredde og lengde i omvendt rekkefølge: bruk --lat 59.9 --lon 10.7.
    en, exit 2: 59.9 10.7 look like latitude and longitude in the wrong order: use --lat 59.9 --lon 10.7.
    ");
    insta::assert_snapshot!(ask(&["--lat", "6649444", "--lon", "261506"]), @r"
    nb, exit 2: 261506 6649444 ser ut som øst og nord i UTM 33: bruk --east 261506 --north 6649444 --epsg 25833.
    en, exit 2: 261506 6649444 look like UTM 33 easting and northing: use --east 261506 --north 6649444 --epsg 25833.
    ");
    insta::assert_snapshot!(ask(&["--lat", "48.85", "--lon", "2.35"]), @r"
    nb, exit 2: 2.35 48.85 er ikke noe sted i Norge, hvordan det enn leses; sjekk tall og koordinatsystem.
    en, exit 2: 2.35 48.85 is no place in Norway however it is read; check the numbers and the coordinate system.
    ");
    insta::assert_snapshot!(ask(&["--east", "261506", "--north", "6649444"]), @r"
    nb, exit 2: Øst og nord i meter trenger koordinatsystemet: --epsg 25832, 25833 eller 25835.
    en, exit 2: Easting and northing in metres need their coordinate system: --epsg 25832, 25833 or 25835.
    ");
    insta::assert_snapshot!(ask(&["--east", "1", "--north", "2", "--epsg", "3857"]), @r"
    nb, exit 2: EPSG:3857 passer ikke til disse koordinatene; grader er 4258 eller 4326, meter er 25832, 25833 eller 25835.
    en, exit 2: EPSG:3857 does not fit these coordinates; degrees are 4258 or 4326, metres are 25832, 25833 or 25835.
    ");
}

#[test]
fn svalbard_is_in_no_municipality_and_says_so() {
    let (_folder, file) = neighbours();
    let answer =
        json(&["locate", "--lat", "78.22", "--lon", "15.63", "--layer", &file, "--format", "json"]);
    assert_eq!(answer["area"], "svalbard");
    assert!(answer["matches"][0]["region"].is_null());
}

#[test]
fn a_file_of_points_keeps_every_row_and_gains_a_code_and_a_name() {
    let (folder, layer) = neighbours();
    let points = folder.path().join("points.csv");
    let rows =
        "navn;breddegrad;lengdegrad\nSørlig;59,9;10,6\nTom;;\nBorte;60,9;10,6\nØst;59,9;10,8\n";
    std::fs::write(&points, rows).expect("a file");
    let out = folder.path().join("out.csv");
    let [points, out] = [&points, &out].map(|path| path.display().to_string());
    let ran = run(&["locate", "--file", &points, "--layer", &layer, "--out", &out, "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("4 rows: 2 located, 1 outside, 1 without"), "{}", ran.stderr);
    let written = std::fs::read_to_string(&out).expect("it was written");
    // A name that a spreadsheet would take for a formula is made harmless.
    insta::assert_snapshot!(written, @r"
    navn;breddegrad;lengdegrad;neighbours_code;neighbours_name
    Sørlig;59,9;10,6;A;West
    Tom;;;;
    Borte;60,9;10,6;;
    Øst;59,9;10,8;B;'=East
    ");
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
    insta::assert_snapshot!(ask(&swapped), @r"
    nb, exit 2: De fleste punktene i «[folder]/swapped.csv» ser feil ut: 59.9 10.7 ser ut som bredde og lengde i omvendt rekkefølge: bruk --lat 59.9 --lon 10.7.
    en, exit 2: Most of the points in “[folder]/swapped.csv” look wrong: 59.9 10.7 look like latitude and longitude in the wrong order: use --lat 59.9 --lon 10.7.
    ");
    insta::assert_snapshot!(ask(&place("metres.csv", "x,y\n261506,6649444\n")), @r"
    nb, exit 2: «[folder]/metres.csv» har punkter i meter; si hvilket system med --epsg 25832, 25833 eller 25835.
    en, exit 2: “[folder]/metres.csv” has points in metres; say in which system with --epsg 25832, 25833 or 25835.
    ");
    insta::assert_snapshot!(ask(&place("names.csv", "id,name\n1,Oslo\n")), @r"
    nb, exit 2: «[folder]/names.csv» har ingen kolonner for punkter; den har id, name. Kall dem lat og lon, eller east og north.
    en, exit 2: “[folder]/names.csv” has no columns of points; it has id, name. Name them lat and lon, or east and north.
    ");
    assert!(!std::path::Path::new(&out).exists(), "nothing is written in part");
}

#[test]
fn without_boundaries_it_says_how_to_get_them() {
    let said = told(&["locate", "--lat", "59.9", "--lon", "10.7"]);
    insta::assert_snapshot!(said, @r"
    nb, exit 2: Det finnes ingen grenser her; hent dem med «grunnlag sync --boundaries», eller importer en fil med «grunnlag layers import».
    en, exit 2: There are no boundaries here; fetch them with “grunnlag sync --boundaries”, or import a file with “grunnlag layers import”.
    ");
}

#[test]
fn a_region_of_any_year_says_what_it_was_and_became() {
    let show = |args: &[&str]| {
        let ran = run(&[&["region"], args, &["--date", "2026-01-01", "--lang", "en"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    insta::assert_snapshot!(show(&["show", "1507"]), @r"
    1507 Ålesund (municipality)
    Not in force on 2026-01-01 (2020-01-01 to 2023-12-31)
    Part of 15 Møre og Romsdal (county)
    On 2026-01-01: 1508 Ålesund 86.2 % (by population on 1 January 2024); 1580 Haram 13.8 % (by population on 1 January 2024)
    Source: Statistisk sentralbyrå (SSB), codes, changes and grunnkretser of the snapshot 825e4a2c2e7f, 2026-11-21
    ");
    insta::assert_snapshot!(show(&["show", "03010101"]), @r"
    03010101 Sentrum 1  - Rode 1 (grunnkrets)
    In force on 2026-01-01 (since 2024-01-01)
    Part of 030101 Gamle Oslo (city district)
    Part of 0301 Oslo (municipality)
    Part of 03 Oslo (county)
    Source: Statistisk sentralbyrå (SSB), codes, changes and grunnkretser of the snapshot 825e4a2c2e7f, 2026-11-21
    ");
    insta::assert_snapshot!(show(&["history", "1534"]), @r"
    1534 Haram (municipality), until 2019-12-31

    Became
    2020-01-01  1534 Haram → 1507 Ålesund: merged
    2024-01-01  1507 Ålesund → 1508 Ålesund: split 86.2 % (by population on 1 January 2024)
    2024-01-01  1507 Ålesund → 1580 Haram: split 13.8 % (by population on 1 January 2024)

    On 2026-01-01: 1580 Haram

    Source: Statistisk sentralbyrå (SSB), codes, changes and grunnkretser of the snapshot 825e4a2c2e7f, 2026-11-21
    ");
    insta::assert_snapshot!(told(&["region", "show", "9999"]), @r"
    nb, exit 2: «9999» er ingen region, men uoppgitt sted.
    en, exit 2: “9999” is no region but an unknown place.
    ");
    insta::assert_snapshot!(told(&["region", "show", "0301", "--date", "soon"]), @r"
    nb, exit 2: «soon» er ingen dato; skriv den som 2024-01-01.
    en, exit 2: “soon” is no date; write it as 2024-01-01.
    ");
}

#[test]
fn an_address_with_several_hits_lists_them_and_is_kept() {
    let (folder, layer) = neighbours();
    let data = folder.path().join("data").display().to_string();
    let place = |code: &str, name: &str, longitude, latitude| Place {
        code: code.to_owned(),
        name: name.to_owned(),
        longitude,
        latitude,
    };
    let land = vec![
        place("0301", "Oslo", 10.75, 59.91),
        place("4601", "Bergen", 5.32, 60.39),
        place("5001", "Trondheim", 10.39, 63.43),
        place("1103", "Stavanger", 5.73, 58.97),
    ];
    let server = FakeGeonorge::of(land).start();
    let url = server.url();
    let ask = || {
        let typed = ["locate", "--address", "Storgata 2", "--geonorge", &url, "--data", &data];
        run(&[&typed[..], &["--layer", &layer, "--format", "json", "--lang", "en"]].concat())
    };
    let first = ask();
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let found: serde_json::Value = serde_json::from_slice(&first.bytes).expect("JSON");
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    assert_eq!(found[0]["matches"][0]["region"]["code"], "B");
    assert!(found[1]["matches"][0]["region"].is_null(), "Stavanger is in neither");

    drop(server);
    let again = ask();
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert_eq!(again.stdout, first.stdout);
}
