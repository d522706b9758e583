//! The old interface: `/api/v0/{lang}/table/…`.
//!
//! It differs from version 2 in what is left unsaid: a variable that may not be
//! left out and is, is given whole. Its refusals say little.

use cube::Cube;
use cube::csv::Labels;
use serde_json::{Map, Value, json};

use super::carve::{Cut, carve};
use super::data::{broken, places, send, written};
use super::format::{Format, Output};
use super::layout::Layout;
use super::route::Node;
use super::{Ask, Entry, Mirror, Reply, Settings, Shelf, Shelved};
use crate::selection::Evaluated;
use crate::v0::{Filter, Metadata, Query};
use crate::{Fault, FaultKind, Table};

impl<S: Shelf> Mirror<S> {
    pub(super) fn old(&self, ask: &Ask, language: &str, node: Node<'_>) -> Reply {
        self.old_reply(ask, &language.to_lowercase(), node).unwrap_or_else(|fault| refusal(&fault))
    }

    fn old_reply(&self, ask: &Ask, language: &str, node: Node<'_>) -> Result<Reply, Fault> {
        if !self.settings.languages.iter().any(|offered| offered == language) {
            return Err(Fault::new(FaultKind::UnsupportedLanguage).about(language));
        }
        let parameter = |name: &str| {
            ask.query.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        if parameter("config").is_some() {
            return Ok(Reply::json(200, &config(&self.settings)));
        }
        match (ask.method.as_str(), node) {
            ("GET" | "HEAD", Node::Databases) => {
                Ok(Reply::json(200, &json!([{ "dbid": "table", "text": "Grunnlag" }])))
            }
            ("GET" | "HEAD", Node::Root) => match parameter("query") {
                Some(query) => self.old_search(query, language),
                None => {
                    let entries = self.shelf.catalogue(language);
                    Ok(Reply::json(200, &entries.iter().map(listed).collect::<Vec<_>>()))
                }
            },
            ("GET" | "HEAD", Node::Table(id)) => {
                let shelved = self.find(id, language).ok_or_else(|| no_table(id))?;
                Ok(Reply::json(200, &Metadata::from_table(&shelved.table)))
            }
            ("POST", Node::Table(id)) => self.old_data(ask, language, id),
            _ => Err(Fault::new(FaultKind::UnknownPath)),
        }
    }

    fn old_search(&self, query: &str, language: &str) -> Result<Reply, Fault> {
        let malformed = || Fault::validation("query", query);
        let found = match query.trim() {
            "*" => self.shelf.catalogue(language),
            query => self.found(query, language).ok_or_else(malformed)?,
        };
        let hits = found.iter().map(|entry| {
            json!({
                "id": entry.id,
                "path": "/",
                "title": entry.label,
                "score": 1.0,
                "published": without_zone(entry),
            })
        });
        Ok(Reply::json(200, &hits.collect::<Vec<Value>>()))
    }

    fn old_data(&self, ask: &Ask, language: &str, id: &str) -> Result<Reply, Fault> {
        let query = Query::read(&ask.body)?;
        let form = Form::of(&query.format().to_lowercase())?;
        let shelved = self.find(id, language).ok_or_else(|| no_table(id))?;
        check_addition(&shelved.cube, &query)?;
        let table = self.with_old_lists(&shelved, &query, language);
        let evaluated = query.evaluate(&table, self.settings.max_cells)?;
        match carve(&shelved, &table, &evaluated) {
            Ok(cut) => Ok(form.send(cut, &table, &evaluated)),
            Err(error) => Ok(broken(&error)),
        }
    }

    /// The table with the values of the code lists that a query names.
    fn with_old_lists(&self, shelved: &Shelved, query: &Query, language: &str) -> Table {
        let mut table = shelved.table.clone();
        for asked in &query.query {
            let id = match asked.filter() {
                Ok(Filter::Aggregation(id) | Filter::AggregationSingle(id)) => format!("agg_{id}"),
                Ok(Filter::ValueSet(id)) => format!("vs_{id}"),
                _ => continue,
            };
            if let (false, Some(list)) =
                (table.code_lists.contains_key(&id), self.shelf.code_list(&id, language))
            {
                table.code_lists.insert(id, list);
            }
        }
        table
    }
}

/// The forms of the old interface.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// As version 2 has it.
    New(Format),
    /// JSON-stat 1.2.
    FirstJsonStat,
    /// With texts, as placed.
    Csv,
    /// A row per cell.
    Long(Labels),
}

