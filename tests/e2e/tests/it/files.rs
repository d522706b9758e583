//! Answers as files: readable, the same bytes each time, whole or not there.

use std::fs;

use tempfile::tempdir;
use testkit::{run, run_in, shell};

use crate::{json, list, told};

#[test]
fn csv_holds_the_numbers_of_the_object() {
    let ranking = json(&["rank", "--format", "json"]);
    let ran = run(&["rank", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(ran.bytes.as_slice());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|found| found == name).expect(name);
    let rows: Vec<csv::StringRecord> =
        reader.records().map(|row| row.expect("as wide as the header")).collect();
    assert_eq!(rows.len(), 357);
    for (row, place) in rows.iter().zip(list(&ranking["municipalities"])) {
        assert_eq!(&row[column("municipality_code")], place["municipality_code"]);
        assert_eq!(&row[column("status")], place["status"]);
        // A gap is an empty cell, and a number is the same number.
        assert_eq!(row[column("score")].parse::<f64>().ok(), place["score"].as_f64());
        assert_eq!(row[column("rank")].parse::<u64>().ok(), place["rank"].as_u64());
        assert_eq!(row[column("reason")].is_empty(), place["reason"].is_null());
    }
}

#[test]
fn every_table_can_be_had_as_csv() {
    let oslo = "SELECT * FROM population_persons WHERE municipality_code = '0301'";
    for args in [
        &["flags"] as &[&str],
        &["indicator", "list"],
        &["indicator", "values", "population_80plus_percent"],
        &["model", "list"],
        &["sql", oslo],
    ] {
        let ran = run(&[args, &["--format", "csv"]].concat());
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
        let mut reader = csv::Reader::from_reader(ran.bytes.as_slice());
        let rows: Vec<csv::StringRecord> =
            reader.records().collect::<Result<_, _>>().expect("rows as wide as the header");
        assert!(!rows.is_empty(), "{args:?}");
    }
}

#[test]
fn workbooks_and_parquet_files_begin_and_end_as_they_must() {
    let xlsx = run(&["rank", "--format", "xlsx"]).bytes;
    assert!(xlsx.starts_with(b"PK\x03\x04"));
    // The end of a zip's directory, with no comment after it.
    assert_eq!(&xlsx[xlsx.len() - 22..][..4], b"PK\x05\x06");
    let parquet = run(&["rank", "--format", "parquet"]).bytes;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn two_runs_give_the_same_bytes() {
    for format in ["table", "csv", "json", "xlsx", "parquet"] {
        let once = || run(&["rank", "--format", format, "--quiet"]).bytes;
        assert!(once() == once(), "{format} differs between two runs");
    }
}

#[test]
fn out_writes_the_bytes_that_the_screen_would_get() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("rangering.parquet");
    fs::write(&file, "older").expect("write");
    let args = ["rank", "--format", "parquet"];
    let ran = run_in(folder.path(), &[&args as &[&str], &["--out", "rangering.parquet"]].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert!(fs::read(&file).expect("written") == run(&args).bytes);
    assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1, "nothing else is left");
}

#[test]
fn a_missing_folder_is_named_and_not_made() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("none").join("rank.csv");
    let file = file.to_str().expect("a path in UTF-8");
    insta::assert_snapshot!(told(&["rank", "--format", "csv", "--out", file]), @r"
    nb, exit 2: Mappen til [folder]/none/rank.csv finnes ikke; lag den først, eller velg en annen.
    en, exit 2: The folder of [folder]/none/rank.csv does not exist; make it first, or choose another.
    ");
    assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
}

#[test]
fn a_folder_is_not_a_file() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path in UTF-8");
    insta::assert_snapshot!(told(&["rank", "--format", "csv", "--out", path]), @r"
    nb, exit 2: [folder] er en mappe; oppgi et filnavn.
    en, exit 2: [folder] is a folder; give a file name.
    ");
}

/// A file-size limit stands in for a full disk: both fail while writing.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_partial_file_and_keeps_the_older_one() {
    for format in ["csv", "json", "xlsx", "parquet"] {
        let folder = tempdir().expect("a folder");
        fs::write(folder.path().join("older"), "kept").expect("write");
        for name in ["new", "older"] {
            // Without the trap the signal would end the process before it can tidy up.
            let line = format!(
                "trap '' XFSZ; ulimit -f 8; exec \"$grunnlag\" rank --format {format} --out {name}"
            );
            let ran = shell(folder.path(), &line);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{format}: {}", ran.stderr);
            assert!(ran.stderr.starts_with(&format!("{name} ble ikke skrevet")), "{}", ran.stderr);
        }
        let left: Vec<_> = fs::read_dir(folder.path())
            .expect("read")
            .flatten()
            .map(|one| one.file_name())
            .collect();
        assert_eq!(left, ["older"], "{format}");
        assert_eq!(fs::read(folder.path().join("older")).expect("read"), b"kept");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempdir().expect("a folder");
    for format in ["table", "csv", "json", "xlsx"] {
        // A megabyte would do; the pipe is closed before anything is read from it.
        let line = format!(
            "{{ \"$grunnlag\" rank --quiet --format {format}; echo \"exit $?\" >&2; }} | head -c 1 > /dev/null"
        );
        let ran = shell(folder.path(), &line);
        assert_eq!(ran.stderr, "exit 0\n", "{format}");
    }
    let ran = shell(folder.path(), "\"$grunnlag\" --help | true");
    assert_eq!(ran.stderr, "");
}
