//! `grunnlag model audit`, `compare` and `sensitivity`.

use std::path::Path;

use evidence::Evidence;
use evidence::answers::{ModelComparison, SensitivityReport};

use crate::args::{AuditFormat, Format, OutputArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Audits a model, as a page or as an object.
pub fn audit(
    session: &Session<'_>,
    evidence: &Evidence,
    id: &str,
    (out, format): (Option<&Path>, Option<AuditFormat>),
) -> Result<(), Failure> {
    let ending = out.and_then(Path::extension).and_then(|ending| ending.to_str());
    let format = match (format, ending) {
        (Some(format), _) => format,
        (None, Some("html" | "htm")) => AuditFormat::Html,
        (None, Some("json") | None) => AuditFormat::Json,
        (None, Some(ending)) => {
            return Err(Failure::usage(session.say("usage.audit_ending", &[("ending", ending)])));
        }
    };
    let question = session.question(evidence, Some(id), None)?;
    let audit = evidence.audit(&question).map_err(|error| session.failure(&error))?;
    let text = match format {
        AuditFormat::Html => audit.page(session.texts),
        AuditFormat::Json => formats::as_json(&audit, session.texts, session.language)?,
    };
    session.output(out).text(&text)
}

/// Holds models against each other.
pub fn compare(
    session: &Session<'_>,
    evidence: &Evidence,
    models: &[String],
    output: &OutputArguments,
) -> Result<(), Failure> {
    let choices = models
        .iter()
        .map(|model| session.model_choice(evidence, model))
        .collect::<Result<Vec<_>, Failure>>()?;
    let found = evidence
        .compare_models(&choices, session.language)
        .map_err(|error| session.failure(&error))?;
    if output.format == Format::Table {
        session.note(&pairs(session, &found));
    }
    let to = session.output(output.out.as_deref());
    formats::write(&compared(session, &found), &found, output.format, &to)
}

fn pairs(session: &Session<'_>, found: &ModelComparison) -> Vec<String> {
    let number = |value: Option<f64>, decimals| {
        value.map_or_else(|| "–".to_owned(), |value| session.language.number(value, decimals))
    };
    let pair = |pair: &evidence::answers::ComparedPair| {
        let common = |top: &evidence::answers::TopOverlap| {
            let (n, both) = (top.n.to_string(), top.both.to_string());
            session.say("compare.top", &[("n", &n), ("both", &both)])
        };
        let top: Vec<String> = pair.top.iter().map(common).collect();
        let places = [
            ("left", pair.left.clone()),
            ("right", pair.right.clone()),
            ("in_both", pair.in_both.to_string()),
            ("spearman", number(pair.spearman, 2)),
            ("kendall", number(pair.kendall, 2)),
            ("moved", number(pair.mean_absolute_change, 1)),
            ("top", top.join(", ")),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.say("compare.pair", &places)
    };
    found.pairs.iter().map(pair).collect()
}

fn compared(session: &Session<'_>, found: &ModelComparison) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let mut columns = vec![
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::text("county_name", say("column.county")),
    ];
    for (at, model) in found.models.iter().enumerate() {
        columns.push(Column::integer(&format!("rank_{}_{}", at + 1, model.id), &model.id));
        let title = format!("{} – {}", model.id, say("column.score"));
        let key = format!("score_{}_{}", at + 1, model.id);
        columns.push(Column::number(&key, title, 1).off_screen());
    }
    columns.push(Column::integer("spread", say("column.spread")));
    let row = |place: &evidence::answers::ComparedMunicipality| {
        let mut cells: Vec<Cell> = vec![
            place.municipality_code.clone().into(),
            place.name.clone().into(),
            place.county_name.clone().into(),
        ];
        for (rank, score) in place.ranks.iter().zip(&place.scores) {
            cells.push((*rank).into());
            cells.push((*score).into());
        }
        cells.push(place.spread.into());
        cells
    };
    Sheet {
        name: say("compare.sheet"),
        columns,
        rows: found.municipalities.iter().map(row).collect(),
    }
}

/// Says which of a model's choices the places hang on.
pub fn sensitivity(
    session: &Session<'_>,
    evidence: &Evidence,
    (id, samples, seed): (&str, usize, Option<u64>),
    output: &OutputArguments,
) -> Result<(), Failure> {
    let question = session.question(evidence, Some(id), None)?;
    let report =
        evidence.sensitivity(&question, samples, seed).map_err(|error| session.failure(&error))?;
    if output.format == Format::Table {
        let places = [
            ("title", report.model_title.clone()),
            ("model", report.model.clone()),
            ("output", report.output.clone()),
            ("mean", session.language.number(report.mean, 1)),
            ("runs", report.runs.to_string()),
            ("seed", report.seed.to_string()),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.note(&[session.say("sensitivity.heading", &places)]);
    }
    let to = session.output(output.out.as_deref());
    formats::write(&shares(session, &report), &report, output.format, &to)
}

fn shares(session: &Session<'_>, report: &SensitivityReport) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("kind", say("column.kind")).off_screen(),
        Column::text("id", say("column.id")),
        Column::text("title", say("column.choice")),
        Column::number("first", say("column.first_order"), 3),
        Column::number("first_p5", say("column.low"), 3),
        Column::number("first_p95", say("column.high"), 3),
        Column::number("total", say("column.total_order"), 3),
        Column::number("total_p5", say("column.low"), 3),
        Column::number("total_p95", say("column.high"), 3),
    ];
    let row = |input: &evidence::answers::SensitivityInput| -> Vec<Cell> {
        let end = |ends: Option<[f64; 2]>, at: usize| ends.map(|ends| ends[at]);
        vec![
            input.kind.into(),
            input.id.clone().into(),
            input.title.clone().into(),
            input.first.into(),
            end(input.first_interval, 0).into(),
            end(input.first_interval, 1).into(),
            input.total.into(),
            end(input.total_interval, 0).into(),
            end(input.total_interval, 1).into(),
        ]
    };
    Sheet { name: say("sensitivity.sheet"), columns, rows: report.inputs.iter().map(row).collect() }
}
