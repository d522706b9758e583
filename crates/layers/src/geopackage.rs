use std::path::Path;

use crate::LayerError;
use crate::reader::Found;

pub(crate) fn open(path: &Path, layer: Option<&str>) -> Result<Found, LayerError> {
    let _ = layer;
    Err(LayerError::UnknownFormat { file: path.display().to_string() })
}
