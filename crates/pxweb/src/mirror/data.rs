//! `/tables/{id}/data`, `/defaultselection` and the way to a table.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use cube::CubeError;

use super::call::Call;
use super::carve::{Cut, carve, with_eliminated_contents};
use super::format::{Format, Output};
use super::layout::Layout;
use super::refusal::Refusal;
use super::{Body, Mirror, Reply, Shelf, Shelved};
use crate::selection::{Evaluated, Selection};
use crate::wire::{SelectionResponse, VariablePlacement, VariableSelection};
use crate::{Fault, FaultKind, Table};

/// An answer of fewer cells is written at once: sending it in pieces costs more than it gains.
const FEW_CELLS: usize = 4_096;

impl<S: Shelf> Mirror<S> {
    pub(super) fn data(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let selection = asked_selection(call)?;
        let output = Output::asked(call)?;
        self.answer(id, &call.language, &selection, output)
    }

    /// Runs a selection against a table.
    pub(super) fn answer(
        &self,
        id: &str,
        language: &str,
        selection: &Selection,
        output: Output,
    ) -> Result<Reply, Refusal> {
        let shelved = self.find(id, language).ok_or_else(|| no_data(id))?;
        let table = self.with_code_lists(&shelved.table, selection, language);
        let evaluated =
            selection.evaluate(&table, self.settings.max_cells).map_err(as_the_server_says)?;
        let cut = carve(&shelved, &table, &evaluated);
        cut.map(|cut| send(cut, &table, &evaluated, output)).or_else(|error| Ok(broken(&error)))
    }

    pub(super) fn default_selection(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let shelved = self.find(id, &call.language).ok_or_else(|| Refusal::no_table(id))?;
        let selection = Selection::default_for(&shelved.table);
        let address = call.table_address(&shelved.table.id);
        let own = format!("{address}/defaultselection?lang={}", call.language);
        Ok(Reply::json(200, &self.expanded(call, &shelved.table, (&selection, own))?))
    }

    /// A selection with its expressions carried out, and where it is found.
    pub(super) fn expanded(
        &self,
        call: &Call<'_>,
        table: &Table,
        (selection, address): (&Selection, String),
    ) -> Result<SelectionResponse, Refusal> {
        let table = self.with_code_lists(table, selection, &call.language);
        let evaluated = selection.evaluate(&table, u64::MAX).map_err(as_the_server_says)?;
        let placement = evaluated.placed.clone().unwrap_or_else(|| {
            let (heading, stub) = places(&table, &evaluated);
            crate::selection::Placement { heading, stub }
        });
        let named = evaluated.variables.iter().map(|chosen| VariableSelection {
            variable_code: table.variables[chosen.variable].code.clone(),
            codelist: chosen.code_list.clone(),
            value_codes: chosen.codes.clone(),
        });
        let left_out = evaluated.eliminated.iter().map(|at| VariableSelection {
            variable_code: table.variables[*at].code.clone(),
            ..VariableSelection::default()
        });
        Ok(SelectionResponse {
            language: call.language.clone(),
            selection: named.chain(left_out).collect(),
            placement: Some(VariablePlacement { heading: placement.heading, stub: placement.stub }),
            links: vec![call.link("self", address)],
            ..SelectionResponse::default()
        })
    }

    /// The table of this id, in any case.
    pub(super) fn find(&self, id: &str, language: &str) -> Option<Arc<Shelved>> {
        self.shelf.table(id, language).or_else(|| {
            let entries = self.shelf.catalogue(language);
            let entry = entries.into_iter().find(|entry| entry.id.eq_ignore_ascii_case(id))?;
            self.shelf.table(&entry.id, language)
        })
    }

    /// The table with the values of the code lists that a selection names.
    pub(super) fn with_code_lists<'t>(
        &self,
        table: &'t Table,
        selection: &Selection,
        language: &str,
    ) -> Cow<'t, Table> {
        let unread = selection.code_lists_to_read(table);
        let read = unread.iter().filter_map(|id| self.shelf.code_list(id, language));
        let mut whole = Cow::Borrowed(table);
        for list in read {
            whole.to_mut().code_lists.insert(list.id.clone(), list);
        }
        whole
    }
}

