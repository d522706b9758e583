//! The server's side, without a network: a request in, an answer out.
//!
//! Version 2 under `/pxwebapi/v2`, the old interface under `/api/v0`, over any
//! [`Shelf`] of cubes. `server` carries it on HTTP; tests call it directly.

use std::sync::Arc;

use cube::Cube;

use crate::{CodeList, Table};

/// A collection of tables that can be served.
pub trait Shelf: Send + Sync {
    /// Ids and titles in a language, all of them, sorted by id.
    fn catalogue(&self, language: &str) -> Vec<Entry>;
    /// A table; `None` where it does not exist in this language.
    fn table(&self, id: &str, language: &str) -> Option<Arc<Shelved>>;
    /// A code list by its id, exactly spelled.
    fn code_list(&self, id: &str, language: &str) -> Option<CodeList>;
    /// Ids of the tables that match a search, best first; `None`: search plainly in the titles.
    fn search(&self, query: &str, language: &str) -> Option<Vec<String>>;
}

/// A table with its cells.
#[derive(Debug)]
pub struct Shelved {
    /// What can be selected.
    pub table: Table,
    /// All cells.
    pub cube: Cube,
}

/// A table in the catalogue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// `07459`.
    pub id: String,
    /// Title.
    pub label: String,
    /// UTC, `2026-02-19T07:00:00Z`.
    pub updated: Option<String>,
    /// Code of the first period.
    pub first_period: String,
    /// Code of the last period.
    pub last_period: String,
    /// Names of the variables, in order.
    pub variable_names: Vec<String>,
    /// Publisher.
    pub source: Option<String>,
    /// Subject.
    pub subject_code: Option<String>,
    /// No longer updated.
    pub discontinued: bool,
}

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

/// What the mirror answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Whole body.
    pub body: Vec<u8>,
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
}

/// Answers the interface over a shelf.
pub struct Mirror<S> {
    shelf: S,
    settings: Settings,
}

impl<S: Shelf> Mirror<S> {
    /// Serves a shelf.
    pub fn new(shelf: S, settings: Settings) -> Mirror<S> {
        Mirror { shelf, settings }
    }

    /// Answers one request, as the reference server does, faults included.
    pub fn reply(&self, ask: &Ask) -> Reply {
        let _ = (&self.shelf, &self.settings, ask);
        todo!()
    }
}
