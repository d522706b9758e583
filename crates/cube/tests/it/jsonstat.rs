//! JSON-stat as producers write it, and as nobody should.

use std::path::PathBuf;

use cube::{Cube, columns, jsonstat};
use serde_json::Value;

/// Every recording that is a JSON-stat dataset.
pub fn recordings() -> Vec<(PathBuf, Vec<u8>)> {
    let Some(shared) = testkit::shared() else { return Vec::new() };
    let real = shared.join("real");
    let files = [
        "ssb/v2/03024/data-no.json",
        "ssb/v2/05810/metadata-en.json",
        "ssb/v2/12134/data-0301-4601-5001-2024.json",
        "ssb/v2-beta/09654/data.json",
        "ssb/v2-beta/13615/data.json",
        "ssb/v2-beta/13861/data.json",
        "pxwebapi-reference-server/metadata-tab001.json",
        "pxwebapi-reference-server/metadata-tab004.json",
    ];
    files
        .map(|file| real.join(file))
        .into_iter()
        .map(|file| {
            let bytes = std::fs::read(&file).expect("the recording is there");
            (file, bytes)
        })
        .collect()
}

fn tree(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

#[test]
fn every_recording_is_written_as_it_was_read() {
    for (file, bytes) in recordings() {
        let cube =
            jsonstat::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(tree(&jsonstat::to_vec(&cube)), tree(&bytes), "{}", file.display());
    }
}

#[test]
fn every_recording_survives_parquet_and_arrow() {
    for (file, bytes) in recordings() {
        let cube = jsonstat::read(&bytes).expect("the test above reads it");
        let ways: [fn(&Cube) -> Cube; 3] = [
            |cube| columns::from_parquet(&columns::to_parquet(cube)).expect("Parquet"),
            |cube| columns::from_ipc(&columns::to_ipc(cube)).expect("Arrow"),
            |cube| columns::from_batch(&columns::into_batch(cube.clone())).expect("a batch"),
        ];
        for way in ways {
            let back = way(&cube);
            assert!(back == cube, "{}", file.display());
            assert!(tree(&jsonstat::to_vec(&back)) == tree(&bytes), "{}", file.display());
        }
    }
}

/// Each cell as `codes = number symbol`, or the refusal.
fn shown(document: &str) -> String {
    match jsonstat::read(document.as_bytes()) {
        Ok(cube) => cells(&cube),
        Err(error) => format!("refused: {error}"),
    }
}

fn cells(cube: &Cube) -> String {
    let strides = cube.strides();
    let line = |cell: usize| {
        let codes: Vec<&str> = cube
            .dimensions()
            .iter()
            .zip(&strides)
            .map(|(dimension, stride)| dimension.codes()[cell / stride % dimension.len()].as_str())
            .collect();
        let number = match (cube.values().exact(cell), cube.values().at(cell)) {
            (Some(written), _) => written.to_owned(),
            (None, Some(number)) => number.to_string(),
            (None, None) => "none".to_owned(),
        };
        let symbol = cube.statuses().at(cell).map(|symbol| format!(" {symbol}"));
        format!("{} = {number}{}", codes.join(" "), symbol.unwrap_or_default())
    };
    (0..cube.values().len()).map(line).collect::<Vec<_>>().join("; ")
}

/// A dataset of two regions and two years, with these members after its dimensions.
fn two_by_two(cells: &str) -> String {
    format!(
        r#"{{"version": "2.0", "class": "dataset", "id": ["Region", "Tid"], "size": [2, 2],
        "dimension": {{
            "Tid": {{"category": {{"index": ["2024", "2025"]}}}},
            "Region": {{"category": {{"index": {{"1103": 1, "0301": 0}}}}}}
        }}, {cells}}}"#
    )
}

/// A dataset of one dimension `A`, described by `category`, with `values`.
fn one_dimension(category: &str, size: &str, values: &str) -> String {
    format!(
        r#"{{"class": "dataset", "id": ["A"], "size": [{size}],
        "dimension": {{"A": {{"category": {category}}}}}, "value": {values}}}"#
    )
}

