//! Every indicator's own case: rows in, rows out.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use indicators::Indicator;
use sqllogictest::{DB, DBOutput, DefaultColumnType, Runner};
use store::{Rows, Scratch, StoreError, Value};

use crate::{pack, packs};

/// An empty table per input, and the indicator as a view on them.
struct Case {
    scratch: Scratch,
}

impl Case {
    fn new(indicator: &Indicator) -> Result<Self, StoreError> {
        let scratch = Scratch::new()?;
        for input in &indicator.inputs {
            scratch.execute_batch(&format!(
                "CREATE TABLE {input} (municipality_code TEXT, period TEXT, year INTEGER, value REAL, status TEXT)"
            ))?;
        }
        scratch.execute_batch(&format!("CREATE VIEW indicator AS {}", indicator.sql))?;
        Ok(Self { scratch })
    }
}

impl DB for Case {
    type Error = StoreError;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, StoreError> {
        if sql.trim_start().starts_with("INSERT") {
            self.scratch.execute_batch(sql)?;
            return Ok(DBOutput::StatementComplete(0));
        }
        let Rows { columns, rows } = self.scratch.rows(sql)?;
        Ok(DBOutput::Rows {
            types: vec![DefaultColumnType::Any; columns.len()],
            rows: rows.iter().map(|row| row.iter().map(shown).collect()).collect(),
        })
    }

    fn engine_name(&self) -> &str {
        "sqlite"
    }
}

/// A cell as the cases write it: six decimals, no zeros at the end.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => "a blob".to_owned(),
        Value::Real(number) => {
            let text = format!("{number:.6}");
            let text = text.trim_end_matches('0').trim_end_matches('.');
            if text == "-0" { "0".to_owned() } else { text.to_owned() }
        }
    }
}

fn case_of(id: &str) -> PathBuf {
    packs().join("boligsektor/indicators").join(format!("{id}.slt"))
}

#[test]
fn every_indicator_passes_its_case() {
    let mut failures = Vec::new();
    for indicator in pack().indicators.values() {
        let mut runner = Runner::new(|| std::future::ready(Case::new(indicator)));
        if let Err(failure) = runner.run_file(case_of(&indicator.id)) {
            failures.push(format!("{}: {failure}", indicator.id));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn no_case_passes_with_other_rows() {
    // A case that would pass whatever the indicator says tests nothing: each must notice
    // when all values are one higher.
    let mut blind = Vec::new();
    for indicator in pack().indicators.values() {
        let wrong = Indicator {
            sql: format!(
                "SELECT municipality_code, period, value + 1 AS value, status FROM (\n{}\n) AS right",
                indicator.sql
            ),
            ..indicator.clone()
        };
        let mut runner = Runner::new(|| std::future::ready(Case::new(&wrong)));
        if runner.run_file(case_of(&indicator.id)).is_ok() {
            blind.push(indicator.id.clone());
        }
    }
    assert_eq!(blind, Vec::<String>::new());
}

#[test]
fn every_case_holds_a_gap_and_reads_value_and_status() {
    for id in pack().indicators.keys() {
        let text = fs::read_to_string(case_of(id)).unwrap_or_default();
        assert!(!text.is_empty(), "{id} has no case");
        let answers: Vec<&str> = text.split("----\n").skip(1).collect();
        assert!(!answers.is_empty(), "{id}: the case reads nothing");
        let has_gap = answers.iter().any(|answer| {
            let rows = answer.split("\n\n").next().unwrap_or_default().lines();
            let mut values = rows.map(|row| row.split(' ').nth(2).unwrap_or_default());
            values.any(|value| value == "NULL")
        });
        assert!(has_gap, "{id}: no row of the case is a gap");
        assert!(text.contains("value, status FROM indicator"), "{id}: the status is not read");
    }
}

#[test]
fn every_case_belongs_to_an_indicator() {
    let folder = fs::read_dir(packs().join("boligsektor/indicators")).expect("the pack is there");
    let names: Vec<String> =
        folder.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let stems = |ending: &str| -> BTreeSet<&str> {
        names.iter().filter_map(|name| name.strip_suffix(ending)).collect()
    };
    assert_eq!(stems(".slt"), stems(".sql"));
}

#[test]
fn the_columns_of_an_indicator_are_the_promised_ones() {
    for indicator in pack().indicators.values() {
        let case = Case::new(indicator).expect("the SQL compiles");
        let columns = case.scratch.rows("SELECT * FROM indicator").expect("no rows").columns;
        let mut expected = vec!["municipality_code", "period", "value", "status"];
        if indicator.national != indicators::NationalBasis::None {
            expected.push("weight");
        }
        assert_eq!(columns, expected, "{}", indicator.id);
    }
}
