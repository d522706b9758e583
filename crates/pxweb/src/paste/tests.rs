use super::*;
use crate::{CodeList, CodeListKind, CodeListValue, Table, Variable};

/// What was understood, in one line, and the repairs after it.
fn said(pasted: &Pasted) -> String {
    let Pasted { server, table, saved_query, language, format, .. } = pasted;
    let mut words = Vec::new();
    for (name, value) in [("at", server), ("table", table), ("saved", saved_query)] {
        words.extend(value.as_ref().map(|value| format!("{name} {value}")));
    }
    for (name, value) in [("in", language), ("as", format)] {
        words.extend(value.as_ref().map(|value| format!("{name} {value}")));
    }
    for one in &pasted.selection.variables {
        let list = one.code_list.as_ref().map(|id| format!("@{id}")).unwrap_or_default();
        words.push(format!("{}{list}={}", one.variable, one.items.join(" ")));
    }
    for repair in &pasted.repairs {
        let values: Vec<&str> = repair.places.iter().map(|(_, value)| value.as_str()).collect();
        words.push(format!("\n  {}: {}", repair.key, values.join(" -> ")));
    }
    words.join(" ")
}

fn paste(text: &str) -> String {
    match understand(text) {
        Ok(pasted) => said(&pasted),
        Err(error) => format!("{}: {}", error.key, error.problem),
    }
}

fn completed(text: &str) -> String {
    let mut pasted = understand(text).expect("it is understood");
    pasted.complete(&population());
    said(&pasted)
}

fn variable(code: &str, label: &str, pairs: &[(&str, &str)]) -> Variable {
    Variable {
        code: code.to_owned(),
        label: label.to_owned(),
        codes: pairs.iter().map(|(code, _)| (*code).to_owned()).collect(),
        labels: pairs.iter().map(|(_, label)| (*label).to_owned()).collect(),
        ..Variable::default()
    }
}

fn population() -> Table {
    let mut region =
        variable("Region", "region", &[("0301", "Oslo"), ("1514", "Herøy"), ("1818", "Herøy")]);
    region.elimination = true;
    region.code_lists = vec!["agg_KommSummer".to_owned(), "vs_Kommun".to_owned()];
    let contents = variable("ContentsCode", "statistikkvariabel", &[("Personer1", "Personer")]);
    let mut time = variable("Tid", "år", &[("2024", "2024"), ("2025", "2025")]);
    time.is_time = true;
    let value = CodeListValue {
        code: "K-0301".to_owned(),
        label: "Oslo".to_owned(),
        value_map: vec!["0301".to_owned()],
    };
    let list = CodeList {
        id: "agg_KommSummer".to_owned(),
        label: "Municipalities".to_owned(),
        kind: CodeListKind::Aggregation,
        values: vec![value],
    };
    Table {
        id: "07459".to_owned(),
        variables: vec![region, contents, time],
        code_lists: [(list.id.clone(), list)].into(),
        ..Table::default()
    }
}

const DATA: &str = "https://data.ssb.no/api/pxwebapi/v2/tables/07459/data";

#[test]
fn ids_are_taken_for_tables_and_saved_queries() {
    assert_eq!(paste("07459"), "table 07459");
    assert_eq!(paste(" \"TAB638\" "), "table TAB638");
    assert_eq!(paste("7459"), "table 07459 \n  zeros_in_front: 7459 -> 07459");
    assert_eq!(paste("10012345"), "saved 10012345");
    assert_eq!(paste("folkemengde"), "unknown: `folkemengde`");
    assert_eq!(paste(""), "empty: nothing was pasted");
}

#[test]
fn pages_of_the_web_name_their_tables() {
    let page = |rest: &str| paste(&format!("https://www.ssb.no{rest}"));
    assert_eq!(page("/statbank/table/07459"), "at ssb table 07459 in no");
    assert_eq!(page("/en/statbank/table/07459/tableViewLayout1/"), "at ssb table 07459 in en");
    assert_eq!(page("/statbank/sq/10012345"), "at ssb saved 10012345 in no");
    assert_eq!(paste("www.ssb.no/statbank/table/07459/"), "at ssb table 07459 in no");
    assert_eq!(
        paste(
            "https://pxdata.stat.fi/PxWeb/pxweb/en/StatFin/StatFin__vaerak/statfin_vaerak_pxt_11ra.px/"
        ),
        "at statfin table vaerak/statfin_vaerak_pxt_11ra.px in en"
    );
    assert!(page("/befolkning").starts_with("unknown_address"), "{}", page("/befolkning"));
}

