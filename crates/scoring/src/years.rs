//! A model over the years: scores and ranks year by year, and trends.
//!
//! Value functions with fixed ends (goalposts, anchors, bands, steps) value a
//! figure alike in every year. The others follow the figures at hand: whether
//! of the year alone or of all years together is the caller's choice
//! ([`Scales`]), and it decides what a rising score means.

use crate::model::{Imputation, Model, Problem};
use crate::prepare::panel;
use crate::rank::competition_ranks;
use crate::run::{Matrix, Run};

/// The figures of the same units in several years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    /// Years in rising order.
    pub years: Vec<i32>,
    /// Figures by year; the same units in the same order in each.
    pub matrices: Vec<Matrix>,
}

/// What scales that follow the figures are fitted to, and what the stages before them use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scales {
    /// The figures of the year: a unit is held against the others of its year, and a year in
    /// which all improve looks like any other.
    OfTheYear,
    /// The figures of all years together: scores compare across years, and a new year moves
    /// those before it. Methods that compare units with each other compare every year of each.
    OfAllYears,
}

/// One year's results.
#[derive(Debug, Clone, PartialEq)]
pub struct YearScores {
    /// The year.
    pub year: i32,
    /// Scores by unit; `None` for a unit that is not ranked.
    pub scores: Vec<Option<f64>>,
    /// Places among the units of the year.
    pub ranks: Vec<Option<usize>>,
}

/// One unit in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// The year.
    pub year: i32,
    /// Score; `None` when not ranked.
    pub score: Option<f64>,
    /// Place.
    pub rank: Option<usize>,
    /// How many are ranked in the year.
    pub of: usize,
}

/// How a series moves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Trend {
    /// Compound annual growth rate, as a share: [`panel::yearly_growth`].
    pub cagr: Option<f64>,
    /// Percent of the first year's level by year: [`panel::percent_change`].
    pub percent_a_year: Option<f64>,
    /// Share of the years that have a figure.
    pub available: Option<f64>,
}

/// A unit over the years.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Year by year.
    pub moments: Vec<Moment>,
    /// Of the scores.
    pub trend: Trend,
    /// Places gained from the first year with a rank to the last; below 0 for places lost.
    pub places_gained: Option<i64>,
}

impl Panel {
    /// Checks that years rise and units are the same.
    ///
    /// # Errors
    ///
    /// No years, years that do not rise, a matrix too few or too many, other units in a year.
    pub fn check(&self) -> Result<(), Problem> {
        let (years, matrices) = (self.years.len(), self.matrices.len());
        if years == 0 || years != matrices {
            let english = "there are {years} years and figures of {matrices}; give figures by year";
            let places = [("years", &*years.to_string()), ("matrices", &*matrices.to_string())];
            return Err(Problem::new("years_without_figures", english, &places));
        }
        if let Some(pair) = self.years.windows(2).find(|pair| pair[0] >= pair[1]) {
            let english = "the year {year} stands after {before}; give the years in rising order";
            let places = [("year", &*pair[1].to_string()), ("before", &*pair[0].to_string())];
            return Err(Problem::new("years_out_of_order", english, &places));
        }
        let units = &self.matrices[0].units;
        let others = self.years.iter().zip(&self.matrices);
        match others.into_iter().find(|(_, matrix)| matrix.units != *units) {
            None => Ok(()),
            Some((year, matrix)) => {
                let odd = matrix.units.iter().find(|unit| !units.contains(unit));
                let odd = odd.or_else(|| units.iter().find(|unit| !matrix.units.contains(unit)));
                let unit = odd.or(units.first()).map_or("", String::as_str);
                let english =
                    "the units of {year} are not those of the first year, as `{unit}` shows";
                let places = [("year", &*year.to_string()), ("unit", unit)];
                Err(Problem::new("years_units_differ", english, &places))
            }
        }
    }

    /// Returns a unit's figures of an indicator, year by year.
    pub fn series(&self, indicator: &str, unit: usize) -> Vec<Option<f64>> {
        let figure = |matrix: &Matrix| matrix.columns.get(indicator)?.get(unit).copied().flatten();
        self.matrices.iter().map(figure).collect()
    }

