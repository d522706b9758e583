//! Statistics Norway's exports of 2019 and 2020, moved to 2024 and held against its own series.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;
use klass::rebase::{Conversion, Figures, Moved, Nature, Reading, rebase};

use crate::facts;

/// Measures of the facts with the ages that they count.
const AGES: [(&str, std::ops::RangeInclusive<u16>); 8] = [
    ("population_persons", 0..=200),
    ("population_0_5_persons", 0..=5),
    ("population_6_15_persons", 6..=15),
    ("population_16_19_persons", 16..=19),
    ("population_20_34_persons", 20..=34),
    ("population_20_66_persons", 20..=66),
    ("population_67_79_persons", 67..=79),
    ("population_80plus_persons", 80..=200),
];

/// The municipalities of today that a divided one went into, by the year of the export.
const DIVIDED: [(i16, &[&str]); 2] =
    [(2019, &["1806", "1875", "5055", "5056", "5059"]), (2020, &["1508", "1580"])];

/// An export as a row per region and a column per measure.
fn export(path: &Path) -> Figures<u8> {
    // What is not ASCII is in the names, and names are not read.
    let bytes = std::fs::read(path).expect("the export can be read");
    let text = String::from_utf8_lossy(&bytes);
    let mut rows: BTreeMap<String, [f64; AGES.len()]> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> =
            line.split([',', '\t']).map(|field| field.trim_matches('"')).collect();
        let [region, age, persons] = fields[..] else { panic!("a line has three fields: {line}") };
        let code = region.trim_start_matches("K-").split(' ').next().unwrap_or_default();
        let age: u16 =
            age.split([' ', '+']).next().and_then(|age| age.parse().ok()).expect("an age");
        let persons: f64 = persons.parse().expect("a number");
        let row = rows.entry(code.to_owned()).or_default();
        for (sum, (_, ages)) in row.iter_mut().zip(&AGES) {
            *sum += if ages.contains(&age) { persons } else { 0.0 };
        }
    }
    let cells = rows.values().flatten().map(|sum| Reading::Number(*sum)).collect();
    Figures::new(rows.into_keys().collect(), AGES.len(), cells).expect("a row per region")
}

/// The published series on the map of 2024, of one year.
fn published(shared: &Path, year: i16) -> BTreeMap<(String, String), f64> {
    let text = std::fs::read_to_string(shared.join("facts/figures.csv")).expect("the facts");
    let year = year.to_string();
    let lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let rows = lines.filter(|fields| fields[1].starts_with("population_") && fields[2] == year);
    rows.filter_map(|fields| {
        Some(((fields[1].to_owned(), fields[0].to_owned()), fields[3].parse().ok()?))
    })
    .collect()
}

