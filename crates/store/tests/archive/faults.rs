//! Kills, full disks, other people's files.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use store::StoreError;
use store::archive::{Archive, Claim};

use crate::child::{ARGUMENTS, binary, child, prepare, report};
use crate::{answer, archive, keep, question, request, told};

#[test]
fn fifty_kills_at_any_moment_lose_nothing_and_leave_nothing_half_visible() {
    let (folder, archive) = archive();
    let mut checked = 0;
    for round in 0..50_u64 {
        let mut child = child("keep for ever", folder.path(), &format!("round {round}"))
            .spawn()
            .expect("a child");
        // From before the child has opened the archive to well into its work.
        thread::sleep(Duration::from_millis(5 + round * 37 % 160));
        child.kill().expect("it works for ever");
        child.wait().expect("a status");
        checked = check_answers_after(&archive, checked);
    }
    assert!(checked > 50, "only {checked} answers in fifty rounds");
    // A whole body without a row is allowed: the kill came between the two.
    assert!(check_files(&folder.path().join("raw")) >= bodies(&archive, checked));
    // What the last process had begun stands in nobody's way.
    let unanswered = (0..)
        .map(|number| question(&format!("round 49 {number}")))
        .find(|question| archive.recall(question).expect("rows").is_none())
        .expect("it was killed");
    assert_eq!(archive.claim(&unanswered, Duration::from_secs(1)).expect("rows"), Claim::Yours);
}

/// Checks every answer after the one with this key; returns the last key.
fn check_answers_after(archive: &Archive, mut last: i64) -> i64 {
    while let Some(kept) = archive.answer(last + 1).expect("rows") {
        let body = archive.blob(&kept.sha256).expect("the body of every row is whole");
        assert_eq!(body.len() as u64, kept.bytes);
        assert!(body.ends_with(kept.question.what.as_bytes()));
        last += 1;
    }
    last
}

/// How many different bodies the answers have.
fn bodies(archive: &Archive, answers: i64) -> usize {
    let kept = |id| archive.answer(id).expect("rows").expect("keys have no gaps").sha256;
    (1..=answers).map(kept).collect::<BTreeSet<String>>().len()
}

/// Checks that every file under its name is whole, and counts them.
fn check_files(raw: &Path) -> usize {
    let mut files = 0;
    for folder in fs::read_dir(raw).expect("a folder").flatten() {
        if folder.file_name() == ".tmp" {
            continue;
        }
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            let packed = fs::read(file.path()).expect("a file");
            zstd::decode_all(packed.as_slice()).expect("a file under its name is whole");
            files += 1;
        }
    }
    files
}

#[test]
fn a_body_too_large_for_the_disk_is_an_error_and_no_row() {
    let (folder, archive) = archive();
    // A limit on the size of files fails as a full disk does: in the middle of writing.
    let mut shell = Command::new("bash");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""])
        .arg(binary())
        .args(ARGUMENTS);
    prepare(&mut shell, "keep too much", folder.path(), "");
    check_too_large(&report(&mut shell), folder.path(), &archive);
}

#[test]
fn a_full_disk_is_an_error_and_no_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let mount = format!(
        "mount -t tmpfs -o size=2m none '{0}' && \"$0\" \"$@\" && cp -r '{0}'/. '{1}'",
        folder.path().join("disk").display(),
        folder.path().join("copy").display(),
    );
    fs::create_dir(folder.path().join("disk")).expect("a folder");
    fs::create_dir(folder.path().join("copy")).expect("a folder");
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user", "bash", "-c"]);
        command
    };
    let probe = format!("mount -t tmpfs none '{}'", folder.path().join("disk").display());
    if !unshare().arg(probe).output().is_ok_and(|output| output.status.success()) {
        testkit::skipped("this machine lets nobody mount a small disk");
        return;
    }
    let mut shell = unshare();
    shell.arg(mount).arg(binary()).args(ARGUMENTS);
    prepare(&mut shell, "keep too much", &folder.path().join("disk"), "");
    let said = report(&mut shell);
    let copy = folder.path().join("copy");
    let archive = Archive::open(&copy).expect("what was on the small disk");
    check_too_large(&said, &copy, &archive);
}

fn check_too_large(said: &[String], data: &Path, archive: &Archive) {
    assert!(said[0].starts_with("cannot keep an answer in `"), "{said:?}");
    assert!(said[0].contains(".zst`: "), "{said:?}");
    assert_eq!(archive.recall(&question("large")).expect("rows"), None);
    for small in ["before", "after"] {
        let kept = archive.recall(&question(small)).expect("rows").expect("there was room");
        assert!(archive.blob(&kept.sha256).is_ok());
    }
    assert_eq!(fs::read_dir(data.join("raw/.tmp")).expect("a folder").count(), 0);
}

#[test]
fn many_processes_that_create_one_archive_at_once_all_succeed() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let children: Vec<_> = (0..4)
            .map(|_| child("open", &folder.path().join("new"), "").spawn().expect("a child"))
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("a status");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.contains("said: opened"), "{said}");
        }
        let archive = Archive::open(&folder.path().join("new")).expect("an archive");
        assert!(archive.answer(4).expect("rows").is_some(), "each has kept an answer");
    }
}

