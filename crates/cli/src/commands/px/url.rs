//! `px url`: whatever people have at hand.

use pxweb::paste::{self, PasteError, Pasted};
use pxweb::selection::Selection;

use super::desk::Desk;
use super::{fetch, plan, write_plan};
use crate::args::{HostArguments, PxUrlArguments, TextFormat};
use crate::commands::{Session, cube};
use crate::failure::Failure;

/// Runs what was pasted, and says aloud every repair.
pub fn run(session: &Session<'_>, typed: &PxUrlArguments) -> Result<(), Failure> {
    let format = cube::format_of(session, typed.output.format, typed.output.out.as_deref())?;
    let text = text_of(session, &typed.pasted)?;
    let pasted = paste::understand(&text).map_err(|error| refusal(session, &error))?;
    let host = HostArguments {
        host: pasted.server.clone().unwrap_or_else(|| typed.host.host.clone()),
        network: typed.host.network.clone(),
    };
    for repair in &pasted.repairs {
        let said = session.fault("paste", repair.key, &repair.places);
        session.note(&[session.say("px.repaired", &[("repair", &said)])]);
    }
    let mut desk = Desk::open(session, &host)?;
    if let Some(language) = &pasted.language {
        desk.speak(language);
    }
    let (id, selection) = query(session, &desk, pasted)?;
    let places =
        [("table", id.as_str()), ("host", &desk.server.name), ("language", &desk.language)];
    session.note(&[session.say("px.understood", &places)]);
    let order = fetch::order(session, &desk, &id, &selection)?;
    if typed.plan {
        return write_plan(session, &order.report, TextFormat::Text);
    }
    session.note(&plan::lines(session, &order.report));
    let cells = fetch::fetch(session, &desk, &order, session.progress_form(&typed.progress))?;
    cube::write(session, &cells, format, typed.output.out.as_deref())
}

/// What was pasted: the content of a file where there is one of that name.
fn text_of(session: &Session<'_>, pasted: &str) -> Result<String, Failure> {
    let file = std::path::Path::new(pasted);
    if !file.is_file() {
        return Ok(pasted.to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| session.unreadable(pasted, &error))
}

/// Table and selection; a saved query's are asked for at its server.
fn query(
    session: &Session<'_>,
    desk: &Desk<'_>,
    pasted: Pasted,
) -> Result<(String, Selection), Failure> {
    if let Some(table) = pasted.table {
        return Ok((table, pasted.selection));
    }
    let Some(id) = pasted.saved_query else {
        return Err(Failure::usage(session.say("px.no_table", &[])));
    };
    let response = desk.ask(&id, |client| client.saved_query(&id, &desk.language))?;
    Ok((response.saved_query.table_id, response.saved_query.selection.into()))
}

fn refusal(session: &Session<'_>, error: &PasteError) -> Failure {
    let places = [("problem", error.problem.clone())];
    Failure::usage(session.fault("paste", error.key, &places))
}