#[test]
fn addresses_of_the_interfaces_are_understood_at_any_host() {
    assert_eq!(
        paste(&format!(
            "{DATA}?lang=no&outputFormat=csv&valueCodes[Region]=K-*&codelist[Region]=agg_KommSummer&valueCodes[Tid]=[top(3,2)]"
        )),
        "at ssb table 07459 in no as csv Region@agg_KommSummer=K-* Tid=top(3,2)"
    );
    assert_eq!(
        paste("http://127.0.0.1:8080/pxwebapi/v2/tables/07459/metadata?lang=en"),
        "at http://127.0.0.1:8080/pxwebapi/v2 table 07459 in en"
    );
    assert_eq!(paste("https://data.ssb.no/api/v0/en/table/07459"), "at ssb table 07459 in en");
    assert_eq!(
        paste("https://api.scb.se/OV0104/v1/doris/sv/ssd/BE/BE0101/BE0101A/BefolkningNy"),
        "at scb table BE/BE0101/BE0101A/BefolkningNy in sv"
    );
    assert_eq!(
        paste("https://data.ssb.no/api/pxwebapi/v2/savedqueries/10012345/data?outputFormat=px"),
        "at ssb saved 10012345 as px"
    );
}

#[test]
fn an_encoded_address_is_the_same_address() {
    let encoded = format!(
        "{DATA}?lang=no&valueCodes%5BRegion%5D=0301%2C1514&valueCodes%5BTid%5D=%5Brange(2024%2C2025)%5D"
    );
    assert_eq!(paste(&encoded), "at ssb table 07459 in no Region=0301 1514 Tid=range(2024,2025)");
}

#[test]
fn what_would_be_refused_is_repaired_and_said() {
    assert_eq!(
        paste(&format!(
            "{DATA}?lang=no&amp;format=jsonstat2&amp;valueCodes[Tid]=top(3,2)&amp;valueCodes[Region]=0301,0301"
        )),
        "at ssb table 07459 in no as json-stat2 Tid=top(3,2) Region=0301 \n  ampersands:  \
         \n  parameter: format -> outputFormat \n  format: jsonstat2 -> json-stat2 \
         \n  brackets: top(3,2) -> [top(3,2)] \n  repeated_codes: Region"
    );
    assert_eq!(
        paste(&format!(
            "{DATA}?valueCodes[Tid]=2024$$SORT&valueCodes[$$SORT]=1&heading=Tid,$$SORT_ASC&outputformats=csv"
        )),
        "at ssb table 07459 as csv Tid=2024 \n  parameter: outputformats -> outputFormat \
         \n  sort: 2024$$SORT \n  sort: $$SORT_ASC \n  sort: $$SORT"
    );
    assert_eq!(
        paste(&format!("{DATA}?valueCodes[Alder]=105+,104&codelist[Region]=agg_KommSummer")),
        "at ssb table 07459 Alder=105+ 104 Region@agg_KommSummer=* \n  plus:  \n  code_list_alone: Region"
    );
}

