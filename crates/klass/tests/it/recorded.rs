//! Every recorded answer of Klass.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use klass::history::{
    ChangeKind, Level, Listed, ListedChange, Material, RegionHistory, Unit, Vintage,
};
use klass::wire;
use proptest::prelude::*;

use crate::facts;

fn recording(file: &str) -> Option<Vec<u8>> {
    let path = testkit::shared()?.join("real/klass").join(file);
    Some(std::fs::read(path).expect("the recording can be read"))
}

/// One file of codes: how many, and what the wanted one is called.
fn codes(file: &str, code: &str) -> Option<String> {
    let codes = wire::codes(&recording(file)?).expect("a list of codes");
    let found = codes.iter().find(|item| item.code == code).expect("the code is there");
    Some(format!(
        "{} codes; {} {} at level {} under {:?}",
        codes.len(),
        found.code,
        found.name,
        found.level,
        found.parent_code
    ))
}

#[test]
fn lists_of_codes() {
    let table = [
        (
            "codesAt-131-2026-01-01.json",
            "0301",
            "358 codes; 0301 Oslo - Oslove at level 1 under None",
        ),
        (
            "kommuneinndeling-131-2026.csv",
            "0301",
            "358 codes; 0301 Oslo - Oslove at level 1 under None",
        ),
        ("ssb_kommunekoder_2013.csv", "1504", "429 codes; 1504 Ålesund at level 1 under None"),
        ("ssb_kommunekoder_2019.csv", "5061", "423 codes; 5061 Rindal at level 1 under None"),
        ("ssb_kommunekoder_2020.csv", "1507", "357 codes; 1507 Ålesund at level 1 under None"),
        (
            "bygningstyper-64-codes.csv",
            "824",
            "170 codes; 824 Stasjon for radarovervåkning av fly- og/eller skipstrafikk at level 3 under Some(\"82\")",
        ),
    ];
    for (file, code, expected) in table {
        let Some(said) = codes(file, code) else { return };
        assert_eq!(said, expected, "{file}");
    }
}

#[test]
fn the_json_and_the_csv_of_2026_differ_in_two_letters() {
    let (Some(json), Some(csv)) =
        (recording("codesAt-131-2026-01-01.json"), recording("kommuneinndeling-131-2026.csv"))
    else {
        return;
    };
    let codes = |bytes: &[u8]| wire::codes(bytes).expect("a list of codes");
    let (json, csv) = (codes(&json), codes(&csv));
    assert_eq!(json.len(), csv.len());
    let differences: Vec<String> = json
        .iter()
        .zip(&csv)
        .filter(|(json, csv)| (&json.code, &json.name) != (&csv.code, &csv.name))
        .map(|(json, csv)| format!("{} {} | {} {}", json.code, json.name, csv.code, csv.name))
        .collect();
    // ISO-8859-1 has no `š`: what Klass sends in it has lost letters for good.
    assert_eq!(
        differences,
        [
            "1853 Evenes - Evenášši | 1853 Evenes - Evená??i",
            "5610 Kárášjohka - Karasjok | 5610 Kárá?johka - Karasjok",
        ]
    );
}

#[test]
fn the_changes_of_counties_are_the_ones_known_without_klass() {
    let (Some(bytes), Some(history)) = (recording("changes-104-2019-2020.json"), facts::history())
    else {
        return;
    };
    let changes = wire::changes(&bytes).expect("a list of changes");
    assert_eq!((changes.len(), changes[0].old_name.as_deref()), (13, Some("Østfold")));
    for change in &changes {
        let date = change.change_occurred.expect("a day");
        let (old, new) = (change.old_code.as_deref(), change.new_code.as_deref());
        let (old, new) = (old.expect("a code"), new.expect("a code"));
        assert!(history.successors(old, date).any(|known| known.new_code == new), "{old} {new}");
    }
    let known = history
        .changes()
        .iter()
        .filter(|change| change.level == Level::County && change.date == date(2020, 1, 1));
    assert_eq!(known.count(), changes.len());
}

