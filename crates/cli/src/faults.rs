//! What cubes, queries and servers refuse, in the reader's words.
//!
//! The libraries name the sentence and what stands in it; the sentences are in
//! `packs/texts/<language>/cli.json` under `fault.cube`, `fault.pxweb` and
//! `fault.paste`. One whose `near` is empty is told by `<key>_alone`.

use cube::CubeError;
use pxweb::{Fault, FaultKind};

use crate::commands::Session;
use crate::failure::Failure;

impl Session<'_> {
    /// Words a fault of a cube; `what` is the file or answer concerned.
    pub fn cube_fault(&self, what: &str, error: &CubeError) -> Failure {
        let mut places = error.places();
        places.push(("file", what.to_owned()));
        Failure::usage(self.fault("cube", error.key(), &places))
    }

    /// Words a refusal by a PxWeb server, or by us in its stead; `what` is the table or file.
    pub fn px_fault(&self, what: &str, fault: &Fault) -> Failure {
        let sentence = self.px_sentence(what, fault);
        match fault.kind {
            FaultKind::RateLimited | FaultKind::Unavailable => Failure::internal(sentence),
            _ => Failure::usage(sentence),
        }
    }

    /// A refusal as a sentence.
    pub fn px_sentence(&self, what: &str, fault: &Fault) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let places = [
            ("what", what.to_owned()),
            ("variable", text(&fault.variable)),
            ("code", text(&fault.code)),
            ("near", fault.near.join(", ")),
        ];
        self.fault("pxweb", key(fault.kind), &places)
    }

    /// The sentence `fault.<area>.<key>` with its places filled.
    pub fn fault(&self, area: &str, key: &str, places: &[(&'static str, String)]) -> String {
        let is_alone = places.iter().any(|(name, value)| *name == "near" && value.is_empty());
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let name = format!("fault.{area}.{key}");
        let alone = format!("{name}_alone");
        let said = if is_alone { self.say(&alone, &places) } else { alone.clone() };
        if said == alone { self.say(&name, &places) } else { said }
    }

    /// A file that cannot be read.
    pub fn unreadable(&self, file: &str, error: &std::io::Error) -> Failure {
        let places = [("file", file), ("cause", &error.to_string())];
        Failure::usage(self.say("usage.unreadable", &places))
    }

    /// An answer that does not fit its format.
    pub fn unwritable(&self, error: &dyn std::error::Error) -> Failure {
        Failure::internal(self.say("failure.format", &[("cause", &error.to_string())]))
    }
}

/// Name of the sentence of a refusal.
fn key(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::UnsupportedLanguage => "unsupported_language",
        FaultKind::NonExistentTable => "non_existent_table",
        FaultKind::NonExistentVariable => "non_existent_variable",
        FaultKind::NonExistentCodeList => "non_existent_code_list",
        FaultKind::NonExistentValue => "non_existent_value",
        FaultKind::MissingSelection => "missing_selection",
        FaultKind::IllegalExpression => "illegal_expression",
        FaultKind::TooManyCells => "too_many_cells",
        FaultKind::UnsupportedFormat => "unsupported_format",
        FaultKind::NonExistentPage => "non_existent_page",
        FaultKind::SavedQueryNotFound => "saved_query_not_found",
        FaultKind::DuplicateCode => "duplicate_code",
        FaultKind::UrlTooLong => "url_too_long",
        FaultKind::RateLimited => "rate_limited",
        FaultKind::Unavailable => "unavailable",
        FaultKind::UnknownPath => "unknown_path",
        _ => "validation",
    }
}
