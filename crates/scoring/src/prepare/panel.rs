//! Figures of several years: gaps between them, and where they are heading.
//!
//! A series is one unit's figures, one per year of `years`, in any order of the
//! years but without a year twice.

use super::impute::Imputed;
use crate::normalise::Fitted;
use crate::statistics::least_squares;

/// Carries the last figure forward, at most `furthest` years; leading gaps stay.
pub fn last_value(years: &[i32], series: &[Option<f64>], furthest: Option<u32>) -> Imputed {
    let known = known(years, series);
    let within = |from: i32, to: i32| furthest.is_none_or(|most| to.abs_diff(from) <= most);
    Imputed::by(series, |at| {
        let year = years[at];
        let (from, figure) = known[..before(&known, year)].last()?;
        within(*from, year).then_some(*figure)
    })
}

/// Carries the last figure forward; leading gaps take the first.
pub fn constant(years: &[i32], series: &[Option<f64>]) -> Imputed {
    let known = known(years, series);
    Imputed::by(series, |at| {
        let earlier = known[..before(&known, years[at])].last();
        earlier.or(known.first()).map(|(_, figure)| *figure)
    })
}

/// Fills gaps on the straight line between the figures beside them; outside, the
/// nearest figure stands.
///
/// A series with one figure is left alone: it has no line.
pub fn linear(years: &[i32], series: &[Option<f64>]) -> Imputed {
    let known = known(years, series);
    Imputed::by(series, |at| if known.len() < 2 { None } else { on_line(&known, years[at]) })
}

/// As [`linear`], and one figure alone stands for every year.
pub fn linear_or_constant(years: &[i32], series: &[Option<f64>]) -> Imputed {
    let known = known(years, series);
    Imputed::by(series, |at| on_line(&known, years[at]))
}

/// Fills the gaps between two figures on the straight line; those outside stay.
pub fn between(years: &[i32], series: &[Option<f64>]) -> Imputed {
    let known = known(years, series);
    Imputed::by(series, |at| {
        let after = before(&known, years[at]);
        if after == 0 || after == known.len() { None } else { on_line(&known, years[at]) }
    })
}

/// Returns the yearly growth that leads from the first figure to the last, 0.02 for 2 %.
///
/// `None` with fewer than two figures, from 0, or across 0: there is no such rate.
///
/// ```
/// # use scoring::prepare::panel::yearly_growth;
/// let growth = yearly_growth(&[2020, 2021, 2022], &[Some(100.0), None, Some(121.0)]);
/// assert!((growth.expect("there are two figures") - 0.1).abs() < 1e-12);
///
/// assert_eq!(yearly_growth(&[2020, 2021], &[Some(-1.0), Some(2.0)]), None);
/// ```
pub fn yearly_growth(years: &[i32], series: &[Option<f64>]) -> Option<f64> {
    let known = known(years, series);
    let (&(first_year, first), &(last_year, last)) = (known.first()?, known.last()?);
    let span = f64::from(last_year.checked_sub(first_year)?);
    if span <= 0.0 {
        return None;
    }
    if first == last {
        return Some(0.0);
    }
    let ratio = last / first;
    let growth = libm::pow(ratio, 1.0 / span) - 1.0;
    (ratio >= 0.0 && growth.is_finite()).then_some(growth)
}

/// Returns the trend in percent of the first year's level, per year.
///
/// With three figures or more it is the slope of the line with the least squares,
/// in percent of the line's height in the first year; with two, the change between
/// them in percent of the first. `None` where that level is 0.
pub fn percent_change(years: &[i32], series: &[Option<f64>]) -> Option<f64> {
    let known = known(years, series);
    let (&(first_year, first), &(last_year, last)) = (known.first()?, known.last()?);
    let change = match known.len() {
        1 => return None,
        _ if known.iter().all(|(_, figure)| *figure == first) => 0.0,
        2 => (last - first) / first / (f64::from(last_year) - f64::from(first_year)),
        _ => {
            // Counted from the first year, so that large year numbers cost no precision.
            let since = |year: i32| Some(f64::from(year) - f64::from(first_year));
            let x: Vec<_> = known.iter().map(|(year, _)| since(*year)).collect();
            let y: Vec<_> = known.iter().map(|(_, figure)| Some(*figure)).collect();
            let line = least_squares(&x, &y)?;
            line.slope / line.at(0.0)
        }
    };
    Some(100.0 * change).filter(|change| change.is_finite())
}

/// Returns the years of the first figure and of the last; `None` below two figures.
pub fn span(years: &[i32], series: &[Option<f64>]) -> Option<(i32, i32)> {
    let known = known(years, series);
    let (first, last) = (known.first()?.0, known.last()?.0);
    (first < last).then_some((first, last))
}

/// Returns the share of the years that have a figure; `None` without years.
pub fn share_present(series: &[Option<f64>]) -> Option<f64> {
    let present = series.iter().flatten().count() as f64;
    (!series.is_empty()).then_some(present / series.len() as f64)
}

/// Values the columns of several years on one scale, fixed on all years together.
///
/// So a unit's value moves when its figure does, and not when the others' do.
pub fn on_one_scale(
    columns: &[&[Option<f64>]],
    fit: impl Fn(&[Option<f64>]) -> Fitted,
) -> Vec<Vec<Option<f64>>> {
    let fitted = fit(&columns.concat());
    columns.iter().map(|column| fitted.apply_all(column)).collect()
}

/// Values the columns of several years, each on a scale of its own.
pub fn on_own_scales(
    columns: &[&[Option<f64>]],
    fit: impl Fn(&[Option<f64>]) -> Fitted,
) -> Vec<Vec<Option<f64>>> {
    columns.iter().map(|column| fit(column).apply_all(column)).collect()
}

/// The figures that there are, in the order of the years.
fn known(years: &[i32], series: &[Option<f64>]) -> Vec<(i32, f64)> {
    let both = years.iter().zip(series).filter_map(|(year, figure)| Some((*year, (*figure)?)));
    let mut known: Vec<(i32, f64)> = both.filter(|(_, figure)| figure.is_finite()).collect();
    known.sort_by_key(|(year, _)| *year);
    known
}

/// How many known figures are of earlier years.
fn before(known: &[(i32, f64)], year: i32) -> usize {
    known.partition_point(|(other, _)| *other < year)
}

fn on_line(known: &[(i32, f64)], year: i32) -> Option<f64> {
    let after = before(known, year);
    let (Some(last), Some(next)) = (after.checked_sub(1).map(|at| known[at]), known.get(after))
    else {
        return known.get(after).or(known.last()).map(|(_, figure)| *figure);
    };
    let share = f64::from(year - last.0) / f64::from(next.0 - last.0);
    Some(last.1 + share * (next.1 - last.1))
}