fn asked_selection(call: &Call<'_>) -> Result<Selection, Refusal> {
    if call.ask.method != "POST" {
        return Ok(Selection::from_query(&call.ask.query)?);
    }
    if call.ask.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Selection::default());
    }
    Ok(Selection::from_body(&json_body(call)?)?)
}

pub(super) fn json_body(call: &Call<'_>) -> Result<serde_json::Value, Refusal> {
    let unread = |error: serde_json::Error| Fault::validation("$", &error.to_string());
    Ok(serde_json::from_slice(&call.ask.body).map_err(unread)?)
}

/// `/data` alone answers 400 for a table that does not exist, and says 404 in the body.
fn no_data(id: &str) -> Refusal {
    Fault::new(FaultKind::NonExistentTable).about(id).into()
}

/// A list that the shelf does not have is one that this server does not have.
fn as_the_server_says(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::UnreadCodeList => Fault { kind: FaultKind::NonExistentCodeList, ..fault },
        _ => fault,
    }
}

/// Selection and cube were checked against each other; what is left is a cube too large to make.
pub(super) fn broken(error: &CubeError) -> Reply {
    Reply::whole(500, "text/plain; charset=utf-8", error.to_string())
}

/// The codes in columns and in rows, as placed or as the publisher has them.
pub(super) fn places(table: &Table, evaluated: &Evaluated) -> (Vec<String>, Vec<String>) {
    if let Some(placed) = &evaluated.placed {
        return (placed.heading.clone(), placed.stub.clone());
    }
    let codes = evaluated.variables.iter().map(|one| table.variables[one.variable].code.clone());
    let is_heading = |code: &String| match table.heading.is_empty() && table.stub.is_empty() {
        true => table.time().is_some_and(|at| table.variables[at].code == *code),
        false => table.heading.contains(code),
    };
    codes.partition(is_heading)
}

/// Makes the reply, written at once or while it is sent.
pub(super) fn send(cut: Cut, table: &Table, evaluated: &Evaluated, output: Output) -> Reply {
    let (heading, stub) = places(table, evaluated);
    let mut cut = cut;
    if let Cut::Own(cube) = &mut cut {
        if let Some(px) = cube.extension.get_mut("px").and_then(serde_json::Value::as_object_mut) {
            px.insert("heading".to_owned(), heading.clone().into());
            px.insert("stub".to_owned(), stub.into());
        }
        let contents_gone = table.metric().is_some_and(|at| evaluated.eliminated.contains(&at));
        if contents_gone && output.format == Format::JsonStat {
            match with_eliminated_contents(cube) {
                Ok(with) => **cube = with,
                Err(error) => return broken(&error),
            }
        }
    }
    let layout = Layout::of(cut.cube(), &heading);
    written(cut, layout, output)
}

pub(super) fn written(cut: Cut, layout: Layout, output: Output) -> Reply {
    let format = output.format;
    let letters = output.letters(cut.cube());
    let px = cut.cube().extension.get("px");
    let matrix = px.and_then(|px| px.get("matrix")).and_then(serde_json::Value::as_str);
    let name: String =
        matrix.unwrap_or("data").chars().filter(|sign| sign.is_ascii_alphanumeric()).collect();
    let headers = vec![
        ("content-type".to_owned(), format.content_type(letters)),
        (
            "content-disposition".to_owned(),
            format!("inline; filename=\"{name}.{}\"", format.suffix()),
        ),
    ];
    let is_small = cut.cube().cells() <= FEW_CELLS;
    let write = move |out: &mut dyn Write| output.write(cut.cube(), &layout, letters, out);
    let body = Body::Streamed(Box::new(write));
    if !is_small {
        return Reply { status: 200, headers, body };
    }
    match body.into_bytes() {
        Ok(bytes) => Reply { status: 200, headers, body: Body::Whole(bytes) },
        Err(error) => Reply::whole(500, "text/plain; charset=utf-8", error.to_string()),
    }
}
