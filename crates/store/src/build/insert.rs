//! Inserts checked content, in the order in which it comes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::content::{AS_PUBLISHED, Content, KeyedFigure, key};
use super::geopackage::point;
use crate::{seal, snapshot::FORMAT_VERSION};

pub(super) fn properties(
    connection: &Connection,
    properties: &BTreeMap<&str, &str>,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare("INSERT INTO snapshot_property VALUES (?1, ?2)")?;
    for (key, value) in properties {
        insert.execute(params![key, value])?;
    }
    insert.execute(params!["format_version", FORMAT_VERSION.to_string()])?;
    insert.execute(params!["seal", seal::blank()])?;
    Ok(())
}

pub(super) fn content(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    sources(connection, content)?;
    measures(connection, content)?;
    municipalities(connection, content)?;
    figures(connection, "figure", &content.figures)?;
    region_changes(connection, content)?;
    region_conversions(connection, content)?;
    figures(connection, "published", &content.published)?;
    modelled(connection, content)?;
    views_as_published(connection, content)?;
    grunnkretser(connection, content)
}

fn sources(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare("INSERT INTO source VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (position, source) in content.sources.iter().enumerate() {
        insert.execute(params![
            key(position),
            source.source,
            source.publisher,
            source.title,
            source.licence,
            source.reference_date,
            source.retrieved_via,
        ])?;
    }
    Ok(())
}

fn measures(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO measure VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    for (position, measure) in content.measures.iter().enumerate() {
        insert.execute(params![
            key(position),
            measure.measure,
            measure.title_nb,
            measure.title_en,
            measure.unit,
            measure.definition,
            measure.publisher,
            measure.table_or_page,
            measure.licence,
            measure.reference_period,
            measure.latest_period,
            measure.coverage_latest,
            measure.direction_hint,
            measure.caveat,
            measure.source,
            content.checksums[position],
        ])?;
        // The name has been checked: lower-case letters, digits and `_`.
        connection.execute_batch(&format!(
            "CREATE VIEW \"{}\" AS SELECT municipality_code, period, year, value, status
FROM figure WHERE measure_id = {}",
            measure.measure,
            key(position)
        ))?;
    }
    Ok(())
}

fn municipalities(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO municipality VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for (position, municipality) in content.municipalities.iter().enumerate() {
        insert.execute(params![
            key(position),
            point(municipality.longitude, municipality.latitude),
            municipality.municipality_code,
            municipality.name,
            municipality.display_name,
            municipality.alternative_names.join("|"),
            municipality.county_code,
            municipality.county_name,
            municipality.longitude,
            municipality.latitude,
            municipality.total_area_km2,
            municipality.centrality_class,
            municipality.centrality_index,
            municipality.hexagon_column,
            municipality.hexagon_row,
        ])?;
    }
    Ok(())
}

/// Fills one of the two tables of figures, in the order of its key.
fn figures(
    connection: &Connection,
    table: &str,
    figures: &[KeyedFigure<'_>],
) -> rusqlite::Result<()> {
    let sql = format!("INSERT INTO {table} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    let mut insert = connection.prepare(&sql)?;
    let mut by_key: Vec<_> = figures.iter().collect();
    by_key.sort_by_key(|keyed| {
        (keyed.measure_id, &keyed.figure.municipality_code, &keyed.figure.period)
    });
    for keyed in by_key {
        insert.execute(params![
            keyed.measure_id,
            keyed.figure.municipality_code,
            year(&keyed.figure.period),
            keyed.figure.period,
            keyed.figure.value,
            keyed.figure.status.as_str(),
            keyed.source_id,
        ])?;
    }
    Ok(())
}

fn region_changes(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare("INSERT INTO region_change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for (position, change) in content.region_changes.iter().enumerate() {
        insert.execute(params![
            key(position),
            change.old_code,
            change.old_name,
            change.new_code,
            change.new_name,
            change.valid_from,
            change.kind,
            change.weight,
            change.weight_basis,
            change.note,
        ])?;
    }
    Ok(())
}

fn region_conversions(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare("INSERT INTO region_part VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for run in &content.region_runs {
        let one = run.conversion;
        insert.execute(params![
            one.to_year,
            one.from_code,
            one.from_year,
            one.share_from,
            one.share_to,
            run.last_year,
            one.to_code,
            one.kind,
            one.basis,
        ])?;
    }
    let mut insert = connection.prepare("INSERT INTO region_year VALUES (?1)")?;
    for year in &content.region_years {
        insert.execute([year])?;
    }
    Ok(())
}

fn modelled(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert = connection.prepare("INSERT INTO modelled VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (measure_id, entry) in &content.modelled {
        insert.execute(params![
            measure_id,
            entry.municipality_code,
            year(&entry.period),
            entry.period,
            entry.share,
        ])?;
    }
    Ok(())
}

/// A view per measure with unconverted figures: those, and all that needed no conversion.
fn views_as_published(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let Some(map) = content.region_runs.iter().map(|run| run.conversion.to_year).max() else {
        return Ok(());
    };
    let with_any: BTreeSet<i64> = content.published.iter().map(|one| one.measure_id).collect();
    for id in with_any {
        let position = usize::try_from(id - 1).unwrap_or_default();
        let measure = &content.measures[position].measure;
        connection.execute_batch(&format!(
            "CREATE VIEW \"{measure}{AS_PUBLISHED}\" AS
SELECT region_code AS municipality_code, period, year, value, status
FROM published WHERE measure_id = {id}
UNION ALL
SELECT municipality_code, period, year, value, status
FROM figure WHERE measure_id = {id} AND (municipality_code, period) NOT IN (
    SELECT to_code, period FROM published
    JOIN region_part ON from_code = region_code AND to_year = {map}
        AND (year BETWEEN first_year AND last_year
            OR (year < first_year AND first_year = (SELECT min(year) FROM region_year)))
    WHERE measure_id = {id}
)"
        ))?;
    }
    Ok(())
}

fn grunnkretser(connection: &Connection, content: &Content<'_>) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare("INSERT INTO grunnkrets VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (position, grunnkrets) in content.grunnkretser.iter().enumerate() {
        insert.execute(params![
            key(position),
            grunnkrets.grunnkrets_code,
            grunnkrets.name,
            grunnkrets.delomrade_code,
            grunnkrets.municipality_code,
            grunnkrets.kind,
        ])?;
    }
    Ok(())
}

/// The first four digits of a period; a period without them stands before all years.
fn year(period: &str) -> i64 {
    period.get(..4).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
