//! Which choice the uncertainty comes from: shares of the variance of a result.
//!
//! First order: the share that goes away when one input is fixed. Total order: the
//! share that stays when only that input is free. Both come from two samples A and B
//! and, for each input, A with that input taken from B (Saltelli et al. 2010; the
//! total by Jansen 1999).
//!
//! Inputs are drawn by [`Sampler`], one by one independent; a weight under a group that
//! does not weigh has no part in anything.

use std::num::NonZeroUsize;

use serde::Serialize;

use super::draws::{Draw, Sampler};
use super::engine::{Engine, Work, in_parts};
use super::random::{Source, Use};
use crate::model::Problem;
use crate::statistics::{quantile, sorted};

/// One thing that varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The weight of one node, by its place: groups, then leaves.
    Weight(usize),
    /// All weights as one.
    Weights,
    /// How indicators are valued.
    Normalisation,
    /// How the dimensions become one number.
    Aggregation,
    /// What is done to outliers.
    Treatment,
    /// What a gap costs.
    Missing,
}

impl Input {
    /// Puts this input of `from` into `draw`.
    fn take(self, from: &Draw, draw: &mut Draw) {
        match self {
            Self::Weight(node) => draw.weights[node] = from.weights[node],
            Self::Weights => draw.weights.copy_from_slice(&from.weights),
            Self::Normalisation => draw.normalisation = from.normalisation,
            Self::Aggregation => draw.aggregation = from.aggregation,
            Self::Treatment => draw.treatment = from.treatment,
            Self::Missing => draw.missing = from.missing,
        }
    }
}

/// The number whose variance is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Mean absolute change of rank against the model itself, in places.
    MeanRankChange,
    /// The rank of a unit, by its position.
    Rank(usize),
    /// The score of a unit.
    Score(usize),
}

/// How the first order is estimated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// mean((yB − m)(yAB − yA)) / V with m the mean of yA and yB: without it, a mean far
    /// from 0 is multiplied by the chance differences of yAB and yA.
    #[default]
    Centred,
    /// The same with m = 0, as COINr 1.1.14 has it; for replays.
    Plain,
}

/// What is asked of a sensitivity run.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What varies; all else stays as the model has it.
    pub inputs: Vec<Input>,
    /// What is watched.
    pub output: Output,
    /// Size of each of the two samples; the runs are this times the inputs and two.
    pub base: usize,
    /// Resamples for the intervals; 0 for none.
    pub resamples: usize,
    /// Where chance starts.
    pub seed: u64,
}

/// The results of the runs: by row, and for the mixed ones by input and row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Runs {
    /// Sample A.
    pub a: Vec<f64>,
    /// Sample B.
    pub b: Vec<f64>,
    /// A with one input from B.
    pub mixed: Vec<Vec<f64>>,
}

/// Shares of the variance of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Index {
    /// First order; by chance below 0 or above 1 in small samples.
    pub first: f64,
    /// Total order.
    pub total: f64,
    /// 5th and 95th percentile of the first order over the resamples.
    pub first_interval: Option<[f64; 2]>,
    /// 5th and 95th percentile of the total order.
    pub total_interval: Option<[f64; 2]>,
}

/// How the variance of a result is shared among inputs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensitivity {
    /// The inputs with their shares; `None` where the result does not vary at all.
    pub inputs: Vec<(Input, Option<Index>)>,
    /// Mean of the result over both samples.
    pub mean: f64,
    /// Its variance, n − 1.
    pub variance: f64,
    /// How often the model was computed.
    pub runs: usize,
    /// Rows left out because a run left the watched unit without a rank.
    pub left_out: usize,
}

/// Most runs of one question.
const MOST_RUNS: usize = 10_000_000;

/// Runs the model over two samples and all mixtures, and shares out the variance.
///
/// # Errors
///
/// No inputs or base sample, more runs than can be waited for, a node or unit that does
/// not exist, a watched unit without a rank.
pub fn sensitivity(
    engine: &Engine,
    sampler: &Sampler,
    question: &Question,
    threads: NonZeroUsize,
) -> Result<Sensitivity, Problem> {
    check(engine, question)?;
    let width = question.inputs.len() + 2;
    let parts: Vec<Result<Vec<Option<f64>>, Problem>> = in_parts(question.base, threads, |range| {
        let mut bench = Bench::new(engine, sampler, question);
        let mut results = Vec::with_capacity(range.len() * width);
        for row in range {
            bench.row(row, &mut results)?;
        }
        Ok(results)
    });
    let mut runs = Runs { mixed: vec![Vec::new(); width - 2], ..Runs::default() };
    for part in parts {
        for row in part?.chunks_exact(width) {
            let Some(row) = row.iter().copied().collect::<Option<Vec<f64>>>() else { continue };
            runs.a.push(row[0]);
            runs.b.push(row[1]);
            for (mixed, result) in runs.mixed.iter_mut().zip(&row[2..]) {
                mixed.push(*result);
            }
        }
    }
    let rows: Vec<usize> = (0..runs.a.len()).collect();
    let (mean, variance) = runs.spread(&rows);
    let indices = runs.indices(Estimator::Centred, question.resamples, question.seed);
    let indices = match indices {
        Some(indices) => indices.into_iter().map(Some).collect(),
        None => vec![None; question.inputs.len()],
    };
    Ok(Sensitivity {
        inputs: question.inputs.iter().copied().zip(indices).collect(),
        mean,
        variance,
        runs: question.base * width,
        left_out: question.base - rows.len(),
    })
}

