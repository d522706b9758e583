//! `px plan`, `px get`: count first, then ask.

use cube::{Assembly, Cube, CubeError, MAX_CELLS, jsonstat};
use pxweb::client::OutputFormat;
use pxweb::plan::Plan;
use pxweb::selection::{Selection, VariableSelection};
use pxweb::{Table, v0};

use super::desk::Desk;
use super::plan::{self, PlanReport};
use crate::args::{Select, WhatArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::{Form, Progress, Step};

/// An extract that is counted and not yet asked for.
pub struct Order {
    table: Table,
    plan: Plan,
    /// The plan for people and programs.
    pub report: PlanReport,
}

/// What was typed, as a selection. A code list without a selection is all of its codes.
pub fn typed_selection(what: &WhatArguments) -> Selection {
    let list_of = |dimension: &str| {
        let mut named = what.codelist.iter().filter(|one| is_same(&one.dimension, dimension));
        named.next().map(|one| one.items.join(","))
    };
    let mut variables: Vec<VariableSelection> = what
        .select
        .iter()
        .map(|one| VariableSelection {
            variable: one.dimension.clone(),
            code_list: list_of(&one.dimension),
            items: one.items.clone(),
        })
        .collect();
    let is_selected =
        |list: &&Select| what.select.iter().any(|one| is_same(&one.dimension, &list.dimension));
    for list in what.codelist.iter().filter(|list| !is_selected(list)) {
        variables.push(VariableSelection {
            variable: list.dimension.clone(),
            code_list: Some(list.items.join(",")),
            items: vec!["*".to_owned()],
        });
    }
    Selection { variables, placement: None }
}

fn is_same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// Reads what can be selected, and counts; nothing is asked for yet.
pub fn order(
    session: &Session<'_>,
    desk: &Desk<'_>,
    id: &str,
    selection: &Selection,
) -> Result<Order, Failure> {
    let (mut table, _) = desk.table(id)?;
    desk.ask(id, |client| client.read_code_lists(&mut table, selection, &desk.language))?;
    let limits = desk.limits();
    let plan =
        Plan::make(&table, selection, limits).map_err(|fault| session.px_fault(id, &fault))?;
    let report = plan::report(&desk.server.name, &table, selection, &plan, limits.pace);
    Ok(Order { table, plan, report })
}

/// Asks for every block, and puts them together.
pub fn fetch(
    session: &Session<'_>,
    desk: &Desk<'_>,
    order: &Order,
    form: Form,
) -> Result<Cube, Failure> {
    let id = &order.table.id;
    let fault = |error: CubeError| session.cube_fault(id, &error);
    let table = desk.table_ref(id, order.table.updated.clone());
    let mut assembly = Assembly::new(target(order), MAX_CELLS).map_err(fault)?;
    let all = order.plan.blocks.len();
    let progress = Progress::new(form, all);
    let mut cells = 0;
    for (done, block) in order.plan.blocks.iter().enumerate() {
        if interrupt::is_asked() {
            progress.end();
            let places = [("kept", done.to_string()), ("all", all.to_string())];
            let places = [("kept", places[0].1.as_str()), ("all", places[1].1.as_str())];
            return Err(Failure::interrupted(session.say("px.interrupted_at", &places)));
        }
        let format = OutputFormat::json_stat();
        let answer = desk.ask(id, |client| match client.server().v2.is_some() {
            true => client.data(&table, &block.selection, &format),
            false => {
                let translated =
                    v0::Query::from_selection(&block.selection, &order.table, "json-stat2")?;
                client.data_v0(&table, &translated.query)
            }
        });
        let answer = answer.inspect_err(|_| progress.end())?;
        assembly.put(&jsonstat::read(&answer.body).map_err(fault)?).map_err(fault)?;
        cells += block.cells;
        let text = said(session, (done + 1, all), cells);
        progress.step(&Step {
            event: "progress",
            done: done + 1,
            all,
            text: &text,
            wait_seconds: None,
        });
    }
    progress.end();
    assembly.finish().map_err(fault)
}

fn said(session: &Session<'_>, (done, all): (usize, usize), cells: u64) -> String {
    let cells = session.language.number(cells as f64, 0);
    let (done, all) = (done.to_string(), all.to_string());
    session.say("px.progress", &[("done", &done), ("all", &all), ("cells", &cells)])
}

/// The dimensions and codes of the finished cube.
fn target(order: &Order) -> Vec<(String, Vec<String>)> {
    let chosen = order.plan.evaluated.variables.iter().filter(|one| !one.codes.is_empty());
    chosen
        .map(|one| (order.table.variables[one.variable].code.clone(), one.codes.clone()))
        .collect()
}
