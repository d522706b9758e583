//! Extracts: what was made of answers, in immutable versions.
//!
//! A version is named by its bytes. Publishing adds a row that says from when on
//! they were known; the same bytes again are only noted as seen. A version that
//! breaks its table's contract is kept for people to look at and is never current.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::answers::{from_json, length};
use super::{Archive, Published, Version, VersionInfo, files, times};
use crate::StoreError;

/// What is read of a publication; see [`version`].
const SELECT: &str = "SELECT id, extract, version, sha256, bytes, known_from, table_id, server,
    language, updated, query, answers, drift,
    (SELECT seen_at FROM sighting WHERE publication = publication.id ORDER BY id DESC LIMIT 1)
    FROM publication";

/// Digits of the digest that name a version.
const VERSION_DIGITS: usize = 12;

/// Longest name of an extract.
const LONGEST_NAME: usize = 120;

impl Archive {
    /// Adds the bytes of an extract as a version, unless they are those already known.
    ///
    /// An accepted version becomes the current one. One with a `drift` never does; publishing the
    /// same bytes with the same drift again is no change.
    ///
    /// # Errors
    ///
    /// [`StoreError::ExtractName`] when the name could leave its folder, [`StoreError::Time`] when
    /// `fetched_at` is not a time, [`StoreError::File`] when the file cannot be written (there is no
    /// row then), [`StoreError::DamagedFile`] when another file has its name, and
    /// [`StoreError::Archive`].
    pub fn publish(
        &self,
        extract: &str,
        parquet: &[u8],
        info: &VersionInfo,
    ) -> Result<Published, StoreError> {
        check_name(extract)?;
        let times = Times::of(info)?;
        let sha256 = files::digest(parquet);
        self.place_version(extract, &sha256, parquet)?;
        self.announce(extract, &sha256, parquet.len() as u64, (times, info))
    }

