use insta::assert_snapshot;
use pxweb::mirror::Ask;
use serde_json::json;

use crate::shelf::{ask, mirror, post, text};

/// A refusal as it stands on the wire.
fn refusal(target: &str) -> String {
    let (status, body) = text(mirror().reply(&ask(target)));
    format!("{status} {body}")
}

fn data(query: &str) -> String {
    refusal(&format!("/tables/07459/data?{query}"))
}

const REST: &str = "valueCodes[ContentsCode]=Personer&valueCodes[Tid]=2026";

#[test]
fn each_fault_has_the_servers_status_and_title() {
    let lines = [
        refusal("/tables?lang=de"),
        refusal("/config?lang=de"),
        refusal("/tables?pageNumber=99"),
        refusal("/tables?pageSize=many"),
        refusal("/tables/99999"),
        refusal("/tables/99999/metadata"),
        refusal("/tables/99999/defaultselection"),
        refusal("/tables/99999/data?valueCodes[A]=1"),
        refusal("/codelists/agg_fylker"),
        refusal("/savedqueries/17"),
        refusal("/navigation"),
        data("valueCodes[Landsdel]=1"),
        data(&format!("valueCodes[Region]=0302&{REST}")),
        data(&format!("valueCodes[Region]=0*1*2&{REST}")),
        data(&format!("valueCodes[Region]=F-03&codelist[Region]=agg_X&{REST}")),
        data("valueCodes[Region]=0301"),
        data(&format!("valueCodes[Region]=0301,0301&{REST}")),
        data("valueCodes=0301"),
        data("outputFormat=sdmx"),
        data("outputFormat=px&outputFormatParams=UseCodes"),
        data("outputFormat=html&outputFormatParams=SeparatorTab"),
    ];
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_limit_on_cells_is_the_servers() {
    let settings = pxweb::mirror::Settings { max_cells: 100, ..Default::default() };
    let shelf = crate::shelf::Tables::default().with("X", crate::shelf::population());
    let mirror = pxweb::mirror::Mirror::new(shelf, settings);
    let query = "valueCodes[Region]=*&valueCodes[Kjonn]=*&valueCodes[Alder]=*&valueCodes[ContentsCode]=*&valueCodes[Tid]=*";
    let (status, body) = text(mirror.reply(&ask(&format!("/tables/X/data?{query}"))));
    assert_eq!(status, 400);
    assert!(body.contains("\"title\":\"Too many cells selected\""), "{body}");
}

#[test]
fn a_target_that_is_too_long_meets_a_page() {
    let long = Ask { target_length: 2_101, ..ask("/config") };
    let reply = mirror().reply(&long);
    assert_eq!((reply.status, reply.header("content-type")), (404, Some("text/html")));
    assert_eq!(mirror().reply(&Ask { target_length: 2_100, ..ask("/config") }).status, 200);
}

#[test]
fn a_body_that_cannot_be_read_is_a_validation_problem() {
    let broken = Ask { body: b"{".to_vec(), ..post("/tables/07459/data", &json!({})) };
    let reply = mirror().reply(&broken);
    assert_eq!(reply.status, 400);
    assert_eq!(reply.header("content-type"), Some("application/problem+json; charset=utf-8"));
}

#[test]
fn only_the_methods_of_an_address_are_taken() {
    let wrong = Ask { method: "DELETE".to_owned(), ..ask("/tables/07459/data") };
    let reply = mirror().reply(&wrong);
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, POST")));
}
