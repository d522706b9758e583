//! Aggregation of normalised columns, against COINr.

use scoring::aggregate::{
    Child, aggregate, copeland::copeland, median::median, owa, power::power_mean,
};
use scoring::{Aggregation, competition_ranks};

use super::{Table, assert_same, cases, columns, figure, index, name, oracle, rows, table};

/// The index: every node, leaves first, with its children's places and weights.
struct Tree {
    codes: Vec<String>,
    leaves: usize,
    weights: Vec<f64>,
    children: Vec<Vec<usize>>,
}

fn tree(folder: &std::path::Path) -> Tree {
    let index = index(folder);
    let nodes: Vec<&serde_json::Value> = index.indicators.iter().chain(&index.aggregates).collect();
    let codes: Vec<String> = nodes.iter().map(|node| name(node).to_owned()).collect();
    let children = codes.iter().map(|code| {
        let is_child = |at: &usize| nodes[*at]["parent"].as_str() == Some(code);
        (0..nodes.len()).filter(is_child).collect()
    });
    Tree {
        children: children.collect(),
        weights: nodes.iter().map(|node| node["weight"].as_f64().expect("weights")).collect(),
        leaves: index.indicators.len(),
        codes,
    }
}

impl Tree {
    /// Aggregates from the leaves up; `method` makes a column of its children's columns.
    fn run(
        &self,
        leaves: Vec<Vec<Option<f64>>>,
        method: impl Fn(&str, &[&[Option<f64>]], &[f64]) -> Vec<Option<f64>>,
    ) -> Vec<Vec<Option<f64>>> {
        let mut all = leaves;
        // Groups are listed from the lowest level up, so children are there already.
        for node in self.leaves..self.codes.len() {
            let under: Vec<&[Option<f64>]> =
                self.children[node].iter().map(|at| all[*at].as_slice()).collect();
            let weights: Vec<f64> =
                self.children[node].iter().map(|at| self.weights[*at]).collect();
            let column = method(&self.codes[node], &under, &weights);
            all.push(column);
        }
        all
    }
}

/// A column made unit by unit.
fn unit_wise(
    columns: &[&[Option<f64>]],
    weights: &[f64],
    method: impl Fn(&[Child]) -> Option<f64>,
) -> Vec<Option<f64>> {
    let unit = |unit: usize| {
        let child = |(column, weight): (&&[Option<f64>], &f64)| child(column[unit], *weight);
        method(&columns.iter().zip(weights).map(child).collect::<Vec<_>>())
    };
    (0..columns[0].len()).map(unit).collect()
}

fn child(value: Option<f64>, weight: f64) -> Child {
    Child { value, weight, most: 100.0, most_available: 100.0 }
}

struct Oracle {
    tree: Tree,
    normalised: Table,
    scores: Table,
    ranks: Table,
}

fn read() -> Option<Oracle> {
    let folder = oracle()?;
    Some(Oracle {
        tree: tree(&folder),
        normalised: table(&folder, "coinr/05_normalised.csv"),
        scores: table(&folder, "coinr/06_aggregated.csv"),
        ranks: table(&folder, "coinr/06_ranks.csv"),
    })
}

impl Oracle {
    fn leaves(&self, input: &str, scale: &str) -> Vec<Vec<Option<f64>>> {
        let units = rows(&self.normalised, &[("input", input), ("method", scale)]);
        let codes: Vec<&str> =
            self.tree.codes[..self.tree.leaves].iter().map(String::as_str).collect();
        columns(&units, &codes)
    }

    /// Compares every group of every unit, and its rank; returns how many cells.
    fn compare(&self, wanted: [&str; 3], found: &[Vec<Option<f64>>]) -> usize {
        let key = [("input", wanted[0]), ("scale", wanted[1]), ("method", wanted[2])];
        let (scores, ranks) = (rows(&self.scores, &key), rows(&self.ranks, &key));
        assert_eq!(scores.len(), 58, "{wanted:?}");
        let mut compared = 0;
        for (node, column) in found.iter().enumerate().skip(self.tree.leaves) {
            let code = &self.tree.codes[node];
            let exact = competition_ranks(column);
            for (at, row) in scores.iter().enumerate() {
                let what = format!("{wanted:?} {code} {}", row["unit"]);
                assert_same(column[at], figure(row, code), &what);
                if !wanted[2].starts_with("copeland_then") {
                    assert_eq!(exact[at], ranks[at][code].parse().ok(), "rank of {what}");
                    compared += 1;
                }
                compared += 1;
            }
        }
        compared
    }
}

