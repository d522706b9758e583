//! `score run`: any table by a model file, every stage written and held against COINr's.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;
use testkit::run;

use crate::{list, told};

/// A CSV file as its header and its rows.
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn sheet(path: &Path) -> Sheet {
    let mut reader = csv::Reader::from_path(path).expect("the file is there");
    let header = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        row.expect("a whole row").iter().map(str::to_owned).collect()
    };
    Sheet { header, rows: reader.records().map(row).collect() }
}

impl Sheet {
    /// The rows that begin with these cells, by unit and column; gaps are left out.
    fn figures(&self, begin: &[&str]) -> HashMap<(String, String), f64> {
        let rows = self.rows.iter().filter(|row| begin.iter().zip(*row).all(|(a, b)| a == b));
        let mut figures = HashMap::new();
        for row in rows {
            let unit = &row[begin.len()];
            for (name, cell) in self.header.iter().zip(row).skip(begin.len() + 1) {
                if let Ok(figure) = cell.parse() {
                    figures.insert((unit.clone(), name.clone()), figure);
                }
            }
        }
        figures
    }
}

/// Holds a stage against an oracle's: the same cells, the same figures. Returns how many.
fn assert_same(stage: &Path, oracle: &HashMap<(String, String), f64>) -> usize {
    let found = sheet(stage).figures(&[]);
    for (cell, wanted) in oracle {
        let found = found.get(cell).unwrap_or_else(|| panic!("{}: {cell:?}", stage.display()));
        let off = (found - wanted).abs();
        assert!(off <= 1e-12 * wanted.abs().max(1.0), "{cell:?}: {found} is not {wanted}");
    }
    let more = found.keys().find(|cell| !oracle.contains_key(*cell));
    assert_eq!(more, None, "{} has a figure where the oracle has none", stage.display());
    oracle.len()
}

