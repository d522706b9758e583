//! Outranking shares and Copeland scores, against COINr.

use scoring::aggregate::copeland::{copeland, outranking};
use scoring::doubt::dominance::dominance;

use super::{assert_same, cases, columns, figure, oracle, rows, slices, table, vector};

const INDICATORS: [&str; 14] = [
    "befvekst",
    "ventetid",
    "prispress",
    "barn_lavinnt",
    "bostotte",
    "trangbodd",
    "gjeld",
    "driftsres",
    "frie_innt",
    "planer",
    "tomtepris",
    "byggekost",
    "regulert",
    "pendling",
];

struct Input {
    columns: Vec<Vec<Option<f64>>>,
    weights: Vec<f64>,
    units: Vec<String>,
}

fn input(folder: &std::path::Path, input: &str) -> Input {
    let normalised = table(folder, "coinr/05_normalised.csv");
    let units = rows(&normalised, &[("input", input), ("method", "minmax_0_100")]);
    let weights = table(folder, "coinr/09_weights.csv");
    let weight = |code: &&str| {
        figure(rows(&weights, &[("code", code)])[0], "effective_weight").expect("a weight")
    };
    Input {
        columns: columns(&units, &INDICATORS),
        weights: INDICATORS.iter().map(weight).collect(),
        units: units.iter().map(|row| row["unit"].clone()).collect(),
    }
}

#[test]
fn outranking_shares_are_coinrs_where_both_units_are_whole() {
    let Some(folder) = oracle() else { return };
    let mut compared = [0, 0];
    for (at, name) in ["A", "B"].into_iter().enumerate() {
        let input = input(&folder, name);
        let found = outranking(&slices(&input.columns), &input.weights).expect("few units");
        let expected = table(&folder, &format!("coinr/07_outranking_{name}.csv"));
        let whole = |unit: usize| input.columns.iter().all(|column| column[unit].is_some());
        for (row, answers) in expected.iter().enumerate() {
            for (other, unit) in input.units.iter().enumerate() {
                // COINr keeps the weight of a missing comparison in the whole, ours does not.
                if row != other && whole(row) && whole(other) {
                    let what = format!("{name} {} {unit}", answers["unit"]);
                    assert_same(found[row][other], figure(answers, unit), &what);
                    compared[at] += 1;
                }
            }
        }
    }
    assert_eq!(compared, [45 * 44, 58 * 57]);
}

#[test]
fn copeland_scores_are_coinrs_where_nothing_is_missing() {
    let Some(folder) = oracle() else { return };
    let table = table(&folder, "coinr/07_copeland.csv");
    let input = input(&folder, "B");
    let found = copeland(&slices(&input.columns), &input.weights).expect("few units");
    let answers = rows(&table, &[("input", "B")]);
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(found.score[at], figure(answer, "copeland"), "{}", answer["unit"]);
        assert_eq!(found.score[at], figure(answer, "copeland_rows_reversed"));
    }
    let pairs = dominance(&slices(&input.columns)).expect("few units").pairs.len();
    assert_eq!(Some(pairs as f64), figure(answers[0], "n_dominant"));
    assert_eq!(answers.len(), 58);
}

/// COINr gives the weight of a missing comparison to the later unit, so 46 of
/// 58 scores change when the rows are turned round. Ours compares what both have.
#[test]
fn copeland_scores_with_gaps_do_not_depend_on_the_order_of_the_units() {
    let Some(folder) = oracle() else { return };
    let table = table(&folder, "coinr/07_copeland.csv");
    let input = input(&folder, "A");
    let forward = copeland(&slices(&input.columns), &input.weights).expect("few units").score;
    let mut turned = input.columns.clone();
    turned.iter_mut().for_each(|column| column.reverse());
    let mut backward = copeland(&slices(&turned), &input.weights).expect("few units").score;
    backward.reverse();
    assert_eq!(forward, backward);

    let answers = rows(&table, &[("input", "A")]);
    let differs = |column: &str| {
        answers.iter().zip(&forward).filter(|(row, score)| figure(row, column) != **score).count()
    };
    let moved = |row: &&&std::collections::HashMap<String, String>| {
        row["copeland"] != row["copeland_rows_reversed"]
    };
    assert_eq!(answers.iter().filter(moved).count(), 46);
    assert_eq!((differs("copeland"), differs("copeland_rows_reversed")), (44, 44));
}

/// Cases with gaps: ours leaves a missing comparison out, so a unit without data
/// takes no part and both halves of a pair sum to 1.
#[test]
fn single_outranking_matrices_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let mut compared = 0;
    let shares = cases(&folder, "outrankMatrix");
    for (case, scores) in shares.iter().zip(cases(&folder, "a_copeland")) {
        let units: Vec<Vec<Option<f64>>> =
            case["args"]["X"].as_array().expect("rows").iter().map(vector).collect();
        let columns: Vec<Vec<Option<f64>>> =
            (0..units[0].len()).map(|at| units.iter().map(|row| row[at]).collect()).collect();
        let weights: Vec<f64> = vector(&case["args"]["w"]).into_iter().flatten().collect();
        let found = outranking(&slices(&columns), &weights).expect("few units");
        let duels = copeland(&slices(&columns), &weights).expect("few units");
        if units.iter().flatten().any(Option::is_none) {
            for (row, cells) in found.iter().enumerate() {
                for (other, cell) in cells.iter().enumerate() {
                    let sum = cell.zip(found[other][row]).map_or(1.0, |(one, two)| one + two);
                    assert!((sum - 1.0).abs() < 1e-12);
                }
                let empty = units[row].iter().all(Option::is_none);
                assert_eq!(duels.score[row].is_none(), empty, "{}", case["id"]);
            }
            continue;
        }
        let expected = case["value"]["OutRankMatrix"].as_array().expect("a matrix");
        for (row, answers) in expected.iter().enumerate() {
            for (other, answer) in vector(answers).into_iter().enumerate() {
                let answer = answer.filter(|_| row != other);
                assert_same(found[row][other], answer, case["id"].as_str().expect("an id"));
                compared += 1;
            }
        }
        assert_eq!(duels.score, vector(&scores["value"]), "{}", scores["id"]);
        compared += duels.score.len();
    }
    assert_eq!(compared, 2 * (9 + 3));
}
