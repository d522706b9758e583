//! Contributions, strengths, break-even and change.

use proptest::prelude::*;
use scoring::contribution::{contributions, contributions_among};
use scoring::explain::break_even::{Basis, BreakEven, Goal, Node, Tipping};
use scoring::explain::change::{Cause, Change, Scoring, change};
use scoring::explain::strengths::{Against, sides, standings};
use scoring::{Matrix, Model, Scores, score};

use crate::matrix;

const INPUTS: [&str; 4] = ["a", "b", "c", "d"];

/// A root over `X` (a, b) and `Y` (c, d), with these aggregations, weights and value functions.
fn model(root: &str, below: &str, values: [&str; 4], weights: [f64; 6]) -> Model {
    let mut text = format!(
        "id = \"e\"\nversion = 1\ntitle = {{}}\nmissing = \"redistribute\"\n\
         [[group]]\nid = \"t\"\ntitle = {{}}\naggregation = {root}\n"
    );
    for (id, weight) in ["X", "Y"].iter().zip(&weights[4..]) {
        text.push_str(&format!(
            "[[group]]\nid = \"{id}\"\nparent = \"t\"\ntitle = {{}}\nweight = {weight:?}\naggregation = {below}\n"
        ));
    }
    for (at, id) in INPUTS.iter().enumerate() {
        let parent = if at < 2 { "X" } else { "Y" };
        let value = values[at];
        text.push_str(&format!(
            "[[indicator]]\nid = \"{id}\"\nparent = \"{parent}\"\nweight = {:?}\nvalue = {value}\n",
            weights[at]
        ));
        if ["min_max", "percentile", "z_score"].iter().any(|moving| value.contains(moving)) {
            text.push_str("direction = \"higher\"\n");
        }
    }
    Model::parse(&text, &INPUTS).expect("the model is valid")
}

const ARITHMETIC: &str = "{ method = \"arithmetic\" }";
const GEOMETRIC: &str = "{ method = \"geometric\", floor = 1 }";
const AS_IT_IS: &str = "{ method = \"anchors\", points = [[0, 0], [100, 100]] }";
const FALLING: &str = "{ method = \"goalposts\", low = 100, high = 0 }";
const HILL: &str = "{ method = \"anchors\", points = [[0, 0], [40, 100], [60, 100], [100, 0]] }";
const STEPS: &str =
    "{ method = \"steps\", steps = [{ below = 20, points = 90 }, { at_least = 70, points = 60 }] }";
const BAND: &str =
    "{ method = \"band\", zero_low = 10, full_low = 40, full_high = 60, zero_high = 90 }";
const SCALED: &str = "{ method = \"scaled\", low = 20, high = 70 }";
const MIN_MAX: &str = "{ method = \"min_max\" }";

type Row = [Option<f64>; 4];

fn table(rows: &[Row]) -> Matrix {
    let names: Vec<String> = (0..rows.len()).map(|at| format!("{at:04}")).collect();
    let rows: Vec<(&str, &[Option<f64>])> =
        names.iter().map(String::as_str).zip(rows.iter().map(|row| row.as_slice())).collect();
    matrix(&INPUTS, &rows)
}

fn whole(rows: &[[f64; 4]]) -> Matrix {
    table(&rows.iter().map(|row| row.map(Some)).collect::<Vec<Row>>())
}

/// The sum of the children's parts less the group's, at its worst.
fn worst_miss(model: &Model, scores: &Scores, unit: usize) -> f64 {
    let parts = contributions_among(model, scores, unit);
    let miss = |group: usize| {
        let Some(amount) = parts.groups[group].filter(|_| !parts.unshared.contains(&group)) else {
            return 0.0;
        };
        let below = (0..model.groups.len()).filter(|at| model.groups[*at].parent == Some(group));
        let groups: f64 = below.filter_map(|at| parts.groups[at]).sum();
        let leaves = (0..model.leaves.len()).filter(|at| model.leaves[*at].parent == group);
        let leaves: f64 = leaves.filter_map(|at| parts.leaves[at]).sum();
        (groups + leaves - amount).abs()
    };
    (0..model.groups.len()).map(miss).fold(0.0, f64::max)
}

