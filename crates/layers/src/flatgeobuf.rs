use std::path::Path;

use crate::LayerError;
use crate::reader::Found;

pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    Err(LayerError::UnknownFormat { file: path.display().to_string() })
}
