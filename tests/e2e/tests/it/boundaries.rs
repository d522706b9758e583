//! `sync --boundaries` through the built binary: fetched, cut off, killed, gone on with, used.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::geonorge::{FakeGeonorge, Place, Script, Trouble};
use testkit::{Ran, grunnlag, run_in, serve_with};

use crate::json;

/// The municipalities of the embedded snapshot.
fn places() -> Vec<Place> {
    let sql = "SELECT municipality_code, name, longitude, latitude FROM municipality";
    let rows = json(&["sql", sql, "--format", "json"]);
    let rows = rows.as_array().or_else(|| rows["rows"].as_array()).expect("rows");
    let place = |row: &Value| {
        let at = |at: usize, name: &str| {
            row.get(name).or_else(|| row.get(at)).cloned().unwrap_or_default()
        };
        Place {
            code: at(0, "municipality_code").as_str().expect("a code").to_owned(),
            name: at(1, "name").as_str().expect("a name").to_owned(),
            longitude: at(2, "longitude").as_f64().expect("degrees"),
            latitude: at(3, "latitude").as_f64().expect("degrees"),
        }
    };
    rows.iter().map(place).collect()
}

fn land() -> Script {
    FakeGeonorge::of(places())
}

const LAYERS: [&str; 3] = ["municipalities", "counties", "grunnkretser"];

/// What is typed to fetch layers from a server.
fn typed(server: &FakeGeonorge, data: &Path, layers: &[&str]) -> Vec<String> {
    let mut words: Vec<String> =
        ["sync", "--geonorge", &server.url(), "--data", data.to_str().expect("UTF-8")]
            .map(str::to_owned)
            .to_vec();
    words.extend(["--format", "json", "--quiet"].map(str::to_owned));
    words.extend(layers.iter().flat_map(|layer| ["--layer".to_owned(), (*layer).to_owned()]));
    words
}

fn sync(server: &FakeGeonorge, data: &Path, layers: &[&str]) -> Ran {
    run_in(Path::new("."), &typed(server, data, layers))
}

fn summary(ran: &Ran) -> Value {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_slice(&ran.bytes).expect("JSON")
}

/// Outcome and version of each layer.
fn outcomes(summary: &Value) -> Vec<(String, String)> {
    let extracts = summary["extracts"].as_array().expect("a list");
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    extracts.iter().map(|one| (text(one, "outcome"), text(one, "version"))).collect()
}