const SHARED: [&str; 9] = [
    ARITHMETIC,
    GEOMETRIC,
    "{ method = \"harmonic\", floor = 1 }",
    "{ method = \"power_mean\", power = 2 }",
    "{ method = \"power_mean\", power = -0.5 }",
    "{ method = \"owa\", orness = 0.3 }",
    "{ method = \"minimum\" }",
    "{ method = \"median\" }",
    "{ method = \"promethee_ii\", preference = \"linear\", q = 0.1, p = 0.6 }",
];

fn figure() -> impl Strategy<Value = f64> {
    (0..200_i32).prop_map(|half| f64::from(half) / 2.0)
}

fn gappy() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(prop::array::uniform4(prop::option::weighted(0.8, figure())), 3..8)
}

fn complete() -> impl Strategy<Value = Vec<[f64; 4]>> {
    prop::collection::vec(prop::array::uniform4(figure()), 3..8)
}

fn weights() -> impl Strategy<Value = [f64; 6]> {
    prop::array::uniform6(0.1..10.0_f64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_up_at_every_level_under_every_method_that_is_shared(
        root in prop::sample::select(SHARED.to_vec()), below in prop::sample::select(SHARED[..8].to_vec()),
        weights in weights(), rows in gappy(),
    ) {
        let model = model(root, below, [AS_IT_IS, FALLING, HILL, AS_IT_IS], weights);
        let scores = score(&model, &table(&rows));
        for unit in 0..rows.len() {
            prop_assert!(worst_miss(&model, &scores, unit) < 1e-9, "{root} over {below}");
        }
    }

    #[test]
    fn a_weights_tipping_points_turn_the_answer_when_scored_again(
        root in prop::sample::select(vec![ARITHMETIC, GEOMETRIC, "{ method = \"topsis\" }"]),
        weights in weights(), rows in gappy(), at in 0..6_usize,
    ) {
        let model = model(root, ARITHMETIC, [AS_IT_IS, FALLING, HILL, MIN_MAX], weights);
        let matrix = table(&rows);
        let asked = BreakEven::new(&model, &matrix);
        let node = if at < 4 { Node::Leaf(at) } else { Node::Group(at - 3) };
        for goal in [Goal::Pass(1), Goal::Reach(1), Goal::Keep] {
            let Some(tipping) = asked.weight(0, goal, node) else { continue };
            let answer = |share: f64| {
                let moved = with_share(&model, at, share.clamp(0.0, 1.0));
                reached(&score(&moved, &matrix), &asked, goal)
            };
            check(&tipping, 1e-7, 0.0..=1.0, &answer)?;
        }
    }

    #[test]
    fn a_figures_tipping_points_turn_the_answer_when_scored_again(
        root in prop::sample::select(vec![ARITHMETIC, GEOMETRIC]),
        first in prop::sample::select(vec![AS_IT_IS, FALLING, HILL, STEPS, BAND, SCALED, MIN_MAX]),
        weights in weights(), rows in gappy(), at in 0..4_usize,
    ) {
        let values = std::array::from_fn(|leaf| if leaf == at { first } else { AS_IT_IS });
        let model = model(root, ARITHMETIC, values, weights);
        let matrix = table(&rows);
        let asked = BreakEven::new(&model, &matrix);
        for goal in [Goal::Pass(1), Goal::Reach(2), Goal::Keep] {
            let Some(tipping) = asked.figure(0, goal, at) else { continue };
            let answer = |figure: f64| {
                let mut other = matrix.clone();
                other.columns.get_mut(INPUTS[at]).expect("the column is there")[0] = Some(figure);
                reached(&score(&model, &other), &asked, goal)
            };
            check(&tipping, 1e-5, -50.0..=150.0, &answer)?;
        }
    }

    #[test]
    fn the_parts_of_a_change_add_up_to_the_whole(
        weights in weights(), other_weights in weights(), before in complete(), after in complete(), cut in 0..3_usize,
    ) {
        let count = before.len().min(after.len());
        let (old, new) = (whole(&before[..count]), whole(&after[..count]));
        let (first, second) = (
            model(GEOMETRIC, ARITHMETIC, [AS_IT_IS, MIN_MAX, HILL, MIN_MAX], weights),
            model(ARITHMETIC, ARITHMETIC, [AS_IT_IS, FALLING, HILL, MIN_MAX], other_weights),
        );
        let causes = [Cause::Map, Cause::Revised, Cause::New];
        let cause = |id: &str, unit: usize| causes[(id.len() + unit + cut + usize::from(id == "c")) % 3];
        let found = change(
            Scoring { model: &first, matrix: &old },
            Scoring { model: &second, matrix: &new },
            &cause,
        );
        prop_assert_eq!(score(&second, &new).units[0].score, found.after[0].0);
        prop_assert!(adds_up(&found), "{:?}", found);
    }
}

/// Whether steps add up to the change and indicators to their steps, for units with scores.
fn adds_up(change: &Change) -> bool {
    (0..change.units.len()).all(|unit| {
        let ((Some(before), Some(rank)), (Some(after), Some(rank_after))) =
            (change.before[unit], change.after[unit])
        else {
            return true;
        };
        let steps: f64 = change.steps.iter().filter_map(|step| step.scores[unit]).sum();
        let places: i64 = change.steps.iter().filter_map(|step| step.places[unit]).sum();
        let inside = change.steps.iter().all(|step| {
            let parts: f64 = step.indicators.iter().filter_map(|(_, part)| part[unit]).sum();
            step.scores[unit].is_none_or(|whole| (parts - whole).abs() < 1e-9)
        });
        let moved = rank as i64 - rank_after as i64;
        inside && (steps - (after - before)).abs() < 1e-9 && places == moved
    })
}

/// Holds the points of a goal against scoring again on both sides of them, and all between.
fn check(
    tipping: &Tipping,
    step: f64,
    range: std::ops::RangeInclusive<f64>,
    answer: &dyn Fn(f64) -> bool,
) -> Result<(), TestCaseError> {
    let (low, high) = (*range.start(), *range.end());
    if let Some(now) = tipping.now {
        prop_assert_eq!(answer(now), tipping.holds, "{:?}", tipping);
        // The scan of a searched range may step over a narrow stretch; a computed answer may not.
        if tipping.basis.is_settled() {
            let (from, to) = (tipping.below.unwrap_or(low), tipping.above.unwrap_or(high));
            for part in 1..20 {
                let between = from + (to - from) * f64::from(part) / 20.0;
                let near = |end: Option<f64>| end.is_some_and(|end| (end - between).abs() < step);
                if !near(tipping.below) && !near(tipping.above) {
                    prop_assert_eq!(answer(between), tipping.holds, "{} {:?}", between, tipping);
                }
            }
        }
    }
    for (point, sign) in [(tipping.below, -1.0), (tipping.above, 1.0)] {
        let Some(point) = point else { continue };
        let beyond = point + sign * step;
        let is_edge = !range.contains(&beyond) && matches!(tipping.basis, Basis::Searched { .. });
        // A stretch narrower than the step may end again behind it; half-way is then still in it.
        let turned = [step, step / 30.0, 2e-9 * point.abs().max(1.0)]
            .iter()
            .any(|behind| answer(point + sign * behind) != tipping.holds);
        prop_assert!(
            is_edge || turned || answer(point) != tipping.holds,
            "at {point}: {:?}",
            tipping
        );
        if tipping.now.is_some_and(|now| (now - point).abs() > 2.0 * step) {
            prop_assert_eq!(
                answer(point - sign * step),
                tipping.holds,
                "before {}: {:?}",
                point,
                tipping
            );
        }
    }
    Ok(())
}

fn reached(scores: &Scores, asked: &BreakEven<'_>, goal: Goal) -> bool {
    let own = &scores.units[0];
    match goal {
        Goal::Pass(rival) => {
            own.score.zip(scores.units[rival].score).is_some_and(|(own, rival)| own > rival)
        }
        Goal::Reach(rank) => own.rank.is_some_and(|own| own <= rank),
        Goal::Keep => own.rank.is_some() && own.rank == asked.ranks()[0],
    }
}

fn with_share(model: &Model, at: usize, share: f64) -> Model {
    let names = ["a", "b", "c", "d", "X", "Y"];
    // Every node has one sibling.
    let sibling = names[at ^ 1];
    let set = [(names[at].to_owned(), share), (sibling.to_owned(), 1.0 - share)];
    model.with_weights(&set).expect("the weights are good")
}

#[test]
fn what_compares_units_is_not_shared_and_says_so() {
    let rows = [[10.0, 20.0, 30.0, 40.0], [40.0, 10.0, 30.0, 20.0], [5.0, 60.0, 0.0, 90.0]];
    for method in ["copeland", "topsis", "vikor"] {
        let root = format!("{{ method = \"{method}\" }}");
        let model = model(&root, ARITHMETIC, [AS_IT_IS; 4], [1.0; 6]);
        let scores = score(&model, &whole(&rows));
        let parts = contributions_among(&model, &scores, 0);
        assert_eq!(parts.unshared, [0], "{method}");
        assert_eq!(parts.groups[0], scores.units[0].score);
        assert!(parts.leaves.iter().all(Option::is_none), "{method}");
    }
    let promethee = model(SHARED[8], ARITHMETIC, [AS_IT_IS; 4], [1.0; 6]);
    let scores = score(&promethee, &whole(&rows));
    assert_eq!(contributions(&promethee, &scores.units[0]).unshared, [0], "alone it is not known");
    assert!(contributions_among(&promethee, &scores, 0).unshared.is_empty());
}

#[test]
fn places_go_to_those_that_stand_on_them_and_ties_share_evenly() {
    let parts = |below: &str, row: [f64; 4]| {
        let model = model(ARITHMETIC, below, [AS_IT_IS; 4], [1.0, 3.0, 1.0, 1.0, 1.0, 1.0]);
        let scores = score(&model, &whole(&[row]));
        contributions(&model, &scores.units[0]).leaves
    };
    let some = |row: [f64; 4]| row.map(Some).to_vec();
    assert_eq!(
        parts("{ method = \"minimum\" }", [10.0, 30.0, 20.0, 20.0]),
        some([5.0, 0.0, 5.0, 5.0])
    );
    assert_eq!(
        parts("{ method = \"median\" }", [10.0, 30.0, 20.0, 20.0]),
        some([2.5, 7.5, 5.0, 5.0])
    );
    let owa = parts("{ method = \"owa\", weights = [0.25, 0.75] }", [10.0, 30.0, 20.0, 20.0]);
    assert_eq!(owa[2], owa[3], "a tie is shared evenly");
}

#[test]
fn a_group_passes_another_at_the_share_that_the_arithmetic_says() {
    let model = model(ARITHMETIC, ARITHMETIC, [AS_IT_IS; 4], [1.0; 6]);
    let matrix = whole(&[[80.0, 80.0, 20.0, 20.0], [30.0, 30.0, 90.0, 90.0]]);
    let asked = BreakEven::new(&model, &matrix);
    // 80 s + 20 (1 - s) = 30 s + 90 (1 - s) at s = 7 / 12.
    let tipping = asked.weight(0, Goal::Pass(1), Node::Group(1)).expect("both have scores");
    assert_eq!((tipping.now, tipping.holds, tipping.below), (Some(0.5), false, None));
    assert_eq!(tipping.basis, Basis::Exact);
    assert!((tipping.above.expect("it passes") - 7.0 / 12.0).abs() < 1e-12);
    // 50 becomes more than 60 with another 20 on a quarter of the weight... of 0.25: 80 + 40.
    let figure = asked.figure(0, Goal::Pass(1), 0).expect("both have scores");
    assert_eq!((figure.below, figure.above, figure.basis), (None, None, Basis::Exact));
    let figure = asked.figure(0, Goal::Pass(1), 2).expect("both have scores");
    assert!((figure.above.expect("20 can become 60") - 60.0).abs() < 1e-9);
    let lost = asked.figure(1, Goal::Keep, 0).expect("it has a rank");
    assert_eq!((lost.holds, lost.above, lost.basis), (true, None, Basis::Exact));
    assert_eq!(lost.below, None, "30 on a quarter is 7.5 of a lead of 10");
}

#[test]
fn a_gap_can_be_asked_what_would_do_it() {
    let model = model(ARITHMETIC, ARITHMETIC, [AS_IT_IS; 4], [1.0; 6]);
    let mut rows = [[50.0; 4].map(Some), [60.0; 4].map(Some), [70.0; 4].map(Some)];
    rows[0][0] = None;
    let matrix = table(&rows);
    let asked = BreakEven::new(&model, &matrix);
    let tipping = asked.figure(0, Goal::Pass(1), 0).expect("the others have figures");
    assert_eq!((tipping.now, tipping.holds), (None, false), "70 in its place is not enough");
    assert!((tipping.above.expect("90 is") - 90.0).abs() < 1e-9);
}

#[test]
fn strengths_are_distances_that_move_the_score() {
    let model = model(ARITHMETIC, ARITHMETIC, [AS_IT_IS; 4], [3.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let mut rows: Vec<Row> = (1..=5).map(|at| [f64::from(at) * 10.0; 4].map(Some)).collect();
    rows[0] = [Some(50.0), Some(60.0), Some(5.0), None];
    let mut matrix = table(&rows);
    let county = ["46", "46", "46", "11", "11"].map(|code| Some(code.to_owned())).to_vec();
    matrix.labels.insert("county".to_owned(), county);
    let scores = score(&model, &matrix);
    let all = standings(&model, &scores, 0, Against::All);
    let told: Vec<_> = all.iter().map(|one| (one.leaf, one.compared, one.distance)).collect();
    assert_eq!(told, [(0, 40.0, 10.0), (1, 40.0, 20.0), (2, 30.0, -25.0)]);
    let found = sides(&all, 3);
    let leaves = |side: &[scoring::explain::strengths::Standing]| -> Vec<usize> {
        side.iter().map(|one| one.leaf).collect()
    };
    assert_eq!(
        leaves(&found.strengths),
        [0, 1],
        "10 of three eighths is more than 20 of an eighth"
    );
    assert_eq!(leaves(&found.weaknesses), [2]);
    let own = standings(&model, &scores, 0, Against::Label(&matrix.labels["county"]));
    assert_eq!(own[0].compared, 30.0, "the median of 50, 20 and 30");
    let few = standings(&model, &scores, 4, Against::Label(&matrix.labels["county"]));
    assert!(few.is_empty(), "two make no median");
    let country = [Some(45.0), None, None, None];
    let against = standings(&model, &scores, 0, Against::Values(&country));
    assert_eq!((against.len(), against[0].distance), (1, 5.0));
}

#[test]
fn a_units_new_borders_are_the_maps_doing() {
    let model = model(ARITHMETIC, ARITHMETIC, [AS_IT_IS; 4], [1.0; 6]);
    let old = whole(&[[10.0; 4], [20.0; 4], [30.0; 4]]);
    let mut new = whole(&[[10.0; 4], [40.0; 4]]);
    new.units = vec!["0000".to_owned(), "9999".to_owned()];
    let scorings =
        (Scoring { model: &model, matrix: &old }, Scoring { model: &model, matrix: &new });
    let found = change(scorings.0, scorings.1, &|_, _| panic!("no cell of an old unit differs"));
    assert_eq!(found.before, [(Some(10.0), Some(3)), (None, None)]);
    assert_eq!(found.after, [(Some(10.0), Some(2)), (Some(40.0), Some(1))]);
    assert_eq!(found.steps[0].cause, Cause::Map);
    assert_eq!(found.steps[0].places[0], Some(1));
    assert!(adds_up(&found));
    assert_eq!(Cause::of_periods(Some("2023"), Some("2024")), Cause::New);
    assert_eq!(Cause::of_periods(Some("2024"), Some("2024")), Cause::Revised);
    assert_eq!(Cause::of_periods(None, Some("2024")), Cause::New);
    assert_eq!(Cause::of_periods(Some("2024"), None), Cause::Revised);
}
