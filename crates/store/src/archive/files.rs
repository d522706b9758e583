//! Files that are whole or absent.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::StoreError;

/// Where files grow before they get their name; on the same file system as their target.
const GROWING: &str = ".tmp";

/// Bytes that are copied at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// A file that has been growing for so long belongs to a process that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Puts a whole file at `root/folder/name` and onto the disk; `folder` is made when missing.
pub(super) fn place(root: &Path, folder: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    grow(root, bytes)?.settle(root, folder, name)
}

/// A file that is whole and on the disk, and has no name yet.
pub(super) struct Grown {
    file: tempfile::NamedTempFile,
    /// SHA-256 of its content, lower-case hex.
    pub(super) sha256: String,
    /// Length of its content.
    pub(super) bytes: u64,
}

/// Copies what `content` gives, never all at once, onto the disk.
pub(super) fn grow(root: &Path, mut content: impl Read) -> io::Result<Grown> {
    let mut file = temporary(root)?;
    let mut sha256 = Sha256::new();
    let bytes = copy(&mut content, &mut file, &mut sha256)?;
    file.as_file().sync_all()?;
    Ok(Grown { file, sha256: hex(&sha256.finalize()), bytes })
}

impl Grown {
    /// Gives the file its name; `folder` is made when missing.
    pub(super) fn settle(self, root: &Path, folder: &str, name: &str) -> io::Result<()> {
        let target = folder_in(root, folder)?;
        self.file.persist(target.join(name))?;
        sync_folder(&target)
    }
}

/// Where files grow.
pub(super) fn growing(root: &Path) -> PathBuf {
    root.join(GROWING)
}

/// A file that is gone when nobody gives it a name.
pub(super) fn temporary(root: &Path) -> io::Result<tempfile::NamedTempFile> {
    let growing = growing(root);
    fs::create_dir_all(&growing)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder.tempfile_in(&growing)
}

/// Gives a temporary file its name, on disk.
pub(super) fn persist_into(
    root: &Path,
    folder: &str,
    file: tempfile::NamedTempFile,
    name: &str,
) -> io::Result<()> {
    file.as_file().sync_all()?;
    let target = folder_in(root, folder)?;
    file.persist(target.join(name))?;
    sync_folder(&target)
}

/// Moves a whole file, which is on disk, to `root/folder/name`.
pub(super) fn rename_into(root: &Path, folder: &str, file: &Path, name: &str) -> io::Result<()> {
    let target = folder_in(root, folder)?;
    fs::rename(file, target.join(name))?;
    sync_folder(&target)
}

fn folder_in(root: &Path, folder: &str) -> io::Result<PathBuf> {
    let target = root.join(folder);
    if !target.is_dir() {
        fs::create_dir_all(&target)?;
        sync_folder(root)?;
    }
    Ok(target)
}

/// Copies all of `from` into `to` by pieces, and counts and digests it on the way.
pub(super) fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    sha256: &mut Sha256,
) -> io::Result<u64> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0;
    loop {
        let count = match from.read(&mut piece) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        sha256.update(&piece[..count]);
        to.write_all(&piece[..count])?;
        bytes += count as u64;
    }
}

/// Digest of a file that may be larger than memory.
pub(super) fn digest_of_file(path: &Path) -> io::Result<String> {
    let mut sha256 = Sha256::new();
    copy(&mut File::open(path)?, &mut io::sink(), &mut sha256)?;
    Ok(hex(&sha256.finalize()))
}

/// Removes what killed processes left behind; what cannot be removed does no harm.
pub(super) fn sweep(root: &Path) {
    let Ok(entries) = fs::read_dir(root.join(GROWING)) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = age.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Where the body with this digest is.
pub(super) fn blob_path(raw: &Path, sha256: &str) -> PathBuf {
    raw.join(&sha256[..2]).join(blob_name(sha256))
}

/// The name of the file of a body.
pub(super) fn blob_name(sha256: &str) -> String {
    format!("{sha256}.zst")
}

/// Where a body is that came packed already, as a zip.
pub(super) fn plain_path(raw: &Path, sha256: &str) -> PathBuf {
    raw.join(&sha256[..2]).join(plain_name(sha256))
}

/// The name of the file of a body that came packed already.
pub(super) fn plain_name(sha256: &str) -> String {
    format!("{sha256}.raw")
}

/// Refuses what is no beginning of a digest.
pub(super) fn check_hex(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<(), StoreError> {
    let hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if hex && length.contains(&text.len()) {
        return Ok(());
    }
    Err(StoreError::Digest { text: text.to_owned() })
}

/// SHA-256 in lower-case hex.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub(super) fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes that have the digest they should have.
pub(super) fn verified(path: &Path, bytes: Vec<u8>, expected: &str) -> Result<Vec<u8>, StoreError> {
    let found = digest(&bytes);
    if found == expected {
        return Ok(bytes);
    }
    Err(StoreError::DamagedFile { path: path.to_owned(), expected: expected.to_owned(), found })
}

/// Makes names in a folder last; only Unix has a way to ask for it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placed_file_leaves_nothing_else_behind() {
        let root = tempfile::tempdir().expect("a folder");
        place(root.path(), "ab", "name", b"content").expect("a file");
        assert_eq!(fs::read(root.path().join("ab/name")).expect("a file"), b"content");
        assert_eq!(fs::read_dir(root.path().join(GROWING)).expect("a folder").count(), 0);
    }

    #[test]
    fn only_old_leftovers_are_removed() {
        let root = tempfile::tempdir().expect("a folder");
        let growing = root.path().join(GROWING);
        fs::create_dir(&growing).expect("a folder");
        fs::write(growing.join("new"), "").expect("a file");
        let old = File::create(growing.join("old")).expect("a file");
        old.set_modified(SystemTime::now() - 2 * ABANDONED).expect("a time");
        sweep(root.path());
        assert!(growing.join("new").exists());
        assert!(!growing.join("old").exists());
    }
}
