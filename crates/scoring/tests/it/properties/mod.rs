//! Rules that hold for every model and every table of figures.

mod mcda;
mod prepare;

use proptest::prelude::*;
use scoring::contribution::contributions;
use scoring::{Model, Scores, score};

use crate::matrix;

const INPUTS: [&str; 4] = ["a", "b", "c", "d"];

/// A model of two dimensions with two indicators each.
#[derive(Debug, Clone)]
struct Recipe {
    root: &'static str,
    values: [&'static str; 4],
    directions: [bool; 4],
    weights: [f64; 4],
    dimension_weights: [f64; 2],
    missing: &'static str,
}

impl Recipe {
    fn model(&self, scale: f64) -> Model {
        let mut text = format!(
            "id = \"p\"\nversion = 1\ntitle = {{}}\nmissing = \"{}\"\n\
             [[group]]\nid = \"t\"\ntitle = {{}}\naggregation = {}\n",
            self.missing, self.root
        );
        for (dimension, weight) in ["X", "Y"].iter().zip(self.dimension_weights) {
            text.push_str(&format!(
                "[[group]]\nid = \"{dimension}\"\nparent = \"t\"\ntitle = {{}}\nweight = {:?}\n\
                 aggregation = {{ method = \"arithmetic\" }}\n",
                weight * scale
            ));
        }
        for (at, id) in INPUTS.iter().enumerate() {
            let parent = if at < 2 { "X" } else { "Y" };
            let direction = if self.directions[at] { "higher" } else { "lower" };
            let value = self.values[at];
            let goalposts = value.contains("goalposts\"") && !value.contains("percentile");
            let value = match (goalposts, self.directions[at]) {
                (true, true) => "{ method = \"goalposts\", low = -50, high = 50 }",
                (true, false) => "{ method = \"goalposts\", low = 50, high = -50 }",
                _ => value,
            };
            text.push_str(&format!(
                "[[indicator]]\nid = \"{id}\"\nparent = \"{parent}\"\nweight = {:?}\nvalue = {value}\n",
                self.weights[at] * scale
            ));
            if !goalposts {
                text.push_str(&format!("direction = \"{direction}\"\n"));
            }
        }
        Model::parse(&text, &INPUTS).expect("the recipe makes valid models")
    }
}

fn recipes() -> impl Strategy<Value = Recipe> {
    let value = prop::sample::select(vec![
        "{ method = \"min_max\" }",
        "{ method = \"percentile_rank\" }",
        "{ method = \"z_score\", mean = 50, sd = 10 }",
        "{ method = \"percentile_goalposts\", low = 5, high = 95 }",
        "{ method = \"goalposts\" }",
    ]);
    let root = prop::sample::select(vec![
        "{ method = \"arithmetic\" }",
        "{ method = \"geometric\", floor = 1 }",
        "{ method = \"harmonic\", floor = 1 }",
    ]);
    let missing = prop::sample::select(vec!["redistribute", "zero"]);
    (
        root,
        prop::array::uniform4(value),
        prop::array::uniform4(any::<bool>()),
        prop::array::uniform4(0.1..10.0_f64),
        prop::array::uniform2(0.1..10.0_f64),
        missing,
    )
        .prop_map(|(root, values, directions, weights, dimension_weights, missing)| Recipe {
            root,
            values,
            directions,
            weights,
            dimension_weights,
            missing,
        })
}

type Row = [Option<f64>; 4];

fn figures() -> impl Strategy<Value = Vec<Row>> {
    // Halves make ties and equal columns likely.
    let cell = prop::option::weighted(0.8, (-80..80_i32).prop_map(|half| f64::from(half) / 2.0));
    prop::collection::vec(prop::array::uniform4(cell), 2..9)
}

fn run(model: &Model, rows: &[Row]) -> Scores {
    let names: Vec<String> = (0..rows.len()).map(|at| format!("{at:04}")).collect();
    let rows: Vec<(&str, &[Option<f64>])> =
        names.iter().map(String::as_str).zip(rows.iter().map(|row| row.as_slice())).collect();
    score(model, &matrix(&INPUTS, &rows))
}

fn close(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scaling_all_weights_changes_nothing(recipe in recipes(), rows in figures(), scale in 0.01..100.0_f64) {
        let (plain, scaled) = (run(&recipe.model(1.0), &rows), run(&recipe.model(scale), &rows));
        for (left, right) in plain.units.iter().zip(&scaled.units) {
            prop_assert!(close(left.score, right.score), "{:?} {:?}", left.score, right.score);
        }
    }

    #[test]
    fn improving_an_indicator_in_its_direction_never_lowers_the_score(
        recipe in recipes(), rows in figures(), unit in 0..9_usize, at in 0..4_usize, by in 0.5..40.0_f64,
    ) {
        let unit = unit % rows.len();
        let Some(figure) = rows[unit][at] else { return Ok(()) };
        let mut better = rows.clone();
        better[unit][at] = Some(if recipe.directions[at] { figure + by } else { figure - by });
        let model = recipe.model(1.0);
        let (before, after) = (run(&model, &rows), run(&model, &better));
        // A column of equal figures separates nobody; the change makes it a scale, which is another question.
        let values = |rows: &[Row]| rows.iter().filter_map(|row| row[at]).map(f64::to_bits).collect::<std::collections::BTreeSet<_>>();
        if values(&rows).len() < 2 || values(&better).len() < 2 { return Ok(()) }
        if let (Some(before), Some(after)) = (before.units[unit].score, after.units[unit].score) {
            prop_assert!(after >= before - 1e-9, "{before} fell to {after}");
        }
    }

    #[test]
    fn the_order_of_the_rows_is_irrelevant(recipe in recipes(), rows in figures()) {
        let model = recipe.model(1.0);
        let mut turned = rows.clone();
        turned.reverse();
        let (plain, turned) = (run(&model, &rows), run(&model, &turned));
        for (left, right) in plain.units.iter().zip(turned.units.iter().rev()) {
            prop_assert!(close(left.score, right.score));
            prop_assert_eq!(left.rank.is_some(), right.rank.is_some());
        }
    }

    #[test]
    fn contributions_add_up_to_the_score(recipe in recipes(), rows in figures()) {
        let model = recipe.model(1.0);
        for unit in run(&model, &rows).units {
            let Some(score) = unit.score else { continue };
            let leaves: f64 = contributions(&model, &unit).leaves.iter().flatten().sum();
            prop_assert!((leaves - score).abs() < 1e-6, "{leaves} is not {score}");
        }
    }

    #[test]
    fn a_gap_costs_exactly_what_its_rule_says(recipe in recipes(), rows in figures(), unit in 0..9_usize, at in 0..4_usize) {
        let unit = unit % rows.len();
        let model = recipe.model(1.0);
        let full = run(&model, &rows);
        let Some(normalised) = full.units[unit].leaves[at].value else { return Ok(()) };
        if rows[unit][at].is_none() || full.units[unit].leaves[at].coverage == 0.0 { return Ok(()) }
        // On fixed scales the others are untouched, so only the rule can move the score.
        let fixed = recipe.values[at].contains("goalposts\"") && !recipe.values[at].contains("percentile");
        if !fixed { return Ok(()) }
        let mut gap = rows.clone();
        gap[unit][at] = None;
        let after = run(&model, &gap);
        let (Some(before), Some(without)) = (full.units[unit].score, after.units[unit].score) else { return Ok(()) };
        let dimension = full.units[unit].groups[model.leaves[at].parent].value;
        match recipe.missing {
            "zero" => prop_assert!(without <= before + 1e-9, "a gap counted as 0 raised {before} to {without}"),
            // Losing a value below its dimension's mean raises the mean, and the other way round.
            _ => if let Some(dimension) = dimension {
                let sibling_is_there = rows[unit][at ^ 1].is_some() && full.units[unit].leaves[at ^ 1].coverage > 0.0;
                if sibling_is_there && normalised <= dimension { prop_assert!(without >= before - 1e-9) }
                if sibling_is_there && normalised >= dimension { prop_assert!(without <= before + 1e-9) }
            }
        }
    }

    #[test]
    fn arithmetic_is_never_below_geometric_nor_geometric_below_harmonic(recipe in recipes(), rows in figures()) {
        let with_root = |root| run(&Recipe { root, ..recipe.clone() }.model(1.0), &rows);
        let [arithmetic, geometric, harmonic] = [
            with_root("{ method = \"arithmetic\" }"),
            with_root("{ method = \"geometric\", floor = 0.000001 }"),
            with_root("{ method = \"harmonic\", floor = 0.000001 }"),
        ];
        for at in 0..rows.len() {
            let score = |scores: &Scores| scores.units[at].score.unwrap_or(0.0);
            // A z-score may be negative in a dimension; a floor lifts it, and the order is lost.
            if arithmetic.units[at].groups[1..].iter().any(|group| group.value.is_some_and(|value| value < 0.000001)) { continue }
            prop_assert!(score(&arithmetic) >= score(&geometric) - 1e-9);
            prop_assert!(score(&geometric) >= score(&harmonic) - 1e-9);
        }
    }
}
