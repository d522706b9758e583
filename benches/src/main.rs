//! `make bench`: the questions users wait for, as figures beside a floor.
//!
//! Nothing here fails on a slow machine; a reader compares the ratio, which is
//! taken in the same run. What a command costs is the whole process, from start
//! to last byte.

use std::collections::HashMap;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use indicators::{Evaluation, Pack, PackFiles};
use scoring::{Matrix, Model, score};
use store::Snapshot;

mod cubes;
mod doubt;
mod made;
mod maps;
mod mirror;
mod plans;
mod spatial;
mod tables;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, question, file] = arguments.as_slice()
        && question == "--memory-of"
    {
        return cubes::print_memory(std::path::Path::new(file));
    }
    println!("| what | median | p95 | at most | floor in the same run | ratio |");
    println!("|---|---|---|---|---|---|");
    match arguments.get(1).map(String::as_str) {
        Some("spatial") => return spatial::run(),
        Some("maps") => return maps::run(),
        Some("doubt") => return doubt::run(),
        Some("tables") => return tables::run(),
        _ => {}
    }
    commands();
    serving();
    reranking();
    doubt::run();
    tables::run();
    evaluating();
    cubes::run();
    maps::run();
    plans::run();
    mirror::run();
    spatial::run();
    editing();
}

/// Prints one row; `limit` and `floor` are texts, since units differ.
fn row(what: &str, times: &mut [Duration], limit: &str, floor: Option<(&str, Duration)>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (name, ratio) = match floor {
        Some((name, floor)) => {
            let ratio = at(0.5).as_secs_f64() / floor.as_secs_f64();
            (format!("{name}: {}", plain(floor)), format!("{ratio:.1}"))
        }
        None => ("–".to_owned(), "–".to_owned()),
    };
    println!("| {what} | {} | {} | {limit} | {name} | {ratio} |", plain(at(0.5)), plain(at(0.95)));
}

fn plain(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 0.001 => format!("{:.0} µs", seconds * 1e6),
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}

fn repeated(times: usize, mut action: impl FnMut() -> Duration) -> Vec<Duration> {
    (0..times).map(|_| action()).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Whole processes: start, answer, end; and the most memory one was seen to hold.
fn commands() {
    let program = testkit::grunnlag();
    let process = |program: &std::path::Path, arguments: &[&str]| {
        let start = Instant::now();
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "{arguments:?} works");
        start.elapsed()
    };
    let nothing = median(repeated(20, || process(std::path::Path::new("/bin/true"), &[])));
    for arguments in [
        &["rank", "--format", "json", "--quiet"][..],
        &["rank", "--format", "table", "--quiet"],
        &["explain", "0301", "--format", "json"],
        &["sql", "SELECT count(*) FROM figure"],
    ] {
        let mut times = repeated(20, || process(&program, arguments));
        let limit = if arguments[0] == "rank" { "150 ms" } else { "–" };
        let what = format!("`grunnlag {}`", arguments.join(" "));
        row(&what, &mut times, limit, Some(("`true`", nothing)));
    }
    let peak = (0..5).filter_map(|_| peak_of(&program, &["rank", "--format", "json"])).max();
    let shown = peak.map_or("–".to_owned(), |peak| format!("{:.1} MiB", peak as f64 / 1024.0));
    println!("| `grunnlag rank`, most memory seen | {shown} | – | 80 MiB | – | – |");
}

/// Watches the high-water mark of a running process until it ends.
fn peak_of(program: &std::path::Path, arguments: &[&str]) -> Option<u64> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = kilobytes.max(peak);
    }
    peak
}

/// From starting the server to its first answer, and a slider's request.
fn serving() {
    let mut times = repeated(10, || {
        let start = Instant::now();
        let served = testkit::serve();
        assert_eq!(served.get("/api/v1/rank", &[]).status, 200);
        start.elapsed()
    });
    row("`serve` start to first 200 on `/api/v1/rank`", &mut times, "250 ms", None);
    let served = testkit::serve();
    let mut weight = 0;
    let mut times = repeated(100, || {
        weight += 1;
        let path = format!("/api/v1/rank?model=oversikt-v1&weights=B:{weight}");
        let start = Instant::now();
        assert_eq!(served.get(&path, &[("accept-encoding", "br")]).status, 200);
        start.elapsed()
    });
    row("`/api/v1/rank?weights=…`, brotli, over loopback", &mut times, "–", None);
}