fn check(engine: &Engine, question: &Question) -> Result<(), Problem> {
    let runs = question.base.saturating_mul(question.inputs.len() + 2);
    if question.inputs.is_empty() || question.base < 2 || runs > MOST_RUNS {
        let english = "{runs} runs of {inputs} inputs; give at least one input, a base of 2 and \
                       at most {most} runs";
        let (runs, most) = (runs.to_string(), MOST_RUNS.to_string());
        let inputs = question.inputs.len().to_string();
        let places = [("runs", runs.as_str()), ("inputs", &inputs), ("most", &most)];
        return Err(Problem::new("sobol_runs", english, &places));
    }
    let nodes = engine.own_draw().weights.len();
    for input in &question.inputs {
        if let Input::Weight(node) = input
            && !(1..nodes).contains(node)
        {
            let english = "the tree has no node number {node} with a weight";
            return Err(Problem::new("sobol_node", english, &[("node", &node.to_string())]));
        }
    }
    let (Output::Rank(unit) | Output::Score(unit)) = question.output else { return Ok(()) };
    if engine.nominal().ranks.get(unit).copied().flatten().is_none() {
        let english = "the model does not rank unit number {unit}; nothing of it can vary";
        return Err(Problem::new("sobol_unit", english, &[("unit", &unit.to_string())]));
    }
    Ok(())
}

/// Room for the runs of one thread.
struct Bench<'a> {
    engine: &'a Engine,
    sampler: &'a Sampler,
    question: &'a Question,
    work: Work,
    /// Every number of the row, and A, B, a mixture of them.
    full: Draw,
    a: Draw,
    b: Draw,
    mixed: Draw,
}

impl<'a> Bench<'a> {
    fn new(engine: &'a Engine, sampler: &'a Sampler, question: &'a Question) -> Self {
        let own = engine.own_draw().clone();
        Self {
            engine,
            sampler,
            question,
            work: Work::default(),
            full: own.clone(),
            a: own.clone(),
            b: own.clone(),
            mixed: own,
        }
    }

    fn row(&mut self, row: usize, results: &mut Vec<Option<f64>>) -> Result<(), Problem> {
        for (half, at) in [(&mut self.a, 2 * row), (&mut self.b, 2 * row + 1)] {
            self.sampler.sample(Source::new(self.question.seed, at as u32), &mut self.full);
            for input in &self.question.inputs {
                input.take(&self.full, half);
            }
        }
        for half in [&self.a, &self.b] {
            self.engine.run(half, &mut self.work)?;
            results.push(self.watched());
        }
        for input in &self.question.inputs {
            self.mixed.clone_from(&self.a);
            input.take(&self.b, &mut self.mixed);
            self.engine.run(&self.mixed, &mut self.work)?;
            results.push(self.watched());
        }
        Ok(())
    }

    fn watched(&self) -> Option<f64> {
        let ranks = self.work.ranks();
        match self.question.output {
            Output::Score(unit) => self.work.score(unit),
            Output::Rank(unit) => (ranks[unit] > 0).then(|| f64::from(ranks[unit])),
            Output::MeanRankChange => mean_change(self.engine, ranks),
        }
    }
}

/// Returns the mean absolute change of rank against the model itself.
fn mean_change(engine: &Engine, ranks: &[u32]) -> Option<f64> {
    let nominal = &engine.nominal().ranks;
    let (mut sum, mut count) = (0, 0_u32);
    for unit in engine.ranked() {
        let (own, rank) = (nominal[*unit as usize], ranks[*unit as usize]);
        if let (Some(own), true) = (own, rank > 0) {
            sum += own.abs_diff(rank as usize);
            count += 1;
        }
    }
    (count > 0).then(|| sum as f64 / f64::from(count))
}

