//! Answers as they came: the body in a file, everything else in a row.

use std::fs;
use std::io;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::{Archive, KeptAnswer, Question, RawAnswer, RawRequest, files, times};
use crate::StoreError;

/// What is read of an answer; see [`kept`].
const SELECT: &str = "SELECT id, host, api, language, table_id, what, updated, method, url,
    request_body, status, headers, received_at, sha256, bytes, reason
    FROM answer LEFT JOIN rejection ON rejection.answer = answer.id";

/// Only these are recalled.
const USABLE: &str = "status BETWEEN 200 AND 299 AND reason IS NULL";

impl Archive {
    /// Keeps an answer and returns its key; body and row are on disk when it does.
    ///
    /// An answer with a status from 200 to 299 ends the claim to the question. Any other is kept as
    /// well, and never recalled.
    ///
    /// # Errors
    ///
    /// [`StoreError::File`] when the body cannot be written, for example because the disk is full;
    /// there is no row then. [`StoreError::Archive`] when the row cannot be written, and
    /// [`StoreError::Time`] when `received_at` is not a time.
    pub fn keep(
        &self,
        question: &Question,
        request: &RawRequest,
        answer: &RawAnswer,
    ) -> Result<i64, StoreError> {
        let received_at = match &answer.received_at {
            Some(text) => times::normal(text)?,
            None => times::now(),
        };
        let sha256 = files::digest(&answer.body);
        self.place_body(&sha256, &answer.body)?;
        let bytes = answer.body.len() as u64;
        let row =
            NewRow { question, request, answer, received_at: &received_at, sha256: &sha256, bytes };
        self.put_row(&row)
    }

    /// Adds the row of a body that is on disk; a usable answer ends the claim to its question.
    pub(super) fn put_row(&self, row: &NewRow<'_>) -> Result<i64, StoreError> {
        self.write("keep an answer", |rows| {
            insert(rows, row)?;
            let id = rows.last_insert_rowid();
            if (200..300).contains(&row.answer.status) {
                rows.execute("DELETE FROM claim WHERE question = ?1", [row.question.key()])?;
            }
            Ok(id)
        })
    }

    /// Marks an answer as unusable, with the reason; from then on it is never recalled.
    ///
    /// For what only a reader can see: another language than asked for, an error page sent with
    /// status 200. A second reason does not replace the first.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchRow`] when there is no such answer, [`StoreError::Archive`].
    pub fn reject(&self, answer: i64, reason: &str) -> Result<(), StoreError> {
        let known = self.write("reject an answer", |rows| {
            rows.execute(
                "INSERT INTO rejection SELECT id, ?2, ?3 FROM answer WHERE id = ?1
                 ON CONFLICT DO NOTHING",
                params![answer, reason, times::now()],
            )?;
            exists(rows, answer)
        })?;
        if known { Ok(()) } else { Err(StoreError::NoSuchRow { what: "answer", id: answer }) }
    }