#[test]
fn medians_are_coinrs_with_and_without_gaps() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for input in ["A", "B"] {
        let leaves = oracle.leaves(input, "minmax_0_100");
        let found = oracle.tree.run(leaves, |_, under, weights| unit_wise(under, weights, median));
        compared += oracle.compare([input, "minmax_0_100", "median"], &found);
    }
    assert_eq!(compared, 2 * 58 * 10 * 2);
}

#[test]
fn power_means_are_coinrs_where_nothing_is_missing() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for (method, power) in [("generalised_p2", 2.0), ("generalised_pm1", -1.0), ("geometric", 0.0)]
    {
        let leaves = oracle.leaves("B", "minmax_1_100");
        let found = oracle.tree.run(leaves, |_, under, weights| {
            unit_wise(under, weights, |children| power_mean(children, power))
        });
        compared += oracle.compare(["B", "minmax_1_100", method], &found);
    }
    assert_eq!(compared, 3 * 58 * 10 * 2);
}

/// COINr's generalised mean is missing as soon as one child is; ours gives the
/// gap's weight to the others, as every other mean does, COINr's included.
#[test]
fn power_means_skip_gaps_where_coinrs_do_not() {
    let Some(oracle) = read() else { return };
    let (mut compared, mut skipped) = (0, 0);
    for (method, power) in [("generalised_p2", 2.0), ("generalised_pm1", -1.0)] {
        let found = oracle.tree.run(oracle.leaves("A", "minmax_1_100"), |_, under, weights| {
            unit_wise(under, weights, |children| power_mean(children, power))
        });
        let key = [("input", "A"), ("scale", "minmax_1_100"), ("method", method)];
        for (at, row) in rows(&oracle.scores, &key).iter().enumerate() {
            for (node, column) in found.iter().enumerate().skip(oracle.tree.leaves) {
                let code = &oracle.tree.codes[node];
                let Some(expected) = figure(row, code) else {
                    skipped += usize::from(column[at].is_some());
                    continue;
                };
                assert_same(
                    column[at],
                    Some(expected),
                    &format!("{method} {code} {}", row["unit"]),
                );
                compared += 1;
            }
        }
    }
    assert_eq!((compared, skipped), (1072, 80));
}

#[test]
fn a_power_mean_of_minus_one_with_gaps_is_coinrs_harmonic_mean() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for (method, power) in [("harmonic", -1.0), ("geometric", 0.0), ("arithmetic_1_100", 1.0)] {
        let found = oracle.tree.run(oracle.leaves("A", "minmax_1_100"), |_, under, weights| {
            unit_wise(under, weights, |children| power_mean(children, power))
        });
        compared += oracle.compare(["A", "minmax_1_100", method], &found);
    }
    assert_eq!(compared, 3 * 58 * 10 * 2);
}

#[test]
fn an_order_of_equal_weights_is_coinrs_arithmetic_mean() {
    let Some(oracle) = read() else { return };
    let mut compared = 0;
    for input in ["A", "B"] {
        let found = oracle.tree.run(oracle.leaves(input, "minmax_0_100"), |_, under, weights| {
            unit_wise(under, weights, |children| owa::owa(children, owa::Order::Orness(0.5)))
        });
        compared += oracle.compare([input, "minmax_0_100", "arithmetic"], &found);
    }
    assert_eq!(compared, 2 * 58 * 10 * 2);
}

/// With gaps (input A) COINr's scores depend on the order of the rows; see `outranking`.
#[test]
fn copeland_through_the_tree_is_coinrs_where_nothing_is_missing() {
    let Some(oracle) = read() else { return };
    let duels = |under: &[&[Option<f64>]], weights: &[f64]| {
        copeland(under, weights).expect("few units").score
    };
    let leaves = || oracle.leaves("B", "minmax_0_100");
    let everywhere = oracle.tree.run(leaves(), |_, under, weights| duels(under, weights));
    let mut compared = oracle.compare(["B", "minmax_0_100", "copeland"], &everywhere);
    let arithmetic = |children: &[Child]| aggregate(&Aggregation::Arithmetic {}, children);
    let lowest = oracle.tree.run(leaves(), |code, under, weights| match code {
        "behov" | "evne" | "mulighet" | "total" => unit_wise(under, weights, arithmetic),
        _ => duels(under, weights),
    });
    compared += oracle.compare(["B", "minmax_0_100", "copeland_then_arithmetic"], &lowest);
    assert_eq!(compared, 58 * 10 * 2 + 58 * 10);
}

