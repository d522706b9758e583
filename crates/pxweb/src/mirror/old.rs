//! The old interface: `/api/v0/{lang}/table/…`.
//!
//! It differs from version 2 in what is left unsaid: a variable that may not be
//! left out and is, is given whole. Its refusals say little.

use cube::Cube;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::carve::carve;
use super::data::{broken, places, send, written};
use super::format::{Format, Output};
use super::layout::{Layout, Naming};
use super::route::Node;
use super::{Ask, Entry, Mirror, Reply, Settings, Shelf, Shelved};
use crate::selection::{Evaluated, EvaluatedVariable};
use crate::{CodeListKind, Fault, FaultKind, Table, Variable};

/// What a POST asks for.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    query: Vec<Part>,
    #[serde(default)]
    response: Response,
}

#[derive(Debug, Deserialize)]
struct Part {
    code: String,
    selection: Filtered,
}

#[derive(Debug, Deserialize)]
struct Filtered {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Response {
    format: Option<String>,
}

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
                Ok(Reply::json(200, &metadata(&shelved.table)))
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
        let body: Body = serde_json::from_slice(&ask.body)
            .map_err(|error| Fault::validation("$", &error.to_string()))?;
        let format = body.response.format.unwrap_or_default().to_lowercase();
        let shelved = self.find(id, language).ok_or_else(|| no_table(id))?;
        let table = self.with_old_lists(&shelved, &body.query, language);
        let evaluated = evaluate(&table, &body.query, &shelved.cube)?;
        let cells = evaluated.cells();
        if cells > self.settings.max_cells {
            return Err(Fault::too_many_cells(cells, self.settings.max_cells));
        }
        let cut = match carve(&shelved, &table, &evaluated) {
            Ok(cut) => cut,
            Err(error) => return Ok(broken(&error)),
        };
        let of = |format| Output { format, ..Output::default() };
        let csv = |naming| Output { naming: Some(naming), ..of(Format::Csv) };
        let (heading, _) = places(&table, &evaluated);
        match format.as_str() {
            "" | "json-stat2" => Ok(send(cut, &table, &evaluated, of(Format::JsonStat))),
            "px" => Ok(send(cut, &table, &evaluated, of(Format::Px))),
            "xlsx" => Ok(send(cut, &table, &evaluated, of(Format::Xlsx))),
            "json" => Ok(send(cut, &table, &evaluated, of(Format::JsonPx))),
            "json-stat" => Ok(Reply::json(200, &first_json_stat(cut.cube()))),
            "csv" => {
                let layout = Layout::of(cut.cube(), &heading);
                Ok(written(cut, layout, csv(Naming::Texts)))
            }
            "csv2" | "csv3" => {
                let naming = if format == "csv2" { Naming::Texts } else { Naming::Codes };
                let layout = Layout::long(cut.cube());
                Ok(written(cut, layout, csv(naming)))
            }
            other => Err(Fault::new(FaultKind::UnsupportedFormat).about(other)),
        }
    }

    /// The table with the values of the code lists that a query names.
    fn with_old_lists(&self, shelved: &Shelved, query: &[Part], language: &str) -> Table {
        let mut table = shelved.table.clone();
        for id in query.iter().filter_map(|part| list_id(&part.selection.filter)) {
            if let (false, Some(list)) =
                (table.code_lists.contains_key(&id), self.shelf.code_list(&id, language))
            {
                table.code_lists.insert(id, list);
            }
        }
        table
    }
}

/// `agg:KommSummer` is version 2's `agg_KommSummer`.
fn list_id(filter: &str) -> Option<String> {
    let (kind, id) = filter.split_once(':')?;
    match kind {
        "agg" | "agg_all" => Some(format!("agg_{id}")),
        "vs" => Some(format!("vs_{id}")),
        _ => None,
    }
}

