//! A shelf of the tests' own, and the words in which they ask it.

use std::collections::BTreeMap;
use std::sync::Arc;

use cube::Cube;
use pxweb::mirror::{Ask, Entry, Mirror, Reply, Settings, Shelf, Shelved};
use pxweb::{CodeList, CodeListKind, CodeListValue};
use serde_json::{Value, json};

/// Tables and code lists in memory, in every language alike unless the id says otherwise.
#[derive(Debug, Default)]
pub struct Tables {
    pub tables: BTreeMap<String, Arc<Shelved>>,
    pub code_lists: Vec<CodeList>,
    /// Ids that exist in English only.
    pub only_english: Vec<String>,
}

impl Tables {
    pub fn with(mut self, id: &str, cube: Cube) -> Tables {
        let shelved = Shelved::new(id, cube).expect("a cube that can be asked");
        self.tables.insert(id.to_owned(), Arc::new(shelved));
        self
    }

    fn has(&self, id: &str, language: &str) -> bool {
        language == "en" || !self.only_english.iter().any(|one| one == id)
    }
}

impl Shelf for Tables {
    fn catalogue(&self, language: &str) -> Vec<Entry> {
        let tables = self.tables.iter().filter(|(id, _)| self.has(id, language));
        tables.map(|(_, shelved)| shelved.entry()).collect()
    }

    fn table(&self, id: &str, language: &str) -> Option<Arc<Shelved>> {
        self.tables.get(id).filter(|_| self.has(id, language)).cloned()
    }

    fn code_list(&self, id: &str, _language: &str) -> Option<CodeList> {
        self.code_lists.iter().find(|list| list.id == id).cloned()
    }

    fn search(&self, query: &str, _language: &str) -> Option<Vec<String>> {
        (query == "folketall").then(|| vec!["07459".to_owned()])
    }
}

/// Region (mandatory, with an aggregation), sex (total 0), age (no total), contents, four years.
///
/// The number in a cell is its position; cell 1 is a gap with `:`.
pub fn population() -> Cube {
    let dimension = |label: &str, codes: &[(&str, &str)], extension: Value| {
        let index: serde_json::Map<String, Value> =
            codes.iter().zip(0..).map(|((code, _), at)| ((*code).to_owned(), json!(at))).collect();
        let label_of: serde_json::Map<String, Value> =
            codes.iter().map(|(code, label)| ((*code).to_owned(), json!(label))).collect();
        json!({
            "label": label,
            "category": { "index": index, "label": label_of },
            "extension": extension,
        })
    };
    let list =
        json!([{ "id": "agg_Fylker", "label": "Fylker", "type": "Aggregation", "links": [] }]);
    let region = [("0301", "Oslo - Oslove"), ("1103", "Stavanger"), ("1127", "Randaberg")];
    let mut contents = dimension(
        "statistikkvariabel",
        &[("Personer", "Personer"), ("Endring", "Endring")],
        json!({ "elimination": false, "measuringType": { "Personer": "Stock", "Endring": "Flow" } }),
    );
    contents["category"]["unit"] = json!({
        "Personer": { "base": "personer", "decimals": 0 },
        "Endring": { "base": "personer", "decimals": 0 },
    });
    let mut values: Vec<Value> = (0..3 * 3 * 2 * 2 * 4).map(|cell| json!(cell)).collect();
    values[1] = Value::Null;
    let text = json!({
        "version": "2.0", "class": "dataset",
        "label": "07459: Befolkning, etter region, kjønn, alder og år",
        "source": "Statistisk sentralbyrå",
        "updated": "2026-02-19T07:00:00Z",
        "note": ["Tall fra folkeregisteret."],
        "role": { "time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"] },
        "id": ["Region", "Kjonn", "Alder", "ContentsCode", "Tid"],
        "size": [3, 3, 2, 2, 4],
        "dimension": {
            "Region": dimension("region", &region, json!({ "elimination": false, "codelists": list })),
            "Kjonn": dimension(
                "kjønn",
                &[("0", "Begge kjønn"), ("1", "Menn"), ("2", "Kvinner")],
                json!({ "elimination": true, "eliminationValueCode": "0" }),
            ),
            "Alder": dimension(
                "alder",
                &[("000", "0 år"), ("105+", "105 år eller eldre")],
                json!({ "elimination": true }),
            ),
            "ContentsCode": contents,
            "Tid": dimension(
                "år",
                &[("2023", "2023"), ("2024", "2024"), ("2025", "2025"), ("2026", "2026")],
                json!({ "elimination": false }),
            ),
        },
        "extension": { "px": {
            "tableid": "07459", "language": "no", "contents": "Befolkning",
            "aggregallowed": true, "matrix": "07459",
            "heading": ["ContentsCode", "Tid"], "stub": ["Region", "Kjonn", "Alder"],
            "subject-code": "be", "subject-area": "Befolkning",
        } },
        "value": values,
        "status": { "1": ":" },
    });
    cube::jsonstat::read(text.to_string().as_bytes()).expect("the test's table is whole")
}

pub fn counties() -> CodeList {
    let value = |code: &str, label: &str, parts: &[&str]| CodeListValue {
        code: code.to_owned(),
        label: label.to_owned(),
        value_map: parts.iter().map(|part| (*part).to_owned()).collect(),
    };
    CodeList {
        id: "agg_Fylker".to_owned(),
        label: "Fylker".to_owned(),
        kind: CodeListKind::Aggregation,
        values: vec![
            value("F-03", "Oslo", &["0301"]),
            // 1141 was merged away before this table begins.
            value("F-11", "Rogaland", &["1103", "1127", "1141"]),
        ],
    }
}

pub fn mirror() -> Mirror<Tables> {
    let shelf = Tables { code_lists: vec![counties()], ..Tables::default() };
    Mirror::new(shelf.with("07459", population()), Settings::default())
}

/// `GET` of a target below version 2's root, such as `/tables?lang=no`.
pub fn ask(target: &str) -> Ask {
    Ask::of("GET", &format!("/pxwebapi/v2{target}"), "http://127.0.0.1:8080")
}

pub fn post(target: &str, body: &Value) -> Ask {
    let body = body.to_string().into_bytes();
    Ask { method: "POST".to_owned(), body, ..ask(target) }
}

/// Status and body as text.
pub fn text(reply: Reply) -> (u16, String) {
    let bytes = reply.body.into_bytes().expect("the body can be written");
    (reply.status, String::from_utf8_lossy(&bytes).into_owned())
}

pub fn json_of(reply: Reply) -> Value {
    let (status, text) = text(reply);
    assert!(status < 300, "{status}: {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// A data answer to a query on the table of people, in a line: its dimensions and its cells.
pub fn cells(query: &str) -> String {
    let reply = mirror().reply(&ask(&format!("/tables/07459/data?{query}")));
    if reply.status != 200 {
        let (status, text) = text(reply);
        return format!("{status} {text}");
    }
    let bytes = reply.body.into_bytes().expect("the body can be written");
    let cube = cube::jsonstat::read(&bytes).expect("a data set");
    let dimensions: Vec<String> = cube
        .dimensions()
        .iter()
        .map(|dimension| format!("{}[{}]", dimension.code, dimension.codes().join(",")))
        .collect();
    let cells: Vec<String> = (0..cube.cells())
        .map(|cell| match cube.values().at(cell) {
            Some(number) => number.to_string(),
            None => cube.statuses().at(cell).unwrap_or("null").to_owned(),
        })
        .collect();
    format!("{} = {}", dimensions.join(" "), cells.join(" "))
}
