//! Paste anything: what people have at hand becomes a query that runs.

use crate::selection::Selection;

/// What was understood, and what had to be repaired.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pasted {
    /// Base address or name of the server, where it was said.
    pub server: Option<String>,
    /// Table id; `None` when only a saved query is known.
    pub table: Option<String>,
    /// Id of a saved query.
    pub saved_query: Option<String>,
    /// Language, where it was said.
    pub language: Option<String>,
    /// What is selected.
    pub selection: Selection,
    /// Output format, where it was said.
    pub format: Option<String>,
    /// One per repair, to be said aloud.
    pub repairs: Vec<Repair>,
}

/// Something that would have been refused, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Name of the sentence: `fault.paste.<key>`.
    pub key: &'static str,
    /// What the sentence names.
    pub places: Vec<(&'static str, String)>,
}

impl Repair {
    /// A repair that names a variable.
    pub(crate) fn about(key: &'static str, variable: &str) -> Repair {
        Repair { key, places: vec![("variable", variable.to_owned())] }
    }
}

/// Why a pasted text is not a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a PxWeb address, query or saved query: {problem}")]
pub struct PasteError {
    /// Name of the sentence.
    pub key: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// Understands an address (data, metadata or web page), a version-0 body, a version-2 body or a
/// saved query's id.
///
/// # Errors
///
/// The text is none of these.
pub fn understand(text: &str) -> Result<Pasted, PasteError> {
    let _ = text;
    todo!()
}