fn evaluate(table: &Table, query: &[Part], cube: &Cube) -> Result<Evaluated, Fault> {
    for part in query {
        if !table.variables.iter().any(|variable| variable.code == part.code) {
            return Err(Fault::new(FaultKind::NonExistentVariable).of(&part.code));
        }
    }
    let px = cube.extension.get("px");
    let may_add = px.and_then(|px| px.get("aggregallowed")).and_then(Value::as_bool) != Some(false);
    let mut evaluated = Evaluated::default();
    for (at, variable) in table.variables.iter().enumerate() {
        let part = query.iter().find(|part| part.code == variable.code);
        let (code_list, codes) = match part {
            None if variable.elimination => (None, Vec::new()),
            None => (None, variable.codes.clone()),
            Some(part) => {
                let list = list_id(&part.selection.filter);
                let adds_up =
                    list.as_deref().and_then(CodeListKind::of) == Some(CodeListKind::Aggregation);
                if adds_up && !may_add {
                    return Err(wrong(variable));
                }
                let codes = filtered(table, variable, &part.selection)?;
                if codes.is_empty() && !variable.elimination {
                    return Err(Fault::new(FaultKind::MissingSelection).of(&variable.code));
                }
                (list, codes)
            }
        };
        match codes.is_empty() {
            true => evaluated.eliminated.push(at),
            false => evaluated.variables.push(EvaluatedVariable { variable: at, code_list, codes }),
        }
    }
    Ok(evaluated)
}

/// The codes that a filter leaves, in the table's or the list's order.
fn filtered(table: &Table, variable: &Variable, asked: &Filtered) -> Result<Vec<String>, Fault> {
    let values = &asked.values;
    let keep = |wanted: &dyn Fn(&String) -> bool| -> Vec<String> {
        variable.codes.iter().filter(|code| wanted(code)).cloned().collect()
    };
    match asked.filter.to_lowercase().as_str() {
        "all" => {
            if values.iter().any(|value| !value.starts_with('*') && !value.ends_with('*')) {
                return Err(wrong(variable));
            }
            // What both begins and ends with a star is taken to end with the rest.
            let matches = |value: &String, code: &str| match value.strip_prefix('*') {
                Some(end) => code.ends_with(end),
                None => code.starts_with(value.trim_end_matches('*')),
            };
            Ok(keep(&|code| values.iter().any(|value| value == "*" || matches(value, code))))
        }
        "top" => {
            let count = values.first().and_then(|value| value.trim().parse::<usize>().ok());
            let count = count.filter(|count| *count > 0).ok_or_else(|| wrong(variable))?;
            let skipped = match variable.is_time {
                true => variable.codes.len().saturating_sub(count),
                false => 0,
            };
            Ok(variable.codes.iter().skip(skipped).take(count).cloned().collect())
        }
        filter => {
            let list = list_id(&asked.filter);
            let known: Vec<&String> = match list.as_ref().map(|id| table.code_lists.get(id)) {
                Some(Some(list)) => list.values.iter().map(|value| &value.code).collect(),
                Some(None) => return Err(wrong(variable)),
                None if filter.starts_with("agg:") || filter.starts_with("vs:") => {
                    return Err(wrong(variable));
                }
                None => variable.codes.iter().collect(),
            };
            let found: Vec<String> =
                known.into_iter().filter(|code| values.contains(code)).cloned().collect();
            // An unknown code and one listed twice both make the counts differ.
            match found.len() == values.len() {
                true => Ok(found),
                false => Err(wrong(variable)),
            }
        }
    }
}

/// The old interface says which variable is wrong, and no more.
fn wrong(variable: &Variable) -> Fault {
    Fault::new(FaultKind::NonExistentValue).of(&variable.code)
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

fn metadata(table: &Table) -> Value {
    let variables = table.variables.iter().map(|variable| {
        let mut members = Map::new();
        members.insert("code".to_owned(), json!(variable.code));
        members.insert("text".to_owned(), json!(variable.label));
        members.insert("values".to_owned(), json!(variable.codes));
        members.insert("valueTexts".to_owned(), json!(variable.labels));
        // Written only where they hold.
        for (name, holds) in [("elimination", variable.elimination), ("time", variable.is_time)] {
            if holds {
                members.insert(name.to_owned(), json!(true));
            }
        }
        Value::Object(members)
    });
    json!({ "title": table.label, "variables": variables.collect::<Vec<_>>() })
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