#[test]
fn bodies_of_both_versions_are_understood() {
    let old = r#"{"query":[{"code":"Region","selection":{"filter":"agg:KommSummer","values":["K-0301"]}},
        {"code":"Tid","selection":{"filter":"TOP","values":["5"]}},
        {"code":"Kjonn","selection":{"filter":"all","values":["*"]}}],"response":{"format":"json-stat2"}}"#;
    assert_eq!(paste(old), "as json-stat2 Region@agg_KommSummer=K-0301 Tid=top(5) Kjonn=*");
    let with_address = format!("POST https://data.ssb.no/api/v0/no/table/07459\n\n{old}");
    assert_eq!(
        paste(&with_address),
        "at ssb table 07459 in no as json-stat2 Region@agg_KommSummer=K-0301 Tid=top(5) Kjonn=*"
    );
    let new = r#"{"selection":[{"variableCode":"Tid","valueCodes":["top(1)"]}]}"#;
    assert_eq!(paste(new), "Tid=top(1)");
    let saved =
        format!(r#"{{"tableId":"07459","language":"no","outputFormat":"px","selection":{new}}}"#);
    assert_eq!(paste(&saved), "table 07459 in no as px Tid=top(1)");
    assert_eq!(paste(r#"{"a":1}"#), "unknown_body: a");
    assert!(paste("{\"query\": [").starts_with("not_json"));
}

#[test]
fn habits_of_one_version_in_the_other_are_repaired() {
    let old = r#"{"query":[{"code":"Tid","selection":{"filter":"item","values":["top(3)"]}},
        {"code":"Region","selection":{"filter":"AGG:KommSummer","values":["K-0301"]}}]}"#;
    assert_eq!(
        paste(old),
        "Tid=top(3) Region@agg_KommSummer=K-0301 \n  expression_in_item: Tid -> top(3) \
         \n  filter: AGG:KommSummer -> agg:KommSummer"
    );
}

#[test]
fn commands_of_curl_are_understood() {
    assert_eq!(
        paste(&format!("curl -g -s '{DATA}?valueCodes[Tid]=2024' -o out.json")),
        "at ssb table 07459 Tid=2024"
    );
    assert_eq!(
        paste(
            "$ curl -X POST https://data.ssb.no/api/v0/no/table/07459 \\\n  -H 'Content-Type: application/json' \\\n  --data '{\"query\":[]}'"
        ),
        "at ssb table 07459 in no"
    );
    assert_eq!(
        paste(&format!("curl -G \"{DATA}\" --data-urlencode 'valueCodes[Alder]=105+' -d lang=en")),
        "at ssb table 07459 in en Alder=105+"
    );
    assert_eq!(paste("curl --help"), "no_address: the command names no address");
    assert_eq!(paste(&format!("curl {DATA} -d @body.json")), "body_in_file: @body.json");
}

#[test]
fn what_may_not_be_left_out_is_added_by_the_rules_of_its_version() {
    assert_eq!(
        completed(&format!("{DATA}?valueCodes[Region]=0301")),
        "at ssb table 07459 Region=0301 ContentsCode=* Tid=top(1) \
         \n  missing_variable: ContentsCode -> * \n  missing_variable: Tid -> top(1)"
    );
    assert_eq!(
        completed(r#"{"query":[],"response":{}}"#),
        "ContentsCode=* Tid=* \n  missing_variable: ContentsCode -> * \n  missing_variable: Tid -> *"
    );
    assert_eq!(completed("07459"), "table 07459");
}

#[test]
fn labels_and_misspelt_lists_become_codes_where_they_mean_one_thing() {
    assert_eq!(
        completed(&format!(
            "{DATA}?valueCodes[region]=Oslo,Her%C3%B8y&codelist[region]=kommsummer&valueCodes[%C3%A5r]=2025&valueCodes[contentscode]=personer"
        )),
        "at ssb table 07459 Region@agg_KommSummer=K-0301 Herøy Tid=2025 ContentsCode=Personer1 \
         \n  label_for_variable: år -> Tid \n  code_list: kommsummer -> agg_KommSummer \
         \n  label_for_code: Oslo -> K-0301 \n  label_for_code: personer -> Personer1"
    );
    assert_eq!(
        completed(&format!(
            "{DATA}?valueCodes[Region]=Her%C3%B8y&valueCodes[%C3%A5r]=2025&valueCodes[Tid]=2024&valueCodes[ContentsCode]=*"
        )),
        "at ssb table 07459 Region=Herøy Tid=2025 2024 ContentsCode=* \
         \n  label_for_variable: år -> Tid \n  variable_twice: Tid",
        "two municipalities are called Herøy: neither is picked"
    );
}
