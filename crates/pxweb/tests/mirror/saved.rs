use serde_json::{Value, json};

use crate::shelf::{ask, json_of, mirror, post, text};

fn query() -> Value {
    json!({
        "tableId": "07459",
        "language": "no",
        "selection": { "selection": [
            { "variableCode": "Region", "codelist": "agg_Fylker", "valueCodes": ["*"] },
            { "variableCode": "ContentsCode", "valueCodes": ["Personer"] },
            { "variableCode": "Tid", "valueCodes": ["top(1)"] },
        ] },
        "outputFormat": "csv",
        "outputFormatParams": ["UseTexts"],
    })
}

#[test]
fn a_saved_query_runs_as_it_was_saved_unless_asked_otherwise() {
    let mirror = mirror();
    let reply = mirror.reply(&post("/savedqueries", &query()));
    assert_eq!(reply.status, 201);
    let saved = json_of(reply);
    let id = saved["id"].as_str().expect("an id");
    assert_eq!(saved["savedQuery"]["tableId"], "07459");
    let (status, csv) = text(mirror.reply(&ask(&format!("/savedqueries/{id}/data"))));
    assert_eq!(status, 200);
    assert!(csv.contains("\"Rogaland\""), "{csv}");
    let data =
        json_of(mirror.reply(&ask(&format!("/savedqueries/{id}/data?outputFormat=json-stat2"))));
    assert_eq!(data["size"], json!([2, 1, 1]));
    let selection = json_of(mirror.reply(&ask(&format!("/savedqueries/{id}/selection"))));
    assert_eq!(selection["selection"][0]["valueCodes"], json!(["F-03", "F-11"]));
    assert_eq!(json_of(mirror.reply(&ask(&format!("/savedqueries/{id}"))))["id"], id);
}

#[test]
fn the_same_query_has_the_same_id_everywhere() {
    let id = |query: &Value| json_of(mirror().reply(&post("/savedqueries", query)))["id"].clone();
    assert_eq!(id(&query()), id(&query()));
    let mut other = query();
    other["outputFormat"] = json!("html");
    assert_ne!(id(&query()), id(&other));
}

#[test]
fn members_that_the_server_wants_are_missed() {
    let mut body = query();
    body.as_object_mut().expect("an object").remove("outputFormatParams");
    let (status, problem) = text(mirror().reply(&post("/savedqueries", &body)));
    assert_eq!(status, 400);
    assert!(problem.contains("The OutputFormatParams field is required."), "{problem}");
}

#[test]
fn what_cannot_be_answered_is_not_saved() {
    let mut body = query();
    body["selection"]["selection"][2]["valueCodes"] = json!(["1066"]);
    assert_eq!(mirror().reply(&post("/savedqueries", &body)).status, 400);
}
