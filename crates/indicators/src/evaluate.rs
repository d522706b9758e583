//! Runs indicators and keeps the promise that a gap is not a zero.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

use store::{Rows, Session, Snapshot, Value, ValueStatus};

use crate::error::IndicatorError;
use crate::pack::{Indicator, NationalBasis, Pack};

/// The values of all indicators that were asked for.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    /// Codes of the municipalities, in rising order; every series has this order.
    pub municipalities: Vec<String>,
    /// Series by indicator id.
    pub series: BTreeMap<String, Series>,
}

/// One indicator for all municipalities.
#[derive(Debug, Clone)]
pub struct Series {
    /// Whether there is anything to show, and if not, why.
    pub availability: Availability,
    /// One observation per municipality.
    pub observations: Vec<Observation>,
    /// The country's value: the mean weighted by the indicator's own weight.
    pub national: Option<f64>,
    /// Newest period with a value.
    pub newest_period: Option<String>,
}

/// Whether an indicator has figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// At least one municipality has a value.
    Available,
    /// These measures are not in the snapshot.
    MeasuresMissing(Vec<String>),
    /// The measures are there, but no municipality gets a value from them.
    NoValues,
}

/// What is known of one indicator in one municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Value; `None` exactly when the status is a gap.
    pub value: Option<f64>,
    /// How good the value is, or why there is none.
    pub status: ValueStatus,
    /// Period of the value or of the gap.
    pub period: Option<String>,
}

impl Evaluation {
    /// Runs the indicators named in `ids` on a snapshot.
    ///
    /// Figures about places outside the snapshot's municipalities (Svalbard,
    /// dissolved codes) are passed over.
    ///
    /// # Errors
    ///
    /// SQL that does not run; a row with a value and a gap status, or a gap and
    /// a value status; a value outside the indicator's valid range, the usual
    /// sign of a changed unit.
    pub fn run(pack: &Pack, snapshot: &Snapshot, ids: &[&str]) -> Result<Self, IndicatorError> {
        let municipalities: Vec<String> =
            snapshot.municipalities()?.into_iter().map(|place| place.municipality_code).collect();
        let present: BTreeSet<String> =
            snapshot.measures()?.into_iter().map(|measure| measure.measure).collect();
        let session = snapshot.session()?;
        let mut series = BTreeMap::new();
        for id in ids {
            let Some(indicator) = pack.indicators.get(*id) else { continue };
            let found = evaluate(indicator, &session, &present, &municipalities)?;
            series.insert((*id).to_owned(), found);
        }
        Ok(Self { municipalities, series })
    }
}

fn evaluate(
    indicator: &Indicator,
    session: &Session,
    present: &BTreeSet<String>,
    municipalities: &[String],
) -> Result<Series, IndicatorError> {
    let missing: Vec<String> =
        indicator.inputs.iter().filter(|input| !present.contains(*input)).cloned().collect();
    if !missing.is_empty() {
        let nothing = Observation { value: None, status: ValueStatus::NotCollected, period: None };
        return Ok(Series {
            availability: Availability::MeasuresMissing(missing),
            observations: vec![nothing; municipalities.len()],
            national: None,
            newest_period: None,
        });
    }
    let rows = session.rows(&indicator.sql).map_err(|source| IndicatorError::Sql {
        indicator: indicator.id.clone(),
        source,
    })?;
    Ok(series(indicator, &read_rows(indicator, rows)?, municipalities))
}

/// One row of an indicator's answer.
struct Row {
    municipality_code: String,
    period: String,
    value: Option<f64>,
    status: ValueStatus,
    weight: Option<f64>,
}

