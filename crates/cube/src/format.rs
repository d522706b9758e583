use std::fmt;
use std::io::{self, Write};

use crate::{Cube, CubeError, columns, csv, json_px, jsonstat, px, xlsx};

/// The files that a cube can be written to, and all but Excel's read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON-stat 2.0; 1.x is read, too.
    JsonStat,
    /// PC-Axis.
    Px,
    /// The long table; PxWeb's tables are read, too.
    Csv,
    /// The old API's `json`.
    JsonPx,
    /// Excel; only written.
    Xlsx,
    /// Parquet of the long table.
    Parquet,
    /// Arrow's file format.
    Arrow,
}

/// How much of a file is looked at to tell what it is.
const LOOK: usize = 4096;

impl Format {
    /// The formats, in the order in which they are listed to people.
    pub const ALL: [Format; 7] = [
        Format::JsonStat,
        Format::Csv,
        Format::Xlsx,
        Format::Parquet,
        Format::Arrow,
        Format::Px,
        Format::JsonPx,
    ];

    /// What bytes are: by how they begin, else by the ending of the file's name.
    ///
    /// ```
    /// use cube::Format;
    /// assert_eq!(Format::detect(b"CHARSET=\"ANSI\";\n", None), Some(Format::Px));
    /// assert_eq!(Format::detect(b"a;b\n", Some("table.csv")), Some(Format::Csv));
    /// ```
    pub fn detect(bytes: &[u8], name: Option<&str>) -> Option<Format> {
        let begins = |mark: &[u8]| bytes.starts_with(mark);
        if begins(b"PAR1") {
            return Some(Format::Parquet);
        }
        if begins(b"ARROW1") || begins(&[0xff; 4]) {
            return Some(Format::Arrow);
        }
        if begins(b"PK\x03\x04") {
            return Some(Format::Xlsx);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let text = &text[..text.len().min(LOOK)];
        match text.first() {
            Some(b'{' | b'[') if is_json_px(text) => Some(Format::JsonPx),
            Some(b'{' | b'[') => Some(Format::JsonStat),
            Some(b'<') | None => None,
            _ if is_px(text) => Some(Format::Px),
            _ => match name.and_then(Format::named) {
                Some(format @ (Format::Px | Format::Csv | Format::JsonStat | Format::JsonPx)) => {
                    Some(format)
                }
                _ => is_table(text).then_some(Format::Csv),
            },
        }
    }

    /// The format that the ending of a file's name means.
    pub fn named(name: &str) -> Option<Format> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" | "json-stat" | "jsonstat" => Some(Format::JsonStat),
            "px" => Some(Format::Px),
            "csv" | "tsv" | "txt" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            "parquet" => Some(Format::Parquet),
            "arrow" | "ipc" | "feather" => Some(Format::Arrow),
            _ => None,
        }
    }

    /// What people type: `json-stat`, `px`, `csv`, ….
    pub fn name(self) -> &'static str {
        match self {
            Format::JsonStat => "json-stat",
            Format::Px => "px",
            Format::Csv => "csv",
            Format::JsonPx => "json-px",
            Format::Xlsx => "xlsx",
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
        }
    }

    /// What a file of it ends with, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Format::JsonStat | Format::JsonPx => "json",
            other => other.name(),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether JSON has columns where JSON-stat has dimensions.
fn is_json_px(text: &[u8]) -> bool {
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    has(b"\"columns\"") && !has(b"\"dimension\"") && !has(b"\"class\"")
}

/// Whether a keyword and `=`, `[` or `(` come first.
fn is_px(text: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    let length = text.iter().take_while(|byte| is_part(byte)).count();
    let rest = text[length..].trim_ascii_start();
    length > 2
        && text[0].is_ascii_uppercase()
        && match rest.first() {
            Some(b'=') => true,
            Some(b'[') => rest.iter().take(12).any(|byte| *byte == b']'),
            Some(b'(') => rest.get(1) == Some(&b'"'),
            _ => false,
        }
}

/// Whether the first line could be that of a table: text, and something that divides it.
fn is_table(text: &[u8]) -> bool {
    let lines = text.split(|byte| *byte == b'\n').take(4);
    let has = |line: &[u8]| line.iter().any(|byte| b",;\t".contains(byte));
    !text.contains(&0) && lines.into_iter().any(has)
}

/// Reads a cube of any format but Excel's.
///
/// # Errors
///
/// As the format's own `read`; [`CubeError::Syntax`] when it cannot be told what the bytes are.
pub fn read_any(bytes: &[u8], name: Option<&str>) -> Result<Cube, CubeError> {
    let unreadable = |problem: &str| CubeError::Syntax {
        format: "a cube",
        place: name.unwrap_or("first bytes").to_owned(),
        problem: problem.to_owned(),
    };
    match Format::detect(bytes, name) {
        Some(Format::JsonStat) => jsonstat::read(bytes),
        Some(Format::Px) => px::read(bytes),
        Some(Format::Csv) => csv::read(bytes),
        Some(Format::JsonPx) => json_px::read(bytes),
        Some(Format::Parquet) => columns::from_parquet(bytes),
        Some(Format::Arrow) => columns::from_ipc(bytes),
        Some(Format::Xlsx) => Err(unreadable("Excel workbooks are written, not read")),
        None => Err(unreadable("neither JSON-stat, PX, CSV, PX-JSON, Parquet nor Arrow")),
    }
}

/// Writes a cube in any format.
///
/// # Errors
///
/// What `out` refuses; [`io::ErrorKind::InvalidInput`] when the format cannot hold the cube.
pub fn write_any(cube: &Cube, format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::JsonStat => jsonstat::write(cube, out),
        Format::Px => px::write(cube, &px::Options::default(), out),
        Format::Csv => csv::write(cube, out),
        Format::JsonPx => json_px::write(cube, out),
        Format::Parquet => out.write_all(&columns::to_parquet(cube)),
        Format::Arrow => out.write_all(&columns::to_ipc(cube)),
        Format::Xlsx => {
            let bytes = xlsx::to_vec(cube);
            let bytes =
                bytes.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            out.write_all(&bytes)
        }
    }
}