    /// The newest usable answer to exactly this question.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn recall(&self, question: &Question) -> Result<Option<KeptAnswer>, StoreError> {
        self.read("recall an answer", |rows| recall(rows, &question.key()))
    }

    /// The newest usable answer to this question, whatever its `updated`; for working offline.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn recall_any(&self, question: &Question) -> Result<Option<KeptAnswer>, StoreError> {
        let key = question.any_updated_key();
        self.read("recall an answer", |rows| {
            let sql =
                format!("{SELECT} WHERE any_updated = ?1 AND {USABLE} ORDER BY id DESC LIMIT 1");
            rows.query_row(&sql, [&key], kept).optional()
        })
    }

    /// The answer with this key, usable or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Archive`].
    pub fn answer(&self, id: i64) -> Result<Option<KeptAnswer>, StoreError> {
        self.read("read an answer", |rows| {
            rows.query_row(&format!("{SELECT} WHERE id = ?1"), [id], kept).optional()
        })
    }

    /// The answers whose body has a digest that begins so, usable or not, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Digest`] when the text is not lower-case hex, [`StoreError::Archive`].
    pub fn answers_by_digest(&self, sha256_prefix: &str) -> Result<Vec<KeptAnswer>, StoreError> {
        files::check_hex(sha256_prefix, 1..=64)?;
        self.read("read answers", |rows| {
            // `g` follows the last hex digit.
            let sql = format!("{SELECT} WHERE sha256 >= ?1 AND sha256 < ?1 || 'g' ORDER BY id");
            rows.prepare(&sql)?.query_map([sha256_prefix], kept)?.collect()
        })
    }

    /// The body with this digest.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedFile`] names a file whose content is not what its name says,
    /// [`StoreError::File`] one that is missing or cannot be read.
    pub fn blob(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        files::check_hex(sha256, 64..=64)?;
        let path = files::blob_path(&self.raw(), sha256);
        let packed = match fs::read(&path) {
            Ok(packed) => packed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let plain = files::plain_path(&self.raw(), sha256);
                if let Ok(body) = fs::read(&plain) {
                    return files::verified(&plain, body, sha256);
                }
                return Err(StoreError::File { task: "read an answer from", path, source: error });
            }
            Err(source) => {
                return Err(StoreError::File { task: "read an answer from", path, source });
            }
        };
        match zstd::decode_all(packed.as_slice()) {
            Ok(body) => files::verified(&path, body, sha256),
            Err(error) => Err(StoreError::DamagedFile {
                path,
                expected: sha256.to_owned(),
                found: format!("nothing that can be unpacked ({error})"),
            }),
        }
    }

    /// Puts a body on disk, unless it is there; one that was damaged there becomes whole again.
    fn place_body(&self, sha256: &str, body: &[u8]) -> Result<(), StoreError> {
        if self.blob(sha256).is_ok() {
            return Ok(());
        }
        let place = || -> io::Result<()> {
            let packed = zstd::encode_all(body, 3)?;
            files::place(&self.raw(), &sha256[..2], &files::blob_name(sha256), &packed)
        };
        place().map_err(|source| StoreError::File {
            task: "keep an answer in",
            path: files::blob_path(&self.raw(), sha256),
            source,
        })
    }
}

/// The newest usable answer to the question with this key.
pub(super) fn recall(rows: &Connection, key: &str) -> rusqlite::Result<Option<KeptAnswer>> {
    let sql = format!("{SELECT} WHERE question = ?1 AND {USABLE} ORDER BY id DESC LIMIT 1");
    rows.query_row(&sql, [key], kept).optional()
}

/// A row to be added.
pub(super) struct NewRow<'keep> {
    pub question: &'keep Question,
    pub request: &'keep RawRequest,
    pub answer: &'keep RawAnswer,
    pub received_at: &'keep str,
    pub sha256: &'keep str,
    /// Length of the body.
    pub bytes: u64,
}

fn insert(rows: &Transaction<'_>, new: &NewRow<'_>) -> rusqlite::Result<()> {
    let headers =
        serde_json::to_string(&new.answer.headers).expect("texts always have a JSON form");
    rows.execute(
        "INSERT INTO answer (question, any_updated, host, api, language, table_id, what, updated,
             method, url, request_body, status, headers, received_at, sha256, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            new.question.key(),
            new.question.any_updated_key(),
            new.question.host,
            new.question.api,
            new.question.language,
            new.question.table,
            new.question.what,
            new.question.updated,
            new.request.method,
            new.request.url,
            new.request.body,
            new.answer.status,
            headers,
            new.received_at,
            new.sha256,
            i64::try_from(new.bytes).unwrap_or(i64::MAX),
        ],
    )?;
    Ok(())
}

fn exists(rows: &Connection, answer: i64) -> rusqlite::Result<bool> {
    rows.query_row("SELECT EXISTS (SELECT 1 FROM answer WHERE id = ?1)", [answer], |row| row.get(0))
}

fn kept(row: &Row<'_>) -> rusqlite::Result<KeptAnswer> {
    let headers: String = row.get(11)?;
    Ok(KeptAnswer {
        id: row.get(0)?,
        question: Question {
            host: row.get(1)?,
            api: row.get(2)?,
            language: row.get(3)?,
            table: row.get(4)?,
            what: row.get(5)?,
            updated: row.get(6)?,
        },
        request: RawRequest { method: row.get(7)?, url: row.get(8)?, body: row.get(9)? },
        status: row.get(10)?,
        headers: from_json(11, &headers)?,
        received_at: row.get(12)?,
        sha256: row.get(13)?,
        bytes: length(row, 14)?,
        rejected: row.get(15)?,
    })
}

/// Reads a length, which is never negative.
pub(super) fn length(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// Reads JSON out of a column.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    column: usize,
    text: &str,
) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}
