//! How long it takes to say how sure a ranking is: draws, intervals, shares of variance.
//!
//! Times are processor time of this process, since these questions only compute; with
//! two threads also what a clock on the wall shows. COINr's times were recorded once (357 x 31,
//! R 4.2.2, `../shared/oracles/scoring/README.md`); the floor is taken in the same run.

use std::fmt::Write as _;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use rustix::time::ClockId;
use scoring::doubt::draws::Sampler;
use scoring::doubt::engine::Engine;
use scoring::doubt::intervals::{Which, intervals};
use scoring::doubt::sobol::{Input, Output, Question, sensitivity};
use scoring::{AggregationChoice, Matrix, Model, NormalisationChoice, Uncertainty};

use super::spatial::spent;
use super::{median, repeated, row};

const UNITS: usize = 357;
const TIMES: usize = 11;

/// Prints the rows of this section.
pub fn run() {
    let (model, matrix) = made(40);
    let open = mixed();
    let mut times = repeated(TIMES, || on_cpu(|| Engine::new(&model, &matrix, &open)));
    row("doubt: 357 × 40 prepared for 3 × 2 choices, once", &mut times, "–", None);
    let engine = Engine::new(&model, &matrix, &open);
    let sampler = Sampler::new(&model, &open, 20_261_121);
    let told = |draws: usize, threads: usize| {
        let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
        black_box(intervals(&engine, Which::Made(&sampler, draws), &open, threads))
    };
    for (draws, limit, recorded) in [(500, "40 ms", 64.0), (2000, "150 ms", 284.0)] {
        let floor = median(repeated(TIMES, || flat(&matrix, draws)));
        let mut times = repeated(TIMES, || on_cpu(|| told(draws, 1)));
        let what = format!("doubt: intervals of {draws} draws, 357 × 40, one thread");
        row(&what, &mut times, limit, Some(("weighted sums and sort", floor)));
        beside_coinr(&format!("{draws} draws, `get_sensitivity`"), recorded, median(times));
    }
    let mut wall = repeated(TIMES, || on_wall(|| told(2000, 2)));
    row("doubt: the same 2000 on two threads, by the wall", &mut wall, "85 ms", None);
    let mut cpu = repeated(TIMES, || on_cpu(|| told(2000, 2)));
    row("doubt: the same, processor time of both", &mut cpu, "–", None);
    shares();
}

/// First and total order of all weights of 31 indicators, and of every choice.
fn shares() {
    let (model, matrix) = made(31);
    let open = mixed();
    let engine = Engine::new(&model, &matrix, &open);
    let sampler = Sampler::new(&model, &open, 20_261_121);
    let leaves = model.groups.len()..model.groups.len() + model.leaves.len();
    let choices = [Input::Weights, Input::Normalisation, Input::Aggregation];
    for (what, inputs) in [
        ("31 weights × 1000", leaves.map(Input::Weight).collect()),
        ("3 choices × 1000", choices.to_vec()),
    ] {
        let question = Question {
            inputs,
            output: Output::MeanRankChange,
            base: 1000,
            resamples: 500,
            seed: 1,
        };
        let ask = |threads: usize| {
            let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
            black_box(sensitivity(&engine, &sampler, &question, threads))
        };
        let mut cpu = repeated(3, || on_cpu(|| ask(1)));
        row(&format!("doubt: Sobol, {what}, one thread"), &mut cpu, "–", None);
        let mut wall = repeated(3, || on_wall(|| ask(2)));
        row(&format!("doubt: Sobol, {what}, two threads, by the wall"), &mut wall, "3 s", None);
    }
}

fn beside_coinr(what: &str, recorded: f64, ours: Duration) {
    let ratio = recorded / ours.as_secs_f64();
    println!("| COINr, {what} (recorded, 357 × 31) | {recorded} s | – | – | ours | 1/{ratio:.0} |");
}

/// Weights, normalisation and aggregation all open.
fn mixed() -> Uncertainty {
    Uncertainty {
        normalisation: vec![
            NormalisationChoice::MinMax,
            NormalisationChoice::ZScore,
            NormalisationChoice::PercentileRank,
        ],
        aggregation: vec![AggregationChoice::Arithmetic, AggregationChoice::Geometric],
        ..Uncertainty::default()
    }
}

/// A model of four dimensions with three groups each, and figures of which one in
/// twenty is missing, the same on every run.
fn made(indicators: usize) -> (Model, Matrix) {
    let mut text = String::from(
        "id = \"made\"\nversion = 1\ntitle = {}\nmissing = \"redistribute\"\n\
         [[group]]\nid = \"total\"\ntitle = {}\naggregation = { method = \"arithmetic\" }\n",
    );
    let mut group = |id: &str, parent: &str| {
        let _ = writeln!(
            text,
            "[[group]]\nid = \"{id}\"\ntitle = {{}}\nparent = \"{parent}\"\nweight = 1\n\
             aggregation = {{ method = \"arithmetic\" }}"
        );
    };
    for dimension in 0..4 {
        group(&format!("d{dimension}"), "total");
        for below in 0..3 {
            group(&format!("d{dimension}g{below}"), &format!("d{dimension}"));
        }
    }
    let ids: Vec<String> = (0..indicators).map(|at| format!("i{at}")).collect();
    for (at, id) in ids.iter().enumerate() {
        let _ = writeln!(
            text,
            "[[indicator]]\nid = \"{id}\"\nparent = \"d{}g{}\"\nweight = {}\n\
             direction = \"higher\"\nvalue = {{ method = \"min_max\" }}",
            at % 4,
            at / 4 % 3,
            1 + at % 3
        );
    }
    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    let model = Model::parse(&text, &known).expect("the made model is valid");
    let mut seed = 20_261_121_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut cell = || {
        let figure = 100.0 * next();
        (next() > 0.05).then_some(figure)
    };
    let columns = ids.iter().map(|id| (id.clone(), (0..UNITS).map(|_| cell()).collect())).collect();
    let units = (0..UNITS).map(|unit| format!("{unit:04}")).collect();
    (model, Matrix { units, columns, ..Matrix::default() })
}

/// The least that draws can be: one multiplication a figure, no tree, no gaps, and a sort.
fn flat(matrix: &Matrix, draws: usize) -> Duration {
    let dense = |column: &Vec<Option<f64>>| -> Vec<f64> {
        column.iter().map(|figure| figure.unwrap_or(0.0)).collect()
    };
    let columns: Vec<Vec<f64>> = matrix.columns.values().map(dense).collect();
    let mut sums = vec![0.0; UNITS];
    on_cpu(|| {
        for draw in 0..draws {
            sums.fill(0.0);
            for (at, column) in columns.iter().enumerate() {
                let weight = 1.0 + ((draw * 31 + at * 7) % 101) as f64;
                sums.iter_mut().zip(column).for_each(|(sum, figure)| *sum += weight * figure);
            }
            sums.sort_unstable_by(f64::total_cmp);
            black_box(&sums);
        }
    })
}

/// Processor time of all threads.
fn on_cpu<T>(action: impl FnOnce() -> T) -> Duration {
    spent(ClockId::ProcessCPUTime, || drop(black_box(action())))
}

fn on_wall<T>(action: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(action());
    start.elapsed()
}
