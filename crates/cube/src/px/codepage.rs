//! In which letters the file is written.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::CubeError;

/// How many lines are looked through for `CODEPAGE`, as the reference reader does.
const LINES: usize = 100;

/// The encoding, and the bytes without a byte order mark.
///
/// A byte order mark wins over `CODEPAGE`, and so does text that is not ASCII yet valid UTF-8:
/// a Latin-1 file that an editor saved anew keeps its `CODEPAGE`, while no Latin-1 text
/// happens to be UTF-8. Without `CODEPAGE` a file that is not UTF-8 is taken for Windows-1252.
pub(super) fn of(bytes: &[u8]) -> Result<(&'static Encoding, &[u8]), CubeError> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        if encoding != UTF_8 {
            let problem = format!("the file is {}; only one-byte codes and UTF-8", encoding.name());
            return Err(super::fault("line 1", problem));
        }
        return Ok((UTF_8, &bytes[length..]));
    }
    let header = header(bytes);
    let named = match named(header) {
        None => None,
        Some((name, line)) => Some(by_name(name).ok_or_else(|| {
            let place = format!("keyword CODEPAGE, line {line}");
            let name = String::from_utf8_lossy(name);
            super::fault(place, format!("there is no code page `{name}`"))
        })?),
    };
    let is_utf8 = !header.is_ascii() && std::str::from_utf8(header).is_ok();
    match (named, is_utf8) {
        (_, true) => Ok((UTF_8, bytes)),
        (Some(encoding), false) => Ok((encoding, bytes)),
        (None, false) => Ok((WINDOWS_1252, bytes)),
    }
}

/// What comes before the numbers; all of the file where that is not found.
fn header(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .windows(6)
        .position(|window| matches!(window, [b'\n', b'D', b'A', b'T', b'A', b'=']))
        .unwrap_or(bytes.len());
    &bytes[..end]
}

fn named(header: &[u8]) -> Option<(&[u8], usize)> {
    for (line, text) in header.split(|byte| *byte == b'\n').enumerate().take(LINES) {
        let text = text.trim_ascii_start();
        if !text.get(..8).is_some_and(|word| word.eq_ignore_ascii_case(b"CODEPAGE")) {
            continue;
        }
        let text = &text[8..];
        let begin = text.iter().position(|byte| *byte == b'"')? + 1;
        let length = text[begin..].iter().position(|byte| *byte == b'"')?;
        return Some((&text[begin..begin + length], line + 1));
    }
    None
}

fn by_name(name: &[u8]) -> Option<&'static Encoding> {
    let lower = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
    let digits = lower.trim_start_matches("windows-").trim_start_matches("cp");
    match digits {
        "ansi" | "1252" => Some(WINDOWS_1252),
        "65001" => Some(UTF_8),
        _ => Encoding::for_label(lower.as_bytes()).filter(|one| one.is_ascii_compatible()),
    }
}
