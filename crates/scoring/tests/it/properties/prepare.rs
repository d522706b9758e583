//! Rules that hold for every column, whatever is in it.

use proptest::prelude::*;
use scoring::normalise::{Fitted, Outside, Spacing};
use scoring::prepare::denominate::denominate;
use scoring::prepare::impute::{self, Middle};
use scoring::prepare::panel;
use scoring::prepare::shrink::{self, Rates, Shrunk};
use scoring::prepare::treat::{
    self, Curve, Outcome, Over, Winsorising, transform, winsorise, winsorise_percentiles,
    winsorise_then, winsorise_then_log,
};
use scoring::statistics::{Moments, kendall, pearson, pearson_p_value, spearman};
use scoring::{Direction, Ties};

type Column = Vec<Option<f64>>;
const BOTH: [Direction; 2] = [Direction::Higher, Direction::Lower];

/// Eighths, so that there are ties and that doubling is exact; now and then far out.
fn figure() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        7 => (-400_i32..400).prop_map(|eighths| Some(f64::from(eighths) / 8.0)),
        1 => (-40_i32..40).prop_map(|hundreds| Some(f64::from(hundreds) * 100.0)),
    ]
}

fn columns() -> impl Strategy<Value = Column> {
    prop::collection::vec(figure(), 0..40)
}

/// Anything that fits in a cell, also what should never be there.
fn wild() -> impl Strategy<Value = Column> {
    let any = prop_oneof![
        figure(),
        any::<f64>().prop_map(Some),
        prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -0.0])
            .prop_map(Some),
    ];
    prop::collection::vec(any, 0..20)
}

fn label(unit: usize) -> Option<String> {
    ["a", "b", "c"].get(unit % 4).map(|label| (*label).to_owned())
}

fn labels(count: usize) -> Vec<Option<String>> {
    (0..count).map(label).collect()
}

/// Every value function that takes its ends from the data or from constants.
fn fits(figures: &[Option<f64>], direction: Direction) -> Vec<Fitted> {
    let mut all = vec![
        Fitted::min_max(figures, direction, [0.0, 100.0]),
        Fitted::min_max(figures, direction, [1.0, 10.0]),
        Fitted::z_score(figures, direction, [50.0, 10.0]),
        Fitted::percentile_goalposts(figures, direction, [5.0, 95.0], Spacing::Even),
    ];
    for ties in [Ties::Min, Ties::Average, Ties::Max] {
        all.push(Fitted::rank(figures, direction, ties));
        all.push(Fitted::borda(figures, direction, ties));
        all.push(Fitted::percentile_rank(figures, direction, ties));
    }
    all
}

/// Those whose values depend on where zero is, too.
fn all_fits(figures: &[Option<f64>], direction: Direction) -> Vec<Fitted> {
    let mut all = fits(figures, direction);
    all.extend([
        Fitted::share_of_best(figures, direction),
        Fitted::distance_to_target(figures, direction, 3.0, Outside::Cut),
        Fitted::distance_to_reference(figures, direction, -3.0, Outside::Extended),
        Fitted::percentile_goalposts(figures, direction, [0.0, 80.0], Spacing::Logarithmic),
        Fitted::goalposts([1.0, 30.0], Spacing::Logarithmic),
        Fitted::scaled([30.0, -2.0]),
        Fitted::band([-3.0, 0.0, 4.0, 9.0]),
    ]);
    all
}

fn close(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * right.abs().max(1.0),
        _ => left == right,
    }
}

fn all_close(left: &[Option<f64>], right: &[Option<f64>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| close(*left, *right))
}

fn map(column: &[Option<f64>], of: impl Fn(f64) -> f64) -> Column {
    column.iter().map(|figure| figure.map(&of)).collect()
}

fn drawn(column: &[Option<f64>], groups: &[Option<String>]) -> Vec<Shrunk> {
    let exposures: Column = (0..column.len()).map(|at| Some(10.0 + (at * at) as f64)).collect();
    shrink::towards_group(&Rates { figures: column, exposures: &exposures, per: 1000.0 }, groups)
}

/// Steps that work on a column alone and leave gaps, by name.
fn steps(column: &[Option<f64>]) -> Vec<(&'static str, Column)> {
    let limits = Winsorising::default();
    vec![
        ("winsorise", winsorise(column, &limits).figures),
        ("then log", winsorise_then_log(column, &limits).figures),
        (
            "then Box-Cox",
            winsorise_then(column, &limits, Curve::BoxCox(0.5), Over::Winsorised).figures,
        ),
        ("percentiles", winsorise_percentiles(column, [5.0, 95.0]).figures),
        ("curve", transform(column, Curve::MirroredLogarithm)),
        ("denominators", denominate(column, column, 1000.0).figures),
        ("shrunk", drawn(column, &labels(column.len())).iter().map(Shrunk::figure).collect()),
    ]
}

