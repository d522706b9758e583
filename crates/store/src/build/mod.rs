//! Writing a snapshot: the same content gives the same bytes.
//!
//! Everything is sorted and checked first, inserted into a database in memory,
//! vacuumed, and sealed; only then does a file appear, under its name at once.
//! No clock is read: GeoPackage's `last_change` is the day the snapshot was made.
//!
//! The bytes depend on the content and on the version of SQLite in this build,
//! which writes its own number into the file's header, and on nothing else.

mod boundaries;
mod content;
mod geopackage;
mod insert;
mod regions;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use crate::engine::open_empty;
use crate::{Municipality, RegionChange, RegionConversion, Source, StoreError, ValueStatus, seal};

pub use boundaries::Boundary;
pub(crate) use boundaries::{table as boundary_table, wkb_of};

/// Marks the file as a GeoPackage: `GPKG` in ASCII.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// GeoPackage 1.4.
const USER_VERSION: i32 = 10_400;

/// The content of a snapshot to be written, in any order.
///
/// ```
/// use store::build::SnapshotBuilder;
/// let builder = SnapshotBuilder::new("2026-11-21");
/// assert_eq!(builder.bytes()?, builder.bytes()?);
/// # Ok::<(), store::StoreError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SnapshotBuilder {
    /// ISO date of the snapshot.
    pub created: String,
    /// Further properties, for example `pack` and `title_nb`.
    pub properties: BTreeMap<String, String>,
    /// The municipalities.
    pub municipalities: Vec<Municipality>,
    /// Where the figures come from.
    pub sources: Vec<Source>,
    /// What is measured.
    pub measures: Vec<NewMeasure>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Changes of municipality codes.
    pub region_changes: Vec<RegionChange>,
    /// What became of the regions of each map; the figures stand on the newest map converted to.
    pub region_conversions: Vec<RegionConversion>,
    /// Figures under the codes of their year, from which figures on today's map were made.
    pub published: Vec<Figure>,
    /// Shares of figures that came through a split.
    pub modelled: Vec<ModelledShare>,
    /// Basic statistical units.
    pub grunnkretser: Vec<Grunnkrets>,
    /// Boundaries; without any, the file has no tables for them.
    pub boundaries: Vec<Boundary>,
}

/// A [`Measure`](crate::Measure) before it has a key and a checksum.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewMeasure {
    /// Name and view: lower-case letters, digits and `_`.
    pub measure: String,
    /// Title in Norwegian bokmål.
    pub title_nb: String,
    /// Title in English.
    pub title_en: String,
    /// Unit of the values.
    pub unit: String,
    /// What is counted.
    pub definition: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's table or page.
    pub table_or_page: String,
    /// Licence of the figures.
    pub licence: String,
    /// What time the figures describe.
    pub reference_period: String,
    /// Newest period.
    pub latest_period: String,
    /// Municipalities with a value in the newest period.
    pub coverage_latest: u32,
    /// A hint at how to read a high value.
    pub direction_hint: String,
    /// What a reader must know.
    pub caveat: Option<String>,
    /// Main source, one of [`SnapshotBuilder::sources`].
    pub source: String,
}

/// One figure, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// One of [`SnapshotBuilder::municipalities`], or `0` for the nation; a code of its year in
    /// [`SnapshotBuilder::published`].
    pub municipality_code: String,
    /// One of [`SnapshotBuilder::measures`].
    pub measure: String,
    /// `2024`, `2022-10` or `2026-04-20`.
    pub period: String,
    /// Present exactly when the status is not a gap.
    pub value: Option<f64>,
    /// How much the value says.
    pub status: ValueStatus,
    /// One of [`SnapshotBuilder::sources`].
    pub source: String,
}

/// How much of a figure came through a split.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelledShare {
    /// One of [`SnapshotBuilder::municipalities`].
    pub municipality_code: String,
    /// One of [`SnapshotBuilder::measures`].
    pub measure: String,
    /// The figure's period.
    pub period: String,
    /// 0 to 1.
    pub share: f64,
}

/// A basic statistical unit, the smallest area that Statistics Norway publishes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grunnkrets {
    /// Eight digits.
    pub grunnkrets_code: String,
    /// Name.
    pub name: String,
    /// Six digits.
    pub delomrade_code: String,
    /// Four digits; Svalbard and "unknown" are not among the municipalities.
    pub municipality_code: String,
    /// `named`, `unspecified` or `outside_357`.
    pub kind: String,
}

impl SnapshotBuilder {
    /// Begins an empty snapshot made on `created`, an ISO date.
    pub fn new(created: &str) -> SnapshotBuilder {
        SnapshotBuilder { created: created.to_owned(), ..SnapshotBuilder::default() }
    }

    /// The bytes of the sealed file.
    ///
    /// # Errors
    ///
    /// [`StoreError::Content`] names the first row that contradicts the rest: an unknown
    /// measure, source or municipality, a key that occurs twice, a gap with a value.
    pub fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        Ok(self.sealed()?.0)
    }

    /// Writes the sealed file to `target` and returns its seal.
    ///
    /// A reader sees the old file or the new one, never a part.
    ///
    /// # Errors
    ///
    /// As [`SnapshotBuilder::bytes`]; [`StoreError::Write`] leaves nothing behind.
    pub fn write(&self, target: &Path) -> Result<String, StoreError> {
        let (bytes, seal) = self.sealed()?;
        write_whole(target, &bytes)
            .map_err(|source| StoreError::Write { path: target.to_owned(), source })?;
        Ok(seal)
    }

    fn sealed(&self) -> Result<(Vec<u8>, String), StoreError> {
        let content = content::check(self)?;
        let mut connection = open_empty()?;
        let setup = format!(
            "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = none;
             PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {USER_VERSION};"
        );
        let mut fill = || {
            connection.execute_batch(&setup)?;
            let transaction = connection.transaction()?;
            transaction.execute_batch(include_str!("schema.sql"))?;
            insert::properties(&transaction, &self.all_properties())?;
            insert::content(&transaction, &content)?;
            geopackage::register(&transaction, &self.created, &content.municipalities)?;
            boundaries::insert(&transaction, &self.created, &content)?;
            transaction.commit()?;
            connection.execute_batch("VACUUM")?;
            Ok(connection.serialize("main")?.to_vec())
        };
        let mut bytes: Vec<u8> = fill().map_err(StoreError::engine("writing a snapshot"))?;
        let seal = seal::close(&mut bytes).map_err(|seals| StoreError::Content {
            problem: format!("the text of the seal occurs {seals} times in the content"),
        })?;
        Ok((bytes, seal))
    }

    fn all_properties(&self) -> BTreeMap<&str, &str> {
        let mut properties: BTreeMap<&str, &str> =
            self.properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        properties.insert("created", &self.created);
        properties
    }
}

/// Writes beside the target, then renames, so that no part of a file is ever seen.
fn write_whole(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".snapshot-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}
