//! Shapefile: shapes in `.shp`, values in `.dbf`, the system in `.prj`, the encoding in `.cpg`.

mod dbf;
mod rings;
mod shp;

use std::path::{Path, PathBuf};

use crate::reader::{Found, Source};
use crate::{Feature, LayerError, Notes, srs};

const FORMAT: &str = "Shapefile";

/// Largest `.prj` and `.cpg`.
const MOST_TEXT_BYTES: u64 = 64 * 1024;

/// The `.shp` of a layer, whichever of its files was named.
pub(crate) fn main_file(path: &Path) -> PathBuf {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if !["dbf", "prj", "cpg", "shx"].contains(&ending.as_str()) {
        return path.to_owned();
    }
    part(path, "shp").unwrap_or_else(|| path.to_owned())
}

/// The file beside `path` with another ending, in small or capital letters.
fn part(path: &Path, ending: &str) -> Option<PathBuf> {
    let candidates = [ending.to_owned(), ending.to_ascii_uppercase()];
    candidates.into_iter().map(|ending| path.with_extension(ending)).find(|path| path.is_file())
}

fn text(path: &Path, ending: &str) -> Result<Option<String>, LayerError> {
    use std::io::Read as _;
    let Some(path) = part(path, ending) else { return Ok(None) };
    let file = std::fs::File::open(&path).map_err(LayerError::read(&path))?;
    let mut bytes = Vec::new();
    file.take(MOST_TEXT_BYTES).read_to_end(&mut bytes).map_err(LayerError::read(&path))?;
    Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned()))
}

/// Opens a layer by its `.shp`.
pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    let table = part(path, "dbf").ok_or_else(|| {
        let file = path.with_extension("dbf").display().to_string();
        LayerError::MissingPart { file }
    })?;
    let crs = text(path, "prj")?.filter(|text| !text.is_empty());
    let crs = crs.map(|text| srs::from_wkt(&text)).transpose()?;
    let encoding = text(path, "cpg")?.filter(|text| !text.is_empty());
    let rows = dbf::Rows::open(&table, encoding.as_deref())?;
    Ok(Found {
        name: None,
        crs,
        default_crs: None,
        fields: rows.fields(),
        count: Some(rows.announced()),
        provenance: None,
        source: Box::new(Features {
            shapes: shp::Shapes::open(path)?,
            rows,
            notes: Notes::default(),
        }),
    })
}

struct Features {
    shapes: shp::Shapes,
    rows: dbf::Rows,
    notes: Notes,
}

impl Source for Features {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        loop {
            let shape = self.shapes.next(&mut self.notes)?;
            let row = self.rows.next()?;
            match (shape, row) {
                (None, None) => return Ok(None),
                (Some(shape), Some(dbf::Row::Kept(properties))) => {
                    return Ok(Some(Feature { shape, properties }));
                }
                (Some(_), Some(dbf::Row::Deleted)) => {}
                _ => {
                    let problem = "`.shp` and `.dbf` have different numbers of records";
                    return Err(LayerError::syntax(FORMAT, "the end", problem));
                }
            }
        }
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}
