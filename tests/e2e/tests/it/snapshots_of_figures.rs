//! Snapshots that are damaged, cut short, or something else altogether.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::{TempDir, tempdir};
use testkit::{run, workspace};

use crate::json;

/// The snapshot that the repository holds.
fn embedded() -> PathBuf {
    workspace().join("snapshots").join("embedded.gpkg")
}

/// A data folder whose snapshot is `bytes`.
fn data(bytes: &[u8]) -> TempDir {
    let folder = tempdir().expect("a folder");
    fs::write(folder.path().join("snapshot.gpkg"), bytes).expect("write");
    folder
}

/// Every way to read figures, none of which may answer from this folder.
fn refuses_all(folder: &Path, named: &[&str]) {
    let folder = folder.to_str().expect("a path in UTF-8");
    for args in [
        &["rank"] as &[&str],
        &["explain", "Oslo"],
        &["flags"],
        &["indicator", "values", "robek_listed"],
        &["snapshot", "info"],
        &["snapshot", "verify"],
        &["sql", "SELECT 1"],
        &["serve", "--listen", "127.0.0.1:0", "--no-open"],
    ] {
        let ran = run(&[args, &["--data", folder]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{args:?}: {}", ran.stderr);
        for name in named {
            assert!(ran.stderr.contains(name), "{args:?} does not name {name}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_whole_copy_answers_as_the_embedded_one() {
    let folder = data(&fs::read(embedded()).expect("read"));
    let path = folder.path().to_str().expect("a path in UTF-8");
    assert!(
        run(&["rank", "--format", "json", "--data", path]).bytes
            == run(&["rank", "--format", "json"]).bytes
    );
    assert_eq!(run(&["snapshot", "verify", "--data", path]).code, Some(0));
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("read").flatten().map(|one| one.file_name()).collect();
    assert_eq!(names, ["snapshot.gpkg"], "reading leaves nothing beside the file");
}

#[test]
fn one_flipped_byte_is_found_and_the_checksum_named() {
    let seal = json(&["snapshot", "info", "--format", "json"])["checksum"].clone();
    let seal = seal.as_str().expect("a checksum");
    let whole = fs::read(embedded()).expect("read");
    // In a page of figures, and in the very last byte.
    for at in [whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        refuses_all(data(&bytes).path(), &[seal, "snapshot.gpkg"]);
    }
}

#[test]
fn a_truncated_snapshot_is_found_and_the_checksum_named() {
    let info = json(&["snapshot", "info", "--format", "json"]);
    let whole = fs::read(embedded()).expect("read");
    let seal_at = whole
        .windows(16)
        .position(|window| window == b"GRUNNLAG-SEAL-v1")
        .expect("a snapshot holds its seal");
    // Cut behind the seal there is a checksum to name; cut before it, there is none.
    let behind = whole.len().max(seal_at + 4096) - 4096;
    refuses_all(
        data(&whole[..behind]).path(),
        &["snapshot.gpkg", info["checksum"].as_str().expect("text")],
    );
    refuses_all(data(&whole[..seal_at]).path(), &["snapshot.gpkg"]);
    refuses_all(data(&[]).path(), &["snapshot.gpkg"]);
}

#[test]
fn a_failure_of_ours_is_told_apart_from_the_callers() {
    let folder = data(b"not a snapshot");
    let path = folder.path().to_str().expect("a path in UTF-8");
    let ran = run(&["rank", "--data", path, "--json-errors"]);
    let error: Value = serde_json::from_str(&ran.stderr).expect("one JSON object");
    assert_eq!((&error["type"], &error["exit_code"]), (&"internal".into(), &1.into()));
}
