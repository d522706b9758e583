//! Which coordinate system a file means, in the many ways of saying it.

use geo_types::Coord;
use places::crs::{self, Crs, Suspicion};
use serde_json::Value;

use crate::LayerError;

/// Which of the two numbers of a position comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Longitude or easting.
    EastFirst,
    /// Latitude.
    NorthFirst,
}

/// A system as a file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) crs: Crs,
    /// As the authority defines it, where the spelling calls for the authority's order.
    pub(crate) order: Order,
    /// Numbers to a place: three where the system has heights.
    pub(crate) dimension: usize,
}

/// Reads `EPSG:25833`, `urn:ogc:def:crs:EPSG::25833`, `http://www.opengis.net/def/crs/EPSG/0/25833`,
/// `http://www.opengis.net/gml/srs/epsg.xml#25833` and CRS84.
///
/// Only urn and the newer address call for the authority's order of axes: latitude first in 4258
/// and 4326. The short name and the older address mean longitude first, as GDAL has it.
pub(crate) fn from_name(name: &str) -> Result<Named, LayerError> {
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("crs84") || lower.ends_with("crs84h") {
        let dimension = if lower.ends_with('h') { 3 } else { 2 };
        return Ok(Named { crs: Crs::Wgs84, order: Order::EastFirst, dimension });
    }
    // A compound system: the first part is the one of the plane.
    let parts = lower.strip_prefix("urn:ogc:def:crs,crs:").unwrap_or(&lower);
    let plane = parts.split(',').next().unwrap_or_default();
    let digits = plane.rsplit([':', '/', '#']).next().unwrap_or_default();
    let number = digits.split('+').next().unwrap_or_default();
    let known = plane.contains("epsg") || plane.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| known);
    let Some((crs, has_heights)) = number.and_then(with_heights) else {
        return Err(LayerError::UnknownSystem { found: name.to_owned() });
    };
    let is_formal = lower.starts_with("urn:") || lower.contains("/def/crs/");
    let order = if is_formal && crs.is_geographic() { Order::NorthFirst } else { Order::EastFirst };
    let is_compound = has_heights || lower.contains("crs,crs:") || digits.contains('+');
    Ok(Named { crs, order, dimension: if is_compound { 3 } else { 2 } })
}

/// The system of the plane with an EPSG number, and whether the number means heights beside it.
fn with_heights(epsg: u32) -> Option<(Crs, bool)> {
    // Norwegian systems with heights of NN2000 and NN1954, and the two of the globe.
    let plane = match epsg {
        5972 | 6172 => Crs::Utm32,
        5973 | 6173 => Crs::Utm33,
        5975 | 6175 => Crs::Utm35,
        5942 | 6144 | 4937 => Crs::Etrs89,
        4979 => Crs::Wgs84,
        plain => return Some((Crs::from_epsg(plain)?, false)),
    };
    Some((plane, true))
}

/// Reads well-known text, of a `.prj` file or a database.
pub(crate) fn from_wkt(text: &str) -> Result<Crs, LayerError> {
    let name = text.split('"').nth(1).unwrap_or(text).trim().to_owned();
    if let Some(number) = authority(text) {
        return Crs::from_epsg(number)
            .or_else(|| from_title(&name))
            .ok_or(LayerError::UnknownSystem { found: format!("EPSG:{number} ({name})") });
    }
    from_title(&name).ok_or(LayerError::UnknownSystem { found: name })
}

/// The number of the whole system: the last authority in the text, which stands outermost.
fn authority(text: &str) -> Option<u32> {
    let text = text.to_ascii_uppercase();
    let mut depth = 0_i32;
    let mut found = None;
    for (at, sign) in text.char_indices() {
        match sign {
            '[' | '(' => {
                depth += 1;
                let word = text[..at].rsplit([',', '[', '(', ' ', '\n', '\r', '\t']).next();
                if depth == 2 && matches!(word, Some("AUTHORITY" | "ID")) {
                    found = Some(&text[at + 1..]);
                }
            }
            ']' | ')' => depth -= 1,
            _ => {}
        }
    }
    let inner = found?.split([']', ')']).next()?;
    let (organization, number) = inner.split_once(',')?;
    let number = number.split(',').next()?.trim().trim_matches('"');
    (organization.trim().trim_matches('"') == "EPSG").then(|| number.parse().ok())?
}

