//! FlatGeobuf: a header, an index that is stepped over, and features one after the other.

mod table;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use places::crs::Crs;

use crate::reader::{Found, Source};
use crate::{Feature, Field, FieldKind, LayerError, Notes, Property, shape, srs};
use table::{Problem, Table};

const FORMAT: &str = "FlatGeobuf";

/// Largest header and largest feature.
const MOST_HEADER_BYTES: u32 = 16 * 1024 * 1024;
const MOST_FEATURE_BYTES: u32 = 256 * 1024 * 1024;

/// Bytes of a box in the index.
const NODE_BYTES: u64 = 40;

/// Fewest bytes of a column besides its name: its place in the list, its table, the length of the name.
const COLUMN_BYTES: usize = 12;

/// How deep collections may lie in collections.
const DEEPEST: usize = 16;

fn refuse(place: impl Into<String>, problem: impl ToString) -> LayerError {
    LayerError::syntax(FORMAT, place, problem)
}

/// Opens a file.
pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    let file = File::open(path).map_err(LayerError::read(path))?;
    let mut input = BufReader::with_capacity(256 * 1024, file);
    let mut magic = [0; 8];
    let cut = |error: std::io::Error| refuse("the header", error);
    input.read_exact(&mut magic).map_err(cut)?;
    let bytes = record(&mut input, MOST_HEADER_BYTES, "the header")?;
    let bytes = bytes.ok_or_else(|| refuse("the header", "the file is cut off"))?;
    let head = read_header(&bytes).map_err(|problem| refuse("the header", problem))?;
    let crs = head.crs.map_err(|found| LayerError::UnknownSystem { found })?;
    let index = index_bytes(head.count, head.node_size);
    let index = i64::try_from(index).map_err(|_| refuse("the header", "the index is absurd"))?;
    input.seek(SeekFrom::Current(index)).map_err(cut)?;
    let fields: Vec<Field> = head
        .columns
        .iter()
        .map(|column| Field { name: column.name.clone(), kind: column.field_kind() })
        .collect();
    Ok(Found {
        name: Some(head.name),
        crs,
        default_crs: None,
        fields,
        count: (head.count > 0).then_some(head.count),
        provenance: None,
        source: Box::new(Features {
            input,
            columns: head.columns,
            kind: head.kind,
            count: 0,
            announced: head.count,
            notes: Notes::default(),
        }),
    })
}

struct Head {
    name: String,
    kind: u8,
    columns: Vec<Column>,
    count: u64,
    node_size: u16,
    /// `Err` names a system that is not known here.
    crs: Result<Option<Crs>, String>,
}

struct Column {
    name: String,
    kind: u8,
}

impl Column {
    fn field_kind(&self) -> FieldKind {
        match self.kind {
            2 => FieldKind::Flag,
            0 | 1 | 3..=8 => FieldKind::Whole,
            9 | 10 => FieldKind::Number,
            _ => FieldKind::Text,
        }
    }
}

fn read_header(bytes: &[u8]) -> Result<Head, Problem> {
    let table = Table::root(bytes)?;
    // Names may lie over each other, as parts of shapes may.
    let mut budget = bytes.len();
    let mut columns = Vec::new();
    for nth in 0..table.count(7)? {
        let column = table.nth(7, nth)?;
        let name = column.text(0)?;
        spend(&mut budget, COLUMN_BYTES + name.len())?;
        columns.push(Column { name: name.to_owned(), kind: column.byte(1)? });
    }
    let crs = match table.table(10)? {
        None => Ok(None),
        Some(crs) => system(&crs)?,
    };
    Ok(Head {
        name: table.text(0)?.to_owned(),
        kind: table.byte(2)?,
        columns,
        count: table.long(8)?,
        node_size: table.short(9)?.unwrap_or(16),
        crs,
    })
}

/// The system; the inner `Err` names one that is not known here.
fn system(table: &Table<'_>) -> Result<Result<Option<Crs>, String>, Problem> {
    let (organization, code, wkt) = (table.text(0)?, table.int(1)?, table.text(4)?);
    if code > 0 && (organization.is_empty() || organization.eq_ignore_ascii_case("EPSG")) {
        let crs = u32::try_from(code).ok().and_then(Crs::from_epsg);
        return Ok(crs.map(Some).ok_or_else(|| format!("EPSG:{code}")));
    }
    if !wkt.is_empty() {
        let name = table.text(2)?.to_owned();
        return Ok(srs::from_wkt(wkt).map(Some).map_err(|_| name));
    }
    Ok(if organization.is_empty() { Ok(None) } else { Err(format!("{organization}:{code}")) })
}

