//! The built binary, run and read back.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// Returns the built binary, which stands beside the test's own folder.
///
/// `GRUNNLAG_BIN` names another one.
///
/// # Panics
///
/// Panics when there is none: the tests do not build it.
pub fn grunnlag() -> PathBuf {
    if let Some(given) = std::env::var_os("GRUNNLAG_BIN") {
        return given.into();
    }
    // A test stands in `target/<profile>/deps`, a program in `target/<profile>`.
    let own = std::env::current_exe().expect("a running program has a path");
    let name = format!("grunnlag{}", std::env::consts::EXE_SUFFIX);
    let found = own.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    found.into_iter().find(|program| program.is_file()).unwrap_or_else(|| {
        panic!("there is no `grunnlag` beside {}; run `cargo build` first", own.display())
    })
}

/// What a command left behind.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output, byte for byte.
    pub bytes: Vec<u8>,
    /// Standard output as text.
    pub stdout: String,
    /// Standard error as text.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            bytes: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// As a reader sees it: exit code, then both streams where they hold anything.
///
/// What changes with every new snapshot or machine is replaced by a word in
/// brackets, and lines keep no spaces at their ends.
impl fmt::Display for Ran {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(formatter, "exit {code}")?,
            None => write!(formatter, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(formatter, "\n--- {name} ---\n{}", redact(text))?;
            }
        }
        Ok(())
    }
}

/// Runs the binary with `args`.
pub fn run<A: AsRef<OsStr>>(args: &[A]) -> Ran {
    run_in(Path::new("."), args)
}

/// Keeps what the machine has set away from a test: tokens, data folders, proxies.
///
/// The data folder is one that does not exist and cannot be made, so that no test reads a
/// developer's own, nor leaves one behind.
pub(crate) fn isolate(command: &mut Command) -> &mut Command {
    for name in ["GRUNNLAG_TOKEN", "GRUNNLAG_PROXY", "GRUNNLAG_CA_FILE"] {
        command.env_remove(name);
    }
    let absent = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml/data");
    command.env("GRUNNLAG_DATA", absent).env("NO_PROXY", "127.0.0.1,localhost")
}

/// Runs the binary with `args` in a folder.
pub fn run_in<A: AsRef<OsStr>>(folder: &Path, args: &[A]) -> Ran {
    let mut command = Command::new(grunnlag());
    command.args(args).current_dir(folder).stdin(Stdio::null());
    isolate(&mut command).output().expect("the built binary can be started").into()
}

/// Runs a line of POSIX shell, in which `$grunnlag` is the binary.
pub fn shell(folder: &Path, line: &str) -> Ran {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).current_dir(folder).stdin(Stdio::null());
    command.env("grunnlag", grunnlag());
    isolate(&mut command).output().expect("a POSIX shell is installed").into()
}

/// Replaces what belongs to one snapshot or one machine.
fn redact(text: &str) -> String {
    static SEAL: OnceLock<Option<(String, String)>> = OnceLock::new();
    let known = SEAL.get_or_init(|| {
        let said = run(&["snapshot", "info", "--format", "json"]).stdout;
        let field = |name: &str| {
            let rest = said.split_once(&format!("\"{name}\": \""))?.1;
            rest.split('"').next().map(str::to_owned)
        };
        let seal = field("seal").or_else(|| field("checksum"))?;
        Some((seal, field("created")?))
    });
    let mut text = text.to_owned();
    if let Some((seal, created)) = known {
        for (found, word) in [(seal.as_str(), "[seal]"), (&seal[..12], "[snapshot]")] {
            text = text.replace(found, word);
        }
        text = text.replace(created, "[created]");
    }
    for ending in [" dager siden)", " days ago)"] {
        text = without_number_before(&text, ending);
    }
    // A file of the test's own, wherever the system keeps temporary files.
    let temporary = std::env::temp_dir().join(".tmp");
    if let Some(prefix) = temporary.to_str() {
        text = without_folders(&text, prefix);
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// Replaces `(N<ending>` by `([n]<ending>`: an age grows every day.
fn without_number_before(text: &str, ending: &str) -> String {
    match text.split_once(ending) {
        Some((before, after)) => {
            let kept = before.trim_end_matches(|sign: char| sign.is_ascii_digit());
            format!("{kept}[n]{ending}{after}")
        }
        None => text.to_owned(),
    }
}

/// Replaces `<prefix>XXXXXX` by `[folder]`, wherever it stands.
fn without_folders(text: &str, prefix: &str) -> String {
    let mut parts = text.split(prefix);
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(part.len());
        clean.push_str("[folder]");
        clean.push_str(&part[end..]);
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_machine_do_not_reach_a_snapshot() {
        let text = "no /t/.tmpAb12/mine.toml, nor /t/.tmpZz";
        assert_eq!(without_folders(text, "/t/.tmp"), "no [folder]/mine.toml, nor [folder]");
    }
}
