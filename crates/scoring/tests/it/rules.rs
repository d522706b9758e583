//! Coverage, missing data, weights and contributions, by small examples.

use scoring::contribution::contributions;
use scoring::{Model, NotRanked, score};

use crate::matrix;

const FILE: &str = r#"
id = "small"
version = 1
title = { nb = "Liten" }
missing = "redistribute"
[coverage]
dimension_minimum = 0.65
total_minimum = 0.6
required = ["B"]
[[group]]
id = "total"
title = {}
aggregation = { method = "geometric", floor = 1 }
[[group]]
id = "B"
parent = "total"
title = { nb = "Behov" }
weight = 60
aggregation = { method = "arithmetic" }
[[group]]
id = "M"
parent = "total"
title = { nb = "Mulighet" }
weight = 40
aggregation = { method = "arithmetic" }
[[indicator]]
id = "rent"
code = "B1"
parent = "B"
weight = 3
value = { method = "anchors", points = [[0, 0], [100, 100]] }
[[indicator]]
id = "poverty"
code = "B2"
parent = "B"
weight = 1
value = { method = "anchors", points = [[0, 0], [100, 100]] }
[[indicator]]
id = "land"
parent = "M"
weight = 1
value = { method = "anchors", points = [[0, 0], [100, 100]] }
"#;

const INPUTS: [&str; 3] = ["rent", "poverty", "land"];

fn model() -> Model {
    Model::parse(FILE, &INPUTS).expect("the model is valid")
}

fn one(figures: [Option<f64>; 3]) -> scoring::UnitScore {
    score(&model(), &matrix(&INPUTS, &[("0301", &figures)])).units.remove(0)
}

#[test]
fn the_score_is_the_geometric_mean_of_arithmetic_means() {
    let unit = one([Some(40.0), Some(80.0), Some(20.0)]);
    let need: f64 = (3.0 * 40.0 + 80.0) / 4.0;
    let expected = need.powf(0.6) * 20.0_f64.powf(0.4);
    let found = unit.score.expect("everything is there");
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}

#[test]
fn contributions_add_up_at_every_level_and_a_floor_contributes_nothing() {
    for figures in [[40.0, 80.0, 20.0], [0.0, 0.0, 50.0], [0.0, 0.0, 0.0], [100.0, 3.0, 0.5]] {
        let unit = one(figures.map(Some));
        let score = unit.score.expect("everything is there");
        let parts = contributions(&model(), &unit);
        let sum = |parts: &[Option<f64>]| parts.iter().flatten().sum::<f64>();
        assert!((sum(&parts.leaves) - score).abs() < 1e-9, "{figures:?}: leaves");
        assert!((sum(&parts.groups[1..]) - score).abs() < 1e-9, "{figures:?}: dimensions");
    }
    let floored = one([Some(0.0), Some(0.0), Some(50.0)]);
    assert_eq!(contributions(&model(), &floored).groups[1], Some(0.0));
}

#[test]
fn a_gap_gives_its_weight_to_its_siblings_while_enough_is_left() {
    let whole = one([Some(40.0), Some(40.0), Some(20.0)]);
    let gap = one([Some(40.0), None, Some(20.0)]);
    assert_eq!(gap.score, whole.score);
    assert_eq!(gap.groups[1].coverage, 0.75);
    assert!((gap.coverage - 0.85).abs() < 1e-12);
}

#[test]
fn a_required_dimension_with_too_little_data_keeps_a_unit_unranked() {
    let unit = one([None, Some(90.0), Some(90.0)]);
    assert_eq!((unit.score, unit.rank, unit.tier), (None, None, None));
    assert_eq!(
        unit.reasons,
        [
            NotRanked::DimensionTooThin { dimension: 1, coverage: 0.25, minimum: 0.65 },
            NotRanked::TotalTooThin { coverage: 0.55, minimum: 0.6 },
        ]
    );
    assert_eq!(unit.groups[1].value, None, "a thin dimension shows no score");
}

#[test]
fn coverage_at_the_minimum_is_enough() {
    let unit = one([Some(50.0), Some(50.0), None]);
    assert_eq!(unit.coverage, 0.6);
    let score = unit.score.expect("0.6 reaches 0.6");
    assert!((score - 50.0).abs() < 1e-9, "the missing dimension gives its weight away");
}

#[test]
fn nothing_at_all_is_no_score() {
    let unit = one([None, None, None]);
    assert_eq!(unit.score, None);
    assert_eq!(unit.reasons.len(), 2);
}

#[test]
fn ties_share_the_lowest_place_and_the_next_place_is_left_out() {
    let rows: [(&str, &[Option<f64>]); 4] = [
        ("1", &[Some(10.0), Some(10.0), Some(10.0)]),
        ("2", &[Some(50.0), Some(50.0), Some(50.0)]),
        ("3", &[Some(10.0), Some(10.0), Some(10.0)]),
        ("4", &[Some(5.0), Some(5.0), Some(5.0)]),
    ];
    let scores = score(&model(), &matrix(&INPUTS, &rows));
    let ranks: Vec<Option<usize>> = scores.units.iter().map(|unit| unit.rank).collect();
    assert_eq!(ranks, [Some(2), Some(1), Some(2), Some(4)]);
}

#[test]
fn weights_can_be_set_by_group_code_or_indicator() {
    let heavier = model()
        .with_weights(&[("M".to_owned(), 0.0), ("B1".to_owned(), 0.0), ("poverty".to_owned(), 2.0)])
        .expect("somebody still weighs something");
    let figures = [Some(40.0), Some(80.0), Some(20.0)];
    let unit = score(&heavier, &matrix(&INPUTS, &[("0301", &figures)])).units.remove(0);
    let found = unit.score.expect("poverty is there");
    assert!((found - 80.0).abs() < 1e-9, "only poverty counts");
    assert_eq!(heavier.effective_weights(), [0.0, 1.0, 0.0]);
}

#[test]
fn weights_that_cannot_be_used_are_refused() {
    let set = |weights: &[(&str, f64)]| {
        let weights: Vec<(String, f64)> =
            weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
        model().with_weights(&weights).map_err(|error| error.problem.to_string())
    };
    assert_eq!(
        set(&[("B", -1.0)]),
        Err("the weight of `B` is -1; give 0 to 1000000000".to_owned())
    );
    assert_eq!(
        set(&[("X", 1.0)]),
        Err("the model has no group or indicator `X` to weigh".to_owned())
    );
    assert_eq!(
        set(&[("B", 0.0), ("M", 0.0)]),
        Err("all weights under `total` are zero; one must be above 0".to_owned())
    );
    assert!(set(&[("B", f64::NAN)]).is_err());
}

#[test]
fn the_countrys_own_values_are_scored_on_the_same_scales() {
    let figures = [Some(40.0), Some(80.0), Some(20.0)];
    let scores = score(&model(), &matrix(&INPUTS, &[("0301", &figures)]));
    let national = scores.profile(&model(), &|indicator| match indicator {
        "rent" => Some(50.0),
        "poverty" => Some(50.0),
        _ => Some(50.0),
    });
    let score = national.score.expect("all three are there");
    assert!((score - 50.0).abs() < 1e-9);
}
