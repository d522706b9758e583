//! Where files stand.

use std::path::{Path, PathBuf};

/// Returns the root of the workspace.
pub fn workspace() -> PathBuf {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.skip(2).map(Path::to_owned).next().expect("a crate stands two folders below the root")
}

/// Returns the shared material beside the workspace; says so when it is absent.
///
/// A test that needs it returns early on `None`, and is then seen to have skipped.
pub fn shared() -> Option<PathBuf> {
    let folder = workspace().parent()?.join("shared");
    if folder.is_dir() {
        return Some(folder);
    }
    skipped("../shared is absent");
    None
}

/// Says that a test was skipped, past the test runner's capture.
pub fn skipped(reason: &str) {
    use std::io::Write;
    // `eprintln!` would be captured, and a skip that nobody sees is a pass that nobody earned.
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}
