//! Where pack files come from: the binary itself, or a folder of the user's.

use std::path::PathBuf;

use crate::error::IndicatorError;

/// Paths and bytes of the packs, in order; `build.rs` writes them.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A folder of packs.
#[derive(Debug, Clone)]
pub enum PackFiles {
    /// The packs built into the binary.
    Embedded,
    /// A folder on disk, laid out as `packs/` is; what it lacks is read from the binary.
    Folder(PathBuf),
}

impl PackFiles {
    /// Returns the text of a file, by its path inside the packs folder.
    ///
    /// # Errors
    ///
    /// [`IndicatorError::NoFile`] when it is in neither place, or is not UTF-8.
    pub fn text(&self, path: &str) -> Result<String, IndicatorError> {
        let missing = || IndicatorError::NoFile { file: path.to_owned() };
        if let Self::Folder(folder) = self
            && let Ok(text) = std::fs::read_to_string(folder.join(path))
        {
            return Ok(text);
        }
        let found =
            EMBEDDED.binary_search_by_key(&path, |(name, _)| name).map_err(|_| missing())?;
        std::str::from_utf8(EMBEDDED[found].1).map(str::to_owned).map_err(|_| missing())
    }

    /// Lists the files below `folder` that end so, in order, each path once.
    pub fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let fits = |path: &str| path.starts_with(folder) && path.ends_with(ending);
        let embedded = EMBEDDED.iter().map(|(path, _)| (*path).to_owned());
        let mut paths: Vec<String> = embedded.filter(|path| fits(path)).collect();
        if let Self::Folder(root) = self {
            let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            paths.extend(names.map(|name| format!("{folder}{name}")).filter(|path| fits(path)));
        }
        paths.sort();
        paths.dedup();
        paths
    }
}