/// A system by its name, as ESRI, the EPSG register and Kartverket write it.
fn from_title(name: &str) -> Option<Crs> {
    let plain: String =
        name.to_ascii_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
    Some(match plain.as_str() {
        "etrs89" | "gcsetrs1989" | "etrs1989" | "euref89" | "gcseuref89" => Crs::Etrs89,
        "wgs84" | "gcswgs1984" | "wgs1984" | "wgs84crs84" => Crs::Wgs84,
        _ => {
            let zone = plain.strip_suffix('n').unwrap_or(&plain);
            let of_etrs = ["etrs89", "etrs1989", "euref89", "etrs89etrs89", "etrs89norway"];
            let of_etrs = |rest: &str| of_etrs.contains(&rest);
            let zoned = |number: &str| {
                let before = zone.strip_suffix(number)?;
                let before = ["utmzone", "utmsone", "utm"]
                    .into_iter()
                    .find_map(|word| before.strip_suffix(word))?;
                of_etrs(before).then_some(())
            };
            match (zoned("32"), zoned("33"), zoned("35")) {
                (Some(()), _, _) => Crs::Utm32,
                (_, Some(()), _) => Crs::Utm33,
                (_, _, Some(())) => Crs::Utm35,
                _ => return None,
            }
        }
    })
}

/// Reads the `crs` of GeoParquet; outer `None` where the file says that it is not known.
pub(crate) fn from_projjson(crs: Option<&Value>) -> Result<Option<Crs>, LayerError> {
    let crs = match crs {
        // What the standard says of a file that is silent.
        None => return Ok(Some(Crs::Wgs84)),
        Some(Value::Null) => return Ok(None),
        Some(crs) => crs,
    };
    if let Some(text) = crs.as_str() {
        let is_wkt = text.contains('[');
        let read = if is_wkt { from_wkt(text)? } else { from_name(text)?.crs };
        return Ok(Some(read));
    }
    let name = crs["name"].as_str().unwrap_or_default();
    let id = &crs["id"];
    let code = id["code"].as_u64().map(|code| code.to_string());
    let code = code.or_else(|| id["code"].as_str().map(str::to_owned));
    if let Some(code) = code {
        let organization = id["authority"].as_str().unwrap_or_default();
        return Ok(Some(from_name(&format!("{organization}:{code}"))?.crs));
    }
    let known = from_title(name);
    known.map(Some).ok_or_else(|| LayerError::UnknownSystem { found: name.to_owned() })
}

/// The `crs` of GeoParquet for a system: as PROJ writes it, without what no reader needs.
pub(crate) fn to_projjson(crs: Crs) -> Value {
    let id = serde_json::json!({ "authority": "EPSG", "code": crs.epsg() });
    let degrees = |name: &str, short: &str, direction: &str| {
        serde_json::json!({
            "name": name, "abbreviation": short, "direction": direction, "unit": "degree"
        })
    };
    let ellipsoid = serde_json::json!({
        "name": "GRS 1980", "semi_major_axis": 6378137, "inverse_flattening": 298.257222101
    });
    let datum = match crs {
        Crs::Wgs84 => serde_json::json!({
            "type": "GeodeticReferenceFrame",
            "name": "World Geodetic System 1984",
            "ellipsoid": {
                "name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563
            }
        }),
        _ => serde_json::json!({
            "type": "GeodeticReferenceFrame",
            "name": "European Terrestrial Reference System 1989",
            "ellipsoid": ellipsoid
        }),
    };
    let axes = serde_json::json!({
        "subtype": "ellipsoidal",
        "axis": [
            degrees("Geodetic latitude", "Lat", "north"),
            degrees("Geodetic longitude", "Lon", "east")
        ]
    });
    let name = if crs == Crs::Wgs84 { "WGS 84" } else { "ETRS89" };
    let geographic = serde_json::json!({
        "type": "GeographicCRS", "name": name, "datum": datum, "coordinate_system": axes
    });
    let schema = "https://proj.org/schemas/v0.7/projjson.schema.json";
    let mut whole = match crs {
        Crs::Etrs89 | Crs::Wgs84 => geographic,
        Crs::Utm32 => utm(32, 9, geographic),
        Crs::Utm33 => utm(33, 15, geographic),
        Crs::Utm35 => utm(35, 27, geographic),
    };
    whole["$schema"] = schema.into();
    whole["id"] = id;
    whole
}

/// A zone of UTM in ETRS89.
fn utm(zone: u32, meridian: u32, base: Value) -> Value {
    let parameter = |name: &str, value: f64, unit: &str, code: u32| {
        serde_json::json!({
            "name": name, "value": value, "unit": unit,
            "id": { "authority": "EPSG", "code": code }
        })
    };
    let axis = |name: &str, short: &str, direction: &str| {
        serde_json::json!({
            "name": name, "abbreviation": short, "direction": direction, "unit": "metre"
        })
    };
    serde_json::json!({
        "type": "ProjectedCRS",
        "name": format!("ETRS89 / UTM zone {zone}N"),
        "base_crs": base,
        "conversion": {
            "name": format!("UTM zone {zone}N"),
            "method": {
                "name": "Transverse Mercator", "id": { "authority": "EPSG", "code": 9807 }
            },
            "parameters": [
                parameter("Latitude of natural origin", 0.0, "degree", 8801),
                parameter("Longitude of natural origin", f64::from(meridian), "degree", 8802),
                parameter("Scale factor at natural origin", 0.9996, "unity", 8805),
                parameter("False easting", 500_000.0, "metre", 8806),
                parameter("False northing", 0.0, "metre", 8807)
            ]
        },
        "coordinate_system": {
            "subtype": "Cartesian",
            "axis": [axis("Easting", "E", "east"), axis("Northing", "N", "north")]
        }
    })
}

