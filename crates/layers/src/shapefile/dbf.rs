use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::FORMAT;
use crate::{Field, FieldKind, LayerError, Property};

/// A row of the table.
pub(super) enum Row {
    Kept(Vec<Property>),
    /// Marked as deleted; its shape is still there.
    Deleted,
}

/// The rows of a `.dbf`, one after the other.
pub(super) struct Rows {
    input: BufReader<File>,
    columns: Vec<Column>,
    announced: u64,
    read: u64,
    row: Vec<u8>,
    encoding: Option<&'static Encoding>,
}

struct Column {
    name: String,
    kind: u8,
    length: usize,
    decimals: u8,
}

impl Column {
    fn field_kind(&self) -> FieldKind {
        match self.kind {
            b'N' | b'F' if self.decimals == 0 && self.length < 19 && self.kind == b'N' => {
                FieldKind::Whole
            }
            b'N' | b'F' => FieldKind::Number,
            b'L' => FieldKind::Flag,
            _ => FieldKind::Text,
        }
    }
}

fn refuse(place: &str, problem: impl ToString) -> LayerError {
    LayerError::syntax(FORMAT, format!("{place} of the `.dbf`"), problem)
}

impl Rows {
    /// Opens a table; `named` is what the `.cpg` says of its encoding.
    pub(super) fn open(path: &Path, named: Option<&str>) -> Result<Rows, LayerError> {
        let file = File::open(path).map_err(LayerError::read(path))?;
        let mut input = BufReader::with_capacity(64 * 1024, file);
        let mut head = [0; 32];
        let cut = |error: std::io::Error| refuse("the header", error);
        input.read_exact(&mut head).map_err(cut)?;
        let short = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let announced = u32::from_le_bytes([head[4], head[5], head[6], head[7]]).into();
        let (head_bytes, row_bytes) = (short(8), short(10));
        let mut rest = vec![0; head_bytes.saturating_sub(32)];
        input.read_exact(&mut rest).map_err(cut)?;
        let encoding = encoding(named, head[29])?;
        let columns = columns(&rest, encoding);
        let width: usize = columns.iter().map(|column| column.length).sum();
        if width + 1 > row_bytes {
            return Err(refuse("the header", "the columns are wider than the row"));
        }
        let row = vec![0; row_bytes];
        Ok(Rows { input, columns, announced, read: 0, row, encoding })
    }

    pub(super) fn announced(&self) -> u64 {
        self.announced
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let field =
            |column: &Column| Field { name: column.name.clone(), kind: column.field_kind() };
        self.columns.iter().map(field).collect()
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, LayerError> {
        if self.read == self.announced {
            return Ok(None);
        }
        self.read += 1;
        let place = format!("row {}", self.read);
        self.input.read_exact(&mut self.row).map_err(|error| refuse(&place, error))?;
        let (mark, mut rest) = self.row.split_at(1);
        if mark == b"*" {
            return Ok(Some(Row::Deleted));
        }
        let mut properties = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let (cell, after) = rest.split_at(column.length);
            rest = after;
            let property = property(cell, column, self.encoding);
            properties.push(property.map_err(|problem| refuse(&place, problem))?);
        }
        Ok(Some(Row::Kept(properties)))
    }
}

