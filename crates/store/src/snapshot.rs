use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Row};

use crate::build::{Boundary, boundary_table, wkb_of};
use crate::engine::{open_immutable, open_static, records, rows_of, single};
use crate::{
    AsPublished, Measure, Municipality, QueryLimits, RegionChange, RegionConversion, Rows,
    SnapshotInfo, Source, StoreError, ValueStatus, Verification, on_map, published, sandbox, seal,
    verify,
};

/// The figures that travel with the program, written by `cargo xtask snapshot`.
static EMBEDDED: &[u8] = include_bytes!("../../../snapshots/embedded.gpkg");

/// The layout this program reads and writes.
pub(crate) const FORMAT_VERSION: u32 = 2;

/// An immutable set of figures, opened for reading.
///
/// Cheap to clone, and shared between threads: each use opens a connection of
/// its own, which takes about a millisecond. Nothing in the file ever changes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    origin: Origin,
    seal: String,
    created: String,
}

#[derive(Debug)]
enum Origin {
    Embedded,
    File(PathBuf),
}

/// One read connection to a snapshot, for many trusted queries.
#[derive(Debug)]
pub struct Session {
    connection: Connection,
}

impl Snapshot {
    /// Opens the snapshot inside the program.
    ///
    /// Its bytes are not hashed again: they came with the program. [`Snapshot::verify`] does it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotASnapshot`] or [`StoreError::Format`] when the program was built around a bad file.
    pub fn embedded() -> Result<Snapshot, StoreError> {
        Snapshot::from_origin(Origin::Embedded)
    }

    /// Opens a snapshot file after hashing it once and comparing it with its seal.
    ///
    /// # Errors
    ///
    /// [`StoreError::Read`]; [`StoreError::NotASnapshot`] for any other kind of file;
    /// [`StoreError::Damaged`], with both checksums, the usual sign of a copy that was cut short;
    /// [`StoreError::Format`] for a file from a newer program.
    pub fn open(path: &Path) -> Result<Snapshot, StoreError> {
        let bytes = read(path)?;
        let comparison = seal::compare(&bytes)
            .map_err(|seals| StoreError::NotASnapshot { path: path.to_owned(), seals })?;
        if comparison.written != comparison.computed {
            return Err(StoreError::Damaged {
                path: path.to_owned(),
                expected: comparison.written,
                found: comparison.computed,
            });
        }
        let snapshot = Snapshot::from_origin(Origin::File(path.to_owned()))?;
        if snapshot.inner.seal != comparison.written {
            return Err(snapshot.replaced(comparison.written, snapshot.inner.seal.clone()));
        }
        Ok(snapshot)
    }

    fn from_origin(origin: Origin) -> Result<Snapshot, StoreError> {
        let connection = open_connection(&origin)?;
        let format: String = property(&connection, "format_version")?;
        if format != FORMAT_VERSION.to_string() {
            return Err(StoreError::Format { found: format, supported: FORMAT_VERSION });
        }
        let seal = written_seal(&connection, &origin)?;
        let created = property(&connection, "created")?;
        Ok(Snapshot { inner: Arc::new(Inner { origin, seal, created }) })
    }

    /// First twelve hex digits of the seal; the name people use for this snapshot.
    pub fn id(&self) -> &str {
        &self.inner.seal[..12]
    }

    /// The whole seal, 64 hex digits.
    pub fn seal(&self) -> &str {
        &self.inner.seal
    }

    /// ISO date on which the snapshot was made.
    pub fn created(&self) -> &str {
        &self.inner.created
    }

