//! What a sync did, or would do, laid out.

use std::collections::BTreeMap;

use ingest::{Cost, Drift, Forecast, Outcome, Refusal, Summary};
use serde::Serialize;

use super::Session;
use crate::args::{Format, OutputArguments};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};
use crate::words;

/// What a sync did.
#[derive(Serialize)]
pub struct SyncReport {
    extracts: Vec<ExtractReport>,
    counts: BTreeMap<&'static str, usize>,
    calls: u64,
    snapshot: Option<SnapshotReport>,
}

#[derive(Serialize)]
struct ExtractReport {
    extract: String,
    outcome: &'static str,
    /// The version in use afterwards.
    version: Option<String>,
    reasons: Vec<String>,
    next_due: Option<String>,
}

#[derive(Serialize)]
struct SnapshotReport {
    id: String,
    measures: BTreeMap<String, String>,
    left_out: Vec<String>,
}

/// What a sync would do.
#[derive(Serialize)]
struct ForecastReport {
    extracts: Vec<PlannedReport>,
    /// Calls for catalogues and settings.
    overhead: u64,
    calls: u64,
    cells: u64,
    bytes: u64,
    seconds: f64,
}

#[derive(Serialize)]
struct PlannedReport {
    extract: String,
    /// `nothing`, `known`, `unknown` or `refused`.
    cost: &'static str,
    calls: Option<u64>,
    cells: Option<u64>,
    bytes: Option<u64>,
    reasons: Vec<String>,
}

/// Describes what a sync did.
pub fn report(session: &Session<'_>, summary: &Summary) -> SyncReport {
    let extracts = summary.outcomes.iter().map(|(extract, outcome)| ExtractReport {
        extract: extract.clone(),
        outcome: outcome.key(),
        version: outcome.version().map(str::to_owned),
        reasons: reasons(session, outcome),
        next_due: summary.next_due.get(extract).cloned(),
    });
    SyncReport {
        extracts: extracts.collect(),
        counts: summary.counts(),
        calls: summary.calls,
        snapshot: summary.snapshot.as_ref().map(|made| SnapshotReport {
            id: made.id.clone(),
            measures: made.measures.clone(),
            left_out: made
                .left_out
                .iter()
                .map(|left| format!("{}: {}", left.measure, drift(session, &left.drift)))
                .collect(),
        }),
    }
}

fn reasons(session: &Session<'_>, outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Refused { reasons } | Outcome::Drifted { reasons, .. } => {
            reasons.iter().map(|reason| refusal(session, reason)).collect()
        }
        Outcome::Failed { error } => {
            vec![session.client_fault("", "", error).sentence().to_owned()]
        }
        Outcome::Fetched { news, .. } => news.iter().map(|one| drift(session, one)).collect(),
        Outcome::Unchanged { .. } | Outcome::NotReached => Vec::new(),
    }
}

/// Why an extract is not used.
fn refusal(session: &Session<'_>, reason: &Refusal) -> String {
    let table = session.say("sync.the_table", &[]);
    match reason {
        Refusal::Drift(one) => drift(session, one),
        Refusal::Fault(fault) => session.px_sentence(&table, fault),
        Refusal::Server(error) => session.client_fault(&table, "", error).sentence().to_owned(),
        Refusal::Surprise(surprise) => {
            session.fault("surprise", surprise.key(), &surprise.places())
        }
        Refusal::Cube(error) => session.cube_fault(&table, error).sentence().to_owned(),
        Refusal::NotInCatalogue => session.say("sync.not_in_catalogue", &[]),
        Refusal::KeepsChanging => session.say("sync.keeps_changing", &[]),
        Refusal::Geonorge(error) => session.geonorge_fault(error).sentence().to_owned(),
        Refusal::Layer(problem) => session.say("sync.layer", &[("problem", problem)]),
    }
}

/// What is not as the pack relies on.
fn drift(session: &Session<'_>, drift: &Drift) -> String {
    let near = drift.near.join(", ");
    let near_part = match near.is_empty() {
        true => String::new(),
        false => session.say("drift.near", &[("near", &near)]),
    };
    let places = [
        ("at", drift.at.as_str()),
        ("expected", &drift.expected),
        ("found", &drift.found),
        ("near_part", &near_part),
    ];
    session.say(&format!("drift.{}", drift.kind.key()), &places)
}

/// The extracts as a table.
pub fn sheet(session: &Session<'_>, report: &SyncReport) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("extract", say("column.extract")),
        Column::text("outcome", say("column.outcome")),
        Column::text("version", say("column.version")),
        Column::text("next_due", say("column.next_due")),
        Column::text("reasons", say("column.why")),
    ];
    let rows = report.extracts.iter().map(|one| {
        vec![
            Cell::from(one.extract.clone()),
            say(&format!("sync.outcome.{}", one.outcome)).into(),
            one.version.clone().into(),
            one.next_due.clone().into(),
            one.reasons.join(" ").into(),
        ]
    });
    Sheet { name: say("sync.sheet"), columns, rows: rows.collect() }
}