#[test]
fn values_and_statuses_are_read_in_every_form() {
    let forms = [
        r#""value": [1, null, 3, 4], "status": {"1": ":", "3": "p"}"#,
        r#""value": [1, null, 3, 4], "status": [null, ":", "", "p"]"#,
        r#""value": [1, null, 3, 4], "status": ["a", "b"]"#,
        r#""value": [1, null, 3, 4], "status": ["e"]"#,
        r#""value": [1, null, 3, 4], "status": "e""#,
        r#""value": [1, null, 3, 4], "status": """#,
        r#""value": [1, null, 3, 4], "status": []"#,
        r#""value": [1, null, 3, 4], "status": null"#,
        r#""value": {"0": 1, "2": 3.5, "3": null}, "status": {"1": ":", "2": "be"}"#,
        r#""value": {}, "status": {"0": ":", "3": "c"}"#,
        r#""status": {"1": ":"}, "value": [1, null, 3, 4]"#,
        r#""value": ["1", ":", "", "2.5"]"#,
        r#""value": [1, ":", "..", 4], "status": {"1": "c"}"#,
        r#""value": [9007199254740993, -0.0, 1e3, 0.1]"#,
    ];
    let lines: Vec<String> = forms.iter().map(|form| shown(&two_by_two(form))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    0301 2024 = 1; 0301 2025 = none :; 1103 2024 = 3; 1103 2025 = 4 p
    0301 2024 = 1; 0301 2025 = none :; 1103 2024 = 3; 1103 2025 = 4 p
    0301 2024 = 1 a; 0301 2025 = none b; 1103 2024 = 3; 1103 2025 = 4
    0301 2024 = 1 e; 0301 2025 = none e; 1103 2024 = 3 e; 1103 2025 = 4 e
    0301 2024 = 1 e; 0301 2025 = none e; 1103 2024 = 3 e; 1103 2025 = 4 e
    0301 2024 = 1; 0301 2025 = none; 1103 2024 = 3; 1103 2025 = 4
    0301 2024 = 1; 0301 2025 = none; 1103 2024 = 3; 1103 2025 = 4
    0301 2024 = 1; 0301 2025 = none; 1103 2024 = 3; 1103 2025 = 4
    0301 2024 = 1; 0301 2025 = none :; 1103 2024 = 3.5 be; 1103 2025 = none
    0301 2024 = none :; 0301 2025 = none; 1103 2024 = none; 1103 2025 = none c
    0301 2024 = 1; 0301 2025 = none :; 1103 2024 = 3; 1103 2025 = 4
    0301 2024 = 1; 0301 2025 = none :; 1103 2024 = none; 1103 2025 = 2.5
    0301 2024 = 1; 0301 2025 = none c; 1103 2024 = none ..; 1103 2025 = 4
    0301 2024 = 9007199254740993; 0301 2025 = -0; 1103 2024 = 1000; 1103 2025 = 0.1
    "##);
}

#[test]
fn categories_are_read_in_every_form() {
    let forms = [
        one_dimension(r#"{"index": {"b": 1, "a": 0}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": {"b": "1", "a": "0"}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": ["a", "b"], "label": {"b": "Å"}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": [2024, 2025]}"#, "2", "[1, 2]"),
        one_dimension(r#"{"label": {"a": "alone"}}"#, "1", "[1]"),
        one_dimension(r#"{"index": {"ÆØÅ\u00e5☃": 0}}"#, "1", "[1]"),
        one_dimension(r#"{"index": []}"#, "0", "[]"),
        r#"{"class": "dataset", "id": [], "size": [], "dimension": {}, "value": [7]}"#.to_owned(),
    ];
    let lines: Vec<String> = forms.iter().map(|form| shown(form)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    a = 1; b = 2
    a = 1; b = 2
    a = 1; b = 2
    2024 = 1; 2025 = 2
    a = 1
    ÆØÅå☃ = 1

     = 7
    "##);
}

#[test]
fn the_order_of_members_does_not_matter() {
    let first = r#"{"status": {"0": "p"}, "value": [1, 2], "size": [2], "id": ["A"],
        "dimension": {"A": {"category": {"index": ["a", "b"]}}}, "class": "dataset"}"#;
    assert_eq!(shown(first), "a = 1 p; b = 2");
}

#[test]
fn an_early_edition_is_a_bundle_of_datasets() {
    let one = r#"{"label": "Folk", "value": [1, 2], "dimension": {"id": ["A"], "size": [2],
        "role": {"time": ["A"]}, "A": {"category": {"index": {"a": 0, "b": 1}}}}}"#;
    let bundle = format!(r#"{{"dataset": {one}}}"#);
    let cube = jsonstat::read(bundle.as_bytes()).expect("one dataset");
    assert_eq!(cells(&cube), "a = 1; b = 2");
    assert!(cube.dimensions()[0].is_time());
    let written = tree(&jsonstat::to_vec(&cube));
    assert_eq!(written["role"], serde_json::json!({"time": ["A"]}));

    let two = format!(r#"{{"first": {one}, "second": {one}, "made": "2014"}}"#);
    let all = jsonstat::read_all(two.as_bytes()).expect("two datasets");
    let names: Vec<Option<&str>> = all.iter().map(|(name, _)| name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("second")]);
    let refused = jsonstat::read(two.as_bytes()).expect_err("which one?");
    let said = "not JSON-stat: there are 2 datasets, not one: first, second (the document)";
    assert_eq!(refused.to_string(), said);
}

#[test]
fn a_collection_gives_the_datasets_it_embeds() {
    let embedded = two_by_two(r#""href": "https://x.invalid/1", "value": [1, 2, 3, 4]"#);
    let collection = format!(
        r#"{{"class": "collection", "link": {{"item": [
            {embedded}, {{"class": "dataset", "href": "https://x.invalid/2"}}]}}}}"#
    );
    let all = jsonstat::read_all(collection.as_bytes()).expect("one is embedded");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0.as_deref(), Some("https://x.invalid/1"));
    assert_eq!(cells(&all[0].1), "0301 2024 = 1; 0301 2025 = 2; 1103 2024 = 3; 1103 2025 = 4");
}

