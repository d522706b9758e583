use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};

use super::{FORMAT, rings};
use crate::{LayerError, Notes, shape};

/// Largest record.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The records of a `.shp`, one after the other.
pub(super) struct Shapes {
    input: BufReader<File>,
    number: u64,
}

impl Shapes {
    pub(super) fn open(path: &Path) -> Result<Shapes, LayerError> {
        let file = File::open(path).map_err(LayerError::read(path))?;
        let mut input = BufReader::with_capacity(256 * 1024, file);
        let mut header = [0; 100];
        let cut = |error: std::io::Error| LayerError::syntax(FORMAT, "the header", error);
        input.read_exact(&mut header).map_err(cut)?;
        Ok(Shapes { input, number: 0 })
    }

    /// The next shape, `None` inside where the record has none; `None` at the end.
    #[expect(clippy::option_option, reason = "the end of the file, and a record without a shape")]
    pub(super) fn next(
        &mut self,
        notes: &mut Notes,
    ) -> Result<Option<Option<Geometry<f64>>>, LayerError> {
        let place = format!("feature {}", self.number + 1);
        let fault = |problem: &str| LayerError::syntax(FORMAT, place.clone(), problem);
        let failed = |error: std::io::Error| LayerError::syntax(FORMAT, place.clone(), error);
        let mut head = Vec::new();
        (&mut self.input).take(8).read_to_end(&mut head).map_err(failed)?;
        if head.is_empty() {
            return Ok(None);
        }
        let words = head.get(4..).and_then(|rest| rest.first_chunk::<4>());
        let words = words.ok_or_else(|| fault("the file is cut off"))?;
        let length = u64::from(u32::from_be_bytes(*words)) * 2;
        if length > MOST_BYTES {
            let limit = format!("{} MB", MOST_BYTES / 1_000_000);
            return Err(LayerError::TooLarge { what: place, limit });
        }
        let mut bytes = Vec::new();
        (&mut self.input).take(length).read_to_end(&mut bytes).map_err(failed)?;
        if (bytes.len() as u64) < length {
            return Err(fault("the file is cut off"));
        }
        self.number += 1;
        read(&bytes, notes).map(Some).map_err(|problem| fault(&problem))
    }
}

/// Reads the content of a record; heights and measures, which stand last, are left.
fn read(bytes: &[u8], notes: &mut Notes) -> Result<Option<Geometry<f64>>, String> {
    let mut content = Content { bytes };
    let kind = content.int()?;
    notes.heights += u64::from((11..=18).contains(&kind));
    Ok(match kind {
        0 => None,
        1 | 11 | 21 => {
            let at = content.coordinate()?;
            let is_empty = at.x.is_nan() && at.y.is_nan();
            Some(if is_empty { shape::empty_point() } else { Point(at).into() })
        }
        3 | 13 | 23 => {
            let mut lines: Vec<LineString<f64>> =
                content.parts()?.into_iter().map(LineString).collect();
            let only = if lines.len() == 1 { lines.pop() } else { None };
            Some(only.map_or_else(|| MultiLineString(lines).into(), Geometry::LineString))
        }
        5 | 15 | 25 => Some(rings::polygons(content.parts()?, notes)),
        8 | 18 | 28 => {
            content.skip(32)?;
            let count = content.count(16)?;
            let points = (0..count).map(|_| content.coordinate().map(Point));
            Some(MultiPoint(points.collect::<Result<_, _>>()?).into())
        }
        31 => return Err("surfaces in space (MultiPatch) are not supported".to_owned()),
        other => return Err(format!("{other} is no kind of shape")),
    })
}

struct Content<'record> {
    bytes: &'record [u8],
}

impl Content<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) =
            self.bytes.split_first_chunk::<N>().ok_or("the record is cut off".to_owned())?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn skip(&mut self, bytes: usize) -> Result<(), String> {
        self.bytes = self.bytes.get(bytes..).ok_or("the record is cut off")?;
        Ok(())
    }

    fn int(&mut self) -> Result<i32, String> {
        self.take().map(i32::from_le_bytes)
    }

    /// A count of things of `size` bytes, all of which must be there.
    fn count(&mut self, size: usize) -> Result<usize, String> {
        let count = self.int()?;
        let fits = usize::try_from(count).ok().filter(|count| *count <= self.bytes.len() / size);
        fits.ok_or(format!("{count} parts are announced, and there are not so many bytes"))
    }

    fn coordinate(&mut self) -> Result<Coord<f64>, String> {
        let x = f64::from_le_bytes(self.take()?);
        Ok(Coord { x, y: f64::from_le_bytes(self.take()?) })
    }

    /// Rings or lines, which begin where a list before them says.
    fn parts(&mut self) -> Result<Vec<Vec<Coord<f64>>>, String> {
        self.skip(32)?;
        let parts = self.count(4)?;
        let points = self.count(16)?;
        let begins: Vec<usize> = (0..parts)
            .map(|_| usize::try_from(self.int()?).map_err(|_| "a part begins nowhere".to_owned()))
            .collect::<Result<_, _>>()?;
        let all: Vec<Coord<f64>> =
            (0..points).map(|_| self.coordinate()).collect::<Result<_, _>>()?;
        let ends = begins.iter().skip(1).copied().chain(std::iter::once(points));
        begins
            .iter()
            .zip(ends)
            .map(|(begin, end)| {
                let part = all.get(*begin..end);
                part.map(<[_]>::to_vec).ok_or("a part ends before it begins".to_owned())
            })
            .collect()
    }
}
