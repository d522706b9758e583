//! Tests of methods on their own figures, against scikit-criteria and pymcdm.

use scoring::aggregate::promethee::{Thresholds, promethee_ii};
use scoring::aggregate::topsis::{Distance, Ruler, Scale, topsis};
use scoring::aggregate::vikor::vikor;
use scoring::aggregate::{Child, aggregate};
use scoring::doubt::reversal::{Change, clones, invariance, leave_one_out, transitivity};
use scoring::{Aggregation, Preference, Ties, dense_ranks, ranks};

use super::mcda::Given;
use super::{Table, assert_same, figure, oracle, rows, slices, table};

type Method = Box<dyn Fn(&[&[Option<f64>]]) -> Vec<Option<f64>>>;

/// The methods of the files, with the effective weights.
fn method(name: &str, weights: Vec<f64>) -> Method {
    let euclidean = |scale| Ruler { scale, distance: Distance::Euclidean };
    match name {
        "weighted_sum" => Box::new(move |columns| {
            let unit = |unit: usize| {
                let child = |(column, weight): (&&[Option<f64>], &f64)| Child {
                    value: column[unit],
                    weight: *weight,
                    most: 100.0,
                    most_available: 100.0,
                };
                let children: Vec<Child> = columns.iter().zip(&weights).map(child).collect();
                aggregate(&Aggregation::Arithmetic {}, &children)
            };
            (0..columns[0].len()).map(unit).collect()
        }),
        "topsis" => {
            Box::new(move |columns| topsis(columns, &weights, euclidean(Scale::AsItIs)).closeness)
        }
        "topsis_vector" => {
            Box::new(move |columns| topsis(columns, &weights, euclidean(Scale::Vector)).closeness)
        }
        "topsis_minmax_inside" => {
            Box::new(move |columns| topsis(columns, &weights, euclidean(Scale::MinMax)).closeness)
        }
        "vikor" => Box::new(move |columns| vikor(columns, &weights, 0.5).score()),
        _ => Box::new(move |columns| {
            promethee_ii(columns, &weights, Preference::Usual, Thresholds::NONE)
                .expect("few units")
                .net
        }),
    }
}

struct Oracle {
    given: &'static Given,
    units: Vec<String>,
    weights: Vec<f64>,
    summary: Table,
    folder: std::path::PathBuf,
}

fn read() -> Option<Oracle> {
    let folder = oracle()?;
    let given = Given::get(&folder);
    let flows = table(&folder, "coinr/07_copeland.csv");
    Some(Oracle {
        units: rows(&flows, &[("input", "B")]).iter().map(|row| row["unit"].clone()).collect(),
        weights: given.weights("effective"),
        summary: table(&folder, "mcda/reversal_summary.csv"),
        given,
        folder,
    })
}

impl Oracle {
    /// The figures a method works on; the files' `topsis_vector` is of the matrix without zeros.
    fn columns(&self, name: &str) -> Vec<Vec<Option<f64>>> {
        self.given.matrix(if name == "topsis_vector" { "P" } else { "N" })
    }

    fn at(&self, unit: &str) -> usize {
        self.units.iter().position(|known| known == unit).expect("the unit is known")
    }

    fn summary(&self, method: &str, test: &str, what: &str) -> String {
        let wanted = [("method", method), ("test", test), ("what", what)];
        rows(&self.summary, &wanted)[0]["value"].clone()
    }

    /// Compares the ranks after each change; returns how many.
    fn compare(&self, file: &str, name: &str, changes: &[Change]) -> usize {
        let table = table(&self.folder, &format!("mcda/reversal_{file}.csv"));
        let key = ["worsened", "cloned", "left_out"];
        let answers = rows(&table, &[("method", name)]);
        assert_eq!(answers.len(), changes.len());
        let mut compared = 0;
        for answer in answers {
            let unit = key.iter().find_map(|key| answer.get(*key)).expect("a changed unit");
            let change = changes.iter().find(|change| change.unit == self.at(unit));
            let change = change.expect("every unit was changed");
            let found: Vec<Option<f64>> = if file == "leave_one_out" {
                assert_same(change.correlation, figure(answer, "spearman"), unit);
                ranks(&change.scores, Ties::Average)
            } else {
                let dense = dense_ranks(&change.scores);
                dense.iter().map(|rank| rank.map(|rank| rank as f64)).collect()
            };
            for (at, other) in self.units.iter().enumerate() {
                let expected = figure(answer, other).filter(|rank| *rank > 0.0);
                assert_eq!(found[at], expected, "{file} {name} {unit} {other}");
                compared += 1;
            }
        }
        compared
    }
}

