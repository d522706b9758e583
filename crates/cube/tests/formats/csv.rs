//! CSV: the long table, PxWeb's tables, StatBank's downloads.

use cube::csv::{self, CsvOptions, Encoding, Labels};
use cube::{Cube, Statuses};
use proptest::prelude::*;

use crate::made::{self, dimension};

fn long(cube: &Cube) -> String {
    let mut bytes = Vec::new();
    csv::write(cube, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

fn pxweb(cube: &Cube, options: &CsvOptions) -> String {
    let mut bytes = Vec::new();
    csv::write_pxweb(cube, options, &mut bytes).expect("each dimension once");
    String::from_utf8(bytes).expect("UTF-8")
}

fn recording(path: &str) -> Option<Vec<u8>> {
    let Some(shared) = testkit::shared() else {
        testkit::skipped("no shared recordings");
        return None;
    };
    Some(std::fs::read(shared.join("real/ssb").join(path)).expect("a recording"))
}

/// Two regions with one name, two measures with units, two years; a gap, nil, a symbol at a number.
fn sample() -> Cube {
    let region = dimension("Region", "region", &[("1818", "Herøy, \"ny\""), ("1515", "Herøy")]);
    let mut contents =
        dimension("ContentsCode", "statistikkvariabel", &[("P", "Pris"), ("A", "Antall")]);
    let unit = |decimals| cube::Unit { decimals: Some(decimals), ..cube::Unit::default() };
    contents.units = [("P".to_owned(), unit(1)), ("A".to_owned(), unit(0))].into();
    contents.role = Some(cube::Role::Metric);
    let years = dimension("Tid", "år", &[("2024", "2024"), ("2025", "2025")]);
    let values = [Some(42.0), None, Some(7.0), Some(0.0), None, None, Some(0.0), Some(1.25)];
    let mut statuses = Statuses::none();
    for (cell, symbol) in [(1, ":"), (2, "*"), (3, "-"), (4, ".."), (5, ".")] {
        statuses.set(cell, 8, symbol);
    }
    let dimensions = vec![region, contents, years];
    let mut cube = Cube::new(dimensions, values.into_iter().collect(), statuses).expect("eight");
    cube.label = Some("Priser, etter region".to_owned());
    cube
}

#[test]
fn the_long_table_has_codes_and_labels() {
    insta::assert_snapshot!(long(&sample()), @r#"
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    1818,"Herøy, ""ny""",P,Pris,2024,2024,42,
    1818,"Herøy, ""ny""",P,Pris,2025,2025,,:
    1818,"Herøy, ""ny""",A,Antall,2024,2024,7,*
    1818,"Herøy, ""ny""",A,Antall,2025,2025,0,-
    1515,Herøy,P,Pris,2024,2024,,..
    1515,Herøy,P,Pris,2025,2025,,.
    1515,Herøy,A,Antall,2024,2024,0,
    1515,Herøy,A,Antall,2025,2025,1.25,
    "#);
}

#[test]
fn pxweb_lays_the_table_out_as_asked() {
    let cube = sample();
    let default = pxweb(&cube, &CsvOptions::default());
    insta::assert_snapshot!(default, @r#"
    "Region","ContentsCode","2024","2025"
    "1818","P",42.0,:
    "1818","A",7,-
    "1515","P",..,.
    "1515","A",0,1.25
    "#);
    let asked = CsvOptions {
        labels: Labels::Both,
        separator: ';',
        title: true,
        stub: vec![2],
        heading: vec![1, 0],
        ..CsvOptions::default()
    };
    insta::assert_snapshot!(pxweb(&cube, &asked), @r#"
    "Priser, etter region"

    "Tid - år";"P - Pris 1818 - Herøy, "ny"";"P - Pris 1515 - Herøy";"A - Antall 1818 - Herøy, "ny"";"A - Antall 1515 - Herøy"
    "2024 - 2024";42.0;..;7;0
    "2025 - 2025";:;.;-;1.25
    "#);
    insta::assert_snapshot!(pxweb(&cube, &CsvOptions::v0_csv3(&cube)), @r#"
    "Region","ContentsCode","Tid","Priser, etter region"
    "1818","P","2024",42.0
    "1818","P","2025",:
    "1818","A","2024",7
    "1818","A","2025",-
    "1515","P","2024",..
    "1515","P","2025",.
    "1515","A","2024",0
    "1515","A","2025",1.25
    "#);
}

#[test]
fn rows_of_nothing_go_when_asked() {
    let cube = sample();
    let options = CsvOptions {
        skip_zeros_and_missing: true,
        stub: vec![0, 1],
        heading: vec![2],
        line_end: "\r\n",
        ..CsvOptions::default()
    };
    let text = pxweb(&cube, &options);
    assert_eq!(text.matches("\r\n").count(), 4, "a heading and three rows: {text}");
    assert!(!text.contains("..,."), "{text}");
}

#[test]
fn a_table_of_headings_only_begins_with_the_separator() {
    let cube = sample();
    let options = CsvOptions { heading: vec![0, 1, 2], ..CsvOptions::default() };
    let text = pxweb(&cube, &options);
    let begins: Vec<&str> = text.lines().map(|line| &line[..2]).collect();
    assert_eq!(begins, [",\"", ",4"]);
    assert_eq!(csv::read(text.as_bytes()).expect("a table").cells(), 8);
}

#[test]
fn placement_must_name_each_dimension_once() {
    let options = CsvOptions { stub: vec![0, 0], heading: vec![1], ..CsvOptions::default() };
    let refused = csv::write_pxweb(&sample(), &options, &mut Vec::new());
    assert_eq!(refused.map_err(|error| error.kind()), Err(std::io::ErrorKind::InvalidInput));
}

#[test]
fn latin_1_has_one_byte_for_a_letter() {
    let mut bytes = Vec::new();
    let options =
        CsvOptions { encoding: Encoding::Latin1, labels: Labels::Texts, ..CsvOptions::default() };
    csv::write_pxweb(&sample(), &options, &mut bytes).expect("memory");
    assert!(bytes.windows(5).any(|letters| letters == b"Her\xf8y"), "{bytes:?}");
    let read = csv::read(&bytes).expect("Latin-1");
    assert_eq!(read.dimensions()[0].codes(), ["Herøy, \"ny\"", "Herøy"]);
}

/// What a recording is read as.
fn shown(path: &str) -> Option<String> {
    let cube = csv::read(&recording(path)?).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = format!("{:?}\n", cube.label);
    for dimension in cube.dimensions() {
        let first = (dimension.codes()[0].as_str(), dimension.stated_label(0));
        text.push_str(&format!("{} {} {first:?}\n", dimension.code, dimension.len()));
    }
    let sum: f64 = cube.values().iter().flatten().sum();
    let missing = cube.values().count_missing();
    text.push_str(&format!("{} cells, sum {sum}, {missing} missing", cube.cells()));
    Some(text)
}

#[test]
fn downloads_from_statbank_are_read() {
    let files = [
        "csv/07459-en-age-2019-municipalities-comma.csv",
        "csv/07459-en-age-2020-municipalities-tab.csv",
        "csv/07459-en-age-2024-municipalities.csv",
        "csv/07459-en-age-sex-2024-municipalities.csv",
        "csv/10826-en-age-2024-city-districts.csv",
        "csv/14491_20250919-110621.csv",
        "v2/03024/data-usecodesandtexts-semicolon.csv",
    ];
    let all: Option<Vec<String>> = files.iter().map(|file| shown(file)).collect();
    if let Some(all) = all {
        insta::assert_snapshot!(all.join("\n\n"));
    }
}

/// The CSV and the JSON-stat answer of table 03024 have weeks and measures in common.
#[test]
fn an_answer_in_csv_has_the_cells_of_the_answer_in_json_stat() {
    let (Some(csv), Some(json)) = (
        recording("v2/03024/data-usecodesandtexts-semicolon.csv"),
        recording("v2/03024/data-no.json"),
    ) else {
        return;
    };
    let csv = cube::csv::read(&csv).expect("a recording");
    let json = cube::jsonstat::read(&json).expect("a recording");
    let mut compared = 0;
    for cell in 0..json.cells() {
        let strides = json.strides();
        let code = |name: &str| {
            let at = json.find_dimension(name).expect("a dimension of 03024");
            json.dimensions()[at].codes()[cell / strides[at] % json.dimensions()[at].len()].clone()
        };
        let (goods, week, what) = (code("VareGrupper2"), code("Tid"), code("ContentsCode"));
        if let Ok(same) = csv.cell(&[&goods, &week, &what]) {
            assert_eq!(csv.values().at(same), json.values().at(cell), "{goods} {week} {what}");
            compared += 1;
        }
    }
    assert!(compared > 0, "the two answers have cells in common");
}

#[test]
fn several_rows_of_headings_are_joined() {
    let text =
        ";;Persons;;Deaths;\n;;2024;2025;2024;2025\nOslo;Men;1;2;3;..\nOslo;Women;5;6,5;-;8\n";
    let cube = csv::read(text.as_bytes()).expect("a table");
    let columns = cube.dimension("columns").expect("what stands across");
    assert_eq!(columns.codes(), ["Persons 2024", "Persons 2025", "Deaths 2024", "Deaths 2025"]);
    assert_eq!(cube.values().at(5), Some(6.5));
    assert_eq!((cube.values().at(3), cube.statuses().at(3)), (None, Some("..")));
    assert_eq!((cube.values().at(6), cube.statuses().at(6)), (Some(0.0), Some("-")));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let said = |text: &str| csv::read(text.as_bytes()).expect_err(text).to_string();
    let all = [
        said(""),
        said("a"),
        said("a,b\n"),
        said("a,b\n\"x\",12\n\"y\n"),
        said("a,b\n\"x\",1\n\"x\",2\n"),
        said("a,b\n\"x\",1\n\"y\",1.2.3\n"),
        said("a,b\n\"x\",1\n\"y\"\n"),
        said("A,A_label,value,status\n1,x,2,\n1,x,3,\n"),
        said("A,A_label,value,status\n1,x,two,\n"),
        said("A,A_label,value,status\n1,x,2\n"),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    not CSV: there is nothing in it (line 1)
    not CSV: one column only; a table has texts and numbers (line 1)
    not CSV: a heading without rows (line 1)
    not CSV: a text in quotes has no end; the file may be cut (line 3)
    not CSV: these texts stood in a row before (line 3)
    not CSV: `1.2.3` is neither a number nor a symbol (line 3)
    not CSV: 1 fields, but the heading has 2 (line 3)
    not CSV: these codes stood in a row before (line 3)
    not CSV: `two` is not a number (line 2)
    not CSV: 3 fields, not 4 (line 2)
    ");
}

#[test]
fn no_part_of_a_recording_makes_the_reader_panic() {
    for file in ["csv/14491_20250919-110621.csv", "v2/03024/data-usecodesandtexts-semicolon.csv"] {
        let Some(bytes) = recording(file) else { return };
        for end in (0..bytes.len().min(1500)).chain((1500..bytes.len()).step_by(1009)) {
            let _ = csv::read(&bytes[..end]);
        }
    }
}

/// Found by fuzzing: a byte order mark in the first name was lost, and with it the long table.
#[test]
fn a_long_table_is_one_whatever_its_names() {
    let names = [
        "\u{feff}Tid",
        "",
        " ",
        "a_label",
        "value",
        "status",
        "a\nb",
        "a\r",
        "a;b;c;d;e;f;g;h;i",
        "a\tb\tc\td\te\tf\tg\th",
        "\"",
        "a\"\"b",
        ",",
        "1",
    ];
    for first in names {
        for second in names.into_iter().filter(|second| *second != first) {
            let dimensions = vec![
                dimension(first, second, &[("", " "), ("code", "\t"), ("\u{feff}", "")]),
                dimension(second, first, &[(second, first)]),
            ];
            let cube = made::cube(dimensions, &[None, Some(2.0), None]);
            let read = csv::read(long(&cube).as_bytes()).expect("a long table");
            assert_eq!(read.values(), cube.values(), "{first:?} {second:?}");
            for (theirs, ours) in read.dimensions().iter().zip(cube.dimensions()) {
                assert_eq!((&theirs.code, theirs.codes()), (&ours.code, ours.codes()));
            }
        }
    }
    let blank = made::cube(vec![dimension("", "", &[("", "")])], &[None]);
    assert_eq!(csv::read(long(&blank).as_bytes()).expect("a long table").sizes(), [1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_long_table_is_read_as_it_was_written(cube in made::cubes()) {
        let read = csv::read(long(&cube).as_bytes()).expect("a long table");
        prop_assert_eq!(read.sizes(), cube.sizes());
        for (theirs, ours) in read.dimensions().iter().zip(cube.dimensions()) {
            prop_assert_eq!(&theirs.code, &ours.code);
            prop_assert_eq!(theirs.codes(), ours.codes());
            for at in 0..ours.len() {
                prop_assert_eq!(theirs.label_at(at), ours.label_at(at));
            }
        }
        prop_assert_eq!(read.values(), cube.values());
        prop_assert_eq!(read.statuses(), cube.statuses());
    }

    #[test]
    fn any_text_is_a_cube_or_an_error(text in "[a-z0-9\",;.\t\n -]{0,120}", bytes: Vec<u8>) {
        let _ = csv::read(text.as_bytes());
        let _ = csv::read(&bytes);
    }
}
