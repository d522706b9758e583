/// Why a layer could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// The file does not say in which coordinate system it is.
    #[error("the file names no coordinate system")]
    NoCoordinateSystem,
}
