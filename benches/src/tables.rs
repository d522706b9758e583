//! A table of a hundred thousand units, scored by a model file; and a model, audited.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{peak_of, repeated, row};

const UNITS: usize = 100_000;
const INDICATORS: usize = 40;

/// Prints what whole processes cost.
pub fn run() {
    let program = testkit::grunnlag();
    let mut audits = repeated(5, || timed(&program, &["model", "audit", "oversikt-v1"]));
    row("`grunnlag model audit oversikt-v1`, whole process", &mut audits, "5 s", None);
    let Ok(folder) = tempfile::tempdir() else { return };
    let (table, model) = (folder.path().join("table.csv"), folder.path().join("model.toml"));
    if std::fs::write(&table, made_table())
        .and_then(|()| std::fs::write(&model, made_model()))
        .is_err()
    {
        println!("| `score run` of 100,000 units | no room on the disk | – | – | – | – |");
        return;
    }
    let stages = folder.path().join("stages");
    let shown = [&table, &model, &stages].map(|path| path.display().to_string());
    let arguments =
        ["--quiet", "score", "run", &shown[0], &shown[1], "--stages", &shown[2], "--format", "csv"];
    let reading = repeated(5, || read(&table));
    let mut times = repeated(5, || timed(&program, &arguments));
    let floor = reading.into_iter().min().unwrap_or_default();
    row(
        "`score run`, 100,000 units x 40, every stage written",
        &mut times,
        "2 s",
        Some(("reading the table's bytes as numbers", floor)),
    );
    let peak = peak_of(&program, &arguments);
    let shown = peak.map_or("–".to_owned(), |peak| format!("{:.0} MiB", peak as f64 / 1024.0));
    println!("| the same, most memory seen | {shown} | – | 500 MiB | – | – |");
}

fn timed(program: &Path, arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status =
        Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{arguments:?} works");
    start.elapsed()
}

fn read(table: &Path) -> Duration {
    let start = Instant::now();
    let text = std::fs::read_to_string(table).unwrap_or_default();
    let figures = text.lines().skip(1).flat_map(|line| line.split(',').skip(1));
    let sum: f64 = figures.filter_map(|cell| cell.parse::<f64>().ok()).sum();
    std::hint::black_box(sum);
    start.elapsed()
}

/// Figures with a gap in twenty, from a counter that is mixed (Weyl).
fn made_table() -> String {
    let mut text = String::from("unit");
    for indicator in 0..INDICATORS {
        write!(text, ",i{indicator}").unwrap_or_default();
    }
    let mut state = 0.5_f64;
    for unit in 0..UNITS {
        write!(text, "\n{}", 10_000_000 + unit).unwrap_or_default();
        for _ in 0..INDICATORS {
            state = (state + 0.618_033_988_749_894_9).fract();
            match state < 0.05 {
                true => text.push(','),
                false => write!(text, ",{}", 100.0 * state * state).unwrap_or_default(),
            }
        }
    }
    text.push('\n');
    text
}

fn made_model() -> String {
    let mut text = String::from(
        "id = \"made\"\nversion = 1\ntitle = {}\nmissing = \"redistribute\"\n[prepare]\n\
         treat = { method = \"winsorise_percentiles\", low = 1, high = 99 }\n[[group]]\n\
         id = \"total\"\ntitle = {}\naggregation = { method = \"geometric\", floor = 1 }\n",
    );
    for group in 0..4 {
        write!(
            text,
            "[[group]]\nid = \"G{group}\"\nparent = \"total\"\nweight = 1\ntitle = {{}}\n\
             aggregation = {{ method = \"arithmetic\" }}\n"
        )
        .unwrap_or_default();
    }
    for indicator in 0..INDICATORS {
        let (group, weight) = (indicator % 4, 1 + indicator % 3);
        write!(
            text,
            "[[indicator]]\nid = \"i{indicator}\"\nparent = \"G{group}\"\nweight = {weight}\n\
             value = {{ method = \"min_max\" }}\ndirection = \"higher\"\n"
        )
        .unwrap_or_default();
    }
    text
}
