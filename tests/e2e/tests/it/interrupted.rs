//! Killed, cut off, short of room, two at once: nothing fetched is lost, nothing half made is seen.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use testkit::proxy::{Fault, Proxy, RetryAfter};
use testkit::{Ran, Served, grunnlag, run_in, serve_folder_with, shell};

use crate::tables::write;

/// A table that the pack has a source for: so many municipalities, three years, every fifth a gap.
fn plans(municipalities: usize) -> String {
    let codes: Vec<String> = (0..municipalities).map(|at| format!("{}", 3101 + at)).collect();
    let index: Vec<String> =
        codes.iter().enumerate().map(|(at, code)| format!("\"{code}\": {at}")).collect();
    let labels: Vec<String> = codes.iter().map(|code| format!("\"{code}\": \"K{code}\"")).collect();
    let cells = municipalities * 3;
    let value = |cell: usize| match cell % 5 {
        3 => "null".to_owned(),
        _ => (400 + cell % 300).to_string(),
    };
    let values: Vec<String> = (0..cells).map(value).collect();
    let gaps: Vec<String> =
        (0..cells).filter(|cell| cell % 5 == 3).map(|cell| format!("\"{cell}\": \":\"")).collect();
    format!(
        r#"{{"version": "2.0", "class": "dataset", "label": "12671: Plansaksbehandling (K)",
        "source": "Testbyrået", "updated": "2026-03-16T07:00:00Z",
        "role": {{"time": ["Tid"], "geo": ["KOKkommuneregion0000"], "metric": ["ContentsCode"]}},
        "id": ["KOKkommuneregion0000", "ContentsCode", "Tid"], "size": [{municipalities}, 1, 3],
        "dimension": {{
          "KOKkommuneregion0000": {{"label": "region", "extension": {{"elimination": false}},
            "category": {{"index": {{{}}}, "label": {{{}}}}}}},
          "ContentsCode": {{"label": "statistikkvariabel", "extension": {{"elimination": false}},
            "category": {{"index": {{"KOSpdtregplgos40000": 0}},
              "label": {{"KOSpdtregplgos40000": "Dager fra oppstartsmøte til vedtak"}},
              "unit": {{"KOSpdtregplgos40000": {{"base": "dager", "decimals": 0}}}}}}}},
          "Tid": {{"label": "år", "extension": {{"elimination": false}}, "category": {{
            "index": {{"2023": 0, "2024": 1, "2025": 2}},
            "label": {{"2023": "2023", "2024": "2024", "2025": "2025"}}}}}}}},
        "extension": {{"px": {{"tableid": "12671", "language": "no"}}}},
        "value": [{}], "status": {{{}}}}}"#,
        index.join(", "),
        labels.join(", "),
        values.join(", "),
        gaps.join(", "),
    )
}

/// A server that gives so few cells at a time that the table takes twelve requests.
struct Agency {
    served: Served,
    _folder: TempDir,
}

impl Agency {
    fn open() -> Agency {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "12671.json", &plans(48));
        let served = serve_folder_with(folder.path(), &["--max-cells", "12"]);
        Agency { served, _folder: folder }
    }
}

/// What is typed to sync the table through a proxy.
fn typed(proxy: &Proxy, data: &Path) -> Vec<String> {
    let host = proxy.url("/pxwebapi/v2");
    let data = data.to_str().expect("a path in UTF-8");
    let words = [
        "sync", "--host", &host, "--table", "12671", "--data", data, "--format", "json", "--quiet",
    ];
    words.map(str::to_owned).to_vec()
}

fn sync(proxy: &Proxy, data: &Path) -> Ran {
    run_in(Path::new("."), &typed(proxy, data))
}

fn begin(proxy: &Proxy, data: &Path) -> Child {
    let mut command = Command::new(grunnlag());
    command.args(typed(proxy, data)).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the built binary can be started")
}

/// The version that a sync ended with; it must have gone well.
fn version(ran: &Ran) -> String {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let summary: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    let extract = &summary["extracts"][0];
    assert!(matches!(extract["outcome"].as_str(), Some("fetched" | "unchanged")), "{summary}");
    extract["version"].as_str().expect("a version").to_owned()
}

