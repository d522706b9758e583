//! Layers of shapes in the archive: brought in, listed, opened.
//!
//! A layer is an extract `layer.<name>`: GeoParquet in the source's own system and full detail,
//! with `code` and `name` first and the source's own fields after them. [`import`] writes it
//! feature by feature, so that a layer may be larger than memory, and publishes it as any other
//! version: the same features are no news.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use geo_types::Coord;
use layers::regions::{Choice, Collected, Columns, Tidied};
use layers::{
    Feature, Field, Header, LayerError, Notes, OpenOptions, Property, Provenance, Reader,
    geoparquet,
};
use places::Region;
use places::check::check;
use places::crs::{Crs, Order, Suspicion, suspect};
use serde::Serialize;
use store::archive::{Archive, Published, Version, VersionInfo};

use crate::IngestError;

/// What the names of extracts with layers begin with.
pub const PREFIX: &str = "layer.";

/// Longest name of a layer.
const LONGEST_NAME: usize = 60;

/// How many features pass between two looks at the clock of the watcher.
const BETWEEN_LOOKS: u64 = 256;

/// Most positions of a layer that is looked through for faults, which needs all of it in memory.
const MOST_CHECKED: u64 = 8_000_000;

/// Most faults that are listed; all are counted.
const MOST_LISTED: usize = 20;

/// What an import needs to know beside the file.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Name in the archive; made of the layer's own when absent.
    pub name: Option<String>,
    /// How the file is read.
    pub open: OpenOptions,
    /// Which fields are code and name.
    pub choice: Choice,
    /// Publisher, licence and date, where known; the origin is the file unless it is given.
    pub provenance: Provenance,
    /// RFC 3339; when it was fetched or imported.
    pub fetched_at: String,
}

/// Somebody who sees how far an import has come, and may stop it.
pub struct Watch<'watch> {
    /// Becomes true when it is to stop.
    pub stop: &'watch AtomicBool,
    /// Called now and then with the features read, and all of them where that is known.
    pub see: &'watch dyn Fn(u64, Option<u64>),
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Imported {
    /// Name in the archive, without `layer.`.
    pub name: String,
    /// The extract.
    pub extract: String,
    /// The version.
    pub version: String,
    /// Whether the archive did not have it.
    pub is_new: bool,
    /// What was read.
    #[serde(flatten)]
    pub facts: Facts,
}

/// What a layer is, after all of it was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    /// Name of the layer in its file.
    pub layer: String,
    /// Format of the file.
    pub format: layers::Format,
    /// EPSG number of the coordinates.
    pub epsg: u32,
    /// Features.
    pub features: u64,
    /// Positions of all shapes.
    pub positions: u64,
    /// Features without a shape, or with an empty one.
    pub without_shape: u64,
    /// West, south, east, north, in the system of the layer; `None` without any shape.
    pub extent: Option<[f64; 4]>,
    /// Fields of the source.
    pub fields: Vec<Field>,
    /// The field that is the code; `None` when features are numbered.
    pub code_field: Option<String>,
    /// The field that is the name.
    pub name_field: Option<String>,
    /// Different codes.
    pub codes: usize,
    /// What was put right while reading.
    pub notes: Notes,
    /// What codes were put right, and which features are no regions.
    pub tidied: Tidied,
    /// Publisher, licence, date and origin, where known.
    pub provenance: Option<Provenance>,
    /// What is wrong with the regions; `None` when the layer is too large to be looked through.
    pub faults: Option<Faults>,
    /// What the coordinates look like, when they are not in Norway as they stand.
    pub suspicion: Option<Suspected>,
}

/// What is wrong with regions: the first faults, and how many there are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Faults {
    /// All of them.
    pub total: usize,
    /// The first ones.
    pub listed: Vec<ShapeFault>,
}

/// One fault of a region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShapeFault {
    /// `self_intersection`, `overlap`, `gap`, ….
    pub kind: &'static str,
    /// Code of the region.
    pub code: String,
    /// Code of the other region, where there are two.
    pub other: Option<String>,
    /// One place where it is seen.
    pub place: Option<[f64; 2]>,
}

/// A better reading of the coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Suspected {
    /// EPSG number of the system that they look like.
    pub epsg: u32,
    /// Whether northing or latitude seems to stand first.
    pub north_first: bool,
}

