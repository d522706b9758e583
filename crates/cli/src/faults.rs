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
        let mut places = fault.places();
        places.push(("what", what.to_owned()));
        self.fault("pxweb", fault.key(), &places)
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