#[test]
fn the_municipalities_of_each_county_from_2016_to_2018_had_the_days_that_klass_gives() {
    let (Some(bytes), Some(history)) =
        (recording("corresponds-104-131-2016-2018.json"), facts::history())
    else {
        return;
    };
    let pairs = wire::correspondences(&bytes).expect("a list of correspondences");
    assert_eq!(pairs.len(), 485);
    let (first, last) = (date(2016, 1, 1), date(2018, 1, 2));
    // A new name gives a row of its own; the days of the code are those of its rows together.
    let mut days: BTreeMap<(&str, &str), (Date, Date)> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.target_code != "9999") {
        let span = (pair.valid_from.expect("a day"), pair.valid_to.expect("a day"));
        let known = days.entry((&pair.source_code, &pair.target_code)).or_insert(span);
        *known = (known.0.min(span.0), known.1.max(span.1));
    }
    let counties: Vec<&str> = days.keys().map(|key| key.0).collect();
    assert_eq!(counties.iter().collect::<BTreeSet<_>>().len(), 20);
    let mut differences = Vec::new();
    let years =
        [2016, 2017, 2018].map(|year| history.valid_on(date(year, 1, 1), Level::Municipality));
    let units: BTreeMap<&str, &Unit> =
        years.iter().flatten().map(|unit| (unit.code.as_str(), *unit)).collect();
    for unit in units.values() {
        let county = unit.parent.as_deref().unwrap_or_default();
        let from = unit.from.unwrap_or(first).max(first);
        let until = unit.until.unwrap_or(last).min(last);
        let known = days.get(&(county, unit.code.as_str()));
        if known != Some(&(from, until)) {
            differences.push(format!("{}: {known:?}, derived {from} to {until}", unit.code));
        }
    }
    let derived = |key: &&(&str, &str)| history.units(key.1).is_empty();
    differences.extend(days.keys().filter(derived).map(|key| format!("{key:?} is unknown")));
    // The table for 2018 has lost these two, which the lists of codes have throughout.
    assert_eq!(
        differences,
        [
            "1515: Some((2016-01-01, 2018-01-01)), derived 2016-01-01 to 2018-01-02",
            "2014: Some((2016-01-01, 2018-01-01)), derived 2016-01-01 to 2018-01-02",
        ]
    );
}

#[test]
fn the_cassette_holds_the_same_body_with_its_headers() {
    let Some(cassette) = recording("corresponds-104-131-2016-2018.vcr-cassette.yml") else {
        return;
    };
    let cassette = String::from_utf8(cassette).expect("text");
    // YAML folds the text at blanks; the body is the last text in single quotes.
    let (_, body) = cassette.rsplit_once("string: '").expect("a body");
    let (body, _) = body.split_once("'\n").expect("the body ends");
    let folded: Vec<&str> = body.lines().map(str::trim).collect();
    let body = folded.join(" ").replace("''", "'");
    let Some(json) = recording("corresponds-104-131-2016-2018.json") else { return };
    assert_eq!(
        wire::correspondences(body.as_bytes()).expect("the body of the cassette"),
        wire::correspondences(&json).expect("the body alone")
    );
}

#[test]
fn the_table_of_units_and_their_municipalities() {
    let Some(bytes) = recording("correspondence-1236-orgnr-kommune-2020structure.csv") else {
        return;
    };
    let pairs = wire::correspondences(&bytes).expect("a list of correspondences");
    let codes: BTreeSet<&str> = pairs.iter().map(|pair| pair.target_code.as_str()).collect();
    assert_eq!((pairs.len(), codes.len()), (356, 356));
    assert_eq!(pairs[0].target_name.as_deref(), Some("Færder"));
}

#[test]
fn the_published_list_from_2019_to_2020_is_what_the_table_leads_to() {
    let (Some(bytes), Some(history)) =
        (recording("kommuner_med_endringer_fra2019_til2020.csv"), facts::history())
    else {
        return;
    };
    let table = wire::csv::Table::read(&bytes);
    let code = |cell: Option<&str>| cell.map(|cell| cell.trim()[..4].to_owned());
    let listed: BTreeSet<(String, String)> = table
        .rows()
        .filter_map(|row| Some((code(row.get("kommuner_2019"))?, code(row.get("kommuner_2020"))?)))
        .collect();
    let conversion = history.conversion(2019, 2020).expect("all shares are known");
    let derived: BTreeSet<(String, String)> =
        conversion.parts.into_iter().map(|part| (part.from_code, part.to_code)).collect();
    let is_change = |pair: &&(String, String)| pair.0 != pair.1;
    let derived: BTreeSet<_> = derived.iter().filter(is_change).collect();
    let (changed, same): (BTreeSet<_>, BTreeSet<_>) = listed.iter().partition(is_change);
    let differences: Vec<_> = changed.symmetric_difference(&derived).collect();
    assert!(changed.len() == 312 && differences.is_empty(), "{} {differences:?}", changed.len());
    // Hattfjelldal is listed because of its name.
    assert_eq!(same.into_iter().map(|pair| pair.0.as_str()).collect::<Vec<_>>(), ["1826"]);
}