/// What the indicator says after a sync, from the snapshot that the sync made.
fn values(home: &Path, data: &Path) -> Vec<u8> {
    assert!(data.join("snapshot.gpkg").exists(), "a sync makes a snapshot");
    let data = data.to_str().expect("a path in UTF-8");
    let ran = run_in(
        home,
        &["indicator", "values", "plan_processing_days", "--format", "csv", "--data", data],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.bytes
}

/// A sync that nobody disturbed.
struct Undisturbed {
    version: String,
    figures: Vec<u8>,
    calls: usize,
    takes: Duration,
}

#[test]
fn killed_at_fifty_moments_nothing_is_lost_and_nothing_half_made_is_seen() {
    let agency = Agency::open();
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let proxy = Proxy::before(&agency.served.address).start();
    let start = Instant::now();
    let version = version(&sync(&proxy, &home.join("whole")));
    let (takes, calls) = (start.elapsed(), proxy.calls().len());
    assert!(calls >= 14, "twelve blocks, the catalogue and the metadata: {calls}");
    let figures = values(home, &home.join("whole"));
    let whole = Undisturbed { version, figures, calls, takes };
    thread::scope(|scope| {
        for first in 0..2 {
            let (agency, whole) = (&agency, &whole);
            scope.spawn(move || {
                for moment in (first..50).step_by(2) {
                    kill_at(moment, agency, home, whole);
                }
            });
        }
    });
}

/// Kills a sync at one of fifty moments of it, and runs it again to the end.
fn kill_at(moment: u32, agency: &Agency, home: &Path, whole: &Undisturbed) {
    let data = home.join(moment.to_string());
    let proxy = Proxy::before(&agency.served.address).start();
    let mut running = begin(&proxy, &data);
    thread::sleep(whole.takes.mul_f64(f64::from(moment) / 50.0));
    running.kill().expect("it can be killed");
    running.wait().expect("it ends");
    let seen = proxy.calls().len();
    if data.join("snapshot.gpkg").exists() {
        let folder = data.to_str().expect("a path in UTF-8");
        let verified = run_in(home, &["snapshot", "verify", "--data", folder]);
        assert_eq!(verified.code, Some(0), "moment {moment}: {}", verified.stderr);
    }
    let ran = sync(&proxy, &data);
    assert_eq!(version(&ran), whole.version, "moment {moment}");
    assert!(values(home, &data) == whole.figures, "moment {moment}: other figures");
    // Only the call that was under way when it was killed is made twice, and the catalogue,
    // which a second run asks for anew.
    let (all, one) = (proxy.calls().len(), whole.calls);
    assert!(
        all <= one + 3,
        "moment {moment}: {all} calls, {seen} before the end, {one} in one run"
    );
}

#[test]
fn faults_of_the_network_cost_time_and_no_answers() {
    let agency = Agency::open();
    let home = tempfile::tempdir().expect("a folder");
    let calm = Proxy::before(&agency.served.address).start();
    let whole = version(&sync(&calm, &home.path().join("calm")));
    let faults = [
        Fault::TooManyCalls(RetryAfter::Seconds(1)),
        Fault::TooManyCalls(RetryAfter::Date(2)),
        Fault::Unavailable,
        Fault::Broken,
        Fault::Reset,
        Fault::TruncatedGzip,
        Fault::Drip { bytes: 400, pause: Duration::from_millis(5) },
    ];
    for (at, fault) in faults.into_iter().enumerate() {
        let data = home.path().join(at.to_string());
        let proxy = Proxy::before(&agency.served.address).fault(6, fault.clone()).start();
        assert_eq!(version(&sync(&proxy, &data)), whole, "{fault:?}");
    }
}

#[test]
fn two_syncs_at_once_share_the_work() {
    let agency = Agency::open();
    let home = tempfile::tempdir().expect("a folder");
    let alone = Proxy::before(&agency.served.address).start();
    let whole = version(&sync(&alone, &home.path().join("alone")));
    let data = home.path().join("both");
    let proxy = Proxy::before(&agency.served.address).start();
    let other = begin(&proxy, &data);
    assert_eq!(version(&sync(&proxy, &data)), whole);
    let ended = other.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "the other one ends well too");
    let (all, one) = (proxy.calls().len(), alone.calls().len());
    assert!(all <= one + 2, "{all} calls of two, {one} of one");
}

#[test]
fn a_full_disk_is_said_and_the_next_run_goes_on() {
    let agency = Agency::open();
    let home = tempfile::tempdir().expect("a folder");
    let proxy = Proxy::before(&agency.served.address).start();
    let data = home.path().join("data");
    let words = typed(&proxy, &data).join("' '");
    // No file may grow beyond 64 blocks of 512 bytes.
    let ran = shell(home.path(), &format!("ulimit -f 64; trap '' XFSZ; \"$grunnlag\" '{words}'"));
    assert_ne!(ran.code, Some(0), "{ran}");
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    assert!(!data.join("snapshot.gpkg").exists(), "no half snapshot");
    version(&sync(&proxy, &data));
}
