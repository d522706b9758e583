//! Figures that COINr computed on an input of ours (`../shared/oracles/scoring`).
//!
//! Definitions are the same where compared. Ours differs in one scale:
//! `percentile_rank` runs to 100, COINr's to 1.

mod aggregate;
mod cases;
mod draws;
mod mcda;
mod normalise;
mod outranking;
mod panel;
mod prepare;
mod removal;
mod reversal;
mod sensitivity;
mod statistics;
mod strengths;
mod uncertainty;
mod weights;

use std::collections::HashMap;
use std::path::PathBuf;

use scoring::{Direction, Matrix, Model, score};

/// Rows of a CSV file as maps from column to text.
type Table = Vec<HashMap<String, String>>;

fn oracle() -> Option<PathBuf> {
    testkit::shared().map(|shared| shared.join("oracles/scoring"))
}

fn table(folder: &std::path::Path, name: &str) -> Table {
    let mut reader = csv::Reader::from_path(folder.join(name)).expect("the oracle's file is there");
    reader.deserialize().map(|row| row.expect("the oracle's rows are whole")).collect()
}

/// The rows in which these columns hold these texts.
fn rows<'a>(table: &'a Table, wanted: &[(&str, &str)]) -> Vec<&'a HashMap<String, String>> {
    let fits =
        |row: &&HashMap<String, String>| wanted.iter().all(|(column, text)| row[*column] == *text);
    table.iter().filter(fits).collect()
}

fn figure(row: &HashMap<String, String>, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

/// Columns of an oracle's table, in the order of `codes`.
fn columns(rows: &[&HashMap<String, String>], codes: &[&str]) -> Vec<Vec<Option<f64>>> {
    let column = |code: &&str| rows.iter().map(|row| figure(row, code)).collect();
    codes.iter().map(column).collect()
}

fn slices(columns: &[Vec<Option<f64>>]) -> Vec<&[Option<f64>]> {
    columns.iter().map(Vec::as_slice).collect()
}

/// The single calls in `coinr/cases.json` of one function.
fn cases(folder: &std::path::Path, function: &str) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("coinr/cases.json")).expect("cases are there");
    let all: Vec<serde_json::Value> = serde_json::from_str(&text).expect("the cases are JSON");
    all.into_iter().filter(|case| case["function"] == function).collect()
}

/// A vector of a case: `null` is a gap.
fn vector(value: &serde_json::Value) -> Vec<Option<f64>> {
    value.as_array().expect("a vector").iter().map(serde_json::Value::as_f64).collect()
}

struct Index {
    indicators: Vec<serde_json::Value>,
    aggregates: Vec<serde_json::Value>,
}

fn index(folder: &std::path::Path) -> Index {
    let text =
        std::fs::read_to_string(folder.join("input/index.json")).expect("the index is there");
    let json: serde_json::Value = serde_json::from_str(&text).expect("the index is JSON");
    let list = |key: &str| json[key].as_array().expect("the index lists them").clone();
    Index { indicators: list("indicators"), aggregates: list("aggregates") }
}

fn name(value: &serde_json::Value) -> &str {
    value["code"].as_str().expect("every node has a code")
}

fn is_lower(indicator: &serde_json::Value) -> bool {
    indicator["direction"].as_i64() == Some(-1)
}

/// Writes the oracle's index as a model file.
fn model(index: &Index, value: &str, aggregation: &str, root: &str) -> Model {
    let mut text =
        String::from("id = \"o\"\nversion = 1\ntitle = {}\nmissing = \"redistribute\"\n");
    for group in &index.aggregates {
        let method = if group["parent"].is_string() { aggregation } else { root };
        text.push_str(&format!("[[group]]\nid = \"{}\"\ntitle = {{}}\n", name(group)));
        if let Some(parent) = group["parent"].as_str() {
            text.push_str(&format!("parent = \"{parent}\"\nweight = {}\n", group["weight"]));
        }
        text.push_str(&format!("aggregation = {method}\n"));
    }
    for indicator in &index.indicators {
        text.push_str(&format!(
            "[[indicator]]\nid = \"{}\"\nparent = {}\nweight = {}\nvalue = {value}\n",
            name(indicator),
            indicator["parent"],
            indicator["weight"]
        ));
        if !value.contains("anchors") {
            let direction = if is_lower(indicator) { "lower" } else { "higher" };
            text.push_str(&format!("direction = \"{direction}\"\n"));
        }
    }
    let known: Vec<&str> = index.indicators.iter().map(name).collect();
    Model::parse(&text, &known).expect("the oracle's index is a valid model")
}

