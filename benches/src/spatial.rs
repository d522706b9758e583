//! A million points into 14,000 regions, beside `geopandas.sjoin` on the same data.
//!
//! `peers/tiling.py` makes the data once, into a folder for temporary files. All figures but
//! where it says otherwise are processor time: of the thread, or of the process for two.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use places::{Region, RegionIndex};
use rustix::time::{ClockId, clock_gettime};
use testkit::shapes;

use crate::{plain, repeated, row};

/// Prints the rows on points and regions.
pub fn run() {
    let folder = match made_data() {
        Ok(folder) => folder,
        Err(reason) => return println!("| points into regions | – | – | – | {reason} | – |"),
    };
    let regions: Vec<Region> =
        (1..).zip(shapes::regions(&folder).expect("made just now")).map(region).collect();
    let points = shapes::points(&folder.join("points.f64")).expect("made just now");
    let points: Vec<Coord<f64>> = points.into_iter().map(Coord::from).collect();
    let vertices: usize =
        regions.iter().flat_map(|region| &region.shape).map(|part| part.exterior().0.len()).sum();
    let what = format!("index {} regions of {vertices} vertices (CPU)", regions.len());
    let build = || spent(ClockId::ThreadCPUTime, || drop(black_box(RegionIndex::build(&regions))));
    row(&what, &mut repeated(5, build), "1 s", None);
    let index = RegionIndex::build(&regions);
    let size = index.memory_bytes() as f64 / f64::from(1 << 20);
    println!("| the index and its geometry in memory | {size:.1} MiB | – | 120 MiB | – | – |");
    let check =
        || spent(ClockId::ThreadCPUTime, || assert_eq!(places::check::check(&regions, 9).total, 0));
    row("look for faults in all of them (CPU)", &mut repeated(3, check), "–", None);
    drop(regions);
    many(&index, &points, &folder);
    single(&index, &points);
}

fn many(index: &RegionIndex, points: &[Coord<f64>], folder: &Path) {
    let one = || {
        let work = || drop(black_box(index.locate_many(black_box(points), 1)));
        spent(ClockId::ThreadCPUTime, work)
    };
    let mut times = repeated(15, one);
    let what = format!("{} points into regions, one thread (CPU, sorting included)", points.len());
    row(&what, &mut times, "240 ms", None);
    peer(folder, times[times.len() / 2], index, points);
    // Wall time would say how busy the machine is: what counts is that the work is no more.
    let two = || {
        let work = || drop(black_box(index.locate_many(black_box(points), 2)));
        spent(ClockId::ProcessCPUTime, work)
    };
    let floor = ("one thread", times[times.len() / 2]);
    row("the same on two threads, CPU of both", &mut repeated(15, two), "–", Some(floor));
    let wall = |threads: usize| {
        repeated(15, || {
            let start = Instant::now();
            drop(black_box(index.locate_many(black_box(points), threads)));
            start.elapsed()
        })
    };
    // The best of each: others may be at work on the machine.
    let best = |threads: usize| wall(threads).into_iter().min().unwrap_or_default();
    let floor = ("one thread", best(1));
    row("the same on two threads, wall, best of 15", &mut [best(2)], "–", Some(floor));
}

/// One point at a time; each look-up is timed alone, the clock's own time taken off.
fn single(index: &RegionIndex, points: &[Coord<f64>]) {
    let timed = |point: Option<Coord<f64>>| {
        let start = Instant::now();
        black_box(point.map(|point| index.locate(point)));
        start.elapsed()
    };
    let clock = crate::median(points.iter().take(20_000).map(|_| timed(None)).collect());
    let places = points.iter().step_by(50).copied();
    for point in places.clone() {
        black_box(index.locate(point));
    }
    let mut times: Vec<Duration> =
        places.map(|point| timed(Some(point)).saturating_sub(clock)).collect();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_nanos();
    println!(
        "| one look-up, warm, of {} | {} ns | {} ns | 1 µs | – | – |",
        times.len(),
        at(0.5),
        at(0.95)
    );
}

/// The same points with geopandas, which must give the same answers.
fn peer(folder: &Path, ours: Duration, index: &RegionIndex, points: &[Coord<f64>]) {
    let found = index.locate_many(points, 1);
    let sum: u64 = (1..)
        .zip(&found)
        .filter_map(|(at, found)| {
            found.map(|region| (u64::from(region) + 1) * ((at - 1) % 1009 + 1))
        })
        .sum();
    let name = "the same with `geopandas.sjoin` (CPU)";
    let said = python(&["sjoin.py", &folder.to_string_lossy(), "3"]);
    let number = |key: &str| {
        let (_, rest) = said.split_once(&format!("\"{key}\": "))?;
        rest.split([',', '}']).next()?.parse::<f64>().ok()
    };
    let Some(seconds) = number("seconds") else {
        return println!("| {name} | {} | – | – | – | – |", said.trim());
    };
    let same = if number("sum") == Some(sum as f64) { "same answers" } else { "OTHER ANSWERS" };
    println!(
        "| {name} | {} | – | at least 6 | ours: {}, {same} | {:.1} |",
        plain(Duration::from_secs_f64(seconds)),
        plain(ours),
        seconds / ours.as_secs_f64()
    );
}

fn made_data() -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join("grunnlag-bench-tiling-1");
    if !folder.join("points.f64").exists() {
        let said = python(&["tiling.py", &folder.to_string_lossy()]);
        if !folder.join("points.f64").exists() {
            return Err(said.lines().last().unwrap_or("no data").to_owned());
        }
    }
    Ok(folder)
}

/// What a script among the peers says, or why it did not.
fn python(arguments: &[&str]) -> String {
    let root = testkit::workspace();
    let mut command = Command::new(root.join(".venv-peers/bin/python"));
    command.arg(root.join("benches/peers").join(arguments[0])).args(&arguments[1..]);
    match command.output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => format!("missing: {error}"),
    }
}

pub(crate) fn spent(clock: ClockId, work: impl FnOnce()) -> Duration {
    let now = || {
        let time = clock_gettime(clock);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    };
    let before = now();
    work();
    now() - before
}

fn region((number, polygons): (usize, shapes::Polygons)) -> Region {
    let polygon = |rings: Vec<Vec<(f64, f64)>>| {
        let mut rings = rings.into_iter().map(LineString::from);
        Polygon::new(rings.next().unwrap_or_else(|| LineString::new(Vec::new())), rings.collect())
    };
    let shape = MultiPolygon::new(polygons.into_iter().map(polygon).collect());
    Region { code: number.to_string(), name: String::new(), shape }
}