/// The list of 2023 to 2024 that somebody made of `/changes`, as pairs of old and new.
fn renumbered_in_2024() -> Option<Vec<(String, String)>> {
    let bytes = recording("municipality-code-changes-2024-01-01.json")?;
    let list: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let changes = list["endringer"].as_object().expect("an object");
    let pairs = changes.iter().flat_map(|(new, change)| {
        let olds = change["oldCodes"].as_array().expect("a list").iter();
        olds.map(|old| (old["code"].as_str().expect("a code").to_owned(), new.clone()))
    });
    Some(pairs.collect())
}

#[test]
fn the_changes_of_2024_are_those_recorded_and_three_that_the_recording_lost() {
    let (Some(recorded), Some(history)) = (renumbered_in_2024(), facts::history()) else { return };
    let mut derived: BTreeSet<(&str, &str)> = history
        .changes()
        .iter()
        .filter(|change| change.date == date(2024, 1, 1) && change.level == Level::Municipality)
        .map(|change| (change.old_code.as_str(), change.new_code.as_str()))
        .collect();
    for (old, new) in &recorded {
        assert!(derived.remove(&(old.as_str(), new.as_str())), "{old} to {new} is not derived");
    }
    // Two whose name changed too, and Haram, which the recording's maker left out.
    let rest: Vec<(&str, &str)> = derived.into_iter().collect();
    assert_eq!(rest, [("1507", "1580"), ("3018", "3114"), ("5414", "5516")]);
}

#[test]
fn the_table_of_2023_and_2024_agrees_with_the_conversion() {
    let (Some(bytes), Some(history)) = (recording("kommunetabell-2023-2024.csv"), facts::history())
    else {
        return;
    };
    let table = wire::csv::Table::read(&bytes);
    let is_municipality = |code: &&str| klass::codes::is_region(code) && code.len() == 4;
    let listed: BTreeSet<(String, String)> = table
        .rows()
        .filter_map(|row| {
            let old = row.get("Kommunenr 2023").filter(is_municipality)?;
            let new = row.get("Kommunenr 2024").filter(is_municipality)?;
            Some((old.to_owned(), new.to_owned()))
        })
        .collect();
    let conversion = history.conversion(2023, 2024).expect("all shares are known");
    let derived: BTreeSet<(String, String)> =
        conversion.parts.into_iter().map(|part| (part.from_code, part.to_code)).collect();
    let differences: Vec<_> = listed.symmetric_difference(&derived).collect();
    assert!(differences.is_empty(), "{} {differences:?}", listed.len());
}

/// The recorded lists and changes, without any crosswalk: what Klass alone would give.
fn of_klass_alone() -> Option<Material> {
    let vintage = |file: &str, from: Date| {
        let codes = wire::codes(&recording(file)?).expect("a list of codes");
        let listed = codes.into_iter().map(|item| Listed {
            code: item.code,
            name: item.name,
            parent: item.parent_code,
        });
        let (level, until) = (Level::Municipality, None);
        Some(Vintage { level, from, until, listed: listed.collect() })
    };
    let listed = |code: &str| Listed { code: code.to_owned(), name: String::new(), parent: None };
    let change = |day: Date, old: &str, new: &str| ListedChange {
        level: Level::Municipality,
        date: day,
        old: Some(listed(old)),
        new: Some(listed(new)),
    };
    let bytes = recording("kommuner_med_endringer_fra2019_til2020.csv")?;
    let table = wire::csv::Table::read(&bytes);
    let in_2020 = table.rows().filter_map(|row| {
        let (old, new) = (row.get("kommuner_2019")?.trim(), row.get("kommuner_2020")?.trim());
        Some(change(date(2020, 1, 1), &old[..4], &new[..4]))
    });
    let mut changes: Vec<ListedChange> = in_2020.collect();
    // The two that took over others and kept their codes; `/changes` has them as rows of their own.
    changes.extend(["1103", "5001"].map(|code| change(date(2020, 1, 1), code, code)));
    let lost = [("1507", "1580"), ("3018", "3114"), ("5414", "5516")];
    let lost = lost.map(|(old, new)| (old.to_owned(), new.to_owned()));
    let in_2024 = renumbered_in_2024()?.into_iter().chain(lost);
    changes.extend(in_2024.map(|(old, new)| change(date(2024, 1, 1), &old, &new)));
    let vintages = vec![
        vintage("ssb_kommunekoder_2013.csv", date(2013, 1, 1))?,
        vintage("ssb_kommunekoder_2019.csv", date(2019, 1, 1))?,
        vintage("ssb_kommunekoder_2020.csv", date(2020, 1, 1))?,
        vintage("codesAt-131-2026-01-01.json", date(2026, 1, 1))?,
    ];
    Some(Material { vintages, changes, ..Material::default() })
}

