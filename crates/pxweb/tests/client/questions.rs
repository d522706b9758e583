use pxweb::client::{Discontinued, OutputFormat, TableRef, TablesQuery};
use pxweb::v0;
use pxweb::wire::SavedQuery;
use pxweb::{FaultKind, Servers};

use crate::fakes::{World, answer};

fn table() -> TableRef {
    TableRef { id: "07459".to_owned(), language: "no".to_owned(), updated: None }
}

fn page(number: u64, ids: &[&str]) -> crate::fakes::Step {
    let tables: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let tables = tables.join(",");
    answer(
        200,
        &format!(r#"{{"tables":[{tables}],"page":{{"pageNumber":{number},"totalPages":2}}}}"#),
    )
}

#[test]
fn the_whole_catalogue_is_read_page_by_page() {
    let world = World::new([page(1, &["1", "2"]), page(2, &["2", "3"])]);
    let query = TablesQuery {
        language: "en".to_owned(),
        query: "title:house prices".to_owned(),
        past_days: Some(30),
        discontinued: Discontinued::Included,
        page_size: None,
    };
    let tables = world.client().all_tables(&query).expect("both pages come");
    let ids: Vec<&str> = tables.iter().map(|table| table.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"], "an entry that moved is not counted twice");
    assert_eq!(
        world.sent_urls()[1],
        "https://data.ssb.no/api/pxwebapi/v2/tables?lang=en&pageNumber=2\
         &query=title%3Ahouse%20prices&pastDays=30&includeDiscontinued=true&pageSize=1000"
    );
}

#[test]
fn every_question_has_its_address() {
    let dataset = r#"{"class":"dataset","dimension":{}}"#;
    let world = World::new([
        answer(200, r#"{"id":"07459"}"#),
        answer(200, dataset),
        answer(200, r#"{"values":[{"code":"K-0301","valueMap":["0301"]}],"id":"agg_X"}"#),
        answer(200, r#"{"selection":[]}"#),
        answer(200, r#"{"savedQuery":{"tableId":"07459"}}"#),
        answer(200, "region,2025\n0,1\n"),
    ]);
    let client = world.client();
    client.table(&table()).expect("the entry");
    client.metadata(&table()).expect("the metadata");
    let list = client.code_list("agg_X", "").expect("the code list");
    assert_eq!(list.values[0].value_map, ["0301"]);
    client.default_selection(&table()).expect("the default selection");
    let saved = client.saved_query("10012345", "en").expect("the saved query");
    assert_eq!(saved.saved_query.table_id, "07459");
    let csv = OutputFormat { name: "csv".to_owned(), parameters: vec!["UseTexts".to_owned()] };
    client.saved_query_data("10012345", "en", &csv).expect("its data");
    let base = "https://data.ssb.no/api/pxwebapi/v2";
    let rest: Vec<String> = world.sent_urls().iter().map(|url| url.replace(base, "")).collect();
    assert_eq!(
        rest,
        [
            "/tables/07459?lang=no",
            "/tables/07459/metadata?lang=no",
            "/codelists/agg_X?lang=no",
            "/tables/07459/defaultselection?lang=no",
            "/savedqueries/10012345?lang=en",
            "/savedqueries/10012345/data?lang=en&outputFormat=csv&outputFormatParams=UseTexts",
        ]
    );
}

#[test]
fn a_query_is_stored_with_what_the_server_requires() {
    let world = World::new([answer(201, r#"{"id":"10012345","savedQuery":{}}"#)]);
    let query = SavedQuery {
        table_id: "07459".to_owned(),
        output_format: "px".to_owned(),
        ..SavedQuery::default()
    };
    assert_eq!(world.client().save_query(&query).expect("it is stored").id, "10012345");
    let body = world.sent.lock().expect("one thread")[0].body.clone().expect("a POST");
    assert!(body.contains(r#""outputFormatParams":[]"#), "{body}");
}

#[test]
fn a_server_without_version_2_is_asked_in_the_old_way() {
    let statfin = Servers::known().find("statfin").expect("in the list").clone();
    let metadata = r#"{"title":"t","variables":[{"code":"vuosi","text":"Year","values":["2025"],
        "valueTexts":["2025"],"time":true}]}"#;
    let world = World::new([answer(200, metadata), answer(200, "a;b")]);
    let client = world.client_of(statfin, pxweb::client::Settings::default());
    let id = "vaerak/statfin_vaerak_pxt_11ra.px".to_owned();
    let table = TableRef { id, language: "en".to_owned(), updated: None };
    let selectable = client.selectable(&table).expect("the metadata");
    assert_eq!(selectable.time(), Some(0));
    let query = v0::Query::read(br#"{"query":[],"response":{"format":"csv3"}}"#).expect("JSON");
    client.data_v0(&table, &query).expect("the data");
    let address =
        "https://pxdata.stat.fi/PXWeb/api/v1/en/StatFin/vaerak/statfin_vaerak_pxt_11ra.px";
    assert_eq!(world.sent_urls(), [address, address]);
    let error = client.config().expect_err("there is no version 2");
    assert_eq!(error.to_string(), "statfin does not offer v2");
}

#[test]
fn refusals_of_the_old_interface_are_known_by_their_words() {
    let world = World::new([answer(403, r#"{"error":"Too many values selected"}"#)]);
    let error = world.client().data_v0(&table(), &v0::Query::default());
    let error = error.expect_err("the server refuses");
    assert_eq!(error.fault_kind(), Some(FaultKind::TooManyCells));
}

#[test]
fn what_can_be_selected_is_read_from_the_recorded_metadata() {
    let Some(shared) = testkit::shared() else { return };
    let file = shared.join("real/ssb/v2/05810/metadata-en.json");
    let text = std::fs::read_to_string(file).expect("the recording can be read");
    let world = World::new([answer(200, &text)]);
    let table = TableRef { id: "05810".to_owned(), language: "en".to_owned(), updated: None };
    let selectable = world.client().selectable(&table).expect("the recording is understood");
    let codes: Vec<&str> = selectable.variables.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["Kjonn", "Alder", "ContentsCode", "Tid"]);
    assert_eq!(selectable.variables[0].codes, ["0", "2", "1"], "by position, not as written");
}
