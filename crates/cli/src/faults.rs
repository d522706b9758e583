//! What cubes, queries and servers refuse, in the reader's words.
//!
//! The libraries name the sentence and what stands in it; the sentences are in
//! `packs/texts/<language>/cli.json` under `fault.cube`, `fault.layers`,
//! `fault.pxweb` and `fault.paste`. One whose `near` is empty is told by `<key>_alone`.

use cube::CubeError;
use geonorge::GeonorgeError;
use layers::LayerError;
use pxweb::client::ClientError;
use pxweb::{Fault, FaultKind};
use store::StoreError;

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

    /// Words why a file is no layer; `what` is the file or layer.
    pub fn layer_fault(&self, what: &str, error: &LayerError) -> Failure {
        let mut places = error.places();
        places.push(("file", what.to_owned()));
        let sentence = self.fault("layers", error.key(), &places);
        if error.is_callers() { Failure::usage(sentence) } else { Failure::internal(sentence) }
    }

    /// Words a fault of the data folder.
    pub fn store_fault(&self, error: &StoreError) -> Failure {
        Failure::internal(self.say("store.fault", &[("cause", &chain(error))]))
    }

    /// Words why a question to `host` has no answer; `what` is the table concerned.
    pub fn client_fault(&self, what: &str, host: &str, error: &ClientError) -> Failure {
        if let ClientError::Fault(fault) = error {
            return self.px_fault(what, fault);
        }
        if let Some(kind) = error.fault_kind() {
            return self.px_fault(what, &Fault::new(kind));
        }
        let mut places = error.places();
        places.push(("host", host.to_owned()));
        let sentence = self.fault("client", error.key(), &places);
        match error {
            ClientError::Refused { .. } | ClientError::NoSuchInterface { .. } => {
                Failure::usage(sentence)
            }
            _ => Failure::internal(sentence),
        }
    }

    /// Words why Kartverket or Geonorge gave no usable answer.
    pub fn geonorge_fault(&self, error: &GeonorgeError) -> Failure {
        if let GeonorgeError::Client(error) = error {
            return self.client_fault("", "Geonorge", &error.clone().into());
        }
        let sentence = self.fault("geonorge", error.key(), &error.places());
        match error {
            GeonorgeError::Question { .. } => Failure::usage(sentence),
            _ => Failure::internal(sentence),
        }
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

/// An error with its causes; each layer says only its own.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}
