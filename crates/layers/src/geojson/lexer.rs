//! JSON cut into values without reading it whole.
//!
//! A file of features is one JSON value that may be larger than memory. Only its outline is
//! walked here, byte by byte; each feature is handed on as bytes and read by `serde_json`.

use std::io::BufRead;

use super::refuse;
use crate::LayerError;

/// Largest feature, and largest value beside the features.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Deepest nesting; what `serde_json` reads too.
const DEEPEST: usize = 120;

/// Walks the outline of a JSON text.
pub(super) struct Lexer<R> {
    input: R,
    /// Bytes before the present place.
    at: u64,
}

/// What becomes of the bytes of a value.
pub(super) enum Keep<'keep> {
    /// They are appended here.
    Into(&'keep mut Vec<u8>),
    /// They are stepped over.
    Nothing,
}

impl<R: BufRead> Lexer<R> {
    pub(super) fn new(input: R) -> Lexer<R> {
        Lexer { input, at: 0 }
    }

    /// Steps over a byte order mark.
    pub(super) fn skip_mark(&mut self) -> Result<(), LayerError> {
        if self.buffer()?.starts_with(b"\xEF\xBB\xBF") {
            self.input.consume(3);
            self.at += 3;
        }
        Ok(())
    }

    fn buffer(&mut self) -> Result<&[u8], LayerError> {
        let at = self.at;
        self.input.fill_buf().map_err(|error| refuse(format!("byte {at}"), error))
    }

    /// The next byte that is no space, which stays; `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, LayerError> {
        loop {
            let buffer = self.buffer()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let spaces = buffer.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
            let found = buffer.get(spaces).copied();
            self.input.consume(spaces);
            self.at += spaces as u64;
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Takes the byte that must come next.
    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), LayerError> {
        match self.peek()? {
            Some(found) if found == wanted => {
                self.input.consume(1);
                self.at += 1;
                Ok(())
            }
            Some(found) => Err(self.fault(&format!(
                "`{}` was expected, and `{}` stands there",
                char::from(wanted),
                char::from(found)
            ))),
            None => Err(self.fault("the file is cut off")),
        }
    }

    /// Takes a comma, or the end of the list, which gives `false`.
    pub(super) fn more(&mut self, end: u8) -> Result<bool, LayerError> {
        match self.peek()? {
            Some(b',') => {
                self.expect(b',')?;
                Ok(true)
            }
            _ => {
                self.expect(end)?;
                Ok(false)
            }
        }
    }

    /// Takes a text, as the name of a member.
    pub(super) fn name(&mut self) -> Result<String, LayerError> {
        let mut bytes = Vec::new();
        self.value(Keep::Into(&mut bytes))?;
        serde_json::from_slice(&bytes).map_err(|error| self.fault(&error.to_string()))
    }

    /// Takes one value, whatever it is.
    pub(super) fn value(&mut self, mut keep: Keep<'_>) -> Result<(), LayerError> {
        if self.peek()?.is_none() {
            return Err(self.fault("the file is cut off"));
        }
        let mut state = State::default();
        let mut taken = 0_usize;
        loop {
            let buffer = self.buffer()?;
            if buffer.is_empty() {
                // A number may end with the file; nothing else may.
                let ends = state.depth == 0 && !state.in_text && taken > 0;
                return if ends { Ok(()) } else { Err(self.fault("the file is cut off")) };
            }
            let (length, ended) = state.advance(buffer);
            if let Keep::Into(bytes) = &mut keep {
                bytes.extend_from_slice(&buffer[..length]);
            }
            taken += length;
            self.input.consume(length);
            self.at += length as u64;
            if state.depth > DEEPEST {
                return Err(self.fault("it is nested too deep"));
            }
            if matches!(keep, Keep::Into(_)) && taken > MOST_BYTES {
                let limit = format!("{} MB", MOST_BYTES / 1_000_000);
                return Err(LayerError::TooLarge { what: "one feature".to_owned(), limit });
            }
            if ended {
                return Ok(());
            }
        }
    }

    fn fault(&self, problem: &str) -> LayerError {
        refuse(format!("byte {}", self.at), problem)
    }
}

/// How far into a value the walk has come.
#[derive(Default)]
struct State {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// Whether a bare word, `12` or `null`, has begun.
    in_word: bool,
}

impl State {
    /// Walks over `bytes`; gives how many belong to the value, and whether it has ended.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (at + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            if self.in_word && self.depth == 0 && b",]} \t\r\n:".contains(&byte) {
                return (at, true);
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return (at + 1, false);
                    }
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => self.in_word = true,
            }
        }
        (bytes.len(), false)
    }
}