impl Form {
    fn of(name: &str) -> Result<Form, Fault> {
        Ok(match name {
            // Statistics Norway's answer where no form is asked for.
            "" | "json-stat2" => Form::New(Format::JsonStat),
            "px" => Form::New(Format::Px),
            "xlsx" => Form::New(Format::Xlsx),
            "json" => Form::New(Format::JsonPx),
            "json-stat" => Form::FirstJsonStat,
            "csv" => Form::Csv,
            "csv2" => Form::Long(Labels::Texts),
            "csv3" => Form::Long(Labels::Codes),
            other => return Err(Fault::new(FaultKind::UnsupportedFormat).about(other)),
        })
    }

    fn send(self, cut: Cut, table: &Table, evaluated: &Evaluated) -> Reply {
        let csv =
            |naming| Output { naming: Some(naming), format: Format::Csv, ..Output::default() };
        match self {
            Form::New(format) => {
                send(cut, table, evaluated, Output { format, ..Output::default() })
            }
            Form::FirstJsonStat => Reply::json(200, &first_json_stat(cut.cube())),
            Form::Csv => {
                let layout = Layout::of(cut.cube(), &places(table, evaluated).0);
                written(cut, layout, csv(Labels::Texts))
            }
            Form::Long(naming) => {
                let layout = Layout::long(cut.cube());
                written(cut, layout, csv(naming))
            }
        }
    }
}

/// Unlike version 2, the old interface keeps to the publisher's word that figures must not be
/// added.
fn check_addition(cube: &Cube, query: &Query) -> Result<(), Fault> {
    let px = cube.extension.get("px");
    if px.and_then(|px| px.get("aggregallowed")).and_then(Value::as_bool) != Some(false) {
        return Ok(());
    }
    let adds_up = query.query.iter().find(|asked| {
        matches!(asked.filter(), Ok(Filter::Aggregation(_) | Filter::AggregationAll(_)))
    });
    match adds_up {
        Some(asked) => Err(Fault::new(FaultKind::NonExistentCodeList).of(&asked.code)),
        None => Ok(()),
    }
}

fn no_table(id: &str) -> Fault {
    Fault::new(FaultKind::NonExistentTable).about(id)
}

fn refusal(fault: &Fault) -> Reply {
    match fault.v0_body() {
        Some(body) => Reply::json(fault.v0_status(), &body),
        None => Reply::empty(fault.v0_status()),
    }
}

fn config(settings: &Settings) -> Value {
    let (calls, seconds) = settings.pace.map_or((0, 0), |pace| (pace.calls, pace.window.as_secs()));
    json!({
        "maxValues": settings.max_cells,
        "maxCells": settings.max_cells,
        "maxCalls": calls,
        "timeWindow": seconds,
        "CORS": false,
    })
}

fn listed(entry: &Entry) -> Value {
    json!({ "id": entry.id, "type": "t", "text": entry.label, "updated": without_zone(entry) })
}

/// The old interface writes times without a zone.
fn without_zone(entry: &Entry) -> &str {
    entry.updated.as_deref().unwrap_or("").trim_end_matches('Z')
}

/// The same data set in version 1 of JSON-stat: wrapped, with `id` and `size` among the dimensions.
fn first_json_stat(cube: &Cube) -> Value {
    let second = serde_json::from_slice(&cube::jsonstat::to_vec(cube));
    let mut second: Map<String, Value> = second.unwrap_or_default();
    let mut dimension = match second.remove("dimension") {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let mut dataset = Map::new();
    for name in ["id", "size", "role"] {
        if let Some(member) = second.remove(name) {
            dimension.insert(name.to_owned(), member);
        }
    }
    dataset.insert("dimension".to_owned(), Value::Object(dimension));
    for name in ["label", "source", "updated", "value", "status"] {
        if let Some(member) = second.remove(name) {
            dataset.insert(name.to_owned(), member);
        }
    }
    json!({ "dataset": dataset })
}
