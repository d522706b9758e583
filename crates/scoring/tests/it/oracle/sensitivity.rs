//! COINr's sensitivity analysis: its runs, its estimates, and the exact shares.
//!
//! COINr does not centre yB, so its first order is noisy where the mean of y is far from
//! 0; ours does. Its estimator stays for replays, and the test below says by how much
//! ours is nearer to the exact shares.

use std::collections::HashMap;

use scoring::doubt::random::{Source, Use};
use scoring::doubt::sobol::{Estimator, Index, Runs};

use super::uncertainty::{Replay, assert_runs};
use super::{Table, assert_same, figure, oracle, table};

const INPUTS: [&str; 5] = ["imputation", "winmax", "normalisation", "weights", "aggregation"];

/// Results by block: A, B, and A with one input from B.
fn blocks(runs: &Table, output: &str, inputs: &[&str]) -> Runs {
    let block = |name: &str| -> Vec<f64> {
        let rows = runs.iter().filter(|row| row["block"] == name);
        rows.map(|row| figure(row, output).expect("every run has a result")).collect()
    };
    let mixed = inputs.iter().map(|input| block(&format!("AB_{input}"))).collect();
    Runs { a: block("A"), b: block("B"), mixed }
}

#[test]
fn every_run_of_the_sensitivity_analysis_is_coinrs() {
    // COINr's statistics of the ranks are over A and B alone.
    if oracle().is_some() {
        assert_eq!(assert_runs("13_sensitivity", 400), 1400 * 58 + 1400 + 58 * 5);
    }
}

#[test]
fn replayed_estimates_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let mut compared = 0;
    let mut assert_estimates = |runs: &Runs, answers: &Table| {
        let found = runs.indices(Estimator::Plain, 0, 0).expect("the results vary");
        for (index, answer) in found.iter().zip(answers) {
            assert_same(Some(index.first), figure(answer, "s1"), &answer["parameter"]);
            assert_same(Some(index.total), figure(answer, "st"), &answer["parameter"]);
            compared += 2;
        }
    };
    let runs = table(&folder, "coinr/13_sensitivity_runs.csv");
    let runs = blocks(&runs, "mean_abs_rank_change", &INPUTS);
    let answers = table(&folder, "coinr/13_sensitivity.csv");
    assert_estimates(&runs, &answers);
    let ishigami = table(&folder, "coinr/13_ishigami_runs.csv");
    let ishigami = blocks(&ishigami, "y", &["1", "2", "3"]);
    assert_estimates(&ishigami, &table(&folder, "coinr/13_ishigami.csv"));
    assert_eq!(compared, 2 * (5 + 3));
    // COINr's bootstrap has chance of its own: the widths agree, not the digits.
    let found = runs.indices(Estimator::Plain, 1000, 1).expect("the results vary");
    for (index, answer) in found.iter().zip(&answers) {
        let intervals = [("s1", index.first_interval), ("st", index.total_interval)];
        for (order, interval) in intervals {
            let [low, high] = interval.expect("there are resamples");
            for (end, found) in [("q5", low), ("q95", high)] {
                let wanted = figure(answer, &format!("{order}_{end}")).expect("an interval");
                let near = (found - wanted).abs() < 0.03;
                assert!(near, "{} {order} {end}: {found}, COINr {wanted}", answer["parameter"]);
            }
        }
    }
}

const ISHIGAMI: [(f64, f64); 3] = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];

/// Ishigami and Homma (1990), a = 7 and b = 0.1, on coordinates from 0 to 1.
fn ishigami(point: [f64; 3]) -> f64 {
    let [x, y, z] = point.map(|share| std::f64::consts::PI * (2.0 * share - 1.0));
    x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin()
}

#[test]
fn ours_is_near_the_exact_shares_of_the_ishigami_function() {
    let point = |at: u32| {
        let source = Source::new(1990, at);
        [0, 1, 2].map(|place| source.uniform(Use::Coordinate, place))
    };
    let mut runs = Runs { mixed: vec![Vec::new(); 3], ..Runs::default() };
    for row in 0..40_000 {
        let (a, b) = (point(2 * row), point(2 * row + 1));
        runs.a.push(ishigami(a));
        runs.b.push(ishigami(b));
        for input in 0..3 {
            let mut mixed = a;
            mixed[input] = b[input];
            runs.mixed[input].push(ishigami(mixed));
        }
    }
    let found = runs.indices(Estimator::Centred, 0, 0).expect("the results vary");
    for (index, (first, total)) in found.iter().zip(ISHIGAMI) {
        assert!((index.first - first).abs() < 0.015, "{index:?}, exactly {first}");
        assert!((index.total - total).abs() < 0.01, "{index:?}, exactly {total}");
    }
}