    /// Fills gaps from the unit's other years where the model says so, and marks them.
    ///
    /// `last_value` carries a figure forward; `linear` draws a line between figures and fills
    /// nothing before the first or after the last.
    #[must_use]
    pub fn filled(&self, model: &Model) -> Self {
        let mut filled = self.clone();
        for leaf in &model.leaves {
            let method = leaf.impute.as_ref().unwrap_or(&model.prepare.impute);
            if !matches!(method, Imputation::LastValue { .. } | Imputation::Linear) {
                continue;
            }
            let fill = |series: &[Option<f64>]| match method {
                Imputation::LastValue { years } => panel::last_value(&self.years, series, *years),
                _ => panel::between(&self.years, series),
            };
            for unit in 0..self.matrices.first().map_or(0, |matrix| matrix.units.len()) {
                let found = fill(&self.series(&leaf.indicator, unit));
                for at in found.filled {
                    if let Some(value) = found.figures[at] {
                        filled.matrices[at].fill(&leaf.indicator, unit, value);
                    }
                }
            }
        }
        for matrix in &mut filled.matrices {
            matrix.filled.values_mut().for_each(|units| units.sort_unstable());
        }
        filled
    }

    /// Lays all years below each other; a unit of a year before the last is `code@year`.
    fn stacked(&self) -> Matrix {
        let mut whole = Matrix::default();
        let count = self.matrices[0].units.len();
        let last = self.years.len() - 1;
        for (at, (year, matrix)) in self.years.iter().zip(&self.matrices).enumerate() {
            let name =
                |unit: &String| if at == last { unit.clone() } else { format!("{unit}@{year}") };
            whole.units.extend(matrix.units.iter().map(name));
            for (id, column) in &matrix.columns {
                let stacked = whole.columns.entry(id.clone()).or_default();
                stacked.resize(at * count, None);
                stacked.extend(column);
            }
            for (label, of) in &matrix.labels {
                let stacked = whole.labels.entry(label.clone()).or_default();
                stacked.resize(at * count, None);
                stacked.extend(of.iter().cloned());
            }
            for (id, units) in &matrix.filled {
                let below = units.iter().map(|unit| at * count + unit);
                whole.filled.entry(id.clone()).or_default().extend(below);
            }
        }
        let rows = whole.units.len();
        whole.columns.values_mut().for_each(|column| column.resize(rows, None));
        whole.labels.values_mut().for_each(|label| label.resize(rows, None));
        whole
    }
}

impl Matrix {
    fn fill(&mut self, indicator: &str, unit: usize, value: f64) {
        let rows = self.units.len();
        let column = self.columns.entry(indicator.to_owned()).or_insert_with(|| vec![None; rows]);
        column[unit] = Some(value);
        self.filled.entry(indicator.to_owned()).or_default().push(unit);
    }
}

/// Scores every year of a panel by one model.
///
/// # Errors
///
/// A panel that does not hold together ([`Panel::check`]).
pub fn score_years(
    model: &Model,
    panel: &Panel,
    scales: Scales,
) -> Result<Vec<YearScores>, Problem> {
    panel.check()?;
    let whole = panel.filled(model);
    let count = whole.matrices[0].units.len();
    let by_year: Vec<Vec<Option<f64>>> = match scales {
        Scales::OfTheYear => {
            let run = |matrix: &Matrix| Run::new(model, matrix).scores(model);
            whole.matrices.iter().map(run).collect()
        }
        Scales::OfAllYears => {
            let stacked = Run::new(model, &whole.stacked()).scores(model);
            (0..panel.years.len())
                .map(|at| stacked[at * count..(at + 1) * count].to_vec())
                .collect()
        }
    };
    let year = |(year, scores): (&i32, Vec<Option<f64>>)| YearScores {
        year: *year,
        ranks: competition_ranks(&scores),
        scores,
    };
    Ok(panel.years.iter().zip(by_year).map(year).collect())
}

/// Returns one unit's way through the years.
pub fn course(years: &[YearScores], unit: usize) -> Course {
    let moment = |year: &YearScores| Moment {
        year: year.year,
        score: year.scores[unit],
        rank: year.ranks[unit],
        of: year.ranks.iter().flatten().count(),
    };
    let moments: Vec<Moment> = years.iter().map(moment).collect();
    let times: Vec<i32> = moments.iter().map(|moment| moment.year).collect();
    let scores: Vec<Option<f64>> = moments.iter().map(|moment| moment.score).collect();
    let mut ranks = moments.iter().filter_map(|moment| moment.rank);
    let ends = ranks.next().zip(ranks.next_back());
    Course {
        trend: trend(&times, &scores),
        places_gained: ends.map(|(first, last)| first as i64 - last as i64),
        moments,
    }
}

/// Returns how a series moves over `years`.
pub fn trend(years: &[i32], series: &[Option<f64>]) -> Trend {
    Trend {
        cagr: panel::yearly_growth(years, series),
        percent_a_year: panel::percent_change(years, series),
        available: panel::share_present(series),
    }
}