    /// Every municipality, by code.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn municipalities(&self) -> Result<Vec<Municipality>, StoreError> {
        self.records(
            "SELECT municipality_code, name, display_name, alternative_names, county_code, county_name,
                longitude, latitude, hexagon_column, hexagon_row, total_area_km2, centrality_class,
                centrality_index FROM municipality ORDER BY municipality_code",
            Municipality::from_row,
        )
    }

    /// Every measure, by name.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn measures(&self) -> Result<Vec<Measure>, StoreError> {
        self.records(
            "SELECT measure_id, measure, title_nb, title_en, unit, definition, publisher, table_or_page,
                licence, reference_period, latest_period, coverage_latest, direction_hint, caveat, source,
                checksum FROM measure ORDER BY measure",
            Measure::from_row,
        )
    }

    /// Every source, by name.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn sources(&self) -> Result<Vec<Source>, StoreError> {
        self.records(
            "SELECT source, publisher, title, licence, reference_date, retrieved_via
                FROM source ORDER BY source",
            Source::from_row,
        )
    }

    /// Every change of municipality codes, by old code, date and new code.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn region_changes(&self) -> Result<Vec<RegionChange>, StoreError> {
        self.records(
            "SELECT old_code, old_name, new_code, new_name, valid_from, kind, weight, weight_basis, note
                FROM region_change ORDER BY old_code, valid_from, new_code",
            RegionChange::from_row,
        )
    }

    /// The boundaries of a layer, `municipality` or `county`, by code; none when the snapshot
    /// was made without.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn boundaries(&self, layer: &str) -> Result<Vec<Boundary>, StoreError> {
        let Some(table) = boundary_table(layer) else { return Ok(Vec::new()) };
        let connection = self.connection()?;
        let tables: i64 = single(
            &connection,
            &format!(
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'"
            ),
            |row| row.get(0),
        )?;
        if tables == 0 {
            return Ok(Vec::new());
        }
        let sql =
            format!("SELECT geom, code, name, coalesce(source, '') FROM {table} ORDER BY code");
        records(&connection, &sql, |row| {
            Ok(Boundary {
                layer: layer.to_owned(),
                wkb: wkb_of(row.get_ref(0)?.as_blob()?).to_vec(),
                code: row.get(1)?,
                name: row.get(2)?,
                source: row.get(3)?,
            })
        })
    }

    /// What became of the regions of every map that is known, by old map, new map, old code and share.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn region_conversions(&self) -> Result<Vec<RegionConversion>, StoreError> {
        self.records(
            "SELECT from_year, from_code, to_year, to_code, share_from, share_to, kind, basis
                FROM region_conversion ORDER BY from_year, to_year, from_code, share_from",
            RegionConversion::from_row,
        )
    }

    /// What the figure of a measure, a municipality and a period was made of.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn as_published(
        &self,
        measure: &str,
        municipality_code: &str,
        period: &str,
    ) -> Result<AsPublished, StoreError> {
        published::of_figure(&self.connection()?, [measure, municipality_code, period])
    }

    /// Opens one read connection, for the queries of a pack.
    ///
    /// # Errors
    ///
    /// [`StoreError::Engine`] when the file went away; [`StoreError::Replaced`] when another
    /// file took its place.
    pub fn session(&self) -> Result<Session, StoreError> {
        Ok(Session { connection: self.connection()? })
    }

    /// Runs SQL from outside: one `SELECT`, within limits, on its own connection.
    ///
    /// At most one such query runs in the process at a time; others wait their turn.
    ///
    /// # Errors
    ///
    /// One variant per refusal: [`StoreError::InvalidSql`], [`StoreError::SeveralStatements`],
    /// [`StoreError::Forbidden`], [`StoreError::TimeLimit`], [`StoreError::MemoryLimit`],
    /// [`StoreError::RowLimit`], [`StoreError::ValueTooLong`].
    pub fn query(&self, sql: &str, limits: &QueryLimits) -> Result<Rows, StoreError> {
        sandbox::run(self.connection()?, sql, limits)
    }

    /// A query as any engine can run it: with what `on_map(table, year)` stands for.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidSql`] for a call that cannot be read.
    pub fn expanded(&self, sql: &str) -> Result<String, StoreError> {
        Ok(on_map::expand(&self.connection()?, sql)?.sql)
    }

    /// Checks the whole snapshot: seal, pages, checksums, and that no gap has a value.
    ///
    /// What is wrong is listed in the answer, not returned as an error.
    ///
    /// # Errors
    ///
    /// [`StoreError::Read`] when the file went away.
    pub fn verify(&self) -> Result<Verification, StoreError> {
        let bytes = self.bytes()?;
        Ok(verify::verify(&bytes, self.seal(), &|| self.connection()))
    }

    /// Says what is inside and how old it is.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::session`].
    pub fn info(&self) -> Result<SnapshotInfo, StoreError> {
        let connection = self.connection()?;
        let by_status =
            records(&connection, "SELECT status, count(*) FROM figure GROUP BY status", |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
        let mut figures_by_status = BTreeMap::new();
        for (status, count) in by_status {
            figures_by_status.insert(status.parse::<ValueStatus>()?, count);
        }
        let (oldest_period, newest_period, measures, municipalities) = single(
            &connection,
            "SELECT (SELECT min(period) FROM figure), (SELECT max(period) FROM figure),
                (SELECT count(*) FROM measure), (SELECT count(*) FROM municipality)",
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        Ok(SnapshotInfo {
            id: self.id().to_owned(),
            seal: self.seal().to_owned(),
            created: self.created().to_owned(),
            format_version: FORMAT_VERSION,
            bytes: self.size()?,
            figures_by_status,
            measures,
            municipalities,
            oldest_period,
            newest_period,
            sources: self.sources()?,
        })
    }

    /// A checked connection: still the file that was opened.
    fn connection(&self) -> Result<Connection, StoreError> {
        let connection = open_connection(&self.inner.origin)?;
        if let Origin::File(_) = self.inner.origin {
            let found = written_seal(&connection, &self.inner.origin)?;
            if found != self.inner.seal {
                return Err(self.replaced(self.inner.seal.clone(), found));
            }
        }
        Ok(connection)
    }

    fn records<R>(
        &self,
        sql: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
    ) -> Result<Vec<R>, StoreError> {
        records(&self.connection()?, sql, read)
    }

    fn bytes(&self) -> Result<Cow<'static, [u8]>, StoreError> {
        match &self.inner.origin {
            Origin::Embedded => Ok(EMBEDDED.into()),
            Origin::File(path) => Ok(read(path)?.into()),
        }
    }

    fn size(&self) -> Result<u64, StoreError> {
        match &self.inner.origin {
            Origin::Embedded => Ok(EMBEDDED.len() as u64),
            Origin::File(path) => match fs::metadata(path) {
                Ok(metadata) => Ok(metadata.len()),
                Err(source) => Err(StoreError::Read { path: path.clone(), source }),
            },
        }
    }

    fn replaced(&self, expected: String, found: String) -> StoreError {
        StoreError::Replaced { path: self.inner.origin.path(), expected, found }
    }
}

