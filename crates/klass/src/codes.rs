//! What a code is.

use crate::history::Level;

/// Whether a code is of a region of Norway's division, not of something beside it.
pub fn is_region(code: &str) -> bool {
    let is_digits = code.bytes().all(|byte| byte.is_ascii_digit());
    is_digits && !["21", "22", "23", "99", "00"].contains(&code.get(..2).unwrap_or("00"))
}

/// The form of a code in which the history has it: a delområde without the `00` of Klass.
pub fn canonical(level: Level, code: &str) -> &str {
    match level {
        Level::Delomrade if code.len() == 8 => code.strip_suffix("00").unwrap_or(code),
        _ => code,
    }
}
