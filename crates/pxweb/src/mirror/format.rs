//! Output formats: which there are, what they take, and how they are written.

use std::io::{self, Write};

use cube::csv::{CsvOptions, Encoding, Labels};
use cube::px::CodePage;
use cube::{Cube, Object};
use serde_json::Value;

use super::call::Call;
use super::layout::{Grid, Layout, is_idle, printed};
use super::refusal::Refusal;
use crate::{Fault, FaultKind};

/// A format of version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    #[default]
    JsonStat,
    Csv,
    Px,
    Xlsx,
    Html,
    JsonPx,
    Parquet,
}

/// The offered formats, the default first.
pub(super) const FORMATS: [Format; 7] = [
    Format::JsonStat,
    Format::Csv,
    Format::Px,
    Format::Xlsx,
    Format::Html,
    Format::JsonPx,
    Format::Parquet,
];

/// The letters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    Latin1,
    Utf8,
}

/// A format and what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    pub(super) naming: Option<Labels>,
    pub(super) separator: char,
    pub(super) has_title: bool,
    pub(super) skips_idle_rows: bool,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::JsonStat => "json-stat2",
            Format::Csv => "csv",
            Format::Px => "px",
            Format::Xlsx => "xlsx",
            Format::Html => "html",
            Format::JsonPx => "json-px",
            Format::Parquet => "parquet",
        }
    }

    /// Ending of a file of this format.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Format::JsonStat | Format::JsonPx => "json",
            other => other.name(),
        }
    }

    /// Content type of text in these letters.
    pub(super) fn content_type(self, letters: Letters) -> String {
        let charset = match letters {
            Letters::Latin1 => "iso-8859-1",
            Letters::Utf8 => "utf-8",
        };
        match self {
            Format::JsonStat | Format::JsonPx => "application/json; charset=UTF-8".to_owned(),
            Format::Csv => format!("text/csv; charset={charset}"),
            Format::Html => format!("text/html; charset={charset}"),
            Format::Px => format!("application/octet-stream; charset={charset}"),
            Format::Xlsx => {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()
            }
            Format::Parquet => "application/octet-stream".to_owned(),
        }
    }
}

impl Default for Output {
    fn default() -> Output {
        Output {
            format: Format::JsonStat,
            naming: None,
            separator: ',',
            has_title: false,
            skips_idle_rows: false,
        }
    }
}

