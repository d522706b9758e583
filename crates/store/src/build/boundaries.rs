//! Boundaries in a snapshot: feature tables that are there only when there are boundaries.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::content::Content;
use crate::{Municipality, Source, StoreError};

/// ETRS89 / UTM zone 33N, in which national boundaries are kept.
const UTM33: i32 = 25833;

const UTM33_DEFINITION: &str = "PROJCS[\"ETRS89 / UTM zone 33N\",GEOGCS[\"ETRS89\",DATUM[\"European_Terrestrial_Reference_System_1989\",\
SPHEROID[\"GRS 1980\",6378137,298.257222101,AUTHORITY[\"EPSG\",\"7019\"]],AUTHORITY[\"EPSG\",\"6258\"]],\
PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],\
AUTHORITY[\"EPSG\",\"4258\"]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],\
PARAMETER[\"central_meridian\",15],PARAMETER[\"scale_factor\",0.9996],PARAMETER[\"false_easting\",500000],\
PARAMETER[\"false_northing\",0],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AXIS[\"Easting\",EAST],\
AXIS[\"Northing\",NORTH],AUTHORITY[\"EPSG\",\"25833\"]]";

/// What boundaries may be of: the layer, its table, and what a GIS client reads.
pub(crate) const LAYERS: [(&str, &str, &str); 2] = [
    ("county", "boundary_county", "Counties, simplified boundaries"),
    ("municipality", "boundary_municipality", "Municipalities, simplified boundaries"),
];

/// The boundary of one region, in EPSG:25833.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Boundary {
    /// `municipality` or `county`.
    pub layer: String,
    /// Code of the region: four digits or two.
    pub code: String,
    /// Name of the region.
    pub name: String,
    /// The shape as little-endian WKB, a multipolygon.
    pub wkb: Vec<u8>,
    /// Who published it: one of [`SnapshotBuilder::sources`](super::SnapshotBuilder::sources); may be empty.
    pub source: String,
}

/// Least x, least y, greatest x, greatest y.
type Extent = [f64; 4];

/// Returns the boundaries by table and code, each with its extent.
pub(super) fn check<'builder>(
    boundaries: &'builder [Boundary],
    sources: &[&Source],
) -> Result<BTreeMap<&'static str, Vec<(&'builder Boundary, Extent)>>, StoreError> {
    let mut tables: BTreeMap<&str, Vec<(&Boundary, Extent)>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for boundary in boundaries {
        let wrong = |problem: String| StoreError::Content {
            problem: format!("boundary `{}`, `{}`: {problem}", boundary.layer, boundary.code),
        };
        let table = table(&boundary.layer).ok_or_else(|| wrong("unknown layer".to_owned()))?;
        if !seen.insert((table, boundary.code.as_str())) {
            return Err(wrong("occurs twice".to_owned()));
        }
        let is_known = |source: &&Source| source.source == boundary.source;
        if !boundary.source.is_empty() && !sources.iter().any(is_known) {
            return Err(wrong(format!("unknown source `{}`", boundary.source)));
        }
        let extent = extent(&boundary.wkb)
            .ok_or_else(|| wrong("the shape is not a multipolygon in WKB".to_owned()))?;
        tables.entry(table).or_default().push((boundary, extent));
    }
    for rows in tables.values_mut() {
        rows.sort_by_key(|(boundary, _)| &boundary.code);
    }
    Ok(tables)
}

/// The table of a layer.
pub(crate) fn table(layer: &str) -> Option<&'static str> {
    LAYERS.iter().find(|(name, _, _)| *name == layer).map(|(_, table, _)| *table)
}

/// Makes the tables that have rows, fills them and enters them in the catalogue.
pub(super) fn insert(
    connection: &Connection,
    created: &str,
    content: &Content<'_>,
) -> rusqlite::Result<()> {
    let tables = &content.boundaries;
    if tables.is_empty() {
        return Ok(());
    }
    connection.execute(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, ?4)",
        params!["ETRS89 / UTM zone 33N", UTM33, UTM33_DEFINITION, "easting/northing in metres"],
    )?;
    for (table, rows) in tables {
        connection.execute_batch(&format!(
            "CREATE TABLE {table} (
    fid INTEGER NOT NULL PRIMARY KEY,
    geom MULTIPOLYGON NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT
)"
        ))?;
        let mut insert =
            connection.prepare(&format!("INSERT INTO {table} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
        for (position, (boundary, extent)) in rows.iter().enumerate() {
            let source = Some(&boundary.source).filter(|source| !source.is_empty());
            insert.execute(params![
                super::content::key(position),
                geometry(&boundary.wkb, extent),
                boundary.code,
                name(boundary, &content.municipalities),
                source,
            ])?;
        }
        register(connection, created, table, rows)?;
    }
    Ok(())
}

/// The name of a region; a county without one has the name that its municipalities give it.
fn name<'own>(boundary: &'own Boundary, municipalities: &[&'own Municipality]) -> &'own str {
    let named = municipalities
        .iter()
        .find(|municipality| boundary.name.is_empty() && municipality.county_code == boundary.code);
    named.map_or(&boundary.name, |municipality| &municipality.county_name)
}

fn register(
    connection: &Connection,
    created: &str,
    table: &str,
    rows: &[(&Boundary, Extent)],
) -> rusqlite::Result<()> {
    let whole = rows.iter().map(|(_, extent)| *extent).reduce(joined).unwrap_or_default();
    let description = LAYERS.iter().find(|(_, name, _)| *name == table).map(|(_, _, text)| *text);
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            table,
            description,
            format!("{created}T00:00:00.000Z"),
            whole[0],
            whole[1],
            whole[2],
            whole[3],
            UTM33,
        ],
    )?;
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'MULTIPOLYGON', ?2, 0, 0)",
        params![table, UTM33],
    )?;
    Ok(())
}

