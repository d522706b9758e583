//! Runs indicators and keeps the promise that a gap is not a zero.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

use store::{Municipality, Rows, Session, Snapshot, Value, ValueStatus};

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
        let places = snapshot.municipalities()?;
        let run = Run::new(pack, snapshot, &places)?;
        let series = run.each(ids, &|indicator, session| run.evaluate(indicator, session))?;
        let municipalities = places.into_iter().map(|place| place.municipality_code).collect();
        Ok(Self { municipalities, series })
    }

    /// Runs the indicators once and tells, for every year that has a figure, what was known then:
    /// the newest figures up to that year, by the rule that [`Evaluation::run`] goes by.
    ///
    /// So the last year is what [`Evaluation::run`] gives.
    ///
    /// # Errors
    ///
    /// As [`Evaluation::run`].
    pub fn over_years(
        pack: &Pack,
        snapshot: &Snapshot,
        ids: &[&str],
    ) -> Result<BTreeMap<i32, Self>, IndicatorError> {
        let places = snapshot.municipalities()?;
        let run = Run::new(pack, snapshot, &places)?;
        let mut rows = run.each(ids, &|indicator, session| run.rows(indicator, session))?;
        for rows in rows.values_mut().flatten() {
            rows.sort_by_key(|row| year(&row.period));
        }
        let with_value = rows.values().flatten().flatten().filter(|row| row.value.is_some());
        let years: BTreeSet<i64> =
            with_value.map(|row| year(&row.period)).filter(|year| *year > 0).collect();
        let municipalities: Vec<String> =
            places.iter().map(|place| place.municipality_code.clone()).collect();
        let until = |limit: i64| {
            let known = rows.iter().filter_map(|(id, rows)| {
                let indicator = pack.indicators.get(id)?;
                let series = match rows {
                    None => run.absent(indicator),
                    Some(rows) => {
                        let end = rows.partition_point(|row| year(&row.period) <= limit);
                        run.series(indicator, &rows[..end])
                    }
                };
                Some((id.clone(), series))
            });
            Self { municipalities: municipalities.clone(), series: known.collect() }
        };
        let by_year = years.iter().filter_map(|year| Some((i32::try_from(*year).ok()?, *year)));
        Ok(by_year.map(|(key, year)| (key, until(year))).collect())
    }
}

impl<'a> Run<'a> {
    fn new(
        pack: &'a Pack,
        snapshot: &'a Snapshot,
        places: &'a [Municipality],
    ) -> Result<Self, IndicatorError> {
        let present = snapshot
            .measures()?
            .into_iter()
            .map(|measure| (measure.measure, year(&measure.latest_period)))
            .collect();
        Ok(Self { pack, snapshot, present, places })
    }

    /// Does `work` for every indicator, several at a time, each on a connection of its worker.
    fn each<T: Send>(
        &self,
        ids: &[&str],
        work: &(dyn Fn(&Indicator, &Session) -> Result<T, IndicatorError> + Sync),
    ) -> Result<BTreeMap<String, T>, IndicatorError> {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Neighbours in the list cost alike; dealing them out keeps the workers level.
        let hands: Vec<Vec<&str>> = (0..workers)
            .map(|worker| ids.iter().skip(worker).step_by(workers).copied().collect())
            .collect();
        let parts: Vec<Result<Vec<(String, T)>, IndicatorError>> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                hands.iter().map(|hand| scope.spawn(|| self.all_of(hand, work))).collect();
            threads
                .into_iter()
                .map(|thread| {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        let mut all = BTreeMap::new();
        for part in parts {
            all.extend(part?);
        }
        Ok(all)
    }
}

/// What every indicator is run against.
struct Run<'a> {
    pack: &'a Pack,
    snapshot: &'a Snapshot,
    /// Measures of the snapshot with the year of their newest figure.
    present: BTreeMap<String, i64>,
    places: &'a [Municipality],
}

impl Run<'_> {
    /// Does the work of several indicators on one connection.
    fn all_of<T>(
        &self,
        ids: &[&str],
        work: &(dyn Fn(&Indicator, &Session) -> Result<T, IndicatorError> + Sync),
    ) -> Result<Vec<(String, T)>, IndicatorError> {
        let session = self.snapshot.session()?;
        let known = ids.iter().filter_map(|id| self.pack.indicators.get(*id));
        known.map(|indicator| Ok((indicator.id.clone(), work(indicator, &session)?))).collect()
    }

