//! Files that come in pieces, and are too large for memory.
//!
//! A file grows beside the bodies under the key of its question, its digest with it.
//! What has come survives the end of the process: beside it stands how its server tells
//! it from another file, and how much of it is surely on disk. It gets its name, and its
//! row, when it is whole; never before.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::answers::NewRow;
use super::{Archive, KeptAnswer, Question, RawAnswer, RawRequest, files, times};
use crate::StoreError;

/// A file that is not whole yet; whoever has it, has it alone.
pub struct GrowingFile {
    raw: PathBuf,
    part: PathBuf,
    beside: PathBuf,
    file: File,
    hasher: Sha256,
    length: u64,
    known: Known,
}

/// What stands beside a growing file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Known {
    url: String,
    validator: Option<String>,
    /// Bytes that are surely on disk.
    synced: u64,
}

/// The body of an answer as a file that can be read by its path.
///
/// A body that is kept packed is unpacked for as long as this lives.
#[derive(Debug)]
pub struct BlobFile {
    path: PathBuf,
    _unpacked: Option<tempfile::TempPath>,
}

impl BlobFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The least that is put on disk at once, so that a slow line does not wait for it.
const LEAST_SYNC: u64 = 64 << 10;
/// The most that a power cut takes away.
const MOST_SYNC: u64 = 4 << 20;

impl Archive {
    /// Goes on with a file, or begins it; `None` while another process or thread has it.
    ///
    /// What was fetched from another address is not gone on with.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`].
    pub fn grow(&self, question: &Question, url: &str) -> Result<Option<GrowingFile>, StoreError> {
        let raw = self.raw();
        let part = files::growing(&raw).join(format!("part-{}", question.key()));
        let open = || GrowingFile::open(raw, part.clone(), url);
        open().map_err(|source| StoreError::File { task: "fetch a file into", path: part, source })
    }

    /// Gives a whole file its name and keeps it as the answer to its question; `answer` has no body.
    ///
    /// # Errors
    ///
    /// As [`Archive::keep`].
    pub fn keep_file(
        &self,
        question: &Question,
        request: &RawRequest,
        answer: &RawAnswer,
        file: GrowingFile,
    ) -> Result<KeptAnswer, StoreError> {
        let received_at = match &answer.received_at {
            Some(text) => times::normal(text)?,
            None => times::now(),
        };
        let (part, bytes) = (file.part.clone(), file.length);
        let sha256 = file.place().map_err(|source| StoreError::File {
            task: "keep a file as",
            path: part,
            source,
        })?;
        let row =
            NewRow { question, request, answer, received_at: &received_at, sha256: &sha256, bytes };
        let id = self.put_row(&row)?;
        self.answer(id)?.ok_or(StoreError::NoSuchRow { what: "answer", id })
    }

    /// Path of the file of a body inside the data folder, `raw/ab/<sha256>.zst`.
    pub fn blob_name(&self, sha256: &str) -> PathBuf {
        let is_plain = files::plain_path(&self.raw(), sha256).is_file();
        let root = Path::new("raw");
        if is_plain { files::plain_path(root, sha256) } else { files::blob_path(root, sha256) }
    }

    /// The body with this digest as a file; only a piece of it is in memory at a time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Digest`], [`StoreError::File`] when it is missing or cannot be read, and
    /// [`StoreError::DamagedFile`] when its content is not what its name says.
    pub fn blob_file(&self, sha256: &str) -> Result<BlobFile, StoreError> {
        files::check_hex(sha256, 64..=64)?;
        let raw = self.raw();
        let plain = files::plain_path(&raw, sha256);
        let is_plain = plain.is_file();
        let path = if is_plain { plain } else { files::blob_path(&raw, sha256) };
        let unpack = || -> io::Result<(String, Option<tempfile::TempPath>)> {
            if is_plain {
                return Ok((files::digest_of_file(&path)?, None));
            }
            let mut unpacked = files::temporary(&raw)?;
            let mut reader = zstd::Decoder::new(File::open(&path)?)?;
            let mut sha256 = Sha256::new();
            files::copy(&mut reader, unpacked.as_file_mut(), &mut sha256)?;
            Ok((files::hex(&sha256.finalize()), Some(unpacked.into_temp_path())))
        };
        let (found, unpacked) = unpack().map_err(|source| StoreError::File {
            task: "read an answer from",
            path: path.clone(),
            source,
        })?;
        if found != sha256 {
            return Err(StoreError::DamagedFile { path, expected: sha256.to_owned(), found });
        }
        let path = unpacked.as_ref().map_or(path, |unpacked| unpacked.to_path_buf());
        Ok(BlobFile { path, _unpacked: unpacked })
    }
}