/// This binary as a child without the rights of the superuser, who may write everywhere.
fn powerless(work: &str, data: &Path) -> Option<Command> {
    let superuser = fs::metadata("/proc/self")
        .is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    let mut command = if superuser {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(binary());
        let probe = command.arg("--list").output();
        if !probe.is_ok_and(|output| output.status.success()) {
            testkit::skipped("nobody else may run this binary");
            return None;
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(binary());
        command
    } else {
        Command::new(binary())
    };
    command.args(ARGUMENTS);
    prepare(&mut command, work, data, "");
    Some(command)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("our own file");
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o555);
    let Some(mut child) = powerless("open", folder.path()) else { return };
    let said = report(&mut child);
    set_mode(folder.path(), 0o755);
    let expected = format!("cannot make the folder `{}/raw`: ", folder.path().display());
    assert!(said[0].starts_with(&expected), "{said:?}");
}

#[test]
fn an_archive_on_a_read_only_disk_can_be_read() {
    let (folder, archive) = archive();
    keep(&archive, "x", b"readable");
    drop(archive);
    set_mode(&folder.path().join("archive.sqlite"), 0o444);
    set_mode(folder.path(), 0o555);
    let Some(mut child) = powerless("read and write", folder.path()) else { return };
    let said = report(&mut child);
    set_mode(folder.path(), 0o755);
    assert_eq!(said[0], "readable");
    assert!(said[1].starts_with("cannot keep an answer in `"), "{said:?}");
}

#[test]
fn a_folder_that_is_a_file_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("data");
    fs::write(&file, "").expect("a file");
    let error = Archive::open(&file).expect_err("it is a file");
    assert!(told(&error).contains(&file.display().to_string()), "{}", told(&error));
}

#[test]
fn a_newer_archive_is_refused_and_left_as_it_is() {
    let (folder, archive) = archive();
    drop(archive);
    let rows = folder.path().join("archive.sqlite");
    let raw = rusqlite::Connection::open(&rows).expect("a database");
    raw.execute_batch("PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE);").expect("rows");
    drop(raw);
    let before = fs::read(&rows).expect("a file");
    for refused in
        [Archive::open(folder.path()).map(drop), Archive::open_existing(folder.path()).map(drop)]
    {
        let error = refused.expect_err("it is newer");
        assert!(matches!(error, StoreError::NewerArchive { found: 2, supported: 1, .. }));
        assert!(error.to_string().ends_with("update the program"), "{error}");
    }
    assert_eq!(fs::read(&rows).expect("a file"), before);
}

#[test]
fn another_file_with_the_name_of_the_archive_is_refused() {
    for content in [&b"SQLite format 3 it is not"[..], &[7; 5000]] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("archive.sqlite"), content).expect("a file");
        let error = Archive::open(folder.path()).expect_err("it is no archive");
        assert!(matches!(error, StoreError::NotAnArchive { .. }), "{error}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let other = rusqlite::Connection::open(folder.path().join("archive.sqlite")).expect("a file");
    other.execute_batch("CREATE TABLE contacts (name)").expect("rows");
    let error = Archive::open(folder.path()).expect_err("it is somebody's database");
    assert!(matches!(error, StoreError::NotAnArchive { .. }), "{error}");
}

#[test]
fn a_damaged_body_is_named_and_whole_again_when_it_is_fetched_again() {
    let (folder, archive) = archive();
    keep(&archive, "x", b"a body that will suffer");
    let sha256 = archive.recall(&question("x")).expect("rows").expect("it was kept").sha256;
    let path = folder.path().join("raw").join(&sha256[..2]).join(format!("{sha256}.zst"));
    let whole = fs::read(&path).expect("a file");

    let other = zstd::encode_all(&b"another body"[..], 3).expect("bytes");
    let mut flipped = whole.clone();
    *flipped.last_mut().expect("bytes") ^= 1;
    for damaged in [&whole[..whole.len() / 2], &[], &other, &flipped] {
        fs::write(&path, damaged).expect("a file");
        let error = archive.blob(&sha256).expect_err("it is damaged");
        assert!(matches!(error, StoreError::DamagedFile { .. }), "{error}");
        assert!(error.to_string().contains(&format!("{sha256}.zst` is damaged")), "{error}");
    }
    archive
        .keep(&question("x"), &request(), &answer(200, b"a body that will suffer"))
        .expect("it is kept");
    assert_eq!(archive.blob(&sha256).expect("whole again"), b"a body that will suffer");

    fs::remove_file(&path).expect("a file");
    let error = archive.blob(&sha256).expect_err("it is gone");
    assert!(matches!(error, StoreError::File { .. }) && told(&error).contains(&sha256));
}

#[test]
fn what_a_killed_process_left_long_ago_is_removed_at_the_next_opening() {
    let (folder, archive) = archive();
    keep(&archive, "x", b"body");
    drop(archive);
    let leftover = folder.path().join("raw/.tmp/leftover");
    let file = fs::File::create(&leftover).expect("a file");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3 * 24 * 3600);
    file.set_modified(long_ago).expect("a time");
    let archive = Archive::open(folder.path()).expect("an archive");
    assert!(!leftover.exists());
    assert!(archive.recall(&question("x")).expect("rows").is_some());
}