/// Descriptions of columns, 32 bytes each, until a carriage return.
fn columns(bytes: &[u8], encoding: Option<&'static Encoding>) -> Vec<Column> {
    let described = bytes.chunks_exact(32).take_while(|column| column[0] != 0x0D);
    let column = |column: &[u8]| {
        let name = column[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let (kind, length, decimals) = (column[11], column[16], column[17]);
        // Long texts carry the upper part of their length where numbers have decimals.
        let upper = if kind == b'C' { usize::from(decimals) << 8 } else { 0 };
        let name = decode(name, encoding).unwrap_or_else(|_| String::from_utf8_lossy(name).into());
        Column { name, kind, length: usize::from(length) + upper, decimals }
    };
    described.map(column).collect()
}

/// The encoding by name or by the mark in the header; `None` leaves it to each value.
fn encoding(named: Option<&str>, mark: u8) -> Result<Option<&'static Encoding>, LayerError> {
    let Some(named) = named else {
        return Ok(match mark {
            0x03 | 0x57 | 0x58 | 0x59 => Some(WINDOWS_1252),
            0xC8 => Encoding::for_label(b"windows-1250"),
            _ => None,
        });
    };
    let plain = named.to_ascii_lowercase().replace([' ', '_'], "-");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let known = match (plain.as_str(), digits.as_str()) {
        ("utf8", _) | (_, "65001") => Some(UTF_8),
        (_, "1252" | "88591" | "885915") if digits != "885915" => Some(WINDOWS_1252),
        (_, "1250" | "1251" | "1253" | "1254" | "1257") => {
            Encoding::for_label(format!("windows-{digits}").as_bytes())
        }
        _ => Encoding::for_label(plain.as_bytes()),
    };
    known.map(Some).ok_or_else(|| LayerError::NotSupported {
        format: FORMAT,
        place: "the `.cpg`".to_owned(),
        what: format!("the encoding `{named}`"),
    })
}

fn property(
    cell: &[u8],
    column: &Column,
    encoding: Option<&'static Encoding>,
) -> Result<Property, String> {
    let trimmed = cell.trim_ascii();
    // Numbers that are not there are blanks or stars.
    let is_blank = trimmed.is_empty() || trimmed.iter().all(|byte| *byte == b'*' || *byte == 0);
    let number = || std::str::from_utf8(trimmed).unwrap_or("?").trim_start_matches('+');
    let kind = column.field_kind();
    if kind != FieldKind::Text && is_blank {
        return Ok(Property::Absent);
    }
    match kind {
        FieldKind::Whole => match number().parse() {
            Ok(whole) => Ok(Property::Whole(whole)),
            Err(_) => Err(format!("`{}` is no whole number", number())),
        },
        FieldKind::Number => match number().parse::<f64>() {
            Ok(number) => Ok(Property::Number(number)),
            Err(_) => Err(format!("`{}` is no number", number())),
        },
        FieldKind::Flag => Ok(match trimmed[0] {
            b'T' | b't' | b'Y' | b'y' | b'1' => Property::Flag(true),
            b'F' | b'f' | b'N' | b'n' | b'0' => Property::Flag(false),
            _ => Property::Absent,
        }),
        FieldKind::Text => text(cell, column, encoding),
    }
}

fn text(
    cell: &[u8],
    column: &Column,
    encoding: Option<&'static Encoding>,
) -> Result<Property, String> {
    let end = cell.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |at| at + 1);
    let mut cell = &cell[..end];
    if cell.is_empty() {
        return Ok(Property::Absent);
    }
    if end == column.length && encoding == Some(UTF_8) {
        cell = whole_characters(cell);
    }
    let text = decode(cell, encoding)?;
    if column.kind == b'D' && text.len() == 8 && text.is_ascii() {
        return Ok(match text.as_str() {
            "00000000" => Property::Absent,
            date => Property::Text(format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..])),
        });
    }
    Ok(Property::Text(text))
}

/// Without the last character where the width of the column cut it in two.
fn whole_characters(cell: &[u8]) -> &[u8] {
    match std::str::from_utf8(cell) {
        Err(error) if error.error_len().is_none() => &cell[..error.valid_up_to()],
        _ => cell,
    }
}

/// Text in its encoding; where nobody names one, UTF-8 if it can be that, and else Windows-1252.
fn decode(bytes: &[u8], encoding: Option<&'static Encoding>) -> Result<String, String> {
    let Some(encoding) = encoding else {
        return Ok(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        });
    };
    let (text, is_damaged) = encoding.decode_without_bom_handling(bytes);
    if is_damaged {
        let name = encoding.name();
        return Err(format!("`{text}` is not {name}, which the file says it is in"));
    }
    Ok(text.into_owned())
}