/// A layer of the archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    /// Name, without `layer.`.
    pub name: String,
    /// The version in use.
    pub version: String,
    /// How many versions there are.
    pub versions: usize,
    /// Length of its file.
    pub bytes: u64,
    /// When it was last seen to be so.
    pub last_seen: String,
    /// EPSG number of the coordinates.
    pub epsg: u32,
    /// Features.
    pub features: u64,
    /// Publisher, licence, date and origin.
    pub provenance: Provenance,
}

/// Brings the layer of a file into the archive.
///
/// # Errors
///
/// [`IngestError::Layer`] when the file cannot be read as a layer, [`IngestError::LayerName`] when
/// the name cannot be one, [`IngestError::Interrupted`] when the watcher stops it (the archive is
/// then as before), [`IngestError::Store`], [`IngestError::Write`].
pub fn import(
    archive: &Archive,
    path: &Path,
    import: &Import,
    watch: &Watch<'_>,
) -> Result<Imported, IngestError> {
    let mut reader = layers::open(path, &import.open)?;
    let name = match &import.name {
        Some(name) => checked_name(name)?,
        None => name_of(&reader.header().name)?,
    };
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let provenance = merged(&import.provenance, reader.header(), file_name.unwrap_or_default());
    let folder = tempfile::tempdir_in(archive.folder()).map_err(IngestError::Write)?;
    let growing = folder.path().join("layer.parquet");
    let mut facts = {
        let columns = Columns::find(reader.header(), &import.choice)?;
        let kept = kept(reader.header(), &columns);
        let fields = extract_fields(reader.header(), &kept);
        let output = BufWriter::new(File::create(&growing).map_err(IngestError::Write)?);
        let crs = reader.header().crs;
        let writer = geoparquet::Writer::new(output, &fields, crs, &provenance);
        let mut writer = writer.map_err(IngestError::Write)?;
        let facts = read_all(&mut reader, &columns, watch, &mut |feature, code, name| {
            let text = |text: Option<String>| text.map_or(Property::Absent, Property::Text);
            let mut properties = vec![text(code), text(Some(name).filter(|name| !name.is_empty()))];
            let own = feature.properties.drain(..).zip(&kept);
            properties.extend(own.filter(|(_, is_kept)| **is_kept).map(|(value, _)| value));
            let shape = feature.shape.take();
            writer.write(&Feature { shape, properties }).map_err(IngestError::Write)
        })?;
        writer.finish().map_err(IngestError::Write)?;
        facts
    };
    facts.provenance = Some(provenance.clone());
    let extract = format!("{PREFIX}{name}");
    let info = version_info(&name, import, &provenance, &facts);
    let (version, is_new) = match archive.publish_file(&extract, &growing, &info)? {
        Published::New(version) => (version, true),
        Published::Unchanged(version) => (version, false),
    };
    Ok(Imported { name, extract, version: version.version, is_new, facts })
}

/// Says what is in a layer, which is read to its end.
///
/// # Errors
///
/// As [`import`].
pub fn facts(mut reader: Reader, choice: &Choice, watch: &Watch<'_>) -> Result<Facts, IngestError> {
    let columns = Columns::find(reader.header(), choice)?;
    read_all(&mut reader, &columns, watch, &mut |_, _, _| Ok(()))
}

/// The layers of the archive, by name.
///
/// # Errors
///
/// [`IngestError::Store`], [`IngestError::Layer`].
pub fn list(archive: &Archive) -> Result<Vec<Held>, IngestError> {
    let mut held = Vec::new();
    for extract in archive.extracts()? {
        let Some(name) = extract.strip_prefix(PREFIX) else { continue };
        let Some(version) = archive.current(&extract)? else { continue };
        let path = archive.version_path(&extract, &version.version)?;
        let reader = layers::open(&path, &OpenOptions::default())?;
        let header = reader.header();
        held.push(Held {
            name: name.to_owned(),
            versions: archive.versions(&extract)?.len(),
            bytes: version.bytes,
            last_seen: version.last_seen,
            version: version.version,
            epsg: header.crs.epsg(),
            features: header.count.unwrap_or_default(),
            provenance: header.provenance.clone().unwrap_or_default(),
        });
    }
    Ok(held)
}

/// The version of a layer that is in use; `None` when the archive has no such layer.
///
/// # Errors
///
/// [`IngestError::Store`].
pub fn current(archive: &Archive, name: &str) -> Result<Option<Version>, IngestError> {
    Ok(archive.current(&format!("{PREFIX}{name}"))?)
}

