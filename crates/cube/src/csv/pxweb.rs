//! The table that PxWeb writes: stub variables in columns, heading values across.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use crate::{Cube, Dimension, digits};

/// How PxWeb's CSV is laid out. The default is that of PxWebApi v2.
#[derive(Debug, Clone)]
pub struct CsvOptions {
    /// What stands for variables and values.
    pub labels: Labels,
    /// Between fields.
    pub separator: char,
    /// Whether the title stands on top, with a blank line below.
    pub title: bool,
    /// Positions of the dimensions in the rows, in this order; with `heading` every dimension once.
    /// Where both are empty, the table's own placement.
    pub stub: Vec<usize>,
    /// Positions of the dimensions across.
    pub heading: Vec<usize>,
    /// Whether rows go in which all cells are zero or missing.
    pub skip_zeros_and_missing: bool,
    /// `"\n"`, or `"\r\n"` as servers on Windows write.
    pub line_end: &'static str,
    /// In which letters.
    pub encoding: Encoding,
}

/// What stands for variables and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// `0301`
    Codes,
    /// `Oslo`
    Texts,
    /// `0301 - Oslo`
    Both,
}

/// In which letters CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// ISO-8859-1; letters that it does not have become question marks, as on the server.
    Latin1,
}

impl Default for CsvOptions {
    fn default() -> CsvOptions {
        CsvOptions {
            labels: Labels::Codes,
            separator: ',',
            title: false,
            stub: Vec::new(),
            heading: Vec::new(),
            skip_zeros_and_missing: false,
            line_end: "\n",
            encoding: Encoding::Utf8,
        }
    }
}

impl CsvOptions {
    /// `csv` of the old API: texts, in the table's own placement.
    pub fn v0_csv() -> CsvOptions {
        CsvOptions { labels: Labels::Texts, ..CsvOptions::default() }
    }

    /// `csv2` of the old API: a row per cell, texts.
    pub fn v0_csv2(cube: &Cube) -> CsvOptions {
        CsvOptions { stub: (0..cube.dimensions().len()).collect(), ..CsvOptions::v0_csv() }
    }

    /// `csv3` of the old API: a row per cell, codes.
    pub fn v0_csv3(cube: &Cube) -> CsvOptions {
        CsvOptions { labels: Labels::Codes, ..CsvOptions::v0_csv2(cube) }
    }
}

/// Writes the table as PxWeb does.
///
/// Texts are in quotes, and quotation marks within them are left as they are: this is what
/// the servers do, and what makes the format unsafe for other uses. A number has at least the
/// decimals that its unit shows; a cell without a number has its symbol, `..` where it has none.
///
/// # Errors
///
/// What `out` refuses; [`io::ErrorKind::InvalidInput`] when `stub` and `heading` do not name
/// each dimension once.
pub fn write_pxweb(cube: &Cube, options: &CsvOptions, out: &mut impl Write) -> io::Result<()> {
    let (stub, heading) = placement(cube, options)?;
    let table = Layout { cube, options, stub, heading };
    let mut block = Vec::with_capacity(1 << 17);
    if options.title {
        block.extend_from_slice(quoted(cube.label.as_deref().unwrap_or_default()).as_bytes());
        block.extend_from_slice(options.line_end.repeat(2).as_bytes());
    }
    table.header(&mut block);
    let columns = table.cells_of(&table.heading);
    for row in table.rows() {
        table.row(&row, &columns, &mut block);
        if block.len() > 1 << 16 {
            flush(&mut block, options.encoding, out)?;
        }
    }
    flush(&mut block, options.encoding, out)
}

fn flush(block: &mut Vec<u8>, encoding: Encoding, out: &mut impl Write) -> io::Result<()> {
    match encoding {
        Encoding::Utf8 => out.write_all(block)?,
        Encoding::Latin1 => {
            let byte = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
            let bytes: Vec<u8> = String::from_utf8_lossy(block).chars().map(byte).collect();
            out.write_all(&bytes)?;
        }
    }
    block.clear();
    Ok(())
}

/// Which dimensions are rows, and which columns.
fn placement(cube: &Cube, options: &CsvOptions) -> io::Result<(Vec<usize>, Vec<usize>)> {
    let count = cube.dimensions().len();
    if options.stub.is_empty() && options.heading.is_empty() {
        let listed = cube.extension.get("px").and_then(|px| px.get("heading"));
        let listed = listed.and_then(Value::as_array);
        let is_heading = |at: &usize| match listed {
            Some(listed) => {
                let code = cube.dimensions()[*at].code.as_str();
                listed.iter().any(|one| one.as_str() == Some(code))
            }
            None => count > 1 && *at + 1 == count,
        };
        return Ok((0..count).partition(|at| !is_heading(at)));
    }
    let mut all: Vec<usize> = options.stub.iter().chain(&options.heading).copied().collect();
    all.sort_unstable();
    match all.iter().copied().eq(0..count) {
        true => Ok((options.stub.clone(), options.heading.clone())),
        false => {
            let problem = "stub and heading must name each dimension once";
            Err(io::Error::new(io::ErrorKind::InvalidInput, problem))
        }
    }
}

struct Layout<'a> {
    cube: &'a Cube,
    options: &'a CsvOptions,
    stub: Vec<usize>,
    heading: Vec<usize>,
}

/// Positions in some dimensions, and how far from the first cell they are.
struct Place {
    positions: Vec<usize>,
    offset: usize,
}