/// Writes the oracle's input as one table, and its index as a model file.
fn inputs(oracle: &Path, folder: &Path, impute: &str, root: &str) -> (PathBuf, PathBuf) {
    let (raw, units) =
        (sheet(&oracle.join("input/raw.csv")), sheet(&oracle.join("input/units.csv")));
    let mut table = [raw.header.join(","), units.header[2..].join(",")].join(",");
    for (figures, unit) in raw.rows.iter().zip(&units.rows) {
        assert_eq!(figures[0], unit[0]);
        write!(table, "\n{},{}", figures.join(","), unit[2..].join(",")).expect("memory takes it");
    }
    let text = std::fs::read_to_string(oracle.join("input/index.json")).expect("it is there");
    let index: Value = serde_json::from_str(&text).expect("the index is JSON");
    let mut model = format!(
        "id = \"oracle\"\nversion = 1\ntitle = {{}}\nmissing = \"redistribute\"\n[prepare]\n\
         screen = {{ data_minimum = 0.6666666666666666 }}\nimpute = {impute}\n\
         treat = {{ method = \"winsorise_then_log\" }}\n"
    );
    for group in list(&index["aggregates"]) {
        let (method, parent) = match group["parent"].as_str() {
            None => (root, String::new()),
            Some(parent) => {
                ("arithmetic", format!("parent = \"{parent}\"\nweight = {}\n", group["weight"]))
            }
        };
        let id = &group["code"];
        write!(
            model,
            "[[group]]\nid = {id}\ntitle = {{}}\n{parent}aggregation = {{ method = \"{method}\" }}\n"
        )
        .expect("memory takes it");
    }
    for indicator in list(&index["indicators"]) {
        let direction = if indicator["direction"] == -1 { "lower" } else { "higher" };
        write!(
            model,
            "[[indicator]]\nid = {}\nparent = {}\nweight = {}\nvalue = {{ method = \"min_max\" }}\n\
             direction = \"{direction}\"\n",
            indicator["code"], indicator["parent"], indicator["weight"]
        )
        .expect("memory takes it");
        if let Some(column) = indicator["denominator"].as_str() {
            let scale = indicator["denominator_scale"].as_f64().unwrap_or(1.0);
            writeln!(model, "denominator = {{ column = \"{column}\", scale = {scale:?} }}")
                .expect("memory takes it");
        }
    }
    let (input, file) = (folder.join("input.csv"), folder.join("model.toml"));
    std::fs::write(&input, table).expect("the folder takes it");
    std::fs::write(&file, model).expect("the folder takes it");
    (input, file)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

#[test]
fn every_stage_is_coinrs() {
    let Some(shared) = testkit::shared() else { return };
    let oracle = shared.join("oracles/scoring");
    let mut compared = 0;
    for (source, impute) in
        [("A", "{ method = \"none\" }"), ("B", "{ method = \"group_median\", by = \"kgroup\" }")]
    {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (input, model) = inputs(&oracle, folder.path(), impute, "arithmetic");
        let stages = folder.path().join("stages");
        let ran = run(&["score", "run", text(&input), text(&model), "--stages", text(&stages)]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let coinr =
            |name: &str, begin: &[&str]| sheet(&oracle.join("coinr").join(name)).figures(begin);
        let stage = |name: &str| stages.join(name);
        compared += assert_same(&stage("02_denominated.csv"), &coinr("01_denominated.csv", &[]));
        let before = if source == "A" { "S" } else { "I" };
        compared +=
            assert_same(&stage("06_treated.csv"), &coinr("04_treated.csv", &[before, "default"]));
        compared += assert_same(
            &stage("07_normalised.csv"),
            &coinr("05_normalised.csv", &[source, "minmax_0_100"]),
        );
        compared += assert_same(
            &stage("08_aggregated.csv"),
            &coinr("06_aggregated.csv", &[source, "minmax_0_100", "arithmetic"]),
        );
        compared += assert_same(
            &stage("09_ranks.csv"),
            &coinr("06_ranks.csv", &[source, "minmax_0_100", "arithmetic"])
                .into_iter()
                .filter(|((_, node), _)| node == "total")
                .collect(),
        );
    }
    assert!(compared > 6000, "only {compared} cells were compared");
}

const TABLE: &str = "unit,rent,price\nA,10,3\nB,20,\nC,,5\nD,40,1\n";
const MODEL: &str = r#"
id = "mine"
version = 1
title = { nb = "Min", en = "Mine" }
missing = "redistribute"

[[group]]
id = "total"
title = { nb = "Samlet", en = "Total" }
aggregation = { method = "arithmetic" }

[[indicator]]
id = "rent"
parent = "total"
weight = 1
value = { method = "min_max" }
direction = "lower"

[[indicator]]
id = "price"
parent = "total"
weight = 3
value = { method = "min_max" }
direction = "higher"
"#;

/// Writes a table and a model into a new folder.
fn own(table: &str, model: &str) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (input, file) = (folder.path().join("table.csv"), folder.path().join("model.toml"));
    std::fs::write(&input, table).expect("the folder takes it");
    std::fs::write(&file, model).expect("the folder takes it");
    let (input, file) = (text(&input).to_owned(), text(&file).to_owned());
    (folder, input, file)
}

#[test]
fn a_gap_stays_a_gap_from_the_table_to_the_last_stage() {
    let (folder, input, model) = own(TABLE, MODEL);
    let stages = folder.path().join("stages");
    let ran = run(&["score", "run", &input, &model, "--stages", text(&stages), "--format", "csv"]);
    let file = |name: &str| std::fs::read_to_string(stages.join(name)).expect("it was written");
    let names: Vec<String> = std::fs::read_dir(&stages)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 10, "{names:?}");
    insta::assert_snapshot!(
        [ran.stdout, file("01_raw.csv"), file("07_normalised.csv"), file("08_aggregated.csv")].join("---\n"),
        @r"
    rank,unit,score,coverage
    1,C,100,0.75
    2,B,66.66666666666666,0.25
    3,A,62.5,1
    4,D,0,1
    ---
    unit,rent,price
    A,10.0,3.0
    B,20.0,
    C,,5.0
    D,40.0,1.0
    ---
    unit,rent,price
    A,100.0,50.0
    B,66.66666666666666,
    C,,100.0
    D,0.0,0.0
    ---
    unit,total
    A,62.5
    B,66.66666666666666
    C,100.0
    D,0.0
    "
    );
}