#[test]
fn lists_and_changes_alone_give_the_same_steps_as_the_crosswalk() {
    let (Some(material), Some(known)) = (of_klass_alone(), facts::history()) else { return };
    let history = RegionHistory::new(&material).expect("the recordings agree");
    for (year, count) in [(2013, 428), (2019, 422), (2020, 356), (2024, 357), (2026, 357)] {
        let found = history.valid_on(date(year, 1, 1), Level::Municipality);
        assert_eq!(found.len(), count, "{year}");
    }
    let steps = |history: &RegionHistory| -> BTreeSet<String> {
        let changes = history.changes().iter().filter(|change| {
            let day = change.date >= date(2020, 1, 1);
            let is_adjusted = change.kind == ChangeKind::BoundaryAdjusted;
            change.level == Level::Municipality && day && !is_adjusted
        });
        let said = changes.map(|change| {
            let (old, new) = (&change.old_code, &change.new_code);
            format!("{} {old} {new} {}", change.date, change.kind.name())
        });
        said.collect()
    };
    let (alone, known) = (steps(&history), steps(known));
    let differences: Vec<&String> = alone.symmetric_difference(&known).collect();
    assert!(differences.is_empty(), "{differences:?}");
    // Klass says what came of what, never how much.
    let split = history.on("1507", date(2024, 1, 1)).expect("two parts");
    assert_eq!(split.iter().map(|part| part.weight).collect::<Vec<_>>(), [None, None]);
    assert!(history.conversion(2023, 2024).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_or_a_refusal(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[{}\\[\\]\":;,codes<U+08>nul0-9\r\n-]{0,120}",
    ) {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let read = wire::codes(bytes).is_ok();
            prop_assert_eq!(wire::codes(bytes).is_ok(), read);
            let _ = (wire::changes(bytes), wire::correspondences(bytes), wire::problem(bytes));
            let _ = (wire::classifications(bytes), wire::code_set(bytes));
        }
    }

    #[test]
    fn a_table_written_with_any_separator_is_read_as_it_was(
        rows in proptest::collection::vec(
            proptest::collection::vec("[a-zæøåšÆ0-9 ;,\"\n']{0,8}", 3), 1..6),
        separator in prop_oneof![Just(';'), Just(',')],
    ) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut text = ["code", "name", "notes"].join(&separator.to_string());
        for row in &rows {
            let cells: Vec<String> = row.iter().map(quoted).collect();
            text.push('\n');
            text.push_str(&cells.join(&separator.to_string()));
        }
        let table = wire::csv::Table::read(text.as_bytes());
        let read: Vec<Vec<String>> = table
            .rows()
            .map(|row| {
                let cell = |column| row.get(column).unwrap_or_default().to_owned();
                ["code", "name", "notes"].map(cell).to_vec()
            })
            .collect();
        prop_assert_eq!(read, rows);
    }
}

/// Codes whose recorded name is longer than the derived one, and those with another name.
fn names_that_differ(file: &str, day: Date) -> Option<(usize, Vec<String>)> {
    let history = facts::history()?;
    let codes = wire::codes(&recording(file)?).expect("a list of codes");
    let (mut longer, mut others) = (0, Vec::new());
    for item in &codes {
        let Some(unit) = history.unit_at(Level::Municipality, &item.code, day) else { continue };
        if unit.name == item.name {
            continue;
        }
        longer += 1;
        let plain = item.name.split(" (").next().unwrap_or_default();
        let is_one = unit.name.split(" - ").all(|name| plain.split(" - ").any(|own| own == name));
        if !is_one {
            others.push(format!("{} {} | {}", item.code, item.name, unit.name));
        }
    }
    Some((longer, others))
}

#[test]
fn names_are_those_of_the_time_but_for_further_languages_and_counties_in_brackets() {
    for (file, day, longer) in [
        ("ssb_kommunekoder_2013.csv", date(2013, 1, 1), 0),
        ("ssb_kommunekoder_2019.csv", date(2019, 1, 1), 9),
        ("ssb_kommunekoder_2020.csv", date(2020, 1, 1), 10),
        ("codesAt-131-2026-01-01.json", date(2026, 1, 1), 33),
    ] {
        let Some(differences) = names_that_differ(file, day) else { return };
        assert_eq!(differences, (longer, Vec::new()), "{file}");
    }
}
