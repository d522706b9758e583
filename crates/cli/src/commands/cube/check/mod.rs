//! `grunnlag cube validate`: every fault, where the reader stops at the first.

mod json_stat;

use std::path::Path;

use cube::{Cube, Format};
use serde::Serialize;

use super::{bytes_of, shown};
use crate::args::TextFormat;
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats;

/// What is found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the sentence: `check.<key>`.
    pub key: &'static str,
    /// What the sentence names.
    pub places: Vec<(&'static str, String)>,
}

impl Finding {
    fn new(key: &'static str, places: &[(&'static str, &str)]) -> Finding {
        let places = places.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Finding { key, places }
    }
}

/// What was found, in the reader's language.
#[derive(Serialize)]
struct Verdict {
    file: String,
    format: Option<&'static str>,
    valid: bool,
    faults: Vec<String>,
    notes: Vec<String>,
}

/// Lists every fault; fails when there is one.
pub fn run(session: &Session<'_>, file: &Path, format: TextFormat) -> Result<(), Failure> {
    let bytes = bytes_of(session, file)?;
    let name = shown(session, file);
    let verdict = judge(session, &name, &bytes);
    let text = match format {
        TextFormat::Json => formats::as_json(&verdict, session.texts, session.language)?,
        TextFormat::Text => page(session, &verdict),
    };
    session.output(None).text(&text)?;
    match verdict.faults.len() {
        0 => Ok(()),
        count => Err(Failure::usage(
            session.say("check.failed", &[("file", &name), ("count", &count.to_string())]),
        )),
    }
}

fn judge(session: &Session<'_>, name: &str, bytes: &[u8]) -> Verdict {
    let format = Format::detect(bytes, Some(name));
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    if format == Some(Format::JsonStat) {
        (faults, notes) = json_stat::findings(bytes);
    }
    let say = |finding: &Finding| {
        let places: Vec<(&str, &str)> =
            finding.places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.say(&format!("check.{}", finding.key), &places)
    };
    let read = cube::read_any(bytes, Some(name));
    if let Ok(cube) = &read {
        notes.extend(remarks(cube));
    }
    let mut faults: Vec<String> = faults.iter().map(say).collect();
    if let (Err(error), true) = (&read, faults.is_empty()) {
        faults.push(session.cube_fault(name, error).sentence().to_owned());
    }
    Verdict {
        file: name.to_owned(),
        format: format.map(format_name),
        valid: faults.is_empty(),
        notes: notes.iter().map(say).collect(),
        faults,
    }
}

/// What is allowed and trips people all the same.
fn remarks(cube: &Cube) -> Vec<Finding> {
    let mut found = Vec::new();
    for dimension in cube.dimensions() {
        let mut labels: Vec<&str> = (0..dimension.len()).map(|at| dimension.label_at(at)).collect();
        labels.sort_unstable();
        if let Some(twice) = labels.windows(2).find(|pair| pair[0] == pair[1]) {
            let places = [("dimension", dimension.code.as_str()), ("label", twice[0])];
            found.push(Finding::new("label_twice", &places));
        }
        if dimension.is_time()
            && let Some(at) = dimension.periods().iter().position(Option::is_none)
        {
            let places = [("dimension", dimension.code.as_str()), ("code", &dimension.codes()[at])];
            found.push(Finding::new("not_a_period", &places));
        }
    }
    if cube.values().is_empty() && cube.cells() > 0 {
        found.push(Finding::new("metadata_only", &[]));
    }
    found
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::JsonStat => "JSON-stat",
        Format::Px => "PX",
        Format::Csv => "CSV",
        Format::JsonPx => "PX-JSON",
        Format::Xlsx => "XLSX",
        Format::Parquet => "Parquet",
        Format::Arrow => "Arrow",
    }
}

fn page(session: &Session<'_>, verdict: &Verdict) -> String {
    let mut lines = Vec::new();
    if verdict.valid {
        let places = [("file", verdict.file.as_str()), ("format", verdict.format.unwrap_or("–"))];
        lines.push(session.say("check.valid", &places));
    }
    lines.extend(verdict.faults.iter().map(|fault| format!("✗ {fault}")));
    lines.extend(verdict.notes.iter().map(|note| format!("• {note}")));
    lines.join("\n") + "\n"
}
