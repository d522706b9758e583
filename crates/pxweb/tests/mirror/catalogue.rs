use pxweb::mirror::{Mirror, Settings};
use serde_json::json;

use crate::shelf::{Tables, ask, json_of, mirror, population, text};

/// Ids that a query finds among the tables of the test, in order.
fn found(query: &str) -> Vec<String> {
    let answer = json_of(many().reply(&ask(&format!("/tables?{query}"))));
    let tables = answer["tables"].as_array().expect("a list").iter();
    tables.map(|table| table["id"].as_str().unwrap_or("?").to_owned()).collect()
}

fn many() -> Mirror<Tables> {
    let titled = |label: &str| {
        let mut cube = population();
        cube.label = Some(label.to_owned());
        cube
    };
    let mut old = titled("Boligpriser, avsluttet");
    old.extension.insert("discontinued".to_owned(), json!(true));
    let mut recent = titled("Boligpriser");
    recent.updated = Some(jiff::Timestamp::now().to_string());
    let shelf = Tables { only_english: vec!["4".to_owned()], ..Tables::default() }
        .with("07459", population())
        .with("1", recent)
        .with("2", old)
        .with("3", titled("Priser på fisk"))
        .with("4", titled("Prices of houses"));
    Mirror::new(shelf, Settings::default())
}

#[test]
fn tables_are_found_by_words_that_must_all_occur() {
    assert_eq!(found(""), ["07459", "1", "3"]);
    assert_eq!(found("query=priser"), ["3"]);
    assert_eq!(found("query=boligpriser&includeDiscontinued=true"), ["1", "2"]);
    assert_eq!(found("query=title:*priser"), ["1", "3"]);
    assert_eq!(found("query=priser fisk"), ["3"]);
    assert_eq!(found("query=priser befolkning"), [""; 0]);
    assert_eq!(found("lang=en&query=prices"), ["4"]);
    assert_eq!(found("query=folketall"), ["07459"], "the shelf's own index is asked first");
    assert_eq!(found("pastDays=1"), ["1"]);
}

#[test]
fn a_malformed_query_is_not_caught() {
    assert_eq!(text(many().reply(&ask("/tables?query=\"bolig"))), (500, String::new()));
}

#[test]
fn pages_lead_to_each_other() {
    let page = json_of(many().reply(&ask("/tables?pageSize=1&pageNumber=2&query=*")));
    assert_eq!(page["tables"][0]["id"], "1");
    let links: Vec<(&str, &str)> = page["page"]["links"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| (link["rel"].as_str().unwrap_or("?"), link["href"].as_str().unwrap_or("?")))
        .collect();
    let at = "http://127.0.0.1:8080/pxwebapi/v2/tables/?lang=no&query=%2A&pagesize=1&pageNumber=";
    assert_eq!(
        links,
        [
            ("next", format!("{at}3").as_str()),
            ("previous", format!("{at}1").as_str()),
            ("last", format!("{at}3").as_str()),
        ]
    );
    assert_eq!(page["page"]["totalElements"], 3);
    assert_eq!(
        json_of(many().reply(&ask("/tables?pageNumber=-1&pagesize=0")))["page"]["pageSize"],
        20
    );
}

#[test]
fn an_entry_by_itself_says_its_language() {
    let entry = json_of(mirror().reply(&ask("/tables/07459?lang=en")));
    let members: Vec<&String> = entry.as_object().expect("an object").keys().collect();
    assert_eq!(
        members,
        [
            "language",
            "id",
            "label",
            "description",
            "sortCode",
            "updated",
            "firstPeriod",
            "lastPeriod",
            "category",
            "variableNames",
            "source",
            "subjectCode",
            "timeUnit",
            "paths",
            "links",
        ]
    );
    assert_eq!(
        (&entry["firstPeriod"], &entry["lastPeriod"], &entry["timeUnit"]),
        (&json!("2023"), &json!("2026"), &json!("Annual"))
    );
    assert_eq!(entry["links"][1]["href"], "http://127.0.0.1:8080/pxwebapi/v2/tables/07459?lang=no");
}

#[test]
fn a_table_of_one_language_does_not_exist_in_the_other() {
    let (status, body) = text(many().reply(&ask("/tables/4?lang=no")));
    assert_eq!(
        (status, body.as_str()),
        (404, r#"{"type":"Parameter error","title":"Non-existent table","status":404}"#)
    );
    assert_eq!(many().reply(&ask("/tables/4?lang=en")).status, 200);
}