#[test]
fn group_ranks_are_coinrs() {
    let Some(oracle) = read() else { return };
    let Some(folder) = super::oracle() else { return };
    let group_ranks = table(&folder, "coinr/06_group_ranks.csv");
    let mut compared = 0;
    for input in ["A", "B"] {
        let key = [("input", input), ("scale", "minmax_0_100"), ("method", "arithmetic")];
        let scores = rows(&oracle.scores, &key);
        let answers = rows(&group_ranks, &[("input", input)]);
        for code in &oracle.tree.codes[oracle.tree.leaves..] {
            for own in &answers {
                let in_group: Vec<Option<f64>> = scores
                    .iter()
                    .zip(&answers)
                    .map(|(score, answer)| {
                        figure(score, code).filter(|_| answer["group"] == own["group"])
                    })
                    .collect();
                let at =
                    answers.iter().position(|row| row["unit"] == own["unit"]).expect("it is there");
                assert_eq!(
                    competition_ranks(&in_group)[at],
                    own[code].parse().ok(),
                    "{code} {own:?}"
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 2 * 58 * 10);
}

/// Single calls. Ours differs on purpose: a gap is skipped by every mean; a
/// negative value has no power mean (COINr's square grows as the value falls, its
/// root is NaN); a zero makes a mean of power 0 or below 0, its limit, where
/// COINr stops; a mean without weight is a gap and never NaN.
#[test]
fn single_means_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let (mut same, mut ours) = (0, 0);
    for case in cases(&folder, "a_genmean") {
        let power = case["args"]["p"][0].as_f64().expect("a power");
        let values = super::vector(&case["args"]["x"]);
        let children = children(&case["args"]);
        let found = power_mean(&children, power);
        let present = || values.iter().flatten();
        let expected = case["value"][0].as_f64();
        let differs = present().any(|value| *value < 0.0)
            || power == 0.0
            || (power < 0.0 && present().any(|value| *value == 0.0))
            || (values.contains(&None) && present().next().is_some());
        if differs {
            assert_ne!(found, expected.or(Some(f64::NAN)), "{}", case["id"]);
            ours += 1;
        } else {
            assert_same(found, expected, case["id"].as_str().expect("an id"));
            same += 1;
        }
    }
    for (function, power) in [("a_amean", 1.0), ("a_gmean", 0.0), ("a_hmean", -1.0)] {
        for case in cases(&folder, function) {
            let children = children(&case["args"]);
            let negative =
                children.iter().any(|child| child.value.is_some_and(|value| value < 0.0));
            if case["error"].is_string() || negative {
                ours += 1;
                continue;
            }
            assert_same(power_mean(&children, power), case["value"][0].as_f64(), function);
            same += 1;
        }
    }
    assert_eq!((same, ours), (24, 22));
}

fn children(args: &serde_json::Value) -> Vec<Child> {
    let values = super::vector(&args["x"]);
    let weights = args["w"].as_array().map(|_| super::vector(&args["w"]));
    let weight = |at: usize| weights.as_ref().map_or(1.0, |weights| weights[at].unwrap_or(0.0));
    values.iter().enumerate().map(|(at, value)| child(*value, weight(at))).collect()
}

#[test]
fn ranks_of_single_vectors_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let mut compared = 0;
    for case in cases(&folder, "ranks") {
        let values = super::vector(&case["args"]["x"]);
        let expected = super::vector(&case["value"]);
        assert_eq!(scoring::ranks(&values, scoring::Ties::Min), expected, "{}", case["id"]);
        compared += expected.len();
    }
    // COINr ranks from the lowest here, we from the highest: the column is turned.
    for (case, ties) in cases(&folder, "n_rank").iter().filter_map(|case| {
        let ties = match case["args"]["ties.method"][0].as_str()? {
            "min" => scoring::Ties::Min,
            "average" => scoring::Ties::Average,
            "max" => scoring::Ties::Max,
            _ => return None,
        };
        Some((case, ties))
    }) {
        let turned: Vec<Option<f64>> =
            super::vector(&case["args"]["x"]).into_iter().map(|x| x.map(|x| -x)).collect();
        let expected = super::vector(&case["value"]);
        assert_eq!(scoring::ranks(&turned, ties), expected, "{}", case["id"]);
        compared += expected.len();
    }
    assert_eq!(compared, 150);
}