/// Length of the packed tree over so many features.
fn index_bytes(count: u64, node_size: u16) -> u64 {
    if node_size < 2 || count == 0 {
        return 0;
    }
    let (mut level, mut nodes) = (count, count);
    while level > 1 {
        level = level.div_ceil(node_size.into());
        nodes = nodes.saturating_add(level);
    }
    nodes.saturating_mul(NODE_BYTES)
}

/// Reads a record with its length before it; `None` at the end.
fn record(input: &mut impl Read, most: u32, place: &str) -> Result<Option<Vec<u8>>, LayerError> {
    let cut = |error: std::io::Error| refuse(place, error);
    let mut length = Vec::new();
    input.take(4).read_to_end(&mut length).map_err(cut)?;
    if length.is_empty() {
        return Ok(None);
    }
    let Some(length) = length.first_chunk::<4>() else {
        return Err(refuse(place, "the file is cut off"));
    };
    let length = u32::from_le_bytes(*length);
    if length > most {
        let limit = format!("{} MB", most / 1_000_000);
        return Err(LayerError::TooLarge { what: place.to_owned(), limit });
    }
    // Only bytes that are there take memory, whatever the length says.
    let mut bytes = Vec::new();
    input.take(length.into()).read_to_end(&mut bytes).map_err(cut)?;
    if bytes.len() < length as usize {
        return Err(refuse(place, "the file is cut off"));
    }
    Ok(Some(bytes))
}

struct Features {
    input: BufReader<File>,
    columns: Vec<Column>,
    kind: u8,
    count: u64,
    announced: u64,
    notes: Notes,
}

impl Source for Features {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        let place = format!("feature {}", self.count + 1);
        let Some(bytes) = record(&mut self.input, MOST_FEATURE_BYTES, &place)? else {
            if self.count < self.announced {
                return Err(refuse(place, "the file is cut off"));
            }
            return Ok(None);
        };
        self.count += 1;
        self.feature(&bytes).map(Some).map_err(|problem| refuse(place, problem))
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}

impl Features {
    fn feature(&mut self, bytes: &[u8]) -> Result<Feature, Problem> {
        let table = Table::root(bytes)?;
        // Lists may lie over each other in a made-up file; what they hold together may not
        // be more than the file has bytes.
        let mut budget = bytes.len();
        let shape = match table.table(0)? {
            None => None,
            Some(shape) => {
                Some(read_shape(&shape, self.kind, DEEPEST, (&mut budget, &mut self.notes))?)
            }
        };
        let properties = properties(table.list(1, 1)?, &self.columns)?;
        Ok(Feature { shape, properties })
    }
}

/// What a shape may still cost, and what is noted of it.
type Ledger<'a> = (&'a mut usize, &'a mut Notes);

fn spend(budget: &mut usize, bytes: usize) -> Result<(), Problem> {
    *budget = budget.checked_sub(bytes).ok_or("its parts lie over each other")?;
    Ok(())
}

fn read_shape(
    table: &Table<'_>,
    kind: u8,
    deeper: usize,
    (budget, notes): Ledger<'_>,
) -> Result<Geometry<f64>, Problem> {
    let kind = if kind == 0 { table.byte(6)? } else { kind };
    if kind == 7 {
        let deeper = deeper.checked_sub(1).ok_or("collections lie too deep")?;
        let count = table.count(7)?;
        let mut parts = Vec::new();
        for nth in 0..count {
            spend(budget, 4)?;
            parts.push(read_shape(&table.nth(7, nth)?, 0, deeper, (budget, notes))?);
        }
        return Ok(Geometry::GeometryCollection(GeometryCollection(parts)));
    }
    notes.heights += u64::from(!table.list(2, 8)?.is_empty());
    let shape = match kind {
        1 => match coordinates(table, budget)?.first() {
            None => shape::empty_point(),
            Some(at) if at.x.is_nan() && at.y.is_nan() => shape::empty_point(),
            Some(at) => Point(*at).into(),
        },
        2 => LineString(coordinates(table, budget)?).into(),
        3 => read_polygon(table, budget, notes)?.into(),
        4 => MultiPoint(coordinates(table, budget)?.into_iter().map(Point).collect()).into(),
        5 => {
            let lines = lines(table, budget)?.into_iter().map(LineString);
            MultiLineString(lines.collect()).into()
        }
        6 => {
            let mut polygons = Vec::new();
            for nth in 0..table.count(7)? {
                spend(budget, 4)?;
                polygons.push(read_polygon(&table.nth(7, nth)?, budget, notes)?);
            }
            // One without parts may hold the rings of a single polygon itself.
            if polygons.is_empty() && !table.list(1, 8)?.is_empty() {
                polygons.push(read_polygon(table, budget, notes)?);
            }
            MultiPolygon(polygons).into()
        }
        8..=17 => return Err("curved shapes and solids are not supported".to_owned()),
        other => return Err(format!("{other} is no kind of shape")),
    };
    Ok(shape)
}

