//! `px url`: whatever people have at hand.

use pxweb::paste::{self, PasteError, Pasted, Repair};

use super::desk::Desk;
use super::{fetch, plan, write_plan};
use crate::args::{CubeFormat, HostArguments, PxUrlArguments, TextFormat};
use crate::commands::{Session, cube};
use crate::failure::Failure;

/// Runs what was pasted, and says aloud every repair.
pub fn run(session: &Session<'_>, typed: &PxUrlArguments) -> Result<(), Failure> {
    let text = text_of(session, &typed.pasted)?;
    let mut pasted = paste::understand(&text).map_err(|error| refusal(session, &error))?;
    let target = typed.output.out.as_deref();
    let said = pasted.format.as_deref().and_then(format_named).filter(|_| target.is_none());
    let format = cube::format_of(session, typed.output.format.or(said), target)?;
    let host = HostArguments {
        host: pasted.server.clone().unwrap_or_else(|| typed.host.host.clone()),
        network: typed.host.network.clone(),
    };
    let mut desk = Desk::open(session, &host)?;
    if let Some(language) = &pasted.language {
        desk.speak(language);
    }
    let id = complete(session, &desk, &mut pasted)?;
    session.note(&aloud(session, &pasted.repairs));
    let places =
        [("table", id.as_str()), ("host", &desk.server.name), ("language", &desk.language)];
    session.note(&[session.say("px.understood", &places)]);
    let order = fetch::order(session, &desk, &id, &pasted.selection)?;
    if typed.plan {
        return write_plan(session, &order.report, TextFormat::Text);
    }
    session.note(&plan::lines(session, &order.report));
    let cells = fetch::fetch(session, &desk, &order, session.progress_form(&typed.progress))?;
    cube::write(session, &cells, format, target)
}

/// What was pasted: the content of a file where there is one of that name.
fn text_of(session: &Session<'_>, pasted: &str) -> Result<String, Failure> {
    let file = std::path::Path::new(pasted);
    if !file.is_file() {
        return Ok(pasted.to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| session.unreadable(pasted, &error))
}

/// The format that was pasted, where we write it.
fn format_named(name: &str) -> Option<CubeFormat> {
    match name.to_ascii_lowercase().as_str() {
        "csv" | "csv2" | "csv3" => Some(CubeFormat::Csv),
        "json-stat" | "json-stat2" => Some(CubeFormat::JsonStat),
        "px" => Some(CubeFormat::Px),
        "xlsx" => Some(CubeFormat::Xlsx),
        "parquet" => Some(CubeFormat::Parquet),
        _ => None,
    }
}

/// Repairs what only the table can tell, and gives the table's id.
///
/// A saved query's selection is asked for at its server first.
fn complete(
    session: &Session<'_>,
    desk: &Desk<'_>,
    pasted: &mut Pasted,
) -> Result<String, Failure> {
    if let (None, Some(id)) = (&pasted.table, &pasted.saved_query) {
        let response = desk.ask(id, |client| client.saved_query(id, &desk.language))?;
        pasted.table = Some(response.saved_query.table_id);
        pasted.selection = response.saved_query.selection.into();
    }
    let Some(id) = pasted.table.clone() else {
        return Err(Failure::usage(session.say("px.no_table", &[])));
    };
    let (table, _) = desk.table(&id)?;
    pasted.complete(&table);
    Ok(id)
}

fn aloud(session: &Session<'_>, repairs: &[Repair]) -> Vec<String> {
    let said = |repair: &Repair| {
        let repair = session.fault("paste", repair.key, &repair.places);
        session.say("px.repaired", &[("repair", &repair)])
    };
    repairs.iter().map(said).collect()
}

fn refusal(session: &Session<'_>, error: &PasteError) -> Failure {
    let places = [("problem", error.problem.clone())];
    Failure::usage(session.fault("paste", error.key, &places))
}