impl Layout<'_> {
    fn header(&self, out: &mut Vec<u8>) {
        let stub = self.stub.iter().map(|at| {
            let dimension = &self.cube.dimensions()[*at];
            quoted(&self.named(&dimension.code, dimension.title()))
        });
        let mut fields: Vec<String> = stub.collect();
        if fields.is_empty() {
            fields.push(String::new());
        }
        if self.heading.is_empty() {
            let contents = self.cube.extension.get("px").and_then(|px| px.get("contents"));
            let contents = contents.and_then(Value::as_str).or(self.cube.label.as_deref());
            fields.push(quoted(contents.unwrap_or("value")));
        } else {
            let column = |place: Place| {
                let texts: Vec<Cow<'_, str>> = place
                    .positions
                    .iter()
                    .zip(&self.heading)
                    .map(|(position, at)| self.category(&self.cube.dimensions()[*at], *position))
                    .collect();
                quoted(&texts.join(" "))
            };
            fields.extend(self.places(&self.heading).map(column));
        }
        out.extend_from_slice(fields.join(&self.options.separator.to_string()).as_bytes());
        out.extend_from_slice(self.options.line_end.as_bytes());
    }

    fn row(&self, row: &Place, columns: &[usize], out: &mut Vec<u8>) {
        let values = self.cube.values();
        let is_empty = |column: &usize| values.at(row.offset + column).unwrap_or(0.0) == 0.0;
        if values.is_empty() || self.options.skip_zeros_and_missing && columns.iter().all(is_empty)
        {
            return;
        }
        let mut separator = [0; 4];
        let separator = self.options.separator.encode_utf8(&mut separator).as_bytes();
        for (at, (position, dimension)) in row.positions.iter().zip(&self.stub).enumerate() {
            if at > 0 {
                out.extend_from_slice(separator);
            }
            let text = self.category(&self.cube.dimensions()[*dimension], *position);
            out.extend_from_slice(quoted(&text).as_bytes());
        }
        for column in columns {
            out.extend_from_slice(separator);
            self.cell(row.offset + column, out);
        }
        out.extend_from_slice(self.options.line_end.as_bytes());
    }

    fn cell(&self, cell: usize, out: &mut Vec<u8>) {
        let status = self.cube.statuses().at(cell);
        if let Some(exact) = self.cube.values().exact(cell) {
            return out.extend_from_slice(exact.as_bytes());
        }
        match self.cube.values().at(cell) {
            Some(number) if number == 0.0 && status == Some("-") => out.push(b'-'),
            Some(number) => {
                let from = out.len();
                digits::push(out, number);
                pad(out, from, self.decimals(cell));
            }
            None => out.extend_from_slice(status.unwrap_or("..").as_bytes()),
        }
    }

    /// Decimals that the publisher shows in this cell.
    fn decimals(&self, cell: usize) -> usize {
        let own = self.cube.metric().and_then(|at| {
            let dimension = &self.cube.dimensions()[at];
            let stride: usize =
                self.cube.dimensions()[at + 1..].iter().map(Dimension::len).product();
            let code = &dimension.codes()[cell / stride % dimension.len()];
            dimension.units.get(code)?.decimals.map(usize::from)
        });
        let table = self.cube.extension.get("px").and_then(|px| px.get("decimals"));
        let table = table.and_then(Value::as_u64).and_then(|one| usize::try_from(one).ok());
        own.or(table).unwrap_or(0).min(15)
    }

    fn category<'a>(&self, dimension: &'a Dimension, position: usize) -> Cow<'a, str> {
        self.named(&dimension.codes()[position], dimension.label_at(position))
    }

    fn named<'a>(&self, code: &'a str, text: &'a str) -> Cow<'a, str> {
        match self.options.labels {
            Labels::Codes => Cow::Borrowed(code),
            Labels::Texts => Cow::Borrowed(text),
            Labels::Both => Cow::Owned(format!("{code} - {text}")),
        }
    }

    fn rows(&self) -> impl Iterator<Item = Place> + '_ {
        self.places(&self.stub)
    }

    fn cells_of(&self, dimensions: &[usize]) -> Vec<usize> {
        self.places(dimensions).map(|place| place.offset).collect()
    }

    /// All combinations of some dimensions' categories, the last varying fastest.
    fn places<'l>(&'l self, dimensions: &'l [usize]) -> impl Iterator<Item = Place> + 'l {
        let strides = self.cube.strides();
        let sizes: Vec<usize> =
            dimensions.iter().map(|at| self.cube.dimensions()[*at].len()).collect();
        let count: usize = sizes.iter().product();
        let mut at = vec![0; sizes.len()];
        (0..count).map(move |_| {
            let offset = at.iter().zip(dimensions).map(|(at, one)| at * strides[*one]).sum();
            let place = Place { positions: at.clone(), offset };
            super::long::step(&mut at, &sizes);
            place
        })
    }
}

/// Adds zeros until the number that begins at `from` has enough decimals.
fn pad(out: &mut Vec<u8>, from: usize, decimals: usize) {
    let point = out[from..].iter().position(|byte| *byte == b'.');
    let own = point.map_or(0, |point| out.len() - from - point - 1);
    if own >= decimals {
        return;
    }
    if point.is_none() {
        out.push(b'.');
    }
    out.extend(std::iter::repeat_n(b'0', decimals - own));
}

/// In quotes, without escaping: as PxWeb does.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
