//! `/tables/{id}/metadata` and `/codelists/{id}`.

use cube::{Cube, CubeError, Dimension, Object};
use serde_json::{Value, json};

use super::call::{Call, link};
use super::carve::groups;
use super::data::broken;
use super::refusal::Refusal;
use super::{Mirror, Reply, Shelf, Shelved};
use crate::address::encode;
use crate::wire::CodelistResponse;
use crate::{CodeList, CodeListKind, Endpoint, Fault, FaultKind, Variable};

impl<S: Shelf> Mirror<S> {
    pub(super) fn metadata(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let shelved = self.find(id, &call.language).ok_or_else(|| Refusal::no_table(id))?;
        let mut asked = call.code_lists();
        if let Some(saved) = call.parameter("savedQuery").filter(|saved| !saved.is_empty()) {
            asked.extend(self.code_lists_of_saved(saved)?);
        }
        let mut metadata = shelved.cube.without_values();
        for (variable, list) in asked {
            let Some(at) = shelved.table.position(&variable) else {
                let fault = Fault::new(FaultKind::NonExistentVariable).of(&variable);
                return Err(fault.into());
            };
            let list = self.list_of(&shelved, &shelved.table.variables[at], &list, call)?;
            match seen_through(&metadata, at, &list) {
                Ok(seen) => metadata = seen,
                Err(error) => return Ok(broken(&error)),
            }
        }
        self.complete(call, &shelved, &mut metadata);
        let mut body = Vec::new();
        match cube::jsonstat::write(&metadata, &mut body) {
            Ok(()) => Ok(Reply::whole(200, "application/json; charset=UTF-8", body)),
            Err(error) => Ok(Reply::whole(500, "text/plain", error.to_string())),
        }
    }

    pub(super) fn code_list(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let Some(list) = self.shelf.code_list(id, &call.language) else {
            let fault = Fault::new(FaultKind::NonExistentCodeList).about(id);
            return Err(Refusal::at(Endpoint::CodeList, fault));
        };
        let address =
            |language: &str| format!("{}/codelists/{}?lang={language}", call.base, encode(id));
        let mut response = CodelistResponse::new(&list, &call.language);
        response.links = vec![call.link("self", address(&call.language))];
        let others = self.settings.languages.iter().filter(|other| **other != call.language);
        for other in others.filter(|other| self.shelf.code_list(id, other).is_some()) {
            response.languages.push(other.clone());
            response.links.push(link("alternate", other, address(other)));
        }
        Ok(Reply::json(200, &response))
    }

    /// A code list that a variable offers.
    fn list_of(
        &self,
        shelved: &Shelved,
        variable: &Variable,
        id: &str,
        call: &Call<'_>,
    ) -> Result<CodeList, Refusal> {
        let known = shelved.table.code_lists.get(id).cloned();
        let list = known.or_else(|| self.shelf.code_list(id, &call.language));
        let offered = list.filter(|_| variable.code_lists.iter().any(|offered| offered == id));
        offered.ok_or_else(|| {
            Fault::new(FaultKind::NonExistentCodeList).of(&variable.code).about(id).into()
        })
    }

    /// Adds what the interface promises and the cube may not have said.
    fn complete(&self, call: &Call<'_>, shelved: &Shelved, metadata: &mut Cube) {
        for (dimension, variable) in metadata.dimensions_mut().zip(&shelved.table.variables) {
            let lists = self.offered_lists(call, shelved, dimension, variable);
            complete_dimension(dimension, variable, lists);
        }
        let table = &shelved.table;
        let px = metadata.extension.entry("px").or_insert_with(|| Value::Object(Object::new()));
        let Some(px) = px.as_object_mut() else { return };
        let mut default = |name: &str, value: Value| {
            px.entry(name).or_insert(value);
        };
        default("tableid", json!(table.id));
        default("language", json!(call.language));
        default("contents", json!(table.label));
        let is_heading = |variable: &&Variable| variable.is_time;
        let codes = |heading: bool| -> Vec<&str> {
            let all = table.variables.iter().filter(|one| is_heading(one) == heading);
            all.map(|variable| variable.code.as_str()).collect()
        };
        default("heading", json!(codes(true)));
        default("stub", json!(codes(false)));
        default("matrix", json!(table.id));
    }

    fn offered_lists(
        &self,
        call: &Call<'_>,
        shelved: &Shelved,
        dimension: &Dimension,
        variable: &Variable,
    ) -> Vec<Value> {
        let said = dimension.extension.get("codelists").or(dimension.extension.get("codeLists"));
        let said = said.and_then(Value::as_array);
        let offered = variable.code_lists.iter().map(|id| {
            let entry = said.into_iter().flatten().find(|entry| entry["id"] == id.as_str());
            let label = match (entry.and_then(|entry| entry.get("label")), shelved.table.code_lists.get(id)) {
                (Some(label), _) => label.clone(),
                (None, Some(list)) => json!(list.label),
                (None, None) => json!(id),
            };
            let kind = match CodeListKind::of(id) {
                Some(CodeListKind::ValueSet) => "Valueset",
                _ => "Aggregation",
            };
            let href = format!("{}/codelists/{}?lang={}", call.base, encode(id), call.language);
            json!({ "id": id, "label": label, "type": kind, "links": [call.link("metadata", href)] })
        });
        offered.collect()
    }
}

/// A table's metadata with one variable seen through a code list.
fn seen_through(metadata: &Cube, at: usize, list: &CodeList) -> Result<Cube, CubeError> {
    let codes: Vec<String> = list.values.iter().map(|value| value.code.clone()).collect();
    let groups = groups(&metadata.dimensions()[at], list, &codes)?;
    Ok(metadata.aggregate_anyway(at, &groups)?.cube)
}

/// The members that every dimension has, in the interface's order.
fn complete_dimension(dimension: &mut Dimension, variable: &Variable, lists: Vec<Value>) {
    let mut said = std::mem::take(&mut dimension.extension);
    said.remove("codeLists");
    let mut extension = Object::new();
    extension.insert("elimination".to_owned(), json!(variable.elimination));
    if let Some(total) = &variable.elimination_code {
        extension.insert("eliminationValueCode".to_owned(), json!(total));
    }
    said.remove("codelists");
    let show = said
        .remove("show")
        .unwrap_or_else(|| json!(if variable.is_time { "code" } else { "value" }));
    // What is said of the whole variable comes before `show`, what is said of its codes after.
    for name in ["elimination", "eliminationValueCode"] {
        said.remove(name);
    }
    for name in ["noteMandatory", "categoryNoteMandatory", "refperiod"] {
        if let Some(member) = said.remove(name) {
            extension.insert(name.to_owned(), member);
        }
    }
    extension.insert("show".to_owned(), show);
    extension.insert("codelists".to_owned(), Value::Array(lists));
    extension.append(&mut said);
    dimension.extension = extension;
}
