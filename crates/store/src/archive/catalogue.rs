//! Catalogues: every table of a server, in one language.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::answers::from_json;
use super::search::{Index, Synonyms};
use super::{Archive, CatalogueEntry, times};
use crate::StoreError;

/// A catalogue as the rows have it.
pub(super) struct Kept {
    /// Key.
    pub(super) id: i64,
    /// Which word analysis made the index.
    pub(super) analysis: i64,
}

impl Archive {
    /// Replaces the catalogue of a server in one language, and indexes its words.
    ///
    /// Whoever searches meanwhile sees the old catalogue or the new one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Time`] when `fetched_at` is not a time, [`StoreError::Archive`].
    pub fn put_catalogue(
        &self,
        server: &str,
        language: &str,
        entries: &[CatalogueEntry],
        fetched_at: &str,
    ) -> Result<(), StoreError> {
        let fetched_at = times::normal(fetched_at)?;
        let index = Index::new(language, entries, Synonyms::standard());
        self.write("keep a catalogue", |rows| {
            let id = begin(rows, server, language, &fetched_at)?;
            insert_entries(rows, id, entries)?;
            put_index(rows, id, &index)
        })
    }

    /// The tables of a server, in the server's order; none when there is no catalogue.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn catalogue(
        &self,
        server: &str,
        language: &str,
    ) -> Result<Vec<CatalogueEntry>, StoreError> {
        self.read("read a catalogue", |rows| match find(rows, server, language)? {
            Some(kept) => entries(rows, kept.id),
            None => Ok(Vec::new()),
        })
    }

    /// When the catalogue was fetched, RFC 3339 UTC.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn catalogue_fetched_at(
        &self,
        server: &str,
        language: &str,
    ) -> Result<Option<String>, StoreError> {
        self.read("read a catalogue", |rows| {
            rows.query_row(
                "SELECT fetched_at FROM catalogue WHERE server = ?1 AND language = ?2",
                [server, language],
                |row| row.get(0),
            )
            .optional()
        })
    }

    /// Makes the index again when this program analyses words in another way than the one that made it.
    pub(super) fn refresh_index(&self, server: &str, language: &str) -> Result<(), StoreError> {
        self.write("index a catalogue", |rows| match find(rows, server, language)? {
            Some(kept) if kept.analysis != Index::analysis() => {
                let entries = entries(rows, kept.id)?;
                put_index(rows, kept.id, &Index::new(language, &entries, Synonyms::standard()))
            }
            _ => Ok(()),
        })
    }
}

pub(super) fn find(
    rows: &Connection,
    server: &str,
    language: &str,
) -> rusqlite::Result<Option<Kept>> {
    rows.query_row(
        "SELECT id, analysis FROM catalogue WHERE server = ?1 AND language = ?2",
        [server, language],
        |row| Ok(Kept { id: row.get(0)?, analysis: row.get(1)? }),
    )
    .optional()
}

pub(super) fn entries(rows: &Connection, catalogue: i64) -> rusqlite::Result<Vec<CatalogueEntry>> {
    rows.prepare("SELECT entry FROM catalogue_entry WHERE catalogue = ?1 ORDER BY position")?
        .query_map([catalogue], |row| from_json(0, &row.get::<_, String>(0)?))?
        .collect()
}

/// Finds or makes the catalogue's row, and empties the catalogue.
fn begin(
    rows: &Transaction<'_>,
    server: &str,
    language: &str,
    fetched_at: &str,
) -> rusqlite::Result<i64> {
    rows.execute(
        "INSERT INTO catalogue (server, language, fetched_at, analysis, documents)
         VALUES (?1, ?2, ?3, 0, x'')
         ON CONFLICT (server, language) DO UPDATE SET fetched_at = excluded.fetched_at",
        [server, language, fetched_at],
    )?;
    let id = rows.query_row(
        "SELECT id FROM catalogue WHERE server = ?1 AND language = ?2",
        [server, language],
        |row| row.get(0),
    )?;
    rows.execute("DELETE FROM catalogue_entry WHERE catalogue = ?1", [id])?;
    Ok(id)
}

fn insert_entries(
    rows: &Transaction<'_>,
    catalogue: i64,
    entries: &[CatalogueEntry],
) -> rusqlite::Result<()> {
    let mut insert = rows.prepare("INSERT INTO catalogue_entry VALUES (?1, ?2, ?3, ?4)")?;
    for (position, entry) in entries.iter().enumerate() {
        let json = serde_json::to_string(entry).expect("texts always have a JSON form");
        insert.execute(params![
            catalogue,
            i64::try_from(position).unwrap_or(i64::MAX),
            entry.id,
            json
        ])?;
    }
    Ok(())
}

fn put_index(rows: &Transaction<'_>, catalogue: i64, index: &Index) -> rusqlite::Result<()> {
    rows.execute("DELETE FROM catalogue_word WHERE catalogue = ?1", [catalogue])?;
    let mut insert = rows.prepare("INSERT INTO catalogue_word VALUES (?1, ?2, ?3)")?;
    for (word, places) in &index.words {
        insert.execute(params![catalogue, word, places])?;
    }
    rows.execute(
        "UPDATE catalogue SET analysis = ?2, documents = ?3 WHERE id = ?1",
        params![catalogue, Index::analysis(), index.documents],
    )?;
    Ok(())
}
