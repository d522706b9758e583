use std::fs;
use std::path::PathBuf;

use store::{Snapshot, StoreError, Value};
use tempfile::TempDir;

use crate::{small, told};

/// Opens `bytes` as a snapshot file.
fn open(bytes: &[u8]) -> Result<Snapshot, StoreError> {
    let (_folder, path) = on_disk(bytes);
    Snapshot::open(&path)
}

fn on_disk(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("50% of a snapshot?#.gpkg");
    fs::write(&path, bytes).expect("written");
    (folder, path)
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let original = small().bytes().expect("sound");
    let step = original.len() * 8 / 199;
    for position in (0..original.len() * 8).step_by(step) {
        let mut bytes = original.clone();
        bytes[position / 8] ^= 1 << (position % 8);
        let error = open(&bytes).expect_err("one bit is wrong");
        assert!(
            matches!(error, StoreError::Damaged { .. } | StoreError::NotASnapshot { .. }),
            "bit {position}: {error}"
        );
    }
}

#[test]
fn a_truncated_file_is_noticed() {
    let original = small().bytes().expect("sound");
    for kept in [0, 1, 100, 4096, original.len() / 2, original.len() - 4096, original.len() - 1] {
        let error = open(&original[..kept]).expect_err("cut short");
        assert!(
            matches!(error, StoreError::Damaged { .. } | StoreError::NotASnapshot { .. }),
            "{kept} bytes: {error}"
        );
    }
}

#[test]
fn the_refusal_names_the_file_and_both_checksums() {
    let mut bytes = small().bytes().expect("sound");
    *bytes.last_mut().expect("not empty") ^= 1;
    let (_folder, path) = on_disk(&bytes);
    let error = Snapshot::open(&path).expect_err("damaged");
    let StoreError::Damaged { expected, found, .. } = &error else { panic!("{error}") };
    assert_eq!((expected.len(), found.len()), (64, 64));
    for part in [expected, found, &path.display().to_string()] {
        assert!(error.to_string().contains(part.as_str()), "{error}");
    }
}

#[test]
fn another_kind_of_file_is_not_a_snapshot() {
    let error = open(b"municipality_code,value\n0301,1\n").expect_err("a CSV file");
    assert!(
        error
            .to_string()
            .ends_with("is not a Grunnlag snapshot: it has no seal (expected one, found 0)")
    );
}

#[test]
fn an_absent_file_is_named() {
    let error = Snapshot::open("absent.gpkg".as_ref()).expect_err("no such file");
    assert!(told(&error).starts_with("cannot read the snapshot `absent.gpkg`: "), "{error}");
}

#[test]
fn a_file_replaced_while_in_use_is_not_read() {
    let (_folder, path) = on_disk(&small().bytes().expect("sound"));
    let snapshot = Snapshot::open(&path).expect("whole");
    let mut other = small();
    other.figures.truncate(1);
    other.write(&path).expect("written");
    let error = snapshot.measures().expect_err("another file");
    assert!(matches!(error, StoreError::Replaced { .. }), "{error}");
}

#[test]
fn a_file_reads_the_same_as_it_was_written() {
    let (_folder, path) = on_disk(&small().bytes().expect("sound"));
    let snapshot = Snapshot::open(&path).expect("whole");
    assert_eq!(snapshot.created(), "2026-11-21");
    assert_eq!(snapshot.municipalities().expect("read"), small().municipalities);
    assert_eq!(snapshot.sources().expect("read"), small().sources);
    let rows =
        snapshot.session().expect("open").rows("SELECT * FROM population_persons").expect("read");
    assert_eq!(rows.columns, ["municipality_code", "period", "year", "value", "status"]);
    let text = |text: &str| Value::Text(text.to_owned());
    let gap =
        vec![text("1507"), text("2024"), Value::Integer(2024), Value::Null, text("suppressed")];
    assert_eq!(rows.rows[1], gap);
    assert!(snapshot.verify().expect("read").is_whole());
}

#[test]
fn a_file_damaged_after_opening_fails_verification() {
    let (_folder, path) = on_disk(&small().bytes().expect("sound"));
    let snapshot = Snapshot::open(&path).expect("whole");
    let mut bytes = fs::read(&path).expect("read");
    let place = bytes.windows(10).position(|window| window == b"suppressed").expect("a status");
    bytes[place] = b'S';
    fs::write(&path, &bytes).expect("written");
    let verification = snapshot.verify().expect("read");
    assert!(!verification.is_whole());
    assert!(
        verification.problems[0].starts_with("the checksum of the file should be `"),
        "{verification:?}"
    );
}
