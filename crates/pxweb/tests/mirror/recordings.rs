//! The same tables as the reference server's, and the same answers but for what is listed.

use std::path::Path;

use cube::{Cube, Statuses, Values};
use pxweb::mirror::{Entry, Mirror, Settings, Shelved};
use serde_json::Value;

use crate::shelf::{Tables, ask, json_of};

fn recorded(path: &str) -> Option<Value> {
    let file = testkit::shared()?.join("real").join(Path::new(path));
    let text = std::fs::read_to_string(file).expect("the recording is there");
    Some(serde_json::from_str(&text).expect("the recording is JSON"))
}

/// A table of the reference server; the recording has no numbers, so each cell is its position.
fn filled(metadata: &Value) -> Cube {
    let cube = cube::jsonstat::read(metadata.to_string().as_bytes()).expect("metadata");
    let numbers = (0..cube.cells()).map(|cell| Some(f64::from(u32::try_from(cell).unwrap_or(0))));
    let values: Values = numbers.collect();
    cube.with_cells(cube.dimensions().to_vec(), values, Statuses::none())
        .expect("a number per cell")
}

fn settings() -> Settings {
    let languages = vec!["en".to_owned(), "sv".to_owned()];
    Settings { languages, ..Settings::default() }
}

/// Where two answers differ: members by their path, also in their order.
fn differences(ours: &Value, theirs: &Value, path: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names = |all: &serde_json::Map<String, Value>,
                         other: &serde_json::Map<String, Value>| {
                all.keys().filter(|name| other.contains_key(*name)).cloned().collect::<Vec<_>>()
            };
            if names(ours, theirs) != names(theirs, ours) {
                found.push(format!("{path}: other order"));
            }
            for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
                found.push(format!("{path}.{name}: only here"));
            }
            for (name, theirs) in theirs {
                match ours.get(name) {
                    Some(ours) => differences(ours, theirs, &format!("{path}.{name}"), found),
                    None => found.push(format!("{path}.{name}: only there")),
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                differences(ours, theirs, &format!("{path}[{at}]"), found);
            }
        }
        _ if ours == theirs => {}
        _ => found.push(format!("{path}: {ours} here, {theirs} there")),
    }
}

fn compare(ours: &Value, theirs: &Value) -> String {
    let mut found = Vec::new();
    differences(ours, theirs, "", &mut found);
    found.join("\n")
}

#[test]
fn metadata_are_the_reference_servers() {
    for (id, path) in [
        ("TAB004", "pxwebapi-reference-server/metadata-tab004.json"),
        ("TAB001", "pxwebapi-reference-server/metadata-tab001.json"),
    ] {
        let Some(theirs) = recorded(path) else { return };
        let shelf = Tables::default().with(id, filled(&theirs));
        let ours =
            json_of(Mirror::new(shelf, settings()).reply(&ask(&format!("/tables/{id}/metadata"))));
        assert_eq!(compare(&ours, &theirs), "", "{id}");
    }
}

#[test]
fn metadata_of_the_early_server_are_spelled_as_now() {
    let Some(theirs) = recorded("ssb/v2/05810/metadata-en.json") else { return };
    let shelf = Tables::default().with("05810", filled(&theirs));
    let ours =
        json_of(Mirror::new(shelf, settings()).reply(&ask("/tables/05810/metadata?lang=en")));
    insta::assert_snapshot!(compare(&ours, &theirs));
}

#[test]
fn an_entry_is_the_reference_servers() {
    let (Some(theirs), Some(metadata)) = (
        recorded("pxwebapi-reference-server/table-tab004.json"),
        recorded("pxwebapi-reference-server/metadata-tab004.json"),
    ) else {
        return;
    };
    let shelf = Tables::default().with("TAB004", filled(&metadata));
    let ours = json_of(Mirror::new(shelf, settings()).reply(&ask("/tables/tab004")));
    insta::assert_snapshot!(compare(&ours, &theirs));
}

#[test]
fn config_has_the_reference_servers_members() {
    let Some(theirs) = recorded("pxwebapi-reference-server/config.json") else { return };
    let mirror = Mirror::new(Tables::default(), settings());
    let ours = json_of(mirror.reply(&ask("/config")));
    insta::assert_snapshot!(compare(&ours, &theirs));
}

/// SSB's own answer, asked of a shelf that holds nothing else, is SSB's own answer.
#[test]
fn data_are_ssbs_own() {
    for path in ["ssb/v2/12134/data-0301-4601-5001-2024.json", "ssb/v2/03024/data-no.json"] {
        let Some(theirs) = recorded(path) else { return };
        let cube = cube::jsonstat::read(theirs.to_string().as_bytes()).expect("data");
        let all: Vec<String> = cube
            .dimensions()
            .iter()
            .map(|dimension| format!("valueCodes[{}]=*", dimension.code))
            .collect();
        let shelf = Tables::default().with("X", cube);
        let mirror = Mirror::new(shelf, Settings::default());
        let ours = json_of(mirror.reply(&ask(&format!("/tables/X/data?{}", all.join("&")))));
        assert_eq!(compare(&ours, &theirs), "", "{path}");
    }
}

/// Part of a recorded table, cut, has the same texts as the whole.
#[test]
fn an_entry_is_told_from_a_cube() {
    let Some(theirs) = recorded("ssb/v2/12134/data-0301-4601-5001-2024.json") else { return };
    let cube = cube::jsonstat::read(theirs.to_string().as_bytes()).expect("data");
    let Entry { id, first_period, subject_code, source, .. } =
        Shelved::new("12134", cube).expect("a table").entry();
    assert_eq!(id, "12134");
    assert_eq!((first_period.as_str(), subject_code.as_deref()), ("2024", Some("os")));
    assert_eq!(source.as_deref(), Some("Statistisk sentralbyrå"));
}
