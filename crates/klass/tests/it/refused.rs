//! Histories that contradict themselves, and what is said of them.

use jiff::civil::{Date, date};
use klass::history::{
    CrosswalkKind, CrosswalkRow, HistoryError, Level, Listed, ListedChange, Material, RegionHistory,
};

const NEW_YEAR: Date = date(2020, 1, 1);

fn listed(code: &str, name: &str) -> Listed {
    Listed { code: code.to_owned(), name: name.to_owned(), parent: None }
}

fn row(old: &str, new: &str, kind: CrosswalkKind, weight: Option<f64>) -> CrosswalkRow {
    CrosswalkRow {
        old_code: old.to_owned(),
        old_name: format!("Old {old}"),
        new_code: new.to_owned(),
        date: NEW_YEAR,
        kind,
        weight,
        weight_basis: None,
        note: None,
    }
}

fn material(rows: Vec<CrosswalkRow>) -> Material {
    let municipalities = vec![listed("3101", "Halden"), listed("3103", "Moss")];
    Material { crosswalk: rows, municipalities, ..Material::default() }
}

fn said(material: &Material) -> String {
    RegionHistory::new(material).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
}

use CrosswalkKind::{Merged, Renumbered, SplitPart};

#[test]
fn a_crosswalk_that_contradicts_itself_is_refused_in_one_sentence_with_its_codes() {
    let later = |row: CrosswalkRow| CrosswalkRow { date: date(2021, 1, 1), ..row };
    let table = [
        (vec![row("0101", "3101", Renumbered, Some(1.0))], "accepted"),
        (
            vec![
                row("0101", "0102", Renumbered, Some(1.0)),
                row("0102", "0101", Renumbered, Some(1.0)),
            ],
            "the changes lead in a circle: 0101 -> 0102 -> 0101",
        ),
        (
            vec![
                row("0101", "0102", Merged, Some(1.0)),
                row("0102", "0103", Merged, Some(1.0)),
                row("0103", "0101", Merged, Some(1.0)),
            ],
            "the changes lead in a circle: 0101 -> 0102 -> 0103 -> 0101",
        ),
        (
            vec![row("0101", "0101", Renumbered, Some(1.0))],
            "`0101` is said to have become itself on 2020-01-01",
        ),
        (
            vec![
                row("0101", "3101", SplitPart, Some(0.4)),
                row("0101", "3103", SplitPart, Some(0.5)),
            ],
            "the shares of `0101` in 3101, 3103 add up to 0.9, not to 1",
        ),
        (
            vec![
                row("0101", "3101", SplitPart, Some(-0.5)),
                row("0101", "3103", SplitPart, Some(1.5)),
            ],
            "the share of `0101` in `3101` is -0.5, which is no share",
        ),
        (
            vec![row("0101", "3101", Merged, Some(f64::NAN))],
            "the share of `0101` in `3101` is NaN, which is no share",
        ),
        (
            vec![row("3101", "3103", Merged, Some(1.0))],
            "`3101` ended as `Old 3101` on 2020-01-01 and is in force then as `Halden`",
        ),
        (
            vec![
                row("0101", "3101", SplitPart, Some(0.5)),
                later(row("0101", "3103", SplitPart, Some(0.5))),
            ],
            "`0101` ends on 2020-01-01, which does not fit `3103` on 2021-01-01",
        ),
        (
            vec![row("0101", "3199", Renumbered, Some(1.0))],
            "`0101` is said to have become `3199`, which is no region",
        ),
    ];
    for (rows, expected) in table {
        assert_eq!(said(&material(rows)), expected);
    }
}

#[test]
fn shares_may_miss_one_by_a_millionth_and_no_more() {
    let with = |one: f64, other: f64| {
        said(&material(vec![
            row("0101", "3101", SplitPart, Some(one)),
            row("0101", "3103", SplitPart, Some(other)),
        ]))
    };
    assert_eq!(with(0.3, 0.700_000_9), "accepted");
    assert!(with(0.3, 0.700_01).starts_with("the shares of `0101`"));
}

