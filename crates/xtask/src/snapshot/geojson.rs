//! Regions from a GeoJSON file, for a snapshot to develop with.
//!
//! The product reads boundaries in `layers`; this reader knows the files at hand and no more.

use std::path::Path;

use anyhow::Context;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use places::Region;
use places::crs::Crs;
use serde_json::Value;

/// Where the files at hand keep a municipality's code and name.
const CODES: [&str; 4] = ["kommunenummer", "KOMMUNENR", "code", "id"];
const NAMES: [&str; 5] = ["kommunenavn", "navn", "NAVN", "name", "code"];

/// Reads the regions and the system that the file names; WGS 84 where it names none.
pub(super) fn read(path: &Path) -> anyhow::Result<(Vec<Region>, Crs)> {
    let bytes = std::fs::read(path).with_context(|| format!("reading `{}`", path.display()))?;
    let file: Value = serde_json::from_slice(&bytes)?;
    let named = file["crs"]["properties"]["name"].as_str().and_then(|name| name.rsplit(':').next());
    let crs = named.and_then(|epsg| Crs::from_epsg(epsg.parse().ok()?)).unwrap_or(Crs::Wgs84);
    let features = file["features"].as_array().context("the file has no features")?;
    let regions = features.iter().map(region).collect::<anyhow::Result<_>>()?;
    Ok((regions, crs))
}

fn region(feature: &Value) -> anyhow::Result<Region> {
    let code = property(feature, &CODES).context("a feature has no code")?;
    let coordinates = &feature["geometry"]["coordinates"];
    let polygons = match feature["geometry"]["type"].as_str() {
        Some("Polygon") => vec![polygon(coordinates)],
        Some("MultiPolygon") => coordinates.as_array().into_iter().flatten().map(polygon).collect(),
        other => anyhow::bail!("`{code}` is a {other:?}"),
    };
    Ok(Region {
        code: format!("{code:0>4}"),
        name: property(feature, &NAMES).unwrap_or_default(),
        shape: MultiPolygon(polygons),
    })
}

fn property(feature: &Value, names: &[&str]) -> Option<String> {
    let values = names.iter().map(|name| &feature["properties"][name]);
    let texts = values.filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.into_iter().next()
}

fn polygon(rings: &Value) -> Polygon<f64> {
    let mut rings = rings.as_array().into_iter().flatten().map(ring);
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

fn ring(positions: &Value) -> LineString<f64> {
    let coordinate = |position: &Value| {
        Some(Coord { x: position[0].as_f64()?, y: position[1].as_f64()? })
    };
    LineString(positions.as_array().into_iter().flatten().filter_map(coordinate).collect())
}