/// One year's export, moved, beside what was published.
struct Compared {
    conversion: Conversion,
    figures: Figures<u8>,
    /// Measure, code, ours, the published figure.
    rows: Vec<(&'static str, String, f64, f64)>,
    left_over: Vec<String>,
    total: f64,
}

fn compared(year: i16, file: &str) -> Option<Compared> {
    let shared = testkit::shared()?;
    let history = facts::history()?;
    let conversion = history.conversion(year, 2024).expect("known maps");
    let figures = export(&shared.join("real/ssb/csv").join(file));
    let moved = rebase(&figures, &conversion, Nature::Count, 0);
    let published = published(&shared, year);
    let mut rows = Vec::new();
    let mut total = 0.0;
    for code in &moved.regions {
        let cells = moved.of(code).expect("it is there");
        for (cell, (measure, _)) in cells.iter().zip(&AGES) {
            let Moved::Number(ours, modelled) = cell else { panic!("{code} has no {measure}") };
            let divided = DIVIDED.iter().find(|(one, _)| *one == year).expect("a year").1;
            assert_eq!(modelled.is_estimate(), divided.contains(&code.as_str()), "{code}");
            if *measure == "population_persons" {
                total += ours;
            }
            if let Some(theirs) = published.get(&((*measure).to_owned(), code.clone())) {
                rows.push((*measure, code.clone(), *ours, *theirs));
            }
        }
    }
    assert_eq!(moved.regions.len(), 357);
    let left_over = moved.left_over.iter().map(|at| figures.regions()[*at].clone()).collect();
    Some(Compared { conversion, figures, rows, left_over, total })
}

/// The errors, one line each; none is allowed outside the divided municipalities.
fn errors(compared: &Compared) -> String {
    let divided = compared.conversion.parts.iter().filter(|part| !part.is_whole());
    let divided: Vec<&str> = divided.map(|part| part.to_code.as_str()).collect();
    let mut lines = Vec::new();
    for (measure, code, ours, theirs) in &compared.rows {
        let error = ours - theirs;
        assert!(error == 0.0 || divided.contains(&code.as_str()), "{code} {measure}: {error}");
        if divided.contains(&code.as_str()) {
            let percent = 100.0 * error / theirs;
            lines.push(format!("{code} {measure} {ours} {theirs} {error:+} ({percent:+.2} %)"));
        }
    }
    lines.push(format!("{} compared, all others equal", compared.rows.len()));
    lines.push(format!("left over {:?}, total {}", compared.left_over, compared.total));
    lines.join("\n")
}

#[test]
fn the_export_of_2019_differs_from_the_published_series_only_where_municipalities_were_divided() {
    let Some(compared) = compared(2019, "07459-en-age-2019-municipalities-comma.csv") else {
        return;
    };
    assert_snapshot!(errors(&compared), @r#"
    1806 population_persons 21987 21987 +0 (+0.00 %)
    1806 population_0_5_persons 1299 1300 -1 (-0.08 %)
    1806 population_6_15_persons 2444 2445 -1 (-0.04 %)
    1806 population_16_19_persons 1011 1010 +1 (+0.10 %)
    1806 population_20_66_persons 13232 13231 +1 (+0.01 %)
    1806 population_67_79_persons 2774 2774 +0 (+0.00 %)
    1806 population_80plus_persons 1227 1227 +0 (+0.00 %)
    1875 population_persons 2785 2785 +0 (+0.00 %)
    1875 population_0_5_persons 116 116 +0 (+0.00 %)
    1875 population_6_15_persons 292 292 +0 (+0.00 %)
    1875 population_16_19_persons 121 121 +0 (+0.00 %)
    1875 population_20_66_persons 1594 1595 -1 (-0.06 %)
    1875 population_67_79_persons 491 490 +1 (+0.20 %)
    1875 population_80plus_persons 171 171 +0 (+0.00 %)
    5055 population_persons 5953 5950 +3 (+0.05 %)
    5055 population_0_5_persons 355 355 +0 (+0.00 %)
    5055 population_6_15_persons 649 648 +1 (+0.15 %)
    5055 population_16_19_persons 324 324 +0 (+0.00 %)
    5055 population_20_66_persons 3366 3368 -2 (-0.06 %)
    5055 population_67_79_persons 893 893 +0 (+0.00 %)
    5055 population_80plus_persons 365 362 +3 (+0.83 %)
    5056 population_persons 5042 5041 +1 (+0.02 %)
    5056 population_0_5_persons 317 317 +0 (+0.00 %)
    5056 population_6_15_persons 521 520 +1 (+0.19 %)
    5056 population_16_19_persons 235 234 +1 (+0.43 %)
    5056 population_20_66_persons 3028 3032 -4 (-0.13 %)
    5056 population_67_79_persons 691 690 +1 (+0.14 %)
    5056 population_80plus_persons 250 248 +2 (+0.81 %)
    5059 population_persons 18184 18187 -3 (-0.02 %)
    5059 population_0_5_persons 1155 1156 -1 (-0.09 %)
    5059 population_6_15_persons 2215 2214 +1 (+0.05 %)
    5059 population_16_19_persons 924 924 +0 (+0.00 %)
    5059 population_20_66_persons 10557 10558 -1 (-0.01 %)
    5059 population_67_79_persons 2353 2354 -1 (-0.04 %)
    5059 population_80plus_persons 981 981 +0 (+0.00 %)
    2499 compared, all others equal
    left over ["1567"], total 5328212
    "#);
}

#[test]
fn the_export_of_2020_differs_from_the_published_series_only_in_alesund_and_haram() {
    let Some(compared) = compared(2020, "07459-en-age-2020-municipalities-tab.csv") else {
        return;
    };
    assert_snapshot!(errors(&compared), @r#"
    1508 population_persons 57121 56858 +263 (+0.46 %)
    1508 population_0_5_persons 3757 3744 +13 (+0.35 %)
    1508 population_6_15_persons 6977 6926 +51 (+0.74 %)
    1508 population_16_19_persons 2779 2762 +17 (+0.62 %)
    1508 population_20_66_persons 34843 34934 -91 (-0.26 %)
    1508 population_67_79_persons 6226 6072 +154 (+2.54 %)
    1508 population_80plus_persons 2540 2420 +120 (+4.96 %)
    1580 population_persons 9137 9400 -263 (-2.80 %)
    1580 population_0_5_persons 601 614 -13 (-2.12 %)
    1580 population_6_15_persons 1116 1167 -51 (-4.37 %)
    1580 population_16_19_persons 444 461 -17 (-3.69 %)
    1580 population_20_66_persons 5573 5482 +91 (+1.66 %)
    1580 population_67_79_persons 996 1150 -154 (-13.39 %)
    1580 population_80plus_persons 406 526 -120 (-22.81 %)
    2854 compared, all others equal
    left over ["21-22", "23", "Rest"], total 5367580
    "#);
}

/// What 1507 had is what 1508 and 1580 get, in every age group, in all four years of its life.
#[test]
fn nobody_in_1507_is_lost() {
    let Some(shared) = testkit::shared() else { return };
    let history = facts::history().expect("the tables are there");
    for year in 2020..=2023 {
        let published = published(&shared, year);
        let conversion = history.conversion(year, 2024).expect("known maps");
        for (measure, _) in &AGES {
            let part = |code: &str| published.get(&((*measure).to_owned(), code.to_owned()));
            let (Some(rest), Some(haram)) = (part("1508"), part("1580")) else { continue };
            let cells = vec![Reading::<u8>::Number(rest + haram)];
            let figures = Figures::new(vec!["1507".to_owned()], 1, cells).expect("one row");
            let moved = rebase(&figures, &conversion, Nature::Count, 0);
            let numbers = moved.cells.iter().map(|cell| match cell {
                Moved::Number(number, _) => *number,
                other => panic!("{other:?}"),
            });
            assert_eq!(numbers.sum::<f64>(), rest + haram, "{year} {measure}");
        }
    }
}

/// The way through the map of 2020 gives what the direct way gives, and back again the same.
#[test]
fn a_chain_of_conversions_loses_nobody() {
    let Some(compared) = compared(2019, "07459-en-age-2019-municipalities-comma.csv") else {
        return;
    };
    let history = facts::history().expect("the tables are there");
    let convert = |from, to| history.conversion(from, to).expect("known maps");
    let direct = rebase(&compared.figures, &convert(2019, 2020), Nature::Count, 0);
    let detour = compared.conversion.then(&convert(2024, 2020)).expect("the maps join");
    let detour = rebase(&compared.figures, &detour, Nature::Count, 0);
    assert_eq!(direct.regions.len(), 356);
    assert_eq!(direct.regions, detour.regions);
    assert_eq!(direct.cells, detour.cells);
}