impl Output {
    /// Reads `outputFormat` and `outputFormatParams`, the latter repeated or with commas.
    pub(super) fn asked(call: &Call<'_>) -> Result<Output, Refusal> {
        let format = call.parameter("outputFormat").unwrap_or("");
        let is_ours = |name: &str| name.eq_ignore_ascii_case("outputFormatParams");
        let parameters = call.ask.query.iter().filter(|(name, _)| is_ours(name));
        let parameters: Vec<&str> = parameters
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|parameter| !parameter.is_empty())
            .collect();
        Output::of(format, &parameters)
    }

    /// A format by its name, the default for none, with its parameters.
    pub(super) fn of(format: &str, parameters: &[&str]) -> Result<Output, Refusal> {
        let refuse =
            |what: &str| Refusal::from(Fault::new(FaultKind::UnsupportedFormat).about(what));
        let known = FORMATS.iter().find(|known| known.name() == format);
        let format = match (format, known) {
            ("", _) => Format::default(),
            (_, Some(known)) => *known,
            (other, None) => return Err(refuse(other)),
        };
        let mut output = Output { format, ..Output::default() };
        for parameter in parameters {
            let takes_none = matches!(format, Format::Px | Format::JsonStat | Format::Parquet);
            if takes_none || !output.take(parameter) {
                return Err(refuse(parameter));
            }
        }
        Ok(output)
    }

    /// Of parameters that contradict each other the last wins.
    fn take(&mut self, parameter: &str) -> bool {
        let lower = parameter.to_lowercase();
        match lower.as_str() {
            "usecodes" => self.naming = Some(Labels::Codes),
            "usetexts" => self.naming = Some(Labels::Texts),
            "usecodesandtexts" => self.naming = Some(Labels::Both),
            "includetitle" => self.has_title = true,
            "excludezerosandmissingvalues" => self.skips_idle_rows = true,
            _ => {
                self.separator = match lower.as_str() {
                    "separatortab" => '\t',
                    "separatorspace" => ' ',
                    "separatorsemicolon" => ';',
                    _ => return false,
                };
                return self.format == Format::Csv;
            }
        }
        true
    }

    /// The letters that a cube's text is written in: those of its publisher where they suffice.
    pub(super) fn letters(self, cube: &Cube) -> Letters {
        match matches!(self.format, Format::Csv | Format::Px) && fits_latin1(cube) {
            true => Letters::Latin1,
            false => Letters::Utf8,
        }
    }

    /// Writes a cube.
    pub(super) fn write(
        self,
        cube: &Cube,
        layout: &Layout,
        letters: Letters,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut out = out;
        match self.format {
            Format::JsonStat => cube::jsonstat::write(cube, &mut out),
            Format::Csv => cube::csv::write_pxweb(cube, &self.csv(layout, letters), &mut out),
            Format::Html => self.html(cube, layout, out),
            Format::Px => {
                let code_page = match letters {
                    Letters::Latin1 => CodePage::Fitting,
                    Letters::Utf8 => CodePage::Utf8,
                };
                let options = cube::px::Options { code_page, ..cube::px::Options::default() };
                cube::px::write(cube, &options, &mut out)
            }
            Format::JsonPx => cube::json_px::write(cube, &mut out),
            Format::Xlsx => out.write_all(&cube::xlsx::to_vec(cube).map_err(io::Error::other)?),
            Format::Parquet => out.write_all(&cube::columns::to_parquet(cube)),
        }
    }

    fn csv(self, layout: &Layout, letters: Letters) -> CsvOptions {
        CsvOptions {
            labels: self.naming.unwrap_or(Labels::Codes),
            separator: self.separator,
            title: self.has_title,
            stub: layout.stub.clone(),
            heading: layout.heading.clone(),
            skip_zeros_and_missing: self.skips_idle_rows,
            encoding: match letters {
                Letters::Latin1 => Encoding::Latin1,
                Letters::Utf8 => Encoding::Utf8,
            },
            ..CsvOptions::default()
        }
    }

    fn html(self, cube: &Cube, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        let grid = Grid::new(cube, layout, self.naming.unwrap_or(Labels::Texts));
        let title = escape(cube.label.as_deref().unwrap_or(""));
        write!(
            out,
            "<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n<table>\n"
        )?;
        if self.has_title {
            writeln!(out, "<caption>{title}</caption>")?;
        }
        let empty = if layout.stub.is_empty() { "<th></th>" } else { "" };
        let header: String =
            grid.header().iter().map(|name| format!("<th>{}</th>", escape(name))).collect();
        writeln!(out, "<thead><tr>{empty}{header}</tr></thead>\n<tbody>")?;
        grid.for_each_row(|names, cells| {
            if self.skips_idle_rows && is_idle(cube, cells) {
                return Ok(());
            }
            write!(out, "<tr>{empty}")?;
            for name in names {
                write!(out, "<th>{}</th>", escape(name))?;
            }
            for cell in cells {
                write!(out, "<td>{}</td>", escape(&printed(cube, *cell)))?;
            }
            out.write_all(b"</tr>\n")
        })?;
        out.write_all(b"</tbody>\n</table>\n</body>\n</html>\n")
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether every text of a cube is in ISO-8859-1.
fn fits_latin1(cube: &Cube) -> bool {
    let optional = |text: &Option<String>| text.as_deref().is_none_or(is_latin1);
    let dimension_fits = |dimension: &cube::Dimension| {
        let others = [&dimension.extension, &dimension.link, &dimension.other];
        is_latin1(&dimension.code)
            && optional(&dimension.label)
            && dimension.codes().iter().all(|code| is_latin1(code))
            && (0..dimension.len()).all(|at| dimension.stated_label(at).is_none_or(is_latin1))
            && dimension.notes.iter().all(|note| is_latin1(note))
            && dimension.category_notes.values().flatten().all(|note| is_latin1(note))
            && dimension.units.values().all(|unit| optional(&unit.base) && members_fit(&unit.other))
            && others.into_iter().chain([&dimension.category_other]).all(members_fit)
    };
    optional(&cube.label)
        && optional(&cube.source)
        && optional(&cube.updated)
        && optional(&cube.href)
        && cube.notes.iter().all(|note| is_latin1(note))
        && cube.statuses().symbols().iter().all(|symbol| is_latin1(symbol))
        && cube.dimensions().iter().all(dimension_fits)
        && [&cube.extension, &cube.link, &cube.other].into_iter().all(members_fit)
}

fn members_fit(members: &Object) -> bool {
    members.iter().all(|(name, value)| is_latin1(name) && value_fits(value))
}

fn value_fits(value: &Value) -> bool {
    match value {
        Value::String(text) => is_latin1(text),
        Value::Array(all) => all.iter().all(value_fits),
        Value::Object(members) => members_fit(members),
        _ => true,
    }
}

/// Without the control letters that Windows reads as others.
fn is_latin1(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|sign| matches!(sign, '\0'..='\x7f' | '\u{a0}'..='\u{ff}'))
}