/// Opens a layer of the archive, after its bytes were found to be those published.
///
/// # Errors
///
/// [`IngestError::Unknown`] when there is none, [`IngestError::Store`], [`IngestError::Layer`].
pub fn open(archive: &Archive, name: &str) -> Result<Reader, IngestError> {
    let unknown = || IngestError::Unknown { asked: name.to_owned() };
    let version = current(archive, name)?.ok_or_else(unknown)?;
    let path = archive.extract_file(&version)?;
    Ok(layers::open(&path, &OpenOptions::default())?)
}

/// All regions of a layer of the archive, and the system of their coordinates.
///
/// # Errors
///
/// As [`open`].
pub fn regions(archive: &Archive, name: &str) -> Result<(Vec<Region>, Crs), IngestError> {
    let reader = open(archive, name)?;
    let crs = reader.header().crs;
    let (regions, _) = layers::regions::read(reader, &Choice::default())?;
    Ok((regions, crs))
}

/// A feature on its way, with its code and its name.
type Take<'take> =
    &'take mut dyn FnMut(&mut Feature, Option<String>, String) -> Result<(), IngestError>;

/// Reads a layer to its end and counts what it is.
fn read_all(
    reader: &mut Reader,
    columns: &Columns,
    watch: &Watch<'_>,
    take: Take<'_>,
) -> Result<Facts, IngestError> {
    let mut facts = facts_of(reader.header(), columns);
    let all = reader.header().count;
    let mut codes: BTreeSet<String> = BTreeSet::new();
    let mut regions = Some(Collected::default());
    while let Some(feature) = reader.next() {
        let mut feature = feature?;
        if facts.features.is_multiple_of(BETWEEN_LOOKS) {
            (watch.see)(facts.features, all);
        }
        if watch.stop.load(Ordering::Relaxed) {
            return Err(IngestError::Interrupted);
        }
        facts.features += 1;
        facts.measure(&feature);
        let code = columns.code_of(&feature, facts.features, &mut facts.tidied);
        let name = columns.name_of(&feature);
        if let Some(code) = &code
            && !codes.insert(code.clone())
        {
            facts.tidied.joined += 1;
        }
        let shape = feature.surfaces();
        facts.tidied.without_surface += u64::from(shape.is_none());
        if facts.positions > MOST_CHECKED {
            regions = None;
        }
        if let (Some(regions), Some(code), Some(shape)) = (&mut regions, &code, shape) {
            regions.add(Region { code: code.clone(), name: name.clone(), shape });
        }
        take(&mut feature, code, name)?;
    }
    facts.faults = regions.map(|regions| faults(&regions.into_regions()));
    facts.suspicion = facts.extent.and_then(|extent| suspicion(reader.header().crs, extent));
    facts.codes = codes.len();
    facts.notes = reader.notes();
    (watch.see)(facts.features, Some(facts.features));
    Ok(facts)
}

/// What is wrong with the regions of a layer.
fn faults(regions: &[Region]) -> Faults {
    let found = check(regions, MOST_LISTED);
    let listed = found.listed.into_iter().map(|fault| ShapeFault {
        kind: fault.kind.key(),
        code: fault.code,
        other: fault.other,
        place: fault.place.map(|at| [at.x, at.y]),
    });
    Faults { total: found.total, listed: listed.collect() }
}

/// What the middle of a layer looks like, when it is not in Norway as it is said to be.
fn suspicion(crs: Crs, [west, south, east, north]: [f64; 4]) -> Option<Suspected> {
    let middle = Coord { x: (west + east) / 2.0, y: (south + north) / 2.0 };
    let Some(Suspicion::Misread(readings)) = suspect(crs, middle) else { return None };
    let reading = readings.first()?;
    Some(Suspected { epsg: reading.crs.epsg(), north_first: reading.order == Order::NorthEast })
}

fn facts_of(header: &Header, columns: &Columns) -> Facts {
    Facts {
        layer: header.name.clone(),
        format: header.format,
        epsg: header.crs.epsg(),
        features: 0,
        positions: 0,
        without_shape: 0,
        extent: None,
        fields: header.fields.clone(),
        code_field: columns.code(header).map(|field| field.name.clone()),
        name_field: columns.name(header).map(|field| field.name.clone()),
        codes: 0,
        notes: Notes::default(),
        tidied: Tidied::default(),
        provenance: header.provenance.clone(),
        faults: None,
        suspicion: None,
    }
}