#[test]
fn a_split_without_shares_can_be_shown_but_not_converted_until_they_are_given() {
    let rows = vec![row("0101", "3101", SplitPart, None), row("0101", "3103", SplitPart, None)];
    let history = RegionHistory::new(&material(rows)).expect("nothing contradicts");
    let became = history.on("0101", NEW_YEAR).expect("no sum to check");
    assert_eq!(became.iter().map(|part| part.weight).collect::<Vec<_>>(), [None, None]);
    let error = history.conversion(2019, 2020).expect_err("nobody has said the shares");
    assert!(matches!(error, HistoryError::SharesNeeded { ref code, .. } if code == "0101"));
    let amount = |part: &str, amount| (("0101".to_owned(), part.to_owned()), amount);
    let weights = klass::history::Weights {
        basis: "addresses".to_owned(),
        amounts: [amount("3101", 30.0), amount("3103", 10.0)].into_iter().collect(),
    };
    let conversion = history
        .conversion_by(Level::Municipality, (2019, 2020), &weights)
        .expect("shares are given");
    let ends: Vec<f64> = conversion.parts.iter().map(|part| part.share_to).collect();
    assert_eq!(ends, [0.75, 1.0]);
    assert_eq!(conversion.parts[0].basis.as_deref(), Some("addresses"));
    let error = history.conversion(1990, 2020).expect_err("too early");
    assert_eq!(error.to_string(), "no map of 1990 is known; the history has 2013 to 2026");
}

fn change(day: Date, old: Option<(&str, &str)>, new: Option<(&str, &str)>) -> ListedChange {
    let region = |(code, name)| listed(code, name);
    ListedChange {
        level: Level::Municipality,
        date: day,
        old: old.map(region),
        new: new.map(region),
    }
}

#[test]
fn changes_of_klass_go_on_where_the_crosswalk_ends() {
    let day = date(2026, 7, 1);
    let mut material = material(vec![row("0101", "3101", Renumbered, Some(1.0))]);
    material.changes = vec![
        change(day, Some(("3101", "Halden")), Some(("3151", "Halden og Aremark"))),
        change(day, None, Some(("3152", "Nykommune"))),
        change(date(2025, 1, 1), Some(("3103", "Moss")), Some(("3103", "Moss by"))),
    ];
    material.known_until = Some(date(2027, 1, 2));
    let history = RegionHistory::new(&material).expect("nothing contradicts");
    let codes = |day| -> Vec<&str> {
        history.valid_on(day, Level::Municipality).iter().map(|unit| unit.code.as_str()).collect()
    };
    assert_eq!(codes(date(2026, 6, 30)), ["3101", "3103"]);
    assert_eq!(codes(day), ["3103", "3151", "3152"]);
    assert_eq!(history.on("0101", day).expect("whole")[0].code, "3151");
    assert_eq!(history.unit_on("3103", day).expect("in force").name, "Moss by");
    assert_eq!(history.on("3103", day).expect("whole")[0].code, "3103");
    let parts = history.conversion(2019, 2027).expect("merged and renumbered only").parts;
    assert_eq!((parts[0].from_code.as_str(), parts[0].to_code.as_str()), ("0101", "3151"));
}

#[test]
fn changes_of_klass_that_lead_in_a_circle_or_to_a_living_code_are_refused() {
    let with = |changes: Vec<ListedChange>| said(&Material { changes, ..material(Vec::new()) });
    let (first, second) = (date(2025, 1, 1), date(2026, 1, 1));
    assert_eq!(
        with(vec![
            change(first, Some(("3101", "Halden")), Some(("3151", "Halden"))),
            change(second, Some(("3151", "Halden")), Some(("3101", "Halden"))),
        ]),
        "the changes lead in a circle: 3101 -> 3151 -> 3101"
    );
    assert_eq!(
        with(vec![change(first, Some(("3101", "Halden")), Some(("3103", "Moss")))]),
        "accepted"
    );
}

