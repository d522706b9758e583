use std::io;
use std::path::PathBuf;

use store::StoreError;

/// Why a layer could not be read or written.
///
/// Each message states its own layer; print the `source()` chain for the cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// The file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },

    /// The file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },

    /// Neither content nor name tell a format that is known here.
    #[error("`{file}` is in no format that is known here")]
    UnknownFormat {
        /// The file.
        file: String,
    },

    /// The bytes are not what the format says: damaged, cut off, or made wrongly.
    #[error("not a readable {format} at {place}: {problem}")]
    Syntax {
        /// `GeoJSON`, `GML`, ….
        format: &'static str,
        /// Where: `feature 12`, `the header`.
        place: String,
        /// What is wrong.
        problem: String,
    },

    /// The format allows it, and it is not read here.
    #[error("{format}: {what} at {place} is not supported")]
    NotSupported {
        /// `GeoJSON`, `GML`, ….
        format: &'static str,
        /// Where: `feature 12`.
        place: String,
        /// What is not read: `CIRCULARSTRING`.
        what: String,
    },

    /// The file does not say in which coordinate system it is.
    #[error("the file names no coordinate system")]
    NoCoordinateSystem,

    /// The file names a coordinate system that is not one of those known here.
    #[error("the coordinate system `{found}` is not known here")]
    UnknownSystem {
        /// As the file names it.
        found: String,
    },

    /// The caller named another coordinate system than the file.
    #[error("the file says EPSG:{found}, and EPSG:{given} was given")]
    SystemContradicts {
        /// EPSG number that the caller gave.
        given: u32,
        /// EPSG number that the file names.
        found: u32,
    },

    /// A coordinate that cannot be one of its system, or is no number.
    #[error("feature {feature} has the coordinate {x} {y}, which EPSG:{epsg} does not have")]
    Coordinate {
        /// Position of the feature, from 1.
        feature: u64,
        /// The first number.
        x: f64,
        /// The second number.
        y: f64,
        /// EPSG number of the layer's system.
        epsg: u32,
        /// EPSG number of the system that the numbers look like, where they look like one.
        looks_like: Option<u32>,
    },

    /// The file has several layers, and none was named.
    #[error("the file has several layers: {}", layers.join(", "))]
    SeveralLayers {
        /// Their names.
        layers: Vec<String>,
    },

    /// The file has no layer of this name, or none with shapes.
    #[error("the file has no layer `{layer}`")]
    NoSuchLayer {
        /// The name asked for; empty when any would do.
        layer: String,
        /// What there is.
        layers: Vec<String>,
    },

    /// The layer has no such field.
    #[error("the layer has no field `{field}`")]
    NoSuchField {
        /// The name asked for; empty when none of the usual ones is there.
        field: String,
        /// What there is.
        fields: Vec<String>,
    },

    /// More than is read from a file that may be made to do harm.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// `the unpacked file`, `feature 3`.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },

    /// A file that belongs to the layer is missing: `.dbf` beside a `.shp`.
    #[error("`{file}` is missing")]
    MissingPart {
        /// The file.
        file: String,
    },

    /// The database inside a GeoPackage could not be read.
    #[error("cannot read the GeoPackage")]
    Store(#[from] StoreError),
}

impl LayerError {
    /// The end of the key of the sentence for people, `fault.layers.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            LayerError::Read { .. } => "read",
            LayerError::Write { .. } => "write",
            LayerError::UnknownFormat { .. } => "unknown_format",
            LayerError::Syntax { .. } => "syntax",
            LayerError::NotSupported { .. } => "not_supported",
            LayerError::NoCoordinateSystem => "no_coordinate_system",
            LayerError::UnknownSystem { .. } => "unknown_system",
            LayerError::SystemContradicts { .. } => "system_contradicts",
            LayerError::Coordinate { looks_like: Some(_), .. } => "coordinate_looks_like",
            LayerError::Coordinate { .. } => "coordinate",
            LayerError::SeveralLayers { .. } => "several_layers",
            LayerError::NoSuchLayer { .. } => "no_such_layer",
            LayerError::NoSuchField { .. } => "no_such_field",
            LayerError::TooLarge { .. } => "too_large",
            LayerError::MissingPart { .. } => "missing_part",
            LayerError::Store(_) => "store",
        }
    }

    /// What stands in that sentence.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            LayerError::Read { path, source } | LayerError::Write { path, source } => {
                vec![("path", path.display().to_string()), ("cause", source.to_string())]
            }
            LayerError::UnknownFormat { file } | LayerError::MissingPart { file } => {
                vec![("part", file.clone())]
            }
            LayerError::Syntax { format, place, problem } => vec![
                ("format", (*format).to_owned()),
                ("place", place.clone()),
                ("problem", problem.clone()),
            ],
            LayerError::NotSupported { format, place, what } => vec![
                ("format", (*format).to_owned()),
                ("place", place.clone()),
                ("what", what.clone()),
            ],
            LayerError::NoCoordinateSystem => Vec::new(),
            LayerError::UnknownSystem { found } => vec![("found", found.clone())],
            LayerError::SystemContradicts { given, found } => {
                vec![("given", given.to_string()), ("found", found.to_string())]
            }
            LayerError::Coordinate { feature, x, y, epsg, looks_like } => vec![
                ("feature", feature.to_string()),
                ("x", x.to_string()),
                ("y", y.to_string()),
                ("epsg", epsg.to_string()),
                ("looks_like", looks_like.map(|epsg| epsg.to_string()).unwrap_or_default()),
            ],
            LayerError::SeveralLayers { layers } => vec![("layers", layers.join(", "))],
            LayerError::NoSuchLayer { layer, layers } => {
                vec![("layer", layer.clone()), ("layers", layers.join(", "))]
            }
            LayerError::NoSuchField { field, fields } => {
                vec![("field", field.clone()), ("fields", fields.join(", "))]
            }
            LayerError::TooLarge { what, limit } => {
                vec![("what", what.clone()), ("limit", limit.clone())]
            }
            LayerError::Store(source) => vec![("cause", chain(source))],
        }
    }

    /// Whether the file is to blame, rather than the machine.
    pub fn is_callers(&self) -> bool {
        !matches!(self, LayerError::Write { .. })
    }

    /// A fault of the bytes.
    pub(crate) fn syntax(
        format: &'static str,
        place: impl Into<String>,
        problem: impl ToString,
    ) -> LayerError {
        LayerError::Syntax { format, place: place.into(), problem: problem.to_string() }
    }

    /// What the file system said of `path`.
    pub(crate) fn read(path: &std::path::Path) -> impl FnOnce(io::Error) -> LayerError {
        let path = path.to_owned();
        move |source| LayerError::Read { path, source }
    }

    /// What the file system said of `path`, to be written.
    pub(crate) fn write(path: &std::path::Path) -> impl FnOnce(io::Error) -> LayerError {
        let path = path.to_owned();
        move |source| LayerError::Write { path, source }
    }
}

/// An error with its causes; each layer says only its own.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}
