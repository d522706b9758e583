use insta::assert_snapshot;
use pxweb::mirror::Ask;
use serde_json::{Value, json};

use crate::shelf::{ask, json_of, mirror, text};

fn at(method: &str, target: &str, body: Option<&Value>) -> Ask {
    let asked = ask(target);
    let path = asked.path.replace("/pxwebapi/v2", "/api/v0");
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Ask { method: method.to_owned(), path, body, ..asked }
}

fn run(query: Value, format: &str) -> String {
    let body = json!({ "query": query, "response": { "format": format } });
    let (status, text) = text(mirror().reply(&at("POST", "/no/table/07459", Some(&body))));
    format!("{status} {text}")
}

fn part(code: &str, filter: &str, values: &[&str]) -> Value {
    json!({ "code": code, "selection": { "filter": filter, "values": values } })
}

#[test]
fn the_old_metadata_leave_out_what_is_false() {
    let metadata = json_of(mirror().reply(&at("GET", "/no/table/be/be01/07459", None)));
    assert_eq!(metadata["variables"][4]["time"], true);
    assert_eq!(metadata["variables"][1]["elimination"], true);
    assert!(metadata["variables"][0].get("elimination").is_none());
    assert_eq!(metadata["variables"][1]["valueTexts"][0], "Begge kjønn");
}

#[test]
fn what_may_not_be_left_out_and_is_comes_whole() {
    assert_snapshot!(run(json!([part("Region", "item", &["1103"])]), "csv3"), @r#"
    200 "Region","ContentsCode","Tid","Befolkning"
    "1103","Personer","2023",104
    "1103","Personer","2024",106
    "1103","Personer","2025",108
    "1103","Personer","2026",110
    "1103","Endring","2023",112
    "1103","Endring","2024",114
    "1103","Endring","2025",116
    "1103","Endring","2026",118
    "#);
}

#[test]
fn filters_are_the_old_ones() {
    let query = json!([
        part("Region", "agg:Fylker", &["F-11"]),
        part("ContentsCode", "all", &["*er"]),
        part("Tid", "top", &["2"]),
        part("Kjonn", "Item", &["1", "2"]),
        part("Alder", "all", &["0*"]),
    ]);
    assert_snapshot!(run(query, "csv2"), @r#"
    200 "region","kj�nn","alder","statistikkvariabel","�r","Befolkning"
    "Rogaland","Menn","0 �r","Personer","2025",180
    "Rogaland","Menn","0 �r","Personer","2026",182
    "Rogaland","Kvinner","0 �r","Personer","2025",212
    "Rogaland","Kvinner","0 �r","Personer","2026",214
    "#);
}

#[test]
fn refusals_say_little() {
    let region =
        |filter: &str, values: &[&str]| run(json!([part("Region", filter, values)]), "csv3");
    let lines = [
        region("item", &["0302"]),
        region("item", &["0301", "0301"]),
        region("all", &["03"]),
        region("top", &["0"]),
        region("agg:Fylker", &["*"]),
        region("vs:X", &["0301"]),
        region("item", &[]),
        run(json!([part("region", "item", &["0301"])]), "csv3"),
        run(json!([]), "jsonstat2"),
    ];
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn version_1_of_json_stat_is_wrapped() {
    let answer =
        run(json!([part("Region", "item", &["0301"]), part("Tid", "top", &["1"])]), "json-stat");
    let answer: Value = serde_json::from_str(answer.trim_start_matches("200 ")).expect("JSON");
    let dimension = &answer["dataset"]["dimension"];
    assert_eq!(dimension["id"], json!(["Region", "ContentsCode", "Tid"]));
    assert_eq!(dimension["size"], json!([1, 2, 1]));
    assert_eq!(answer["dataset"]["value"], json!([14, 22]));
}

#[test]
fn tables_are_listed_and_searched() {
    let list = json_of(mirror().reply(&at("GET", "/no/table/", None)));
    assert_eq!(
        list,
        json!([{
            "id": "07459", "type": "t",
            "text": "07459: Befolkning, etter region, kjønn, alder og år",
            "updated": "2026-02-19T07:00:00",
        }])
    );
    let hits = json_of(mirror().reply(&at("GET", "/no/table?query=befolkning&filter=*", None)));
    assert_eq!(hits[0]["id"], "07459");
    let config = json_of(mirror().reply(&at("GET", "/no/table?config", None)));
    assert_eq!(config["maxCells"], 800_000);
    let (status, body) = text(mirror().reply(&at("GET", "/de/table", None)));
    assert_eq!((status, body.as_str()), (400, r#"{"error":"Parameter error"}"#));
}