/// How many of each, and the snapshot that was made.
pub fn totals(session: &Session<'_>, report: &SyncReport) -> Vec<String> {
    let count = |key: &str| report.counts.get(key).copied().unwrap_or(0).to_string();
    let places = [
        ("fetched", count("fetched")),
        ("unchanged", count("unchanged")),
        ("refused", count("refused")),
        ("drifted", count("drifted")),
        ("failed", (report.failed()).to_string()),
        ("calls", report.calls.to_string()),
    ];
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut lines = vec![session.say("sync.totals", &places)];
    if let Some(made) = &report.snapshot {
        let measures = made.measures.len().to_string();
        let places = [("id", made.id.as_str()), ("measures", &measures)];
        lines.push(session.say("sync.snapshot", &places));
        lines.extend(made.left_out.iter().map(|left| format!("• {left}")));
    }
    lines
}

impl SyncReport {
    fn failed(&self) -> usize {
        let count = |key: &str| self.counts.get(key).copied().unwrap_or(0);
        count("failed") + count("not_reached")
    }
}

/// Whether all went well: a table that no longer fits is told, and is not a failure of the run.
pub fn verdict(session: &Session<'_>, summary: &Summary) -> Result<(), Failure> {
    let counts = summary.counts();
    let count = |key: &str| counts.get(key).copied().unwrap_or(0);
    let left = count("failed") + count("not_reached");
    match left {
        0 => Ok(()),
        left => Err(Failure::internal(session.say("sync.failed", &[("left", &left.to_string())]))),
    }
}

/// Says what a sync would cost.
pub fn write_forecast(
    session: &Session<'_>,
    forecast: &Forecast,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let extracts: Vec<PlannedReport> =
        forecast.extracts.iter().map(|one| planned(session, &one.extract, &one.cost)).collect();
    let sum = |of: fn(&PlannedReport) -> Option<u64>| extracts.iter().filter_map(of).sum();
    let report = ForecastReport {
        overhead: forecast.overhead,
        calls: forecast.overhead + sum(|one| one.calls),
        cells: sum(|one| one.cells),
        bytes: sum(|one| one.bytes),
        seconds: forecast.takes.as_secs_f64(),
        extracts,
    };
    let sheet = forecast_sheet(session, &report);
    formats::write(&sheet, &report, output.format, &session.output(output.out.as_deref()))?;
    if output.format == Format::Table {
        let places = [
            ("calls", report.calls.to_string()),
            ("cells", session.language.number(report.cells as f64, 0)),
            ("bytes", words::bytes(session.language, report.bytes)),
            ("time", words::duration(session, forecast.takes)),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.note(&[session.say("sync.plan", &places)]);
    }
    Ok(())
}

fn planned(session: &Session<'_>, extract: &str, cost: &Cost) -> PlannedReport {
    let mut report = PlannedReport {
        extract: extract.to_owned(),
        cost: "nothing",
        calls: None,
        cells: None,
        bytes: None,
        reasons: Vec::new(),
    };
    match cost {
        Cost::Nothing => report.calls = Some(0),
        Cost::Known { calls, cells, bytes } => {
            report.cost = "known";
            (report.calls, report.cells, report.bytes) = (Some(*calls), Some(*cells), Some(*bytes));
        }
        Cost::Unknown { at_least } => {
            report.cost = "unknown";
            report.calls = Some(*at_least);
        }
        Cost::Refused(reasons) => {
            report.cost = "refused";
            report.reasons = reasons.iter().map(|reason| refusal(session, reason)).collect();
        }
    }
    report
}

fn forecast_sheet(session: &Session<'_>, report: &ForecastReport) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let whole = |number: Option<u64>| number.and_then(|number| usize::try_from(number).ok());
    let columns = vec![
        Column::text("extract", say("column.extract")),
        Column::text("cost", say("column.outcome")),
        Column::integer("calls", say("column.requests")),
        Column::integer("cells", say("column.cells")),
        Column::integer("bytes", say("column.bytes")).off_screen(),
        Column::text("reasons", say("column.why")),
    ];
    let rows = report.extracts.iter().map(|one| {
        vec![
            Cell::from(one.extract.clone()),
            say(&format!("sync.cost.{}", one.cost)).into(),
            whole(one.calls).into(),
            whole(one.cells).into(),
            whole(one.bytes).into(),
            one.reasons.join(" ").into(),
        ]
    });
    Sheet { name: say("sync.sheet"), columns, rows: rows.collect() }
}
