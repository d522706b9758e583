//! `grunnlag px`: PxWeb servers.

pub mod desk;
mod fetch;
mod plan;
mod search;
mod serve;
mod show;
mod url;

use ::cube::Cube;
use desk::Desk;
use pxweb::{Fault, FaultKind};

use super::{Session, cube};
use crate::args::{HostArguments, OutputArguments, PxCommand, PxGetArguments, TextFormat};
use crate::failure::Failure;
use crate::formats;

/// Talks with a PxWeb server, or its archive.
pub fn run(session: &Session<'_>, command: &PxCommand) -> Result<(), Failure> {
    match command {
        PxCommand::Search { text, refresh, limit, host, output } => {
            let search = search::Search { text, limit: *limit, host, output };
            match refresh {
                true => search::refreshed(session, &search),
                false => search::run(session, &search),
            }
        }
        PxCommand::Info { id, host, format } => {
            let desk = Desk::open(session, host)?;
            let (table, metadata) = desk.table(id)?;
            let report = show::report(&desk.server.name, &table, metadata.as_ref());
            show::info(session, &report, *format)
        }
        PxCommand::Meta { id, host, output } => {
            let desk = Desk::open(session, host)?;
            let (table, metadata) = desk.table(id)?;
            let report = show::report(&desk.server.name, &table, metadata.as_ref());
            show::meta(session, &report, output)
        }
        PxCommand::Codes { id, dimension, list, host, output } => {
            let asked = Asked { id, dimension, list: list.as_deref() };
            codes(session, &asked, host, output)
        }
        PxCommand::Plan { id, what, host, format } => {
            let desk = Desk::open(session, host)?;
            let order = fetch::order(session, &desk, id, &fetch::typed_selection(what))?;
            write_plan(session, &order.report, *format)
        }
        PxCommand::Get(typed) => get(session, typed),
        PxCommand::Url(typed) => url::run(session, typed),
        PxCommand::Serve(typed) => serve::run(session, typed),
    }
}

fn write_plan(
    session: &Session<'_>,
    report: &plan::PlanReport,
    format: TextFormat,
) -> Result<(), Failure> {
    let text = match format {
        TextFormat::Json => formats::as_json(report, session.texts, session.language)?,
        TextFormat::Text => plan::lines(session, report).join("\n") + "\n",
    };
    session.output(None).text(&text)
}

fn get(session: &Session<'_>, typed: &PxGetArguments) -> Result<(), Failure> {
    let format = cube::format_of(session, typed.output.format, typed.output.out.as_deref())?;
    if let Some(date) = &typed.as_of {
        let cells = as_known(session, typed, date)?;
        return cube::write(session, &cells, format, typed.output.out.as_deref());
    }
    let desk = match typed.from_archive {
        true => Desk::offline(session, &typed.host)?,
        false => Desk::open(session, &typed.host)?,
    };
    let order = fetch::order(session, &desk, &typed.id, &fetch::typed_selection(&typed.what))?;
    session.note(&plan::lines(session, &order.report));
    let cells = fetch::fetch(session, &desk, &order, session.progress_form(&typed.progress))?;
    cube::write(session, &cells, format, typed.output.out.as_deref())
}

/// A part of the extract of a table, as it was known on a date.
fn as_known(session: &Session<'_>, typed: &PxGetArguments, date: &str) -> Result<Cube, Failure> {
    if let Some(list) = typed.what.codelist.first() {
        let list = list.items.join(",");
        let places = [("list", list.as_str()), ("date", date)];
        return Err(Failure::usage(session.say("px.as_of_code_list", &places)));
    }
    let archive = session.archive()?;
    let extract = session.extract(&archive, &typed.id)?;
    let version = session.version(&archive, &extract, date)?;
    cube::cut(session, session.cells(&archive, &version)?, &typed.what.select, &[])
}

/// Whose codes are wanted.
struct Asked<'a> {
    id: &'a str,
    dimension: &'a str,
    list: Option<&'a str>,
}

fn codes(
    session: &Session<'_>,
    asked: &Asked<'_>,
    host: &HostArguments,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let desk = Desk::open(session, host)?;
    let (table, _) = desk.table(asked.id)?;
    let refused = |fault: Fault| session.px_fault(asked.id, &fault);
    let position = table.position(asked.dimension).ok_or_else(|| {
        let codes = table.variables.iter().map(|variable| variable.code.as_str());
        let near = ::cube::nearest(asked.dimension, codes);
        let fault = Fault::new(FaultKind::NonExistentVariable).of(asked.dimension);
        refused(Fault { near, ..fault })
    })?;
    let variable = &table.variables[position];
    let Some(list) = asked.list else { return show::codes(session, variable, output) };
    if !variable.code_lists.iter().any(|offered| offered == list) {
        let fault = Fault::new(FaultKind::NonExistentCodeList).of(&variable.code).about(list);
        return Err(refused(fault.near(variable.code_lists.iter().map(String::as_str))));
    }
    show::list_codes(session, &desk.code_list(asked.id, list)?, output)
}