#[test]
fn a_list_of_changes_cannot_take_away_what_the_crosswalk_knows_whole() {
    let Some(shared) = testkit::shared() else { return };
    let mut material = crate::facts::material(&shared);
    let new_year = date(2024, 1, 1);
    let verran = date(2020, 1, 1);
    material.changes = vec![
        // What one public list makes of 2024: Haram's part is missing.
        change(new_year, Some(("1507", "Ålesund")), Some(("1508", "Ålesund"))),
        // Land that moved, listed beside the step: Verrabotn, and another piece of Verran.
        change(verran, Some(("5039", "Verran")), Some(("5006", "Steinkjer"))),
        change(verran, Some(("5039", "Verran")), Some(("5054", "Indre Fosen"))),
        change(verran, Some(("5039", "Verran")), Some(("5053", "Inderøy"))),
        // Rauma lost land and lives on, though no row says so.
        change(date(2021, 1, 1), Some(("1539", "Rauma")), Some(("1535", "Vestnes"))),
    ];
    let history = RegionHistory::new(&material).expect("nothing contradicts");
    let split = history.on("1507", new_year).expect("two shares");
    assert_eq!(
        split.iter().map(|part| part.weight).collect::<Vec<_>>(),
        [Some(0.8621), Some(0.1379)]
    );
    let whole = history.on("5039", verran).expect("whole");
    assert_eq!(whole.iter().map(|part| part.code.as_str()).collect::<Vec<_>>(), ["5006"]);
    let kinds: Vec<String> = history
        .successors("5039", verran)
        .map(|change| format!("{} {}", change.new_code, change.kind.name()))
        .collect();
    assert_eq!(kinds, ["5006 merged", "5053 boundary_adjusted", "5054 boundary_adjusted"]);
    assert!(history.unit_on("1539", date(2022, 1, 1)).is_some(), "Rauma is still there");
    history.conversion(2017, 2026).expect("all shares are known");
    material.changes = vec![change(verran, Some(("0199", "Ukjent")), Some(("3001", "Halden")))];
    assert_eq!(said(&material), "`0199` is said to have become `3001`, which is no region");
}

#[test]
fn a_code_that_the_next_list_still_has_did_not_end() {
    let vintage = |from: Date, codes: &[&str]| klass::history::Vintage {
        level: Level::Grunnkrets,
        from,
        until: None,
        listed: codes.iter().map(|code| listed(code, "Krets")).collect(),
    };
    let of = |old: &str, new: &str| ListedChange {
        level: Level::Grunnkrets,
        ..change(date(2025, 1, 1), Some((old, "Krets")), Some((new, "Krets")))
    };
    let material = Material {
        vintages: vec![
            vintage(date(2024, 1, 1), &["31010101", "31010102", "31010103"]),
            vintage(date(2026, 1, 1), &["31010101", "31010104", "31010105", "31010106"]),
        ],
        changes: vec![
            of("31010101", "31010104"),
            of("31010102", "31010104"),
            of("31010103", "31010105"),
            of("31010103", "31010106"),
        ],
        ..material(vec![row("0101", "3101", Renumbered, Some(1.0))])
    };
    let history = RegionHistory::new(&material).expect("nothing contradicts");
    let kinds: Vec<String> = history
        .changes()
        .iter()
        .filter(|change| change.level == Level::Grunnkrets)
        .map(|change| format!("{} {} {}", change.old_code, change.new_code, change.kind.name()))
        .collect();
    assert_eq!(
        kinds,
        [
            "31010101 31010104 boundary_adjusted",
            "31010102 31010104 merged",
            "31010103 31010105 split",
            "31010103 31010106 split",
        ]
    );
    let on = |day| history.valid_on(day, Level::Grunnkrets).len();
    assert_eq!((on(date(2024, 12, 31)), on(date(2025, 1, 1)), on(date(2026, 1, 1))), (3, 4, 4));
    assert_eq!(history.parent("31010104", date(2025, 1, 1)), Some("310101"));
}