impl Session {
    /// Runs one trusted query and returns all its rows.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidSql`] with the place of the error; [`StoreError::SeveralStatements`].
    pub fn rows(&self, sql: &str) -> Result<Rows, StoreError> {
        rows_of(&self.connection, sql)
    }
}

impl Origin {
    /// The path for messages; the embedded snapshot has none of its own.
    fn path(&self) -> PathBuf {
        match self {
            Origin::Embedded => PathBuf::from("embedded.gpkg"),
            Origin::File(path) => path.clone(),
        }
    }
}

fn property(connection: &Connection, key: &str) -> Result<String, StoreError> {
    connection
        .query_row("SELECT value FROM snapshot_property WHERE key = ?1", [key], |row| row.get(0))
        .map_err(StoreError::engine(format!("reading the property `{key}`")))
}

fn written_seal(connection: &Connection, origin: &Origin) -> Result<String, StoreError> {
    let value: Vec<u8> =
        single(connection, "SELECT value FROM snapshot_property WHERE key = 'seal'", |row| {
            row.get(0)
        })?;
    seal::digest_of(&value)
        .ok_or_else(|| StoreError::NotASnapshot { path: origin.path(), seals: 0 })
}

fn open_connection(origin: &Origin) -> Result<Connection, StoreError> {
    match origin {
        Origin::Embedded => open_static(EMBEDDED),
        Origin::File(path) => open_immutable(path),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(|source| StoreError::Read { path: path.to_owned(), source })
}
