//! What the mirror serves: the extracts of the archive, or a folder of files.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cube::{Cube, CubeError};
use pxweb::CodeList;
use pxweb::mirror::{Entry, Shelf, Shelved};
use store::archive::{Archive, Version};

use crate::IngestError;
use crate::geography::is_layer;

/// Cells of decoded cubes that are kept ready: about 200 MB.
const READY_CELLS: usize = 20_000_000;

/// Reads the cube of a version.
pub(crate) fn read_extract(archive: &Archive, version: &Version) -> Result<Cube, IngestError> {
    let bytes = archive.extract_bytes(version)?;
    cube::columns::from_parquet(&bytes).map_err(|source| IngestError::Extract {
        extract: format!("{}@{}", version.extract, version.version),
        source,
    })
}

/// Every extract of the archive, each as a table.
///
/// A table with one extract has its own id, `07459`; where there are several, the one that
/// was named first in the archive has it, and each can be asked for by its whole name.
pub struct ArchiveShelf {
    archive: Arc<Archive>,
    ready: Mutex<Ready>,
    entries: Mutex<HashMap<(String, String), Entry>>,
}

/// Decoded cubes, the one used last at the end.
#[derive(Default)]
struct Ready {
    tables: HashMap<String, Arc<Shelved>>,
    order: VecDeque<String>,
    cells: usize,
}

impl Ready {
    fn find(&mut self, key: &str) -> Option<Arc<Shelved>> {
        let found = self.tables.get(key)?.clone();
        self.order.retain(|held| held != key);
        self.order.push_back(key.to_owned());
        Some(found)
    }

    fn put(&mut self, key: String, table: Arc<Shelved>) {
        self.cells += table.cube.cells();
        if let Some(before) = self.tables.insert(key.clone(), table) {
            self.cells -= before.cube.cells();
        }
        self.order.retain(|held| *held != key);
        self.order.push_back(key);
        while self.cells > READY_CELLS && self.order.len() > 1 {
            let oldest = self.order.pop_front().and_then(|key| self.tables.remove(&key));
            self.cells -= oldest.map_or(0, |table| table.cube.cells());
        }
    }
}

impl ArchiveShelf {
    /// Serves an archive; new versions are seen as they are published.
    pub fn new(archive: Arc<Archive>) -> ArchiveShelf {
        ArchiveShelf { archive, ready: Mutex::default(), entries: Mutex::default() }
    }

    /// Current versions by the id under which each is served, in a language.
    fn versions(&self, language: &str) -> BTreeMap<String, Version> {
        let mut versions = BTreeMap::new();
        for extract in self.archive.extracts().unwrap_or_default() {
            // A layer is no cube.
            if is_layer(&extract) {
                continue;
            }
            let Ok(Some(version)) = self.archive.current(&extract) else { continue };
            if version.info.language != language {
                continue;
            }
            let table = version.info.table.clone();
            let id = if versions.contains_key(&table) { extract } else { table };
            versions.insert(id, version);
        }
        versions
    }

    /// What the catalogue says of a version, which never changes.
    fn entry(&self, id: &str, version: &Version) -> Option<Entry> {
        let key = (id.to_owned(), version.sha256.clone());
        let entries = || self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries().get(&key) {
            return Some(entry.clone());
        }
        let entry = self.open(id, version)?.entry();
        entries().insert(key, entry.clone());
        Some(entry)
    }

    fn open(&self, id: &str, version: &Version) -> Option<Arc<Shelved>> {
        let key = format!("{id}@{}@{}", version.info.language, version.sha256);
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = ready.find(&key) {
            return Some(table);
        }
        let cube = read_extract(&self.archive, version).ok()?;
        let table = Arc::new(Shelved::new(id, cube).ok()?);
        ready.put(key, table.clone());
        Some(table)
    }
}

impl Shelf for ArchiveShelf {
    fn catalogue(&self, language: &str) -> Vec<Entry> {
        let versions = self.versions(language);
        versions.iter().filter_map(|(id, version)| self.entry(id, version)).collect()
    }

    fn table(&self, id: &str, language: &str) -> Option<Arc<Shelved>> {
        let versions = self.versions(language);
        if let Some(version) = versions.get(id) {
            return self.open(id, version);
        }
        let version = versions.values().find(|version| version.extract == id)?;
        self.open(id, version)
    }

