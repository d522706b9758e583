//! Value functions on small columns.

use super::*;

fn value(function: ValueFunction, figure: f64) -> Option<f64> {
    Fitted::new(&function, None, &[]).apply(figure)
}

#[test]
fn anchors_are_straight_lines_cut_at_the_ends() {
    let cost = || ValueFunction::Anchors {
        points: vec![[15.0, 0.0], [25.0, 50.0], [30.0, 75.0], [35.0, 100.0]],
        basis: None,
    };
    let raw = [10.0, 15.0, 20.0, 25.0, 27.5, 30.0, 34.0, 35.0, 60.0];
    let values: Vec<_> = raw.iter().filter_map(|raw| value(cost(), *raw)).collect();
    assert_eq!(values, [0.0, 0.0, 25.0, 50.0, 62.5, 75.0, 95.0, 100.0, 100.0]);
}

#[test]
fn goalposts_may_fall_and_may_be_logarithmic() {
    let posts = |low, high, log| ValueFunction::Goalposts { low, high, log, basis: None };
    assert_eq!(value(posts(60.2, 0.0, false), 30.1), Some(50.0));
    let middle = value(posts(10.0, 1000.0, true), 100.0).expect("the figure is inside");
    assert!((middle - 50.0).abs() < 1e-12);
    assert_eq!(value(posts(10.0, 1000.0, true), 0.0), Some(0.0), "the logarithm of 0 is cut");
}

#[test]
fn a_column_of_one_value_separates_nobody() {
    let same = [Some(2.0), None, Some(2.0)];
    for function in [
        ValueFunction::MinMax { low: 0.0, high: 100.0 },
        ValueFunction::ZScore { mean: 0.0, sd: 1.0 },
        ValueFunction::PercentileGoalposts { low: 5.0, high: 95.0, log: false },
    ] {
        let fitted = Fitted::new(&function, Some(Direction::Higher), &same);
        assert_eq!(fitted.apply(2.0), None, "{function:?}");
    }
}

#[test]
fn lower_is_better_turns_every_data_driven_scale() {
    let figures = [Some(1.0), Some(2.0), Some(4.0)];
    for function in [
        ValueFunction::MinMax { low: 0.0, high: 100.0 },
        ValueFunction::ZScore { mean: 50.0, sd: 10.0 },
        ValueFunction::Rank { ties: Ties::Min },
        ValueFunction::PercentileRank { ties: Ties::Min },
        ValueFunction::PercentileGoalposts { low: 0.0, high: 100.0, log: true },
    ] {
        let higher = Fitted::new(&function, Some(Direction::Higher), &figures);
        let lower = Fitted::new(&function, Some(Direction::Lower), &figures);
        assert!(higher.apply(4.0) > higher.apply(1.0), "{function:?}");
        assert!(lower.apply(4.0) < lower.apply(1.0), "{function:?}");
    }
}

/// Values of figures, rounded to the whole as a reader would.
fn values(fitted: &Fitted, figures: &[f64]) -> Vec<Option<i64>> {
    let round = |value: f64| value.round() as i64;
    figures.iter().map(|figure| fitted.apply(*figure).map(round)).collect()
}

#[test]
fn a_band_is_full_inside_and_falls_to_both_sides() {
    let band = Fitted::band([60.0, 80.0, 120.0, 160.0]);
    let figures = [0.0, 60.0, 70.0, 80.0, 100.0, 120.0, 140.0, 160.0, 900.0];
    let expected = [0, 0, 50, 100, 100, 100, 50, 0, 0].map(Some);
    assert_eq!(values(&band, &figures), expected);
    let upright = Fitted::band([60.0, 60.0, 120.0, 120.0]);
    assert_eq!(values(&upright, &[59.9, 60.0, 120.0, 120.1]), [0, 100, 100, 0].map(Some));
    assert_eq!(Fitted::band([60.0, 50.0, 120.0, 160.0]), Fitted::Nothing);
}

