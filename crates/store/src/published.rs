//! From a figure on today's map back to the figures that were published on the map of their year.

use rusqlite::{Connection, Row};

use crate::{AsPublished, PublishedPart, StoreError, ValueStatus};

/// The published figures that went into one of today's, each with the share that did.
///
/// The oldest map that is known has to do for the years before it.
const PARTS: &str = "
    SELECT region_code, coalesce(
            (SELECT min(old_name) FROM region_change WHERE old_code = region_code),
            (SELECT name FROM municipality WHERE municipality_code = region_code), ''),
        published.year, value, status, share_to - share_from, kind, basis
    FROM published JOIN measure USING (measure_id)
    JOIN region_conversion ON from_code = region_code
        AND from_year = max(published.year, (SELECT min(year) FROM region_year))
        AND to_year = (SELECT max(to_year) FROM region_part)
    WHERE measure = ?1 AND to_code = ?2 AND period = ?3
    ORDER BY region_code, share_from";

/// The figure itself, and the share of it that was modelled.
const FIGURE: &str = "
    SELECT figure.value, modelled_share
    FROM figure JOIN measure USING (measure_id)
    LEFT JOIN modelled USING (measure_id, municipality_code, year, period)
    WHERE measure = ?1 AND municipality_code = ?2 AND period = ?3";

pub(crate) fn of_figure(
    connection: &Connection,
    key: [&str; 3],
) -> Result<AsPublished, StoreError> {
    let run = || {
        let mut parts = connection.prepare(PARTS)?;
        let parts = parts.query_map(key, part)?.collect::<rusqlite::Result<Vec<_>>>()?;
        let figure = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(Option<f64>, Option<f64>)> =
            connection.prepare(FIGURE)?.query_map(key, figure)?.next().transpose()?;
        Ok((parts, found.unwrap_or_default()))
    };
    let (mut parts, (value, modelled_share)) =
        run().map_err(StoreError::engine("reading unconverted figures"))?;
    // A base that divides by more than one share for all: what went here says it best.
    if let ([part], Some(value)) = (&mut parts[..], value)
        && let Some(whole) = part.value.filter(|whole| *whole != 0.0)
        && part.kind == "split"
    {
        part.share = value / whole;
    }
    Ok(AsPublished { parts, modelled_share })
}

fn part(row: &Row<'_>) -> rusqlite::Result<PublishedPart> {
    let status: String = row.get(4)?;
    Ok(PublishedPart {
        region_code: row.get(0)?,
        name: row.get(1)?,
        map_year: row.get(2)?,
        value: row.get(3)?,
        status: status.parse().unwrap_or(ValueStatus::NotPublished),
        share: row.get(5)?,
        kind: row.get(6)?,
        basis: row.get(7)?,
    })
}
