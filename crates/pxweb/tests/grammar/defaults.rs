//! The default selection, case by case.

use pxweb::Table;
use pxweb::selection::Selection;

use crate::builders::{long, optional, table, variable};

/// Rows | columns | left out, each with its number of codes.
fn default(table: &Table) -> String {
    let selection = Selection::default_for(table);
    let placement = selection.placement.clone().expect("a default is placed");
    let count = |code: &String| {
        let asked = selection.variables.iter().find(|asked| asked.variable == *code);
        asked.expect("placed variables are selected").items.len()
    };
    let list = |codes: &[String]| -> String {
        let said: Vec<String> =
            codes.iter().map(|code| format!("{code}:{}", count(code))).collect();
        said.join(" ")
    };
    let placed = [placement.stub.clone(), placement.heading.clone()].concat();
    let gone = selection.variables.iter().filter(|asked| !placed.contains(&asked.variable));
    let gone: Vec<&str> = gone.map(|asked| asked.variable.as_str()).collect();
    let columns = list(&placement.heading);
    format!("{} | {columns} | without {gone:?}", list(&placement.stub))
}

fn optional_long(code: &str, count: usize) -> pxweb::Variable {
    pxweb::Variable { elimination: true, ..long(code, count) }
}

#[test]
fn each_case_of_the_reference() {
    let contents = || variable("ContentsCode", &["a"]);
    let (six, two) = (long("ContentsCode", 6), long("ContentsCode", 2));
    let lines = [
        default(&table(vec![two.clone(), long("Tid", 40)])),
        default(&table(vec![six.clone(), long("Tid", 40)])),
        default(&table(vec![long("Region", 2_000), contents(), long("Tid", 40)])),
        default(&table(vec![long("Region", 20), two.clone(), long("Tid", 40)])),
        default(&table(vec![
            long("Region", 360),
            long("Type", 5),
            long("Eier", 7),
            optional("Kjonn", &["1", "2"]),
            contents(),
            long("Tid", 40),
        ])),
        default(&table(vec![
            long("Region", 360),
            optional("Kjonn", &["1", "2"]),
            optional_long("Alder", 106),
            contents(),
            long("Tid", 40),
        ])),
        default(&table(vec![
            optional_long("Region", 360),
            optional("Kjonn", &["1", "2"]),
            optional_long("Alder", 106),
            contents(),
            long("Tid", 40),
        ])),
        default(&table(vec![long("A", 4)])),
        default(&table(vec![long("A", 4), long("B", 3), long("C", 20), optional_long("D", 2)])),
        default(&table(vec![])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Tid:13 | ContentsCode:2 | without []
    ContentsCode:6 | Tid:13 | without []
    Region:1500 | ContentsCode:1 Tid:13 | without []
    Region:20 | Tid:1 ContentsCode:2 | without []
    Region:360 | ContentsCode:1 Tid:1 Type:1 Eier:7 | without ["Kjonn"]
    Region:360 | ContentsCode:1 Tid:1 Alder:13 | without ["Kjonn"]
    Region:360 | ContentsCode:1 Tid:1 Alder:13 | without ["Kjonn"]
    A:4 |  | without []
    C:20 | B:1 A:4 | without ["D"]
     |  | without []
    "#);
}

#[test]
fn nothing_asked_is_the_default_and_its_own_placement() {
    let table = table(vec![
        optional_long("Region", 360),
        optional("Kjonn", &["1", "2"]),
        optional_long("Alder", 106),
        variable("ContentsCode", &["a"]),
        long("Tid", 40),
    ]);
    let placement =
        Some(pxweb::selection::Placement { heading: vec![], stub: vec!["Kjonn".to_owned()] });
    let evaluated =
        Selection { variables: vec![], placement }.evaluate(&table, 100_000).expect("a default");
    assert_eq!(evaluated.cells(), 360 * 13);
    assert_eq!(evaluated.eliminated, [1]);
    assert!(evaluated.silently_eliminated.is_empty(), "nobody asked for it");
    let order: Vec<usize> = evaluated.variables.iter().map(|one| one.variable).collect();
    assert_eq!(order, [0, 3, 4, 2]);
}