#[test]
fn half_the_best_gives_half_whichever_end_is_better() {
    let figures = [Some(10.0), None, Some(20.0), Some(5.0)];
    let more = Fitted::share_of_best(&figures, Direction::Higher);
    assert_eq!(values(&more, &[20.0, 10.0, 5.0]), [100, 50, 25].map(Some));
    let less = Fitted::share_of_best(&figures, Direction::Lower);
    assert_eq!(values(&less, &[5.0, 10.0, 20.0]), [100, 50, 25].map(Some));
    assert_eq!(less.apply(0.0), None, "no share of nothing");
    let negative = [Some(-1.0), Some(-2.0)];
    assert_eq!(Fitted::share_of_best(&negative, Direction::Higher), Fitted::Nothing);
}

#[test]
fn a_figure_from_elsewhere_is_valued_on_the_columns_scale() {
    let figures = [1.0, 3.0, 3.0, 5.0].map(Some);
    let target = |outside| Fitted::distance_to_target(&figures, Direction::Higher, 9.0, outside);
    assert_eq!(values(&target(Outside::Cut), &[0.0, 5.0, 13.0]), [0, 50, 100].map(Some));
    assert_eq!(values(&target(Outside::Extended), &[-3.0, 5.0, 13.0]), [-50, 50, 150].map(Some));
    for ties in [Ties::Min, Ties::Average, Ties::Max] {
        let rank = Fitted::rank(&figures, Direction::Higher, ties);
        assert_eq!(values(&rank, &[0.0, 2.0, 4.0, 6.0]), [1, 2, 4, 5].map(Some), "{ties:?}");
    }
}

#[test]
fn a_target_or_reference_no_better_than_the_worst_compares_nothing() {
    let figures = [1.0, 3.0, 5.0].map(Some);
    for (direction, worse) in [(Direction::Higher, 1.0), (Direction::Lower, 6.0)] {
        let fitted = Fitted::distance_to_target(&figures, direction, worse, Outside::Cut);
        assert_eq!(fitted, Fitted::Nothing, "{direction:?}");
    }
}

#[test]
fn a_models_functions_take_their_ends_from_the_column_or_the_reference() {
    let figures = [Some(10.0), None, Some(40.0), Some(20.0), Some(20.0)];
    let told = |toml: &str, reference: Option<f64>| -> Vec<Option<i64>> {
        let function: ValueFunction = toml::from_str(toml).expect("the function is valid");
        let direction = Some(Direction::Lower);
        let fitted = Fitted::with_reference(&function, direction, &figures, reference);
        values(&fitted, &[10.0, 20.0, 40.0, 50.0])
    };
    let all = |numbers: [i64; 4]| numbers.map(Some).to_vec();
    assert_eq!(told("method = 'min_max'", None), all([100, 67, 0, 0]));
    assert_eq!(told("method = 'min_max'\nlow = 1\nhigh = 10", None), all([10, 7, 1, 1]));
    assert_eq!(told("method = 'distance_to_maximum'", None), all([100, 67, 0, 0]));
    assert_eq!(told("method = 'distance_to_target'\ntarget = 25", None), all([100, 100, 0, 0]));
    assert_eq!(told("method = 'fraction_of_maximum'", None), all([100, 50, 25, 20]));
    assert_eq!(told("method = 'scaled'\nlow = 40\nhigh = 20", None), all([150, 100, 0, -50]));
    assert_eq!(told("method = 'borda'", None), all([3, 1, 0, 0]));
    assert_eq!(
        told("method = 'rank'\nties = 'average'", None),
        [Some(4), Some(3), Some(1), Some(1)]
    );
    assert_eq!(told("method = 'percentile_rank'\nties = 'max'", None), all([100, 67, 0, 0]));
    let band = "method = 'band'\nzero_low = 0\nfull_low = 20\nfull_high = 30\nzero_high = 50";
    assert_eq!(told(band, None), all([50, 100, 50, 0]));
    let reference = "method = 'distance_to_reference'\nunit = '0301'";
    assert_eq!(told(reference, Some(20.0)), all([150, 100, 0, -50]));
    let capped = format!("{reference}\ncapped = true");
    assert_eq!(told(&capped, Some(20.0)), all([100, 100, 0, 0]));
    assert_eq!(told(reference, None), [None; 4], "the reference has no figure");
}
