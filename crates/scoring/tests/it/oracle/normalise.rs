//! Value functions (`05_normalised.csv`, `cases.json`).
//!
//! Shares and distances end on 100 here and on 1 in COINr. Where less is
//! better COINr's `fracmax` gives the best the smallest number; ours is its
//! reciprocal, so that the best still gets 100. A target or a reference that is
//! no better than the worst figure leaves nothing to compare; COINr gives
//! infinities or negative scores.

use scoring::Ties;
use scoring::normalise::{Fitted, Outside, Spacing};

use super::cases::{Case, cases, column};
use super::*;

/// The indicator's pair of figures, worst first.
fn posts(indicator: &serde_json::Value, key: &str) -> [f64; 2] {
    let post = |at: usize| indicator[key][at].as_f64().expect("the ends are numbers");
    if is_lower(indicator) { [post(1), post(0)] } else { [post(0), post(1)] }
}

/// Fits one of COINr's methods; the number takes a value of ours to COINr's scale.
fn fit(
    method: &str,
    indicator: &serde_json::Value,
    figures: &[Option<f64>],
    reference: Option<f64>,
) -> (Fitted, f64) {
    let direction = direction(indicator);
    let target = indicator["target"].as_f64().expect("the target is a number");
    let to_reference = |outside| {
        let reference = reference.expect("the reference unit has a figure");
        Fitted::distance_to_reference(figures, direction, reference, outside)
    };
    match method {
        "minmax_0_100" => (Fitted::min_max(figures, direction, [0.0, 100.0]), 1.0),
        "minmax_1_100" => (Fitted::min_max(figures, direction, [1.0, 100.0]), 1.0),
        "zscore" => (Fitted::z_score(figures, direction, [0.0, 1.0]), 1.0),
        "zscore_100_15" => (Fitted::z_score(figures, direction, [100.0, 15.0]), 1.0),
        "rank_min" => (Fitted::rank(figures, direction, Ties::Min), 1.0),
        "rank_average" => (Fitted::rank(figures, direction, Ties::Average), 1.0),
        "rank_max" => (Fitted::rank(figures, direction, Ties::Max), 1.0),
        "percentile_min" => (Fitted::percentile_rank(figures, direction, Ties::Min), 0.01),
        "percentile_average" => (Fitted::percentile_rank(figures, direction, Ties::Average), 0.01),
        "borda" => (Fitted::borda(figures, direction, Ties::Min), 1.0),
        "dist2max" => (Fitted::min_max(figures, direction, [0.0, 1.0]), 1.0),
        "dist2ref" => (to_reference(Outside::Extended), 0.01),
        "dist2ref_capped" => (to_reference(Outside::Cut), 0.01),
        "dist2targ" => (Fitted::distance_to_target(figures, direction, target, Outside::Cut), 0.01),
        "goalposts" => (Fitted::goalposts(posts(indicator, "goalposts"), Spacing::Even), 1.0),
        "scaled" => (Fitted::scaled(posts(indicator, "scaled")), 1.0),
        "fracmax" => (Fitted::share_of_best(figures, direction), 0.01),
        other => panic!("no method {other}"),
    }
}

#[test]
fn every_method_on_every_input_is_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let raw = table(&folder, "coinr/01_denominated.csv");
    let figures = table(&folder, "coinr/04_treated.csv");
    let expected = table(&folder, "coinr/05_normalised.csv");
    let mut methods: Vec<&str> = expected.iter().map(|row| row["method"].as_str()).collect();
    methods.sort_unstable();
    methods.dedup();
    let (mut same, mut reciprocal) = (0, 0);
    for input in ["S", "A", "B"] {
        let units = if input == "S" { screened(&folder, &raw) } else { treated(&figures, input) };
        for method in &methods {
            let answers = rows(&expected, &[("input", input), ("method", method)]);
            assert_eq!(answers.len(), units.len(), "{input} {method}");
            for indicator in &index.indicators {
                let code = name(indicator);
                let column: Vec<_> = units.iter().map(|unit| figure(unit, code)).collect();
                let reference = units.iter().find(|unit| unit["unit"] == "K9010");
                let reference = reference.and_then(|unit| figure(unit, code));
                let (fitted, scale) = fit(method, indicator, &column, reference);
                let turned = *method == "fracmax" && is_lower(indicator);
                for ((unit, answer), found) in
                    units.iter().zip(&answers).zip(fitted.apply_all(&column))
                {
                    let what = format!("{input} {method} {code} {}", unit["unit"]);
                    assert_eq!(unit["unit"], answer["unit"]);
                    let found = found.map(|value| value * scale);
                    let found = if turned { found.map(f64::recip) } else { found };
                    assert_same(found, figure(answer, code), &what);
                    if turned { reciprocal += 1 } else { same += 1 }
                }
            }
        }
    }
    let cells = 3 * 17 * 14 * 58;
    assert_eq!((same, reciprocal), (cells - 3 * 3 * 58, 3 * 3 * 58));
}

/// Compares a whole answer after taking ours to COINr's scale.
fn assert_case(case: &Case, fitted: &Fitted, scale: f64) -> usize {
    let answers = column(&case.value);
    let found = fitted.apply_all(&case.column("x"));
    assert_eq!(found.len(), answers.len(), "{}", case.id);
    for (found, answer) in found.iter().zip(&answers) {
        assert_same(found.map(|value| value * scale), *answer, &case.id);
    }
    answers.len()
}

fn ties(case: &Case) -> Ties {
    match case.text("ties.method") {
        "min" => Ties::Min,
        "average" => Ties::Average,
        _ => Ties::Max,
    }
}

