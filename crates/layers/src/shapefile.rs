use std::path::{Path, PathBuf};

use crate::LayerError;
use crate::reader::Found;

pub(crate) fn main_file(path: &Path) -> PathBuf {
    path.to_owned()
}

pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    Err(LayerError::UnknownFormat { file: path.display().to_string() })
}
