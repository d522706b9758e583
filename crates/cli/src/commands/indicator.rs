//! `grunnlag indicator`.

use std::fmt::Write;

use evidence::answers::{IndicatorEntry, IndicatorList, IndicatorValues};

use super::Session;
use crate::args::{IndicatorCommand, OutputArguments, TextFormat};
use crate::failure::Failure;
use crate::formats::{self, Column, Sheet};

/// Answers about indicators.
pub fn run(session: &Session<'_>, command: &IndicatorCommand) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    match command {
        IndicatorCommand::List { output } => {
            let list = evidence.indicators(session.language);
            write(session, &list_sheet(session, &list), &list, output)
        }
        IndicatorCommand::Show { id, format } => {
            let entry = evidence
                .indicator(id, session.language)
                .map_err(|error| session.failure(&error))?;
            let text = match format {
                TextFormat::Json => formats::as_json(&entry, session.texts, session.language)?,
                TextFormat::Text => page(session, &entry) + &elsewhere(session, &entry),
            };
            session.output(None).text(&text)
        }
        IndicatorCommand::Values { id, output } => {
            let values = evidence
                .indicator_values(id, session.language)
                .map_err(|error| session.failure(&error))?;
            if let Some(reason) = &values.unavailable_reason {
                session.note(std::slice::from_ref(reason));
            }
            write(session, &value_sheet(session, &values), &values, output)
        }
    }
}

fn write(
    session: &Session<'_>,
    sheet: &Sheet,
    json: &impl serde::Serialize,
    output: &OutputArguments,
) -> Result<(), Failure> {
    formats::write(sheet, json, output.format, &session.output(output.out.as_deref()))
}

fn list_sheet(session: &Session<'_>, list: &IndicatorList) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("id", say("column.id")),
        Column::text("title", say("column.title")),
        Column::text("unit", say("column.unit")),
        Column::text("better", say("column.better")).off_screen(),
        Column::text("newest_period", say("column.period")),
        Column::integer("municipalities_with_value", say("column.with_value")),
        Column::text("table", say("column.table")),
        Column::text("unavailable_reason", say("column.unavailable")).off_screen(),
    ];
    let rows = list.indicators.iter().map(|entry| {
        vec![
            entry.id.clone().into(),
            entry.title.clone().into(),
            entry.unit.clone().into(),
            entry.better.clone().into(),
            entry.newest_period.clone().into(),
            entry.municipalities_with_value.into(),
            entry.receipt.table.clone().into(),
            entry.unavailable_reason.clone().into(),
        ]
    });
    Sheet { name: say("indicator.sheet"), columns, rows: rows.collect() }
}

fn value_sheet(session: &Session<'_>, values: &IndicatorValues) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::text("period", say("column.period")),
        Column::number("value", &values.unit, usize::from(values.decimals)),
        Column::text("status", say("column.status_code")).off_screen(),
        Column::text("status_text", say("column.status")),
    ];
    let rows = values.values.iter().map(|value| {
        vec![
            value.municipality_code.clone().into(),
            value.name.clone().into(),
            value.period.clone().into(),
            value.value.into(),
            value.status.clone().into(),
            value.status_text.clone().into(),
        ]
    });
    Sheet { name: values.id.clone(), columns, rows: rows.collect() }
}

/// How an indicator's SQL is run by another engine, where it is not plain SQL.
fn elsewhere(session: &Session<'_>, entry: &IndicatorEntry) -> String {
    let Some(sql) = &entry.sql else { return String::new() };
    let snapshot = session.origin().snapshot();
    match snapshot.map(|snapshot| snapshot.expanded(sql)) {
        Ok(Ok(expanded)) if expanded != *sql => {
            let without = expanded.rsplit_once("---*/").map_or(&*expanded, |(_, sql)| sql);
            format!("\n{}\n\n{}\n", session.say("indicator.elsewhere", &[]), without.trim())
        }
        _ => String::new(),
    }
}

fn page(session: &Session<'_>, entry: &IndicatorEntry) -> String {
    let national = entry.national_value.map_or_else(
        || "–".to_owned(),
        |value| session.language.number(value, usize::from(entry.decimals)),
    );
    let mut text = session.say(
        "indicator.page",
        &[
            ("id", &entry.id),
            ("title", &entry.title),
            ("description", &entry.description),
            ("unit", &entry.unit),
            ("period", entry.newest_period.as_deref().unwrap_or("–")),
            ("with_value", &entry.municipalities_with_value.to_string()),
            ("national", &national),
            ("models", &entry.models.join(", ")),
        ],
    );
    if let Some(reason) = &entry.unavailable_reason {
        let _ = write!(text, "\n{reason}");
    }
    for measure in &entry.receipt.measures {
        let _ = write!(
            text,
            "\n\n{}: {}\n  {} · {} · {}\n  {}",
            measure.measure,
            measure.title,
            measure.publisher,
            measure.table,
            measure.licence,
            measure.selection,
        );
        if let Some(checksum) = &measure.checksum {
            let _ = write!(text, "\n  sha256 {checksum}");
        }
        if let Some(caveat) = &measure.caveat {
            let _ = write!(text, "\n  {caveat}");
        }
    }
    if let Some(sql) = &entry.sql {
        let _ = write!(text, "\n\n{}", sql.trim_end());
    }
    text.push('\n');
    text
}
