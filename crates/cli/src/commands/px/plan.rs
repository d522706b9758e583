use std::time::Duration;

use pxweb::Table;
use pxweb::client::Pace;
use pxweb::plan::Plan;
use pxweb::selection::Selection;
use serde::Serialize;

use crate::commands::Session;
use crate::words;

/// A plan as an object.
#[derive(Serialize)]
pub struct PlanReport {
    table: String,
    host: String,
    requests: usize,
    cells: u64,
    bytes: u64,
    seconds: f64,
    pace: PaceReport,
    dimensions: Vec<PlannedDimension>,
    left_out: Vec<LeftOut>,
    blocks: Vec<PlannedBlock>,
}

#[derive(Serialize)]
struct PaceReport {
    calls: u32,
    window_seconds: f64,
}

/// A dimension of the answer, slowest first.
#[derive(Serialize)]
struct PlannedDimension {
    code: String,
    codes: usize,
    code_list: Option<String>,
}

/// A dimension that the answer lacks.
#[derive(Serialize)]
struct LeftOut {
    code: String,
    /// The expression that matched nothing; absent when it was not asked for at all.
    matched_nothing: Option<String>,
}

#[derive(Serialize)]
struct PlannedBlock {
    first_cell: u64,
    cells: u64,
    method: &'static str,
}

/// Describes a plan.
pub fn report(host: &str, table: &Table, asked: &Selection, plan: &Plan, pace: Pace) -> PlanReport {
    let chosen = plan.evaluated.variables.iter().filter(|one| !one.codes.is_empty());
    let code = |at: usize| table.variables.get(at).map(|one| one.code.clone()).unwrap_or_default();
    let silently = |at: usize| {
        let is_silent = plan.evaluated.silently_eliminated.contains(&at);
        is_silent.then(|| items_of(asked, &code(at)))
    };
    PlanReport {
        table: plan.table.clone(),
        host: host.to_owned(),
        requests: plan.blocks.len(),
        cells: plan.cells,
        bytes: plan.bytes,
        seconds: plan.takes.as_secs_f64(),
        pace: PaceReport { calls: pace.calls, window_seconds: pace.window.as_secs_f64() },
        dimensions: chosen
            .map(|one| PlannedDimension {
                code: code(one.variable),
                codes: one.codes.len(),
                code_list: one.code_list.clone(),
            })
            .collect(),
        left_out: plan
            .evaluated
            .eliminated
            .iter()
            .map(|at| LeftOut { code: code(*at), matched_nothing: silently(*at) })
            .collect(),
        blocks: plan
            .blocks
            .iter()
            .map(|block| PlannedBlock {
                first_cell: block.first_cell,
                cells: block.cells,
                method: if block.by_post { "POST" } else { "GET" },
            })
            .collect(),
    }
}

/// What was asked of a dimension.
fn items_of(asked: &Selection, code: &str) -> String {
    let found = asked.variables.iter().find(|one| one.variable.eq_ignore_ascii_case(code));
    found.map(|one| one.items.join(",")).unwrap_or_default()
}

/// The plan in a few lines.
pub fn lines(session: &Session<'_>, plan: &PlanReport) -> Vec<String> {
    let cells = session.language.number(plan.cells as f64, 0);
    let places = [
        ("table", plan.table.as_str()),
        ("host", &plan.host),
        ("requests", &plan.requests.to_string()),
        ("cells", &cells),
        ("bytes", &words::bytes(session.language, plan.bytes)),
        ("time", &words::duration(session, Duration::from_secs_f64(plan.seconds))),
    ];
    let key = if plan.requests == 1 { "px.plan.one" } else { "px.plan" };
    let mut lines = vec![session.say(key, &places)];
    if plan.requests > 1 {
        let seconds = plan.pace.window_seconds.to_string();
        let places = [("calls", plan.pace.calls.to_string()), ("seconds", seconds)];
        let places = [("calls", places[0].1.as_str()), ("seconds", places[1].1.as_str())];
        lines.push(session.say("px.plan.pace", &places));
    }
    let order: Vec<String> = plan.dimensions.iter().map(|one| dimension(session, one)).collect();
    lines.push(session.say("px.plan.order", &[("order", &order.join(" × "))]));
    lines.extend(left_out(session, plan));
    lines
}

fn dimension(session: &Session<'_>, one: &PlannedDimension) -> String {
    let count = one.codes.to_string();
    match &one.code_list {
        None => format!("{} ({count})", one.code),
        Some(list) => session.say(
            "px.plan.through",
            &[("code", one.code.as_str()), ("count", &count), ("list", list)],
        ),
    }
}

fn left_out(session: &Session<'_>, plan: &PlanReport) -> Vec<String> {
    let silent = plan.left_out.iter().filter_map(|one| {
        let asked = one.matched_nothing.as_deref()?;
        Some(session.say("px.plan.silently", &[("asked", asked), ("code", &one.code)]))
    });
    let plain: Vec<&str> = plan
        .left_out
        .iter()
        .filter(|one| one.matched_nothing.is_none())
        .map(|one| one.code.as_str())
        .collect();
    let plain = (!plain.is_empty())
        .then(|| session.say("px.plan.left_out", &[("codes", &plain.join(", "))]));
    plain.into_iter().chain(silent).collect()
}
