//! Draws, intervals and what they rest on: rules that hold for every model.

use std::num::NonZeroUsize;

use scoring::doubt::draws::{Draws, Sampler, draws_from, nodes};
use scoring::doubt::engine::{Engine, Work};
use scoring::doubt::intervals::{Intervals, Which, intervals};
use scoring::doubt::removal::remove;
use scoring::doubt::sobol::{Input, Output, Question, sensitivity};
use scoring::{
    AggregationChoice, Matrix, MissingChoice, Model, NormalisationChoice, SpreadShape,
    TreatmentChoice, Uncertainty, score,
};

const MODELS: [&str; 5] = [
    "oversikt-v1",
    "rapport2026-mal-v1",
    "rapport2026-v1",
    "rapport2026-v1-rescaled",
    "sosialbolig-v1",
];

fn threads(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).expect("a test runs on at least one thread")
}

/// Reads a model of the pack; every indicator it names counts as known.
fn pack_model(name: &str) -> Model {
    let path = testkit::workspace().join(format!("packs/boligsektor/models/{name}.toml"));
    let text = std::fs::read_to_string(path).expect("the pack has the model");
    let ids: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("id = \"")?.strip_suffix('"'))
        .collect();
    Model::parse(&text, &ids).unwrap_or_else(|error| panic!("{name} is valid: {error}"))
}

/// Figures that look like chance, around those that the value functions are about; one
/// cell in `gap` is missing, none where that is 0.
fn figures(model: &Model, units: usize, gap: u64) -> Matrix {
    let mut seed = 20_261_121_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut cell = || {
        let number = 100.0 * next();
        let missing = gap > 0 && next() * (gap as f64) < 1.0;
        (!missing).then_some(number)
    };
    let columns = model
        .leaves
        .iter()
        .map(|leaf| (leaf.indicator.clone(), (0..units).map(|_| cell()).collect()))
        .collect();
    let units = (0..units).map(|unit| format!("{unit:04}")).collect();
    Matrix { units, columns, ..Matrix::default() }
}

fn all_choices() -> Uncertainty {
    Uncertainty {
        draws: 60,
        normalisation: vec![
            NormalisationChoice::Model,
            NormalisationChoice::MinMax,
            NormalisationChoice::ZScore,
            NormalisationChoice::PercentileRank,
        ],
        aggregation: vec![
            AggregationChoice::Model,
            AggregationChoice::Arithmetic,
            AggregationChoice::Geometric,
            AggregationChoice::Harmonic,
        ],
        treatment: vec![TreatmentChoice::Model, TreatmentChoice::None],
        missing: vec![MissingChoice::Model, MissingChoice::Redistribute],
        ..Uncertainty::default()
    }
}

fn told(model: &Model, matrix: &Matrix, open: &Uncertainty, on: usize) -> Intervals {
    let engine = Engine::new(model, matrix, open);
    let sampler = Sampler::new(model, open, open.seed);
    intervals(&engine, Which::Made(&sampler, open.draws), open, threads(on))
        .unwrap_or_else(|problem| panic!("the draws can be run: {problem}"))
}

