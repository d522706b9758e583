use cube::CubeError;
use indicators::IndicatorError;
use store::StoreError;

/// Why a sync, a rebuild or a look into the archive cannot go on.
///
/// A table that does not fit is not an error: the others go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// `sources.toml` is not what it should be.
    #[error("`{file}` line {line}: {problem}")]
    Sources {
        /// Path inside the packs folder.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A pack file cannot be read.
    #[error("the pack cannot be used")]
    Pack(#[source] Box<IndicatorError>),
    /// The data folder cannot be read or written.
    #[error("the data folder cannot be used")]
    Store(#[source] Box<StoreError>),
    /// The budget or the archive failed under the client: a full disk, for example.
    #[error("nothing can be asked for")]
    Client(#[source] Box<pxweb::client::ClientError>),
    /// A file beside the archive cannot be written.
    #[error("cannot write in the data folder")]
    Write(#[source] std::io::Error),
    /// Municipalities came without a shape, or others cover them wholly.
    #[error("no boundary is left for: {}", codes.join(", "))]
    NoShape {
        /// Their codes.
        codes: Vec<String>,
    },
    /// Boundaries lie where their system does not reach.
    #[error("the boundaries are not in the system they are said to be in")]
    Coordinates(#[from] places::crs::CrsError),
    /// A source names a server that is not in the list.
    #[error("there is no server `{server}` in the list")]
    UnknownServer {
        /// The name.
        server: String,
    },
    /// An extract in the archive is not a cube: somebody changed the file.
    #[error("the extract `{extract}` cannot be read")]
    Extract {
        /// Name and version.
        extract: String,
        /// What is wrong with it.
        source: CubeError,
    },
    /// What is known of regions contradicts itself.
    #[error("what became of the regions is not known: {cause}")]
    Regions {
        /// In which way.
        cause: String,
    },
    /// Nothing in the archive has this name.
    #[error("nothing in the archive is called `{asked}`")]
    Unknown {
        /// What was asked for.
        asked: String,
    },
    /// More than one extract has this name.
    #[error("`{asked}` may be any of: {}", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// What it may be.
        candidates: Vec<String>,
    },
    /// Kartverket or Geonorge gave no usable answer.
    #[error("Geonorge gave no usable answer")]
    Geonorge(#[source] Box<geonorge::GeonorgeError>),
    /// A file cannot be read as a layer.
    #[error("the layer cannot be read")]
    Layer(#[source] Box<layers::LayerError>),
    /// A name that cannot be the name of a layer.
    #[error("`{name}` cannot name a layer: use letters, digits, `-` and `_`, at most 60")]
    LayerName {
        /// The name.
        name: String,
    },
    /// The user asked to stop; what has been fetched is kept.
    #[error("stopped; what has been fetched is kept")]
    Interrupted,
}

impl IngestError {
    pub(crate) fn sources(file: &str, line: usize, problem: impl Into<String>) -> IngestError {
        IngestError::Sources { file: file.to_owned(), line, problem: problem.into() }
    }
}

// Boxed by hand: an error of the engine is large, and most results are no error.
impl From<StoreError> for IngestError {
    fn from(error: StoreError) -> IngestError {
        IngestError::Store(Box::new(error))
    }
}

impl From<IndicatorError> for IngestError {
    fn from(error: IndicatorError) -> IngestError {
        IngestError::Pack(Box::new(error))
    }
}

impl From<geonorge::GeonorgeError> for IngestError {
    fn from(error: geonorge::GeonorgeError) -> IngestError {
        IngestError::Geonorge(Box::new(error))
    }
}
