//! `/savedqueries`: kept in memory, and not for ever.
//!
//! The id is made from what is asked, so that the same query saved twice is one,
//! and saved again after a restart is found under its old id.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::call::Call;
use super::data::json_body;
use super::format::Output;
use super::refusal::Refusal;
use super::{Mirror, Reply, Shelf};
use crate::address::encode;
use crate::selection::Selection;
use crate::wire::{Link, SavedQuery, SavedQueryResponse};
use crate::{Endpoint, Fault, FaultKind};

/// How many are kept; the oldest goes first.
const KEPT: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct SavedQueries(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_id: HashMap<String, SavedQuery>,
    in_order: VecDeque<String>,
}

impl SavedQueries {
    fn keep(&self, id: &str, query: SavedQuery) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.by_id.insert(id.to_owned(), query).is_some() {
            return;
        }
        kept.in_order.push_back(id.to_owned());
        if kept.in_order.len() > KEPT
            && let Some(oldest) = kept.in_order.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
    }

    fn find(&self, id: &str) -> Option<SavedQuery> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_id.get(id).cloned()
    }
}

impl<S: Shelf> Mirror<S> {
    pub(super) fn save_query(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        let body = json_body(call)?;
        check_members(&body)?;
        let unread = |error: serde_json::Error| Fault::validation("$", &error.to_string());
        let mut query: SavedQuery = serde_json::from_value(in_wire_case(&body)).map_err(unread)?;
        if query.language.is_empty() {
            query.language.clone_from(&call.language);
        }
        query.id = None;
        // Run once, so that what cannot be answered is not kept.
        self.run(&query, &query.language, None)?;
        let id = id_of(&query);
        query.id = Some(id.clone());
        self.saved.keep(&id, query.clone());
        Ok(Reply::json(201, &response(call, query, &id)))
    }

    pub(super) fn saved_query(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let query = self.find_saved(id)?;
        Ok(Reply::json(200, &response(call, query, id)))
    }

    pub(super) fn saved_data(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let query = self.find_saved(id)?;
        let is_said = call.parameter("outputFormat").is_some()
            || call.parameter("outputFormatParams").is_some();
        let output = if is_said { Some(Output::asked(call)?) } else { None };
        // Without `lang` the server's own language is used, not the stored one.
        self.run(&query, &call.language, output)
    }

    pub(super) fn saved_selection(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let query = self.find_saved(id)?;
        let missing = || Refusal::no_table(&query.table_id);
        let shelved = self.find(&query.table_id, &call.language).ok_or_else(missing)?;
        let selection = Selection::from(query.selection.clone());
        let own = format!("{}/selection?lang={}", address(call, id), call.language);
        Ok(Reply::json(200, &self.expanded(call, &shelved.table, (&selection, own))?))
    }

    /// The code lists that a saved query sees variables through.
    pub(super) fn code_lists_of_saved(&self, id: &str) -> Result<Vec<(String, String)>, Refusal> {
        let selection = Selection::from(self.find_saved(id)?.selection);
        let named = selection.variables.into_iter();
        Ok(named.filter_map(|one| Some((one.variable, one.code_list?))).collect())
    }

    fn find_saved(&self, id: &str) -> Result<SavedQuery, Refusal> {
        let fault = || Fault::new(FaultKind::SavedQueryNotFound).about(id);
        self.saved.find(id).ok_or_else(|| Refusal::at(Endpoint::SavedQuery, fault()))
    }

    fn run(
        &self,
        query: &SavedQuery,
        language: &str,
        output: Option<Output>,
    ) -> Result<Reply, Refusal> {
        let parameters: Vec<&str> = query.output_format_params.iter().map(String::as_str).collect();
        let output = match output {
            Some(output) => output,
            None => Output::of(&query.output_format, &parameters)?,
        };
        let selection = Selection::from(query.selection.clone());
        self.answer(&query.table_id, language, &selection, output)
    }
}

/// The running server insists on members that its description calls optional.
fn check_members(body: &Value) -> Result<(), Refusal> {
    let members = body.as_object().filter(|members| !members.is_empty());
    let members = members.ok_or_else(|| Fault::validation("$", "No query specified"))?;
    for name in ["TableId", "Selection", "OutputFormat", "OutputFormatParams"] {
        let is_there = |(member, value): (&String, &Value)| {
            member.eq_ignore_ascii_case(name) && !value.is_null()
        };
        if !members.iter().any(is_there) {
            return Err(Refusal::missing(name));
        }
    }
    Ok(())
}

/// The same document with the names of its members as the interface writes them.
fn in_wire_case(value: &Value) -> Value {
    const NAMES: [&str; 12] = [
        "id",
        "tableId",
        "language",
        "selection",
        "placement",
        "heading",
        "stub",
        "outputFormat",
        "outputFormatParams",
        "variableCode",
        "codelist",
        "valueCodes",
    ];
    fn name_of(name: &str) -> &str {
        NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)).copied().unwrap_or(name)
    }
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name_of(name).to_owned(), in_wire_case(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(all) => all.iter().map(in_wire_case).collect(),
        other => other.clone(),
    }
}

/// FNV-1a over the canonical form: the same on every machine and in every version.
fn id_of(query: &SavedQuery) -> String {
    let canonical = serde_json::to_vec(query).unwrap_or_default();
    let hash = canonical.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn address(call: &Call<'_>, id: &str) -> String {
    format!("{}/savedqueries/{}", call.base, encode(id))
}

fn response(call: &Call<'_>, query: SavedQuery, id: &str) -> SavedQueryResponse {
    let (address, language) = (address(call, id), &call.language);
    let links: Vec<Link> = vec![
        call.link("self", format!("{address}?lang={language}")),
        call.link("data", format!("{address}/data?lang={language}")),
    ];
    SavedQueryResponse {
        language: language.clone(),
        id: id.to_owned(),
        saved_query: query,
        links,
        ..SavedQueryResponse::default()
    }
}