impl Facts {
    fn measure(&mut self, feature: &Feature) {
        let before = self.positions;
        feature.each_position(&mut |at| {
            let [west, south, east, north] = self.extent.unwrap_or([at.x, at.y, at.x, at.y]);
            self.extent = Some([west.min(at.x), south.min(at.y), east.max(at.x), north.max(at.y)]);
            self.positions += 1;
        });
        self.without_shape += u64::from(self.positions == before);
    }
}

/// Which of the source's fields are kept: all but a `code` and a `name` that are just that.
fn kept(header: &Header, columns: &Columns) -> Vec<bool> {
    let (code, name) = (columns.code(header), columns.name(header));
    let is_same = |field: &Field, chosen: Option<&Field>, ours: &str| {
        field.name == ours && chosen.is_some_and(|chosen| chosen.name == ours)
    };
    let is_kept = |field: &Field| !is_same(field, code, "code") && !is_same(field, name, "name");
    header.fields.iter().map(is_kept).collect()
}

/// Fields of the extract: code and name, and the source's own under names that differ.
fn extract_fields(header: &Header, kept: &[bool]) -> Vec<Field> {
    let mut fields = vec![Field::text("code"), Field::text("name")];
    let mut taken: BTreeSet<String> =
        ["code", "name", "geometry"].into_iter().map(str::to_owned).collect();
    for (field, _) in header.fields.iter().zip(kept).filter(|(_, is_kept)| **is_kept) {
        let mut name = field.name.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}_{number}", field.name);
            number += 1;
        }
        fields.push(Field { name, kind: field.kind });
    }
    fields
}

/// What the caller says of the origin, then what the file says.
fn merged(given: &Provenance, header: &Header, file_name: String) -> Provenance {
    let said = header.provenance.clone().unwrap_or_default();
    let either = |given: &str, said: String| if given.is_empty() { said } else { given.to_owned() };
    Provenance {
        publisher: either(&given.publisher, said.publisher),
        licence: either(&given.licence, said.licence),
        date: either(&given.date, said.date),
        origin: either(&given.origin, either(&said.origin, file_name)),
    }
}

fn version_info(
    name: &str,
    import: &Import,
    provenance: &Provenance,
    facts: &Facts,
) -> VersionInfo {
    let query = serde_json::json!({
        "origin": provenance.origin,
        "publisher": provenance.publisher,
        "licence": provenance.licence,
        "date": provenance.date,
        "layer": facts.layer,
        "format": facts.format,
        "epsg": facts.epsg,
        "code_field": facts.code_field,
        "name_field": facts.name_field,
    });
    VersionInfo {
        table: name.to_owned(),
        server: provenance.publisher.clone(),
        language: String::new(),
        updated: Some(provenance.date.clone()).filter(|date| !date.is_empty()),
        query: query.to_string(),
        answer_ids: Vec::new(),
        fetched_at: import.fetched_at.clone(),
        drift: None,
    }
}

/// A name as it was typed, when it can be one.
fn checked_name(name: &str) -> Result<String, IngestError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(fits) {
        return Ok(name.to_owned());
    }
    Err(IngestError::LayerName { name: name.to_owned() })
}

/// A name made of what a layer calls itself: `Kommuner 2024 – Øst` is `kommuner-2024-ost`.
fn name_of(title: &str) -> Result<String, IngestError> {
    let mut name = String::new();
    for sign in title.chars().flat_map(char::to_lowercase) {
        match sign {
            'æ' | 'ä' => name.push_str("ae"),
            'ø' | 'ö' => name.push('o'),
            'å' | 'á' | 'à' => name.push('a'),
            '_' => name.push('_'),
            sign if sign.is_ascii_alphanumeric() => name.push(sign),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    name.truncate(LONGEST_NAME);
    checked_name(name.trim_matches('-'))
        .map_err(|_| IngestError::LayerName { name: title.to_owned() })
}

impl From<LayerError> for IngestError {
    fn from(error: LayerError) -> IngestError {
        IngestError::Layer(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_what_the_layer_calls_itself() {
        let name = |title: &str| name_of(title).ok();
        assert_eq!(name("Kommuner 2024 – Øst").as_deref(), Some("kommuner-2024-ost"));
        assert_eq!(name("BefolkningPåRuter1km").as_deref(), Some("befolkningparuter1km"));
        assert_eq!(name("0000_25833_kommuner").as_deref(), Some("0000_25833_kommuner"));
        assert_eq!(name("…"), None);
        assert!(checked_name("a.b").is_err());
        assert!(checked_name("../b").is_err());
    }
}