    fn code_list(&self, _id: &str, _language: &str) -> Option<CodeList> {
        // An extract has its codes already; the lists it was seen through are the agency's.
        None
    }

    fn search(&self, query: &str, language: &str) -> Option<Vec<String>> {
        let versions = self.versions(language);
        let hits = self.archive.search(None, language, query, 1_000).ok()?;
        let ids: Vec<String> = hits
            .into_iter()
            .map(|hit| hit.entry.id)
            .filter(|id| versions.contains_key(id))
            .collect();
        // Nothing found may mean that nobody has fetched the catalogue: search the titles plainly.
        (!ids.is_empty()).then_some(ids)
    }
}

/// A folder of PX and JSON-stat files, read once.
pub struct FolderShelf {
    tables: BTreeMap<(String, String), Arc<Shelved>>,
    /// Files that are not served, each with the reason.
    pub faults: Vec<(PathBuf, FileFault)>,
}

/// Why a file is not served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// It cannot be read from the disk.
    #[error("cannot be read")]
    Read(#[from] std::io::Error),
    /// It is not a cube.
    #[error("is not a cube")]
    Cube(#[from] CubeError),
    /// Another file has the same table id in the same language.
    #[error("has the same table id as `{}`", other.display())]
    Twice {
        /// The file that is served.
        other: PathBuf,
    },
}

impl FolderShelf {
    /// Reads all files of a folder and the folders in it, by name.
    ///
    /// A file without a language is served in `language`.
    ///
    /// # Errors
    ///
    /// The folder cannot be read; what is wrong with single files is listed in `faults`.
    pub fn open(folder: &Path, language: &str) -> Result<FolderShelf, std::io::Error> {
        let mut files = Vec::new();
        list(folder, &mut files)?;
        files.sort();
        let mut shelf = FolderShelf { tables: BTreeMap::new(), faults: Vec::new() };
        let mut origin: HashMap<(String, String), PathBuf> = HashMap::new();
        for file in files {
            match read_file(&file, language) {
                Err(fault) => shelf.faults.push((file, fault)),
                Ok((key, table)) => {
                    if let Some(other) = origin.get(&key) {
                        let fault = FileFault::Twice { other: other.clone() };
                        shelf.faults.push((file, fault));
                    } else {
                        origin.insert(key.clone(), file);
                        shelf.tables.insert(key, Arc::new(table));
                    }
                }
            }
        }
        Ok(shelf)
    }

    /// Languages that occur, each once.
    pub fn languages(&self) -> Vec<String> {
        let mut languages: Vec<String> =
            self.tables.keys().map(|(_, language)| language.clone()).collect();
        languages.sort();
        languages.dedup();
        languages
    }

    /// How many tables are served.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    /// Whether nothing is served.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

impl Shelf for FolderShelf {
    fn catalogue(&self, language: &str) -> Vec<Entry> {
        let of_language = self.tables.iter().filter(|((_, held), _)| held == language);
        of_language.map(|(_, table)| table.entry()).collect()
    }

    fn table(&self, id: &str, language: &str) -> Option<Arc<Shelved>> {
        self.tables.get(&(id.to_owned(), language.to_owned())).cloned()
    }

    fn code_list(&self, id: &str, language: &str) -> Option<CodeList> {
        let of_language = self.tables.iter().filter(|((_, held), _)| held == language);
        of_language
            .map(|(_, table)| table)
            .find_map(|table| table.table.code_lists.get(id).cloned())
    }

    fn search(&self, _query: &str, _language: &str) -> Option<Vec<String>> {
        None
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), std::io::Error> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        if path.is_dir() {
            list(&path, files)?;
        } else if matches!(ending.as_deref(), Some("px" | "json")) {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(path: &Path, language: &str) -> Result<((String, String), Shelved), FileFault> {
    let bytes = std::fs::read(path)?;
    let is_px = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("px"));
    let cube = if is_px { cube::px::read(&bytes)? } else { cube::jsonstat::read(&bytes)? };
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("table");
    let px = |member: &str| {
        let value = cube.extension.get("px")?.get(member)?.as_str()?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    let id = px("tableid").or_else(|| px("matrix")).unwrap_or_else(|| stem.to_owned());
    let language = px("language").unwrap_or_else(|| language.to_owned());
    let table = Shelved::new(&id, cube)?;
    Ok(((id, language), table))
}
