//! The report of January 2026: section 7.2 branch by branch, appendix B.

use scoring::{Model, Scores, score};

use crate::matrix;

const INPUTS: [&str; 8] = [
    "population_change_5yr_percent",
    "housing_cost_ratio_percent",
    "household_income_vs_national_ratio",
    "unemployment_vs_national_ratio",
    "labour_seat_share_percent",
    "left_coalition",
    "house_price_index",
    "dwellings_started_vs_national_ratio",
];

fn model(id: &str) -> Model {
    let file = format!("{}/../../packs/boligsektor/models/{id}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("the pack ships the report's models");
    Model::parse(&text, &INPUTS).expect("the model is valid")
}

fn run(id: &str, figures: &[Option<f64>; 8]) -> Scores {
    score(&model(id), &matrix(&INPUTS, &[("0000", figures)]))
}

/// The report's own code, transcribed: what it gives when every figure is there.
fn report(figures: &[f64; 8]) -> f64 {
    let [population, cost, income, unemployment, labour, coalition, price, permits] = *figures;
    let mut points = 0.0;
    if population < -2.0 {
        points += 10.0;
    } else if population < -1.0 {
        points += 7.0;
    } else if population < 0.0 {
        points += 5.0;
    }
    if cost > 35.0 {
        points += 20.0;
    } else if cost > 30.0 {
        points += 15.0;
    } else if cost > 25.0 {
        points += 10.0;
    }
    if income < 0.9 {
        points += 15.0;
    } else if income < 0.95 {
        points += 10.0;
    }
    if unemployment > 1.2 {
        points += 10.0;
    } else if unemployment > 1.0 {
        points += 7.0;
    }
    if labour > 35.0 {
        points += 15.0;
    } else if labour > 25.0 {
        points += 10.0;
    } else if coalition == 1.0 {
        points += 8.0;
    }
    if price > 80.0 && price < 120.0 {
        points += 10.0;
    }
    if permits < 0.8 {
        points += 10.0;
    }
    points
}

/// Every value at, just below and just above each bound of each criterion.
fn probes() -> [Vec<f64>; 8] {
    let around = |bounds: &[f64]| {
        bounds.iter().flat_map(|bound| [bound - 1e-9, *bound, bound + 1e-9]).collect::<Vec<f64>>()
    };
    [
        around(&[-2.0, -1.0, 0.0]),
        around(&[25.0, 30.0, 35.0]),
        around(&[0.9, 0.95]),
        around(&[1.0, 1.2]),
        around(&[25.0, 35.0]),
        vec![0.0, 1.0],
        around(&[80.0, 120.0]),
        around(&[0.8]),
    ]
}

#[test]
fn every_branch_and_boundary_gives_the_reports_points() {
    let middle = [1.0, 20.0, 1.0, 0.9, 20.0, 0.0, 150.0, 1.0];
    let mut checked = 0;
    for (criterion, values) in probes().iter().enumerate() {
        for value in values {
            for coalition in [0.0, 1.0] {
                let mut figures = middle;
                figures[5] = coalition;
                figures[criterion] = *value;
                let scores = run("rapport2026-v1", &figures.map(Some));
                assert_eq!(scores.units[0].score, Some(report(&figures)), "{figures:?}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 2 * (9 + 9 + 6 + 6 + 6 + 2 + 6 + 3));
}

#[test]
fn the_most_points_are_90_not_100() {
    let best = [-3.0, 40.0, 0.8, 1.5, 40.0, 1.0, 100.0, 0.5];
    assert_eq!(run("rapport2026-v1", &best.map(Some)).units[0].score, Some(90.0));
    assert_eq!(run("rapport2026-v1-rescaled", &best.map(Some)).units[0].score, Some(100.0));
    assert_eq!(run("rapport2026-mal-v1", &best.map(Some)).units[0].score, Some(400.0));
}

/// The template's own indicators: unemployment has no national rate, permits are not given.
const TEMPLATE: [Option<f64>; 8] =
    [Some(-1.2), Some(32.5), Some(0.95), None, Some(28.3), Some(0.0), Some(145.0), None];

#[test]
fn the_templates_indicators_give_32_and_an_unknown_between_0_and_20() {
    let scores = run("rapport2026-v1", &TEMPLATE);
    let oslo = &scores.units[0];
    let range = oslo.range.expect("gaps give 0 points in this model");
    assert_eq!((oslo.score, range.low, range.high), (Some(32.0), 32.0, 52.0));
    assert_eq!(oslo.tier, Some(3), "tier 3, or 2 if the unknown is 8 or more");
    assert_eq!(oslo.rank, Some(1), "a gap does not keep anybody from the ranking");
}

#[test]
fn the_rescaled_twin_divides_by_the_points_available() {
    let scores = run("rapport2026-v1-rescaled", &TEMPLATE);
    assert_eq!(scores.units[0].score, Some(100.0 * 32.0 / 70.0));
}

#[test]
fn the_templates_sub_scores_give_176_and_tier_2_from_the_mean() {
    // The sub-scores exceed what the points of their blocks can give, so they are
    // taken as given: each block has one indicator, its own sub-score.
    let blocks = ["demographic", "economic", "political", "property"];
    let mut text = String::from(
        "id = \"t\"\nversion = 1\ntitle = {}\nmissing = \"zero\"\ntier_basis = \"mean_of_dimensions\"\n",
    );
    for tier in &model("rapport2026-mal-v1").tiers {
        text.push_str(&format!(
            "[[tier]]\ntier = {}\nfrom = {}\ntitle = {{}}\n",
            tier.tier, tier.from
        ));
    }
    text.push_str("[[group]]\nid = \"total\"\ntitle = {}\naggregation = { method = \"sum\" }\n");
    for block in blocks {
        text.push_str(&format!(
            "[[group]]\nid = \"{block}\"\nparent = \"total\"\ntitle = {{}}\naggregation = {{ method = \"sum\" }}\n\
             [[indicator]]\nid = \"{block}_score\"\nparent = \"{block}\"\nweight = 1\n\
             value = {{ method = \"anchors\", points = [[0, 0], [100, 100]] }}\n"
        ));
    }
    let inputs = blocks.map(|block| format!("{block}_score"));
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let template = Model::parse(&text, &inputs).expect("the model is valid");
    let figures = [45.0, 38.0, 52.0, 41.0].map(Some);
    let oslo = &score(&template, &matrix(&inputs, &[("0301", &figures)])).units[0];
    assert_eq!((oslo.score, oslo.tier), (Some(176.0), Some(2)));
}

#[test]
fn the_template_model_reads_its_tier_from_the_mean_of_its_blocks() {
    let scores = run("rapport2026-mal-v1", &TEMPLATE);
    let model = model("rapport2026-mal-v1");
    let blocks: Vec<Option<f64>> =
        model.dimensions().map(|at| scores.units[0].groups[at].value).collect();
    assert_eq!(
        blocks,
        [Some(100.0 * 22.0 / 30.0), Some(0.0), Some(100.0 * 10.0 / 15.0), Some(0.0)]
    );
    assert_eq!(scores.units[0].tier, Some(3), "the mean is 35");
}

#[test]
fn tiers_are_half_open_so_that_no_score_falls_between_them() {
    let model = model("rapport2026-v1");
    let tier =
        |score: f64| model.tiers.iter().find(|tier| score >= tier.from).map(|tier| tier.tier);
    let tiers = [0.0, 39.999, 40.0, 69.5, 70.0, 90.0].map(tier);
    assert_eq!(tiers, [Some(3), Some(3), Some(2), Some(2), Some(1), Some(1)]);
}
