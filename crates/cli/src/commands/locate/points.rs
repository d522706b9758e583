//! Points in a CSV: read, located and written a block at a time.
//!
//! Every row of the input is a row of the output, in the same order and with its
//! bytes as they were; the columns of the answer come after it. A row without a point
//! stays a row without an answer, and is counted.

use std::io::{Read, Write};

use atlas::{Layer, Position, PositionError};
use csv::ByteRecord;
use geo_types::Coord;
use places::crs::{Crs, transformed};

use crate::formats::harmless;

/// Rows that are held in memory at a time.
const BLOCK: usize = 200_000;

/// The columns of a point, and the system that they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Column of the easting or longitude.
    pub x: usize,
    /// Column of the northing or latitude.
    pub y: usize,
    /// System of the two.
    pub crs: Crs,
}

/// Why a file of points cannot be located.
#[derive(Debug, PartialEq)]
pub enum PointsFault {
    /// The header names no pair of columns that is known.
    NoColumns(String),
    /// Metres without the system that they are in.
    NoSystem,
    /// A row that is no CSV; rows are counted from 1, the header included.
    Row {
        /// Line of the file.
        line: u64,
        /// What is wrong.
        cause: String,
    },
    /// Most of the first rows lie where no point of Norway does.
    Suspicious(PositionError),
    /// The answer cannot be written.
    Write(String),
    /// Somebody asked to stop.
    Stopped,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Rows whose point lies in a region of every layer.
    pub located: u64,
    /// Rows without a point that can be read.
    pub without_point: u64,
    /// Rows whose point lies in no region of some layer.
    pub outside: u64,
}

/// Names of columns that say longitude or easting, and latitude or northing.
const DEGREES: (&[&str], &[&str]) =
    (&["lon", "lng", "long", "longitude", "lengdegrad"], &["lat", "latitude", "breddegrad"]);
const METRES: (&[&str], &[&str]) = (
    &["east", "easting", "ost", "øst", "x", "utm_x", "e"],
    &["north", "northing", "nord", "y", "utm_y", "n"],
);

impl Columns {
    /// Finds the columns of the points in a header; `epsg` is what the person says.
    pub fn find(header: &ByteRecord, system: Option<Crs>) -> Result<Columns, PointsFault> {
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
        let at = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        let pair = |(x, y): (&[&str], &[&str])| Some((at(x)?, at(y)?));
        match (pair(DEGREES), pair(METRES), system) {
            (Some((x, y)), _, None) => Ok(Columns { x, y, crs: Crs::Etrs89 }),
            (Some((x, y)), _, Some(crs)) if crs.is_geographic() => Ok(Columns { x, y, crs }),
            (_, Some((x, y)), Some(crs)) => Ok(Columns { x, y, crs }),
            (_, Some(_), None) => Err(PointsFault::NoSystem),
            _ => Err(PointsFault::NoColumns(names.join(", "))),
        }
    }
}

/// What separates the columns: the mark that the first line holds most of.
pub fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|byte| **byte == mark).count();
    *[b',', b';', b'\t'].iter().max_by_key(|mark| count(**mark)).unwrap_or(&b',')
}

/// Locates the points of a CSV in layers and writes them with the regions' codes and names.
///
/// `seen` is told the bytes read and rows done, and says whether to go on.
pub fn locate(
    input: impl Read,
    output: impl Write,
    (mark, system): (u8, Option<Crs>),
    layers: &[(&str, &Layer)],
    seen: &dyn Fn(u64, u64) -> bool,
) -> Result<Tally, PointsFault> {
    let mut reader = csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(input);
    let mut writer = csv::WriterBuilder::new().delimiter(mark).from_writer(output);
    let header = reader.byte_headers().map_err(|error| row_fault(&error))?.clone();
    let header = without_mark(header);
    let columns = Columns::find(&header, system)?;
    write_header(&mut writer, &header, layers)?;
    let mut tally = Tally::default();
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let is_last = !fill(&mut reader, &mut block)?;
        let points = Points::of(&block, columns);
        if tally.rows == 0 {
            points.check()?;
        }
        points.write((&block, header.len()), layers, &mut writer, &mut tally)?;
        if is_last {
            break;
        }
        if !seen(reader.position().byte(), tally.rows) {
            return Err(PointsFault::Stopped);
        }
    }
    writer.flush().map_err(|error| PointsFault::Write(error.to_string()))?;
    Ok(tally)
}