impl Runs {
    /// Estimates the indices of all inputs, with intervals from `resamples` resamples of
    /// the rows (Archer, Saltelli and Sobol 1997); `None` where the result does not vary.
    pub fn indices(&self, estimator: Estimator, resamples: usize, seed: u64) -> Option<Vec<Index>> {
        let rows: Vec<usize> = (0..self.a.len()).collect();
        let plain = self.estimate(estimator, &rows)?;
        let mut again: Vec<Vec<(f64, f64)>> = vec![Vec::with_capacity(resamples); plain.len()];
        let mut taken = rows.clone();
        for resample in 0..resamples {
            let source = Source::new(seed, resample as u32);
            for (at, row) in taken.iter_mut().enumerate() {
                *row = source.below(Use::Resample, at as u32, rows.len());
            }
            let Some(estimate) = self.estimate(estimator, &taken) else { continue };
            again.iter_mut().zip(estimate).for_each(|(all, one)| all.push(one));
        }
        let index = |((first, total), again): ((f64, f64), Vec<(f64, f64)>)| Index {
            first,
            total,
            first_interval: interval(again.iter().map(|(first, _)| *first)),
            total_interval: interval(again.iter().map(|(_, total)| *total)),
        };
        Some(plain.into_iter().zip(again).map(index).collect())
    }

    /// Returns mean and variance (n − 1) of A and B together, over some rows.
    fn spread(&self, rows: &[usize]) -> (f64, f64) {
        let count = 2.0 * rows.len() as f64;
        let both = || rows.iter().flat_map(|row| [self.a[*row], self.b[*row]]);
        let mean = both().sum::<f64>() / count;
        let squares: f64 = both().map(|y| (y - mean) * (y - mean)).sum();
        (mean, squares / (count - 1.0))
    }

    /// First and total order of every input, over some rows.
    fn estimate(&self, estimator: Estimator, rows: &[usize]) -> Option<Vec<(f64, f64)>> {
        if rows.is_empty() {
            return None;
        }
        let (mean, variance) = self.spread(rows);
        if variance <= 0.0 || !variance.is_finite() {
            return None;
        }
        let centre = match estimator {
            Estimator::Centred => mean,
            Estimator::Plain => 0.0,
        };
        let count = rows.len() as f64;
        let of = |mixed: &Vec<f64>| {
            let (mut first, mut total) = (0.0, 0.0);
            for row in rows {
                let step = mixed[*row] - self.a[*row];
                first += (self.b[*row] - centre) * step;
                total += step * step;
            }
            (first / count / variance, total / (2.0 * count * variance))
        };
        Some(self.mixed.iter().map(of).collect())
    }
}

fn interval(estimates: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let sorted = sorted(estimates);
    Some([quantile(&sorted, 0.05)?, quantile(&sorted, 0.95)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_that_does_not_vary_has_no_shares() {
        let runs = Runs { a: vec![2.0; 8], b: vec![2.0; 8], mixed: vec![vec![2.0; 8]] };
        assert_eq!(runs.indices(Estimator::Centred, 10, 1), None);
    }

    /// y = 3 x1 + x2 with even inputs: the shares are 0.9 and 0.1, far from 0 or near it.
    #[test]
    fn shares_do_not_depend_on_where_zero_is_once_centred() {
        let point = |at: u32| {
            let source = Source::new(4, at);
            [0, 1].map(|place| source.uniform(Use::Coordinate, place))
        };
        let run = |shift: f64| {
            let y = |[first, second]: [f64; 2]| shift + 3.0 * first + second;
            let mut runs = Runs { mixed: vec![Vec::new(); 2], ..Runs::default() };
            for row in 0..20_000 {
                let (a, b) = (point(2 * row), point(2 * row + 1));
                runs.a.push(y(a));
                runs.b.push(y(b));
                runs.mixed[0].push(y([b[0], a[1]]));
                runs.mixed[1].push(y([a[0], b[1]]));
            }
            runs
        };
        for shift in [0.0, 1000.0] {
            let found = run(shift).indices(Estimator::Centred, 20, 1).expect("it varies");
            for (index, share) in found.iter().zip([0.9, 0.1]) {
                assert!((index.first - share).abs() < 0.03, "{shift}: {index:?}");
                assert!((index.total - share).abs() < 0.03, "{shift}: {index:?}");
                let [low, high] = index.first_interval.expect("there are resamples");
                assert!(low < index.first && index.first < high, "{index:?}");
            }
        }
        let plain = run(1000.0).indices(Estimator::Plain, 0, 1).expect("it varies");
        assert!((plain[0].first - 0.9).abs() > 1.0, "{plain:?}");
    }
}