    /// As [`Archive::publish`], for an extract that may be larger than memory and stands in a file.
    ///
    /// The file is copied, piece by piece; it stays where it is.
    ///
    /// # Errors
    ///
    /// As [`Archive::publish`], and [`StoreError::File`] when `parquet` cannot be read.
    pub fn publish_file(
        &self,
        extract: &str,
        parquet: &Path,
        info: &VersionInfo,
    ) -> Result<Published, StoreError> {
        check_name(extract)?;
        let times = Times::of(info)?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::File { task: "publish an extract in", path, source }
        };
        let unread = |source| StoreError::File {
            task: "read an extract from",
            path: parquet.to_owned(),
            source,
        };
        let content = File::open(parquet).map_err(unread)?;
        let root = self.folder().join("extracts");
        let grown = files::grow(&root, content).map_err(failed(&root))?;
        let (sha256, bytes) = (grown.sha256.clone(), grown.bytes);
        let version = &sha256[..VERSION_DIGITS];
        let path = self.version_path(extract, version)?;
        match files::digest_of_file(&path) {
            Ok(found) if found == sha256 => {}
            Ok(found) => return Err(StoreError::DamagedFile { path, expected: sha256, found }),
            Err(_) => grown
                .settle(&root, extract, &format!("{version}.parquet"))
                .map_err(failed(&path))?,
        }
        self.announce(extract, &sha256, bytes, (times, info))
    }

    /// A path for a file that is to be published; what stays there is taken away in time.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`].
    pub fn draft(&self) -> Result<tempfile::TempPath, StoreError> {
        let root = self.folder().join("extracts");
        let draft = files::temporary(&root).map(tempfile::NamedTempFile::into_temp_path);
        draft.map_err(|source| StoreError::File { task: "write in", path: root, source })
    }

    /// Adds the row of a version whose file is on disk.
    fn announce(
        &self,
        extract: &str,
        sha256: &str,
        bytes: u64,
        (times, info): (Times, &VersionInfo),
    ) -> Result<Published, StoreError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let Times { known_from, known_ns } = times;
        let new = NewVersion { extract, sha256, bytes, known_from, known_ns, info };
        self.write("publish an extract", |rows| match new.standing(rows)? {
            Some(known) => {
                new.note_seen(rows, known.id)?;
                Ok(Published::Unchanged(by_id(rows, known.id)?))
            }
            None => {
                new.insert(rows)?;
                Ok(Published::New(by_id(rows, rows.last_insert_rowid())?))
            }
        })
    }

    /// All versions of an extract, oldest first, those with drift included.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn versions(&self, extract: &str) -> Result<Vec<Version>, StoreError> {
        self.read("list versions", |rows| {
            rows.prepare(&format!("{SELECT} WHERE extract = ?1 ORDER BY id"))?
                .query_map([extract], version)?
                .collect()
        })
    }

    /// The newest version without drift.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn current(&self, extract: &str) -> Result<Option<Version>, StoreError> {
        self.read("find a version", |rows| newest_accepted(rows, extract, i64::MAX))
    }

    /// The version that was current at a moment, as far as this archive knew then.
    ///
    /// `moment` is RFC 3339, or a date, which means its end in UTC.
    ///
    /// # Errors
    ///
    /// [`StoreError::Time`] when `moment` is neither, [`StoreError::Archive`].
    pub fn as_of(&self, extract: &str, moment: &str) -> Result<Option<Version>, StoreError> {
        let until = times::since_1970_ns(times::parse_or_end_of_day(moment)?);
        self.read("find a version", |rows| newest_accepted(rows, extract, until))
    }

    /// The Parquet bytes of a version.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedFile`] when they are not those that were published,
    /// [`StoreError::File`] when the file is missing or cannot be read.
    pub fn extract_bytes(&self, version: &Version) -> Result<Vec<u8>, StoreError> {
        let path = self.version_path(&version.extract, &version.version)?;
        match fs::read(&path) {
            Ok(bytes) => files::verified(&path, bytes, &version.sha256),
            Err(source) => Err(StoreError::File { task: "read an extract from", path, source }),
        }
    }

    /// Where the Parquet file of a version is, after its bytes were found to be those published.
    ///
    /// For a reader that goes through a large file by pieces.
    ///
    /// # Errors
    ///
    /// As [`Archive::extract_bytes`].
    pub fn extract_file(&self, version: &Version) -> Result<PathBuf, StoreError> {
        let path = self.version_path(&version.extract, &version.version)?;
        let expected = version.sha256.clone();
        match files::digest_of_file(&path) {
            Ok(found) if found == expected => Ok(path),
            Ok(found) => Err(StoreError::DamagedFile { path, expected, found }),
            Err(source) => Err(StoreError::File { task: "read an extract from", path, source }),
        }
    }

    /// Names of all extracts, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn extracts(&self) -> Result<Vec<String>, StoreError> {
        self.read("list extracts", |rows| {
            rows.prepare("SELECT DISTINCT extract FROM publication ORDER BY extract")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Where the Parquet file of a version is.
    ///
    /// # Errors
    ///
    /// [`StoreError::ExtractName`] when the name could leave its folder.
    pub fn version_path(&self, extract: &str, version: &str) -> Result<PathBuf, StoreError> {
        check_name(extract)?;
        check_name(version)?;
        Ok(self.folder().join("extracts").join(extract).join(format!("{version}.parquet")))
    }

    /// Puts the file of a version on disk, unless it is there.
    fn place_version(&self, extract: &str, sha256: &str, parquet: &[u8]) -> Result<(), StoreError> {
        let version = &sha256[..VERSION_DIGITS];
        let path = self.version_path(extract, version)?;
        if let Ok(present) = fs::read(&path) {
            return files::verified(&path, present, sha256).map(drop);
        }
        let root = self.folder().join("extracts");
        files::place(&root, extract, &format!("{version}.parquet"), parquet)
            .map_err(|source| StoreError::File { task: "publish an extract in", path, source })
    }
}

/// From when on a version is known.
struct Times {
    known_from: String,
    known_ns: i64,
}

impl Times {
    fn of(info: &VersionInfo) -> Result<Times, StoreError> {
        let known_ns = times::since_1970_ns(times::parse(&info.fetched_at)?);
        Ok(Times { known_from: times::normal(&info.fetched_at)?, known_ns })
    }
}

struct NewVersion<'publish> {
    extract: &'publish str,
    sha256: &'publish str,
    bytes: i64,
    known_from: String,
    known_ns: i64,
    info: &'publish VersionInfo,
}