/// Takes a byte order mark off the first name.
fn without_mark(header: ByteRecord) -> ByteRecord {
    header
        .iter()
        .enumerate()
        .map(|(at, name)| match at {
            0 => name.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(name),
            _ => name,
        })
        .collect()
}

/// Reads the next rows; false when they are the last.
fn fill(
    reader: &mut csv::Reader<impl Read>,
    block: &mut Vec<ByteRecord>,
) -> Result<bool, PointsFault> {
    block.clear();
    let mut row = ByteRecord::new();
    while block.len() < BLOCK {
        if !reader.read_byte_record(&mut row).map_err(|error| row_fault(&error))? {
            return Ok(false);
        }
        block.push(row.clone());
    }
    Ok(true)
}

fn write_header(
    writer: &mut csv::Writer<impl Write>,
    header: &ByteRecord,
    layers: &[(&str, &Layer)],
) -> Result<(), PointsFault> {
    let mut header = header.clone();
    for (id, _) in layers {
        let one = match *id {
            "municipalities" => "municipality",
            "grunnkretser" => "grunnkrets",
            "counties" => "county",
            other => other,
        };
        header.push_field(format!("{one}_code").as_bytes());
        header.push_field(format!("{one}_name").as_bytes());
    }
    writer.write_byte_record(&header).map_err(|error| PointsFault::Write(error.to_string()))
}

/// The points of a block; a row without one has none.
struct Points {
    crs: Crs,
    of_rows: Vec<Option<Coord<f64>>>,
}

impl Points {
    fn of(block: &[ByteRecord], columns: Columns) -> Points {
        let read = |row: &ByteRecord, at: usize| number(row.get(at)?);
        let point =
            |row: &ByteRecord| Some(Coord { x: read(row, columns.x)?, y: read(row, columns.y)? });
        Points { crs: columns.crs, of_rows: block.iter().map(point).collect() }
    }

    /// Refuses a file most of whose points are no places in Norway as they stand.
    fn check(&self) -> Result<(), PointsFault> {
        let given = || self.of_rows.iter().flatten();
        let mut faults = given().filter_map(|point| Position::new(*point, self.crs).err());
        let Some(first) = faults.next() else { return Ok(()) };
        match (1 + faults.count()) * 2 > given().count() {
            true => Err(PointsFault::Suspicious(first)),
            false => Ok(()),
        }
    }

    /// The region of each point; a point that the layer's system does not reach lies in none.
    fn found_in(&self, layer: &Layer) -> Vec<Option<u32>> {
        let nowhere = Coord { x: f64::NAN, y: f64::NAN };
        let moved: Vec<Coord<f64>> = self
            .of_rows
            .iter()
            .flatten()
            .map(|point| transformed(self.crs, layer.crs(), *point).unwrap_or(nowhere))
            .collect();
        layer.locate_many(&moved, THREADS)
    }

    fn write(
        &self,
        (block, width): (&[ByteRecord], usize),
        layers: &[(&str, &Layer)],
        writer: &mut csv::Writer<impl Write>,
        tally: &mut Tally,
    ) -> Result<(), PointsFault> {
        let found: Vec<Vec<Option<u32>>> =
            layers.iter().map(|(_, layer)| self.found_in(layer)).collect();
        let mut next = 0;
        for (row, point) in block.iter().zip(&self.of_rows) {
            let mut row = row.clone();
            // A short row is filled up, so that the answer stands in its own columns.
            (row.len()..width).for_each(|_| row.push_field(b""));
            let mut misses = 0;
            for ((_, layer), found) in layers.iter().zip(&found) {
                let region = point.and_then(|_| found[next]);
                misses += usize::from(region.is_none());
                let (code, name) = region.map_or(("", ""), |at| layer.region(at as usize));
                row.push_field(harmless(code).as_bytes());
                row.push_field(harmless(name).as_bytes());
            }
            tally.rows += 1;
            match point {
                None => tally.without_point += 1,
                Some(_) if misses > 0 => tally.outside += 1,
                Some(_) => tally.located += 1,
            }
            next += usize::from(point.is_some());
            writer
                .write_byte_record(&row)
                .map_err(|error| PointsFault::Write(error.to_string()))?;
        }
        Ok(())
    }
}

/// Blocks are large enough for two to be worth it.
const THREADS: usize = 2;

/// `59.91`, or `59,91` as Norwegians write it.
fn number(field: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?.trim();
    let read = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    read(text).or_else(|| read(&text.replacen(',', ".", 1)))
}

fn row_fault(error: &csv::Error) -> PointsFault {
    let line = error.position().map_or(0, csv::Position::line);
    PointsFault::Row { line, cause: error.to_string() }
}
