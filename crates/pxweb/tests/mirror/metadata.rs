use serde_json::{Value, json};

use crate::shelf::{ask, json_of, mirror};

fn metadata(query: &str) -> Value {
    json_of(mirror().reply(&ask(&format!("/tables/07459/metadata{query}"))))
}

#[test]
fn metadata_have_no_values_and_offer_the_code_lists() {
    let metadata = metadata("");
    assert_eq!(metadata["value"], json!([]));
    assert_eq!(metadata["size"], json!([3, 3, 2, 2, 4]));
    let region = &metadata["dimension"]["Region"]["extension"];
    assert_eq!(
        region["codelists"],
        json!([{
            "id": "agg_Fylker",
            "label": "Fylker",
            "type": "Aggregation",
            "links": [{
                "rel": "metadata",
                "hreflang": "no",
                "href": "http://127.0.0.1:8080/pxwebapi/v2/codelists/agg_Fylker?lang=no",
            }],
        }])
    );
    assert_eq!(metadata["dimension"]["Kjonn"]["extension"]["eliminationValueCode"], "0");
    assert_eq!(metadata["dimension"]["Tid"]["extension"]["show"], "code");
}

#[test]
fn a_variable_can_be_seen_through_a_code_list() {
    let seen = metadata("?codelist[region]=agg_Fylker");
    let category = &seen["dimension"]["Region"]["category"];
    assert_eq!(category["index"], json!({ "F-03": 0, "F-11": 1 }));
    assert_eq!(category["label"]["F-11"], "Rogaland");
    let refused = mirror().reply(&ask("/tables/07459/metadata?codelist[Kjonn]=agg_Fylker"));
    assert_eq!(refused.status, 400);
}

#[test]
fn a_code_list_says_what_each_value_stands_for() {
    let list = json_of(mirror().reply(&ask("/codelists/agg_Fylker?lang=en")));
    assert_eq!(list["type"], "Aggregation");
    assert_eq!(list["languages"], json!(["en", "no"]));
    assert_eq!(list["values"][1]["valueMap"], json!(["1103", "1127", "1141"]));
    assert_eq!(list["values"][1]["notes"], json!([]));
}

#[test]
fn the_default_selection_is_what_data_without_a_selection_are() {
    let default = json_of(mirror().reply(&ask("/tables/07459/defaultselection")));
    let selection = default["selection"].as_array().expect("a selection");
    assert_eq!(selection.len(), 5, "variables that are left out stand in it, without codes");
    let data = json_of(mirror().reply(&ask("/tables/07459/data")));
    let ids: Vec<&Value> = selection
        .iter()
        .filter(|one| one["valueCodes"].as_array().is_some_and(|codes| !codes.is_empty()))
        .map(|one| &one["variableCode"])
        .collect();
    assert_eq!(data["id"].as_array().expect("ids").iter().collect::<Vec<_>>(), ids);
}

#[test]
fn config_says_that_nothing_is_counted() {
    let config = json_of(mirror().reply(&ask("/config")));
    assert_eq!(config["maxDataCells"], 800_000);
    assert_eq!((&config["maxCallsPerTimeWindow"], &config["timeWindow"]), (&json!(0), &json!(0)));
    assert_eq!(config["defaultLanguage"], "no");
    assert_eq!(
        config["dataFormats"],
        json!(["json-stat2", "csv", "px", "xlsx", "html", "json-px", "parquet"])
    );
}
