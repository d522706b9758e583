//! The contract of `indicators`: every indicator of the pack, case by case and
//! on the embedded snapshot.

mod cases;
mod contract;
mod evaluation;
mod measures;

use std::path::PathBuf;

use indicators::{Evaluation, Pack, PackFiles};
use store::Snapshot;

/// The pack that is built in.
fn pack() -> Pack {
    Pack::load(&PackFiles::Embedded, "boligsektor").expect("the pack holds together")
}

/// The snapshot that is built in.
fn snapshot() -> Snapshot {
    Snapshot::embedded().expect("the program was built around a sound snapshot")
}

/// Every indicator on the embedded snapshot.
fn evaluation(pack: &Pack) -> Evaluation {
    Evaluation::run(pack, &snapshot(), &pack.indicator_ids()).expect("every indicator runs")
}

/// The folder of packs in the repository.
fn packs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}
