use std::path::{Path, PathBuf};

use geo_types::{Coord, Geometry};
use places::crs::Crs;

use crate::unpack::{self, Spool};
use crate::{
    Feature, Field, Format, Header, LayerError, Notes, Provenance, flatgeobuf, geojson, geopackage,
    geoparquet, gml, shape, shapefile, srs,
};

/// How a layer is to be read.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// Which layer, where a file may have several; of a zip, also which file.
    pub layer: Option<String>,
    /// The system, where the file names none.
    pub crs: Option<Crs>,
}

/// Features that come one by one.
pub(crate) trait Source {
    /// The next feature; `None` at the end.
    fn next(&mut self) -> Result<Option<Feature>, LayerError>;

    /// What was put right so far.
    fn notes(&self) -> Notes;
}

/// What a format finds when a file is opened.
pub(crate) struct Found {
    pub(crate) name: Option<String>,
    /// System that the file names.
    pub(crate) crs: Option<Crs>,
    /// System that the format means where a file names none.
    pub(crate) default_crs: Option<Crs>,
    pub(crate) fields: Vec<Field>,
    pub(crate) count: Option<u64>,
    pub(crate) provenance: Option<Provenance>,
    pub(crate) source: Box<dyn Source + Send>,
}

/// A layer that is being read: its header, and an iterator of its features.
///
/// After a fault there is nothing more.
pub struct Reader {
    header: Header,
    source: Box<dyn Source + Send>,
    count: u64,
    has_ended: bool,
    /// What was unpacked, which goes with the reader.
    _spool: Option<Spool>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Opens a layer of any format, or the one in a zip.
///
/// The format is told by the content, not by the name. Memory is bounded by the largest feature.
///
/// # Errors
///
/// [`LayerError::UnknownFormat`]; [`LayerError::NoCoordinateSystem`] when neither the file nor
/// `options` name one; [`LayerError::SystemContradicts`] when they name different ones;
/// [`LayerError::SeveralLayers`] when one must be named; [`LayerError::TooLarge`] when a zip would
/// unpack to more than is reasonable; [`LayerError::Syntax`] when the bytes are damaged.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Reader, LayerError> {
    if unpack::is_zip(path)? {
        let unpacked = unpack::unpack(path, options.layer.as_deref())?;
        let file = unpacked.file.clone();
        let options = if unpacked.named_by_layer {
            OpenOptions { layer: None, ..options.clone() }
        } else {
            options.clone()
        };
        return open_plain(&file, &unpacked.name, &options, Some(unpacked.spool));
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    open_plain(path, &stem.unwrap_or_default(), options, None)
}

fn open_plain(
    path: &Path,
    name: &str,
    options: &OpenOptions,
    spool: Option<Spool>,
) -> Result<Reader, LayerError> {
    let path = shapefile::main_file(path);
    let format = format_of(&path)?;
    let layer = options.layer.as_deref();
    let found = match format {
        Format::Geojson => geojson::open(&path)?,
        Format::Geoparquet => geoparquet::open(&path)?,
        Format::Geopackage => geopackage::open(&path, layer)?,
        Format::Shapefile => shapefile::open(&path)?,
        Format::Flatgeobuf => flatgeobuf::open(&path)?,
        Format::Gml => gml::open(&path, layer)?,
    };
    let crs = system(&found, options.crs)?;
    let header = Header {
        name: found.name.filter(|name| !name.is_empty()).unwrap_or_else(|| name.to_owned()),
        format,
        crs,
        fields: found.fields,
        count: found.count,
        provenance: found.provenance,
    };
    Ok(Reader { header, source: found.source, count: 0, has_ended: false, _spool: spool })
}

/// The system of a layer: the file's word, then the caller's, then the format's.
fn system(found: &Found, given: Option<Crs>) -> Result<Crs, LayerError> {
    match (found.crs, given) {
        (Some(found), Some(given)) if found != given => {
            Err(LayerError::SystemContradicts { given: given.epsg(), found: found.epsg() })
        }
        (found_crs, given) => {
            found_crs.or(given).or(found.default_crs).ok_or(LayerError::NoCoordinateSystem)
        }
    }
}

/// The format of a file, by its first bytes; by its name where it is empty.
fn format_of(path: &PathBuf) -> Result<Format, LayerError> {
    let mut file = std::fs::File::open(path).map_err(LayerError::read(path))?;
    let bytes = crate::format::beginning(&mut file).map_err(LayerError::read(path))?;
    let shown = path.display().to_string();
    let by_name = Format::of_name(&shown).filter(|_| bytes.is_empty());
    Format::of_bytes(&bytes).or(by_name).ok_or(LayerError::UnknownFormat { file: shown })
}

impl Reader {
    /// What the file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was put right so far; final after the last feature.
    pub fn notes(&self) -> Notes {
        self.source.notes()
    }

    fn advance(&mut self) -> Result<Option<Feature>, LayerError> {
        let Some(feature) = self.source.next()? else { return Ok(None) };
        self.count += 1;
        if let Some(shape) = &feature.shape {
            self.check(shape)?;
        }
        Ok(Some(feature))
    }

    /// Refuses coordinates that the system cannot have, NaN among them.
    fn check(&self, shape: &Geometry<f64>) -> Result<(), LayerError> {
        let crs = self.header.crs;
        let mut wrong: Option<(Coord<f64>, Option<u32>)> = None;
        shape::each_coordinate(shape, &mut |at| {
            if let (None, Err(looks_like)) = (&wrong, srs::fits(crs, at.x, at.y)) {
                wrong = Some((at, looks_like));
            }
        });
        let Some((at, looks_like)) = wrong else { return Ok(()) };
        let (feature, epsg) = (self.count, crs.epsg());
        Err(LayerError::Coordinate { feature, x: at.x, y: at.y, epsg, looks_like })
    }
}

impl Iterator for Reader {
    type Item = Result<Feature, LayerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let next = self.advance().transpose();
        self.has_ended = !matches!(next, Some(Ok(_)));
        next
    }
}
