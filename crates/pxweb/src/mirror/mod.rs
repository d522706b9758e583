//! The server's side, without a network: a request in, an answer out.
//!
//! Version 2 under `/pxwebapi/v2`, the old interface under `/api/v0`, over any
//! [`Shelf`] of cubes. `server` carries it on HTTP; tests call it directly.
//!
//! What a selection means is decided where the client decides it
//! ([`selection`](crate::selection)); here its answer is cut out of a cube and
//! written. A selection of everything is written from the shelf's own cube.

mod call;
mod carve;
mod catalogue;
mod config;
mod data;
mod format;
mod layout;
mod metadata;
mod old;
mod refusal;
mod reply;
mod route;
mod saved;
mod search;
mod shelf;

use crate::address::{decode, decode_form};
use crate::client::Pace;
use crate::{Fault, FaultKind};

use call::Call;
use refusal::Refusal;
pub use reply::{Body, Reply, Writer};
use route::{Resource, Route};
use saved::SavedQueries;
pub use shelf::{Entry, Shelf, Shelved, Subject};

/// A request without the network: the path below the server's root, the query and the body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// `GET`, `POST`, …
    pub method: String,
    /// `/pxwebapi/v2/tables/07459/data`, percent-encoding undone.
    pub path: String,
    /// Decoded parameters in order.
    pub query: Vec<(String, String)>,
    /// Length of the target as it came, for the limit on addresses.
    pub target_length: usize,
    /// Body of a POST.
    pub body: Vec<u8>,
    /// `http://127.0.0.1:8080`: what links begin with.
    pub root: String,
}

impl Ask {
    /// A request for a target as it stands on the wire: `/pxwebapi/v2/tables?lang=no`.
    pub fn of(method: &str, target: &str, root: &str) -> Ask {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Ask {
            method: method.to_owned(),
            path: decode(path),
            query: pairs.map(|(name, value)| (decode_form(name), decode_form(value))).collect(),
            target_length: target.len(),
            body: Vec::new(),
            root: root.to_owned(),
        }
    }
}

/// How the mirror behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Cells in one answer; the reference server's sentence beyond.
    pub max_cells: u64,
    /// Characters in the request target; HTML beyond.
    pub max_target: usize,
    /// Offered languages, the default first.
    pub languages: Vec<String>,
    /// Calls that are allowed, where they are limited; this only says so in `/config`.
    pub pace: Option<Pace>,
    /// Tables on a page unless another number is asked for.
    pub page_size: usize,
    /// Address of the licence that the figures are under.
    pub license: String,
    /// Who is to be named as the source: language, text.
    pub sources: Vec<(String, String)>,
}

impl Default for Settings {
    /// As Statistics Norway's server, without its limit on calls.
    fn default() -> Settings {
        Settings {
            max_cells: 800_000,
            max_target: 2_100,
            languages: vec!["no".to_owned(), "en".to_owned()],
            pace: None,
            page_size: 20,
            license: "https://creativecommons.org/licenses/by/4.0/".to_owned(),
            sources: Vec::new(),
        }
    }
}

/// Answers the interface over a shelf.
#[derive(Debug)]
pub struct Mirror<S> {
    shelf: S,
    settings: Settings,
    saved: SavedQueries,
}

/// Whether a path belongs to one of the interfaces that a [`Mirror`] answers.
pub fn is_mirrored(path: &str) -> bool {
    Route::of(path).is_some()
}

impl<S: Shelf> Mirror<S> {
    /// Serves a shelf.
    pub fn new(shelf: S, settings: Settings) -> Mirror<S> {
        Mirror { shelf, settings, saved: SavedQueries::default() }
    }

    /// What is served.
    pub fn shelf(&self) -> &S {
        &self.shelf
    }

    /// Answers one request, as the reference server does, faults included.
    pub fn reply(&self, ask: &Ask) -> Reply {
        if ask.target_length > self.settings.max_target {
            return Refusal::from(Fault::new(FaultKind::UrlTooLong)).reply();
        }
        match Route::of(&ask.path) {
            None => Refusal::from(Fault::new(FaultKind::UnknownPath)).reply(),
            Some(Route::Old(language, node)) => self.old(ask, language, node),
            Some(Route::New(base, resource)) => {
                self.new_interface(ask, &base, resource).unwrap_or_else(Refusal::reply)
            }
        }
    }

    fn new_interface(
        &self,
        ask: &Ask,
        base: &str,
        resource: Resource<'_>,
    ) -> Result<Reply, Refusal> {
        if resource == Resource::Unknown {
            return Err(Fault::new(FaultKind::UnknownPath).into());
        }
        if !resource.methods().contains(&ask.method.as_str()) {
            return Ok(Reply::empty(405).with("allow", resource.methods().join(", ")));
        }
        if resource == Resource::Health {
            return Ok(Reply::whole(200, "text/plain", "Healthy"));
        }
        let call = Call::new(ask, base, &self.settings.languages)?;
        match resource {
            Resource::Config => Ok(self.config()),
            Resource::Tables => self.tables(&call),
            Resource::Table(id) => self.table(&call, id),
            Resource::Metadata(id) => self.metadata(&call, id),
            Resource::DefaultSelection(id) => self.default_selection(&call, id),
            Resource::Data(id) => self.data(&call, id),
            Resource::CodeList(id) => self.code_list(&call, id),
            Resource::SavedQueries => self.save_query(&call),
            Resource::SavedQuery(id) => self.saved_query(&call, id),
            Resource::SavedData(id) => self.saved_data(&call, id),
            Resource::SavedSelection(id) => self.saved_selection(&call, id),
            Resource::Health | Resource::Unknown => Err(Fault::new(FaultKind::UnknownPath).into()),
        }
    }
}
