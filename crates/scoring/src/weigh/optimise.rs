//! Weights that give the columns a stated importance, not a stated price.
//!
//! A weight says what a point is worth; how much a column moves the total
//! depends also on its spread and on its neighbours (Paruolo, Saisana & Saltelli
//! 2013). Importance here is a column's correlation with the total.

use super::{Unweighable, deviation::deviation, linear, to_one};
use crate::statistics::{covariance, pearson};

/// Weights found, and what they really give.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimised {
    /// At least 0, summing to 1.
    pub weights: Vec<f64>,
    /// Correlation of each column with the total that these weights give.
    pub correlations: Vec<Option<f64>>,
    /// How they were found.
    pub found: Found,
}

/// How weights were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By solving the equations: there are no better.
    Solved,
    /// By search, because of gaps or because no weights of at least 0 give the
    /// importance asked for; the correlations tell how near it came.
    Searched,
}

/// Returns weights with which the correlations with the total are in proportion to `importance`.
///
/// With importance all the same, each column counts as much as the others for
/// who comes out on top. Without gaps the weights solve C w = s t, where C are
/// the covariances, s the deviations and t the importance.
///
/// # Errors
///
/// A column of equal figures; importance that is not above 0.
pub fn balance(columns: &[&[Option<f64>]], importance: &[f64]) -> Result<Optimised, Unweighable> {
    let deviations = deviations(columns)?;
    let wanted = to_one(importance.to_vec())?;
    if importance.len() != columns.len() || wanted.iter().any(|share| *share <= 0.0) {
        return Err(Unweighable::NothingVaries);
    }
    let right = deviations.iter().zip(&wanted).map(|(deviation, share)| deviation * share);
    let solved = is_whole(columns).then(|| linear::solve(covariances(columns), right.collect()));
    let solved = solved.flatten().and_then(|weights| to_one(weights).ok());
    if let Some(weights) = solved.filter(|weights| weights.iter().all(|weight| *weight >= 0.0)) {
        return Ok(told(columns, weights, Found::Solved));
    }
    let miss = |weights: &[f64]| {
        let reached: Vec<f64> =
            correlations(columns, weights).into_iter().map(|r| r.unwrap_or(0.0)).collect();
        let all: f64 = reached.iter().sum();
        let of_all = |r: f64| if all > 0.0 { r / all } else { r - 1.0 };
        let misses = reached.iter().zip(&wanted).map(|(r, share)| of_all(*r) - share);
        misses.map(|miss| miss * miss).sum()
    };
    Ok(told(columns, search(&inverse(&deviations), &miss), Found::Searched))
}

/// Returns weights with which the sum of the correlations with the total is largest.
///
/// Without gaps these are one over the deviations: the total of standardised
/// columns is what they have most in common.
///
/// # Errors
///
/// A column of equal figures.
pub fn infomax(columns: &[&[Option<f64>]]) -> Result<Optimised, Unweighable> {
    let start = inverse(&deviations(columns)?);
    if is_whole(columns) {
        return Ok(told(columns, start, Found::Solved));
    }
    let short = |weights: &[f64]| -> f64 {
        correlations(columns, weights).into_iter().map(|r| 1.0 - r.unwrap_or(-1.0)).sum()
    };
    Ok(told(columns, search(&start, &short), Found::Searched))
}

fn told(columns: &[&[Option<f64>]], weights: Vec<f64>, found: Found) -> Optimised {
    Optimised { correlations: correlations(columns, &weights), weights, found }
}

fn deviations(columns: &[&[Option<f64>]]) -> Result<Vec<f64>, Unweighable> {
    let deviations: Vec<f64> = columns.iter().map(|column| deviation(column)).collect();
    let varies = !deviations.is_empty() && deviations.iter().all(|deviation| *deviation > 0.0);
    if varies { Ok(deviations) } else { Err(Unweighable::NothingVaries) }
}

fn inverse(deviations: &[f64]) -> Vec<f64> {
    let all: f64 = deviations.iter().map(|deviation| 1.0 / deviation).sum();
    deviations.iter().map(|deviation| 1.0 / deviation / all).collect()
}

