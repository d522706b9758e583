//! Files that come in pieces: whole or absent, gone on with, and never in memory.

use std::fs;

use store::StoreError;
use store::archive::{Archive, Claim, GrowingFile};

use super::{answer, archive, keep, question, request};

const URL: &str = "https://nedlasting.geonorge.no/kommuner.zip";
const LEASE: std::time::Duration = std::time::Duration::from_secs(60);

/// A zip as far as its first bytes show: it is not packed again.
fn bytes(length: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(
        (0_u32..).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).take(length - 4),
    );
    bytes
}

fn grow(archive: &Archive) -> GrowingFile {
    archive.grow(&question("file"), URL).expect("it can grow").expect("nobody else has it")
}

/// Names of all files below a folder that end so.
fn files(archive: &Archive, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![archive.folder().join("raw")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type().expect("a kind").is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.file_name().to_string_lossy().into_owned()),
            }
        }
    }
    found.retain(|name| name.ends_with(ending));
    found
}

#[test]
fn a_file_has_its_name_and_row_only_when_it_is_whole() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let whole = bytes(300_000);
    assert_eq!(archive.claim(&question("file"), LEASE)?, Claim::Yours);
    let mut file = grow(&archive);
    file.restart(Some("\"1\""))?;
    file.append(&whole[..200_000])?;
    assert_eq!(archive.recall(&question("file"))?, None);
    assert_eq!(files(&archive, ".raw"), Vec::<String>::new());
    file.append(&whole[200_000..])?;
    let kept = archive.keep_file(&question("file"), &request(), &answer(200, b""), file)?;
    assert_eq!(kept.bytes, 300_000);
    assert_eq!(archive.blob(&kept.sha256)?, whole);
    let found = archive.blob_file(&kept.sha256)?;
    assert_eq!(fs::read(found.path()).expect("a file"), whole);
    assert_eq!(files(&archive, ".raw"), [format!("{}.raw", kept.sha256)]);
    assert!(matches!(archive.claim(&question("file"), LEASE)?, Claim::Kept(_)));
    // Nothing is left where it grew.
    assert_eq!(files(&archive, ".json"), Vec::<String>::new());
    Ok(())
}

#[test]
fn what_has_come_is_gone_on_with_after_the_process_is_gone() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let whole = bytes(400_000);
    let mut file = grow(&archive);
    file.restart(Some("\"1\""))?;
    for piece in whole[..300_000].chunks(10_000) {
        file.append(piece)?;
    }
    // A killed process has no last words.
    drop(file);
    let mut file = grow(&archive);
    assert_eq!(file.validator(), Some("\"1\""));
    let here = usize::try_from(file.length()).expect("a length");
    assert!(here > 200_000 && here <= 300_000, "{here}");
    file.append(&whole[here..])?;
    let kept = archive.keep_file(&question("file"), &request(), &answer(200, b""), file)?;
    assert_eq!(archive.blob(&kept.sha256)?, whole);
    Ok(())
}

#[test]
fn what_is_not_surely_the_same_begins_again() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let mut file = grow(&archive);
    // A server that names neither tag nor date.
    file.restart(None)?;
    file.append(&bytes(200_000))?;
    drop(file);
    assert_eq!(grow(&archive).length(), 0);
    let mut file = grow(&archive);
    file.restart(Some("\"1\""))?;
    file.append(&bytes(200_000))?;
    drop(file);
    let other = archive.grow(&question("file"), "https://elsewhere/x.zip")?.expect("nobody has it");
    assert_eq!((other.length(), other.validator()), (0, None));
    Ok(())
}

#[test]
fn a_file_that_grows_belongs_to_one() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let file = grow(&archive);
    assert!(archive.grow(&question("file"), URL)?.is_none());
    drop(file);
    assert!(archive.grow(&question("file"), URL)?.is_some());
    Ok(())
}

#[test]
fn text_is_packed_and_read_as_a_file_all_the_same() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let text = "<gml:member/>".repeat(50_000);
    let mut file = grow(&archive);
    file.restart(None)?;
    file.append(text.as_bytes())?;
    let kept = archive.keep_file(&question("file"), &request(), &answer(200, b""), file)?;
    let packed = archive.folder().join("raw").join(&kept.sha256[..2]);
    let packed = packed.join(format!("{}.zst", kept.sha256));
    assert!(fs::metadata(packed).expect("it is there").len() < 10_000);
    let found = archive.blob_file(&kept.sha256)?;
    assert_eq!(fs::read_to_string(found.path()).expect("a file"), text);
    let path = found.path().to_owned();
    drop(found);
    assert!(!path.exists());
    Ok(())
}

#[test]
fn a_damaged_file_is_not_read() -> Result<(), StoreError> {
    let (_folder, archive) = archive();
    let mut file = grow(&archive);
    file.restart(None)?;
    file.append(&bytes(1_000))?;
    let kept = archive.keep_file(&question("file"), &request(), &answer(200, b""), file)?;
    let path = archive.blob_file(&kept.sha256)?.path().to_owned();
    fs::write(&path, b"PK\x03\x04 something else").expect("it is written");
    assert!(matches!(archive.blob_file(&kept.sha256), Err(StoreError::DamagedFile { .. })));
    assert!(matches!(archive.blob(&kept.sha256), Err(StoreError::DamagedFile { .. })));
    // An answer kept whole is read as a file too.
    keep(&archive, "small", b"{}");
    let small = archive.recall(&question("small"))?.expect("it was kept");
    assert_eq!(fs::read(archive.blob_file(&small.sha256)?.path()).expect("a file"), b"{}");
    Ok(())
}

/// The most memory that this process has had, in bytes.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

#[test]
fn a_file_is_never_whole_in_memory() -> Result<(), StoreError> {
    let Some(before) = peak() else {
        testkit::skipped("this system does not say how much memory a process has had");
        return Ok(());
    };
    let (_folder, archive) = archive();
    let piece = bytes(1 << 20);
    let mut file = grow(&archive);
    file.restart(Some("\"1\""))?;
    for _ in 0..160 {
        file.append(&piece)?;
    }
    let kept = archive.keep_file(&question("file"), &request(), &answer(200, b""), file)?;
    let read = archive.blob_file(&kept.sha256)?;
    assert_eq!(fs::metadata(read.path()).expect("a file").len(), 160 << 20);
    let grown = peak().unwrap_or(u64::MAX) - before;
    // Other tests of this binary run meanwhile; 160 MiB would be seen.
    assert!(grown < 64 << 20, "{} MiB", grown >> 20);
    Ok(())
}
