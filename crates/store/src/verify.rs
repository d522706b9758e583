use rusqlite::Connection;
use serde::Serialize;

use crate::checksum::{FigureChecksum, FigureLine};
use crate::engine::{records, single};
use crate::{StoreError, ValueStatus, seal};

/// The outcome of checking a whole snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The seal written in the snapshot.
    pub seal: String,
    /// Measures whose checksum was worked out again.
    pub measures: u32,
    /// Figures that were read.
    pub figures: u64,
    /// What is wrong, one sentence each; empty when the snapshot is whole.
    pub problems: Vec<String>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }
}

pub(crate) fn verify(
    bytes: &[u8],
    seal: &str,
    connect: &dyn Fn() -> Result<Connection, StoreError>,
) -> Verification {
    let mut verification =
        Verification { seal: seal.to_owned(), measures: 0, figures: 0, problems: Vec::new() };
    match seal::compare(bytes) {
        Ok(comparison) if comparison.computed != seal => verification.problems.push(format!(
            "the checksum of the file should be `{seal}` and is `{}`",
            comparison.computed
        )),
        Ok(_) => {}
        Err(seals) => verification.problems.push(format!("expected one seal, found {seals}")),
    }
    // On damaged pages the engine itself may give up; that is a finding, not an error.
    if let Err(error) = connect().and_then(|connection| inside(&connection, &mut verification)) {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        verification.problems.push(format!("{error}{}", cause.unwrap_or_default()));
    }
    verification
}

fn inside(connection: &Connection, verification: &mut Verification) -> Result<(), StoreError> {
    let findings: Vec<String> = records(connection, "PRAGMA integrity_check", |row| row.get(0))?;
    verification.problems.extend(findings.into_iter().filter(|finding| finding != "ok"));
    let gaps: Vec<String> = ValueStatus::ALL
        .into_iter()
        .filter(|status| status.is_gap())
        .map(|status| format!("'{status}'"))
        .collect();
    let known = ValueStatus::ALL.map(|status| format!("'{status}'"));
    let broken: i64 = single(
        connection,
        &format!(
            "SELECT count(*) FROM figure
                WHERE status NOT IN ({}) OR (value IS NULL) <> (status IN ({}))",
            known.join(", "),
            gaps.join(", ")
        ),
        |row| row.get(0),
    )?;
    if broken > 0 {
        verification.problems.push(format!(
            "{broken} figures have a gap with a value, a value without one, or an unknown status"
        ));
    }
    regions(connection, verification)?;
    checksums(connection, verification)
}

/// Unconverted figures and modelled shares contradict nothing.
fn regions(connection: &Connection, verification: &mut Verification) -> Result<(), StoreError> {
    let checks = [
        (
            "unconverted figures have a gap with a value, or a value without one",
            "SELECT count(*) FROM published WHERE (value IS NULL)
                <> (status IN ('suppressed', 'not_applicable', 'not_published', 'not_collected'))",
        ),
        (
            "modelled shares belong to no value",
            "SELECT count(*) FROM modelled LEFT JOIN figure
                USING (measure_id, municipality_code, year, period) WHERE figure.value IS NULL",
        ),
        (
            "regions have shares that do not add up to 1",
            "SELECT count(*) FROM (SELECT 1 FROM region_conversion
                GROUP BY from_year, to_year, from_code
                HAVING abs(sum(share_to - share_from) - 1) > 1e-9)",
        ),
    ];
    for (what, sql) in checks {
        let broken: i64 = single(connection, sql, |row| row.get(0))?;
        if broken > 0 {
            verification.problems.push(format!("{broken} {what}"));
        }
    }
    Ok(())
}

fn checksums(connection: &Connection, verification: &mut Verification) -> Result<(), StoreError> {
    let measures = records(
        connection,
        "SELECT measure_id, measure, checksum FROM measure ORDER BY measure",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)),
    )?;
    for (measure_id, measure, expected) in measures {
        let (found, figures) = checksum(connection, measure_id)?;
        verification.measures += 1;
        verification.figures += figures;
        if found != expected {
            verification.problems.push(format!(
                "the checksum of `{measure}` should be `{expected}` and is `{found}`"
            ));
        }
    }
    Ok(())
}

fn checksum(connection: &Connection, measure_id: i64) -> Result<(String, u64), StoreError> {
    let run = || {
        let mut checksum = FigureChecksum::default();
        let mut figures = 0;
        let mut statement = connection.prepare(
            "SELECT figure.municipality_code, figure.period, figure.value, figure.status, source.source
                FROM figure JOIN source USING (source_id) WHERE figure.measure_id = ?1
                ORDER BY figure.period, figure.municipality_code",
        )?;
        let mut rows = statement.query([measure_id])?;
        while let Some(row) = rows.next()? {
            checksum.add(&FigureLine {
                municipality_code: row.get_ref(0)?.as_str()?,
                period: row.get_ref(1)?.as_str()?,
                value: row.get(2)?,
                status: row.get_ref(3)?.as_str()?,
                source: row.get_ref(4)?.as_str()?,
            });
            figures += 1;
        }
        Ok((checksum.finish(), figures))
    };
    run().map_err(StoreError::engine("working out a checksum"))
}
