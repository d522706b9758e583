//! Output formats: which there are, what they take, and how they are written.

use std::io::{self, Write};

use cube::Cube;

use super::call::Call;
use super::layout::{Grid, Layout, Naming, is_idle, printed};
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

/// A format and what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    pub(super) naming: Option<Naming>,
    pub(super) separator: u8,
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

    /// Content type; `charset` is that of the text.
    pub(super) fn content_type(self, charset: &str) -> String {
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

    /// Whether the text is in the table's own code page.
    pub(super) fn has_code_page(self) -> bool {
        matches!(self, Format::Csv | Format::Html | Format::Px)
    }
}

impl Default for Output {
    fn default() -> Output {
        Output {
            format: Format::JsonStat,
            naming: None,
            separator: b',',
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
            "usecodes" => self.naming = Some(Naming::Codes),
            "usetexts" => self.naming = Some(Naming::Texts),
            "usecodesandtexts" => self.naming = Some(Naming::Both),
            "includetitle" => self.has_title = true,
            "excludezerosandmissingvalues" => self.skips_idle_rows = true,
            _ => {
                self.separator = match lower.as_str() {
                    "separatortab" => b'\t',
                    "separatorspace" => b' ',
                    "separatorsemicolon" => b';',
                    _ => return false,
                };
                return self.format == Format::Csv;
            }
        }
        true
    }

    /// Writes a cube, text in UTF-8.
    pub(super) fn write(self, cube: &Cube, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        let mut out = out;
        match self.format {
            Format::JsonStat => cube::jsonstat::write(cube, &mut out),
            Format::Csv => self.csv(cube, layout, out),
            Format::Html => self.html(cube, layout, out),
            Format::Parquet => out.write_all(&cube::columns::to_parquet(cube)),
            Format::Px | Format::JsonPx | Format::Xlsx => {
                Err(io::Error::other("this format is not written yet"))
            }
        }
    }

    /// As the reference server writes it: quotes around texts, and none doubled within them.
    fn csv(self, cube: &Cube, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        let grid = Grid::new(cube, layout, self.naming.unwrap_or(Naming::Codes));
        let separator = [self.separator];
        let mut line = Vec::new();
        if self.has_title {
            let title = cube.label.as_deref().unwrap_or("");
            writeln!(out, "\"{title}\"\n")?;
        }
        let header: Vec<String> = grid.header().iter().map(|name| format!("\"{name}\"")).collect();
        // Where nothing is in rows, each line begins with a separator.
        if layout.stub.is_empty() {
            line.extend_from_slice(&separator);
        }
        line.extend_from_slice(
            header.join(char::from(self.separator).encode_utf8(&mut [0; 4])).as_bytes(),
        );
        line.push(b'\n');
        out.write_all(&line)?;
        grid.for_each_row(|names, cells| {
            if self.skips_idle_rows && is_idle(cube, cells) {
                return Ok(());
            }
            line.clear();
            for (at, name) in names.iter().enumerate() {
                if at > 0 {
                    line.extend_from_slice(&separator);
                }
                line.push(b'"');
                line.extend_from_slice(name.as_bytes());
                line.push(b'"');
            }
            for cell in cells {
                line.extend_from_slice(&separator);
                line.extend_from_slice(printed(cube, *cell).as_bytes());
            }
            line.push(b'\n');
            out.write_all(&line)
        })
    }

    fn html(self, cube: &Cube, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        let grid = Grid::new(cube, layout, self.naming.unwrap_or(Naming::Texts));
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

/// Turns UTF-8 into ISO-8859-1 on its way; what is written must fit.
pub(super) struct Latin1<'a> {
    out: &'a mut dyn Write,
    /// The first byte of a letter whose second has not come yet.
    lead: Option<u8>,
}

impl<'a> Latin1<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Latin1<'a> {
        Latin1 { out, lead: None }
    }
}

impl Write for Latin1<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut narrow = Vec::with_capacity(bytes.len());
        for byte in bytes {
            match (self.lead.take(), *byte) {
                (None, 0..=0x7f) => narrow.push(*byte),
                (None, 0xc2..=0xc3) => self.lead = Some(*byte),
                (Some(lead), 0x80..=0xbf) => narrow.push((lead << 6) | (byte & 0x3f)),
                _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "not ISO-8859-1")),
            }
        }
        self.out.write_all(&narrow)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether every text that may be printed is in ISO-8859-1.
pub(super) fn fits_latin1(cube: &Cube) -> bool {
    let fits =
        |text: &str| text.chars().all(|sign| matches!(sign, '\0'..='\x7f' | '\u{a0}'..='\u{ff}'));
    let optional = |text: &Option<String>| text.as_deref().is_none_or(fits);
    let dimension_fits = |dimension: &cube::Dimension| {
        fits(&dimension.code)
            && optional(&dimension.label)
            && dimension.codes().iter().all(|code| fits(code))
            && (0..dimension.len()).all(|at| dimension.stated_label(at).is_none_or(fits))
            && dimension.notes.iter().all(|note| fits(note))
            && dimension.category_notes.values().flatten().all(|note| fits(note))
            && dimension.units.values().all(|unit| optional(&unit.base))
            && members_fit(&dimension.extension, &fits)
    };
    optional(&cube.label)
        && optional(&cube.source)
        && cube.notes.iter().all(|note| fits(note))
        && cube.statuses().symbols().iter().all(|symbol| fits(symbol))
        && cube.dimensions().iter().all(dimension_fits)
        && members_fit(&cube.extension, &fits)
}

fn members_fit(members: &cube::Object, fits: &dyn Fn(&str) -> bool) -> bool {
    fn value_fits(value: &serde_json::Value, fits: &dyn Fn(&str) -> bool) -> bool {
        match value {
            serde_json::Value::String(text) => fits(text),
            serde_json::Value::Array(all) => all.iter().all(|one| value_fits(one, fits)),
            serde_json::Value::Object(members) => members_fit(members, fits),
            _ => true,
        }
    }
    members.iter().all(|(name, value)| fits(name) && value_fits(value, fits))
}
