//! What the columns of a CSV say: the region, the figure, the keys beside them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::args::RebaseArguments;

/// Bytes that are looked at for the separator.
const SAMPLE: u64 = 64 * 1024;
/// Lines that may stand before the headings, such as a title.
const TITLE_LINES: usize = 20;

/// Why a file cannot be read as what was typed.
pub enum Problem {
    /// The system's own words.
    Unreadable(std::io::Error),
    /// A sentence of ours with its places.
    Said(&'static str, Vec<(&'static str, String)>),
}

/// The columns of a file, by position.
pub struct Columns {
    pub separator: u8,
    /// Headings as they stand in the file.
    pub headings: Vec<String>,
    /// Rows before the first of figures.
    pub skipped: usize,
    pub region: usize,
    pub value: usize,
    pub year: Option<usize>,
    /// Numerator and denominator.
    pub fraction: Option<[usize; 2]>,
    /// A column named `status`: it goes along, and is no key.
    pub status: Option<usize>,
    /// Whatever else a row is about; the year among them.
    pub keys: Vec<usize>,
    /// Columns that say something of the region: another spelling of it, its name, its county.
    pub of_region: Vec<usize>,
    /// How the region is written.
    pub style: Style,
}

/// How a region is written in its column: `K-0101 Halden`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    pub has_prefix: bool,
    pub has_name: bool,
}

impl Columns {
    /// Reads the headings, then every row once, to tell keys from what belongs to the region.
    pub fn find(path: &Path, typed: &RebaseArguments) -> Result<Columns, Problem> {
        let separator = separator(path)?;
        let mut reader = reader(path, separator)?;
        let mut record = ByteRecord::new();
        let mut skipped = 0;
        let headings = loop {
            if skipped == TITLE_LINES || !read(&mut reader, &mut record)? {
                let places = vec![
                    ("region", typed.region_column.clone()),
                    ("value", typed.value_column.clone()),
                ];
                return Err(Problem::Said("region.no_headings", places));
            }
            skipped += 1;
            let found = texts(&record);
            if position(&found, &typed.region_column).is_some()
                && position(&found, &typed.value_column).is_some()
            {
                break found;
            }
        };
        let mut columns = Columns::named(separator, headings, typed)?;
        columns.skipped = skipped;
        columns.survey(&mut reader)?;
        Ok(columns)
    }

    /// Rows of figures, from the first.
    pub fn rows(&self, path: &Path) -> Result<Reader<BufReader<File>>, Problem> {
        let mut reader = reader(path, self.separator)?;
        let mut record = ByteRecord::new();
        for _ in 0..self.skipped {
            read(&mut reader, &mut record)?;
        }
        Ok(reader)
    }

    fn named(
        separator: u8,
        headings: Vec<String>,
        typed: &RebaseArguments,
    ) -> Result<Columns, Problem> {
        let find = |name: &str| {
            position(&headings, name).ok_or_else(|| {
                let places = vec![("column", name.to_owned()), ("columns", headings.join(", "))];
                Problem::Said("region.no_column", places)
            })
        };
        let region = find(&typed.region_column)?;
        let value = find(&typed.value_column)?;
        let year = typed.year_column.as_deref().map(find).transpose()?;
        let fraction = match (&typed.numerator, &typed.denominator) {
            (Some(over), Some(under)) => Some([find(over)?, find(under)?]),
            _ => None,
        };
        let status = position(&headings, "status").filter(|at| *at != value && *at != region);
        let taken = |at: &usize| {
            *at == region
                || *at == value
                || Some(*at) == status
                || fraction.is_some_and(|fraction| fraction.contains(at))
        };
        let keys = (0..headings.len()).filter(|at| !taken(at)).collect();
        let (of_region, style) = (Vec::new(), Style::default());
        Ok(Columns {
            separator,
            headings,
            skipped: 0,
            region,
            value,
            year,
            fraction,
            status,
            keys,
            of_region,
            style,
        })
    }

