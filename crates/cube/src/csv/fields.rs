//! Lines and fields, with the marks that say which were in quotes.

use std::borrow::Cow;

use super::fault;
use crate::{CubeError, Values};

/// A field, and whether it stood in quotes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field<'a> {
    pub text: Cow<'a, str>,
    pub is_quoted: bool,
}

/// One line of the table; a quoted field may hold further line ends.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub line: usize,
    pub fields: Vec<Field<'a>>,
}

/// All rows that are not blank.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub separator: char,
    pub rows: Vec<Row<'a>>,
}

/// Reads letters: UTF-8 with or without a mark, else Windows-1252.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// How a quotation mark within quotes is told from the last one.
#[derive(Clone, Copy)]
enum Quotes {
    /// There are two of it, as RFC 4180 says.
    Doubled,
    /// It is not followed by a separator or the end of the line: PxWeb doubles nothing.
    Plain,
}

impl<'a> Table<'a> {
    pub fn split(text: &'a str) -> Result<Table<'a>, CubeError> {
        let doubled = Table::split_by(text, Quotes::Doubled);
        match &doubled {
            Ok(table) if table.is_even() => doubled,
            _ => match Table::split_by(text, Quotes::Plain) {
                Ok(table) if table.is_even() => Ok(table),
                _ => doubled,
            },
        }
    }

    /// Whether the last half of the rows are of one width; titles stand on top.
    fn is_even(&self) -> bool {
        let width = self.rows.last().map_or(0, |row| row.fields.len());
        self.rows[self.rows.len() / 2..].iter().all(|row| row.fields.len() == width)
    }

    fn split_by(text: &'a str, quotes: Quotes) -> Result<Table<'a>, CubeError> {
        let separator = separator(text);
        let mut rows = Vec::new();
        let mut rest = text;
        let mut line = 1;
        while !rest.is_empty() {
            let (row, after) = row(rest, separator, (line, quotes))?;
            let taken = rest.len() - after.len();
            let is_blank =
                row.fields.iter().all(|one| one.text.trim().is_empty() && !one.is_quoted);
            if !is_blank {
                rows.push(row);
            }
            line += rest.as_bytes()[..taken].iter().filter(|byte| **byte == b'\n').count();
            rest = after;
        }
        if rows.is_empty() {
            return Err(fault(1, "there is nothing in it"));
        }
        Ok(Table { separator, rows })
    }
}

/// The one of tab, semicolon and comma that divides the first lines into most fields.
pub fn separator(text: &str) -> char {
    let fields = |separator: char| {
        let mut is_quoted = false;
        let mut lines = 0;
        let mut widest = 0;
        let mut own = 0;
        for letter in text.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                '\n' if !is_quoted => {
                    widest = widest.max(own);
                    own = 0;
                    lines += 1;
                }
                letter if letter == separator && !is_quoted => own += 1,
                _ => {}
            }
            if lines == 4 {
                break;
            }
        }
        widest.max(own)
    };
    // Of two that divide alike, the one that texts and numbers have least.
    [',', ';', '\t'].into_iter().max_by_key(|separator| fields(*separator)).unwrap_or(',')
}

fn row(
    text: &str,
    separator: char,
    (line, quotes): (usize, Quotes),
) -> Result<(Row<'_>, &str), CubeError> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inner) => quoted(inner, separator, (line, quotes))?,
            None => {
                let end = rest.find([separator, '\n']).unwrap_or(rest.len());
                let text = rest[..end].strip_suffix('\r').unwrap_or(&rest[..end]);
                (Field { text: Cow::Borrowed(text), is_quoted: false }, &rest[end..])
            }
        };
        fields.push(field);
        match after.chars().next() {
            Some(next) if next == separator => rest = &after[1..],
            Some(_) => return Ok((Row { line, fields }, &after[1..])),
            None => return Ok((Row { line, fields }, after)),
        }
    }
}

/// A field in quotes, from behind the first of them.
fn quoted(
    inner: &str,
    separator: char,
    (line, quotes): (usize, Quotes),
) -> Result<(Field<'_>, &str), CubeError> {
    let mut text = Cow::Borrowed("");
    let mut from = 0;
    let mut at = 0;
    loop {
        let Some(found) = inner[at..].find('"') else {
            return Err(fault(line, "a text in quotes has no end; the file may be cut"));
        };
        let quote = at + found;
        let after = &inner[quote + 1..];
        let ends =
            after.is_empty() || after.starts_with([separator, '\n']) || after.starts_with("\r\n");
        if ends {
            text = joined(text, &inner[from..quote]);
            let rest = after.strip_prefix('\r').unwrap_or(after);
            return Ok((Field { text, is_quoted: true }, rest));
        }
        text = joined(text, &inner[from..=quote]);
        at = quote + 1;
        if matches!(quotes, Quotes::Doubled) && after.starts_with('"') {
            at += 1;
        }
        from = at;
    }
}

fn joined<'a>(text: Cow<'a, str>, piece: &'a str) -> Cow<'a, str> {
    if text.is_empty() { Cow::Borrowed(piece) } else { Cow::Owned(text.into_owned() + piece) }
}

/// Puts a number that is written out in a cell; `None` when it is none, or larger than any.
pub(crate) fn put_number(values: &mut Values, cell: usize, written: &str) -> Option<()> {
    let is_number = written.contains(|letter: char| letter.is_ascii_digit())
        && written.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number: f64 = written.parse().ok().filter(|_| is_number)?;
    if !number.is_finite() {
        return None;
    }
    values.set(cell, Some(number));
    let is_whole = !written.contains(['.', 'e', 'E']);
    if is_whole && number.abs() > 9_007_199_254_740_992.0 && number.to_string() != written {
        values.set_exact(cell, written);
    }
    Some(())
}