fn is_whole(columns: &[&[Option<f64>]]) -> bool {
    columns.iter().all(|column| column.iter().all(|figure| figure.is_some_and(f64::is_finite)))
}

fn covariances(columns: &[&[Option<f64>]]) -> Vec<Vec<f64>> {
    let row = |left: &&[Option<f64>]| {
        columns.iter().map(|right| covariance(left, right).unwrap_or(0.0)).collect()
    };
    columns.iter().map(row).collect()
}

/// Correlations of the columns with their weighted mean; gaps give their weight to the others.
fn correlations(columns: &[&[Option<f64>]], weights: &[f64]) -> Vec<Option<f64>> {
    let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let total: Vec<Option<f64>> = (0..units)
        .map(|unit| {
            let there = columns.iter().zip(weights);
            let there = there.filter_map(|(column, weight)| Some((column[unit]?, weight)));
            let (sum, weight) = there.fold((0.0, 0.0), |(sum, all), (figure, weight)| {
                (sum + weight * figure, all + weight)
            });
            (weight > 0.0).then(|| sum / weight)
        })
        .collect();
    columns.iter().map(|column| pearson(column, &total)).collect()
}

/// Finds the weights with the lowest `cost`, from `start` on.
///
/// Weights are taken as shares of exponentials, so that none can be below 0.
fn search(start: &[f64], cost: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
    let shares = |point: &[f64]| {
        // The first stands still: only proportions count.
        let highest = point.iter().copied().fold(0.0, f64::max);
        let grown: Vec<f64> = std::iter::once(&0.0)
            .chain(point)
            .map(|exponent| libm::exp(exponent - highest))
            .collect();
        let all: f64 = grown.iter().sum();
        grown.into_iter().map(|part| part / all).collect::<Vec<f64>>()
    };
    let logs = start.iter().skip(1).map(|weight| libm::log(weight / start[0])).collect();
    let mut point: Vec<f64> = logs;
    // A second start from where the first ended shakes off a collapsed simplex.
    for _ in 0..3 {
        point = nelder_mead(point, &|point| cost(&shares(point)));
    }
    shares(&point)
}

/// The downhill simplex (Nelder & Mead 1965), without chance.
fn nelder_mead(start: Vec<f64>, cost: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
    let size = start.len();
    let mut simplex: Vec<(f64, Vec<f64>)> = (0..=size)
        .map(|corner| {
            let mut point = start.clone();
            if corner > 0 {
                point[corner - 1] += 0.25;
            }
            (cost(&point), point)
        })
        .collect();
    for _ in 0..400 * size {
        simplex.sort_by(|left, right| left.0.total_cmp(&right.0));
        if simplex[size].0 - simplex[0].0 <= 1e-15 * (1.0 + simplex[0].0.abs()) {
            break;
        }
        step(&mut simplex, cost);
    }
    simplex.sort_by(|left, right| left.0.total_cmp(&right.0));
    simplex.swap_remove(0).1
}

fn step(simplex: &mut [(f64, Vec<f64>)], cost: &dyn Fn(&[f64]) -> f64) {
    let last = simplex.len() - 1;
    let centre: Vec<f64> = (0..last)
        .map(|at| simplex[..last].iter().map(|(_, point)| point[at]).sum::<f64>() / last as f64)
        .collect();
    let worst = simplex[last].clone();
    let at = |along: f64| {
        let point: Vec<f64> = centre
            .iter()
            .zip(&worst.1)
            .map(|(centre, far)| centre + along * (centre - far))
            .collect();
        (cost(&point), point)
    };
    let mirrored = at(1.0);
    let better = if mirrored.0 < simplex[0].0 {
        let further = at(2.0);
        if further.0 < mirrored.0 { further } else { mirrored }
    } else if mirrored.0 < simplex[last - 1].0 {
        mirrored
    } else if mirrored.0 < worst.0 {
        at(0.5)
    } else {
        at(-0.5)
    };
    if better.0 < worst.0 {
        simplex[last] = better;
        return;
    }
    let best = simplex[0].1.clone();
    for (value, point) in &mut simplex[1..] {
        point.iter_mut().zip(&best).for_each(|(entry, best)| *entry = (*entry + best) / 2.0);
        *value = cost(point);
    }
}
