//! Files of a folder, built into the binary. For build scripts.
//!
//! [`folder`] writes a table of paths and bytes that the crate includes. The table is sorted by path,
//! so that a file is found by bisection and the same files give the same binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Writes `OUT_DIR/embedded.rs`: an array of `(path, bytes)`, one for each file below `folder`.
///
/// Paths are relative to `folder`, with slashes, in order. Files with another ending than `endings` are
/// left out; without endings all are taken. A folder that is missing is an empty table. The build
/// script runs again when anything in the folder has changed.
///
/// # Errors
///
/// Any failure to read the folder or to write the table.
pub fn folder(folder: &str, endings: &[&str]) -> io::Result<()> {
    println!("cargo:rerun-if-changed={folder}");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(folder);
    let mut files = Vec::new();
    if root.is_dir() {
        collect(&root, "", &mut files)?;
    }
    files.retain(|path| endings.is_empty() || endings.iter().any(|ending| path.ends_with(ending)));
    files.sort();
    let mut table = String::from("&[\n");
    for path in files {
        let file = root.join(&path);
        writeln!(table, "    ({path:?}, include_bytes!({file:?})),").map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("embedded.rs"), table)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| io::Error::other("a file's name is not Unicode"))?;
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