fn read_rows(indicator: &Indicator, rows: Rows) -> Result<Vec<Row>, IndicatorError> {
    let column = |name: &str| rows.columns.iter().position(|column| column == name);
    let needed = |name: &str| {
        column(name).ok_or_else(|| {
            IndicatorError::file(&indicator.file, 1, format!("the SQL returns no column `{name}`"))
        })
    };
    let (code, period) = (needed("municipality_code")?, needed("period")?);
    let (value, status) = (needed("value")?, needed("status")?);
    let weight = match indicator.national {
        NationalBasis::None => None,
        _ => Some(needed("weight")?),
    };
    let mut read = Vec::with_capacity(rows.rows.len());
    for row in rows.rows {
        let mut found = Row {
            municipality_code: text(&row[code]),
            period: text(&row[period]),
            value: number(&row[value]),
            status: ValueStatus::NotPublished,
            weight: weight.and_then(|weight| number(&row[weight])),
        };
        let stated = text(&row[status]);
        // A join that finds nothing has no status: the source does not list the place.
        if !stated.is_empty() {
            found.status = ValueStatus::from_str(&stated)
                .map_err(|_| row_fault(indicator, &found, format!("unknown status `{stated}`")))?;
        }
        check_row(indicator, &found)?;
        read.push(found);
    }
    Ok(read)
}

fn check_row(indicator: &Indicator, row: &Row) -> Result<(), IndicatorError> {
    let range = indicator.valid;
    let problem = match row.value {
        Some(value) if row.status.is_gap() => {
            format!("the value {value} has the gap status `{}`", row.status.as_str())
        }
        None if !row.status.is_gap() => {
            format!("a gap has the value status `{}`", row.status.as_str())
        }
        Some(value) if !(range.min..=range.max).contains(&value) => {
            format!("the value {value} is outside {} to {}", range.min, range.max)
        }
        _ => return Ok(()),
    };
    Err(row_fault(indicator, row, problem))
}

fn row_fault(indicator: &Indicator, row: &Row, problem: String) -> IndicatorError {
    IndicatorError::Row {
        indicator: indicator.id.clone(),
        municipality_code: row.municipality_code.clone(),
        period: row.period.clone(),
        problem,
    }
}

fn series(indicator: &Indicator, rows: &[Row], municipalities: &[String]) -> Series {
    let newest = rows.iter().filter(|row| row.value.is_some()).map(|row| row.period.as_str()).max();
    let oldest_year = newest.map_or(i64::MIN, |period| year(period) - indicator.look_back_years);
    let in_time = |row: &&Row| match newest {
        Some(newest) if indicator.look_back_years == 0 => row.period == newest,
        _ => year(&row.period) >= oldest_year,
    };
    let mut best: HashMap<&str, &Row> = HashMap::new();
    for row in rows.iter().filter(in_time) {
        let better = |old: &&Row| {
            (row.value.is_some(), &row.period) > (old.value.is_some(), &old.period)
        };
        match best.get(row.municipality_code.as_str()) {
            Some(old) if !better(old) => {}
            _ => {
                best.insert(&row.municipality_code, row);
            }
        }
    }
    let observations: Vec<Observation> = municipalities
        .iter()
        .map(|code| match best.get(code.as_str()) {
            Some(row) => Observation {
                value: row.value,
                status: row.status,
                period: Some(row.period.clone()),
            },
            None => Observation {
                value: None,
                status: ValueStatus::NotPublished,
                period: newest.map(str::to_owned),
            },
        })
        .collect();
    let availability = if observations.iter().any(|observation| observation.value.is_some()) {
        Availability::Available
    } else {
        Availability::NoValues
    };
    let counted = municipalities.iter().filter_map(|code| best.get(code.as_str()).copied());
    Series {
        availability,
        national: weighted_mean(counted),
        observations,
        newest_period: newest.map(str::to_owned),
    }
}

/// Returns Σ value·weight ÷ Σ weight over the rows that have both.
fn weighted_mean<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for row in rows {
        if let (Some(value), Some(weight)) = (row.value, row.weight) {
            sum += value * weight;
            weights += weight;
        }
    }
    (weights > 0.0).then(|| sum / weights)
}

fn year(period: &str) -> i64 {
    period.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0)
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Real(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}