#[test]
fn semicolons_and_decimal_commas_are_understood() {
    let table = TABLE.replace(',', ";").replace("10;3", "10,5;3,25");
    let (folder, input, model) = own(&table, MODEL);
    let stages = folder.path().join("stages");
    let ran = run(&["score", "run", &input, &model, "--stages", text(&stages)]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let raw = std::fs::read_to_string(stages.join("01_raw.csv")).expect("it was written");
    assert_eq!(raw.lines().nth(1), Some("A,10.5,3.25"));
}

#[test]
fn bad_tables_are_told_with_indicator_and_unit_and_nothing_is_written() {
    let log = MODEL.replacen(
        "{ method = \"min_max\" }\ndirection = \"lower\"",
        "{ method = \"goalposts\", low = 1, high = 9, log = true }",
        1,
    );
    let cases = [
        (TABLE.replace("A,10", "A,much"), MODEL.to_owned()),
        (TABLE.replace("A,10", "A,inf"), MODEL.to_owned()),
        (TABLE.replace("B,20", "A,20"), MODEL.to_owned()),
        (TABLE.replace("A,10", "A,-10"), log),
        (TABLE.replace("rent", "rnt"), MODEL.to_owned()),
        (TABLE.replace("price", "rent"), MODEL.to_owned()),
        ("unit,rent,price\n".to_owned(), MODEL.to_owned()),
        (TABLE.to_owned(), MODEL.replace("weight = 3", "weight = -3")),
        (
            TABLE.to_owned(),
            MODEL.replace(
                "{ method = \"min_max\" }\ndirection = \"higher\"",
                "{ method = \"distance_to_reference\", unit = \"B\" }\ndirection = \"higher\"",
            ),
        ),
        (
            TABLE.to_owned(),
            MODEL.replace(
                "{ method = \"min_max\" }\ndirection = \"higher\"",
                "{ method = \"distance_to_target\", target = 0.5 }\ndirection = \"higher\"",
            ),
        ),
    ];
    let mut all = Vec::new();
    for (table, model) in cases {
        let (folder, input, model) = own(&table, &model);
        let stages = folder.path().join("stages");
        let said = told(&["score", "run", &input, &model, "--stages", text(&stages)]);
        assert!(!stages.exists(), "something was written: {said}");
        all.push(said.replace(text(folder.path()), "DIR"));
    }
    insta::assert_snapshot!(all.join("\n"), @r"
    nb, exit 2: [folder]/table.csv, linje 2: «much» i kolonnen «rent» for enhet A er ikke et tall. La cellen stå tom når tallet mangler.
    en, exit 2: [folder]/table.csv, line 2: `much` in column `rent` of unit A is not a number. Leave the cell empty where there is none.
    nb, exit 2: [folder]/table.csv: «rent» har et tall for «A» som ikke er endelig: inf.
    en, exit 2: [folder]/table.csv: `rent` has a figure for `A` that is no finite number: inf.
    nb, exit 2: [folder]/table.csv: enheten «A» står i radene 1 og 2; en kode gjelder én enhet.
    en, exit 2: [folder]/table.csv: unit `A` stands in rows 1 and 2; a code names one unit.
    nb, exit 2: [folder]/table.csv: «rent» har et tall under 0 for «A» (-10), og det kan verken en logaritme eller en rate ha.
    en, exit 2: [folder]/table.csv: `rent` has a figure below 0 for `A` (-10), which neither a logarithm nor a rate can be.
    nb, exit 2: Modellen [folder]/model.toml har en feil på linje 13: ukjent indikator «rent»; nærmest er `rnt`, `price`.
    en, exit 2: The model [folder]/model.toml has a fault on line 13: unknown indicator `rent`; nearest: `rnt`, `price`.
    nb, exit 2: [folder]/table.csv har to kolonner som heter «rent». Gi dem hvert sitt navn.
    en, exit 2: [folder]/table.csv has two columns called `rent`. Give each its own name.
    nb, exit 2: [folder]/table.csv har ingen rader under overskriften.
    en, exit 2: [folder]/table.csv has no rows below its header.
    nb, exit 2: Modellen [folder]/model.toml har en feil på linje 22: vekten er -3; oppgi 0 til 1000000000.
    en, exit 2: The model [folder]/model.toml has a fault on line 22: the weight is -3; give 0 to 1000000000.
    nb, exit 2: [folder]/table.csv: «price» måles mot «B», som ikke har tall for den.
    en, exit 2: [folder]/table.csv: `price` is held against `B`, which has no figure of it.
    nb, exit 2: [folder]/table.csv: målet for «price», 0.5, er ikke bedre enn det dårligste tallet, 1.
    en, exit 2: [folder]/table.csv: the target of `price`, 0.5, is no better than the worst figure, 1.
    ");
}

#[test]
fn what_separates_nobody_is_told_and_not_dropped_in_silence() {
    let (_folder, input, model) = own(&TABLE.replace("20", "10").replace("40", "10"), MODEL);
    let ran = run(&["--lang", "en", "score", "run", &input, &model, "--format", "csv"]);
    insta::assert_snapshot!(format!("{}---\n{}", ran.stderr, ran.stdout), @r"
    everybody with a figure of `rent` has the same, 10, and a scale needs two
    `rent` of unit `A` has a figure but no value by its method; 3 units are gaps for that
    ---
    rank,unit,score,coverage
    1,C,100,0.75
    2,A,50,0.75
    3,D,0,0.75
    ,B,,0
    ");
}