/// Number of boundaries in the snapshot of a data folder, by table.
fn boundaries(data: &Path) -> (u64, u64) {
    let data = data.to_str().expect("UTF-8");
    let count = |table: &str| {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let ran = run_in(Path::new("."), &["sql", &sql, "--data", data, "--format", "json"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let rows: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
        let first = rows.get(0).or_else(|| rows["rows"].get(0)).expect("a row").clone();
        first.get("n").or_else(|| first.get(0)).and_then(Value::as_u64).expect("a number")
    };
    (count("boundary_municipality"), count("boundary_county"))
}

#[test]
fn boundaries_reach_the_archive_the_snapshot_and_the_page() {
    let home = tempfile::tempdir().expect("a folder");
    let (server, data) = (land().start(), home.path().join("data"));
    let said = summary(&sync(&server, &data, &LAYERS));
    let (first, versions): (Vec<String>, Vec<String>) = outcomes(&said).into_iter().unzip();
    assert_eq!(first, ["fetched", "fetched", "fetched"], "{said}");
    assert_eq!(boundaries(&data), (357, 15));

    // What has not changed is not fetched again; what has been fetched stays.
    let calls = server.calls_to(".zip").len();
    let again = summary(&sync(&server, &data, &LAYERS));
    let unchanged: Vec<(String, String)> =
        versions.iter().map(|version| ("unchanged".to_owned(), version.clone())).collect();
    assert_eq!(outcomes(&again), unchanged);
    assert_eq!(server.calls_to(".zip").len(), calls);
    assert_eq!(again["snapshot"], Value::Null);

    let folder = data.to_str().expect("UTF-8");
    let served = serve_with(&["--data", folder]);
    let layers: Value =
        serde_json::from_slice(&served.get("/api/v1/layers", &[]).body).expect("JSON");
    let list = layers["layers"].as_array().expect("a list");
    let municipalities = list.iter().find(|one| one["id"] == "municipalities").expect("the layer");
    assert_eq!(municipalities["count"], 357);
    assert_eq!(municipalities["publisher"], "Kartverket");
    assert_eq!(municipalities["licence"], "CC BY 4.0");

    let tables = run_in(home.path(), &["tables", "--data", folder, "--format", "json"]);
    let tables: Value = serde_json::from_slice(&tables.bytes).expect("JSON");
    let held = tables.as_array().expect("a list").iter();
    let held: Vec<&str> = held.filter_map(|one| one["extract"].as_str()).collect();
    assert_eq!(held, ["layer.counties", "layer.grunnkretser", "layer.municipalities"]);

    let receipt = run_in(
        home.path(),
        &["receipt", "layer.grunnkretser", "--data", folder, "--format", "json"],
    );
    let receipt: Value = serde_json::from_slice(&receipt.bytes).expect("JSON");
    let answers = receipt["answers"].as_array().expect("a list");
    let zip =
        answers.iter().find(|one| one["url"].as_str().is_some_and(|url| url.ends_with(".zip")));
    assert_eq!(zip.expect("the file")["is_whole"], true, "{receipt}");
}

#[test]
fn a_newer_publication_is_a_new_version_and_a_wrong_one_is_not_used() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let old = land().start();
    let first = outcomes(&summary(&sync(&old, &data, &["municipalities"])));
    drop(old);
    // Published anew, and one municipality is lacking.
    let mut fewer = places();
    fewer.pop();
    let lacking = FakeGeonorge::of(fewer).updated("2026-05-01T00:00:00Z").start();
    let said = summary(&sync(&lacking, &data, &["municipalities"]));
    assert_eq!(outcomes(&said), [("drifted".to_owned(), first[0].1.clone())], "{said}");
    let reasons = said["extracts"][0]["reasons"].to_string();
    assert!(reasons.contains("356") && reasons.contains("357"), "{reasons}");
    assert_eq!(boundaries(&data), (357, 15));
    // Published anew, and whole: other names make another version.
    let mut renamed = places();
    renamed[0].name.push_str(" by");
    let newer = FakeGeonorge::of(renamed).updated("2026-06-01T00:00:00Z").start();
    let said = summary(&sync(&newer, &data, &["municipalities"]));
    let second = outcomes(&said);
    assert_eq!(second[0].0, "fetched", "{said}");
    assert_ne!(second[0].1, first[0].1);
    assert_ne!(said["snapshot"], Value::Null);
}

#[test]
fn killed_in_the_middle_of_a_file_it_goes_on_where_it_was() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("killed");
    let drip = Trouble::Drip(16 << 10, Duration::from_millis(20));
    let server = land().trouble(".zip", 1, drip).start();
    let mut command = Command::new(grunnlag());
    command.args(typed(&server, &data, &["grunnkretser"])).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = command.spawn().expect("the built binary can be started");
    let began = Instant::now();
    while part(&data) < 200_000 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing came");
        thread::sleep(Duration::from_millis(10));
    }
    running.kill().expect("it can be killed");
    running.wait().expect("it ends");
    assert!(!data.join("snapshot.gpkg").exists());
    let tables = run_in(
        home.path(),
        &["tables", "--data", data.to_str().expect("UTF-8"), "--format", "json"],
    );
    assert_eq!(tables.stdout.trim(), "[]", "no version of a half file");

    let resumed = outcomes(&summary(&sync(&server, &data, &["grunnkretser"])));
    let whole = outcomes(&summary(&sync(&server, &home.path().join("whole"), &["grunnkretser"])));
    assert_eq!(resumed, whole);
    let calls = server.calls_to(".zip");
    let range = calls[1].headers.iter().find(|(name, _)| name == "range");
    let (_, range) = range.expect("the rest is asked for");
    let from: u64 = range["bytes=".len()..].trim_end_matches('-').parse().expect("a number");
    assert!(from > 100_000, "{range}");
}

/// Bytes of the file that grows in a data folder.
fn part(data: &Path) -> u64 {
    let entries = std::fs::read_dir(data.join("raw/.tmp")).into_iter().flatten().flatten();
    let is_part = |entry: &std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("part-") && !name.contains('.')
    };
    let sizes = entries.filter(is_part).filter_map(|entry| entry.metadata().ok());
    sizes.map(|metadata| metadata.len()).max().unwrap_or(0)
}

#[test]
fn a_plan_says_what_would_be_fetched_and_asks_nobody() {
    let home = tempfile::tempdir().expect("a folder");
    let server = land().start();
    let mut words = typed(&server, &home.path().join("data"), &LAYERS);
    words.push("--plan".to_owned());
    let plan = summary(&run_in(home.path(), &words));
    let extracts = plan["extracts"].as_array().expect("a list");
    let names: Vec<&str> = extracts.iter().filter_map(|one| one["extract"].as_str()).collect();
    assert_eq!(names, ["layer.municipalities", "layer.counties", "layer.grunnkretser"]);
    assert!(plan["bytes"].as_u64().expect("a size") > 100 << 20, "{plan}");
    assert_eq!(server.calls().len(), 0);
}
