//! What `ingest` promises: sources that hold together, a sync that loses nothing, a snapshot that can be traced.

mod contract;
mod geography;
mod layers;
mod looking;
mod rebuild;
mod regions;
mod sources;
mod sync;
mod world;

use indicators::{Pack, PackFiles};
use ingest::Sources;

/// The pack of the repository.
fn pack() -> Pack {
    Pack::load_default(&PackFiles::Embedded).expect("the pack is sound")
}

/// Its sources.
fn sources() -> Sources {
    Sources::load(&PackFiles::Embedded, &pack()).expect("the sources are sound")
}
