//! PX files: recordings, the reference's test cases, and bad input.

use std::path::PathBuf;

use cube::px::{self, CodePage, Options};
use cube::{Cube, Role};
use proptest::prelude::*;

use crate::made::{self, dimension};

/// The PX recordings by name; none where they are not at hand.
pub fn recordings() -> Vec<(String, Vec<u8>)> {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return Vec::new();
    };
    let ssb = ["05333", "11327", "11820", "12093", "14216"];
    let mut files: Vec<PathBuf> =
        ssb.iter().map(|name| shared.join(format!("real/ssb/px/{name}.px"))).collect();
    files.push(shared.join("real/pxwebapi-reference-server/tab004-fewcells.px"));
    let read = |file: PathBuf| {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&file).expect("a recording"))
    };
    files.into_iter().map(read).collect()
}

fn written(cube: &Cube) -> Vec<u8> {
    let mut bytes = Vec::new();
    px::write(cube, &Options::default(), &mut bytes).expect("a cube with numbers");
    bytes
}

fn again(cube: &Cube) -> Cube {
    px::read(&written(cube)).expect("what was written")
}

/// Compares what differs most easily first, so that a failure can be read.
fn same(left: &Cube, right: &Cube, name: &str) {
    let show = |cube: &Cube| {
        let extension = serde_json::to_string_pretty(&cube.extension).expect("an object");
        format!("{:?} {:?} {:?} {extension}", cube.label, cube.updated, cube.notes)
    };
    similar(&show(left), &show(right), name);
    assert_eq!(left, right, "{name}");
}

fn similar(left: &str, right: &str, name: &str) {
    for (left, right) in left.lines().zip(right.lines()) {
        assert_eq!(left, right, "{name}");
    }
}

/// A file of one variable `region` (0301 Oslo, 1103 Stavanger) and years, with lines added.
fn small(lines: &str, data: &str) -> String {
    format!(
        "CHARSET=\"ANSI\";\nLANGUAGE=\"no\";\nDECIMALS=0;\nTITLE=\"Folketall\";\nSTUB=\"region\";\n\
         HEADING=\"år\";\nVALUES(\"region\")=\"Oslo\",\"Stavanger\";\n\
         CODES(\"region\")=\"0301\",\"1103\";\nVALUES(\"år\")=\"2024\",\"2025\";\n{lines}DATA={data}"
    )
}

/// Cells as `number status`, or the refusal.
fn cells(file: &str) -> String {
    match px::read(file.as_bytes()) {
        Err(error) => error.to_string(),
        Ok(cube) => shown(&cube),
    }
}

