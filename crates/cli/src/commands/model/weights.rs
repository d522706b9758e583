//! `grunnlag model weights`.

use std::path::Path;

use evidence::answers::{Judged, WeightProposal};
use evidence::{Evidence, EvidenceError, Part};
use scoring::Problem;

use crate::args::{Format, WeightsArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Proposes weights, from figures or from judgements.
pub fn run(
    session: &Session<'_>,
    evidence: &Evidence,
    typed: &WeightsArguments,
) -> Result<(), Failure> {
    let question = session.question(evidence, Some(&typed.id), None)?;
    let found = match (&typed.method, &typed.ahp, &typed.swing) {
        (Some(method), _, _) => evidence.weights(&question, method.chosen()),
        (None, Some(file), _) => evidence.judged_weights(&question, &pairs(session, file)?),
        (None, None, Some(file)) => evidence.judged_weights(&question, &points(session, file)?),
        (None, None, None) => evidence.weights(&question, evidence::WeighingMethod::Equal),
    };
    let proposal = found.map_err(|error| session.failure(&error))?;
    let output = session.output(typed.output.out.as_deref());
    let is_table = typed.output.format == Format::Table;
    if is_table {
        session.note(&heading(session, &proposal));
    }
    formats::write(&sheet(session, &proposal), &proposal, typed.output.format, &output)?;
    if is_table && !proposal.weights.is_empty() {
        let weights = [("weights", proposal.weights.as_str())];
        session.note(&[session.say("weights.ready", &weights)]);
    }
    Ok(())
}

fn heading(session: &Session<'_>, proposal: &WeightProposal) -> Vec<String> {
    let places = [
        ("title", proposal.model_title.as_str()),
        ("model", &proposal.model),
        ("method", &proposal.method_text),
    ];
    let mut lines = vec![session.say("weights.heading", &places)];
    if let Some(ratio) = proposal.consistency_ratio {
        let ratio = session.language.number(ratio, 3);
        lines.push(session.say("weights.ratio", &[("ratio", &ratio)]));
    }
    for group in &proposal.groups {
        if let Some(reason) = &group.reason {
            let places = [("group", group.title.as_str()), ("reason", reason)];
            lines.push(session.say("weights.left", &places));
        }
    }
    lines
}

fn sheet(session: &Session<'_>, proposal: &WeightProposal) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("group", say("column.group")),
        Column::text("id", say("column.id")),
        Column::text("title", say("column.title")),
        Column::number("weight", say("column.weight"), 2),
        Column::number("proposed", say("column.proposed"), 2),
    ];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for group in &proposal.groups {
        for member in &group.members {
            rows.push(vec![
                group.id.clone().into(),
                member.id.clone().into(),
                member.title.clone().into(),
                member.weight.into(),
                member.proposed.into(),
            ]);
        }
    }
    Sheet { name: say("weights.sheet"), columns, rows }
}

/// Reads judgements in pairs: first, second, how many times more the first matters.
fn pairs(session: &Session<'_>, file: &Path) -> Result<Judged, Failure> {
    let rows = rows(session, file, 3)?;
    let pair = |row: &Vec<String>| {
        let times = number(&row[2]).ok_or_else(|| not_a_number(session, file, &row[2]))?;
        Ok((row[0].clone(), row[1].clone(), times))
    };
    rows.iter().map(pair).collect::<Result<Vec<_>, Failure>>().map(Judged::Pairs)
}

/// Reads points: a name and the points of its swing.
fn points(session: &Session<'_>, file: &Path) -> Result<Judged, Failure> {
    let rows = rows(session, file, 2)?;
    let point = |row: &Vec<String>| {
        let points = number(&row[1]).ok_or_else(|| not_a_number(session, file, &row[1]))?;
        Ok((row[0].clone(), points))
    };
    rows.iter().map(point).collect::<Result<Vec<_>, Failure>>().map(Judged::Points)
}

/// Reads the rows below the header; each has so many fields.
fn rows(session: &Session<'_>, file: &Path, fields: usize) -> Result<Vec<Vec<String>>, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| session.unreadable(&shown, &error))?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| session.unwritable(&error))?;
        if record.len() != fields {
            let (line, found, wanted) =
                ((at + 2).to_string(), record.len().to_string(), fields.to_string());
            let english = "{file}, line {line}: {found} fields where {wanted} are wanted";
            let places =
                [("file", shown.as_str()), ("line", &line), ("found", &found), ("wanted", &wanted)];
            return Err(fault(session, Problem::new("judged_fields", english, &places)));
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    if rows.is_empty() {
        let english = "{file} holds no judgements below its header";
        return Err(fault(session, Problem::new("judged_none", english, &[("file", &shown)])));
    }
    Ok(rows)
}

/// Reads a number, also one that is written as a fraction: `1/3`.
fn number(text: &str) -> Option<f64> {
    match text.split_once('/') {
        Some((above, below)) => {
            let (above, below): (f64, f64) =
                (above.trim().parse().ok()?, below.trim().parse().ok()?);
            Some(above / below)
        }
        None => text.trim().parse().ok(),
    }
}

fn not_a_number(session: &Session<'_>, file: &Path, value: &str) -> Failure {
    let shown = file.display().to_string();
    let english = "{file}: `{value}` is not a number";
    let places = [("file", shown.as_str()), ("value", value)];
    fault(session, Problem::new("judged_number", english, &places))
}

fn fault(session: &Session<'_>, problem: Problem) -> Failure {
    session.failure(&EvidenceError::Asked { what: Part::Weighing, problem })
}