/// Whether a coordinate can be one of the system; what it looks like otherwise.
pub(crate) fn fits(crs: Crs, x: f64, y: f64) -> Result<(), Option<u32>> {
    let fits = if crs.is_geographic() {
        // Rounding may carry a point on the edge of the world a little over it.
        x.abs() <= 180.000_001 && y.abs() <= 90.000_001
    } else {
        x.abs() <= 2.0e7 && y.abs() <= 2.1e7
    };
    if fits && x.is_finite() && y.is_finite() {
        return Ok(());
    }
    let looks_like = match crs::suspect(crs, Coord { x, y }) {
        Some(Suspicion::Misread(readings)) => readings.first().map(|reading| reading.crs.epsg()),
        _ => None,
    };
    Err(looks_like.filter(|epsg| *epsg != crs.epsg()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_decides_which_axis_comes_first() {
        let said = |name: &str| match from_name(name) {
            Ok(named) => format!("{} {:?}", named.crs.epsg(), named.order),
            Err(error) => error.to_string(),
        };
        assert_eq!(said("EPSG:4258"), "4258 EastFirst");
        assert_eq!(said("urn:ogc:def:crs:EPSG::4258"), "4258 NorthFirst");
        assert_eq!(said("urn:ogc:def:crs:EPSG:6.9:4326"), "4326 NorthFirst");
        assert_eq!(said("urn:x-ogc:def:crs:EPSG:4326"), "4326 NorthFirst");
        assert_eq!(said("http://www.opengis.net/def/crs/EPSG/0/4326"), "4326 NorthFirst");
        assert_eq!(said("https://www.opengis.net/def/crs/EPSG/0/25833"), "25833 EastFirst");
        assert_eq!(said("http://www.opengis.net/gml/srs/epsg.xml#4326"), "4326 EastFirst");
        assert_eq!(said("urn:ogc:def:crs:OGC:1.3:CRS84"), "4326 EastFirst");
        assert_eq!(said("urn:ogc:def:crs,crs:EPSG::25833,crs:EPSG::5941"), "25833 EastFirst");
        assert_eq!(said("EPSG:25832+5941"), "25832 EastFirst");
        assert_eq!(said("http://www.opengis.net/def/crs/EPSG/0/5972"), "25832 EastFirst");
        assert_eq!(said("EPSG:3857"), "the coordinate system `EPSG:3857` is not known here");
        assert_eq!(said("ESRI:4326"), "the coordinate system `ESRI:4326` is not known here");
    }

    #[test]
    fn projection_files_of_esri_and_gdal_are_understood() {
        let esri = "PROJCS[\"ETRS_1989_UTM_Zone_33N\",GEOGCS[\"GCS_ETRS_1989\",DATUM[\"D_ETRS_1989\",\
            SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],\
            UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],UNIT[\"Meter\",1.0]]";
        assert_eq!(from_wkt(esri).expect("known"), Crs::Utm33);
        let ogc = "PROJCS[\"noe annet\",GEOGCS[\"ETRS89\",AUTHORITY[\"EPSG\",\"4258\"]],\
            AUTHORITY[\"EPSG\",\"25832\"]]";
        assert_eq!(from_wkt(ogc).expect("known"), Crs::Utm32);
        let newer = "GEOGCRS[\"x\",DATUM[\"y\",ID[\"EPSG\",6258]],ID[\"EPSG\",4258]]";
        assert_eq!(from_wkt(newer).expect("known"), Crs::Etrs89);
        assert_eq!(from_wkt("GEOGCS[\"GCS_WGS_1984\",DATUM[]]").expect("known"), Crs::Wgs84);
        let other = "PROJCS[\"WGS_1984_UTM_Zone_33N\",GEOGCS[\"GCS_WGS_1984\"]]";
        assert!(matches!(from_wkt(other), Err(LayerError::UnknownSystem { .. })));
    }

    #[test]
    fn what_is_written_is_understood() {
        for crs in [Crs::Etrs89, Crs::Wgs84, Crs::Utm32, Crs::Utm33, Crs::Utm35] {
            assert_eq!(from_projjson(Some(&to_projjson(crs))).expect("known"), Some(crs));
        }
    }
}
