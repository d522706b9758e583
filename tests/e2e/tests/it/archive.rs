//! From a sync to the score and back: versions, differences, receipts.

use std::path::Path;

use serde_json::Value;
use testkit::{Ran, Served, run_in, serve_folder};

use crate::tables::write;

/// A table that the pack has a source for, with three municipalities and two years.
const PLANS: &str = r#"{
  "version": "2.0", "class": "dataset", "label": "12671: Plansaksbehandling (K)",
  "source": "Testbyrået", "updated": "2026-03-16T07:00:00Z",
  "role": {"time": ["Tid"], "geo": ["KOKkommuneregion0000"], "metric": ["ContentsCode"]},
  "id": ["KOKkommuneregion0000", "ContentsCode", "Tid"], "size": [3, 1, 2],
  "dimension": {
    "KOKkommuneregion0000": {"label": "region", "extension": {"elimination": false}, "category": {
      "index": {"0301": 0, "1103": 1, "EAK": 2},
      "label": {"0301": "Oslo", "1103": "Stavanger", "EAK": "Landet"}}},
    "ContentsCode": {"label": "statistikkvariabel", "extension": {"elimination": false}, "category": {
      "index": {"KOSpdtregplgos40000": 0},
      "label": {"KOSpdtregplgos40000": "Dager fra oppstartsmøte til vedtak"},
      "unit": {"KOSpdtregplgos40000": {"base": "dager", "decimals": 0}}}},
    "Tid": {"label": "år", "extension": {"elimination": false}, "category": {
      "index": {"2024": 0, "2025": 1}, "label": {"2024": "2024", "2025": "2025"}}}},
  "extension": {"px": {"tableid": "12671", "language": "no"}},
  "value": [900, 912, 700, null, 800, 810], "status": {"3": ":"}
}
"#;

/// Runs a command with its own data folder.
fn at(home: &Path, args: &[&str]) -> Ran {
    let data = home.join("data");
    run_in(home, &[args, &["--data", data.to_str().expect("a path in UTF-8")]].concat())
}

fn object(home: &Path, args: &[&str]) -> Value {
    let ran = at(home, &[args, &["--format", "json"]].concat());
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
    serde_json::from_slice(&ran.bytes).expect("JSON")
}

/// Publishes the table, syncs it, and gives the summary of its extract.
fn publish(home: &Path, table: &str) -> (Served, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "12671.json", table);
    let served = serve_folder(folder.path());
    let host = format!("http://{}/pxwebapi/v2", served.address);
    let summary = object(home, &["sync", "--host", &host, "--table", "12671"]);
    let extract = summary["extracts"][0].clone();
    (served, extract)
}

#[test]
fn a_sync_reaches_the_score_and_a_receipt_leads_back() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let (served, extract) = publish(home, PLANS);
    assert_eq!(
        (&extract["outcome"], &extract["reasons"]),
        (&"fetched".into(), &Value::from(Vec::<Value>::new())),
        "{extract}"
    );
    assert_eq!(extract["next_due"], "2026-06-15");
    let values = object(home, &["indicator", "values", "plan_processing_days"]);
    let oslo = values["values"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["municipality_code"] == "0301");
    assert_eq!(oslo.expect("Oslo is listed")["value"], 912.0);

    let chain = object(home, &["receipt", "plan_processing_days"]);
    assert_eq!(chain["measures"][0]["extract"], "ssb.12671.no.plan_processing");
    assert_eq!(chain["versions"][0]["version"], extract["version"]);
    assert_eq!(chain["versions"][0]["is_whole"], true);
    let answers = chain["answers"].as_array().expect("a list");
    assert!(!answers.is_empty() && answers.iter().all(|one| one["is_whole"] == true), "{chain}");
    let urls: Vec<&str> = answers.iter().filter_map(|one| one["url"].as_str()).collect();
    assert!(urls.iter().any(|url| url.contains("/tables/12671/data")), "{urls:?}");
    // One figure, down to its version; a gap says why.
    let figure = object(home, &["receipt", "plan_processing_days/1103/2025"]);
    assert_eq!(figure["figure"]["status"], "suppressed");
    assert_eq!(figure["figure"]["value"], Value::Null);
    assert_eq!(figure["versions"][0]["version"], extract["version"]);
    // A checksum leads to the same answer, and the words are there in both languages.
    let sha = answers[0]["sha256"].as_str().expect("a checksum");
    assert_eq!(object(home, &["receipt", &sha[..16]])["answers"][0]["sha256"], sha);
    for (language, word) in [("nb", "uendret"), ("en", "unchanged")] {
        let ran = at(home, &["receipt", "12671", "--lang", language]);
        assert!(ran.stdout.contains(word) && ran.stdout.contains(sha), "{}", ran.stdout);
    }
    drop(served);
}

