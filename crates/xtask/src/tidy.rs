//! `cargo xtask tidy`: the architecture's rules, checked.
//!
//! Dependencies point one way, heavy ones have one owner, versions stand in one
//! place, and nothing of a developer's machine is written into the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

/// Which of our crates each crate may name. Tests may name more.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("store", &[]),
    ("scoring", &[]),
    ("cube", &[]),
    ("places", &[]),
    ("upstream", &[]),
    ("layers", &["places", "store"]),
    ("klass", &["upstream"]),
    ("geonorge", &["upstream"]),
    ("atlas", &["klass", "places"]),
    ("pxweb", &["cube", "upstream"]),
    (
        "ingest",
        &[
            "atlas",
            "cube",
            "geonorge",
            "indicators",
            "klass",
            "layers",
            "places",
            "pxweb",
            "store",
            "upstream",
        ],
    ),
    ("embed", &[]),
    ("indicators", &["embed", "store"]),
    ("evidence", &["indicators", "scoring", "store"]),
    ("server", &["atlas", "cube", "embed", "evidence", "ingest", "layers", "places", "pxweb"]),
    (
        "cli",
        &[
            "atlas",
            "cube",
            "evidence",
            "geonorge",
            "indicators",
            "ingest",
            "klass",
            "layers",
            "places",
            "pxweb",
            "scoring",
            "server",
            "store",
            "upstream",
        ],
    ),
    ("testkit", &[]),
    ("xtask", &["ingest", "klass", "layers", "store"]),
    ("e2e", &["testkit"]),
    (
        "benches",
        &[
            "cube",
            "evidence",
            "indicators",
            "ingest",
            "klass",
            "layers",
            "places",
            "pxweb",
            "scoring",
            "store",
            "testkit",
        ],
    ),
];

/// Dependencies that one crate owns, so that the others build without them.
const OWNED: &[(&str, &str)] = &[
    ("rusqlite", "store"),
    ("axum", "server"),
    ("tokio", "server"),
    ("tower-http", "server"),
    ("arrow-array", "cube"),
    ("parquet", "cube"),
    ("rust_xlsxwriter", "cube"),
    ("ureq", "upstream"),
    ("proj-core", "places"),
    ("quick-xml", "layers"),
    ("clap", "cli"),
    ("comfy-table", "cli"),
];

/// Exceptions to [`OWNED`], each with its reason.
const SHARED: &[(&str, &str, &str)] = &[
    (
        "quick-xml",
        "geonorge",
        "feeds and answers of WFS are XML; the shapes in them are read in `layers`",
    ),
    ("parquet", "layers", "shapes are kept as GeoParquet, which is no cube"),
    ("tokio", "cli", "`serve` starts the runtime that the server runs on"),
    ("parquet", "cli", "ranks are written as columns, without a cube"),
    ("rust_xlsxwriter", "cli", "ranks are written as sheets, without a cube"),
];

/// Checks the tree and lists what breaks a rule.
pub fn run(_: &[String]) -> anyhow::Result<ExitCode> {
    let faults = faults(&super::workspace_root())?;
    for fault in &faults {
        eprintln!("{fault}");
    }
    println!("tidy: {} faults", faults.len());
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns one sentence per broken rule.
fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for manifest in manifests(root)? {
        faults.extend(manifest_faults(&manifest)?);
    }
    faults.extend(machine_paths(root)?);
    Ok(faults)
}

fn manifests(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root.join("crates"))?
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("Cargo.toml"))
        .filter(|manifest| manifest.is_file())
        .collect();
    found.push(root.join("tests/e2e/Cargo.toml"));
    found.push(root.join("benches/Cargo.toml"));
    found.sort();
    Ok(found)
}

fn manifest_faults(manifest: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(manifest)
        .with_context(|| format!("reading `{}`", manifest.display()))?;
    let file: toml::Table = toml::from_str(&text)?;
    let name = file["package"]["name"].as_str().unwrap_or_default().to_owned();
    let rules: BTreeMap<&str, &[&str]> = MAY_NAME.iter().copied().collect();
    let ours: BTreeSet<&str> = rules.keys().copied().collect();
    let Some(allowed) = rules.get(name.as_str()) else {
        return Ok(vec![format!("crate `{name}` has no place in the architecture (MAY_NAME)")]);
    };
    let mut faults = Vec::new();
    for section in ["dependencies", "build-dependencies"] {
        let Some(table) = file.get(section).and_then(toml::Value::as_table) else { continue };
        for dependency in table.keys().map(String::as_str) {
            if ours.contains(dependency) && !allowed.contains(&dependency) {
                faults.push(format!("`{name}` must not depend on `{dependency}`: the wrong way"));
            }
            let owner = OWNED.iter().find(|(heavy, _)| *heavy == dependency);
            let is_shared =
                SHARED.iter().any(|(heavy, with, _)| *heavy == dependency && *with == name);
            if let Some((_, owner)) = owner.filter(|(_, owner)| *owner != name && !is_shared) {
                faults.push(format!("`{name}` names `{dependency}`, which only `{owner}` may"));
            }
        }
    }
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(table) = file.get(section).and_then(toml::Value::as_table) else { continue };
        for (dependency, value) in table {
            let inherits = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
            if !inherits {
                faults.push(format!("`{name}`: the version of `{dependency}` belongs in the root"));
            }
        }
    }
    Ok(faults)
}

/// Finds absolute paths of a developer's machine in tracked text files.
fn machine_paths(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    let skipped =
        ["target", "node_modules", "dist", ".git", ".venv", ".venv-peers", "test-results"];
    let endings = ["rs", "ts", "svelte", "sql", "toml", "md", "json", "py", "mjs", "css", "slt"];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)?.filter_map(Result::ok) {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !skipped.contains(&name.as_str()) {
                    folders.push(path);
                }
                continue;
            }
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if !endings.contains(&ending) || name == "package-lock.json" {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for home in [concat!("/", "work/"), concat!("/", "home/"), concat!("/", "root/")] {
                if let Some(at) = text.lines().position(|line| line.contains(home)) {
                    let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                    faults.push(format!("{shown}:{}: a path of one machine", at + 1));
                }
            }
        }
    }
    faults.sort();
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_keeps_its_own_rules() {
        let faults = faults(&crate::workspace_root()).expect("the tree can be read");
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn a_dependency_that_points_the_wrong_way_is_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let manifest = folder.path().join("Cargo.toml");
        let text = "[package]\nname = \"scoring\"\n[dependencies]\nstore.workspace = true\n\
                    rusqlite = \"0.40\"\n";
        std::fs::write(&manifest, text).expect("a temporary file");
        let faults = manifest_faults(&manifest).expect("the manifest is valid");
        assert_eq!(
            faults,
            [
                "`scoring` names `rusqlite`, which only `store` may",
                "`scoring` must not depend on `store`: the wrong way",
                "`scoring`: the version of `rusqlite` belongs in the root",
            ]
        );
    }
}
