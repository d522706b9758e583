//! Several years (`15_*.csv`, `cases.json`).
//!
//! Growth from 0 or across 0 and a trend from a level of 0 are gaps here;
//! COINr gives infinity or NaN. COINr's `from_third_year` takes the first years
//! and labels them with the last ones; the right figures are its
//! `from_third_year_own_purse`, and both are reproduced from the rows they used.

use scoring::normalise::Fitted;
use scoring::prepare::impute::Imputed;
use scoring::prepare::panel;

use super::cases::cases;
use super::*;

const VARIABLES: [&str; 3] = ["pris", "folk", "res"];

/// Figures by unit, in the order of the years.
fn series(table: &Table, variable: &str) -> Vec<(String, Vec<i32>, Vec<Option<f64>>)> {
    let mut all: Vec<(String, Vec<i32>, Vec<Option<f64>>)> = Vec::new();
    for row in table {
        if all.last().is_none_or(|(unit, ..)| *unit != row["unit"]) {
            all.push((row["unit"].clone(), Vec::new(), Vec::new()));
        }
        let (_, years, figures) = all.last_mut().expect("one was just pushed");
        years.push(row["time"].parse().expect("a year is a number"));
        figures.push(figure(row, variable));
    }
    all
}

/// A tolerance for least squares; the rest agrees far closer.
#[track_caller]
fn assert_close(found: Option<f64>, expected: Option<f64>, what: &str) {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            let tolerance = 1e-9 * expected.abs().max(1e-2);
            assert!((found - expected).abs() <= tolerance, "{what}: {found} is not {expected}");
        }
        _ => assert_eq!(found, expected, "{what}"),
    }
}

#[test]
fn gaps_between_years_are_filled_as_in_coinr() {
    let Some(folder) = oracle() else { return };
    let (input, answers) =
        (table(&folder, "input/panel.csv"), table(&folder, "coinr/15_panel_imputed.csv"));
    let (mut compared, mut filled) = (0, 0);
    for variable in VARIABLES {
        for (unit, years, figures) in series(&input, variable) {
            let ways: [(&str, Imputed); 5] = [
                ("latest", panel::last_value(&years, &figures, None)),
                ("latest_max_1", panel::last_value(&years, &figures, Some(1))),
                ("constant", panel::constant(&years, &figures)),
                ("linear", panel::linear(&years, &figures)),
                ("linear-constant", panel::linear_or_constant(&years, &figures)),
            ];
            for (method, found) in ways {
                let expected = rows(&answers, &[("method", method), ("unit", &unit)]);
                // COINr stops on K9010 and K9012 with these two methods; they were left out.
                if expected.is_empty() {
                    assert!(["K9010", "K9012"].contains(&unit.as_str()), "{unit} {method}");
                    continue;
                }
                for (found, row) in found.figures.iter().zip(&expected) {
                    let what = format!("{method} {unit} {variable} {}", row["time"]);
                    assert_same(*found, figure(row, variable), &what);
                    compared += 1;
                }
                filled += found.filled.len();
            }
        }
    }
    assert_eq!(compared, 3 * (140 + 140 + 126 + 126 + 140));
    assert_eq!(filled, 58);
}

#[test]
fn trends_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let input = table(&folder, "input/panel.csv");
    let answers = table(&folder, "coinr/15_trends.csv");
    let (mut compared, mut undefined) = (0, 0);
    for row in &answers {
        let all = series(&input, &row["indicator"]);
        let (_, years, figures) =
            all.iter().find(|(unit, ..)| *unit == row["unit"]).expect("the unit has a series");
        let right = match row["variant"].starts_with("from_third_year") {
            true => (&years[2..], &figures[2..]),
            false => (&years[..], &figures[..]),
        };
        let (years, figures) = match row["variant"].as_str() {
            "from_third_year" => (&years[2..], &figures[..5]),
            _ => right,
        };
        let filled = panel::between(years, figures).figures;
        let series = if row["variant"] == "interpolated" { &filled } else { figures };
        let found = match row["metric"].as_str() {
            "CAGR" => panel::yearly_growth(years, series),
            _ => panel::percent_change(years, series),
        };
        let what = format!("{row:?}");
        let answer = figure(row, "value");
        let expected = answer.filter(|answer| answer.is_finite());
        assert_close(found, expected, &what);
        // What COINr says of the years is of the right rows in every variant.
        assert_same(panel::share_present(right.1), figure(row, "share_available"), &what);
        let span = panel::span(right.0, right.1);
        assert_same(span.map(|(first, _)| f64::from(first)), figure(row, "first"), &what);
        assert_same(span.map(|(_, last)| f64::from(last)), figure(row, "last"), &what);
        compared += 1;
        undefined += usize::from(answer.is_some() && expected.is_none());
    }
    assert_eq!(compared, 480);
    assert!(undefined > 0, "some growth rates cross 0");
}

#[test]
fn small_series_have_coinrs_trends() {
    let mut compared = 0;
    let years = |case: &super::cases::Case| -> Vec<i32> {
        case.column("x").into_iter().flatten().map(|year| year as i32).collect()
    };
    for case in cases("CAGR") {
        let found = panel::yearly_growth(&years(&case), &case.column("y"));
        assert_close(found, case.answer(), &case.id);
        compared += 1;
    }
    for case in cases("prc_change") {
        let found = panel::percent_change(&years(&case), &case.column("y"));
        assert_close(found.map(|change| change * case.number("per")), case.answer(), &case.id);
        compared += 1;
    }
    assert!(compared == 25 || oracle().is_none(), "{compared}");
}

#[test]
fn one_scale_for_all_years_and_one_for_each_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let input = table(&folder, "input/panel.csv");
    let answers = table(&folder, "coinr/15_panel_normalised.csv");
    let mut scales: Vec<&str> = answers.iter().map(|row| row["scale"].as_str()).collect();
    scales.dedup();
    let mut years: Vec<&str> = input.iter().map(|row| row["time"].as_str()).collect();
    years.sort_unstable();
    years.dedup();
    let fit = |column: &[Option<f64>]| Fitted::min_max(column, Direction::Higher, [0.0, 100.0]);
    let mut compared = 0;
    for scale in scales {
        let mut values: HashMap<(&str, &str), Vec<Option<f64>>> = HashMap::new();
        for variable in VARIABLES {
            let of_year = |year: &&str| -> Vec<Option<f64>> {
                rows(&input, &[("time", year)]).iter().map(|row| figure(row, variable)).collect()
            };
            let columns: Vec<_> = years.iter().map(of_year).collect();
            let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
            let found = match scale {
                "all_years" => panel::on_one_scale(&columns, fit),
                _ => panel::on_own_scales(&columns, fit),
            };
            for (year, found) in years.iter().zip(found) {
                let expected = rows(&answers, &[("scale", scale), ("time", year)]);
                assert_eq!(found.len(), expected.len());
                for (found, row) in found.into_iter().zip(expected) {
                    let what = format!("{scale} {year} {variable} {}", row["unit"]);
                    assert_same(found, figure(row, variable), &what);
                    values.entry((year, &row["unit"])).or_default().push(found);
                    compared += 1;
                }
            }
        }
        for row in rows(&answers, &[("scale", scale)]) {
            let of_unit = &values[&(row["time"].as_str(), row["unit"].as_str())];
            assert_same(scoring::statistics::mean(of_unit), figure(row, "idx"), "the plain mean");
            compared += 1;
        }
    }
    assert_eq!(compared, 280 * 4);
}