#[test]
fn a_new_publication_is_a_new_version_and_the_difference_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let (_first, before) = publish(home, PLANS);
    let ran = at(home, &["diff", "12671"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "one version has nothing beside it");
    let revised = PLANS.replace("2026-03-16T07:00:00Z", "2026-06-15T06:00:00Z").replace(
        "[900, 912, 700, null, 800, 810], \"status\": {\"3\": \":\"}",
        "[900, 950, 700, 640, 800, 810]",
    );
    let (_second, after) = publish(home, &revised);
    assert_eq!(after["outcome"], "fetched");
    assert_ne!(before["version"], after["version"]);

    let tables = object(home, &["tables"]);
    assert_eq!((&tables[0]["versions"], &tables[0]["version"]), (&2.into(), &after["version"]));
    let difference = object(home, &["diff", "12671"]);
    let cells: Vec<String> = difference["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|change| change["kind"] == "cell")
        .map(|change| {
            let text = |name: &str| change[name].as_str().unwrap_or("–").to_owned();
            format!("{}: {} {} -> {}", text("place"), text("old"), text("old_status"), text("new"))
        })
        .collect();
    insta::assert_snapshot!(cells.join("\n"), @r"
    0301 KOSpdtregplgos40000 2025: 912 – -> 950
    1103 KOSpdtregplgos40000 2025: – : -> 640
    ");
    // By version, and back again.
    let from = after["version"].as_str().expect("a version");
    let to = before["version"].as_str().expect("a version");
    let back = object(home, &["diff", "12671", "--from", from, "--to", to]);
    assert_eq!(
        back["changes"].as_array().map(Vec::len),
        difference["changes"].as_array().map(Vec::len)
    );
    // Nothing was known in the year 2000; everything is by the end of all days.
    let ran = at(home, &["px", "get", "12671", "--as-of", "2000-01-01"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    let now = at(
        home,
        &["px", "get", "12671", "--as-of", "9000-01-01", "--select", "Tid=top(1)", "--quiet"],
    );
    assert!(
        now.stdout.contains(
            "0301,Oslo,KOSpdtregplgos40000,Dager fra oppstartsmøte til vedtak,2025,2025,950,"
        ),
        "{}",
        now.stdout
    );
    let then = at(home, &["rank", "--as-of", "2000-01-01", "--top", "1", "--quiet"]);
    assert_eq!(then.code, Some(0), "{}", then.stderr);
}

#[test]
fn a_table_that_no_longer_fits_is_told_and_its_last_good_version_stays() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let (_first, good) = publish(home, PLANS);
    let changed = PLANS
        .replace("2026-03-16T07:00:00Z", "2026-06-15T06:00:00Z")
        .replace("\"base\": \"dager\"", "\"base\": \"uker\"");
    let (_second, drifted) = publish(home, &changed);
    assert_eq!((&drifted["outcome"], &drifted["version"]), (&"drifted".into(), &good["version"]));
    insta::assert_snapshot!(drifted["reasons"][0].as_str().unwrap_or_default(), @"Enheten til KOSpdtregplgos40000 er «uker», ikke «dager».");
    let values = object(home, &["indicator", "values", "plan_processing_days"]);
    assert!(values["values"].as_array().expect("a list").iter().any(|one| one["value"] == 912.0));
}

#[test]
fn a_server_that_cannot_be_reached_fails_the_sync_and_says_how_to_go_on() {
    let home = tempfile::tempdir().expect("a folder");
    let (served, _) = publish(home.path(), PLANS);
    let host = format!("http://{}/pxwebapi/v2", served.address);
    drop(served);
    let ran = at(home.path(), &["sync", "--from-archive", "--host", &host, "--table", "12671"]);
    assert_eq!(ran.code, Some(0), "the archive needs no server: {}", ran.stderr);
}