impl NewVersion<'_> {
    /// The publication that already says the same, if nothing has been said since.
    fn standing(&self, rows: &Connection) -> rusqlite::Result<Option<Version>> {
        let newest = match &self.info.drift {
            None => newest_accepted(rows, self.extract, i64::MAX)?,
            Some(_) => rows
                .query_row(
                    &format!("{SELECT} WHERE extract = ?1 ORDER BY id DESC LIMIT 1"),
                    [self.extract],
                    version,
                )
                .optional()?,
        };
        Ok(newest
            .filter(|newest| newest.sha256 == self.sha256 && newest.info.drift == self.info.drift))
    }

    fn insert(&self, rows: &Transaction<'_>) -> rusqlite::Result<()> {
        rows.execute(
            "INSERT INTO publication (extract, version, sha256, bytes, known_from, known_ns,
                 table_id, server, language, updated, query, answers, drift)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.extract,
                &self.sha256[..VERSION_DIGITS],
                self.sha256,
                self.bytes,
                self.known_from,
                self.known_ns,
                self.info.table,
                self.info.server,
                self.info.language,
                self.info.updated,
                self.info.query,
                json(&self.info.answer_ids),
                self.info.drift,
            ],
        )?;
        Ok(())
    }

    fn note_seen(&self, rows: &Transaction<'_>, publication: i64) -> rusqlite::Result<()> {
        rows.execute(
            "INSERT INTO sighting (publication, seen_at, updated, answers) VALUES (?1, ?2, ?3, ?4)",
            params![publication, self.known_from, self.info.updated, json(&self.info.answer_ids)],
        )?;
        Ok(())
    }
}

fn newest_accepted(
    rows: &Connection,
    extract: &str,
    known_until_ns: i64,
) -> rusqlite::Result<Option<Version>> {
    let sql = format!(
        "{SELECT} WHERE extract = ?1 AND drift IS NULL AND known_ns <= ?2
         ORDER BY id DESC LIMIT 1"
    );
    rows.query_row(&sql, params![extract, known_until_ns], version).optional()
}

fn by_id(rows: &Connection, id: i64) -> rusqlite::Result<Version> {
    rows.query_row(&format!("{SELECT} WHERE id = ?1"), [id], version)
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    let known_from: String = row.get(5)?;
    let answers: String = row.get(11)?;
    let last_seen: Option<String> = row.get(13)?;
    Ok(Version {
        id: row.get(0)?,
        extract: row.get(1)?,
        version: row.get(2)?,
        sha256: row.get(3)?,
        bytes: length(row, 4)?,
        last_seen: last_seen.unwrap_or_else(|| known_from.clone()),
        info: VersionInfo {
            table: row.get(6)?,
            server: row.get(7)?,
            language: row.get(8)?,
            updated: row.get(9)?,
            query: row.get(10)?,
            answer_ids: from_json(11, &answers)?,
            fetched_at: known_from.clone(),
            drift: row.get(12)?,
        },
        known_from,
    })
}

fn json(ids: &[i64]) -> String {
    serde_json::to_string(ids).expect("numbers always have a JSON form")
}

/// Refuses a name that could mean another folder, on any system.
fn check_name(name: &str) -> Result<(), StoreError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fine = name.len() <= LONGEST_NAME
        && name.bytes().all(fits)
        && name.split('.').all(|part| !part.is_empty());
    if fine { Ok(()) } else { Err(StoreError::ExtractName { name: name.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for fine in ["ssb.07459.no.population", "scb.TAB638.en.x", "a", "a-b_c.1"] {
            assert!(check_name(fine).is_ok(), "{fine}");
        }
        let long = "a".repeat(121);
        for wrong in ["", ".", "..", ".tmp", "a..b", "a.", "a/b", "a\\b", "/a", "a b", "å", &long]
        {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
