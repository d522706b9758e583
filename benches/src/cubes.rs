//! Reading a full answer, beside what people read it with today; and planning a large one.
//!
//! Times are of the processor, on one thread: reading is all that this thread does.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cube::{columns, jsonstat, px};

use crate::made::{self, Gaps};
use crate::{median, plain, repeated, row};

/// Prints the rows on cubes.
pub fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let many = made::cube(Gaps::Many);
    let missing = 100 * many.values().count_missing() / many.cells();
    println!(
        "| full answer made up: {} cells, {missing} % gaps | – | – | – | – | – |",
        many.cells()
    );
    let json = write(folder.path(), "many.json", jsonstat::to_vec(&many));
    let dense = write(folder.path(), "few.json", jsonstat::to_vec(&made::cube(Gaps::Few)));
    let mut file = Vec::new();
    px::write(&many, &px::Options::default(), &mut file).expect("memory does not fail");
    let px_file = write(folder.path(), "many.px", file);

    let floor = median(repeated(15, || {
        let mut bytes = read(&json);
        cpu(|| drop(black_box(simd_json::to_tape(&mut bytes))))
    }));
    let bytes = read(&json);
    let mut times = repeated(15, || cpu(|| drop(black_box(json_to_arrow(&bytes)))));
    let ours = median(times.clone());
    row(
        "JSON-stat to Arrow, with status (CPU)",
        &mut times,
        "35 ms; 2.5 x",
        Some(("bare simd-json parse", floor)),
    );
    peer("pyjstat", &json, ours, "60 x");
    peer("pxwebpy", &json, ours, "20 x");
    memory(&json);

    let bytes = read(&dense);
    let mut times = repeated(15, || cpu(|| drop(black_box(json_to_arrow(&bytes)))));
    row("the same with few gaps (CPU)", &mut times, "20 ms", None);

    let bytes = read(&px_file);
    let mut times = repeated(15, || cpu(|| drop(black_box(px_to_arrow(&bytes)))));
    let ours = median(times.clone());
    row("PX file of the same to Arrow (CPU)", &mut times, "60 ms", None);
    peer("pyaxis", &px_file, ours, "20 x");
}

fn json_to_arrow(bytes: &[u8]) -> columns::RecordBatch {
    let cube = jsonstat::read(bytes).expect("our own JSON-stat");
    columns::into_batch(cube)
}

fn px_to_arrow(bytes: &[u8]) -> columns::RecordBatch {
    let cube = px::read(bytes).expect("our own PX");
    columns::into_batch(cube)
}

fn write(folder: &Path, name: &str, bytes: Vec<u8>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    path
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("written just now")
}

/// Time that this thread spent on a processor.
fn cpu(work: impl FnOnce()) -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let spent = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    };
    let before = spent();
    work();
    spent() - before
}

/// The same file read with a Python library, once: it is slow enough to be steady.
fn peer(name: &str, file: &Path, ours: Duration, wanted: &str) {
    let root = testkit::workspace();
    let python = root.join(".venv-peers/bin/python");
    let mut command = Command::new(python);
    command.arg(root.join("benches/peers/parse.py")).arg(name).arg(file).arg("1");
    let said = command.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_else(|error| format!("missing: {error}"));
    match said.trim().parse::<f64>() {
        Ok(seconds) => {
            let ratio = seconds / ours.as_secs_f64();
            let time = plain(Duration::from_secs_f64(seconds));
            println!(
                "| the same with {name} (CPU) | {time} | – | at least {wanted} | ours: {} | {ratio:.0} |",
                plain(ours)
            );
        }
        Err(_) => println!("| the same with {name} | {} | – | {wanted} | – | – |", said.trim()),
    }
}

/// The most memory that a process of its own held above the bytes it read.
fn memory(file: &Path) {
    let own = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(own).arg("--memory-of").arg(file).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let kilobytes: Option<f64> = said.ok().and_then(|said| said.trim().parse().ok());
    let shown = kilobytes.map_or("–".to_owned(), |held| format!("{:.1} MiB", held / 1024.0));
    println!("| JSON-stat to Arrow, memory above the input | {shown} | – | 24 MiB | – | – |");
}

/// Prints what reading `file` took at most, in kilobytes above the input.
pub fn print_memory(file: &Path) {
    let held = |name: &str| -> u64 {
        let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    };
    let bytes = read(file);
    // 5 asks the kernel to forget the high-water mark so far.
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    let before = held("VmRSS:");
    let batch = json_to_arrow(&bytes);
    let peak = held("VmHWM:");
    black_box(batch);
    match reset {
        Ok(()) => println!("{}", peak.saturating_sub(before)),
        Err(error) => println!("unknown: {error}"),
    }
}