/// Weights, normalisation, aggregation and ranks of 357 × 31.
fn reranking() {
    let Some((model, matrix)) = default_model() else { return };
    let mut weight = 0.0;
    let mut times = repeated(500, || {
        weight += 1.0;
        let start = Instant::now();
        let moved = model.with_weights(&[("B".to_owned(), weight)]);
        let moved = moved.unwrap_or_else(|error| panic!("a positive weight is valid: {error}"));
        black_box(score(&moved, black_box(&matrix)));
        start.elapsed()
    });
    let floor = median(repeated(500, || weighted_sum(&matrix)));
    let what = "re-rank 357 × 31 in process (weigh, normalise, aggregate, sort)";
    row(what, &mut times, "1 ms", Some(("plain weighted sum and sort", floor)));
}

/// The least that a re-rank can be: one multiplication a figure, and a sort.
fn weighted_sum(matrix: &Matrix) -> Duration {
    let start = Instant::now();
    let mut sums = vec![0.0; matrix.units.len()];
    for column in matrix.columns.values() {
        for (sum, figure) in sums.iter_mut().zip(column) {
            *sum += figure.unwrap_or(0.0) * 1.5;
        }
    }
    sums.sort_by(f64::total_cmp);
    black_box(sums);
    start.elapsed()
}

/// The default model with figures for all its indicators.
///
/// The snapshot lacks most of them, so they are made: spread evenly over a
/// range around each indicator's own, the same on every run.
fn default_model() -> Option<(Model, Matrix)> {
    let pack = Pack::load(&PackFiles::Embedded, "boligsektor").ok()?;
    let model = Model::parse(pack.models.get("sosialbolig-v1")?, &pack.indicator_ids()).ok()?;
    let mut seed = 20_261_121_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    let columns: HashMap<String, Vec<Option<f64>>> = model
        .leaves
        .iter()
        .map(|leaf| (leaf.indicator.clone(), (0..357).map(|_| Some(100.0 * next())).collect()))
        .collect();
    assert_eq!(columns.len(), 31, "the default model has 31 indicators");
    let units = (0..357).map(|unit| format!("{unit:04}")).collect();
    Some((model, Matrix { units, columns, ..Matrix::default() }))
}

/// All indicators of the pack on the embedded snapshot, in this process.
fn evaluating() {
    let (Ok(pack), Ok(snapshot)) =
        (Pack::load(&PackFiles::Embedded, "boligsektor"), Snapshot::embedded())
    else {
        return;
    };
    let ids = pack.indicator_ids();
    let mut times = repeated(10, || {
        let start = Instant::now();
        let evaluation = Evaluation::run(&pack, &snapshot, &ids);
        assert!(evaluation.is_ok_and(|evaluation| evaluation.series.len() == ids.len()));
        start.elapsed()
    });
    let what = format!("all {} indicators of the pack, from SQL to checked values", ids.len());
    row(&what, &mut times, "–", None);
}

/// One changed file in `scoring` and its tests again, as someone who works on it waits.
fn editing() {
    let root = testkit::workspace();
    let file = root.join("crates/scoring/src/rank.rs");
    let test = || {
        let start = Instant::now();
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "-q", "-p", "scoring"]).current_dir(&root);
        let status = cargo.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "the tests of scoring pass");
        start.elapsed()
    };
    test();
    let touched = std::fs::File::options().append(true).open(&file);
    if touched.and_then(|file| file.set_modified(std::time::SystemTime::now())).is_err() {
        println!("| edit `scoring` | – | – | 20 s | the sources cannot be touched | – |");
        return;
    }
    row("edit `scoring`, `cargo test -p scoring` again", &mut [test()], "20 s", None);
}
