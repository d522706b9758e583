//! `grunnlag sql`: one SELECT, read only, within limits.

use serde_json::{Map, Number, Value as Json};
use store::{QueryLimits, Rows, StoreError, Value};

use super::Session;
use crate::args::SqlArguments;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Kind, Sheet};

/// Runs a query on the snapshot.
pub fn run(session: &Session<'_>, typed: &SqlArguments) -> Result<(), Failure> {
    let snapshot = session.origin().snapshot().map_err(|error| session.failure(&error))?;
    if typed.expand {
        let sql = snapshot.expanded(&typed.query).map_err(|error| refused(session, &error))?;
        return session.output(typed.output.out.as_deref()).text(&format!("{}\n", sql.trim_end()));
    }
    let rows = snapshot
        .query(&typed.query, &QueryLimits::default())
        .map_err(|error| refused(session, &error))?;
    let json: Vec<Json> = rows.rows.iter().map(|row| object(&rows, row)).collect();
    let output = session.output(typed.output.out.as_deref());
    formats::write(&sheet(&rows), &json, typed.output.format, &output)
}

/// What the sandbox refuses is the caller's; a broken snapshot is not.
fn refused(session: &Session<'_>, error: &StoreError) -> Failure {
    let say = |key: &str, places: &[(&str, &str)]| Failure::usage(session.say(key, places));
    match error {
        StoreError::InvalidSql { reason, line: Some(line), column: Some(column) } => {
            let (line, column) = (line.to_string(), column.to_string());
            say("sql.invalid_at", &[("reason", reason), ("line", &line), ("column", &column)])
        }
        StoreError::InvalidSql { reason, .. } => say("sql.invalid", &[("reason", reason)]),
        StoreError::SeveralStatements => say("sql.several", &[]),
        StoreError::Forbidden { action } => say("sql.forbidden", &[("action", action)]),
        StoreError::TimeLimit { limit } => {
            say("sql.time", &[("seconds", &limit.as_secs().to_string())])
        }
        StoreError::MemoryLimit { limit_bytes } => {
            say("sql.memory", &[("megabytes", &(limit_bytes / 1_048_576).to_string())])
        }
        StoreError::RowLimit { limit } => say("sql.rows", &[("rows", &limit.to_string())]),
        StoreError::ValueTooLong { limit_bytes } => {
            say("sql.value", &[("bytes", &limit_bytes.to_string())])
        }
        other => Failure::internal(session.say("sql.failed", &[("cause", &other.to_string())])),
    }
}

fn sheet(rows: &Rows) -> Sheet {
    let columns = rows.columns.iter().enumerate().map(|(at, name)| {
        let values = || rows.rows.iter().map(|row| &row[at]);
        match kind(values()) {
            Kind::Text => Column::text(name, name.as_str()),
            Kind::Integer => Column::integer(name, name.as_str()),
            Kind::Number if values().all(is_whole) => Column::number(name, name.as_str(), 0),
            Kind::Number => Column::number(name, name.as_str(), 3),
        }
    });
    let columns: Vec<Column> = columns.collect();
    let body = rows.rows.iter().map(|row| {
        row.iter().zip(&columns).map(|(value, column)| cell(value, column.kind)).collect()
    });
    Sheet { name: "sql".to_owned(), rows: body.collect(), columns }
}

fn is_whole(value: &Value) -> bool {
    !matches!(value, Value::Real(number) if number.fract() != 0.0)
}

/// A column of numbers is one of numbers; anything else in it makes it text.
fn kind<'a>(values: impl Iterator<Item = &'a Value> + Clone) -> Kind {
    let present = || values.clone().filter(|value| **value != Value::Null);
    let is_integer = |value: &Value| matches!(value, Value::Integer(_));
    let is_number = |value: &Value| matches!(value, Value::Integer(_) | Value::Real(_));
    match present().next() {
        Some(_) if present().all(is_integer) => Kind::Integer,
        Some(_) if present().all(is_number) => Kind::Number,
        _ => Kind::Text,
    }
}

fn cell(value: &Value, kind: Kind) -> Cell {
    match (value, kind) {
        (Value::Null, _) => Cell::Missing,
        (Value::Integer(number), Kind::Integer) => Cell::Integer(*number),
        (Value::Integer(number), Kind::Number) => Cell::Number(*number as f64),
        (Value::Real(number), Kind::Number) => Cell::Number(*number),
        (Value::Integer(number), _) => Cell::Text(number.to_string()),
        (Value::Real(number), _) => Cell::Text(number.to_string()),
        (Value::Text(text), _) => Cell::Text(text.clone()),
        (Value::Blob(bytes), _) => {
            Cell::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
        }
    }
}

fn object(rows: &Rows, row: &[Value]) -> Json {
    let named = rows.columns.iter().zip(row).map(|(name, value)| {
        let value = match value {
            Value::Null => Json::Null,
            Value::Integer(number) => Json::from(*number),
            Value::Real(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Value::Text(text) => Json::from(text.as_str()),
            Value::Blob(_) => match cell(value, Kind::Text) {
                Cell::Text(text) => Json::from(text),
                _ => Json::Null,
            },
        };
        (name.clone(), value)
    });
    Json::Object(named.collect::<Map<String, Json>>())
}
