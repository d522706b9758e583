//! JSON-stat as producers write it, and as nobody should.

use std::path::PathBuf;

use cube::{Cube, columns, jsonstat};
use serde_json::Value;

/// Every recording that is a JSON-stat dataset.
pub fn recordings() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(shared) = testkit::shared() else { return Vec::new() };
    let real = shared.join("real");
    let files = [
        "ssb/v2/03024/data-no.json",
        "ssb/v2/05810/metadata-en.json",
        "ssb/v2/12134/data-0301-4601-5001-2024.json",
        "ssb/v2-beta/09654/data.json",
        "ssb/v2-beta/13615/data.json",
        "ssb/v2-beta/13861/data.json",
        "pxwebapi-reference-server/metadata-tab001.json",
        "pxwebapi-reference-server/metadata-tab004.json",
    ];
    files
        .map(|file| real.join(file))
        .into_iter()
        .map(|file| {
            let bytes = std::fs::read(&file).expect("the recording is there");
            (file, bytes)
        })
        .collect()
}

fn tree(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

#[test]
fn every_recording_is_written_as_it_was_read() {
    for (file, bytes) in recordings() {
        let cube =
            jsonstat::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(tree(&jsonstat::to_vec(&cube)), tree(&bytes), "{}", file.display());
    }
}

#[test]
fn every_recording_survives_parquet_and_arrow() {
    for (file, bytes) in recordings() {
        let cube = jsonstat::read(&bytes).expect("the test above reads it");
        let ways: [fn(&Cube) -> Cube; 3] = [
            |cube| columns::from_parquet(&columns::to_parquet(cube)).expect("Parquet"),
            |cube| columns::from_ipc(&columns::to_ipc(cube)).expect("Arrow"),
            |cube| columns::from_batch(&columns::into_batch(cube.clone())).expect("a batch"),
        ];
        for way in ways {
            let back = way(&cube);
            assert!(back == cube, "{}", file.display());
            assert!(tree(&jsonstat::to_vec(&back)) == tree(&bytes), "{}", file.display());
        }
    }
}