#[test]
fn a_dimension_alone_is_metadata() {
    let document = r#"{"version": "2.0", "class": "dimension", "label": "sex",
        "category": {"index": ["T", "M"], "label": {"T": "Total"}}}"#;
    let cube = jsonstat::read(document.as_bytes()).expect("a dimension");
    assert!(cube.values().is_empty());
    assert_eq!(cube.dimensions()[0].title(), "sex");
    assert_eq!(cube.dimensions()[0].label_at(0), "Total");
}

#[test]
fn metadata_has_no_values_and_is_written_so() {
    for form in [r#""value": []"#, r#""value": {}"#, r#""value": null"#, r#""note": []"#] {
        let cube = jsonstat::read(two_by_two(form).as_bytes()).expect("metadata");
        assert!(cube.values().is_empty(), "{form}");
        assert_eq!(cube.cells(), 4);
        assert_eq!(tree(&jsonstat::to_vec(&cube))["value"], serde_json::json!([]));
    }
}

#[test]
fn what_json_stat_does_not_name_is_written_back() {
    let document = r#"{"version": "2.0", "class": "dataset", "label": {"nb": "to språk"},
        "role": {"time": ["A", "gone"], "odd": 1, "geo": []}, "id": ["A"], "size": [2],
        "dimension": {
            "A": {"label": "a", "category": {
                "index": {"a": 0, "b": 1}, "label": {"a": "same", "b": "same", "gone": "kept"},
                "note": {"a": ["n"], "b": 7}, "child": {"a": ["b"]}, "unit": {"a": {"base": "kr",
                "decimals": 2, "symbol": "kr", "position": "end"}, "b": {"decimals": 300}},
                "coordinates": {"a": [10.5, 59], "b": "north"}, "since": "2020"},
                "link": {"describedby": [{"extension": {"A": "urn"}}]},
                "extension": {"show": "code", "codelists": []}, "mine": null},
            "gone": {"category": {"index": ["x"]}}},
        "extension": {"px": {"decimals": 0, "big": 1.0e300}}, "odd": [1, {"a": 2.0}],
        "note": ["one", "two"], "value": [1.5, null], "status": {"1": "\"\\"}}"#;
    let cube = jsonstat::read(document.as_bytes()).expect("a dataset");
    let parquet = columns::to_parquet(&cube);
    let back = columns::from_parquet(&parquet).expect("our own");
    assert_eq!(tree(&jsonstat::to_vec(&back)), tree(document.as_bytes()));
}

