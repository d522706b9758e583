//! Where answers go: the screen, or a file that is whole or absent.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use evidence::{Language, Texts};

use crate::failure::Failure;

/// Where an answer goes, and in which words a failure is told.
#[derive(Clone, Copy)]
pub struct Output<'a> {
    /// File to write; the screen when absent.
    pub file: Option<&'a Path>,
    /// Product texts.
    pub texts: &'a Texts,
    /// Language of the reader.
    pub language: Language,
}

impl Output<'_> {
    /// Writes text.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes that a terminal can show, in whatever encoding they are.
    pub fn raw(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.bytes(bytes)
    }

    /// Writes bytes that a terminal cannot show: only to a file or a pipe.
    pub fn binary(&self, bytes: &[u8]) -> Result<(), Failure> {
        if self.file.is_none() && std::io::stdout().is_terminal() {
            return Err(Failure::usage(self.texts.say(self.language, "usage.binary", &[])));
        }
        self.bytes(bytes)
    }

    fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self.file {
            Some(path) => self.whole_file(path, bytes),
            None => {
                match std::io::stdout().write_all(bytes).and_then(|()| std::io::stdout().flush()) {
                    Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                        Err(Failure::internal(self.texts.say(
                            self.language,
                            "failure.screen",
                            &[("cause", &error.to_string())],
                        )))
                    }
                    // The reader has seen enough (`| head`).
                    _ => Ok(()),
                }
            }
        }
    }

    /// Writes what `work` makes, as it is made; a file is there when all of it is, and not before.
    pub fn stream<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<Result<T, E>, Failure> {
        let Some(path) = self.file else {
            return Ok(work(&mut std::io::stdout().lock()));
        };
        let mut done = None;
        self.beside(path, |file| {
            let made = work(file);
            let is_whole = made.is_ok();
            done = Some(made);
            Ok(is_whole)
        })?;
        done.ok_or_else(|| Failure::internal(String::new()))
    }

    /// Writes beside the file and renames, so that no partial file is ever seen.
    fn whole_file(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.beside(path, |file| file.write_all(bytes).map(|()| true))
    }

    /// Makes a file beside `path`, and gives it that name when `fill` says that it is whole.
    fn beside(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut dyn Write) -> std::io::Result<bool>,
    ) -> Result<(), Failure> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let shown = path.display().to_string();
        let say = |key: &str, cause: &str| {
            self.texts.say(self.language, key, &[("file", &shown), ("cause", cause)])
        };
        if !folder.is_dir() {
            return Err(Failure::usage(say("failure.no_folder", "")));
        }
        if path.is_dir() {
            return Err(Failure::usage(say("failure.is_folder", "")));
        }
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            if !fill(&mut file)? {
                return Ok(());
            }
            file.as_file().sync_all()?;
            set_usual_permissions(file.path())?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| Failure::internal(say("failure.file", &error.to_string())))
    }
}

/// Temporary files are private; what a user asked for is not.
#[cfg(unix)]
pub fn set_usual_permissions(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub fn set_usual_permissions(_: &Path) -> std::io::Result<()> {
    Ok(())
}
