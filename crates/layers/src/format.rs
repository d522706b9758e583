use std::io::Read;
use std::path::Path;

use serde::Serialize;

/// A file format of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// GeoParquet 1.0 or 1.1.
    Geoparquet,
    /// GeoJSON, RFC 7946 or of 2008.
    Geojson,
    /// OGC GeoPackage.
    Geopackage,
    /// ESRI Shapefile.
    Shapefile,
    /// FlatGeobuf 3.
    Flatgeobuf,
    /// GML 3.
    Gml,
}

impl Format {
    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Format::Geoparquet => "GeoParquet",
            Format::Geojson => "GeoJSON",
            Format::Geopackage => "GeoPackage",
            Format::Shapefile => "Shapefile",
            Format::Flatgeobuf => "FlatGeobuf",
            Format::Gml => "GML",
        }
    }

    /// The format that a name of a file tells.
    pub(crate) fn of_name(name: &str) -> Option<Format> {
        let ending = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "parquet" | "geoparquet" => Format::Geoparquet,
            "geojson" | "json" => Format::Geojson,
            "gpkg" => Format::Geopackage,
            "shp" => Format::Shapefile,
            "fgb" => Format::Flatgeobuf,
            "gml" | "xml" => Format::Gml,
            _ => return None,
        })
    }

    /// The format that the first bytes tell.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Format> {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        match bytes {
            [b'P', b'A', b'R', b'1', ..] => Some(Format::Geoparquet),
            [b'f', b'g', b'b', 3, b'f', b'g', b'b', ..] => Some(Format::Flatgeobuf),
            [0, 0, 0x27, 0x0A, ..] => Some(Format::Shapefile),
            _ if bytes.starts_with(b"SQLite format 3\0") => Some(Format::Geopackage),
            _ if text.starts_with(b"{") => Some(Format::Geojson),
            _ if text.starts_with(b"<") => Some(Format::Gml),
            // UTF-16 with its mark: XML may be written so.
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Format::Gml),
            _ => None,
        }
    }
}

/// The first bytes of a file.
pub(crate) fn beginning(file: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(4096).read_to_end(&mut bytes)?;
    Ok(bytes)
}