    /// A column that has one value per region, and not the same everywhere, is no key: it would
    /// keep apart what is to be added up.
    fn survey(&mut self, reader: &mut Reader<BufReader<File>>) -> Result<(), Problem> {
        let mut candidates: Vec<usize> =
            self.keys.iter().copied().filter(|at| Some(*at) != self.year).collect();
        let mut held: HashMap<(usize, Vec<u8>), Vec<u8>> = HashMap::new();
        let mut first: HashMap<usize, Vec<u8>> = HashMap::new();
        let mut varies = vec![false; self.headings.len()];
        let mut record = ByteRecord::new();
        let mut is_first = true;
        while read(reader, &mut record)? {
            let region = record.get(self.region).unwrap_or_default();
            if let Some((_, style)) = region_code(&cube::csv::decode(region)).filter(|_| is_first) {
                (self.style, is_first) = (style, false);
            }
            candidates.retain(|at| {
                let value = record.get(*at).unwrap_or_default();
                if first.entry(*at).or_insert_with(|| value.to_vec()) != value {
                    varies[*at] = true;
                }
                held.entry((*at, region.to_vec())).or_insert_with(|| value.to_vec()) == value
            });
        }
        self.of_region = candidates.into_iter().filter(|at| varies[*at]).collect();
        self.keys.retain(|at| !self.of_region.contains(at));
        Ok(())
    }
}

impl Style {
    /// A region as this file writes regions.
    pub fn write(self, code: &str, name: &str) -> String {
        let prefix = if self.has_prefix { "K-" } else { "" };
        match self.has_name && !name.is_empty() {
            true => format!("{prefix}{code} {name}"),
            false => format!("{prefix}{code}"),
        }
    }
}

/// The municipality that a cell names, and how; `None` for whatever is none.
///
/// `0101`, `K-0101`, `0101 Halden` and `0101 Halden (-2019)` are the same municipality; `0`,
/// `9999`, `21-22`, `EAK` and `K-Rest` are none.
pub fn region_code(cell: &str) -> Option<(&str, Style)> {
    let plain = cell.trim();
    let without = plain.strip_prefix("K-");
    let rest = without.unwrap_or(plain);
    let code = rest.split_whitespace().next().unwrap_or_default();
    let is_code = code.len() == 4 && klass::codes::is_region(code);
    let style = Style { has_prefix: without.is_some(), has_name: rest.len() > code.len() };
    is_code.then_some((code, style))
}

/// Fields of a row as text.
pub fn texts(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|field| cube::csv::decode(field).trim().to_owned()).collect()
}

/// Reads the next row; false at the end.
pub fn read(
    reader: &mut Reader<BufReader<File>>,
    record: &mut ByteRecord,
) -> Result<bool, Problem> {
    reader.read_byte_record(record).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Problem::Unreadable(error),
        other => Problem::Unreadable(std::io::Error::other(format!("{other:?}"))),
    })
}

fn position(headings: &[String], name: &str) -> Option<usize> {
    let same = |heading: &String| heading.eq_ignore_ascii_case(name.trim());
    headings.iter().position(same)
}

fn separator(path: &Path) -> Result<u8, Problem> {
    let mut sample = Vec::new();
    let mut file = File::open(path).map_err(Problem::Unreadable)?;
    file.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(Problem::Unreadable)?;
    file.rewind().map_err(Problem::Unreadable)?;
    let sign = cube::csv::separator(&cube::csv::decode(&sample));
    Ok(u8::try_from(u32::from(sign)).unwrap_or(b','))
}

fn reader(path: &Path, separator: u8) -> Result<Reader<BufReader<File>>, Problem> {
    let file = File::open(path).map_err(Problem::Unreadable)?;
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).has_headers(false).flexible(true);
    Ok(builder.from_reader(BufReader::new(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_municipality_is_one_and_nothing_else_is() {
        for cell in ["0101", "K-0101", "0101 Halden", " K-0101 Halden", "0101 Halden (-2019)"] {
            assert_eq!(region_code(cell).map(|(code, _)| code), Some("0101"), "{cell}");
        }
        for cell in [
            "",
            "0",
            "Hele landet",
            "9999",
            "K-Rest",
            "EAK",
            "21-22",
            "K-21-22 Svalbard",
            "01010101",
            "F-01",
        ] {
            assert!(region_code(cell).is_none(), "{cell}");
        }
    }
}
