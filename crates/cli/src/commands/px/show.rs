//! What a table is and what can be selected in it.

use std::fmt::Write;

use cube::Cube;
use pxweb::{CodeList, Table, Variable};
use serde::Serialize;

use crate::args::{OutputArguments, TextFormat};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// A table as an object.
#[derive(Serialize)]
pub struct TableReport<'a> {
    id: &'a str,
    host: &'a str,
    title: &'a str,
    updated: Option<&'a str>,
    source: Option<&'a str>,
    cells: u64,
    period: Option<[&'a str; 2]>,
    dimensions: Vec<DimensionReport<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct DimensionReport<'a> {
    code: &'a str,
    label: &'a str,
    role: Option<&'static str>,
    codes: usize,
    first: Option<&'a str>,
    last: Option<&'a str>,
    may_be_left_out: bool,
    total: Option<&'a str>,
    code_lists: &'a [String],
}

#[derive(Serialize)]
struct CodeReport<'a> {
    code: &'a str,
    label: &'a str,
    /// Codes of the table that it stands for, in a code list.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    parts: &'a [String],
}

/// What a table is about.
pub fn info(
    session: &Session<'_>,
    report: &TableReport<'_>,
    format: TextFormat,
) -> Result<(), Failure> {
    if format == TextFormat::Json {
        let json = formats::as_json(report, session.texts, session.language)?;
        return session.output(None).text(&json);
    }
    let cells = session.language.number(report.cells as f64, 0);
    let places = [
        ("title", report.title),
        ("id", report.id),
        ("host", report.host),
        ("updated", report.updated.unwrap_or("–")),
    ];
    let mut text = session.say("px.info", &places);
    let _ = writeln!(text, "\n{}\n", session.say("px.info.whole", &[("cells", &cells)]));
    text.push_str(&formats::on_screen(&meta_sheet(session, &report.dimensions), session.language));
    for note in report.notes {
        let _ = write!(text, "\n• {note}\n");
    }
    session.output(None).text(&text)
}

/// The table's dimensions.
pub fn meta(
    session: &Session<'_>,
    report: &TableReport<'_>,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let sheet = meta_sheet(session, &report.dimensions);
    let file = session.output(output.out.as_deref());
    formats::write(&sheet, report, output.format, &file)
}

/// The codes of a dimension.
pub fn codes(
    session: &Session<'_>,
    variable: &Variable,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let labels = variable.labels.iter().map(String::as_str).chain(std::iter::repeat(""));
    let codes = variable.codes.iter().zip(labels).map(|(code, label)| CodeReport {
        code,
        label,
        parts: &[],
    });
    write_codes(session, &variable.code, &codes.collect::<Vec<_>>(), output)
}

/// The codes of a code list.
pub fn list_codes(
    session: &Session<'_>,
    list: &CodeList,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let codes = list.values.iter().map(|value| CodeReport {
        code: &value.code,
        label: &value.label,
        parts: &value.value_map,
    });
    write_codes(session, &list.id, &codes.collect::<Vec<_>>(), output)
}

fn write_codes(
    session: &Session<'_>,
    name: &str,
    codes: &[CodeReport<'_>],
    output: &OutputArguments,
) -> Result<(), Failure> {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("code", say("column.code_of_dimension")),
        Column::text("label", say("column.label")),
        Column::text("parts", say("column.parts")),
    ];
    let rows = codes.iter().map(|one| {
        vec![Cell::from(one.code), Cell::from(one.label), Cell::from(one.parts.join(" "))]
    });
    let sheet = Sheet { name: name.to_owned(), columns, rows: rows.collect() };
    formats::write(&sheet, &codes, output.format, &session.output(output.out.as_deref()))
}

/// Describes a table; servers of the old interface have no metadata of the new one.
pub fn report<'a>(host: &'a str, table: &'a Table, metadata: Option<&'a Cube>) -> TableReport<'a> {
    let time = table.variables.iter().find(|one| one.is_time);
    TableReport {
        id: &table.id,
        host,
        title: &table.label,
        updated: table.updated.as_deref(),
        source: metadata.and_then(|cube| cube.source.as_deref()),
        cells: table.cells(),
        period: time.and_then(|one| Some([one.codes.first()?.as_str(), one.codes.last()?])),
        dimensions: table.variables.iter().map(dimension).collect(),
        notes: metadata.map_or(&[], |cube| &cube.notes),
    }
}

fn dimension(variable: &Variable) -> DimensionReport<'_> {
    DimensionReport {
        code: &variable.code,
        label: &variable.label,
        role: match (variable.is_time, variable.is_metric, variable.is_geo) {
            (true, _, _) => Some("time"),
            (_, true, _) => Some("metric"),
            (_, _, true) => Some("geo"),
            _ => None,
        },
        codes: variable.codes.len(),
        first: variable.codes.first().map(String::as_str),
        last: variable.codes.last().map(String::as_str),
        may_be_left_out: variable.elimination,
        total: variable.elimination_code.as_deref(),
        code_lists: &variable.code_lists,
    }
}

fn meta_sheet(session: &Session<'_>, dimensions: &[DimensionReport<'_>]) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("code", say("column.dimension")),
        Column::text("label", say("column.label")),
        Column::text("role", say("column.role")),
        Column::integer("codes", say("column.codes")),
        Column::text("first", say("column.first")),
        Column::text("last", say("column.last")),
        Column::text("may_be_left_out", say("column.may_be_left_out")),
        Column::text("code_lists", say("column.code_lists")),
    ];
    let rows = dimensions.iter().map(|one| {
        let word = if one.may_be_left_out { "word.yes" } else { "word.no" };
        vec![
            Cell::from(one.code),
            one.label.into(),
            one.role.map(|role| say(&format!("cube.role.{role}"))).into(),
            one.codes.into(),
            one.first.into(),
            one.last.into(),
            say(word).into(),
            one.code_lists.join(" ").into(),
        ]
    });
    Sheet { name: say("cube.sheet"), columns, rows: rows.collect() }
}