fn matrix(index: &Index, rows: &[&HashMap<String, String>]) -> Matrix {
    let column = |indicator: &serde_json::Value| {
        let code = name(indicator);
        (code.to_owned(), rows.iter().map(|row| figure(row, code)).collect())
    };
    Matrix {
        units: rows.iter().map(|row| row["unit"].clone()).collect(),
        columns: index.indicators.iter().map(column).collect(),
        ..Matrix::default()
    }
}

fn direction(indicator: &serde_json::Value) -> Direction {
    if is_lower(indicator) { Direction::Lower } else { Direction::Higher }
}

/// The units that screening leaves, gaps and outliers as they are.
fn screened<'a>(folder: &std::path::Path, table: &'a Table) -> Vec<&'a HashMap<String, String>> {
    let availability = self::table(folder, "coinr/02_availability.csv");
    let stay: Vec<&str> = rows(&availability, &[("included", "true")])
        .iter()
        .map(|row| row["unit"].as_str())
        .collect();
    table.iter().filter(|row| stay.contains(&row["unit"].as_str())).collect()
}

#[track_caller]
fn assert_same(found: Option<f64>, expected: Option<f64>, what: &str) {
    match (found, expected) {
        (None, None) => {}
        (Some(found), Some(expected)) => {
            let tolerance = 1e-12 * expected.abs().max(1.0);
            assert!((found - expected).abs() <= tolerance, "{what}: {found} is not {expected}");
        }
        _ => panic!("{what}: {found:?} is not {expected:?}"),
    }
}

/// The treated figures of an input: A keeps gaps, B has none.
fn treated<'a>(table: &'a Table, input: &str) -> Vec<&'a HashMap<String, String>> {
    let source = if input == "A" { "S" } else { "I" };
    rows(table, &[("source", source), ("variant", "default")])
}

/// Compares every group and every rank of one method with COINr's.
fn assert_aggregates(input: &str, scale: &str, method: &str, model: &Model, matrix: &Matrix) {
    let Some(folder) = oracle() else { return };
    let wanted = [("input", input), ("scale", scale), ("method", method)];
    let (scores_table, ranks_table) =
        (table(&folder, "coinr/06_aggregated.csv"), table(&folder, "coinr/06_ranks.csv"));
    let (answers, ranks) = (rows(&scores_table, &wanted), rows(&ranks_table, &wanted));
    let scores = score(model, matrix);
    let to_coinr = if scale == "percentile_min" { 0.01 } else { 1.0 };
    assert_eq!(answers.len(), matrix.units.len());
    for (at, unit) in scores.units.iter().enumerate() {
        for (group, node) in model.groups.iter().zip(&unit.groups) {
            let what = format!("{input} {scale} {method} {} {}", group.id, matrix.units[at]);
            let found = node.value.map(|value| value * to_coinr);
            assert_same(found, figure(answers[at], &group.id), &what);
        }
        // These scales make simple fractions that tie on paper and differ in the last bit.
        if !["rank_min", "percentile_min"].contains(&scale) {
            let rank = ranks[at]["total"].parse().ok();
            assert_eq!(unit.rank, rank, "{input} {scale} {method} rank of {}", matrix.units[at]);
        }
    }
}

#[test]
fn arithmetic_aggregation_and_ranks_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let raw = table(&folder, "coinr/04_treated.csv");
    let arithmetic = "{ method = \"arithmetic\" }";
    for input in ["A", "B"] {
        let matrix = matrix(&index, &treated(&raw, input));
        for (scale, value) in [
            ("minmax_0_100", "{ method = \"min_max\" }"),
            ("zscore", "{ method = \"z_score\" }"),
            ("rank_min", "{ method = \"rank\" }"),
            ("percentile_min", "{ method = \"percentile_rank\" }"),
        ] {
            let model = model(&index, value, arithmetic, arithmetic);
            assert_aggregates(input, scale, "arithmetic", &model, &matrix);
        }
    }
}

#[test]
fn geometric_and_harmonic_aggregation_and_ranks_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let normalised = table(&folder, "coinr/05_normalised.csv");
    let as_it_is = "{ method = \"anchors\", points = [[0, 0], [100, 100]] }";
    let arithmetic = "{ method = \"arithmetic\" }";
    let geometric = "{ method = \"geometric\", floor = 0.001 }";
    let harmonic = "{ method = \"harmonic\", floor = 0.001 }";
    for input in ["A", "B"] {
        let units = rows(&normalised, &[("input", input), ("method", "minmax_1_100")]);
        let matrix = matrix(&index, &units);
        for (method, below, root) in [
            ("arithmetic_1_100", arithmetic, arithmetic),
            ("geometric", geometric, geometric),
            ("harmonic", harmonic, harmonic),
            ("geometric_at_top", arithmetic, geometric),
        ] {
            let model = model(&index, as_it_is, below, root);
            assert_aggregates(input, "minmax_1_100", method, &model, &matrix);
        }
    }
}
