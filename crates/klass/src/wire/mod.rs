//! What Klass sends, read.
//!
//! Lists come as JSON or CSV, and [`codes`], [`changes`] and [`correspondences`] read either;
//! everything else comes as JSON. An empty text and `null` are both an absence. Letters that a
//! recorder wrote as `<U+00D8>` are read as the letters they are.

pub mod csv;

mod lists;
mod nodes;
mod text;

pub use lists::{CodeChange, CodeItem, Correspondence, WireError, changes, codes, correspondences};
pub use nodes::{
    Classification, ClassificationEntry, CodeSet, Contact, CorrespondenceTable, Link, Listing,
    Page, Problem, SearchResult, TableEntry, VersionEntry, Wording, classification,
    classifications, code_set, correspondence_table, problem, search_results,
};