#[test]
fn members_stand_in_the_order_of_pxweb() {
    let document = two_by_two(
        r#""status": {"1": ":"}, "value": [1, 2.5, -3, 100000000000000000000],
        "extension": {"px": {}}, "role": {"time": ["Tid"]}, "updated": "2026-02-01T07:00:00Z",
        "source": "SSB", "odd": 1, "label": "Demo", "note": "one text""#,
    );
    let cube = jsonstat::read(document.as_bytes()).expect("a dataset");
    let written = String::from_utf8(jsonstat::to_vec(&cube)).expect("UTF-8");
    insta::assert_snapshot!(written.replace("\",\"", "\",\n\""), @r##"
    {"version":"2.0",
    "class":"dataset",
    "label":"Demo",
    "source":"SSB",
    "updated":"2026-02-01T07:00:00Z",
    "note":["one text"],"role":{"time":["Tid"]},"id":["Region",
    "Tid"],"size":[2,2],"dimension":{"Region":{"category":{"index":{"0301":0,"1103":1}}},"Tid":{"category":{"index":{"2024":0,"2025":1}}}},"extension":{"px":{}},"odd":1,"value":[1,2.5,-3,100000000000000000000],"status":{"1":":"}}
    "##);
}

#[test]
fn cells_that_do_not_fit_are_refused_in_one_sentence() {
    let documents = [
        two_by_two(r#""value": [1, 2, 3]"#),
        two_by_two(r#""value": [1, 2, 3, 4, 5]"#),
        two_by_two(r#""value": [1, 2, NaN, 4]"#),
        two_by_two(r#""value": [1, 2, 1e999, 4]"#),
        two_by_two(r#""value": [1, 2, true, 4]"#),
        two_by_two(r#""value": [1, 2,, 4]"#),
        two_by_two(r#""value": [1, 2, 3, 4"#),
        two_by_two(r#""value": {"4": 1}"#),
        two_by_two(r#""value": {"-1": 1}"#),
        two_by_two(r#""value": {"1": 1, "1": 2}"#),
        two_by_two(r#""value": 7"#),
        two_by_two(r#""value": [1,2,3,4], "status": {"4": ":"}"#),
        two_by_two(r#""value": [1,2,3,4], "status": {"a": ":"}"#),
        two_by_two(r#""value": [1,2,3,4], "status": ["a","b","c","d","e"]"#),
        two_by_two(r#""value": [1,2,3,4], "status": {"1": 2}"#),
        two_by_two(r#""value": [], "status": {"1": ":"}"#),
        two_by_two(r#""value": [1,2,3,4], "value": [1,2,3,4]"#),
        two_by_two(r#""value": [1,2,3,4], "dimension": {}"#),
        two_by_two(r#""value": [1,2,3,4]} x"#),
        two_by_two(r#""value": [1,2,3,4], "note": [1 2]"#),
        two_by_two(r#""value": [1,2,3,4], "class": "bundle"#),
    ];
    let lines: Vec<String> = documents.iter().map(|document| shown(document)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    refused: value: there are 3 values for 4 cells
    refused: value: there are 5 values for 4 cells
    refused: not JSON-stat: `NaN` stands where a number, null or a symbol is expected (line 5, column 28)
    refused: not JSON-stat: a number is beyond what 64 bits hold (line 5, column 28)
    refused: not JSON-stat: `true` stands where a number, null or a symbol is expected (line 5, column 28)
    refused: not JSON-stat: `,` stands where a number, null or a symbol is expected (line 5, column 27)
    refused: not JSON-stat: `}` stands where a comma or the end of the array is expected (line 5, column 32)
    refused: not JSON-stat: there are 4 cells, and none at position 4 (line 5, column 22)
    refused: not JSON-stat: `-1` is not the position of a cell (line 5, column 22)
    refused: not JSON-stat: the cell at position 1 has two values (line 5, column 34)
    refused: not JSON-stat: `7` stands where an array or object of values is expected (line 5, column 21)
    refused: not JSON-stat: there are 4 cells, and none at position 4 (line 5, column 43)
    refused: not JSON-stat: `a` is not the position of a cell (line 5, column 43)
    refused: status: there are 5 statuses for 4 cells
    refused: not JSON-stat: `2` stands where a text is expected (line 5, column 48)
    refused: not JSON-stat: there are 0 cells, and none at position 1 (line 5, column 36)
    refused: not JSON-stat: the member `value` occurs twice (line 5, column 40)
    refused: not JSON-stat: the member `dimension` occurs twice (line 5, column 44)
    refused: not JSON-stat: something follows after the end of the document (line 5, column 32)
    refused: not JSON-stat: expected `,` or `]` (line 5, column 43)
    refused: not JSON-stat: the member `class` occurs twice (line 5, column 40)
    "##);
}

#[test]
fn dimensions_that_do_not_fit_are_refused_in_one_sentence() {
    let wide: Vec<String> = (0..30).map(|code| format!("\"{code}\"")).collect();
    let wide = format!(r#"{{"category": {{"index": [{}]}}}}"#, wide.join(","));
    let sparse = format!(
        r#"{{"id": ["A","B","C","D","E"], "size": [30,30,30,30,30], "dimension":
        {{"A": {wide}, "B": {wide}, "C": {wide}, "D": {wide}, "E": {wide}}}, "value": {{"0": 1}}}}"#
    );
    let documents = [
        sparse,
        one_dimension(r#"{"index": {"a": 0, "b": 2}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": {"a": 0, "b": 0}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": {"a": 0, "b": 1.5}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": ["a", "a"]}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": ["a", "b"]}"#, "3", "[1, 2, 3]"),
        one_dimension(r#"{"index": ["a"]}"#, "-1", "[]"),
        one_dimension(r#"{"index": 7}"#, "1", "[1]"),
        one_dimension(r#"{"label": {"a": "A", "b": "B"}}"#, "2", "[1, 2]"),
        one_dimension(r#"{"index": ["a"]}"#, "4294967296", "[1]"),
        one_dimension(r#"{"index": ["a"]}"#, "1, 1", "[1]"),
        r#"{"id": ["A", "A"], "size": [1, 1], "dimension": {"A": {"category": {"index": ["a"]}}}}"#
            .to_owned(),
        r#"{"id": ["A", "B"], "size": [1, 1], "dimension": {"A": {"category": {"index": ["a"]}}}}"#
            .to_owned(),
        r#"{"id": ["A"], "size": [1], "dimension": {"A": {"label": "a"}}}"#.to_owned(),
    ];
    let lines: Vec<String> = documents.iter().map(|document| shown(document)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    refused: value: an object of values in 962 bytes may span 1063968 cells at most, not 24300000
    refused: dimension `A`: `b` stands at position 2, after the last, 1
    refused: dimension `A`: `a` and `b` both stand at position 0
    refused: dimension `A`: the position of `b` is `1.5`
    refused: dimension `A`: the code `a` occurs twice
    refused: dimension `A`: it has 2 categories, and `size` says 3
    refused: size: `-1` is not a number of categories
    refused: dimension `A`: `index` is neither an object nor an array
    refused: dimension `A`: `index` is missing, and there is not exactly one label
    refused: 4294967296 cells are more than the 50000000 that are allowed here
    refused: size: it has 2 numbers for 1 dimensions
    refused: dimension `A`: it is not an object
    refused: dimension: `B` is listed in `id`, and not described
    refused: dimension `A`: it has no object `category`
    "##);
}

#[test]
fn what_is_not_a_dataset_is_refused_in_one_sentence() {
    let deep = format!(r#"{{"extension": {}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let documents = [
        String::new(),
        "[]".to_owned(),
        "<html>".to_owned(),
        "{}".to_owned(),
        deep,
        r#"{"version": "2.0", "class": "dataset"}"#.to_owned(),
        r#"{"class": "cube"}"#.to_owned(),
        r#"{"class": "error", "error": [{"status": "400", "label": "Bad request"}]}"#.to_owned(),
        r#"{"type": "Parameter error", "title": "Non-existent value", "status": 400}"#.to_owned(),
        r#"{"columns": [], "data": [{"key": [], "values": []}]}"#.to_owned(),
        r#"{"title": "t", "variables": []}"#.to_owned(),
        r#"{"class": "collection", "link": {"item": [{"href": "x"}]}}"#.to_owned(),
    ];
    let lines: Vec<String> = documents.iter().map(|document| shown(document)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    refused: not JSON-stat: the text ends where an object is expected (line 1, column 1)
    refused: not JSON-stat: `[` stands where an object is expected (line 1, column 1)
    refused: not JSON-stat: `<` stands where an object is expected (line 1, column 1)
    refused: not JSON-stat: it is missing, and no member is a dataset (member `class`)
    refused: not JSON-stat: objects and arrays stand deeper than 128 (line 1, column 143)
    refused: dimension: it is missing or not an object
    refused: not JSON-stat: there is no class `cube` (member `class`)
    refused: not JSON-stat: the publisher reports an error: [{"status":"400","label":"Bad request"}] (member `error`)
    refused: not JSON-stat: the publisher reports an error: Non-existent value (member `error`)
    refused: not JSON-stat: this is PX-JSON, a list of rows (member `columns`)
    refused: not JSON-stat: this is the metadata of PxWebApi v0 (member `variables`)
    refused: not JSON-stat: the collection only links to its items (1), it embeds no dataset (member `link`)
    "##);
}

proptest::proptest! {
    #[test]
    fn whatever_changes_in_a_document_it_is_json_or_refused(
        changes in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), 0..5_usize, "[-\\[\\]{}\",:.0-9eEnul\\\\ ☃\n]{0,2}"), 1..4),
    ) {
        let mut text = two_by_two(
            r#""value": [1, -2.5e3, null, ":"], "status": {"1": ":"}, "odd": {"a": [true]}"#,
        );
        for (place, length, other) in changes {
            let from = (0..=place.index(text.len())).rev().find(|at| text.is_char_boundary(*at));
            let from = from.expect("a text begins at a boundary");
            let to = (from + length..=text.len()).find(|at| text.is_char_boundary(*at));
            text.replace_range(from..to.unwrap_or(text.len()), &other);
        }
        if jsonstat::read(text.as_bytes()).is_ok() {
            let tree: Result<Value, _> = serde_json::from_str(&text);
            proptest::prop_assert!(tree.is_ok(), "{text}");
        }
    }
}

#[test]
fn broken_utf8_is_refused_with_its_place() {
    let refused = jsonstat::read(b"{\n\"label\": \"\xe5r\"}").expect_err("Latin-1");
    assert_eq!(refused.to_string(), "not JSON-stat: byte 12 is not UTF-8 (line 2)");
}

#[test]
fn a_long_answer_begins_before_its_last_cell_is_written() {
    struct Pieces(Vec<usize>);
    impl std::io::Write for Pieces {
        fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
            self.0.push(piece.len());
            Ok(piece.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let codes = (0..100_000).map(|code| code.to_string()).collect();
    let dimension = cube::Dimension::new("A", codes, Vec::new()).expect("distinct");
    let values = (0..100_000).map(|number| Some(f64::from(number))).collect();
    let cube = Cube::new(vec![dimension], values, cube::Statuses::none()).expect("as many");
    let mut pieces = Pieces(Vec::new());
    jsonstat::write(&cube, &mut pieces).expect("nothing fails");
    assert!(pieces.0.len() > 8, "{:?}", pieces.0);
    assert!(pieces.0[1..].iter().all(|piece| *piece < 70_000), "{:?}", pieces.0);
}
