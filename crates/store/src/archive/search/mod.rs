//! Finding a table by what a person calls it.
//!
//! A word of the query is met as it stands, by its stem, as the beginning of a
//! word, as a part of a compound, taken apart itself, by a synonym, and, when all
//! that finds nothing, with one letter wrong. The nearer the meeting and the more
//! telling its place, the higher the table.

mod compounds;
mod index;
mod rank;
mod synonyms;
mod words;

use std::cmp::Ordering;

use rusqlite::{Connection, OptionalExtension as _};

pub(super) use index::Index;
pub use synonyms::Synonyms;

use super::answers::from_json;
use super::{Archive, CatalogueEntry, Hit, catalogue};
use crate::StoreError;

/// A table found, before its entry is read.
struct Found {
    catalogue: i64,
    position: usize,
    rank: rank::Rank,
}

impl Archive {
    /// The tables that fit `text` best, best first, with the synonyms that this program carries.
    ///
    /// An exact table id comes first, tables that are no longer updated come last. Without a
    /// `server`, every server's catalogue in this language is searched.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn search(
        &self,
        server: Option<&str>,
        language: &str,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        self.search_with(Synonyms::standard(), server, language, text)?.take(self, limit)
    }

    /// As [`Archive::search`], with other synonyms and without a limit yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn search_with(
        &self,
        synonyms: &Synonyms,
        server: Option<&str>,
        language: &str,
        text: &str,
    ) -> Result<Finds, StoreError> {
        const TASK: &str = "search the catalogue";
        let language_words = synonyms.of(language);
        let mut found = Vec::new();
        for catalogue in self.read(TASK, |rows| catalogues(rows, server, language))? {
            if catalogue.stale {
                // On a read-only disk the old index must do.
                let _ = self.refresh_index(&catalogue.server, language);
            }
            self.read(TASK, |rows| {
                let mut query = rank::Query::new(rows, catalogue.id, language, language_words)?;
                found.extend(query.run(text)?.into_iter().map(|(position, rank)| Found {
                    catalogue: catalogue.id,
                    position,
                    rank,
                }));
                Ok(())
            })?;
        }
        found.sort_by(Found::compare);
        Ok(Finds { found })
    }
}

/// The tables that a search has found.
pub struct Finds {
    found: Vec<Found>,
}

impl Finds {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Reads the first of them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn take(&self, archive: &Archive, limit: usize) -> Result<Vec<Hit>, StoreError> {
        archive.read("read the catalogue", |rows| {
            let mut hits = Vec::new();
            for found in self.found.iter().take(limit) {
                // A catalogue that was replaced since may be shorter.
                hits.extend(hit(rows, found)?);
            }
            Ok(hits)
        })
    }
}

impl Found {
    fn compare(&self, other: &Found) -> Ordering {
        self.rank
            .compare(&other.rank)
            .then(self.catalogue.cmp(&other.catalogue))
            .then(self.position.cmp(&other.position))
    }
}

struct Searched {
    id: i64,
    server: String,
    stale: bool,
}

fn catalogues(
    rows: &Connection,
    server: Option<&str>,
    language: &str,
) -> rusqlite::Result<Vec<Searched>> {
    if let Some(server) = server {
        let kept = catalogue::find(rows, server, language)?;
        return Ok(kept
            .map(|kept| Searched {
                id: kept.id,
                server: server.to_owned(),
                stale: kept.analysis != Index::analysis(),
            })
            .into_iter()
            .collect());
    }
    rows.prepare("SELECT id, server, analysis FROM catalogue WHERE language = ?1 ORDER BY id")?
        .query_map([language], |row| {
            Ok(Searched {
                id: row.get(0)?,
                server: row.get(1)?,
                stale: row.get::<_, i64>(2)? != Index::analysis(),
            })
        })?
        .collect()
}

fn hit(rows: &Connection, found: &Found) -> rusqlite::Result<Option<Hit>> {
    rows.query_row(
        "SELECT server, language, entry FROM catalogue_entry
         JOIN catalogue ON catalogue.id = catalogue_entry.catalogue
         WHERE catalogue = ?1 AND position = ?2",
        rusqlite::params![found.catalogue, i64::try_from(found.position).unwrap_or(i64::MAX)],
        |row| {
            let entry: CatalogueEntry = from_json(2, &row.get::<_, String>(2)?)?;
            let score = found.rank.score;
            Ok(Hit { server: row.get(0)?, language: row.get(1)?, entry, score })
        },
    )
    .optional()
}
