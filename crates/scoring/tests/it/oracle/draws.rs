//! COINr's 500 weight draws, replayed.

use std::num::NonZeroUsize;

use scoring::doubt::draws::{Draw, Draws, moved};
use scoring::doubt::engine::Engine;
use scoring::doubt::intervals::{Intervals, Which, intervals};
use scoring::statistics::{quantile, sorted};
use scoring::{Matrix, Model, Uncertainty};

use super::{Index, assert_same, figure, index, matrix, model, oracle, rows, table, treated};

const ARITHMETIC: &str = "{ method = \"arithmetic\" }";
const GEOMETRIC: &str = "{ method = \"geometric\", floor = 0.001 }";

/// The oracle's draws as a list for a model of its index.
pub(super) fn draws(folder: &std::path::Path, model: &Model) -> Draws {
    let path = folder.join("input/weight_draws.csv");
    let mut reader = csv::Reader::from_path(path).expect("the oracle has its draws");
    let names = reader.headers().expect("the file has a header").clone();
    let nodes = names.iter().skip(1).map(str::to_owned).collect();
    let own = Draw::of(model);
    let draws = reader.records().enumerate().map(|(index, row)| {
        let row = row.expect("the rows are whole");
        let weights = row.iter().skip(1).map(|cell| cell.parse().expect("weights are numbers"));
        Draw { index, weights: weights.collect(), ..own.clone() }
    });
    let list = Draws { seed: None, nodes, draws: draws.collect() };
    list.for_model(model).unwrap_or_else(|problem| panic!("the names are the index's: {problem}"))
}

/// The three ways in which the draws were run.
fn variants(folder: &std::path::Path, index: &Index) -> Vec<(&'static str, Model, Matrix)> {
    let figures = table(folder, "coinr/04_treated.csv");
    let of = |input| matrix(index, &treated(&figures, input));
    let plain = "{ method = \"min_max\" }";
    let above_0 = "{ method = \"min_max\", low = 1, high = 100 }";
    let arithmetic = || model(index, plain, ARITHMETIC, ARITHMETIC);
    vec![
        ("A_arithmetic", arithmetic(), of("A")),
        ("B_arithmetic", arithmetic(), of("B")),
        ("B_geometric", model(index, above_0, GEOMETRIC, GEOMETRIC), of("B")),
    ]
}

#[test]
fn scores_and_ranks_of_every_draw_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let mut compared = 0;
    for (variant, model, matrix) in variants(&folder, &index) {
        let list = draws(&folder, &model);
        let engine = Engine::new(&model, &matrix, &Uncertainty::default());
        let scores = table(&folder, &format!("coinr/11_draw_scores_{variant}.csv"));
        let ranks = table(&folder, &format!("coinr/11_draw_ranks_{variant}.csv"));
        assert_eq!((list.draws.len(), scores.len(), ranks.len()), (500, 500, 500));
        for (at, draw) in list.draws.iter().enumerate() {
            let found = engine.outcome(draw).expect("the draw fits");
            for (unit, code) in matrix.units.iter().enumerate() {
                let what = format!("{variant} draw {} {code}", at + 1);
                assert_same(found.scores[unit], figure(&scores[at], code), &what);
                let rank: Option<usize> = ranks[at][code].parse().ok();
                assert_eq!(found.ranks[unit], rank, "{what}");
                compared += 2;
            }
        }
    }
    assert_eq!(compared, 3 * 500 * 58 * 2);
}

fn told(engine: &Engine, list: &Draws) -> Intervals {
    let one = NonZeroUsize::MIN;
    intervals(engine, Which::Listed(list), &Uncertainty::default(), one).expect("the draws fit")
}

#[test]
fn quantiles_over_the_draws_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let expected = table(&folder, "coinr/11_draw_quantiles.csv");
    let mut compared = 0;
    for (variant, model, matrix) in variants(&folder, &index) {
        let list = draws(&folder, &model);
        let engine = Engine::new(&model, &matrix, &Uncertainty::default());
        let outcomes: Vec<_> =
            list.draws.iter().map(|draw| engine.outcome(draw).expect("the draw fits")).collect();
        let told = told(&engine, &list);
        let answers = rows(&expected, &[("variant", variant)]);
        for (unit, answer) in answers.iter().enumerate() {
            let places = told.units[unit].as_ref().expect("every unit is ranked");
            let nominal = engine.nominal().scores[unit];
            let scores = sorted(outcomes.iter().filter_map(|outcome| outcome.scores[unit]));
            for (column, found) in [
                ("nominal_score", nominal),
                ("nominal_rank", Some(places.rank as f64)),
                ("rank_mean", Some(places.mean)),
                ("rank_q5", Some(places.p5)),
                ("rank_q50", Some(places.p50)),
                ("rank_q95", Some(places.p95)),
                ("rank_min", Some(places.best as f64)),
                ("rank_max", Some(places.worst as f64)),
                ("score_q5", quantile(&scores, 0.05)),
                ("score_q50", quantile(&scores, 0.5)),
                ("score_q95", quantile(&scores, 0.95)),
            ] {
                let what = format!("{variant} {} {column}", answer["unit"]);
                assert_same(found, figure(answer, column), &what);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 3 * 58 * 11);
}

#[test]
fn weights_move_as_coinrs_noisy_weights() {
    let Some(folder) = oracle() else { return };
    let table = table(&folder, "coinr/11_noisy_weights_formula.csv");
    for row in &table {
        let number = |column| figure(row, column).expect("the row is whole");
        let found = moved(number("weight"), number("factor"), number("u"));
        assert_same(Some(found), figure(row, "noisy_weight"), &row["code"]);
    }
    assert_eq!(table.len(), 69);
}
