//! Trends, every row of COINr's.

use scoring::years::{cagr, percent_change, trend};

use super::{assert_same, figure, oracle, rows, table};

const YEARS: std::ops::RangeInclusive<i32> = 2018..=2024;

#[test]
fn trends_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let expected = table(&folder, "coinr/15_trends.csv");
    let panel = table(&folder, "input/panel.csv");
    for row in &expected {
        let (unit, indicator) = (row["unit"].as_str(), row["indicator"].as_str());
        let all: Vec<Option<f64>> = YEARS
            .map(|year| {
                let at = rows(&panel, &[("unit", unit), ("time", &year.to_string())]);
                at.first().and_then(|row| figure(row, indicator))
            })
            .collect();
        let all_times: Vec<f64> = YEARS.map(f64::from).collect();
        let (times, series) = match row["variant"].as_str() {
            "all_years" => (all_times, all),
            "interpolated" => (all_times.clone(), interpolated(&all_times, &all)),
            "from_third_year_own_purse" => (all_times[2..].to_vec(), all[2..].to_vec()),
            // COINr's slip: the first five rows under the names of the last five years.
            "from_third_year" => (all_times[2..].to_vec(), all[..5].to_vec()),
            other => panic!("`{other}` is a new variant"),
        };
        let found = match row["metric"].as_str() {
            "CAGR" => cagr(&times, &series),
            _ => percent_change(&times, &series),
        };
        // NaN, across a change of sign, is no figure of ours.
        let wanted = figure(row, "value").filter(|value| !value.is_nan());
        let what = format!("{} {} {unit} {indicator}", row["metric"], row["variant"]);
        match (found, wanted) {
            (Some(found), Some(wanted)) => {
                let off = (found - wanted).abs();
                assert!(off <= 1e-9 * wanted.abs().max(1e-3), "{what}: {found} is not {wanted}");
            }
            _ => assert_eq!(found, wanted, "{what}"),
        }
        if row["variant"] == "all_years" {
            assert_same(
                Some(trend(&times, &series).available),
                figure(row, "share_available"),
                &what,
            );
        }
    }
    assert_eq!(expected.len(), 480);
}

/// Gaps inside on a straight line, the ends open.
fn interpolated(times: &[f64], series: &[Option<f64>]) -> Vec<Option<f64>> {
    let at = |at: usize| {
        let before = (0..=at).rev().find(|at| series[*at].is_some())?;
        let after = (at..series.len()).find(|at| series[*at].is_some())?;
        let share = (times[at] - times[before]) / (times[after] - times[before]).max(1.0);
        Some(series[before]? + share * (series[after]? - series[before]?))
    };
    (0..series.len()).map(at).collect()
}