fn case_direction(case: &Case) -> Direction {
    if case.number("direction") < 0.0 { Direction::Lower } else { Direction::Higher }
}

fn pair(case: &Case, argument: &str) -> [f64; 2] {
    let numbers = case.column(argument);
    [0, 1].map(|at| numbers[at].expect("both are numbers"))
}

#[test]
fn small_vectors_get_coinrs_values() {
    let higher = Direction::Higher;
    let mut compared = 0;
    for case in cases("n_minmax") {
        let fitted = Fitted::min_max(&case.column("x"), higher, pair(&case, "l_u"));
        compared += assert_case(&case, &fitted, 1.0);
    }
    for case in cases("n_zscore") {
        let fitted = Fitted::z_score(&case.column("x"), higher, pair(&case, "m_sd"));
        compared += assert_case(&case, &fitted, 1.0);
    }
    for case in cases("n_rank") {
        compared += assert_case(&case, &Fitted::rank(&case.column("x"), higher, ties(&case)), 1.0);
    }
    for case in cases("n_prank") {
        let fitted = Fitted::percentile_rank(&case.column("x"), higher, ties(&case));
        compared += assert_case(&case, &fitted, 0.01);
    }
    for case in cases("n_borda") {
        compared += assert_case(&case, &Fitted::borda(&case.column("x"), higher, ties(&case)), 1.0);
    }
    for case in cases("n_dist2max") {
        let fitted = Fitted::min_max(&case.column("x"), higher, [0.0, 1.0]);
        compared += assert_case(&case, &fitted, 1.0);
    }
    for case in cases("n_fracmax") {
        compared += assert_case(&case, &Fitted::share_of_best(&case.column("x"), higher), 0.01);
    }
    for case in cases("n_scaled") {
        compared += assert_case(&case, &Fitted::scaled(pair(&case, "npara")), 1.0);
    }
    for case in cases("n_goalposts") {
        let [low, high] = pair(&case, "gposts");
        let ends = if case_direction(&case) == higher { [low, high] } else { [high, low] };
        let fitted = match case.is_true("trunc2posts") {
            true => Fitted::goalposts(ends, Spacing::Even),
            false => Fitted::scaled(ends),
        };
        compared += assert_case(&case, &fitted, 1.0);
    }
    assert!(compared == 744 || oracle().is_none(), "{compared}");
}

#[test]
fn references_and_targets_are_coinrs_where_they_are_better_than_the_worst() {
    let (mut compared, mut nothing) = (0, Vec::new());
    let outside =
        |case: &Case| if case.is_true("cap_max") { Outside::Cut } else { Outside::Extended };
    let mut tell = |case: &Case, fitted: Fitted| {
        if fitted == Fitted::Nothing {
            nothing.push(case.id.clone());
        } else {
            compared += assert_case(case, &fitted, 0.01);
        }
    };
    for case in cases("n_dist2ref") {
        let figures = case.column("x");
        let fitted = match figures[case.number("iref") as usize - 1] {
            None => Fitted::Nothing,
            Some(reference) => Fitted::distance_to_reference(
                &figures,
                Direction::Higher,
                reference,
                outside(&case),
            ),
        };
        tell(&case, fitted);
    }
    for case in cases("n_dist2targ") {
        let target = case.number("targ");
        let (figures, direction) = (case.column("x"), case_direction(&case));
        tell(&case, Fitted::distance_to_target(&figures, direction, target, outside(&case)));
    }
    if oracle().is_some() {
        // The reference is the minimum (3, 4, 13, 14) or a gap (9, 10); the target is below it.
        let without = ["ref-3", "ref-4", "ref-9", "ref-10", "ref-13", "ref-14"];
        let targets = ["targ-2", "targ-4", "targ-10", "targ-12", "targ-18", "targ-20"];
        let expected: Vec<String> =
            without.iter().chain(&targets).map(|end| format!("n_dist2{end}")).collect();
        assert_eq!(nothing, expected);
        assert_eq!(compared, 220);
    }
}

#[test]
fn directions_turn_small_vectors_as_in_coinr() {
    let (mut compared, mut differs) = (0, 0);
    for case in cases("normalise_direction") {
        let (figures, direction) = (case.column("x"), case_direction(&case));
        let ends = if direction == Direction::Higher { [2.0, 5.0] } else { [5.0, 2.0] };
        match (case.text("f_n"), case.id.as_str()) {
            ("n_minmax", _) => {
                let fitted = Fitted::min_max(&figures, direction, [0.0, 100.0]);
                compared += assert_case(&case, &fitted, 1.0);
            }
            ("n_rank", _) => {
                let fitted = Fitted::rank(&figures, direction, Ties::Min);
                compared += assert_case(&case, &fitted, 1.0);
            }
            // COINr turns the figures and not the goalposts unless told to: everybody gets 0.
            ("n_goalposts", "normalise_direction-8") => {
                assert!(column(&case.value).iter().all(|value| *value == Some(0.0)));
                differs += 1;
            }
            ("n_goalposts", _) => {
                compared += assert_case(&case, &Fitted::goalposts(ends, Spacing::Even), 1.0);
            }
            // The best gets the smallest number where less is better; ours is the reciprocal.
            (_, "normalise_direction-10") => {
                let found = Fitted::share_of_best(&figures, direction).apply_all(&figures);
                for (found, answer) in found.iter().zip(column(&case.value)) {
                    assert_same(found.map(|value| 100.0 / value), answer, &case.id);
                }
                differs += 1;
            }
            _ => {
                let fitted = Fitted::share_of_best(&figures, direction);
                compared += assert_case(&case, &fitted, 0.01);
            }
        }
    }
    assert!((compared, differs) == (64, 2) || oracle().is_none(), "{compared} {differs}");
}