fn count(changes: &[Change], holds: impl Fn(&Change) -> bool) -> String {
    changes.iter().filter(|change| holds(change)).count().to_string()
}

/// The noise is kept for two methods only; the other two cannot be replayed.
#[test]
fn worsened_units_move_whom_they_move_in_scikit_criteria() {
    let Some(oracle) = read() else { return };
    let noise = table(&oracle.folder, "mcda/reversal_noise.csv");
    let columns = oracle.columns("weighted_sum");
    let columns = slices(&columns);
    let mut compared = 0;
    for name in ["weighted_sum", "topsis"] {
        let worse = |unit: usize| {
            let wanted = [("method", name), ("worsened", oracle.units[unit].as_str())];
            let row = rows(&noise, &wanted)[0];
            let lower = |(code, column): (&String, &&[Option<f64>])| {
                Some(column[unit]? + figure(row, code)?)
            };
            oracle.given.codes.iter().zip(&columns).map(lower).collect()
        };
        let method = method(name, oracle.weights.clone());
        let changes = invariance(&*method, &columns, &worse);
        compared += oracle.compare("invariance_ranks", name, &changes);
        let summary = |what| oracle.summary(name, "invariance", what);
        assert_eq!(count(&changes, |change| change.best_stays), summary("best unit stays first"));
        let unmoved = summary("order of all others unchanged");
        assert_eq!(count(&changes, |change| change.others_stay), unmoved);
    }
    assert_eq!(compared, 2 * 57 * 58);
}

#[test]
fn twins_move_whom_they_move_in_scikit_criteria() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for name in ["weighted_sum", "topsis", "topsis_vector", "vikor"] {
        let method = method(name, oracle.weights.clone());
        let changes = clones(&*method, &slices(&oracle.columns(name)));
        compared += oracle.compare("clone_ranks", name, &changes);
        let stays = oracle.summary(name, "clones", "best unit stays first");
        assert_eq!(count(&changes, |change| change.best_stays), stays);
    }
    assert_eq!(compared, 4 * 57 * 58);
}

#[test]
fn leaving_units_move_whom_they_move_in_pymcdm() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for name in ["topsis_minmax_inside", "vikor", "promethee_2_usual"] {
        let method = method(name, oracle.weights.clone());
        let changes = leave_one_out(&*method, &slices(&oracle.columns(name)));
        compared += oracle.compare("leave_one_out", name, &changes);
        let reorders =
            oracle.summary(name, "leave one out", "units whose removal reorders the others");
        assert_eq!(count(&changes, |change| !change.others_stay), reorders, "{name}");
    }
    assert_eq!(compared, 3 * 58 * 58);
}

/// A tie is nobody's win here and the second unit's there, so ties are given to
/// the second unit before wins, losses and circles are compared.
#[test]
fn pairs_ranked_alone_are_scikit_criterias() {
    let Some(oracle) = read() else { return };
    let expected = table(&oracle.folder, "mcda/reversal_pairwise_wins.csv");
    let (mut compared, mut ties) = (0, Vec::new());
    for name in ["weighted_sum", "topsis", "topsis_vector", "vikor"] {
        let method = method(name, oracle.weights.clone());
        let found = transitivity(&*method, &slices(&oracle.columns(name))).expect("few units");
        let (mut wins, mut losses) = (found.wins.clone(), found.losses.clone());
        for (first, second) in &found.ties {
            wins[*second] += 1;
            losses[*first] += 1;
        }
        for row in rows(&expected, &[("method", name)]) {
            let at = oracle.at(&row["unit"]);
            assert_eq!(wins[at].to_string(), row["wins"], "{name} {}", row["unit"]);
            assert_eq!(losses[at].to_string(), row["losses"], "{name} {}", row["unit"]);
            compared += 2;
        }
        let summary = |what| oracle.summary(name, "transitivity", what);
        // Of all threes, those in which somebody wins twice are no circles.
        let circles =
            58 * 57 * 56 / 6 - wins.iter().map(|w| w * w.saturating_sub(1) / 2).sum::<usize>();
        assert_eq!(circles.to_string(), summary("cycles of three"), "{name}");
        let rebuilds = "criterion 3: recomposed ranking equals the original";
        assert_eq!(found.rebuilds_the_ranking.to_string(), summary(rebuilds), "{name}");
        if found.ties.is_empty() {
            assert_eq!(found.circles, circles, "{name}");
            assert_same(Some(found.break_rate), summary("break rate").parse().ok(), name);
            assert_eq!((found.circles == 0).to_string(), summary("criterion 2: no cycle"));
            compared += 3;
        }
        ties.push(found.ties.len());
    }
    assert_eq!((compared, ties), (4 * 58 * 2 + 9, vec![0, 0, 0, 301]));
}
