//! The files that readers go wrong on, held to the tables that were written with them.

use testkit::{run, workspace};

#[test]
fn every_trap_is_read_as_it_was_meant() {
    let folder = workspace().join("tests/traps");
    let mut seen = 0;
    for file in std::fs::read_dir(&folder).expect("the folder of traps").filter_map(Result::ok) {
        let path = file.path();
        if !path.extension().is_some_and(|ending| ending == "json" || ending == "px") {
            continue;
        }
        let name = path.to_str().expect("a path in UTF-8");
        let ran = run(&["cube", "convert", name, "-", "--format", "csv"]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
        let meant = std::fs::read_to_string(path.with_extension("csv")).expect("its table");
        assert_eq!(ran.stdout.replace("\r\n", "\n"), meant, "{name}");
        seen += 1;
    }
    assert!(seen >= 16, "{seen} traps");
}
