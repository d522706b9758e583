use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use klass::history::{Level, RegionHistory};

use crate::facts;

/// The municipalities of a day that a recorded list has, without "unknown".
fn recorded(shared: &std::path::Path, file: &str) -> BTreeSet<String> {
    let table = facts::table(&shared.join("real/klass").join(file));
    let codes = table.rows().filter_map(|row| row.get("code")).filter(|code| *code != "9999");
    codes.map(str::to_owned).collect()
}

fn derived(history: &RegionHistory, day: Date) -> BTreeSet<String> {
    history.valid_on(day, Level::Municipality).iter().map(|unit| unit.code.clone()).collect()
}

#[test]
fn the_municipalities_of_each_year_are_those_of_the_recorded_lists() {
    let (Some(shared), Some(history)) = (testkit::shared(), facts::history()) else { return };
    let lists = [
        (date(2013, 1, 1), "ssb_kommunekoder_2013.csv", 428),
        (date(2019, 1, 1), "ssb_kommunekoder_2019.csv", 422),
        (date(2020, 1, 1), "ssb_kommunekoder_2020.csv", 356),
        (date(2026, 1, 1), "kommuneinndeling-131-2026.csv", 357),
    ];
    for (day, file, count) in lists {
        let (listed, derived) = (recorded(&shared, file), derived(history, day));
        assert_eq!(listed.len(), count, "{file}");
        let differences: Vec<&String> = listed.symmetric_difference(&derived).collect();
        assert!(differences.is_empty(), "{file}: {differences:?}");
    }
    let counts = [2016, 2017, 2018, 2019, 2020, 2023, 2024]
        .map(|year| derived(history, date(year, 1, 1)).len());
    assert_eq!(counts, [428, 426, 422, 422, 356, 356, 357]);
}

/// What a code had become, as a reader would write it.
fn became(code: &str, day: Date) -> String {
    let Some(history) = facts::history() else { return String::new() };
    let parts = history.on(code, day).expect("the shares add up").into_iter().map(|part| {
        let weight = part.weight.map_or("?".to_owned(), |weight| weight.to_string());
        let basis = part.basis.map(|basis| format!(" by {basis}")).unwrap_or_default();
        format!("{} {} {weight}{basis}", part.code, part.name)
    });
    parts.collect::<Vec<String>>().join("; ")
}

#[test]
fn what_a_code_became_is_told_for_every_day_since() {
    if testkit::shared().is_none() {
        return;
    }
    let table = [
        ("1507", date(2023, 12, 31), "1507 Ålesund 1"),
        (
            "1507",
            date(2024, 1, 1),
            "1508 Ålesund 0.8621 by population_2024-01-01; \
             1580 Haram 0.1379 by population_2024-01-01",
        ),
        ("1534", date(2019, 12, 31), "1534 Haram 1"),
        ("1534", date(2020, 1, 1), "1507 Ålesund 1"),
        ("1534", date(2024, 1, 1), "1580 Haram 1"),
        ("1504", date(2024, 1, 1), "1508 Ålesund 1"),
        ("1613", date(2019, 1, 1), "5012 Snillfjord 1"),
        (
            "1613",
            date(2026, 1, 1),
            "5055 Heim 0.151 by derived_2019_2020; 5056 Hitra 0.348 by derived_2019_2020; \
             5059 Orkland 0.501 by derived_2019_2020",
        ),
        ("0104", date(2021, 6, 1), "3002 Moss 1"),
        ("0104", date(2024, 1, 1), "3103 Moss 1"),
        ("0714", date(2018, 1, 1), "0715 Holmestrand 1"),
        ("1624", date(2018, 1, 1), "5054 Indre Fosen 1"),
        ("1567", date(2019, 1, 1), "5061 Rindal 1"),
        ("0301", date(2026, 1, 1), "0301 Oslo 1"),
        ("3103", date(2019, 1, 1), ""),
        ("9999", date(2019, 1, 1), ""),
    ];
    for (code, day, expected) in table {
        assert_eq!(became(code, day), expected, "{code} on {day}");
    }
}

