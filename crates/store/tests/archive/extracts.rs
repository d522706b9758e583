use std::fs;

use store::StoreError;
use store::archive::{Archive, Published, Version, VersionInfo};

use crate::{archive, told};

const EXTRACT: &str = "ssb.07459.no.population";

fn info(fetched_at: &str) -> VersionInfo {
    VersionInfo {
        table: "07459".to_owned(),
        server: "data.ssb.no".to_owned(),
        language: "no".to_owned(),
        updated: Some("2026-02-24T07:00:00Z".to_owned()),
        query: "{\"selection\":[]}".to_owned(),
        answer_ids: vec![3, 1, 2],
        fetched_at: fetched_at.to_owned(),
        drift: None,
    }
}

fn new(archive: &Archive, bytes: &[u8], info: &VersionInfo) -> Version {
    match archive.publish(EXTRACT, bytes, info).expect("it is published") {
        Published::New(version) => version,
        Published::Unchanged(version) => panic!("unchanged: {version:?}"),
    }
}

fn unchanged(archive: &Archive, bytes: &[u8], info: &VersionInfo) -> Version {
    match archive.publish(EXTRACT, bytes, info).expect("it is published") {
        Published::Unchanged(version) => version,
        Published::New(version) => panic!("new: {version:?}"),
    }
}

#[test]
fn a_version_is_named_by_its_bytes_and_keeps_where_they_come_from() {
    let (folder, archive) = archive();
    let version = new(&archive, b"abc", &info("2026-03-01T08:00:00Z"));
    // The SHA-256 of `abc` in FIPS 180-2.
    assert_eq!(version.version, "ba7816bf8f01");
    assert_eq!(version.info, info("2026-03-01T08:00:00Z"));
    assert_eq!((version.bytes, version.known_from.as_str()), (3, "2026-03-01T08:00:00Z"));
    let path = folder.path().join("extracts").join(EXTRACT).join("ba7816bf8f01.parquet");
    assert_eq!(fs::read(path).expect("a file"), b"abc");
    assert_eq!(archive.extract_bytes(&version).expect("a file"), b"abc");
    assert_eq!(archive.extracts().expect("rows"), [EXTRACT]);
}

#[test]
fn the_same_bytes_again_are_no_new_version_but_are_seen() {
    let (_folder, archive) = archive();
    let first = new(&archive, b"abc", &info("2026-03-01T08:00:00Z"));
    let again = unchanged(&archive, b"abc", &info("2026-03-08T08:00:00Z"));
    assert_eq!(again.id, first.id);
    assert_eq!(again.known_from, "2026-03-01T08:00:00Z");
    assert_eq!(again.last_seen, "2026-03-08T08:00:00Z");
    assert_eq!(archive.versions(EXTRACT).expect("rows").len(), 1);
}

#[test]
fn figures_as_of_a_date_are_those_known_then() {
    let (_folder, archive) = archive();
    new(&archive, b"one", &info("2026-03-01T08:00:00Z"));
    new(&archive, b"two", &info("2026-06-15T06:00:00Z"));
    // The publisher takes its correction back.
    new(&archive, b"one", &info("2026-07-01T06:00:00Z"));

    let as_of = |moment: &str| {
        let version = archive.as_of(EXTRACT, moment).expect("rows")?;
        Some(String::from_utf8(archive.extract_bytes(&version).expect("a file")).expect("text"))
    };
    assert_eq!(as_of("2026-02-28"), None);
    assert_eq!(as_of("2026-03-01").as_deref(), Some("one"));
    assert_eq!(as_of("2026-03-01T07:59:59Z"), None);
    assert_eq!(as_of("2026-06-15").as_deref(), Some("two"));
    assert_eq!(as_of("2026-06-15T08:00:00+02:00").as_deref(), Some("two"));
    assert_eq!(as_of("2026-06-15T07:59:59+02:00").as_deref(), Some("one"));
    assert_eq!(as_of("2026-12-31").as_deref(), Some("one"));
    assert_eq!(archive.versions(EXTRACT).expect("rows").len(), 3);
    assert!(matches!(archive.as_of(EXTRACT, "last week"), Err(StoreError::Time { .. })));
}

#[test]
fn a_version_with_drift_is_kept_and_never_current() {
    let (_folder, archive) = archive();
    let good = new(&archive, b"good", &info("2026-03-01T08:00:00Z"));
    let drifted =
        VersionInfo { drift: Some("`Kjonn` is gone".to_owned()), ..info("2026-04-01T08:00:00Z") };
    let bad = new(&archive, b"bad", &drifted);
    assert_eq!(archive.current(EXTRACT).expect("rows").expect("one is good").id, good.id);
    assert_eq!(
        archive.as_of(EXTRACT, "2026-12-31").expect("rows").expect("one is good").id,
        good.id
    );
    assert_eq!(archive.versions(EXTRACT).expect("rows")[1].id, bad.id);

    // Every night the same report is one report.
    let again = unchanged(&archive, b"bad", &drifted);
    assert_eq!(again.id, bad.id);
    // The contract is mended, and the bytes are now what is wanted.
    let mended = new(&archive, b"bad", &info("2026-04-02T08:00:00Z"));
    assert_eq!(archive.current(EXTRACT).expect("rows").expect("it is good now").id, mended.id);
}

