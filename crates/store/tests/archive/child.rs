//! Work that a test has done in a process of its own: this binary, run again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use store::archive::{Archive, Claim, Permit};

use crate::{answer, keep, question, request, told};

/// What the child does.
const WORK: &str = "STORE_ARCHIVE_WORK";
/// The data folder.
const DATA: &str = "STORE_ARCHIVE_DATA";
/// Whatever else the work needs.
const MORE: &str = "STORE_ARCHIVE_MORE";

/// Arguments that make this binary do the work of a child.
pub const ARGUMENTS: [&str; 4] =
    ["--exact", "child::the_work_of_a_child_process", "--ignored", "--nocapture"];

/// This binary as a child that will do `work` on `data`.
pub fn child(work: &str, data: &Path, more: &str) -> Command {
    let mut command = Command::new(binary());
    command.args(ARGUMENTS);
    prepare(&mut command, work, data, more);
    command
}

/// Tells any command, for example a shell that starts this binary, what the child must do.
pub fn prepare(command: &mut Command, work: &str, data: &Path, more: &str) {
    command.env(WORK, work).env(DATA, data).env(MORE, more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
}

pub fn binary() -> PathBuf {
    std::env::current_exe().expect("this binary")
}

/// What the child reported, line by line.
pub fn report(command: &mut Command) -> Vec<String> {
    let output = command.output().expect("a child");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    text.lines().filter_map(|line| line.split_once("said: ")).map(|(_, said)| said.into()).collect()
}

#[test]
#[ignore = "other tests run it in a process of its own"]
fn the_work_of_a_child_process() {
    let work = std::env::var(WORK).expect("another test says what to do");
    let data = PathBuf::from(std::env::var_os(DATA).expect("a data folder"));
    let more = std::env::var(MORE).unwrap_or_default();
    match work.as_str() {
        "call" => call(&data, &more),
        "keep for ever" => keep_for_ever(&data, &more),
        "keep too much" => keep_too_much(&data),
        "open" => open(&data),
        "read and write" => read_and_write(&data),
        "claim and die" => claim_and_die(&data),
        "take and die" => take_and_die(&data),
        other => panic!("nobody knows how to {other}"),
    }
}

/// Lines of the test harness stand before the first one.
fn say(text: &str) {
    println!("\nsaid: {text}");
}

/// Twenty threads, each calling a server once.
fn call(data: &Path, port: &str) {
    let port: u16 = port.parse().expect("a port");
    let archive = Archive::open(data).expect("an archive");
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| call_once(&archive, port));
        }
    });
}

fn call_once(archive: &Archive, port: u16) {
    loop {
        match archive.take("server", 5, Duration::from_millis(500)).expect("a budget") {
            Permit::Wait(wait) => thread::sleep(wait),
            Permit::Go(call) => {
                let mut server = TcpStream::connect(("127.0.0.1", port)).expect("a server");
                server.write_all(b"?").expect("a question");
                server.read_exact(&mut [0]).expect("an answer");
                archive.done("server", call).expect("a budget");
                return;
            }
        }
    }
}

/// Keeps one answer after the other until it is killed.
fn keep_for_ever(data: &Path, seed: &str) {
    let archive = Archive::open(data).expect("an archive");
    for number in 0_u64.. {
        let what = format!("{seed} {number}");
        // Sizes from nothing to many pages, and content that does not pack to nothing.
        let length = (number * 7_919 % 60_000) as usize;
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let body: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .take(length)
        .chain(what.bytes())
        .collect();
        let claim = archive.claim(&question(&what), Duration::from_secs(60)).expect("a claim");
        assert_eq!(claim, Claim::Yours);
        keep(&archive, &what, &body);
    }
}

/// Keeps a small answer, one that is too large for the disk, and a small one.
fn keep_too_much(data: &Path) {
    let archive = Archive::open(data).expect("an archive");
    keep(&archive, "before", b"small");
    let mut state = 1_u64;
    let large: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as u8
    })
    .take(3_000_000)
    .collect();
    let error = archive
        .keep(&question("large"), &request(), &answer(200, &large))
        .expect_err("the disk is too small");
    say(&told(&error));
    keep(&archive, "after", b"small as well");
}

fn open(data: &Path) {
    match Archive::open(data) {
        Ok(archive) => {
            keep(&archive, &std::process::id().to_string(), b"mine");
            say("opened");
        }
        Err(error) => say(&told(&error)),
    }
}

fn read_and_write(data: &Path) {
    let archive = Archive::open_existing(data).expect("an archive").expect("it is there");
    let kept = archive.recall(&question("x")).expect("rows").expect("it was kept");
    say(&String::from_utf8(archive.blob(&kept.sha256).expect("a body")).expect("text"));
    let error = archive
        .keep(&question("y"), &request(), &answer(200, b"kept"))
        .expect_err("nothing can be written");
    say(&told(&error));
}

fn claim_and_die(data: &Path) {
    let archive = Archive::open(data).expect("an archive");
    let claim = archive.claim(&question("x"), Duration::from_secs(3600)).expect("a claim");
    assert_eq!(claim, Claim::Yours);
    wait_to_be_killed(data);
}

fn take_and_die(data: &Path) {
    let archive = Archive::open(data).expect("an archive");
    let permit = archive.take("server", 1, Duration::from_millis(300)).expect("a budget");
    assert!(matches!(permit, Permit::Go(_)));
    wait_to_be_killed(data);
}

fn wait_to_be_killed(data: &Path) {
    std::fs::write(data.join("ready"), "").expect("a file");
    thread::sleep(Duration::from_secs(60));
}

/// Starts a child and kills it when it says that it is ready.
pub fn kill_when_ready(work: &str, data: &Path) {
    let mut child = child(work, data, "").spawn().expect("a child");
    let began = Instant::now();
    while !data.join("ready").exists() {
        assert!(began.elapsed() < Duration::from_secs(30), "the child never became ready");
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it still waits");
    child.wait().expect("a status");
}
