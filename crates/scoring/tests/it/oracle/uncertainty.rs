//! COINr's runs over five assumptions at once, replayed one by one.

use std::collections::HashMap;

use scoring::doubt::draws::Draws;
use scoring::doubt::engine::{Engine, Outcome};
use scoring::statistics::{quantile, sorted};
use scoring::{Imputation, Treatment, Uncertainty};

use super::draws::draws;
use super::{assert_same, figure, index, matrix, model, oracle, screened, table};

/// Imputation, largest number of winsorised points, normalisation, aggregation.
type Assumptions = (String, usize, String, String);

/// Engines for every combination of assumptions but the weights, which draws bring.
///
/// Ours leaves open what a national index has open; COINr varies winmax and the mean of
/// all levels. So each combination is a model of its own here.
pub(super) struct Replay {
    engines: HashMap<Assumptions, Engine>,
    draws: Draws,
}

impl Replay {
    pub(super) fn new(folder: &std::path::Path) -> Self {
        let index = index(folder);
        let denominated = table(folder, "coinr/01_denominated.csv");
        let units = screened(folder, &denominated);
        let mut matrix = matrix(&index, &units);
        let about = table(folder, "input/units.csv");
        let label = |unit: &String| {
            let row = about.iter().find(|row| row["unit"] == *unit).expect("the unit is listed");
            Some(row["kgroup"].clone()).filter(|label| !label.is_empty())
        };
        matrix.labels.insert("kgroup".to_owned(), matrix.units.iter().map(label).collect());
        let by = || "kgroup".to_owned();
        let mut engines = HashMap::new();
        let mut list = None;
        for (norm, value) in [
            ("minmax_1_100", "{ method = \"min_max\", low = 1, high = 100 }"),
            ("zscore_100_10", "{ method = \"z_score\", mean = 100, sd = 10 }"),
            ("rank_min", "{ method = \"rank\" }"),
        ] {
            for (mean, method) in [
                ("a_amean", "{ method = \"arithmetic\" }"),
                ("a_gmean", "{ method = \"geometric\", floor = 0.001 }"),
            ] {
                let mut model = model(&index, value, method, method);
                list.get_or_insert_with(|| draws(folder, &model));
                for (name, imputation) in [
                    ("i_median_grp", Imputation::GroupMedian { by: by() }),
                    ("i_mean_grp", Imputation::GroupMean { by: by() }),
                ] {
                    model.prepare.impute = imputation;
                    for points in 1..=5 {
                        model.prepare.treat =
                            Treatment::WinsoriseThenLog { skewness: 2.0, kurtosis: 3.5, points };
                        let engine = Engine::new(&model, &matrix, &Uncertainty::default());
                        let key = (name.to_owned(), points, norm.to_owned(), mean.to_owned());
                        engines.insert(key, engine);
                    }
                }
            }
        }
        Self { engines, draws: list.expect("there are models") }
    }

    /// The index that the runs are held against.
    pub(super) fn nominal(&self) -> &Outcome {
        let key = ("i_median_grp", 5, "minmax_1_100", "a_amean");
        let key = (key.0.to_owned(), key.1, key.2.to_owned(), key.3.to_owned());
        self.engines[&key].nominal()
    }

    /// Runs the assumptions of one row.
    pub(super) fn run(&self, row: &HashMap<String, String>) -> Outcome {
        let number = |column: &str| -> usize { row[column].parse().expect("a whole number") };
        let key = (
            row["imputation"].clone(),
            number("winmax"),
            row["normalisation"].clone(),
            row["aggregation"].clone(),
        );
        let draw = &self.draws.draws[number("weight_draw") - 1];
        self.engines[&key].outcome(draw).expect("the draw fits")
    }

    /// Mean absolute change of rank against the nominal index.
    pub(super) fn change(&self, outcome: &Outcome) -> f64 {
        let comparison =
            scoring::doubt::compare::compare(&self.nominal().ranks, &outcome.ranks, &[]);
        comparison.mean_absolute_change.expect("units have ranks")
    }
}

/// Compares the ranks of every run, and their statistics over `counted` runs.
pub(super) fn assert_runs(name: &str, counted: usize) -> usize {
    let Some(folder) = oracle() else { return 0 };
    let replay = Replay::new(&folder);
    let runs = table(&folder, &format!("coinr/{name}_runs.csv"));
    let ranks = table(&folder, &format!("coinr/{name}_ranks.csv"));
    let stats = if name.starts_with("12") { "_stats" } else { "_rank_stats" };
    let stats = table(&folder, &format!("coinr/{name}{stats}.csv"));
    assert_eq!(runs.len(), ranks.len());
    let mut compared = 0;
    let mut by_unit: Vec<Vec<f64>> = vec![Vec::new(); stats.len()];
    for (run, wanted) in runs.iter().zip(&ranks) {
        let found = replay.run(run);
        for (at, answer) in stats.iter().enumerate() {
            let rank = found.ranks[at].map(|rank| rank as f64);
            let what = format!("{name} run {} {}", run["run"], answer["unit"]);
            assert_eq!(rank, figure(wanted, &answer["unit"]), "{what}");
            by_unit[at].extend(rank);
            compared += 1;
        }
        if let Some(change) = run.get("mean_abs_rank_change") {
            let found = Some(replay.change(&found));
            assert_same(found, change.parse().ok(), &format!("{name} run {}", run["run"]));
            compared += 1;
        }
    }
    for (at, answer) in stats.iter().enumerate() {
        let ranks = &by_unit[at][..counted];
        let sorted = sorted(ranks.iter().copied());
        for (column, found) in [
            ("nominal", replay.nominal().ranks[at].map(|rank| rank as f64)),
            ("mean", Some(ranks.iter().sum::<f64>() / ranks.len() as f64)),
            ("median", quantile(&sorted, 0.5)),
            ("q5", quantile(&sorted, 0.05)),
            ("q95", quantile(&sorted, 0.95)),
        ] {
            let what = format!("{name} {} {column}", answer["unit"]);
            assert_same(found, figure(answer, column), &what);
            compared += 1;
        }
    }
    compared
}

#[test]
fn every_run_of_the_uncertainty_analysis_is_coinrs() {
    if oracle().is_some() {
        assert_eq!(assert_runs("12_uncertainty", 400), 400 * 58 + 58 * 5);
    }
}
