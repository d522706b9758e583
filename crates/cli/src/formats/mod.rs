//! Tables in the formats that people ask for.

mod csv;
mod parquet;
mod terminal;
mod xlsx;

pub use self::csv::harmless;

use evidence::{Language, Texts};

use crate::args::Format;
use crate::failure::Failure;
use crate::output::Output;

/// A table: typed columns, and rows in which a gap is a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name of the table.
    pub name: String,
    /// Columns from the left.
    pub columns: Vec<Column>,
    /// Rows from the top, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name for machines.
    pub key: String,
    /// Name for people.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Decimals to show people.
    pub decimals: usize,
    /// Whether the terminal's narrower table shows it.
    pub on_screen: bool,
}

/// What a column's cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Missing,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
}

impl Column {
    /// A column of text.
    pub fn text(key: &str, title: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            title: title.into(),
            kind: Kind::Text,
            decimals: 0,
            on_screen: true,
        }
    }

    /// A column of whole numbers.
    pub fn integer(key: &str, title: impl Into<String>) -> Self {
        Self { kind: Kind::Integer, ..Self::text(key, title) }
    }

    /// A column of numbers, shown to people with so many decimals.
    pub fn number(key: &str, title: impl Into<String>, decimals: usize) -> Self {
        Self { kind: Kind::Number, decimals, ..Self::text(key, title) }
    }

    /// Leaves the column out of the terminal's table.
    #[must_use]
    pub fn off_screen(self) -> Self {
        Self { on_screen: false, ..self }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or(Self::Missing, Self::Integer)
    }
}

impl From<u8> for Cell {
    fn from(number: u8) -> Self {
        Self::Integer(i64::from(number))
    }
}

/// Writes a table in a format; JSON is the caller's own object.
pub fn write(
    sheet: &Sheet,
    json: &impl serde::Serialize,
    format: Format,
    output: &Output<'_>,
) -> Result<(), Failure> {
    let broken = |cause: String| {
        let places = [("cause", cause.as_str())];
        Failure::internal(output.texts.say(output.language, "failure.format", &places))
    };
    match format {
        Format::Table => output.text(&terminal::render(sheet, output.language)),
        Format::Csv => output.text(&csv::render(sheet).map_err(|error| broken(error.to_string()))?),
        Format::Json => output.text(&as_json(json, output.texts, output.language)?),
        Format::Xlsx => {
            output.binary(&xlsx::render(sheet).map_err(|error| broken(error.to_string()))?)
        }
        Format::Parquet => {
            output.binary(&parquet::render(sheet).map_err(|error| broken(error.to_string()))?)
        }
    }
}

/// Draws a table for a terminal.
pub fn on_screen(sheet: &Sheet, language: Language) -> String {
    terminal::render(sheet, language)
}

/// Writes an object as indented JSON.
pub fn as_json(
    value: &impl serde::Serialize,
    texts: &Texts,
    language: Language,
) -> Result<String, Failure> {
    match serde_json::to_string_pretty(value) {
        Ok(mut json) => {
            json.push('\n');
            Ok(json)
        }
        Err(error) => Err(Failure::internal(texts.say(
            language,
            "failure.format",
            &[("cause", &error.to_string())],
        ))),
    }
}
