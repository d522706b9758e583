//! Layers inside a zip, unpacked beside no name of theirs and with an end to their size.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Format, LayerError};

/// Most bytes that are unpacked from one zip.
const MOST_BYTES: u64 = 16 * 1024 * 1024 * 1024;

/// From here on a file must not be many times larger than it was packed.
const FREE_BYTES: u64 = 64 * 1024 * 1024;

/// Text of coordinates packs to a twentieth; a thousandth is made to do harm.
const MOST_TIMES: u64 = 200;

/// Most entries that are looked through.
const MOST_ENTRIES: usize = 10_000;

/// Files that belong to a Shapefile, besides the shapes themselves.
const PARTS: [&str; 3] = ["dbf", "prj", "cpg"];

/// Unpacked files; gone with this.
pub(crate) type Spool = TempDir;

/// A layer that was in a zip.
pub(crate) struct Unpacked {
    pub(crate) file: PathBuf,
    /// Its name in the zip, without folders and ending.
    pub(crate) name: String,
    /// Whether the caller's layer named the file, and not a layer in it.
    pub(crate) named_by_layer: bool,
    pub(crate) spool: Spool,
}

/// Whether the file is a zip.
pub(crate) fn is_zip(path: &Path) -> Result<bool, LayerError> {
    let mut file = File::open(path).map_err(LayerError::read(path))?;
    let bytes = crate::format::beginning(&mut file).map_err(LayerError::read(path))?;
    Ok(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06"))
}

/// Unpacks the only layer file of a zip, or the one that `layer` names.
pub(crate) fn unpack(path: &Path, layer: Option<&str>) -> Result<Unpacked, LayerError> {
    let file = File::open(path).map_err(LayerError::read(path))?;
    let mut zip = ZipArchive::new(file).map_err(refuse)?;
    if zip.len() > MOST_ENTRIES {
        let what = "the number of files in the zip".to_owned();
        return Err(LayerError::TooLarge { what, limit: MOST_ENTRIES.to_string() });
    }
    let names: Vec<String> = zip.file_names().flatten().map(|name| name.into_owned()).collect();
    let layers: Vec<&String> = names.iter().filter(|name| is_layer(name)).collect();
    let named = layer.and_then(|layer| layers.iter().find(|name| is_called(name, layer)));
    let chosen = match (named, layers.as_slice()) {
        (Some(named), _) => (*named).clone(),
        (None, [only]) => (*only).clone(),
        (None, several) => {
            let layers = several.iter().map(|name| stem(name)).collect::<Vec<_>>();
            return Err(match layer {
                None if !layers.is_empty() => LayerError::SeveralLayers { layers },
                asked => {
                    LayerError::NoSuchLayer { layer: asked.unwrap_or_default().to_owned(), layers }
                }
            });
        }
    };
    let spool = tempfile::tempdir().map_err(LayerError::write(&std::env::temp_dir()))?;
    let ending = extension(&chosen);
    let target = spool.path().join(format!("layer.{ending}"));
    let mut left = MOST_BYTES;
    extract(&mut zip, &chosen, &target, &mut left)?;
    if ending == "shp" {
        for part in PARTS {
            let same =
                |name: &&String| stem_path(name) == stem_path(&chosen) && extension(name) == part;
            if let Some(name) = names.iter().find(same) {
                let target = spool.path().join(format!("layer.{part}"));
                extract(&mut zip, name, &target, &mut left)?;
            }
        }
    }
    Ok(Unpacked { file: target, name: stem(&chosen), named_by_layer: named.is_some(), spool })
}

fn refuse(error: ZipError) -> LayerError {
    LayerError::syntax("ZIP", "the directory", error)
}

fn extension(name: &str) -> String {
    Path::new(name).extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// A name without folders and ending.
fn stem(name: &str) -> String {
    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A name with folders and without ending, for comparison.
fn stem_path(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(before, _)| before).to_lowercase()
}

fn is_layer(name: &str) -> bool {
    // What a Mac leaves in zips, and descriptions of a layer.
    let is_beside =
        name.starts_with("__MACOSX/") || name.to_ascii_lowercase().ends_with(".shp.xml");
    !is_beside && Format::of_name(name).is_some()
}

fn is_called(name: &str, layer: &str) -> bool {
    let file = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    name == layer || file == layer || stem(name) == layer
}

/// Unpacks one file, and stops when it grows beyond reason.
fn extract(
    zip: &mut ZipArchive<File>,
    name: &str,
    target: &Path,
    left: &mut u64,
) -> Result<(), LayerError> {
    let mut packed = zip.by_name(name).map_err(refuse)?;
    let most = (packed.compressed_size().saturating_mul(MOST_TIMES)).max(FREE_BYTES).min(*left);
    let file = File::create(target).map_err(LayerError::write(target))?;
    let mut file = BufWriter::new(file);
    // The size in the directory is only what the zip says of itself.
    let mut bounded = (&mut packed).take(most + 1);
    let copied = io::copy(&mut bounded, &mut file);
    let copied = copied.map_err(|error| LayerError::syntax("ZIP", name, error))?;
    if copied > most {
        let what = format!("`{name}` in the zip");
        return Err(LayerError::TooLarge { what, limit: format!("{} MB", most / 1_000_000) });
    }
    *left -= copied;
    file.flush().map_err(LayerError::write(target))
}