#[test]
fn good_bytes_after_a_drift_are_the_version_that_is_still_current() {
    let (_folder, archive) = archive();
    let good = new(&archive, b"good", &info("2026-03-01T08:00:00Z"));
    let drift = VersionInfo { drift: Some("?".to_owned()), ..info("2026-04-01T08:00:00Z") };
    new(&archive, b"bad", &drift);
    assert_eq!(unchanged(&archive, b"good", &info("2026-05-01T08:00:00Z")).id, good.id);
}

#[test]
fn names_that_could_mean_another_folder_are_refused() {
    let (folder, archive) = archive();
    for name in ["", "..", "../x", "a/b", "/etc/x", "a\\b", ".tmp", "x."] {
        let refused = archive.publish(name, b"x", &info("2026-03-01T08:00:00Z"));
        assert!(matches!(refused, Err(StoreError::ExtractName { .. })), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path().join("extracts")).expect("a folder").count(), 0);
}

#[test]
fn a_changed_file_is_noticed_and_not_replaced() {
    let (folder, archive) = archive();
    let version = new(&archive, b"abc", &info("2026-03-01T08:00:00Z"));
    let path = folder.path().join("extracts").join(EXTRACT).join("ba7816bf8f01.parquet");
    fs::write(&path, b"abd").expect("a file");
    let error = archive.extract_bytes(&version).expect_err("it is damaged");
    assert!(told(&error).contains("ba7816bf8f01.parquet` is damaged"), "{error}");
    let refused = archive.publish(EXTRACT, b"abc", &info("2026-03-02T08:00:00Z"));
    assert!(matches!(refused, Err(StoreError::DamagedFile { .. })));
}

#[test]
fn a_file_is_published_as_its_bytes_would_be() {
    let (folder, archive) = archive();
    let content: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let outside = tempfile::tempdir().expect("a folder");
    let file = outside.path().join("a.parquet");
    fs::write(&file, &content).expect("a file");

    let moment = info("2026-03-01T08:00:00Z");
    let published = archive.publish_file(EXTRACT, &file, &moment).expect("it is published");
    let Published::New(version) = published else { panic!("it is new") };
    assert_eq!(version.bytes, 4_000_000);
    assert_eq!(version.info, moment);
    assert!(archive.extract_bytes(&version).expect("a file") == content, "the bytes differ");
    assert_eq!(
        fs::read(archive.extract_file(&version).expect("whole")).expect("a file").len(),
        4_000_000
    );
    assert!(file.exists(), "the file that was copied is still there");
    let growing = folder.path().join("extracts/.tmp");
    assert_eq!(fs::read_dir(&growing).expect("a folder").count(), 0);

    // The same again, from the file and from memory: no change, and nothing left behind.
    let again = archive.publish_file(EXTRACT, &file, &info("2026-03-08T08:00:00Z"));
    assert!(matches!(again, Ok(Published::Unchanged(same)) if same.id == version.id));
    assert_eq!(unchanged(&archive, &content, &info("2026-03-09T08:00:00Z")).id, version.id);
    assert_eq!(fs::read_dir(&growing).expect("a folder").count(), 0);
}

#[test]
fn a_file_that_cannot_be_read_or_named_is_no_version() {
    let (folder, archive) = archive();
    let moment = info("2026-03-01T08:00:00Z");
    let absent = folder.path().join("absent");
    let error = archive.publish_file(EXTRACT, &absent, &moment).expect_err("there is no file");
    assert!(matches!(&error, StoreError::File { path, .. } if *path == absent), "{error}");
    let refused = archive.publish_file("../x", &absent, &moment);
    assert!(matches!(refused, Err(StoreError::ExtractName { .. })));
    assert!(archive.versions(EXTRACT).expect("rows").is_empty());
}

#[test]
fn a_changed_file_is_noticed_when_a_file_is_published_again() {
    let (folder, archive) = archive();
    let file = folder.path().join("a.parquet");
    fs::write(&file, b"abc").expect("a file");
    let moment = info("2026-03-01T08:00:00Z");
    let Ok(Published::New(version)) = archive.publish_file(EXTRACT, &file, &moment) else {
        panic!("it is new")
    };
    let kept = archive.version_path(EXTRACT, &version.version).expect("a path");
    fs::write(&kept, b"abd").expect("a file");
    let refused = archive.publish_file(EXTRACT, &file, &moment);
    assert!(matches!(refused, Err(StoreError::DamagedFile { .. })));
    assert!(matches!(archive.extract_file(&version), Err(StoreError::DamagedFile { .. })));
    assert_eq!(fs::read(&kept).expect("a file"), b"abd", "evidence is not written over");
}
