//! Repairs that need no table.

use std::collections::HashSet;

use super::Repair;
use crate::selection::{Selection, VariableSelection};

/// Formats of either version, and what people write for them.
const FORMATS: [&str; 13] = [
    "json-stat2",
    "csv",
    "px",
    "xlsx",
    "html",
    "json-px",
    "parquet",
    "json-stat",
    "json",
    "csv2",
    "csv3",
    "sdmx",
    "html5_table",
];

/// Repairs every variable's items and the placement.
pub(super) fn selection(selection: &mut Selection, repairs: &mut Vec<Repair>) {
    for variable in &mut selection.variables {
        items(variable, repairs);
    }
    if let Some(placement) = &mut selection.placement {
        for list in [&mut placement.heading, &mut placement.stub] {
            list.retain_mut(|code| without_sort(code, repairs));
        }
    }
    // What the page sorts by is not a variable.
    selection.variables.retain_mut(|variable| without_sort(&mut variable.variable, repairs));
}

fn items(variable: &mut VariableSelection, repairs: &mut Vec<Repair>) {
    let before = std::mem::take(&mut variable.items);
    let mut items: Vec<String> = Vec::with_capacity(before.len());
    for item in before {
        match items.last_mut().filter(|last| is_open(last)) {
            Some(last) => {
                let whole = format!("{last},{}", item.trim());
                if !is_open(&whole) {
                    repairs.push(Repair::changed("brackets", &whole, &format!("[{whole}]")));
                }
                *last = whole;
            }
            None => items.push(item),
        }
    }
    items.retain_mut(|item| without_sort(item, repairs));
    for item in &mut items {
        let tight: String = item.split_whitespace().collect();
        // `top(3, 2)` is refused for its blank.
        if tight != *item && is_call(item) {
            repairs.push(Repair::changed("blanks", item, &tight));
            *item = tight;
        }
    }
    let mut seen = HashSet::new();
    let count = items.len();
    items.retain(|item| seen.insert(item.clone()));
    if items.len() < count {
        repairs.push(Repair::about("repeated_codes", &variable.variable));
    }
    variable.items = items;
}

/// `top(3`, of which the comma was taken for one between codes.
fn is_open(item: &str) -> bool {
    is_call(item) && !item.contains(')')
}

fn is_call(item: &str) -> bool {
    let name = item.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    item.contains('(') && matches!(name.as_str(), "top" | "bottom" | "range" | "from" | "to")
}

/// Cuts off `$$SORT` and what follows; `false` when nothing is left.
fn without_sort(text: &mut String, repairs: &mut Vec<Repair>) -> bool {
    let Some(at) = text.to_ascii_uppercase().find("$$SORT") else {
        return true;
    };
    repairs.push(Repair { key: "sort", places: vec![("text", text.clone())] });
    text.truncate(at);
    !text.is_empty()
}

/// The format as servers spell it; unknown ones stay as they are.
pub(super) fn format(said: &str, repairs: &mut Vec<Repair>) -> String {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|letter| letter.is_ascii_alphanumeric());
        kept.collect::<String>().to_ascii_lowercase()
    };
    let lower = said.trim().to_lowercase();
    if FORMATS.contains(&lower.as_str()) {
        return lower;
    }
    let wanted = match plain(said).as_str() {
        "jsonstat20" | "jsonstatv2" => "jsonstat2".to_owned(),
        "excel" | "xls" => "xlsx".to_owned(),
        "pcaxis" => "px".to_owned(),
        other => other.to_owned(),
    };
    let found = FORMATS.iter().find(|format| plain(format) == wanted);
    match found {
        Some(format) => {
            repairs.push(Repair::changed("format", said, format));
            (*format).to_owned()
        }
        None => said.to_owned(),
    }
}
