//! What makes the file a GeoPackage: its catalogue, and points in its encoding.

use rusqlite::{Connection, params};

use crate::Municipality;

const WGS84: i32 = 4326;

const WGS84_DEFINITION: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,\
AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],\
UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],\
AUTHORITY[\"EPSG\",\"4326\"]]";

/// Tables without geometry that a GIS client may list.
const ATTRIBUTES: [(&str, &str); 4] = [
    ("grunnkrets", "Basic statistical units"),
    ("measure", "Measures: unit, publisher, licence, checksum"),
    ("region_change", "Changes of municipality codes"),
    ("source", "Sources of the figures"),
];

/// A point as GeoPackage binary: header without envelope, then WKB, little-endian.
pub(super) fn point(longitude: f64, latitude: f64) -> Vec<u8> {
    let mut bytes = b"GP\0\x01".to_vec();
    bytes.extend(WGS84.to_le_bytes());
    bytes.push(1);
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(longitude.to_le_bytes());
    bytes.extend(latitude.to_le_bytes());
    bytes
}

/// Fills the catalogue; every entry was last changed when the snapshot was made.
pub(super) fn register(
    connection: &Connection,
    created: &str,
    municipalities: &[&Municipality],
) -> rusqlite::Result<()> {
    reference_systems(connection)?;
    let last_change = format!("{created}T00:00:00.000Z");
    let mut insert = connection
        .prepare("INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    let longitudes = || municipalities.iter().map(|municipality| municipality.longitude);
    let latitudes = || municipalities.iter().map(|municipality| municipality.latitude);
    insert.execute(params![
        "municipality",
        "features",
        "Municipalities, a point on land each",
        last_change,
        longitudes().reduce(f64::min),
        latitudes().reduce(f64::min),
        longitudes().reduce(f64::max),
        latitudes().reduce(f64::max),
        WGS84,
    ])?;
    for (table, description) in ATTRIBUTES {
        let nothing: Option<f64> = None;
        insert.execute(params![
            table,
            "attributes",
            description,
            last_change,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
        ])?;
    }
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES ('municipality', 'geom', 'POINT', ?1, 0, 0)",
        [WGS84],
    )?;
    Ok(())
}

/// The three systems that every GeoPackage must list.
fn reference_systems(connection: &Connection) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare("INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, ?5)")?;
    insert.execute(params![
        "Undefined Cartesian SRS",
        -1,
        "NONE",
        "undefined",
        "undefined Cartesian coordinate reference system",
    ])?;
    insert.execute(params![
        "Undefined geographic SRS",
        0,
        "NONE",
        "undefined",
        "undefined geographic coordinate reference system",
    ])?;
    insert.execute(params![
        "WGS 84 geodetic",
        WGS84,
        "EPSG",
        WGS84_DEFINITION,
        "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid",
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_eight_bytes_of_header_and_twenty_one_of_wkb() {
        let bytes = point(10.5, 60.25);
        assert_eq!(bytes.len(), 29);
        assert_eq!(bytes[..8], [b'G', b'P', 0, 1, 0xE6, 0x10, 0, 0]);
        assert_eq!(bytes[13..21], 10.5_f64.to_le_bytes());
    }
}
