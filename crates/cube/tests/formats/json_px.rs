//! The old API's `json`.

use cube::{Cube, json_px};
use proptest::prelude::*;

use crate::made;

fn written(cube: &Cube) -> Vec<u8> {
    let mut bytes = Vec::new();
    json_px::write(cube, &mut bytes).expect("memory");
    bytes
}

fn recording(path: &str) -> Option<Vec<u8>> {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return None;
    };
    Some(std::fs::read(shared.join("real/ssb").join(path)).expect("a recording"))
}

#[test]
fn a_recording_has_the_cells_of_the_same_table_in_px() {
    let (Some(json), Some(px)) = (recording("json-px/11327.json"), recording("px/11327.px")) else {
        return;
    };
    let json = json_px::read(&json).expect("a recording");
    let px = cube::px::read(&px).expect("a recording");
    assert_eq!(json.values(), px.values());
    for (json, px) in json.dimensions().iter().zip(px.dimensions()) {
        assert_eq!((&json.code, json.codes(), json.role), (&px.code, px.codes(), px.role));
        assert_eq!(json.category_notes, px.category_notes);
    }
    assert_eq!((&json.updated, &json.source), (&px.updated, &px.source));
}

#[test]
fn a_recording_that_is_written_and_read_again_is_the_same_cube() {
    let Some(bytes) = recording("json-px/11327.json") else { return };
    let cube = json_px::read(&bytes).expect("a recording");
    assert_eq!(json_px::read(&written(&cube)).expect("what was written"), cube);
    for end in (0..bytes.len()).step_by(3001) {
        assert!(json_px::read(&bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let columns = r#"{"columns":[{"code":"R","text":"r","type":"d"},{"code":"P","text":"p","type":"c"}],"data":"#;
    let said = |text: &str| json_px::read(text.as_bytes()).expect_err(text).to_string();
    let all = [
        said("{"),
        said(r#"{"columns":[],"data":[]}"#),
        said(&format!(r#"{columns}[{{"key":["1"],"values":["1.2.3"]}}]}}"#)),
        said(&format!(r#"{columns}[{{"key":["1"],"values":["1","2"]}}]}}"#)),
        said(&format!(r#"{columns}[{{"key":[],"values":["1"]}}]}}"#)),
        said(&format!(
            r#"{columns}[{{"key":["1"],"values":["1"]}},{{"key":["1"],"values":["1"]}}]}}"#
        )),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    not PX-JSON: EOF while parsing an object (line 1, column 1)
    not PX-JSON: no column of type `c` (member columns)
    not PX-JSON: `1.2.3` is neither a number nor a symbol (data, row 1)
    not PX-JSON: 2 values for 1 columns (data, row 1)
    not PX-JSON: 0 keys for 1 columns (data, row 1)
    not PX-JSON: these keys occurred in a row before (data, row 2)
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_and_symbols_come_back(cube in made::cubes()) {
        let once = json_px::read(&written(&cube)).expect("what was written");
        prop_assert_eq!(once.cells(), cube.cells());
        let twice = json_px::read(&written(&once)).expect("what was written");
        prop_assert_eq!(twice, once);
    }
}
