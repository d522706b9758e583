//! The table to score: a CSV file of units and figures.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::ByteRecord;
use scoring::{Matrix, Model};

use crate::commands::Session;
use crate::failure::Failure;

/// A CSV file whose header has been read.
pub struct Table<'a> {
    session: &'a Session<'a>,
    file: String,
    reader: csv::Reader<BufReader<File>>,
    header: Vec<String>,
    unit: usize,
    decimals: Decimals,
}

/// What decimals stand after.
#[derive(Clone, Copy, PartialEq)]
enum Decimals {
    Point,
    /// As beside semicolons; a point is understood too.
    Comma,
}

/// What a column is read as.
enum Reading {
    /// Not read: neither the model nor the table needs it.
    Skipped,
    /// Figures of an indicator.
    Figures(String, Vec<Option<f64>>),
    /// Memberships of a grouping.
    Labels(String, Vec<Option<String>>),
}

impl<'a> Table<'a> {
    /// Opens a file and reads its header.
    ///
    /// Commas, semicolons (decimals after a comma) and tabs are told apart by the header.
    pub fn open(
        session: &'a Session<'a>,
        path: &Path,
        unit: Option<&str>,
    ) -> Result<Self, Failure> {
        let file = path.display().to_string();
        let unreadable = |cause: &str| {
            let places = [("file", file.as_str()), ("cause", cause)];
            Failure::usage(session.say("score.unreadable", &places))
        };
        let delimiter = delimiter(path).map_err(|error| unreadable(&error.to_string()))?;
        let opened = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(BufReader::with_capacity(1 << 20, opened));
        let header: Vec<String> = reader
            .headers()
            .map_err(|error| unreadable(&error.to_string()))?
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        let wanted = unit.unwrap_or("unit");
        let unit = match (header.iter().position(|name| name == wanted), unit) {
            (Some(at), _) => at,
            (None, None) => 0,
            (None, Some(asked)) => {
                let places = [("file", file.as_str()), ("column", asked)];
                return Err(Failure::usage(session.say("score.no_column", &places)));
            }
        };
        let decimals = if delimiter == b';' { Decimals::Comma } else { Decimals::Point };
        let doubled = header.iter().enumerate().find(|(at, name)| header[..*at].contains(name));
        if let Some((_, name)) = doubled {
            let places = [("file", file.as_str()), ("column", name)];
            return Err(Failure::usage(session.say("score.column_doubled", &places)));
        }
        Ok(Self { session, file, reader, header, unit, decimals })
    }

    /// Returns the names of the columns that may hold figures.
    pub fn columns(&self) -> Vec<&str> {
        let others = self.header.iter().enumerate().filter(|(at, _)| *at != self.unit);
        others.map(|(_, name)| name.as_str()).collect()
    }

    /// Reads what the model needs.
    pub fn matrix(mut self, model: &Model) -> Result<Matrix, Failure> {
        let (columns, labels) = (model.columns(), model.labels());
        let mut readings: Vec<Reading> = self
            .header
            .iter()
            .map(|name| {
                if columns.contains(name.as_str()) {
                    Reading::Figures(name.clone(), Vec::new())
                } else if labels.contains(name.as_str()) {
                    Reading::Labels(name.clone(), Vec::new())
                } else {
                    Reading::Skipped
                }
            })
            .collect();
        let mut units = Vec::new();
        let mut record = ByteRecord::new();
        while self.reader.read_byte_record(&mut record).map_err(|error| self.broken(&error))? {
            units.push(String::from_utf8_lossy(&record[self.unit]).trim().to_owned());
            for (reading, cell) in readings.iter_mut().zip(record.iter()) {
                match reading {
                    Reading::Skipped => {}
                    Reading::Figures(name, figures) => {
                        let figure = figure(cell, self.decimals);
                        figures.push(figure.map_err(|()| self.not_a_figure(&record, name, cell))?);
                    }
                    Reading::Labels(_, labels) => labels.push(label(cell)),
                }
            }
        }
        if units.is_empty() {
            let places = [("file", self.file.as_str())];
            return Err(Failure::usage(self.session.say("score.no_rows", &places)));
        }
        let mut matrix = Matrix { units, labels: HashMap::new(), ..Matrix::default() };
        for reading in readings {
            match reading {
                Reading::Skipped => {}
                Reading::Figures(name, figures) => {
                    matrix.columns.insert(name, figures);
                }
                Reading::Labels(name, labels) => {
                    matrix.labels.insert(name, labels);
                }
            }
        }
        Ok(matrix)
    }

    fn broken(&self, error: &csv::Error) -> Failure {
        let places = [("file", self.file.as_str()), ("cause", &error.to_string())];
        Failure::usage(self.session.say("score.unreadable", &places))
    }

    fn not_a_figure(&self, record: &ByteRecord, column: &str, cell: &[u8]) -> Failure {
        let line = record.position().map_or(0, csv::Position::line).to_string();
        let unit = String::from_utf8_lossy(&record[self.unit]).into_owned();
        let text = String::from_utf8_lossy(cell).into_owned();
        let places = [
            ("file", self.file.as_str()),
            ("line", &line),
            ("unit", &unit),
            ("column", column),
            ("text", &text),
        ];
        Failure::usage(self.session.say("score.not_a_figure", &places))
    }
}

/// Returns what stands between the names of the header.
fn delimiter(path: &Path) -> std::io::Result<u8> {
    use std::io::BufRead;
    let mut first = Vec::new();
    BufReader::new(File::open(path)?).read_until(b'\n', &mut first)?;
    let count = |sought: u8| first.iter().filter(|byte| **byte == sought).count();
    let [comma, semicolon, tab] = [b',', b';', b'\t'].map(count);
    Ok(match () {
        () if semicolon > comma && semicolon >= tab => b';',
        () if tab > comma => b'\t',
        () => b',',
    })
}

/// Reads a figure; an empty cell and `NA` are gaps.
fn figure(cell: &[u8], decimals: Decimals) -> Result<Option<f64>, ()> {
    let text = std::str::from_utf8(cell).map_err(|_| ())?.trim();
    if text.is_empty() || text == "NA" {
        return Ok(None);
    }
    if decimals == Decimals::Comma && text.contains(',') {
        return text.replace(',', ".").parse().map(Some).map_err(|_| ());
    }
    text.parse().map(Some).map_err(|_| ())
}

fn label(cell: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim();
    (!text.is_empty() && text != "NA").then(|| text.to_owned())
}
