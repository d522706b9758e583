//! Paste anything: what people have at hand becomes a query that runs.
//!
//! Nothing is asked here. What can be repaired without knowing the table is
//! repaired by [`understand`], the rest by [`Pasted::complete`]; every repair is
//! said. What is neither right nor repairable is left as it was, so that
//! [`Selection::evaluate`] refuses it with the nearest codes.

mod body;
mod command;
mod complete;
mod repair;
mod url;

use crate::Servers;
use crate::selection::Selection;

/// What was understood, and what had to be repaired.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pasted {
    /// Name of a known server, or the base address of another.
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
    /// Parameters of the format, where they were said.
    pub format_parameters: Vec<String>,
    /// Whose rules hold for what is left unsaid.
    pub origin: Origin,
    /// One per repair, to be said aloud.
    pub repairs: Vec<Repair>,
}

/// Whose rules hold for what is left unsaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Version 2: a variable that may not be left out must be named.
    #[default]
    Version2,
    /// The old interface: a variable that may not be left out is selected whole.
    Version0,
    /// Nothing is selected: a table's id, page or metadata.
    Table,
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

    /// A repair that names what stood there and what was made of it.
    pub(crate) fn changed(key: &'static str, from: &str, to: &str) -> Repair {
        Repair { key, places: vec![("from", from.to_owned()), ("to", to.to_owned())] }
    }
}

/// Why a pasted text is not a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a PxWeb address, query or saved query: {problem}")]
pub struct PasteError {
    /// Name of the sentence: `fault.paste.<key>`.
    pub key: &'static str,
    /// What is wrong.
    pub problem: String,
}

impl PasteError {
    fn new(key: &'static str, problem: impl Into<String>) -> PasteError {
        PasteError { key, problem: problem.into() }
    }
}

/// Understands an address (data, metadata or web page), a body of either version, an address
/// followed by a body, a `curl` command, a table's id or a saved query's id.
///
/// # Errors
///
/// The text is none of these.
pub fn understand(text: &str) -> Result<Pasted, PasteError> {
    let text = text.trim().trim_start_matches('\u{feff}').trim();
    let text = text.strip_prefix("GET ").or_else(|| text.strip_prefix("POST ")).unwrap_or(text);
    let text = unquoted(text.trim());
    if text.is_empty() {
        return Err(PasteError::new("empty", "nothing was pasted"));
    }
    if let Some(command) = command::read(text)? {
        return from_parts(&command.url, command.body.as_deref());
    }
    if text.starts_with('{') {
        return body::read(text);
    }
    match text.split_once(['\n', ' ', '{']) {
        Some((address, rest)) if is_address(address) && rest.contains(':') => {
            let start = text.find('{').unwrap_or(text.len());
            from_parts(address, text.get(start..).filter(|body| !body.is_empty()))
        }
        _ if is_address(text) => url::read(text),
        _ => from_id(text),
    }
}

fn from_parts(address: &str, body: Option<&str>) -> Result<Pasted, PasteError> {
    let mut pasted = url::read(address)?;
    if let Some(body) = body {
        let said = body::read(body)?;
        pasted.selection = said.selection;
        pasted.origin = said.origin;
        pasted.table = pasted.table.or(said.table);
        pasted.format = pasted.format.or(said.format);
        pasted.language = pasted.language.or(said.language);
        pasted.repairs.extend(said.repairs);
    }
    Ok(pasted)
}

/// `07459`, `TAB638`, or seven digits and more for a saved query.
fn from_id(text: &str) -> Result<Pasted, PasteError> {
    let is_word =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit || !text.chars().all(is_word) {
        let start: String = text.chars().take(40).collect();
        return Err(PasteError::new("unknown", format!("`{start}`")));
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let mut pasted = Pasted { origin: Origin::Table, ..Pasted::default() };
    match is_number && text.len() > 6 {
        true => pasted.saved_query = Some(text.to_owned()),
        // A spreadsheet has eaten the zeros in front.
        false if is_number && text.len() < 5 => {
            let table = format!("{text:0>5}");
            pasted.repairs.push(Repair::changed("zeros_in_front", text, &table));
            pasted.table = Some(table);
        }
        false => pasted.table = Some(text.to_owned()),
    }
    Ok(pasted)
}

fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let host = lower.split(['/', '?']).next().unwrap_or_default();
    let is_known =
        || Servers::known().all.iter().any(|server| server.hosts.iter().any(|one| one == host));
    lower.starts_with("http://") || lower.starts_with("https://") || is_known()
}

/// Without the quotes, brackets or backticks that a text is wrapped in.
fn unquoted(text: &str) -> &str {
    let pairs = [('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>'), ('“', '”'), ('«', '»')];
    let within = |(open, close): &(char, char)| {
        text.strip_prefix(*open)?.strip_suffix(*close).map(str::trim)
    };
    pairs.iter().find_map(within).unwrap_or(text)
}

#[cfg(test)]
mod tests;