fn coordinates(table: &Table<'_>, budget: &mut usize) -> Result<Vec<Coord<f64>>, Problem> {
    let bytes = table.list(1, 8)?;
    spend(budget, bytes.len())?;
    let number =
        |bytes: &[u8]| bytes.first_chunk::<8>().map_or(f64::NAN, |b| f64::from_le_bytes(*b));
    let pairs = bytes.chunks_exact(16);
    Ok(pairs.map(|pair| Coord { x: number(pair), y: number(&pair[8..]) }).collect())
}

/// The lines or rings of a shape, which end where `ends` says.
fn lines(table: &Table<'_>, budget: &mut usize) -> Result<Vec<Vec<Coord<f64>>>, Problem> {
    let all = coordinates(table, budget)?;
    let ends = table.list(0, 4)?;
    spend(budget, ends.len())?;
    if ends.is_empty() {
        return Ok(if all.is_empty() { Vec::new() } else { vec![all] });
    }
    let mut lines = Vec::new();
    let mut from = 0;
    for end in ends.chunks_exact(4) {
        let end = end.first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes)) as usize;
        let line = all.get(from..end).ok_or("a ring ends before it begins")?;
        lines.push(line.to_vec());
        from = end;
    }
    Ok(lines)
}

fn read_polygon(
    table: &Table<'_>,
    budget: &mut usize,
    notes: &mut Notes,
) -> Result<Polygon<f64>, Problem> {
    Ok(shape::polygon(lines(table, budget)?, notes))
}

/// Reads pairs of a column's number and its value.
fn properties(mut bytes: &[u8], columns: &[Column]) -> Result<Vec<Property>, Problem> {
    let mut properties = vec![Property::Absent; columns.len()];
    while !bytes.is_empty() {
        let at = usize::from(u16::from_le_bytes(take(&mut bytes)?));
        let column = columns.get(at).ok_or_else(|| format!("there is no column {at}"))?;
        properties[at] = match column.kind {
            0 => Property::Whole(i8::from_le_bytes(take(&mut bytes)?).into()),
            1 => Property::Whole(u8::from_le_bytes(take(&mut bytes)?).into()),
            2 => Property::Flag(take::<1>(&mut bytes)?[0] != 0),
            3 => Property::Whole(i16::from_le_bytes(take(&mut bytes)?).into()),
            4 => Property::Whole(u16::from_le_bytes(take(&mut bytes)?).into()),
            5 => Property::Whole(i32::from_le_bytes(take(&mut bytes)?).into()),
            6 => Property::Whole(u32::from_le_bytes(take(&mut bytes)?).into()),
            7 => Property::Whole(i64::from_le_bytes(take(&mut bytes)?)),
            8 => {
                let number = i64::try_from(u64::from_le_bytes(take(&mut bytes)?));
                Property::Whole(number.map_err(|_| "a whole number is beyond 2^63")?)
            }
            9 => Property::Number(f32::from_le_bytes(take(&mut bytes)?).into()),
            10 => Property::Number(f64::from_le_bytes(take(&mut bytes)?)),
            11..=14 => {
                let length = u32::from_le_bytes(take(&mut bytes)?) as usize;
                let (text, rest) = bytes.split_at_checked(length).ok_or("a value is cut off")?;
                bytes = rest;
                if column.kind == 14 {
                    Property::Absent
                } else {
                    let text = std::str::from_utf8(text).map_err(|_| "a text is not UTF-8")?;
                    Property::Text(text.to_owned())
                }
            }
            other => return Err(format!("{other} is no kind of column")),
        };
    }
    Ok(properties)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Problem> {
    let (taken, rest) = bytes.split_first_chunk::<N>().ok_or("a value is cut off".to_owned())?;
    *bytes = rest;
    Ok(*taken)
}