#[test]
fn the_models_own_draw_gives_the_bits_of_a_run() {
    let mut compared = 0;
    for name in MODELS {
        let model = pack_model(name);
        for gap in [0, 3, 10] {
            let matrix = figures(&model, 90, gap);
            let engine = Engine::new(&model, &matrix, &all_choices());
            let own = engine.outcome(engine.own_draw()).expect("the own draw fits");
            for (at, unit) in score(&model, &matrix).units.iter().enumerate() {
                let bits = |score: Option<f64>| score.map(f64::to_bits);
                assert_eq!(bits(own.scores[at]), bits(unit.score), "{name}, unit {at}, gap {gap}");
                assert_eq!(own.ranks[at], unit.rank, "{name}, unit {at}, gap {gap}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 5 * 3 * 90);
}

#[test]
fn each_choice_gives_the_bits_of_a_model_that_makes_it() {
    let model = pack_model("sosialbolig-v1");
    let matrix = figures(&model, 60, 12);
    let open = all_choices();
    let engine = Engine::new(&model, &matrix, &open);
    let sampler = Sampler::new(&model, &open, 5);
    let mut changed_roots = 0;
    for index in 1..200 {
        let draw = sampler.draw(index);
        if draw.normalisation != NormalisationChoice::Model {
            continue;
        }
        let mut other = model.clone();
        other.groups[0].aggregation = match draw.aggregation {
            AggregationChoice::Model => continue,
            AggregationChoice::Arithmetic => scoring::Aggregation::Arithmetic {},
            AggregationChoice::Geometric => scoring::Aggregation::Geometric { floor: 1.0 },
            AggregationChoice::Harmonic => scoring::Aggregation::Harmonic { floor: 1.0 },
        };
        let groups = model.groups.len();
        for (at, weight) in draw.weights.iter().enumerate() {
            match at.checked_sub(groups) {
                Some(leaf) => other.leaves[leaf].weight = *weight,
                None => other.groups[at].weight = *weight,
            }
        }
        // The draw keeps to who has enough data under the model's own weights.
        other.coverage = None;
        let found = engine.outcome(&draw).expect("the draw fits");
        let wanted = score(&other, &matrix);
        let thin = |unit: usize| {
            let minimum = model.coverage.as_ref().map_or(0.0, |rules| rules.dimension_minimum);
            let nominal = &score(&model, &matrix).units[unit];
            model.dimensions().any(|at| nominal.groups[at].coverage < minimum)
        };
        for (unit, result) in wanted.units.iter().enumerate() {
            if engine.nominal().ranks[unit].is_some() && !thin(unit) {
                assert_eq!(found.scores[unit], result.score, "draw {index}, unit {unit}");
            }
        }
        changed_roots += 1;
    }
    assert!(changed_roots > 20, "{changed_roots} draws compared");
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let model = pack_model("sosialbolig-v1");
    let matrix = figures(&model, 50, 20);
    let open = all_choices();
    let one = told(&model, &matrix, &open, 1);
    for on in [2, 3, 7] {
        assert_eq!(told(&model, &matrix, &open, on), one, "{on} threads");
    }
}

#[test]
fn without_open_choices_the_interval_is_the_rank() {
    for name in MODELS {
        let model = pack_model(name);
        let matrix = figures(&model, 40, 8);
        let mut open = Uncertainty { draws: 30, ..Uncertainty::default() };
        open.weights.spread = 0.0;
        for shape in [SpreadShape::Uniform, SpreadShape::Dirichlet] {
            open.weights.shape = shape;
            for unit in told(&model, &matrix, &open, 1).units.iter().flatten() {
                let rank = unit.rank as f64;
                assert_eq!([unit.p5, unit.p50, unit.p95, unit.mean], [rank; 4], "{name}");
                assert_eq!((unit.best, unit.worst), (unit.rank, unit.rank), "{name}");
            }
        }
    }
}

#[test]
fn the_models_own_rank_is_among_those_told() {
    for name in MODELS {
        let model = pack_model(name);
        let matrix = figures(&model, 45, 6);
        for seed in 0..5 {
            let open = Uncertainty { seed, draws: 20, ..all_choices() };
            let told = told(&model, &matrix, &open, 2);
            let ranks = score(&model, &matrix).units;
            for (unit, nominal) in told.units.iter().zip(&ranks) {
                assert_eq!(unit.as_ref().map(|unit| unit.rank), nominal.rank, "{name}");
                if let Some(unit) = unit {
                    assert!(unit.best <= unit.rank && unit.rank <= unit.worst, "{name}: {unit:?}");
                    assert!(unit.best as f64 <= unit.p5 && unit.p95 <= unit.worst as f64);
                    assert!(unit.p5 <= unit.p50 && unit.p50 <= unit.p95);
                }
            }
        }
    }
}

#[test]
fn a_unit_that_the_model_does_not_rank_never_gets_a_place() {
    let model = pack_model("sosialbolig-v1");
    let matrix = figures(&model, 80, 3);
    let open = all_choices();
    let engine = Engine::new(&model, &matrix, &open);
    let sampler = Sampler::new(&model, &open, 9);
    let unranked: Vec<usize> =
        (0..80).filter(|unit| engine.nominal().ranks[*unit].is_none()).collect();
    assert!(!unranked.is_empty() && unranked.len() < 80, "{} are not ranked", unranked.len());
    let mut work = Work::default();
    for index in 0..300 {
        engine.run(&sampler.draw(index), &mut work).expect("the draw fits");
        for unit in &unranked {
            assert_eq!(work.ranks()[*unit], 0, "draw {index}, unit {unit}");
        }
    }
}

#[test]
fn a_list_of_draws_is_replayed_as_it_was_made() {
    let model = pack_model("sosialbolig-v1");
    let matrix = figures(&model, 40, 15);
    let open = model.uncertainty.clone().unwrap_or_default();
    let list = draws_from(&model, 77, 40).expect("forty draws are few");
    let json = serde_json::to_string(&list).expect("draws can be written");
    let read: Draws = serde_json::from_str(&json).expect("draws can be read");
    assert_eq!(read, list);
    let engine = Engine::new(&model, &matrix, &open);
    let read = read.for_model(&model).expect("the names are the model's");
    let replayed = intervals(&engine, Which::Listed(&read), &open, threads(1));
    let open = Uncertainty { seed: 77, draws: 40, ..open };
    assert_eq!(replayed.expect("the draws fit"), told(&model, &matrix, &open, 1));
}

#[test]
fn a_list_may_name_the_nodes_in_any_order_and_leave_some_out() {
    let model = pack_model("sosialbolig-v1");
    let mut list = draws_from(&model, 1, 3).expect("three draws are few");
    let whole = list.clone();
    let names = nodes(&model);
    list.nodes.reverse();
    for draw in &mut list.draws {
        draw.weights.reverse();
    }
    assert_eq!(list.for_model(&model).expect("the same names").draws, whole.draws);
    list.nodes.truncate(1);
    for draw in &mut list.draws {
        draw.weights.truncate(1);
    }
    let one = list.for_model(&model).expect("one name");
    assert_eq!(one.nodes, names);
    assert_eq!(one.draws[1].weights[0], whole.draws[0].weights[0]);
    list.nodes[0] = "nowhere".to_owned();
    let problem = list.for_model(&model).expect_err("the model has no such node");
    assert_eq!(problem.to_string(), "the model has no group or indicator `nowhere` to weigh");
}

#[test]
fn dirichlet_weights_keep_the_means_and_have_the_spread_asked_for() {
    let model = pack_model("sosialbolig-v1");
    let mut open = Uncertainty::default();
    open.weights.shape = SpreadShape::Dirichlet;
    open.weights.spread = 0.3;
    let sampler = Sampler::new(&model, &open, 3);
    let dimensions: Vec<usize> = model.dimensions().collect();
    let whole: f64 = dimensions.iter().map(|at| model.groups[*at].weight).sum();
    let count = 20_000;
    let mut sums = vec![(0.0, 0.0); dimensions.len()];
    for index in 1..=count {
        let draw = sampler.draw(index);
        let sum: f64 = dimensions.iter().map(|at| draw.weights[*at]).sum();
        for (sums, at) in sums.iter_mut().zip(&dimensions) {
            let share = draw.weights[*at] / sum;
            *sums = (sums.0 + share, sums.1 + share * share);
        }
    }
    let k = dimensions.len() as f64;
    let concentration = (k - 1.0) / 0.09 - 1.0;
    for ((sum, squares), at) in sums.into_iter().zip(dimensions) {
        let (mean, own) = (sum / count as f64, model.groups[at].weight / whole);
        assert!((mean - own).abs() < 0.003, "mean {mean} of {own}");
        let variance = squares / count as f64 - mean * mean;
        let wanted = own * (1.0 - own) / (concentration + 1.0);
        assert!((variance / wanted - 1.0).abs() < 0.05, "variance {variance} of {wanted}");
    }
}

#[test]
fn too_many_draws_are_refused_in_a_sentence() {
    let model = pack_model("oversikt-v1");
    let problem = draws_from(&model, 0, 100_001).expect_err("one too many");
    assert_eq!(problem.to_string(), "100001 draws; give 1 to 100000");
}

/// A small model whose two indicators count as told by `weights`.
fn pair(aggregation: &str, weights: [f64; 2]) -> Model {
    let mut text = format!(
        "id = \"p\"\nversion = 1\ntitle = {{}}\nmissing = \"redistribute\"\n\
         [[group]]\nid = \"t\"\ntitle = {{}}\naggregation = {aggregation}\n"
    );
    for (id, weight) in ["a", "b"].iter().zip(weights) {
        text.push_str(&format!(
            "[[indicator]]\nid = \"{id}\"\nparent = \"t\"\nweight = {weight:?}\n\
             value = {{ method = \"anchors\", points = [[0, 0], [100, 100]] }}\n"
        ));
    }
    Model::parse(&text, &["a", "b"]).expect("the pair is a valid model")
}

#[test]
fn a_part_is_removed_also_where_weights_play_no_part() {
    let matrix = crate::matrix(
        &["a", "b"],
        &[
            ("1", &[Some(10.0), Some(90.0)]),
            ("2", &[Some(20.0), Some(30.0)]),
            ("3", &[Some(30.0), None]),
        ],
    );
    for method in ["sum", "minimum", "maximum", "median", "arithmetic", "copeland", "topsis"] {
        let model = pair(&format!("{{ method = \"{method}\" }}"), [1.0, 3.0]);
        let engine = Engine::new(&model, &matrix, &Uncertainty::default());
        let alone = remove(&engine, &model, "b").expect("b is a part");
        assert_eq!(alone.ranks, [Some(3), Some(2), Some(1)], "{method}");
        let rest = remove(&engine, &model, "a").expect("a is a part");
        assert_eq!(rest.ranks, [Some(1), Some(2), None], "{method}");
        assert_eq!(rest.gained[2], None, "{method}");
    }
    let problem = remove(&engine_of_pair(), &pair(ARITHMETIC, [1.0, 1.0]), "c");
    assert_eq!(
        problem.expect_err("there is no c").to_string(),
        "the model has no group or indicator `c` to remove"
    );
}

const ARITHMETIC: &str = "{ method = \"arithmetic\" }";

fn engine_of_pair() -> Engine {
    let matrix = crate::matrix(&["a", "b"], &[("1", &[Some(1.0), Some(2.0)])]);
    Engine::new(&pair(ARITHMETIC, [1.0, 1.0]), &matrix, &Uncertainty::default())
}

#[test]
fn a_shares_variance_by_what_weights_do_to_a_score() {
    // The score is (100 wa) / (wa + wb): both weights move it alike, nothing else does.
    let model = pair(ARITHMETIC, [1.0, 1.0]);
    let matrix = crate::matrix(
        &["a", "b"],
        &[("1", &[Some(100.0), Some(0.0)]), ("2", &[Some(30.0), Some(30.0)])],
    );
    let engine = Engine::new(&model, &matrix, &Uncertainty::default());
    let sampler = Sampler::new(&model, &Uncertainty::default(), 1);
    let question = Question {
        inputs: vec![Input::Weight(1), Input::Weight(2), Input::Normalisation],
        output: Output::Score(0),
        base: 4000,
        resamples: 50,
        seed: 2,
    };
    let found = sensitivity(&engine, &sampler, &question, threads(1)).expect("unit 0 is ranked");
    assert_eq!((found.runs, found.left_out), (4000 * 5, 0));
    assert!((found.mean - 50.0).abs() < 0.5, "{}", found.mean);
    for (input, index) in &found.inputs[..2] {
        let index = index.as_ref().expect("the score varies");
        assert!((index.first - 0.5).abs() < 0.05, "{input:?} {index:?}");
        assert!((index.total - 0.5).abs() < 0.05, "{input:?} {index:?}");
    }
    let nothing = found.inputs[2].1.as_ref().expect("the score varies");
    assert_eq!((nothing.first, nothing.total), (0.0, 0.0));
    for on in [2, 3] {
        let again = sensitivity(&engine, &sampler, &question, threads(on));
        assert_eq!(again.expect("the same question"), found, "{on} threads");
    }
    let unranked = Question { output: Output::Rank(7), ..question };
    let problem = sensitivity(&engine, &sampler, &unranked, threads(1)).expect_err("no such unit");
    assert_eq!(
        problem.to_string(),
        "the model does not rank unit number 7; nothing of it can vary"
    );
}

#[test]
fn other_weights_on_the_same_columns_are_a_new_engine() {
    let model = pack_model("sosialbolig-v1");
    let matrix = figures(&model, 50, 9);
    let open = all_choices();
    let moved = model.with_weights(&[("B".to_owned(), 5.0)]).expect("B has a weight");
    let kept = Engine::new(&model, &matrix, &open).reweighted(&moved, &matrix);
    let anew = Engine::new(&moved, &matrix, &open);
    let sampler = Sampler::new(&moved, &open, 8);
    for index in 0..40 {
        let draw = sampler.draw(index);
        assert_eq!(kept.outcome(&draw), anew.outcome(&draw), "draw {index}");
    }
}
