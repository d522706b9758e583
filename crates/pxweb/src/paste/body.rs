//! Bodies in JSON: a query of the old interface, a selection or a saved query of version 2.

use serde_json::{Map, Value};

use super::{Origin, PasteError, Pasted, Repair, repair};
use crate::selection::{Selection, VariableSelection};
use crate::v0::{Filter, Query, QueryVariable};

pub(super) fn read(text: &str) -> Result<Pasted, PasteError> {
    let not_json = |error: serde_json::Error| PasteError::new("not_json", error.to_string());
    let object: Map<String, Value> = serde_json::from_str(text).map_err(not_json)?;
    let member = |name: &str| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    // SSB's page shows the query inside an object that also names the table.
    let query = member("queryObj").or_else(|| member("query").filter(|query| query.is_object()));
    if let Some(inner) = query {
        let mut pasted = read(&inner.to_string())?;
        pasted.table = text_of(member("tableIdForQuery").or_else(|| member("tableId")));
        return Ok(pasted);
    }
    if member("query").is_some() {
        return version_0(&Value::Object(object));
    }
    let Some(selection) = member("selection") else {
        let keys: Vec<&str> = object.keys().map(String::as_str).collect();
        return Err(PasteError::new("unknown_body", keys.join(", ")));
    };
    // A saved query holds a selection in its `selection`.
    let whole = Value::Object(object.clone());
    let body = if selection.is_object() { selection } else { &whole };
    let read = Selection::from_body(body);
    let selection = read.map_err(|fault| PasteError::new("unknown_body", fault.to_string()))?;
    let mut pasted = Pasted { selection, origin: Origin::Version2, ..Pasted::default() };
    pasted.table = text_of(member("tableId"));
    pasted.language = text_of(member("language"));
    let format = text_of(member("outputFormat"));
    pasted.format = format.map(|format| repair::format(&format, &mut pasted.repairs));
    repair::selection(&mut pasted.selection, &mut pasted.repairs);
    Ok(pasted)
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn version_0(body: &Value) -> Result<Pasted, PasteError> {
    let query = Query::read(body.to_string().as_bytes());
    let query = query.map_err(|fault| PasteError::new("unknown_body", fault.to_string()))?;
    let mut pasted = Pasted { origin: Origin::Version0, ..Pasted::default() };
    let format = query.response.format.as_deref();
    pasted.format = format.map(|format| repair::format(format, &mut pasted.repairs));
    for asked in &query.query {
        let one = variable(asked, &mut pasted.repairs);
        pasted.selection.variables.push(one);
    }
    repair::selection(&mut pasted.selection, &mut pasted.repairs);
    Ok(pasted)
}

/// One part of an old query in the words of version 2, without knowing the table.
fn variable(asked: &QueryVariable, repairs: &mut Vec<Repair>) -> VariableSelection {
    let values = asked.selection.values.clone();
    let (code_list, items) = match asked.filter() {
        Err(_) => {
            let word = asked.selection.filter.as_str();
            let lower = word.split_once(':').map(|(kind, id)| (kind.to_lowercase(), id));
            let (kind, id) = lower.unwrap_or_else(|| (word.to_lowercase(), ""));
            repairs.push(Repair::changed("filter", word, &format!("{kind}:{id}")));
            let prefix = if kind == "vs" { "vs" } else { "agg" };
            (Some(format!("{prefix}_{id}")), values)
        }
        Ok(Filter::Aggregation(id)) => (Some(format!("agg_{id}")), values),
        Ok(Filter::AggregationAll(id)) => {
            let word = asked.selection.filter.as_str();
            repairs.push(Repair::changed("filter", word, &format!("agg:{id}")));
            (Some(format!("agg_{id}")), values)
        }
        Ok(Filter::ValueSet(id)) => (Some(format!("vs_{id}")), values),
        Ok(Filter::AggregationSingle(_) | Filter::All) => (None, values),
        Ok(Filter::Top) => {
            let count = values.first().map(String::as_str).unwrap_or_default().trim().to_owned();
            // Some write the expression of version 2 into the filter of the old interface.
            let is_number = count.bytes().all(|byte| byte.is_ascii_digit());
            let item = if is_number { format!("top({count})") } else { count.clone() };
            if !is_number {
                repairs.push(Repair::changed("filter", &count, &item));
            }
            (None, vec![item])
        }
        Ok(Filter::Item) => {
            let word = asked.selection.filter.as_str();
            if !word.eq_ignore_ascii_case("item") {
                repairs.push(Repair::changed("filter", word, "item"));
            }
            let expression = values.iter().find(|value| value.contains(['*', '(']));
            if let Some(expression) = expression {
                let mut repair = Repair::about("expression_in_item", &asked.code);
                repair.places.push(("text", expression.clone()));
                repairs.push(repair);
            }
            (None, values)
        }
    };
    VariableSelection { variable: asked.code.clone(), code_list, items }
}
