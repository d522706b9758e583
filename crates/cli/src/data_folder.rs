//! Where the data folder is: as typed, else `GRUNNLAG_DATA`, else the system's place for data.

use std::env;
use std::path::{Path, PathBuf};

/// Environment variable that names the data folder.
const VARIABLE: &str = "GRUNNLAG_DATA";

/// Returns the data folder, whether or not it is there yet.
///
/// `None` when nothing was typed and the system does not say where a person's data lies.
pub fn data_folder(typed: Option<&Path>) -> Option<PathBuf> {
    let told = typed.map(Path::to_owned).or_else(|| named(VARIABLE));
    told.or_else(|| Some(systems_place()?.join("grunnlag")))
}

fn systems_place() -> Option<PathBuf> {
    let home = || named("HOME");
    match env::consts::OS {
        "windows" => named("LOCALAPPDATA"),
        "macos" => Some(home()?.join("Library").join("Application Support")),
        // A relative folder would be another one in every working directory; the XDG rule is to ignore it.
        _ => named("XDG_DATA_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| Some(home()?.join(".local").join("share"))),
    }
}

/// A variable that is set and not empty.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
