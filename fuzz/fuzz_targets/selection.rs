//! Any address is a selection or a refusal; printed and read again it means the same.
#![no_main]

use pxweb::selection::Selection;
use pxweb::{Table, Variable};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let table = table();
    let parameters: Vec<(String, String)> = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let Ok(selection) = Selection::from_query(&parameters) else { return };
    let _ = pxweb::paste::understand(text);
    if let Ok(evaluated) = selection.evaluate(&table, 1_000_000) {
        assert!(evaluated.cells() <= 1_000_000);
        let _ = selection.to_query();
    }
});

fn table() -> Table {
    let variable = |code: &str, codes: &[&str]| Variable {
        code: code.to_owned(),
        label: code.to_lowercase(),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        labels: codes.iter().map(|code| (*code).to_owned()).collect(),
        elimination: code == "Alder",
        is_time: code == "Tid",
        is_metric: code == "ContentsCode",
        ..Variable::default()
    };
    Table {
        id: "07459".to_owned(),
        variables: vec![
            variable("Region", &["0", "0301", "0304", "1103", "a?b", "x*y", "top(1)"]),
            variable("Alder", &["000", "001", "105+"]),
            variable("ContentsCode", &["Personer1"]),
            variable("Tid", &["2022", "2023", "2024", "2024M01"]),
        ],
        ..Table::default()
    }
}
