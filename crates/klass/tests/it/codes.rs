use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use klass::codes::{Meaning, is_region, recognise};
use klass::history::Level;
use proptest::prelude::*;

use crate::facts;

#[test]
fn of_all_four_digits_those_that_ever_were_a_municipality_are_regions_and_no_other_kind_is() {
    let Some(history) = facts::history() else { return };
    for number in 0..10_000 {
        let code = format!("{number:04}");
        let was = history.units(&code).iter().any(|unit| unit.level == Level::Municipality);
        let is_taken = recognise(&code).municipality().is_some();
        assert!(is_taken || !was, "{code} was a municipality");
        if ["21", "22", "23", "99", "00"].contains(&&code[..2]) || code.ends_with("99") {
            assert!(!is_taken, "{code} is none");
        }
    }
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Quoted texts and cells of a text file: whatever may stand in a region column.
fn texts(path: &Path) -> BTreeSet<String> {
    let text = klass::wire::csv::decode(&std::fs::read(path).expect("a file"));
    let cells = text.split(['"', ',', ';', '\t', '\n', '\r']).map(str::trim);
    cells.filter(|cell| !cell.is_empty() && cell.len() < 100).map(str::to_owned).collect()
}

/// In the order of what they are taken for: how many of the labels, and the first few.
fn census(labels: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for label in labels {
        let read = recognise(label);
        let kind = match read.meaning {
            Meaning::Region(level) => level.name().to_owned(),
            other => format!("{other:?}"),
        };
        found.entry(kind).or_default().insert(label.clone());
    }
    found
}

#[test]
fn every_label_of_the_recorded_exports_is_taken_for_what_it_is() {
    let (Some(shared), Some(history)) = (testkit::shared(), facts::history()) else { return };
    let folder = shared.join("real/ssb/csv");
    let expected = [
        ("07459-en-age-2019-municipalities-comma.csv", 422 + 1, vec![]),
        ("07459-en-age-2020-municipalities-tab.csv", 356, vec!["K-21-22", "K-23", "K-Rest"]),
        ("07459-en-age-2024-municipalities.csv", 357, vec!["K-21-22", "K-23", "K-Rest"]),
        ("07459-en-age-sex-2024-municipalities.csv", 357, vec!["K-21-22", "K-23", "K-Rest"]),
    ];
    for (file, municipalities, others) in expected {
        let labels: BTreeSet<String> = texts(&folder.join(file))
            .into_iter()
            .filter(|text| {
                text.contains(' ') && !text.ends_with("years") && !text.contains("year ")
            })
            .collect();
        let census = census(&labels);
        let found = &census["municipality"];
        assert_eq!(found.len(), municipalities, "{file}");
        for label in found {
            let read = recognise(label);
            assert!(!history.units(&read.code).is_empty(), "{file}: {label} never was");
            assert!(read.name.is_some_and(|name| !name.contains("(-")), "{label}");
        }
        for other in others {
            assert!(labels.iter().any(|label| label.starts_with(other)), "{file} has {other}");
            assert!(!found.iter().any(|label| label.starts_with(other)), "{file}: {other}");
        }
    }
    let districts = census(&texts(&folder.join("10826-en-age-2024-city-districts.csv")));
    let today: Vec<&String> = districts["city_district"]
        .iter()
        .filter(|label| recognise(label).last_year.is_none() && label.contains(' '))
        .collect();
    for label in &today {
        let read = recognise(label);
        let units = history.units(&read.code);
        let unit =
            units.iter().find(|unit| unit.level == Level::CityDistrict && unit.until.is_none());
        let name = unit.map(|unit| unit.name.as_str());
        assert_eq!(name, read.name.as_deref(), "{label}");
    }
    let in_force = history.valid_on(jiff::civil::date(2024, 1, 1), Level::CityDistrict);
    assert_eq!(today.len(), in_force.len(), "{today:?}");
}

#[test]
fn nothing_in_any_recorded_file_of_statistics_norway_is_taken_for_a_municipality_that_never_was() {
    let (Some(shared), Some(history)) = (testkit::shared(), facts::history()) else { return };
    let mut counted = 0;
    for file in files(&shared.join("real/ssb")) {
        let is_text =
            file.extension().is_some_and(|end| end == "csv" || end == "px" || end == "json");
        if !is_text {
            continue;
        }
        // A label, not a number: a value of 1845 has the shape of a code, and only a column can tell.
        let labels = texts(&file).into_iter().filter(|text| text.contains(' '));
        for label in labels {
            let read = recognise(&label);
            let Some(code) = read.municipality() else { continue };
            let is_label =
                read.name.as_deref().is_some_and(|name| name.starts_with(char::is_uppercase));
            if !is_label {
                continue;
            }
            counted += 1;
            assert!(!history.units(code).is_empty(), "{}: {label}", file.display());
        }
    }
    assert!(counted > 1_400, "{counted}");
}

proptest! {
    #[test]
    fn any_text_is_read_and_only_regions_are_taken_for_regions(text in "[KF0-9a EA\\-–()å:,]{0,14}|\\PC{0,12}") {
        let read = recognise(&text);
        if let Some(code) = read.municipality() {
            prop_assert!(code.len() == 4 && is_region(code));
            prop_assert!(!["21", "22", "23", "99", "00"].contains(&&code[..2]));
            prop_assert!(!code.ends_with("99") && !code.ends_with("00"));
            prop_assert!(read.written.contains(code));
        }
        // What was read is read again as the same.
        if read.level().is_some() && read.written.len() == read.code.len() {
            prop_assert_eq!(recognise(&read.code).meaning, read.meaning);
        }
    }
}
