//! Tables as they were recorded; and answers held against what was asked.

use cube::{Cube, Dimension, Statuses, Values};
use pxweb::Table;
use pxweb::selection::Surprise;

use crate::builders::{asked, selection};

fn recorded(path: &str, id: &str) -> Option<Table> {
    let bytes = std::fs::read(testkit::shared()?.join("real").join(path)).expect("the recording");
    let cube = cube::jsonstat::read(&bytes).expect("a JSON-stat dataset");
    Some(Table::from_metadata(id, &cube).expect("a table"))
}

#[test]
fn ssb_s_population_by_age_is_a_table() {
    let Some(table) = recorded("ssb/v2/05810/metadata-en.json", "05810") else { return };
    // Positions decide, not the order in which the codes are written.
    assert_eq!(table.variables[0].codes, ["0", "2", "1"]);
    assert_eq!(table.variables[0].labels, ["Both sexes", "Females", "Males"]);
    let mandatory: Vec<bool> = table.variables.iter().map(|one| !one.elimination).collect();
    assert_eq!(mandatory, [false, false, true, true]);
    assert_eq!((table.metric(), table.time()), (Some(2), Some(3)));
    assert_eq!(table.stub, ["Kjonn", "Alder"]);
    assert_eq!(table.heading, ["ContentsCode", "Tid"]);
    assert_eq!(table.updated.as_deref(), Some("2025-02-25T07:00:00Z"));
    let newest = selection(vec![asked("ContentsCode", &["*"]), asked("time", &["top(2)"])]);
    let evaluated = newest.evaluate(&table, 800_000).expect("a sound selection");
    assert_eq!(evaluated.variables[1].codes, ["2024", "2025"]);
    assert_eq!(evaluated.eliminated, [0, 1]);
}

#[test]
fn the_reference_server_s_tables_have_roles_and_totals() {
    let path = "pxwebapi-reference-server/metadata-tab001.json";
    let Some(table) = recorded(path, "TAB001") else { return };
    let age = &table.variables[2];
    assert_eq!((age.elimination, age.elimination_code.as_deref()), (true, Some("TOTAL")));
    assert!(table.variables[0].is_geo && table.variables[4].is_time);
    let path = "pxwebapi-reference-server/metadata-tab004.json";
    let Some(table) = recorded(path, "TAB004") else { return };
    // The time variable is called TIME, and so is the word for it.
    assert_eq!(table.position("time"), Some(3));
    assert!(table.variables.iter().all(|variable| !variable.elimination));
}

fn bare(dimensions: &[(&str, &[&str])]) -> Cube {
    let dimension = |(code, codes): &(&str, &[&str])| {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Dimension::new(*code, codes, Vec::new()).expect("distinct codes")
    };
    let dimensions = dimensions.iter().map(dimension).collect();
    Cube::new(dimensions, Values::default(), Statuses::none()).expect("distinct dimensions")
}

#[test]
fn a_table_without_roles_is_understood_by_names_and_codes() {
    let table = Table::from_cube(
        "x",
        &bare(&[
            ("Region", &["1103", "1804"]),
            ("periode", &["2024M01", "2024M02"]),
            ("ContentsCode", &["A"]),
        ]),
    );
    assert!(table.variables[0].is_geo);
    assert_eq!((table.time(), table.metric()), (Some(1), Some(2)));
    // Numbers of municipalities look like years, but not of our time.
    let table = Table::from_cube("x", &bare(&[("kommune", &["0301", "1103"]), ("sex", &["1"])]));
    assert_eq!(table.time(), None);
}

#[test]
fn code_lists_are_read_in_both_spellings() {
    for member in ["codelists", "codeLists"] {
        let mut cube = bare(&[("Region", &["0301"])]);
        let lists = serde_json::json!([{ "id": "agg_KommSummer", "type": "Aggregation" }]);
        for dimension in cube.dimensions_mut() {
            dimension.extension.insert(member.to_owned(), lists.clone());
        }
        let table = Table::from_cube("07459", &cube);
        assert_eq!(table.variables[0].code_lists, ["agg_KommSummer"]);
    }
}

/// The differences between what was asked of a table and this answer.
fn surprises(items: [&[&str]; 2], answer: &Cube) -> Vec<Surprise> {
    let mut cube = bare(&[("Region", &["0301", "1103"]), ("Tid", &["2023", "2024"])]);
    let region = cube.dimensions_mut().next().expect("two dimensions");
    region.extension.insert("elimination".to_owned(), true.into());
    let table = Table::from_cube("07459", &cube);
    let asked = selection(vec![asked("Region", items[0]), asked("Tid", items[1])]);
    asked.evaluate(&table, 100).expect("a sound selection").check_against(&table, answer)
}

#[test]
fn an_answer_that_is_what_was_asked_surprises_nobody() {
    let answer = bare(&[("Region", &["0301", "1103"]), ("Tid", &["2024"])]);
    assert_eq!(surprises([&["*"], &["top(1)"]], &answer), []);
}

#[test]
fn what_a_server_does_not_say_is_found_in_its_answer() {
    let variable = || "Region".to_owned();
    let gone = bare(&[("Tid", &["2024"])]);
    assert_eq!(
        surprises([&["99*"], &["2024"]], &gone),
        [Surprise::Eliminated { variable: variable() }]
    );
    assert_eq!(
        surprises([&["*"], &["2024"]], &gone),
        [Surprise::MissingVariable { variable: variable() }]
    );
    let other = bare(&[("Tid", &["2024"]), ("Region", &["1103", "K-1"])]);
    assert_eq!(
        surprises([&["*"], &["2024"]], &other),
        [
            Surprise::MissingCodes { variable: variable(), codes: vec!["0301".to_owned()] },
            Surprise::ExtraCodes { variable: variable(), codes: vec!["K-1".to_owned()] },
            Surprise::OtherOrder {
                asked: vec![variable(), "Tid".to_owned()],
                came: vec!["Tid".to_owned(), variable()],
            },
        ]
    );
    let turned = bare(&[("Region", &["1103", "0301"]), ("Tid", &["2024"]), ("Kjonn", &["1"])]);
    assert_eq!(
        surprises([&["*"], &["2024"]], &turned),
        [
            Surprise::OtherCodeOrder { variable: variable() },
            Surprise::ExtraVariable { variable: "Kjonn".to_owned() },
        ]
    );
}

#[test]
fn eliminated_contents_come_back_as_a_dimension_of_their_own() {
    let answer = bare(&[
        ("ContentsCode", &["EliminatedValue"]),
        ("Region", &["0301", "1103"]),
        ("Tid", &["2024"]),
    ]);
    assert_eq!(surprises([&["*"], &["2024"]], &answer), []);
}

#[test]
fn an_answer_in_another_language_is_noticed() {
    let mut answer = bare(&[("Tid", &["2024"])]);
    assert_eq!(Surprise::in_language("no", &answer), None);
    answer.extension.insert("px".to_owned(), serde_json::json!({ "language": "en" }));
    assert_eq!(Surprise::in_language("EN", &answer), None);
    let other = Surprise::in_language("no", &answer).expect("English");
    assert_eq!(other.places(), [("asked", "no".to_owned()), ("came", "en".to_owned())]);
}
