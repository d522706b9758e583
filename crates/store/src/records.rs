use std::collections::BTreeMap;

use rusqlite::Row;
use serde::Serialize;

use crate::ValueStatus;

/// A municipality of the 2024 structure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Municipality {
    /// Four digits, as text: `0301`.
    pub municipality_code: String,
    /// Norwegian name; two names occur twice (Herøy, Våler).
    pub name: String,
    /// Name with the county where needed; unique.
    pub display_name: String,
    /// Other official names, Sami and Kven; often none.
    pub alternative_names: Vec<String>,
    /// Two digits, as text.
    pub county_code: String,
    /// Name of the county.
    pub county_name: String,
    /// Degrees east (EPSG:4326) of a point on land inside the municipality.
    pub longitude: f64,
    /// Degrees north of the same point.
    pub latitude: f64,
    /// Column of its cell in the hexagon map.
    pub hexagon_column: i32,
    /// Row of its cell in the hexagon map.
    pub hexagon_row: i32,
    /// Land and fresh water.
    pub total_area_km2: f64,
    /// Statistics Norway's centrality class: 1 is most central, 6 least.
    pub centrality_class: u32,
    /// Statistics Norway's centrality index, 0 to 1000.
    pub centrality_index: u32,
}

/// What a figure measures, where it comes from, and how far it reaches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// Key in this snapshot; another snapshot may give it to another measure.
    pub measure_id: i64,
    /// Name, and name of the view that holds its figures: `population_persons`.
    pub measure: String,
    /// Title in Norwegian bokmål.
    pub title_nb: String,
    /// Title in English.
    pub title_en: String,
    /// Unit of the values.
    pub unit: String,
    /// What is counted, in a sentence or two.
    pub definition: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's table or page.
    pub table_or_page: String,
    /// Licence of the figures.
    pub licence: String,
    /// What time the figures describe.
    pub reference_period: String,
    /// Newest period: `2024`, `2022-10` or `2026-04-20`.
    pub latest_period: String,
    /// Municipalities with a value in the newest period.
    pub coverage_latest: u32,
    /// `higher_more_need`, `higher_more_capacity`, `higher_more_strain` or `none`; a hint, not a rule.
    pub direction_hint: String,
    /// What a reader must know before using it.
    pub caveat: Option<String>,
    /// Main source, a [`Source::source`].
    pub source: String,
    /// SHA-256 of its figures as canonical CSV, lower-case hex.
    pub checksum: String,
}

/// Where figures were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Name: `ssb-07459-csdata`.
    pub source: String,
    /// Who publishes it.
    pub publisher: String,
    /// Title of the table or file.
    pub title: String,
    /// Licence.
    pub licence: String,
    /// What date or period it describes.
    pub reference_date: String,
    /// How it came here.
    pub retrieved_via: String,
}

/// How an old municipality code relates to a code of 2024.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionChange {
    /// Code that is no longer used, or whose border moved.
    pub old_code: String,
    /// Its name.
    pub old_name: String,
    /// Code of 2024.
    pub new_code: String,
    /// Its name.
    pub new_name: String,
    /// ISO date on which the old code stopped.
    pub valid_from: String,
    /// `renumbered`, `merged`, `split_part` or `boundary_adjusted`.
    pub kind: String,
    /// Share of the old unit that went to the new one; absent where nobody knows.
    pub weight: Option<f64>,
    /// What the share rests on.
    pub weight_basis: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

/// Which share of a region of one map lies in a region of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionConversion {
    /// Year of the old map.
    pub from_year: i16,
    /// Code on it.
    pub from_code: String,
    /// Year of the new map.
    pub to_year: i16,
    /// Code on it.
    pub to_code: String,
    /// Where the share begins, 0 to 1; the shares of a region follow each other.
    pub share_from: f64,
    /// Where it ends.
    pub share_to: f64,
    /// `unchanged`, `renumbered`, `merged` or `split`.
    pub kind: String,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