    fn evaluate(&self, indicator: &Indicator, session: &Session) -> Result<Series, IndicatorError> {
        Ok(match self.rows(indicator, session)? {
            None => self.absent(indicator),
            Some(rows) => self.series(indicator, &rows),
        })
    }

    /// Runs an indicator's SQL; `None` where its measures are not in the snapshot.
    fn rows(
        &self,
        indicator: &Indicator,
        session: &Session,
    ) -> Result<Option<Vec<Row>>, IndicatorError> {
        if !self.missing(indicator).is_empty() {
            return Ok(None);
        }
        let rows = session
            .rows(&indicator.sql)
            .map_err(|source| IndicatorError::Sql { indicator: indicator.id.clone(), source })?;
        read_rows(indicator, rows).map(Some)
    }

    fn missing(&self, indicator: &Indicator) -> Vec<String> {
        let absent = |input: &&String| !self.present.contains_key(*input);
        indicator.inputs.iter().filter(absent).cloned().collect()
    }

    /// What is known of an indicator whose measures are not in the snapshot.
    fn absent(&self, indicator: &Indicator) -> Series {
        let nothing = Observation { value: None, status: ValueStatus::NotCollected, period: None };
        Series {
            availability: Availability::MeasuresMissing(self.missing(indicator)),
            observations: vec![nothing; self.places.len()],
            national: None,
            newest_period: None,
        }
    }

    /// Returns why a municipality has no row: nobody asked for it, or nobody published it.
    fn status_without_row(&self, indicator: &Indicator, place: &Municipality) -> ValueStatus {
        let measures = indicator.inputs.iter().filter_map(|input| self.pack.measures.get(input));
        let mut extracts = measures.map(|measure| &measure.collected_counties);
        let outside =
            |counties: &Vec<String>| !counties.is_empty() && !counties.contains(&place.county_code);
        if extracts.any(outside) { ValueStatus::NotCollected } else { ValueStatus::NotPublished }
    }
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

impl Run<'_> {
    fn series(&self, indicator: &Indicator, rows: &[Row]) -> Series {
        let newest = rows.iter().filter(|row| row.value.is_some()).map(|row| &*row.period).max();
        let best = newest_rows(indicator, rows, newest);
        let observations: Vec<Observation> = self
            .places
            .iter()
            .map(|place| match best.get(place.municipality_code.as_str()) {
                Some(row) => Observation {
                    value: row.value,
                    status: row.status,
                    period: Some(row.period.clone()),
                },
                None => Observation {
                    value: None,
                    status: self.status_without_row(indicator, place),
                    period: newest.map(str::to_owned),
                },
            })
            .collect();
        let has_value = |observation: &Observation| observation.value.is_some();
        let counted = |place: &Municipality| best.get(place.municipality_code.as_str()).copied();
        Series {
            availability: if observations.iter().any(has_value) {
                Availability::Available
            } else {
                Availability::NoValues
            },
            national: weighted_mean(self.places.iter().filter_map(counted)),
            observations,
            newest_period: newest.map(str::to_owned),
        }
    }
}

/// Picks each municipality's row: the newest value not too old, else the newest gap.
fn newest_rows<'a>(
    indicator: &Indicator,
    rows: &'a [Row],
    newest: Option<&str>,
) -> HashMap<&'a str, &'a Row> {
    let oldest_year = newest.map_or(i64::MIN, |period| year(period) - indicator.look_back_years);
    let in_time = |row: &&Row| match newest {
        Some(newest) if indicator.look_back_years == 0 => row.period == newest,
        _ => year(&row.period) >= oldest_year,
    };
    let order = |row: &Row| (row.value.is_some(), row.period.clone());
    let mut best: HashMap<&str, &Row> = HashMap::new();
    for row in rows.iter().filter(in_time) {
        let held = best.get(row.municipality_code.as_str());
        if held.is_none_or(|held| order(row) > order(held)) {
            best.insert(&row.municipality_code, row);
        }
    }
    best
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