/// Steps that fill gaps.
fn imputed(column: &[Option<f64>]) -> Vec<(&'static str, impute::Imputed)> {
    let years: Vec<i32> = (2000..).take(column.len()).collect();
    let labels = labels(column.len());
    let mut rows =
        impute::by_row(&[(column, Direction::Higher), (column, Direction::Lower)], Middle::Mean);
    vec![
        ("mean", impute::by_column(column, Middle::Mean)),
        ("median", impute::by_column(column, Middle::Median)),
        ("group mean", impute::by_group(column, &labels, Middle::Mean)),
        ("group median", impute::by_group(column, &labels, Middle::Median)),
        ("row", rows.swap_remove(0)),
        ("last value", panel::last_value(&years, column, Some(2))),
        ("constant", panel::constant(&years, column)),
        ("linear", panel::linear(&years, column)),
        ("between", panel::between(&years, column)),
    ]
}

proptest! {
    #[test]
    fn nothing_that_is_no_number_comes_out(column in wild()) {
        let finite = |column: &Column| column.iter().flatten().all(|figure| figure.is_finite());
        for (step, figures) in steps(&column) {
            prop_assert!(finite(&figures), "{}: {:?}", step, figures);
        }
        for (step, imputed) in imputed(&column) {
            prop_assert!(finite(&imputed.figures), "{}: {:?}", step, imputed);
        }
        for fitted in BOTH.iter().flat_map(|direction| all_fits(&column, *direction)) {
            prop_assert!(finite(&fitted.apply_all(&column)), "{:?}", fitted);
        }
        let years: Vec<i32> = (2000..).take(column.len()).collect();
        let other: Column = column.iter().rev().copied().collect();
        let moments = Moments::of(column.iter().flatten().copied());
        prop_assert!(finite(&vec![
            panel::yearly_growth(&years, &column),
            panel::percent_change(&years, &column),
            pearson(&column, &other),
            spearman(&column, &other),
            kendall(&column, &other),
            pearson_p_value(&column, &other),
            moments.mean(),
            moments.deviation(),
            moments.skewness(),
            moments.kurtosis(),
        ]));
    }

    #[test]
    fn gaps_stay_gaps_and_guesses_are_listed(column in columns()) {
        for (step, figures) in steps(&column) {
            let filled = column.iter().zip(&figures).any(|(b, a)| b.is_none() && a.is_some());
            prop_assert!(!filled, "{}", step);
        }
        for (step, imputed) in imputed(&column) {
            for (unit, (before, after)) in column.iter().zip(&imputed.figures).enumerate() {
                let guessed = imputed.filled.contains(&unit);
                prop_assert_eq!(guessed, before.is_none() && after.is_some(), "{}", step);
                prop_assert!(guessed || before == after, "{}: what is there stays", step);
            }
        }
        for fitted in all_fits(&column, Direction::Lower) {
            let values = fitted.apply_all(&column);
            prop_assert!(column.iter().zip(values).all(|(b, a)| b.is_some() || a.is_none()));
        }
    }

    #[test]
    fn the_order_of_the_units_plays_no_part(column in columns()) {
        let turned = |column: &Column| -> Column { column.iter().rev().copied().collect() };
        let reversed = turned(&column);
        for direction in BOTH {
            let fits = all_fits(&column, direction);
            for (fitted, other) in fits.iter().zip(all_fits(&reversed, direction)) {
                let values = turned(&other.apply_all(&reversed));
                prop_assert!(all_close(&fitted.apply_all(&column), &values), "{:?}", fitted);
            }
        }
        let limits = Winsorising::default();
        let there = winsorise_then_log(&column, &limits);
        let back = winsorise_then_log(&reversed, &limits);
        prop_assert_eq!(there.outcome, back.outcome);
        prop_assert_eq!(there.changes.len(), back.changes.len());
        prop_assert!(all_close(&there.figures, &turned(&back.figures)));
        let mut groups = labels(column.len());
        let one = impute::by_group(&column, &groups, Middle::Mean).figures;
        groups.reverse();
        let other = impute::by_group(&reversed, &groups, Middle::Mean).figures;
        prop_assert!(all_close(&one, &turned(&other)));
    }

    #[test]
    fn the_unit_of_measure_plays_no_part(column in columns(), shift in -40_i32..40) {
        let other = map(&column, |figure| 4.0 * figure + f64::from(shift));
        for direction in BOTH {
            for (fitted, other_fit) in fits(&column, direction).iter().zip(fits(&other, direction)) {
                let values = other_fit.apply_all(&other);
                prop_assert!(all_close(&fitted.apply_all(&column), &values), "{:?}", fitted);
            }
        }
        let limits = Winsorising::default();
        let doubled = winsorise(&map(&column, |figure| 2.0 * figure), &limits).figures;
        prop_assert_eq!(doubled, map(&winsorise(&column, &limits).figures, |figure| 2.0 * figure));
    }

    #[test]
    fn less_is_better_is_the_same_as_turning_the_figures(column in columns()) {
        let turned = map(&column, |figure| -figure);
        let (higher, lower) = (fits(&column, BOTH[0]), fits(&turned, BOTH[1]));
        for (higher, lower) in higher.iter().zip(lower) {
            prop_assert!(all_close(&higher.apply_all(&column), &lower.apply_all(&turned)));
        }
        let curve = |column: &Column| transform(column, Curve::MirroredLogarithm);
        let shape = treat::Shape::of(&column);
        if shape.is_some_and(|shape| shape.skewness.abs() > 1e-9) {
            prop_assert!(all_close(&curve(&turned), &map(&curve(&column), |figure| -figure)));
        }
    }

    #[test]
    fn more_merit_never_gets_less(column in columns()) {
        for (direction, sign) in BOTH.into_iter().zip([1.0, -1.0]) {
            let scaled = Fitted::scaled([sign * -2.0, sign * 2.0]);
            for fitted in fits(&column, direction).into_iter().chain([scaled]) {
                let mut values: Vec<(f64, f64)> = column
                    .iter()
                    .flatten()
                    .filter_map(|figure| Some((sign * figure, fitted.apply(*figure)?)))
                    .collect();
                values.sort_by(|one, other| one.0.total_cmp(&other.0));
                prop_assert!(values.is_sorted_by(|one, other| one.1 <= other.1), "{:?}", fitted);
            }
        }
    }

    #[test]
    fn doing_it_twice_changes_nothing(column in columns()) {
        let limits = Winsorising::default();
        let once = winsorise(&column, &limits);
        let passes = treat::Shape::of(&once.figures).is_some_and(|shape| shape.passes(&limits));
        if once.outcome == Outcome::Winsorised && passes {
            let twice = winsorise(&once.figures, &limits);
            prop_assert_eq!(twice.outcome, Outcome::Untouched);
            prop_assert_eq!(twice.figures, once.figures);
        }
        for (step, imputed) in imputed(&column).into_iter().filter(|(step, _)| *step != "row") {
            let again = self::imputed(&imputed.figures);
            let again = again.into_iter().find(|(other, _)| *other == step).map(|(_, again)| again);
            // Carried for two years at most, a value goes on from where it was carried to.
            if step != "last value" {
                prop_assert_eq!(again.map(|again| again.figures), Some(imputed.figures), "{}", step);
            }
        }
        let once = Fitted::min_max(&column, Direction::Higher, [0.0, 100.0]).apply_all(&column);
        let twice = Fitted::min_max(&once, Direction::Higher, [0.0, 100.0]).apply_all(&once);
        prop_assert!(all_close(&once, &twice));
    }

    #[test]
    fn winsorising_moves_points_only_to_figures_that_exist(column in columns()) {
        let treated = winsorise(&column, &Winsorising::default());
        for change in &treated.changes {
            prop_assert_eq!(column[change.unit], Some(change.before));
            prop_assert!(column.contains(&Some(change.after)));
        }
        let untouched = (0..column.len())
            .filter(|unit| treated.changes.iter().all(|change| change.unit != *unit));
        for unit in untouched {
            prop_assert_eq!(treated.figures[unit], column[unit]);
        }
    }

    #[test]
    fn a_shrunk_rate_lies_between_its_own_and_the_target(column in columns()) {
        for (raw, shrunk) in column.iter().zip(drawn(&column, &labels(column.len()))) {
            if let Shrunk::Drawn { figure, own_weight, target, .. } = shrunk {
                let raw = raw.expect("only figures are drawn");
                prop_assert!((raw.min(target)..=raw.max(target)).contains(&figure));
                prop_assert!((0.0..=1.0).contains(&own_weight));
            }
        }
    }

    #[test]
    fn the_larger_the_place_the_more_it_keeps(rates in prop::collection::vec(0_u32..200, 3..30)) {
        let figures: Column = rates.iter().map(|rate| Some(f64::from(*rate))).collect();
        // Rising exposures; the last so large that chance plays no part in it.
        let mut exposures: Column = (1..=rates.len()).map(|at| Some((at * 500) as f64)).collect();
        *exposures.last_mut().expect("there are three") = Some(1e12);
        let rates = Rates { figures: &figures, exposures: &exposures, per: 1000.0 };
        let drawn = shrink::towards_whole(&rates);
        let kept: Vec<f64> = drawn
            .iter()
            .map(|shrunk| match shrunk {
                Shrunk::Drawn { own_weight, .. } => *own_weight,
                _ => f64::NAN,
            })
            .collect();
        prop_assert!(kept.is_sorted(), "{:?}", kept);
        let last = drawn.len() - 1;
        let (found, raw) = (drawn[last].figure().unwrap_or(-1.0), figures[last].unwrap_or(-1.0));
        prop_assert!((found - raw).abs() < 1e-3, "{} {}", found, raw);
    }
}
