//! A model over the years.

use scoring::years::{Panel, Scales, course, score_years};
use scoring::{Matrix, Model};

use crate::matrix;

fn model(value: &str, impute: &str) -> Model {
    let text = format!(
        "id = \"y\"\nversion = 1\ntitle = {{}}\nmissing = \"redistribute\"\n\
         [coverage]\ndimension_minimum = 0\ntotal_minimum = 0.5\nrequired = []\n\
         [prepare]\nimpute = {impute}\n\
         [[group]]\nid = \"t\"\ntitle = {{}}\naggregation = {{ method = \"arithmetic\" }}\n\
         [[indicator]]\nid = \"a\"\nparent = \"t\"\nweight = 1\nvalue = {value}\n"
    );
    Model::parse(&text, &["a"]).expect("the model is valid")
}

const FROZEN: &str = "{ method = \"goalposts\", low = 0, high = 100 }";
const MOVING: &str = "{ method = \"min_max\" }\ndirection = \"higher\"";
const NONE: &str = "{ method = \"none\" }";

fn year(figures: [Option<f64>; 3]) -> Matrix {
    let rows: Vec<(&str, [Option<f64>; 1])> =
        ["1", "2", "3"].into_iter().zip(figures.map(|figure| [figure])).collect();
    let rows: Vec<(&str, &[Option<f64>])> =
        rows.iter().map(|(unit, row)| (*unit, row.as_slice())).collect();
    matrix(&["a"], &rows)
}

fn panel() -> Panel {
    Panel {
        years: vec![2021, 2022, 2024],
        matrices: vec![
            year([Some(10.0), Some(20.0), Some(30.0)]),
            year([Some(40.0), None, Some(30.0)]),
            year([Some(60.0), Some(50.0), Some(30.0)]),
        ],
    }
}

fn scores(value: &str, scales: Scales) -> Vec<Vec<Option<f64>>> {
    let years = score_years(&model(value, NONE), &panel(), scales).expect("the panel is whole");
    years.into_iter().map(|year| year.scores).collect()
}

#[test]
fn frozen_goalposts_compare_across_years_and_need_no_choice() {
    let frozen = scores(FROZEN, Scales::OfTheYear);
    assert_eq!(frozen, scores(FROZEN, Scales::OfAllYears));
    assert_eq!(frozen[0], [Some(10.0), Some(20.0), Some(30.0)]);
    assert_eq!(frozen[1], [Some(40.0), None, Some(30.0)]);
}

#[test]
fn a_scale_that_follows_the_figures_is_of_the_year_or_of_all_years() {
    let year = scores(MOVING, Scales::OfTheYear);
    assert_eq!(year[0], [Some(0.0), Some(50.0), Some(100.0)]);
    let all = scores(MOVING, Scales::OfAllYears);
    assert_eq!(all[0], [Some(0.0), Some(20.0), Some(40.0)]);
    assert_eq!(all[2], [Some(100.0), Some(80.0), Some(40.0)]);
}

#[test]
fn a_course_tells_scores_ranks_and_trend() {
    let years = score_years(&model(FROZEN, NONE), &panel(), Scales::OfTheYear).expect("whole");
    let first = course(&years, 0);
    let ranks: Vec<_> =
        first.moments.iter().map(|moment| (moment.year, moment.rank, moment.of)).collect();
    assert_eq!(ranks, [(2021, Some(3), 3), (2022, Some(1), 2), (2024, Some(1), 3)]);
    assert_eq!(first.places_gained, Some(2));
    let growth = first.trend.cagr.expect("both ends are there");
    assert!(((1.0 + growth).powi(3) - 6.0).abs() < 1e-9, "six times as much in three years");
    let second = course(&years, 1);
    assert_eq!(second.moments[1].rank, None);
    assert_eq!(second.trend.available, Some(2.0 / 3.0));
}

#[test]
fn a_gap_between_years_is_filled_where_the_model_says_and_never_ranks_a_unit() {
    let last = panel().filled(&model(FROZEN, "{ method = \"last_value\" }"));
    assert_eq!(last.series("a", 1), [Some(20.0), Some(20.0), Some(50.0)]);
    assert_eq!(last.matrices[1].filled["a"], [1]);
    let linear = panel().filled(&model(FROZEN, "{ method = \"linear\" }"));
    assert_eq!(linear.series("a", 1), [Some(20.0), Some(30.0), Some(50.0)]);
    let model = model(FROZEN, "{ method = \"last_value\" }");
    let years = score_years(&model, &panel(), Scales::OfTheYear).expect("whole");
    assert_eq!(years[1].ranks[1], None, "a figure that was filled in covers nothing");
}

#[test]
fn a_panel_that_does_not_hold_together_is_refused() {
    let refused = |panel: &Panel| panel.check().expect_err("it does not hold").to_string();
    let mut falling = panel();
    falling.years[2] = 2022;
    assert_eq!(
        refused(&falling),
        "the year 2022 stands after 2022; give the years in rising order"
    );
    let mut short = panel();
    short.years.pop();
    assert_eq!(refused(&short), "there are 2 years and figures of 3; give figures by year");
    let mut other = panel();
    other.matrices[1].units[2] = "9".to_owned();
    assert_eq!(refused(&other), "the units of 2022 are not those of the first year, as `9` shows");
}