/// GeoPackage binary: header with the envelope, then the WKB.
fn geometry(wkb: &[u8], extent: &Extent) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + wkb.len());
    bytes.extend(b"GP\0\x03");
    bytes.extend(UTM33.to_le_bytes());
    for number in [extent[0], extent[2], extent[1], extent[3]] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(wkb);
    bytes
}

/// Magic, version, flags, system, and an envelope of four numbers.
const HEADER_BYTES: usize = 40;

/// The WKB inside a geometry that [`geometry`] wrote.
pub(crate) fn wkb_of(geometry: &[u8]) -> &[u8] {
    geometry.get(HEADER_BYTES..).unwrap_or_default()
}

fn joined(left: Extent, right: Extent) -> Extent {
    [left[0].min(right[0]), left[1].min(right[1]), left[2].max(right[2]), left[3].max(right[3])]
}

/// The extent of a little-endian multipolygon of two dimensions; `None` for anything else.
fn extent(wkb: &[u8]) -> Option<Extent> {
    let mut reader = Reader(wkb);
    let mut extent = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for _ in 0..reader.count_of(6)? {
        for _ in 0..reader.count_of(3)? {
            for _ in 0..reader.whole()? {
                let (x, y) = (reader.number()?, reader.number()?);
                extent = joined(extent, [x, y, x, y]);
            }
        }
    }
    let is_finite = extent.iter().all(|number| number.is_finite());
    (is_finite && reader.0.is_empty()).then_some(extent)
}

struct Reader<'bytes>(&'bytes [u8]);

impl Reader<'_> {
    /// The number of parts of a shape that must be of this kind.
    fn count_of(&mut self, kind: u32) -> Option<u32> {
        let [1] = self.take()? else { return None };
        (self.whole()? == kind).then(|| self.whole()).flatten()
    }

    fn whole(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snapshot;
    use crate::build::SnapshotBuilder;

    /// A triangle, as WKB.
    fn triangle() -> Vec<u8> {
        let mut wkb = Vec::new();
        for (kind, parts) in [(6_u32, 1_u32), (3, 1)] {
            wkb.push(1);
            wkb.extend(kind.to_le_bytes());
            wkb.extend(parts.to_le_bytes());
        }
        wkb.extend(4_u32.to_le_bytes());
        for number in [0.0_f64, 0.0, 10.0, 0.0, 0.0, 7.0, 0.0, 0.0] {
            wkb.extend(number.to_le_bytes());
        }
        wkb
    }

    fn boundary(layer: &str, code: &str) -> Boundary {
        Boundary {
            layer: layer.to_owned(),
            code: code.to_owned(),
            name: "Lillevik".to_owned(),
            wkb: triangle(),
            source: String::new(),
        }
    }

    fn refused(boundary: Boundary) -> String {
        let mut builder = SnapshotBuilder::new("2026-11-21");
        builder.boundaries = vec![boundary];
        builder.bytes().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn boundaries_come_back_as_they_went_in_by_code() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("snapshot.gpkg");
        let mut builder = SnapshotBuilder::new("2026-11-21");
        builder.boundaries =
            vec![boundary("municipality", "0302"), boundary("municipality", "0301")];
        builder.write(&path).expect("the content is sound");
        let snapshot = Snapshot::open(&path).expect("the file is whole");
        let found = snapshot.boundaries("municipality").expect("the table is there");
        assert_eq!(found, [boundary("municipality", "0301"), boundary("municipality", "0302")]);
        assert_eq!(snapshot.boundaries("county").expect("no table is no error"), []);
        assert_eq!(snapshot.boundaries("parish").expect("no such layer is no error"), []);
    }

    #[test]
    fn a_snapshot_without_boundaries_has_no_table_for_them() {
        let bytes = SnapshotBuilder::new("2026-11-21").bytes().expect("the content is sound");
        let has_name = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
        assert!(has_name(b"region_change") && !has_name(b"boundary_municipality"));
    }

    #[test]
    fn an_extent_is_read_from_the_shape_and_nothing_else_is_a_shape() {
        assert_eq!(extent(&triangle()), Some([0.0, 0.0, 10.0, 7.0]));
        assert_eq!(extent(&triangle()[..50]), None);
        assert_eq!(extent(b""), None);
        let many = [&triangle()[..], &[0]].concat();
        assert_eq!(extent(&many), None);
    }

    #[test]
    fn what_contradicts_the_rest_is_named() {
        let cases = [
            (boundary("parish", "0301"), "boundary `parish`, `0301`: unknown layer"),
            (
                Boundary { source: "nobody".to_owned(), ..boundary("county", "03") },
                "boundary `county`, `03`: unknown source `nobody`",
            ),
            (
                Boundary { wkb: vec![1, 2], ..boundary("county", "03") },
                "boundary `county`, `03`: the shape is not a multipolygon in WKB",
            ),
        ];
        for (boundary, expected) in cases {
            let found = refused(boundary);
            assert!(found.contains(expected), "{found}");
        }
    }
}