impl GrowingFile {
    fn open(raw: PathBuf, part: PathBuf, url: &str) -> io::Result<Option<GrowingFile>> {
        fs::create_dir_all(files::growing(&raw))?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&part)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Who had it before may have given it its name since it was opened.
        if !is_same(&file, &part)? {
            return Ok(None);
        }
        let beside = part.with_extension("json");
        let known = fs::read(&beside).ok();
        let known: Option<Known> = known.and_then(|text| serde_json::from_slice(&text).ok());
        let mut growing = GrowingFile {
            raw,
            part,
            beside,
            file,
            hasher: Sha256::new(),
            length: 0,
            known: known.filter(|known| known.url == url).unwrap_or_default(),
        };
        url.clone_into(&mut growing.known.url);
        growing.go_back()?;
        Ok(Some(growing))
    }

    /// Back to what is surely there; the digest is computed anew.
    fn go_back(&mut self) -> io::Result<()> {
        let here = self.file.metadata()?.len();
        if self.known.validator.is_none() || here < self.known.synced {
            self.known.synced = 0;
        }
        self.file.set_len(self.known.synced)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.hasher = Sha256::new();
        let mut piece = vec![0_u8; 64 << 10];
        loop {
            match self.file.read(&mut piece)? {
                0 => break,
                read => self.hasher.update(&piece[..read]),
            }
        }
        self.length = self.known.synced;
        Ok(())
    }

    /// Bytes that are here.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// How its server tells it from another file.
    pub fn validator(&self) -> Option<&str> {
        self.known.validator.as_deref()
    }

    /// Begins again at the first byte.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`].
    pub fn restart(&mut self, validator: Option<&str>) -> Result<(), StoreError> {
        self.known.validator = validator.map(str::to_owned);
        self.known.synced = 0;
        let mut restart = || {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.hasher = Sha256::new();
            self.length = 0;
            note(&self.beside, &self.known)
        };
        restart().map_err(|source| self.failed(source))
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`], as when the disk is full.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        let mut append = || {
            self.file.write_all(piece)?;
            self.hasher.update(piece);
            self.length += piece.len() as u64;
            // The longer the file, the rarer the wait for the disk.
            let step = (self.length / 8).clamp(LEAST_SYNC, MOST_SYNC);
            if self.length - self.known.synced < step {
                return Ok(());
            }
            self.file.sync_data()?;
            self.known.synced = self.length;
            note(&self.beside, &self.known)
        };
        append().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> StoreError {
        StoreError::File { task: "fetch a file into", path: self.part.clone(), source }
    }

    /// Onto the disk and under its name; returns the digest.
    fn place(self) -> io::Result<String> {
        self.file.sync_all()?;
        let sha256 = files::hex(&self.hasher.clone().finalize());
        let is_held = files::plain_path(&self.raw, &sha256).is_file()
            || files::blob_path(&self.raw, &sha256).is_file();
        match (is_held, self.is_packed()?) {
            (true, _) => fs::remove_file(&self.part)?,
            (false, true) => {
                let name = files::plain_name(&sha256);
                files::rename_into(&self.raw, &sha256[..2], &self.part, &name)?;
            }
            (false, false) => {
                let mut packed = files::temporary(&self.raw)?;
                let mut encoder = zstd::Encoder::new(packed.as_file_mut(), 3)?;
                let mut part = &self.file;
                part.seek(SeekFrom::Start(0))?;
                io::copy(&mut part, &mut encoder)?;
                encoder.finish()?;
                let name = files::blob_name(&sha256);
                files::persist_into(&self.raw, &sha256[..2], packed, &name)?;
                fs::remove_file(&self.part)?;
            }
        }
        // It says nothing any more; the archive takes away what is left.
        let _ = fs::remove_file(&self.beside);
        Ok(sha256)
    }

    /// Whether packing it again would only cost time: zip, gzip, zstd, 7z, Parquet.
    fn is_packed(&self) -> io::Result<bool> {
        const MARKS: [&[u8]; 5] =
            [b"PK\x03\x04", &[0x1f, 0x8b], &[0x28, 0xb5, 0x2f, 0xfd], b"7z\xbc\xaf", b"PAR1"];
        let mut start = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.take(8).read_to_end(&mut start)?;
        Ok(MARKS.iter().any(|mark| start.starts_with(mark)))
    }
}

impl std::fmt::Debug for GrowingFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "GrowingFile({}, {} bytes)", self.part.display(), self.length)
    }
}

/// Writes what is known beside the file; a reader sees the old or the new.
fn note(beside: &Path, known: &Known) -> io::Result<()> {
    let text = serde_json::to_vec(known).expect("texts and numbers always have a JSON form");
    let new = beside.with_extension("json.new");
    fs::write(&new, text)?;
    fs::rename(new, beside)
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let own = file.metadata()?;
    Ok(fs::metadata(path).is_ok_and(|other| (own.dev(), own.ino()) == (other.dev(), other.ino())))
}

#[cfg(not(unix))]
fn is_same(_file: &File, path: &Path) -> io::Result<bool> {
    // An open file cannot be renamed here.
    Ok(path.exists())
}