#[test]
fn each_code_has_its_parent_and_its_county_of_the_time() {
    let Some(history) = facts::history() else { return };
    let table = [
        ("0301", date(2019, 1, 1), Some("03"), Some("03")),
        ("0101", date(2019, 1, 1), Some("01"), Some("01")),
        ("0101", date(2020, 1, 1), None, None),
        ("3001", date(2020, 1, 1), Some("30"), Some("30")),
        ("5061", date(2019, 1, 1), Some("50"), Some("50")),
        ("1567", date(2018, 12, 31), Some("15"), Some("15")),
        ("120101", date(2019, 1, 1), Some("1201"), Some("12")),
        ("460101", date(2020, 1, 1), Some("4601"), Some("46")),
        ("03010101", date(2024, 1, 1), Some("030101"), Some("03")),
        ("15080101", date(2024, 6, 1), Some("150801"), Some("15")),
        ("31", date(2024, 1, 1), None, Some("31")),
        ("31", date(2019, 1, 1), None, None),
    ];
    for (code, day, parent, county) in table {
        assert_eq!(
            (history.parent(code, day), history.county_of(code, day)),
            (parent, county),
            "{code}"
        );
    }
    let count = |year| history.valid_on(date(year, 1, 1), Level::County).len();
    assert_eq!([2017, 2018, 2019, 2020, 2023, 2024].map(count), [19, 18, 18, 11, 11, 15]);
    assert_eq!(history.valid_on(date(2024, 1, 1), Level::Grunnkrets).len(), 14_463 - 5);
}

#[test]
fn every_map_since_2013_goes_wholly_into_every_later_one() {
    let Some(history) = facts::history() else { return };
    for from in 2013..=2026 {
        for to in from..=2026 {
            let conversion = history.conversion(from, to).expect("forwards all shares are known");
            let olds = derived(history, date(from, 1, 1));
            let news = derived(history, date(to, 1, 1));
            let mut at = 0.0;
            let mut last = String::new();
            let (mut seen_olds, mut seen_news) = (BTreeSet::new(), BTreeSet::new());
            for part in &conversion.parts {
                if part.from_code != last {
                    assert!(last.is_empty() || at == 1.0, "{last} {from}-{to} ends at {at}");
                    (at, last) = (0.0, part.from_code.clone());
                }
                assert!(part.share_from == at && part.share_to > at, "{part:?}");
                assert_eq!(part.basis.is_none(), part.share_to - part.share_from == 1.0);
                at = part.share_to;
                seen_olds.insert(part.from_code.clone());
                seen_news.insert(part.to_code.clone());
            }
            assert_eq!((seen_olds, seen_news), (olds, news), "{from}-{to}");
        }
    }
}

#[test]
fn backwards_only_what_came_of_one_is_known() {
    let Some(history) = facts::history() else { return };
    let conversion = history.conversion(2024, 2023).expect("2023 to 2024 has no merger");
    let parts: Vec<(&str, &str, f64)> = conversion
        .parts
        .iter()
        .filter(|part| part.to_code == "1507")
        .map(|part| (part.from_code.as_str(), part.to_code.as_str(), part.share_to))
        .collect();
    assert_eq!(parts, [("1508", "1507", 1.0), ("1580", "1507", 1.0)]);
    let error = history.conversion(2020, 2019).expect_err("1103 came of three").to_string();
    assert_eq!(
        error,
        "`1103` of 2020 lies in 1103, 1141, 1142 in 2019; shares for these are needed"
    );
}

/// People of each municipality on 1 January 2019, by Statistics Norway's own export.
fn people_of_2019(shared: &std::path::Path) -> BTreeMap<String, f64> {
    let file = shared.join("real/ssb/csv/07459-en-age-2019-municipalities-comma.csv");
    let mut people = BTreeMap::new();
    for row in facts::table(&file).rows() {
        let region = klass::codes::recognise(row.get("region").unwrap_or_default());
        let count: f64 = row.get("Persons 2019").unwrap_or_default().parse().expect("a count");
        if region.last_year.is_none() {
            *people.entry(region.code).or_default() += count;
        }
    }
    people
}

#[test]
fn backwards_with_the_people_of_the_earlier_map_every_region_is_divided() {
    let (Some(shared), Some(history)) = (testkit::shared(), facts::history()) else { return };
    let people = people_of_2019(&shared);
    let years = (2024, 2019);
    let weights = history
        .weights_back(Level::Municipality, years, &people, "population_2019-01-01")
        .expect("all shares are known");
    let back =
        history.conversion_by(Level::Municipality, years, &weights).expect("weights for all");
    let parts = |code: &str| -> Vec<String> {
        let parts = back.parts.iter().filter(|part| part.from_code == code);
        let percent = |part: &klass::rebase::Part| 100.0 * (part.share_to - part.share_from);
        parts.map(|part| format!("{} {:.1}", part.to_code, percent(part))).collect()
    };
    assert_eq!(parts("1580"), ["1534 100.0"]);
    assert_eq!(parts("3103"), ["0104 67.0", "0136 33.0"]);
    assert_eq!(parts("5055"), ["1571 26.4", "5011 71.0", "5012 2.5"]);
    let olds: BTreeSet<&str> = back.parts.iter().map(|part| part.to_code.as_str()).collect();
    assert_eq!(olds.len(), 422);
    let sum: f64 = people.values().sum();
    assert!((sum - 5_328_212.0).abs() < 0.5, "{sum}");
}