/// What a figure was made of, where it is not what was published.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct AsPublished {
    /// Figures on the map of their year; none where the figure is the publisher's own.
    pub parts: Vec<PublishedPart>,
    /// Share of the figure that came through a split, 0 to 1; absent where none did.
    pub modelled_share: Option<f64>,
}

/// A figure under the code of its year, from which one of today was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedPart {
    /// Code on the map of its year.
    pub region_code: String,
    /// Its name.
    pub name: String,
    /// Year of that map.
    pub map_year: i16,
    /// As published; absent for a gap.
    pub value: Option<f64>,
    /// How much it says, or why there is none.
    pub status: ValueStatus,
    /// Share of it that is counted here, 0 to 1.
    pub share: f64,
    /// `renumbered`, `merged` or `split`.
    pub kind: String,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

/// What a snapshot holds and how old it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SnapshotInfo {
    /// First twelve hex digits of the seal.
    pub id: String,
    /// SHA-256 of the file with the seal itself zeroed, lower-case hex.
    pub seal: String,
    /// ISO date on which it was made.
    pub created: String,
    /// Layout of the file.
    pub format_version: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Number of figures of each status, gaps included.
    pub figures_by_status: BTreeMap<ValueStatus, u64>,
    /// Number of measures.
    pub measures: u32,
    /// Number of municipalities.
    pub municipalities: u32,
    /// Oldest period of any figure; absent when there are no figures.
    pub oldest_period: Option<String>,
    /// Newest period of any figure.
    pub newest_period: Option<String>,
    /// Where the figures come from.
    pub sources: Vec<Source>,
}

impl Municipality {
    /// Reads the columns in the order of the query in `snapshot`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Municipality> {
        let names: String = row.get(3)?;
        Ok(Municipality {
            municipality_code: row.get(0)?,
            name: row.get(1)?,
            display_name: row.get(2)?,
            alternative_names: names
                .split('|')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            county_code: row.get(4)?,
            county_name: row.get(5)?,
            longitude: row.get(6)?,
            latitude: row.get(7)?,
            hexagon_column: row.get(8)?,
            hexagon_row: row.get(9)?,
            total_area_km2: row.get(10)?,
            centrality_class: row.get(11)?,
            centrality_index: row.get(12)?,
        })
    }
}

impl Measure {
    /// Reads the columns in the order of the query in `snapshot`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Measure> {
        Ok(Measure {
            measure_id: row.get(0)?,
            measure: row.get(1)?,
            title_nb: row.get(2)?,
            title_en: row.get(3)?,
            unit: row.get(4)?,
            definition: row.get(5)?,
            publisher: row.get(6)?,
            table_or_page: row.get(7)?,
            licence: row.get(8)?,
            reference_period: row.get(9)?,
            latest_period: row.get(10)?,
            coverage_latest: row.get(11)?,
            direction_hint: row.get(12)?,
            caveat: row.get(13)?,
            source: row.get(14)?,
            checksum: row.get(15)?,
        })
    }
}

impl Source {
    /// Reads the columns in the order of the query in `snapshot`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Source> {
        Ok(Source {
            source: row.get(0)?,
            publisher: row.get(1)?,
            title: row.get(2)?,
            licence: row.get(3)?,
            reference_date: row.get(4)?,
            retrieved_via: row.get(5)?,
        })
    }
}

impl RegionChange {
    /// Reads the columns in the order of the query in `snapshot`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<RegionChange> {
        Ok(RegionChange {
            old_code: row.get(0)?,
            old_name: row.get(1)?,
            new_code: row.get(2)?,
            new_name: row.get(3)?,
            valid_from: row.get(4)?,
            kind: row.get(5)?,
            weight: row.get(6)?,
            weight_basis: row.get(7)?,
            note: row.get(8)?,
        })
    }
}

impl RegionConversion {
    /// Reads the columns in the order of the query in `snapshot`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<RegionConversion> {
        Ok(RegionConversion {
            from_year: row.get(0)?,
            from_code: row.get(1)?,
            to_year: row.get(2)?,
            to_code: row.get(3)?,
            share_from: row.get(4)?,
            share_to: row.get(5)?,
            kind: row.get(6)?,
            basis: row.get(7)?,
        })
    }
}
