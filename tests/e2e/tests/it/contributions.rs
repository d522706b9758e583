//! Contributions add up to the score, whatever the aggregation.

use serde_json::Value;
use testkit::{Served, serve};

use crate::{json, list};

/// Sums a field over objects; a gap contributes nothing.
fn sum<'a>(objects: impl IntoIterator<Item = &'a Value>, field: &str) -> f64 {
    objects.into_iter().filter_map(|object| object[field].as_f64()).sum()
}

/// Checks one explanation, by indicator and by dimension.
fn check(explanation: &Value) {
    let whose = format!("{} by {}", explanation["name"], explanation["model"]);
    let score = explanation["score"].as_f64().expect("a ranked municipality has a score");
    let by_indicator = sum(list(&explanation["indicators"]), "contribution");
    assert!((by_indicator - score).abs() < 1e-9, "{whose}: {by_indicator}, not {score}");
    let dimensions = explanation["dimensions"].as_object().expect("dimensions by id");
    let by_dimension = sum(dimensions.values(), "contribution");
    assert!((by_dimension - score).abs() < 1e-9, "{whose}: {by_dimension}, not {score}");
}

/// Checks everybody that a model ranks, and returns how many.
fn check_model(server: &Served, model: &str) -> usize {
    let get = |path: &str| -> Value {
        let answer = server.get(path, &[]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("JSON")
    };
    let ranking = get(&format!("/api/v1/rank?model={model}"));
    let places = list(&ranking["municipalities"]);
    let ranked: Vec<&Value> = places.iter().filter(|place| place["status"] == "ranked").collect();
    for place in &ranked {
        let code = place["municipality_code"].as_str().expect("a code");
        let explanation = get(&format!("/api/v1/municipalities/{code}?model={model}"));
        assert_eq!(explanation["score"], place["score"]);
        check(&explanation);
    }
    ranked.len()
}

#[test]
fn for_everybody_that_the_overview_ranks() {
    assert_eq!(check_model(&serve(), "oversikt-v1"), 340);
}

#[test]
fn for_everybody_by_the_models_of_the_report() {
    let server = serve();
    for model in ["rapport2026-v1", "rapport2026-v1-rescaled", "rapport2026-mal-v1"] {
        assert_eq!(check_model(&server, model), 357, "{model}");
    }
}

#[test]
fn on_the_command_line_with_other_weights_too() {
    check(&json(&["explain", "Flå", "--format", "json"]));
    check(&json(&["explain", "Oslo", "--format", "json", "--weights", "B:5,M:60,V1:0"]));
}