#[test]
fn on_coinrs_small_sample_both_estimators_are_as_far_off() {
    let Some(folder) = oracle() else { return };
    let runs = blocks(&table(&folder, "coinr/13_ishigami_runs.csv"), "y", &["1", "2", "3"]);
    for estimator in [Estimator::Centred, Estimator::Plain] {
        let found = runs.indices(estimator, 0, 0).expect("the results vary");
        for (index, (first, total)) in found.iter().zip(ISHIGAMI) {
            assert!((index.first - first).abs() < 0.12, "{estimator:?} {index:?}, exactly {first}");
            assert!((index.total - total).abs() < 0.03, "{estimator:?} {index:?}, exactly {total}");
        }
    }
}

/// Every combination of the five inputs, computed once.
struct Factorial {
    levels: [Vec<String>; 5],
    results: HashMap<[usize; 5], f64>,
}

const COLUMNS: [&str; 5] = ["imputation", "winmax", "normalisation", "weight_draw", "aggregation"];

impl Factorial {
    fn new(table: &Table) -> Self {
        let mut levels: [Vec<String>; 5] = Default::default();
        let mut results = HashMap::new();
        for row in table {
            let mut place = [0; 5];
            for ((column, levels), place) in COLUMNS.iter().zip(&mut levels).zip(&mut place) {
                let known = levels.iter().position(|level| *level == row[*column]);
                *place = known.unwrap_or_else(|| {
                    levels.push(row[*column].clone());
                    levels.len() - 1
                });
            }
            let result = figure(row, "mean_abs_rank_change").expect("every combination has one");
            results.insert(place, result);
        }
        Self { levels, results }
    }

    /// Samples `base` rows of A and B and runs all mixtures.
    fn sample(&self, base: u32, seed: u64) -> Runs {
        let point = |at: u32| -> [usize; 5] {
            let source = Source::new(seed, at);
            let level = |input: usize| {
                source.below(Use::Coordinate, input as u32, self.levels[input].len())
            };
            [0, 1, 2, 3, 4].map(level)
        };
        let mut runs = Runs { mixed: vec![Vec::new(); 5], ..Runs::default() };
        for row in 0..base {
            let (a, b) = (point(2 * row), point(2 * row + 1));
            runs.a.push(self.results[&a]);
            runs.b.push(self.results[&b]);
            for input in 0..5 {
                let mut mixed = a;
                mixed[input] = b[input];
                runs.mixed[input].push(self.results[&mixed]);
            }
        }
        runs
    }
}

fn exact(folder: &std::path::Path) -> Vec<(f64, f64)> {
    let table = table(folder, "coinr/13_sensitivity_exact.csv");
    let number = |row, column| figure(row, column).expect("exact shares are numbers");
    table.iter().map(|row| (number(row, "s1_exact"), number(row, "st_exact"))).collect()
}

#[test]
fn every_combination_of_the_factorial_is_coinrs() {
    let Some(folder) = oracle() else { return };
    let replay = Replay::new(&folder);
    let factorial = table(&folder, "coinr/13_factorial.csv");
    for row in &factorial {
        let found = replay.change(&replay.run(row));
        assert_same(Some(found), figure(row, "mean_abs_rank_change"), &format!("{row:?}"));
    }
    assert_eq!(factorial.len(), 6000);
}

#[test]
fn estimates_approach_the_exact_shares() {
    let Some(folder) = oracle() else { return };
    let factorial = Factorial::new(&table(&folder, "coinr/13_factorial.csv"));
    assert_eq!(factorial.results.len(), 6000);
    let found = factorial.sample(40_000, 20_261_121).indices(Estimator::Centred, 0, 0);
    let found = found.expect("the results vary");
    for ((name, index), (first, total)) in INPUTS.iter().zip(&found).zip(exact(&folder)) {
        assert!((index.first - first).abs() < 0.015, "{name}: {index:?}, exactly {first}");
        assert!((index.total - total).abs() < 0.01, "{name}: {index:?}, exactly {total}");
    }
}

/// Root of the mean square distance from the exact first orders, over inputs and seeds.
fn distance(factorial: &Factorial, exact: &[(f64, f64)], estimator: Estimator) -> f64 {
    let mut squares = 0.0;
    for seed in 0..100 {
        let found = factorial.sample(200, seed).indices(estimator, 0, 0).expect("they vary");
        let of = |(index, (first, _)): (&Index, &(f64, f64))| (index.first - first).powi(2);
        squares += found.iter().zip(exact).map(of).sum::<f64>();
    }
    (squares / 500.0).sqrt()
}

#[test]
fn centred_estimates_are_nearer_to_the_exact_shares_than_coinrs() {
    let Some(folder) = oracle() else { return };
    let factorial = Factorial::new(&table(&folder, "coinr/13_factorial.csv"));
    let exact = exact(&folder);
    let ours = distance(&factorial, &exact, Estimator::Centred);
    let coinrs = distance(&factorial, &exact, Estimator::Plain);
    assert!(ours < 0.75 * coinrs, "ours {ours}, COINr's {coinrs}");
}
