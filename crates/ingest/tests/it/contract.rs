//! Tables that have changed, and how that is told.

use cube::{Cube, Dimension};
use ingest::{Source, Sources};
use pxweb::Table;
use serde_json::json;

use crate::world::{SOURCES, accounts, population};

fn source(name: &str) -> Source {
    let sources = Sources::parse("sources.toml", SOURCES).expect("sources");
    sources.find(name).next().expect("a source").clone()
}

/// What the contract of a source says of a table, one line each.
fn report(name: &str, metadata: &Cube) -> String {
    let table = Table::from_metadata("1", metadata).expect("a table");
    let drifts = source(name).contract().check(&table, metadata);
    let told = |drift: &ingest::Drift| {
        format!("{}{drift}", if drift.kind.breaks() { "" } else { "(information) " })
    };
    drifts.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// Table 07459 with its dimensions changed.
fn people(change: impl Fn(Vec<Dimension>) -> Vec<Dimension>) -> Cube {
    let cube = population("2026-02-19T07:00:00Z", 1.0).without_values();
    let dimensions = change(cube.dimensions().to_vec());
    cube.with_cells(dimensions, cube::Values::default(), cube::Statuses::none()).expect("metadata")
}

fn renamed(dimension: &Dimension, code: &str) -> Dimension {
    let mut renamed = dimension.clone();
    renamed.code = code.to_owned();
    renamed
}

#[test]
fn a_table_as_it_was_gives_an_empty_report() {
    assert_eq!(report("population", &people(|dimensions| dimensions)), "");
    assert_eq!(report("accounts", &accounts("2026-03-16T07:00:00Z", 1.0)), "");
}

#[test]
fn every_change_is_told_with_what_resembles_the_old() {
    let mut lines = Vec::new();
    lines.push(report(
        "population",
        &people(|mut all| {
            all[0] = renamed(&all[0], "Regioner");
            all
        }),
    ));
    lines.push(report(
        "population",
        &people(|mut all| {
            all[1].extension.insert("elimination".to_owned(), json!(false));
            all
        }),
    ));
    lines.push(report(
        "population",
        &people(|mut all| {
            all[0]
                .extension
                .insert("codelists".to_owned(), json!([{ "id": "agg_KommSummer2028" }]));
            all
        }),
    ));
    lines.push(report(
        "population",
        &people(|mut all| {
            let labels = vec![Some("Personer".to_owned())];
            all[2] =
                Dimension::new("ContentsCode", vec!["Personer2".to_owned()], labels).expect("one");
            all
        }),
    ));
    lines.push(report(
        "population",
        &people(|mut all| {
            let unit = all[2].units.get_mut("Personer1").expect("a unit");
            unit.base = Some("1000 personer".to_owned());
            all
        }),
    ));
    lines.push(report(
        "population",
        &people(|mut all| {
            let both = vec!["1".to_owned(), "2".to_owned()];
            all.push(Dimension::new("Statsborgerskap", both, Vec::new()).expect("two"));
            all
        }),
    ));
    let mut other = people(|all| all);
    other.label = Some("07459: Boligpriser".to_owned());
    other.extension.insert("discontinued".to_owned(), json!(true));
    lines.push(report("population", &other));
    insta::assert_snapshot!(lines.join("\n"), @r"
    there is no dimension `Region`; nearest: Regioner
    the dimension `Alder` can no longer be left out
    the dimension `Region` has no code list `agg_KommSummer`; nearest: agg_KommSummer2028
    the dimension `ContentsCode` has no code `Personer1`; nearest: Personer2
    the unit of `Personer1` is `1000 personer`, not `personer`
    the dimension `Statsborgerskap` is new and must be chosen from
    the title `07459: Boligpriser` holds none of: befolkning
    (information) the table has ended
    ");
}
