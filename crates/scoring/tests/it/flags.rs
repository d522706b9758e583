//! The pack's flags: every one on both sides of its threshold, at it, and on a gap; thresholds
//! that a user moves; and what came after a flag in the series there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use proptest::prelude::*;
use scoring::flags::back_test::{LEAST_EVENTS, Record, Window, back_test, wilson};
use scoring::flags::{BoundaryChange, Evidence, Flag, Observed, Scope, Verdict, moved};

fn pack() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/boligsektor")
}

/// The flags as shipped, against the indicators as shipped.
fn flags() -> Vec<Flag> {
    let files = std::fs::read_dir(pack().join("indicators")).expect("the pack has indicators");
    let ids: Vec<String> = files
        .filter_map(|file| file.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let text = std::fs::read_to_string(pack().join("flags.toml")).expect("the pack has flags");
    Flag::parse_all(&text, &ids).expect("the pack's flags are valid")
}

/// What is known of one place; every distribution runs from 0 to 100.
#[derive(Default, Clone)]
struct Place {
    figures: HashMap<&'static str, f64>,
    status: &'static str,
    coverage: Option<f64>,
    age: Option<f64>,
    borders: BoundaryChange,
    everybody: Vec<f64>,
}

impl Evidence for Place {
    fn observed(&self, indicator: &str) -> Observed {
        let gap = || Observed::Gap(self.status.to_owned());
        self.figures.get(indicator).map_or_else(gap, |value| Observed::Value(*value))
    }
    fn distribution(&self, _: &str) -> &[f64] {
        &self.everybody
    }
    fn coverage(&self) -> Option<f64> {
        self.coverage
    }
    fn figure_age_months(&self) -> Option<f64> {
        self.age
    }
    fn boundary_change(&self) -> BoundaryChange {
        self.borders
    }
}

fn place(figures: &[(&'static str, f64)]) -> Place {
    Place {
        figures: figures.iter().copied().collect(),
        status: "not_published",
        everybody: (0..=100).map(f64::from).collect(),
        ..Place::default()
    }
}

/// How a case stands to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Positive,
    Negative,
    Missing,
    Boundary,
}
use Kind::{Boundary, Missing, Negative, Positive};

/// Flags of one indicator: raised at, clear at, the threshold, whether it is raised there.
const SIMPLE: [(&str, &str, f64, f64, f64, bool); 19] = [
    ("R1", "robek_listed", 1.0, 0.0, 1.0, true),
    ("R1b", "accumulated_deficit_percent", 3.1, 2.9, 3.0, false),
    ("R2", "net_operating_result_percent", 1.7, 1.8, 1.75, false),
    ("R3", "negative_result_years_count", 3.0, 1.0, 2.0, true),
    ("R4", "net_debt_growth_percent", 10.1, 9.9, 10.0, false),
    ("R5", "plan_processing_days", 1001.0, 999.0, 1000.0, false),
    ("R8", "building_case_days", 90.5, 89.0, 90.0, false),
    ("R9", "projected_population_change_2050_percent", -0.1, 0.1, 0.0, false),
    ("R10", "old_age_dependency_percent", 50.1, 49.9, 50.0, false),
    ("R11", "population_change_5yr_percent", -2.1, -1.9, -2.0, false),
    ("R12", "residents_65plus_percent", 25.1, 24.9, 25.0, false),
    ("R13", "housing_plan_currency_points", 60.0, 101.0, 100.0, false),
    ("R19", "population_persons", 999.0, 1001.0, 1000.0, false),
    ("L1", "lot_hazard_zone_percent", 0.1, 0.0, 0.0, false),
    ("L2", "lot_farmland_percent", 0.1, 0.0, 0.0, false),
    ("L3", "lot_protected_area_percent", 0.1, 0.0, 0.0, false),
    ("L4", "lot_other_plan_purpose_percent", 0.1, 0.0, 0.0, false),
    ("L5", "lot_road_access", 0.0, 1.0, 0.0, true),
    ("L6", "lot_contaminated_ground_percent", 0.1, 0.0, 0.0, false),
];

type Case = (&'static str, Kind, Place, Option<bool>);

fn simple_cases() -> Vec<Case> {
    let cases = SIMPLE.iter().map(|(id, indicator, raised, clear, bound, at_bound)| {
        [
            (*id, Positive, place(&[(indicator, *raised)]), Some(true)),
            (*id, Negative, place(&[(indicator, *clear)]), Some(false)),
            (*id, Missing, place(&[]), None),
            (*id, Boundary, place(&[(indicator, *bound)]), Some(*at_bound)),
        ]
    });
    cases.flatten().collect()
}

fn compound_cases() -> Vec<Case> {
    const MAIN: &str = "projected_population_change_2050_percent";
    const HIGH: &str = "projected_population_change_2050_high_percent";
    const OBJECTED: &str = "plans_with_objection_percent";
    const HEARD: &str = "plans_heard_3y_count";
    const GROUNDS: &str = "environmental_objections_percent";
    const OBJECTIONS: &str = "plan_objections_3y_count";
    const PARTIES: &str = "effective_parties_by_votes_count";
    const MAYOR: &str = "mayor_tenure_months";
    const PRICE: &str = "house_price_index";
    const LOTS: &str = "public_lot_capacity_dwellings_per_1000";
    const LAND: &str = "vacant_housing_land_m2_per_inhabitant";
    vec![
        ("R6", Positive, place(&[(OBJECTED, 49.0), (HEARD, 3.0)]), Some(true)),
        ("R6", Negative, place(&[(OBJECTED, 48.0), (HEARD, 3.0)]), Some(false)),
        ("R6", Boundary, place(&[(OBJECTED, 48.75), (HEARD, 3.0)]), Some(false)),
        ("R6", Boundary, place(&[(OBJECTED, 10.0), (HEARD, 2.0)]), None),
        ("R6", Missing, place(&[(OBJECTED, 49.0)]), None),
        ("R6", Missing, place(&[(HEARD, 9.0)]), None),
        ("R7", Positive, place(&[(GROUNDS, 51.0), (OBJECTIONS, 3.0)]), Some(true)),
        ("R7", Negative, place(&[(GROUNDS, 49.0), (OBJECTIONS, 3.0)]), Some(false)),
        ("R7", Boundary, place(&[(GROUNDS, 50.0), (OBJECTIONS, 3.0)]), Some(false)),
        ("R7", Boundary, place(&[(GROUNDS, 90.0), (OBJECTIONS, 2.0)]), None),
        ("R7", Missing, place(&[]), None),
        ("R9K", Positive, place(&[(MAIN, -5.0), (HIGH, -0.1)]), Some(true)),
        ("R9K", Negative, place(&[(MAIN, -5.0), (HIGH, 0.1)]), Some(false)),
        ("R9K", Negative, place(&[(MAIN, 1.0)]), Some(false)),
        ("R9K", Boundary, place(&[(MAIN, -5.0), (HIGH, 0.0)]), Some(false)),
        ("R9K", Missing, place(&[(MAIN, -5.0)]), None),
        ("R15", Positive, place(&[(PARTIES, 91.0)]), Some(true)),
        ("R15", Positive, place(&[(MAYOR, 11.0)]), Some(true)),
        ("R15", Negative, place(&[(PARTIES, 5.0), (MAYOR, 40.0)]), Some(false)),
        ("R15", Boundary, place(&[(PARTIES, 90.0), (MAYOR, 12.0)]), Some(false)),
        ("R15", Missing, place(&[(PARTIES, 5.0)]), None),
        ("R16", Positive, place(&[(PRICE, 161.0)]), Some(true)),
        ("R16", Positive, place(&[(PRICE, 59.0)]), Some(true)),
        ("R16", Negative, place(&[(PRICE, 100.0)]), Some(false)),
        ("R16", Boundary, place(&[(PRICE, 160.0)]), Some(false)),
        ("R16", Boundary, place(&[(PRICE, 60.0)]), Some(false)),
        ("R16", Missing, place(&[]), None),
        ("R17", Positive, place(&[(LOTS, 0.0), (LAND, 9.0)]), Some(true)),
        ("R17", Negative, place(&[(LOTS, 0.1), (LAND, 9.0)]), Some(false)),
        ("R17", Negative, place(&[(LAND, 50.0)]), Some(false)),
        ("R17", Boundary, place(&[(LOTS, 0.0), (LAND, 10.0)]), Some(false)),
        ("R17", Missing, place(&[(LOTS, 0.0)]), None),
    ]
}

/// Flags on the state of the figures themselves.
fn quality_cases() -> Vec<Case> {
    let plan = "housing_plan_currency_points";
    let status = |status| Place { status, ..place(&[]) };
    let coverage = |share| Place { coverage: Some(share), ..place(&[]) };
    let age = |months| Place { age: Some(months), ..place(&[]) };
    let mut cases = vec![
        ("R14", Positive, status("not_collected"), Some(true)),
        ("R14", Positive, status("unavailable"), Some(true)),
        ("R14", Negative, place(&[(plan, 0.0)]), Some(false)),
        ("R14", Boundary, place(&[(plan, 100.0)]), Some(false)),
        ("R14", Missing, status("suppressed"), None),
        ("R18", Positive, coverage(0.59), Some(true)),
        ("R18", Negative, coverage(0.61), Some(false)),
        ("R18", Boundary, coverage(0.6), Some(false)),
        ("R18", Missing, place(&[]), None),
        ("R18b", Positive, age(25.0), Some(true)),
        ("R18b", Negative, age(23.0), Some(false)),
        ("R18b", Boundary, age(24.0), Some(false)),
        ("R18b", Missing, place(&[]), None),
    ];
    let borders = |borders| Place { borders, ..place(&[]) };
    cases.extend([
        ("R18c", Positive, borders(BoundaryChange::YearsAgo(2.0)), Some(true)),
        ("R18c", Negative, borders(BoundaryChange::YearsAgo(5.1)), Some(false)),
        ("R18c", Negative, borders(BoundaryChange::Never), Some(false)),
        ("R18c", Boundary, borders(BoundaryChange::YearsAgo(5.0)), Some(true)),
        ("R18c", Missing, place(&[]), None),
    ]);
    cases
}

#[test]
fn every_flag_is_raised_cleared_and_silent_where_it_should_be() {
    let flags = flags();
    let mut covered: BTreeMap<&str, BTreeSet<Kind>> = BTreeMap::new();
    for (id, kind, place, expected) in
        [simple_cases(), compound_cases(), quality_cases()].into_iter().flatten()
    {
        let flag = flags.iter().find(|flag| flag.id == id);
        let flag = flag.unwrap_or_else(|| panic!("{id} is not in the file"));
        assert_eq!(flag.rule.judge(&place).known(), expected, "{id} {kind:?} {:?}", place.figures);
        covered.entry(id).or_default().insert(kind);
    }
    for flag in &flags {
        let kinds = covered.get(flag.id.as_str()).map_or(0, BTreeSet::len);
        assert_eq!(kinds, 4, "{} has a case of every kind", flag.id);
    }
}

#[test]
fn every_flag_says_its_threshold_its_year_and_what_it_warns_of() {
    for flag in flags() {
        let id = &flag.id;
        assert!(flag.year.is_some(), "{id} says which year its threshold is from");
        assert!(flag.back_test.is_some() != flag.back_test_missing.is_some(), "{id}");
        let several: BTreeSet<_> =
            flag.thresholds().into_iter().map(|threshold| threshold.indicator).collect();
        let is_yes_or_no = flag.thresholds().iter().all(|one| one.comparison == "equals");
        let one_unit = several.len() == 1 && !is_yes_or_no;
        assert!(!one_unit || flag.unit.is_some(), "{id} says the unit of its threshold");
        for threshold in flag.thresholds() {
            let same = flag.with_named_threshold(&threshold.name, threshold.number);
            assert_eq!(same.as_ref(), Ok(&flag), "{id}.{} finds its way back", threshold.name);
        }
        for text in [&flag.title, &flag.text, &flag.basis] {
            let languages: Vec<&str> = text.0.keys().map(String::as_str).collect();
            assert_eq!(languages, ["en", "nb"], "{id}");
        }
        assert!(flag.scope == Scope::Municipality || id.starts_with('L'), "{id}");
    }
}

/// Moves thresholds and says what the moved flags have now, or the fault.
fn move_them(text: &str) -> String {
    match moved(&flags(), text) {
        Err(problem) => problem.to_string(),
        Ok(after) => {
            let pairs = flags().into_iter().zip(after).filter(|(before, after)| before != after);
            let told = pairs.map(|(_, flag)| {
                let thresholds = flag.thresholds();
                let all = thresholds.iter().map(|one| format!("{} {}", one.name, one.number));
                format!("{}: {}", flag.id, all.collect::<Vec<_>>().join(", "))
            });
            told.collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn thresholds_move_by_flag_and_name() {
    for (text, told) in [
        ("R5=900", "R5: above 900"),
        (" R5 = 900 , R16.above=170,", "R5: above 900; R16: high 170, low 60"),
        ("R16.low=50,R16.high=150", "R16: high 150, low 50"),
        ("R6.minimum=5", "R6: above 48.75, minimum 5"),
        ("R9K.high=-3", "R9K: main 0, high -3"),
        ("R15.mayor_tenure_months=6", "R15: above_percentile 90, below 6"),
        ("R15.mayor_tenure_months.below=6", "R15: above_percentile 90, below 6"),
        ("R18=0.5", "R18: coverage_below 0.5"),
        ("R18b.figure_older_than_months=36", "R18b: figure_older_than_months 36"),
        ("", ""),
    ] {
        assert_eq!(move_them(text), told, "{text}");
    }
}

#[test]
fn a_threshold_that_cannot_be_moved_says_why() {
    for (text, told) in [
        (
            "R5",
            "`R5` moves no threshold; write a flag and a number, as `R5=900` or `R16.above=170`",
        ),
        (
            "R2=1,75",
            "`75` moves no threshold; write a flag and a number, as `R5=900` or `R16.above=170`",
        ),
        ("R16=5", "the flag `R16` has several thresholds; name one of high, low"),
        ("R9K.below=5", "the flag `R9K` has several thresholds; name one of main, high"),
        ("R16.middle=5", "the flag `R16` has no threshold `middle`; it has high, low"),
        ("R14=1", "the flag `R14` has no threshold"),
        ("R5=900,R5=800", "the threshold `R5` is moved twice"),
        ("R5=NaN", "the threshold `above` of the flag `R5` cannot be NaN"),
        ("R8=101", "the threshold `above_percentile` of the flag `R8` cannot be 101"),
        ("R18=60", "the threshold `coverage_below` of the flag `R18` cannot be 60"),
    ] {
        assert_eq!(move_them(text), told, "{text}");
    }
    assert!(move_them("X9=1").starts_with("there is no flag `X9`; there are R1, R1b"));
}

#[test]
fn a_moved_threshold_is_the_one_that_judges() {
    let after = moved(&flags(), "R16.high=90").expect("R16 has it");
    let flag = after.iter().find(|flag| flag.id == "R16").expect("it is still there");
    let Verdict::Raised(ground) = flag.rule.judge(&place(&[("house_price_index", 100.0)])) else {
        panic!("100 is above 90");
    };
    assert_eq!(ground.threshold, Some(90.0));
}

#[test]
fn a_back_test_counts_cases_against_the_years_after_them() {
    let years = [2020, 2021, 2022, 2023];
    let (yes, no, gap) = (Some(true), Some(false), None);
    let flag: Record = vec![vec![yes, no, no, no], vec![yes, gap, no, no], vec![no; 4]];
    let event: Record = vec![vec![no, no, yes, no], vec![no, no, no, no], vec![no, gap, no, no]];
    let test = back_test(&years, &flag, &event, Window { after: 1, within: 2 }, 1);
    assert_eq!((test.hits, test.false_alarms, test.misses, test.quiet), (1, 1, 1, 1));
    assert_eq!((test.left_out, test.events), (8, 1));
    let rates = test.rates.expect("one event is enough here");
    assert_eq!((rates.hit_rate.share, rates.hit_rate.of), (0.5, 2));
    assert_eq!(rates.lead_time_years, Some(2.0));
    assert_eq!(rates.base_rate.share, 0.5);
    let silent = back_test(&years, &flag, &event, Window { after: 1, within: 2 }, 2);
    assert_eq!((silent.events, silent.rates), (1, None), "one event says nothing");
}

#[test]
fn wilsons_interval_is_the_published_one() {
    // Newcombe (1998), table I: 81 of 263 and 0 of 20, method 3.
    let rate = wilson(81, 263).expect("there are cases");
    assert_eq!(format!("{:.4} {:.4}", rate.low, rate.high), "0.2553 0.3662");
    let none = wilson(0, 20).expect("there are cases");
    assert_eq!(format!("{:.4} {:.4}", none.low, none.high), "0.0000 0.1611");
    assert_eq!(wilson(0, 0), None);
}

proptest! {
    #[test]
    fn a_rate_lies_in_its_interval_and_more_cases_narrow_it(cases in 1..2000_usize, share in 0.0..=1.0_f64) {
        let of_these = (cases as f64 * share) as usize;
        let rate = wilson(of_these, cases).expect("there are cases");
        prop_assert!(0.0 <= rate.low && rate.low <= rate.share && rate.share <= rate.high && rate.high <= 1.0);
        let more = wilson(10 * of_these, 10 * cases).expect("there are cases");
        prop_assert!(more.high - more.low < rate.high - rate.low);
    }

    #[test]
    fn every_case_is_counted_once(cells in prop::collection::vec(prop::array::uniform6(prop::option::of(any::<bool>())), 2..8)) {
        let half = cells.len() / 2;
        let record = |cells: &[[Option<bool>; 6]]| -> Record { cells.iter().map(|row| row.to_vec()).collect() };
        let (flag, event) = (record(&cells[..half]), record(&cells[half..2 * half]));
        let years = [2019, 2020, 2021, 2022, 2024, 2025];
        let test = back_test(&years, &flag, &event, Window { after: 1, within: 2 }, LEAST_EVENTS);
        let counted = test.hits + test.false_alarms + test.misses + test.quiet + test.left_out;
        prop_assert_eq!(counted, 6 * half);
        prop_assert!(test.events <= test.hits + test.misses);
    }
}

/// Population figures by municipality and year, from the facts.
struct Series(BTreeMap<String, BTreeMap<i32, HashMap<String, f64>>>);

impl Series {
    fn read(shared: &Path) -> Self {
        let mut reader = csv::Reader::from_path(shared.join("facts/figures.csv"))
            .expect("the facts have figures");
        let mut found: BTreeMap<String, BTreeMap<i32, HashMap<String, f64>>> = BTreeMap::new();
        for row in reader.records() {
            let row = row.expect("the rows are whole");
            if !row[1].starts_with("population_") {
                continue;
            }
            if let (Ok(year), Ok(value)) = (row[2].parse(), row[3].parse()) {
                let years = found.entry(row[0].to_owned()).or_default();
                years.entry(year).or_default().insert(row[1].to_owned(), value);
            }
        }
        Self(found)
    }

    /// The three indicators, as their SQL has them.
    fn place(&self, code: &str, year: i32) -> Place {
        let figure = |year: i32, id: &str| self.0[code].get(&year)?.get(id).copied();
        let now = figure(year, "population_persons");
        let change = now
            .zip(figure(year - 5, "population_persons"))
            .map(|(now, before)| 100.0 * (now - before) / before);
        let old = figure(year, "population_67_79_persons")
            .zip(figure(year, "population_80plus_persons"))
            .zip(figure(year, "population_20_66_persons"))
            .map(|((younger, older), working)| 100.0 * (younger + older) / working);
        let all = [
            ("population_persons", now),
            ("population_change_5yr_percent", change),
            ("old_age_dependency_percent", old),
        ];
        let there: Vec<_> = all.into_iter().filter_map(|(id, value)| Some((id, value?))).collect();
        place(&there)
    }
}

#[test]
fn flags_of_population_are_tested_back_on_twenty_years() {
    let Some(shared) = testkit::shared() else { return };
    let series = Series::read(&shared);
    let years: Vec<i32> = (2006..=2026).collect();
    let mut told = Vec::new();
    for flag in flags() {
        let Some(tested) = &flag.back_test else { continue };
        let record = |rule: &scoring::flags::Rule| -> Record {
            let known = |code: &String, year: &i32| rule.judge(&series.place(code, *year)).known();
            series
                .0
                .keys()
                .map(|code| years.iter().map(|year| known(code, year)).collect())
                .collect()
        };
        let (raised, came) = (record(&flag.rule), record(&tested.event));
        let test = back_test(&years, &raised, &came, tested.window, LEAST_EVENTS);
        let rates = test.rates.expect("hundreds of municipalities lost people");
        let percent = |rate: Option<scoring::flags::back_test::Rate>| {
            rate.map_or("-".to_owned(), |rate| {
                format!(
                    "{:.0} ({:.0}-{:.0})",
                    100.0 * rate.share,
                    100.0 * rate.low,
                    100.0 * rate.high
                )
            })
        };
        told.push(format!(
            "{}: {} hits, {} false alarms, {} misses, {} quiet; hit rate {}, false alarms {}, precision {}, base rate {}",
            flag.id, test.hits, test.false_alarms, test.misses, test.quiet,
            percent(Some(rates.hit_rate)), percent(rates.false_alarm_rate),
            percent(rates.precision), percent(Some(rates.base_rate)),
        ));
    }
    // Falling once is the best sign of falling again; age says nearly nothing at this threshold.
    insta::assert_snapshot!(told.join("\n"), @r"
    R10: 8 hits, 8 false alarms, 2124 misses, 3546 quiet; hit rate 0 (0-1), false alarms 0 (0-0), precision 50 (28-72), base rate 37 (36-39)
    R11: 551 hits, 230 false alarms, 1019 misses, 2127 quiet; hit rate 35 (33-37), false alarms 10 (9-11), precision 71 (67-74), base rate 40 (38-42)
    R19: 186 hits, 134 false alarms, 1946 misses, 3446 quiet; hit rate 9 (8-10), false alarms 4 (3-4), precision 58 (53-63), base rate 37 (36-39)
    ");
}
