//! The CSV of Klass: `;` or `,`, quoted, in UTF-8 or ISO-8859-1.

/// A table with named columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads the bytes of a file or answer.
    ///
    /// UTF-8 where the bytes are, with or without a byte order mark, else ISO-8859-1, which
    /// every file is. The separator is the one of `;`, `,` and tab that the first line has most of,
    /// outside of quotes.
    pub fn read(bytes: &[u8]) -> Table {
        let text = decode(bytes);
        let separator = separator(text.lines().next().unwrap_or_default());
        let mut records = records(&text, separator).into_iter();
        Table { columns: records.next().unwrap_or_default(), rows: records.collect() }
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, each to be asked by the name of a column.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|cells| TableRow { columns: &self.columns, cells })
    }
}

/// One row of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct TableRow<'a> {
    columns: &'a [String],
    cells: &'a [String],
}

impl<'a> TableRow<'a> {
    /// The cell of a column; `None` where there is no such column, or the row is too short, or
    /// the cell is empty.
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

/// Reads bytes as UTF-8 or else as ISO-8859-1.
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn separator(line: &str) -> char {
    let count = |wanted: char| {
        let mut is_quoted = false;
        let outside = |one: &char| {
            is_quoted ^= *one == '"';
            !is_quoted && *one == wanted
        };
        line.chars().filter(outside).count()
    };
    // The first of equals: a header of one column has none of them.
    let (mut best, mut most) = (',', 0);
    for one in [',', ';', '\t'] {
        if count(one) > most {
            (best, most) = (one, count(one));
        }
    }
    best
}

/// Splits text into records; an empty line is none.
fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut found = Records::default();
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                found.cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if found.cell.is_empty() => {
                is_quoted = true;
                found.was_quoted = true;
            }
            _ if is_quoted => found.cell.push(letter),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' => found.end_record(),
            _ if letter == separator => found.end_cell(),
            _ => found.cell.push(letter),
        }
    }
    found.end_record();
    found.records
}

#[derive(Default)]
struct Records {
    records: Vec<Vec<String>>,
    record: Vec<String>,
    cell: String,
    /// Whether the line has had a quote, so that `""` alone is a record of one empty cell.
    was_quoted: bool,
}

impl Records {
    fn end_cell(&mut self) {
        self.record.push(std::mem::take(&mut self.cell));
    }

    fn end_record(&mut self) {
        let is_empty = self.record.is_empty() && self.cell.is_empty() && !self.was_quoted;
        self.was_quoted = false;
        if is_empty {
            return;
        }
        self.end_cell();
        self.records.push(std::mem::take(&mut self.record));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        Table::read(bytes).rows
    }

    #[test]
    fn quotes_separators_and_encodings_are_found_out() {
        let semicolon = b"\"code\";\"name\"\r\n\"0301\";\"Oslo; \"\"Oslove\"\"\"\r\n\r\n";
        assert_eq!(cells(semicolon), [["0301", "Oslo; \"Oslove\""]]);
        assert_eq!(cells(b"code,name\n1507,\xc5lesund\n"), [["1507", "Ålesund"]]);
        assert_eq!(cells("\u{feff}code,name\n1507,Ålesund".as_bytes()), [["1507", "Ålesund"]]);
        assert_eq!(cells(b"\"a,b\";\"c\"\n1;2"), [["1", "2"]]);
    }

    #[test]
    fn a_short_row_has_gaps_rather_than_empty_names() {
        let table = Table::read(b"\"code\";\"name\";\"notes\"\n\"1\";\"Bolig\"\n");
        let row = table.rows().next().expect("one row");
        assert_eq!(
            (row.get("name"), row.get("notes"), row.get("none")),
            (Some("Bolig"), None, None)
        );
    }
}