fn shown(cube: &Cube) -> String {
    let show = |cell| {
        let number = cube.values().at(cell).map_or("null".to_owned(), |number| number.to_string());
        let status = cube.statuses().at(cell).map(|one| format!(" {one}")).unwrap_or_default();
        format!("{number}{status}")
    };
    (0..cube.values().len()).map(show).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_recording_that_is_written_and_read_again_is_the_same_cube() {
    for (name, bytes) in recordings() {
        let cube = px::read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        same(&again(&cube), &cube, &name);
    }
}

/// Save that `BASEPERIOD` stands now here, now there in the recordings.
#[test]
fn a_recording_is_written_as_the_agency_wrote_it() {
    for (name, bytes) in recordings().into_iter().filter(|(name, _)| name != "tab004-fewcells") {
        let keys = |bytes: &[u8]| -> Vec<String> {
            let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            let head = text.split("DATA=").next().expect("a head").to_owned();
            let is_key = |line: &&str| {
                let word = line.split(['=', '(']).next().unwrap_or_default();
                word != *line
                    && word != "BASEPERIOD"
                    && word == word.to_uppercase()
                    && word.len() > 3
            };
            let key = |line: &str| line.split('=').next().expect("a key").to_owned();
            head.lines().filter(is_key).map(key).collect()
        };
        let theirs = keys(&bytes);
        let ours = keys(&written(&px::read(&bytes).expect("a recording")));
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn the_symbols_of_statistics_norway_are_translated() {
    let symbols = "DATASYMBOL1=\"..\";\nDATASYMBOL2=\"...\";\nDATASYMBOL3=\":\";\n\
                   DATASYMBOLSUM=\".\";\nDATASYMBOLNIL=\"-\";\n";
    let file = small(symbols, "\".\" \"..\"\n\"...\" \"-\";");
    assert_eq!(cells(&file), "null .., null ..., null :, 0 -");
    let plain = small("", ". \"......\" .... -;");
    assert_eq!(cells(&plain), "null ., null ......, null ...., 0 -");
}

#[test]
fn rows_that_are_not_listed_are_zeros() {
    let keys = "KEYS(\"region\")=CODES;\n";
    assert_eq!(cells(&small(keys, "\"1103\",3 \".\"\n;")), "0, 0, 3, null .");
    let values = "KEYS(\"region\")=VALUES;\n";
    assert_eq!(cells(&small(values, "\"Stavanger\", 3, 4\n\"Oslo\" 1 2;")), "1, 2, 3, 4");
    insta::assert_snapshot!(
        cells(&small(keys, "\"1104\",3 4;")),
        @"dimension `region` has no code `1104`; nearest: 1103"
    );
    insta::assert_snapshot!(
        cells(&small(keys, "\"1103\",3 4\n\"1103\" 5 6;")),
        @"not PX: these keys occurred in a row before (keyword DATA, line 12)"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let said = [
        small("", "1 2 3;"),
        small("", "1 2 3 4 5;"),
        small("", "1 2 3 4"),
        small("", "1 2 3 x;"),
        small("", "1 2 3 1e999;"),
        small("", "1 2 3 NaN;"),
        small("", "1 2 3 \"4\";"),
        small("NOTE=\"cut in the mid", ""),
        small("CODEPAGE=\"klingon\";\n", "1 2 3 4;"),
        small(";", "1 2 3 4;"),
        small("NOTE=\"a\"\n", "1 2 3 4;"),
        small("CODES(\"år\")=\"1\";\n", "1 2 3 4;"),
        "VALUES(\"a\")=\"b\";DATA=1;".to_owned(),
        "STUB=\"a\";DATA=1;".to_owned(),
        "<!DOCTYPE html>".to_owned(),
        String::new(),
    ];
    let said: Vec<String> = said.iter().map(|file| cells(file)).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_product_beyond_memory_is_refused() {
    let values = vec!["\"x\""; 400];
    let numbered: Vec<String> = (0..400).map(|at| format!("\"{at}\"")).collect();
    let mut file = String::from("STUB=\"a\",\"b\",\"c\",\"d\";\n");
    for name in ["a", "b", "c", "d"] {
        file.push_str(&format!("VALUES(\"{name}\")={};\n", values.join(",")));
        file.push_str(&format!("CODES(\"{name}\")={};\n", numbered.join(",")));
    }
    file.push_str("DATA=\n1;");
    insta::assert_snapshot!(
        cells(&file),
        @"25600000000 cells are more than the 50000000 that are allowed here"
    );
}

#[test]
fn texts_are_read_in_the_letters_that_the_file_states() {
    let read = |bytes: &[u8]| {
        let cube = px::read(bytes).expect("a file");
        let dimension = &cube.dimensions()[0];
        (dimension.code.clone(), dimension.codes()[0].clone())
    };
    let utf8 = "STUB=\"kjønn\";VALUES(\"kjønn\")=\"gutt – jente\";DATA=1;";
    let expected = ("kjønn".to_owned(), "gutt – jente".to_owned());
    let windows = encoding_rs::WINDOWS_1252.encode(utf8).0.into_owned();
    assert_eq!(read(&windows), expected, "without CODEPAGE");
    assert_eq!(read(&[b"CODEPAGE=\"iso-8859-1\";\n", windows.as_slice()].concat()), expected);
    assert_eq!(read(&[b"\xef\xbb\xbf", utf8.as_bytes()].concat()), expected, "with a mark");
    assert_eq!(
        read(&[b"CODEPAGE=\"iso-8859-1\";\n", utf8.as_bytes()].concat()),
        expected,
        "saved anew by an editor"
    );
    let untrue = [b"CODEPAGE=\"utf-8\";\n", windows.as_slice()].concat();
    insta::assert_snapshot!(
        px::read(&untrue).expect_err("not UTF-8"),
        @"not PX: the text is not UTF-8, as the file says it is (keyword STUB, line 2)"
    );
}

#[test]
fn texts_hold_marks_and_go_on_over_lines() {
    let file =
        small("NOTE=\"a; [b] = (c), \"\n\"d\";\nNOTEX(\"region\")=\"x##y#z\";\n", "1 2 3 4;");
    let cube = px::read(file.as_bytes()).expect("a file");
    assert_eq!(cube.notes, ["a; [b] = (c), d"]);
    assert_eq!(cube.dimensions()[0].notes, ["x", "y\nz"]);
}

#[test]
fn an_interval_of_periods_is_a_time_dimension() {
    let file = "STUB=\"tid\";TIMEVAL(\"tid\")=TLIST(Q1,\"2023K3\"-\"2024K2\");DATA=1 2 3 4;";
    let cube = px::read(file.as_bytes()).expect("a file");
    assert_eq!(cube.dimensions()[0].codes(), ["2023K3", "2023K4", "2024K1", "2024K2"]);
    assert_eq!(cube.dimensions()[0].role, Some(Role::Time));
}

#[test]
fn a_file_speaks_each_of_its_languages() {
    let recordings = recordings();
    let Some((_, bytes)) = recordings.iter().find(|(name, _)| name == "tab004-fewcells") else {
        return;
    };
    let english = px::read(bytes).expect("a recording");
    let swedish = px::read_in(bytes, "sv").expect("its second language");
    assert_eq!(swedish.dimensions()[1].label_at(0), "Koldioxid (CO2) (kt)");
    assert_eq!(swedish.dimensions()[1].codes(), english.dimensions()[1].codes());
    assert_eq!(swedish.source.as_deref(), Some("Statistikmyndigheten"));
    assert_eq!(swedish.extension["px"]["symbols"], english.extension["px"]["symbols"]);
    same(&again(&swedish), &swedish, "swedish");
    let back = px::read_in(&written(&swedish), "en").expect("its first language");
    assert_eq!(back.dimensions(), english.dimensions());
    assert_eq!((back.label, back.notes), (english.label, english.notes));
    insta::assert_snapshot!(
        px::read_in(bytes, "de").expect_err("no German"),
        @"not PX: no language `de`; the file has en, sv (keyword LANGUAGES)"
    );
}

#[test]
fn a_cut_cube_keeps_what_still_belongs_to_it() {
    let file = small(
        "VALUENOTE(\"region\",\"Oslo\")=\"o\";\nMETA-ID(\"region\",\"Oslo\")=\"x\";\n\
                      META-ID(\"region\",\"Stavanger\")=\"y\";\n",
        "1 2 3 4;",
    );
    let cube = px::read(file.as_bytes()).expect("a file");
    let dimensions = vec![cube.dimensions()[0].only(&[1]), cube.dimensions()[1].clone()];
    let values = [Some(3.0), Some(4.0)].into_iter().collect();
    let cut = cube.with_cells(dimensions, values, cube::Statuses::none()).expect("one row");
    let text = String::from_utf8_lossy(&written(&cut)).into_owned();
    assert!(text.contains("META-ID(\"region\",\"Stavanger\")=\"y\";"), "{text}");
    assert!(!text.contains("Oslo"), "{text}");
}

#[test]
fn two_variables_may_share_a_name_and_two_values_a_text() {
    let two = |code| dimension(code, "region", &[("1", "Herøy"), ("2", "Herøy")]);
    let mut cube =
        made::cube(vec![two("Fra"), two("Til")], &[Some(1.0), None, Some(3.0), Some(4.0)]);
    cube.dimensions_mut().for_each(|dimension| {
        dimension.category_notes.insert("2".to_owned(), vec!["the southern one".to_owned()]);
    });
    let read = again(&cube);
    assert_eq!(read.dimensions()[1].label, cube.dimensions()[1].label);
    assert_eq!(read.dimensions()[1].category_notes, cube.dimensions()[1].category_notes);
    assert_eq!(read.values(), cube.values());
}

#[test]
fn letters_beyond_latin_1_make_a_file_utf_8() {
    let cube = |text: &str| made::cube(vec![dimension("a", "a", &[("1", text)])], &[Some(1.0)]);
    let page = |cube: &Cube, options: &Options| {
        let mut bytes = Vec::new();
        px::write(cube, options, &mut bytes).expect("a cube");
        String::from_utf8_lossy(&bytes).contains("CODEPAGE=\"utf-8\"")
    };
    assert!(!page(&cube("Færøyene"), &Options::default()));
    assert!(page(&cube("Kárášjohka"), &Options::default()));
    assert!(page(&cube("Ã¥"), &Options::default()), "as UTF-8 this would be another letter");
    assert_eq!(again(&cube("Ã¥")).dimensions()[0].label_at(0), "Ã¥");
    let utf8 = Options { code_page: CodePage::Utf8, ..Options::default() };
    assert!(page(&cube("Færøyene"), &utf8));
}

#[test]
fn an_answer_in_json_stat_goes_through_px() {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return;
    };
    let answers = [
        "v2/03024/data-no.json",
        "v2/12134/data-0301-4601-5001-2024.json",
        "v2-beta/09654/data.json",
        "v2-beta/13615/data.json",
        "v2-beta/13861/data.json",
    ];
    for answer in answers {
        let bytes = std::fs::read(shared.join("real/ssb").join(answer)).expect("a recording");
        let cube = cube::jsonstat::read(&bytes).expect("a recording");
        let read = again(&cube);
        assert_eq!((read.values(), read.statuses()), (cube.values(), cube.statuses()), "{answer}");
        assert_eq!(
            (&read.label, &read.source, &read.updated),
            (&cube.label, &cube.source, &cube.updated)
        );
        assert_eq!(read.notes, cube.notes, "{answer}");
        assert_eq!(
            read.extension["contact"].as_array().map(Vec::len),
            cube.extension["contact"].as_array().map(Vec::len)
        );
        for (theirs, ours) in read.dimensions().iter().zip(cube.dimensions()) {
            assert_eq!((&theirs.code, &theirs.label), (&ours.code, &ours.label), "{answer}");
            assert_eq!((theirs.codes(), theirs.role), (ours.codes(), ours.role), "{answer}");
            assert_eq!((&theirs.units, &theirs.notes), (&ours.units, &ours.notes), "{answer}");
            assert_eq!(theirs.category_notes, ours.category_notes, "{answer}");
            let labels = |one: &cube::Dimension| -> Vec<String> {
                (0..one.len()).map(|at| one.label_at(at).to_owned()).collect()
            };
            assert_eq!(labels(theirs), labels(ours), "{answer}");
        }
    }
}

#[test]
fn no_part_of_a_recording_makes_the_reader_panic() {
    for (name, bytes) in recordings() {
        let dense = bytes.len().min(2_500);
        let sparse = (dense..bytes.len()).step_by(bytes.len() / 200 + 1);
        let mut refused = 0;
        for end in (0..dense).chain(sparse) {
            refused += usize::from(px::read(&bytes[..end]).is_err());
        }
        assert!(refused > 1000, "{name}: a part is not a file");
    }
}

/// Found by fuzzing: `STOCKFA[satabasen ";` took the next line for its language.
#[test]
fn what_is_read_is_not_kept_where_it_could_not_be_written() {
    let said = [
        small("STOCKFA[satabasen \";\nSOURCE[sv]=\"x\";\n", "1 2 3 4;"),
        small("SOURCE[]=\"x\";\n", "1 2 3 4;"),
        small("DATA()=\"x\";\n", "1 2 3 4;"),
        small("DATA[no]=\"x\";\n", "1 2 3 4;"),
    ];
    let said: Vec<String> = said.iter().map(|file| cells(file)).collect();
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(cells(&small("SOURCE[zh_Hant-TW]=\"x\";\n", "1 2 3 4;")), "1, 2, 3, 4");
}

#[test]
fn a_kept_line_from_elsewhere_does_not_spoil_the_file() {
    let mut cube = px::read(small("", "1 2 3 4;").as_bytes()).expect("a file");
    cube.extension["px"]["lines"] = serde_json::json!([
        { "keyword": "DATA", "text": "x" },
        { "keyword": "VALUES", "dimension": "region", "text": "x" },
        { "keyword": "A B", "text": "x" },
        { "keyword": "RAW", "raw": "1;STUB=\"x\"" },
        { "keyword": "RAW", "raw": "\"x" },
        { "keyword": "OTHER", "keys": ["a\"b"], "text": "kept" },
    ]);
    cube.extension["px"]["translations"] = serde_json::json!({
        "]": { "lines": [{ "keyword": "SOURCE", "text": "x" }] },
        "no": { "lines": [{ "keyword": "SOURCE", "text": "x" }] },
    });
    let read = again(&cube);
    assert_eq!((read.dimensions(), read.values()), (cube.dimensions(), cube.values()));
    let kept = serde_json::json!([{ "keyword": "OTHER", "keys": ["a''b"], "text": "kept" }]);
    assert_eq!(read.extension["px"]["lines"], kept);
    assert!(read.extension["px"].get("translations").is_none());
}

#[test]
fn a_gap_is_not_nil_though_nil_be_shown_as_nothing() {
    let cube =
        px::read(small("DATASYMBOLNIL=\"\";\n", "1 \"\" \" - \" 4;").as_bytes()).expect("a file");
    assert_eq!(shown(&cube), "1, null, 0, 4");
    assert_eq!(shown(&again(&cube)), "1, null, 0, 4");
}

#[test]
fn names_and_texts_that_are_alike_save_for_line_ends_or_brackets_stay_apart() {
    let file = small("NOTE=\"a\r\r\nb\";\n", "1 2 3 4;");
    assert_eq!(px::read(file.as_bytes()).expect("a file").notes, ["a\nb"]);
    let named = |code: &str, label: &str| dimension(code, label, &[("1", "x")]);
    let dimensions = vec![named("a", "r"), named("b", "r (c)"), named("c", "r")];
    let cube = made::cube(dimensions, &[Some(1.0)]);
    assert_eq!(again(&cube).sizes(), [1, 1, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_cube_that_is_written_and_read_again_is_the_same(cube in made::cubes()) {
        let read = again(&cube);
        prop_assert_eq!(read.sizes(), cube.sizes());
        for (theirs, ours) in read.dimensions().iter().zip(cube.dimensions()) {
            prop_assert_eq!(&theirs.code, &ours.code);
            prop_assert_eq!(theirs.codes(), ours.codes());
            prop_assert_eq!(theirs.title(), ours.title().replace('"', "''"));
            for at in 0..ours.len() {
                prop_assert_eq!(theirs.label_at(at), ours.label_at(at).replace('"', "''"));
            }
            prop_assert_eq!(&theirs.category_notes, &ours.category_notes);
        }
        for cell in 0..cube.values().len() {
            prop_assert_eq!(read.statuses().at(cell), cube.statuses().at(cell));
            let nil = cube.statuses().at(cell) == Some("-");
            let number = cube.values().at(cell).or(nil.then_some(0.0));
            prop_assert_eq!(read.values().at(cell), number);
        }
        prop_assert_eq!(&again(&read), &read);
    }

    #[test]
    fn any_bytes_are_a_cube_or_an_error(bytes: Vec<u8>, text in "[A-Z\"=;(),.0-9 \n]{0,200}") {
        let _ = px::read(&bytes);
        let _ = px::read(text.as_bytes());
        let _ = px::read(small(&text, "1 2 3 4;").as_bytes());
    }
}
