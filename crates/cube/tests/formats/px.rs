//! PX files: recordings, the reference's test cases, and bad input.

use std::path::PathBuf;

use cube::{Cube, Role};

fn recordings() -> Option<Vec<(String, Vec<u8>)>> {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return None;
    };
    let ssb = ["05333", "11327", "11820", "12093", "14216"];
    let mut files: Vec<PathBuf> =
        ssb.iter().map(|name| shared.join(format!("real/ssb/px/{name}.px"))).collect();
    files.push(shared.join("real/pxwebapi-reference-server/tab004-fewcells.px"));
    let read = |file: PathBuf| {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&file).expect("a recording"))
    };
    Some(files.into_iter().map(read).collect())
}

#[test]
fn dump() {
    for (name, bytes) in recordings().expect("x") {
        let c = cube::px::read(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        eprintln!(
            "== {name} {:?} {:?} {:?} {}",
            c.label,
            c.source,
            c.updated,
            serde_json::to_string(&c.extension).unwrap()
        );
        for d in c.dimensions() {
            eprintln!(
                "  {} {:?} {:?} {} {:?} {} {}",
                d.code,
                d.label,
                d.role,
                d.len(),
                d.units,
                serde_json::to_string(&d.extension).unwrap(),
                serde_json::to_string(&d.link).unwrap()
            );
        }
        eprintln!("{:?}", c.notes);
    }
}
