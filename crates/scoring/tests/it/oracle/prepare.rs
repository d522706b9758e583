//! Denominators, screening, imputation, outliers (`01_*` to `04_*.csv`, `cases.json`).
//!
//! Where ours differs:
//! - a denominator of 0 gives a gap and is named, COINr gives infinity;
//! - a group without a figure leaves gaps whichever middle is asked for, COINr's mean gives NaN;
//! - `log_GII` returns its input in COINr 1.1.14 and calls it treated; we have none;
//! - no limit on points means no limit, COINr's `Treat` drops it and takes 5;
//! - a gap under a log is no point that moved, COINr labels it like one;
//! - a log that replaces winsorising is all that is listed of it, COINr's labels name both.

use std::collections::HashSet;

use scoring::Screening;
use scoring::prepare::denominate::denominate;
use scoring::prepare::impute::{self, Imputed, Middle};
use scoring::prepare::screen::{Availability, by_unit};
use scoring::prepare::treat::{
    Curve, Over, Shape, Step, Treated, Winsorising, transform, winsorise, winsorise_then,
};

use super::cases::{Case, cases, column};
use super::*;

fn side(rows: &[&HashMap<String, String>], code: &str) -> Vec<Option<f64>> {
    rows.iter().map(|row| figure(row, code)).collect()
}

/// Compares a column of ours with one of COINr's, cell by cell.
fn assert_column(found: &[Option<f64>], expected: &[Option<f64>], what: &str) -> usize {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_same(*found, *expected, &format!("{what}, row {at}"));
    }
    found.len()
}

#[test]
fn denominators_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let (raw, units) = (table(&folder, "input/raw.csv"), table(&folder, "input/units.csv"));
    let expected = table(&folder, "coinr/01_denominated.csv");
    let all = |table: &'_ Table, code: &str| side(&table.iter().collect::<Vec<_>>(), code);
    let mut compared = 0;
    for indicator in &index(&folder).indicators {
        let code = name(indicator);
        let mut figures = all(&raw, code);
        if let Some(denominator) = indicator["denominator"].as_str() {
            let scale = indicator["denominator_scale"].as_f64().unwrap_or(1.0);
            figures = denominate(&figures, &all(&units, denominator), scale).figures;
        }
        compared += assert_column(&figures, &all(&expected, code), code);
    }
    assert_eq!(compared, 60 * 14);
}

#[test]
fn a_zero_denominator_is_a_named_gap_where_coinr_gives_infinity() {
    let found = denominate(&[Some(3.0), Some(2.0)], &[Some(0.0), Some(4.0)], 1.0);
    assert_eq!(found.figures, [None, Some(0.5)]);
    assert_eq!(found.unusable, [0]);
}

#[test]
fn availability_is_coinrs_by_unit_and_by_group() {
    let Some(folder) = oracle() else { return };
    let (index, raw) = (index(&folder), table(&folder, "coinr/01_denominated.csv"));
    let raw: Vec<_> = raw.iter().collect();
    let column_of = |indicator: &serde_json::Value| side(&raw, name(indicator));
    let columns: Vec<_> = index.indicators.iter().map(column_of).collect();
    let limits = Screening {
        data_minimum: Some(2.0 / 3.0),
        nonzero_minimum: Some(0.05),
        ..Screening::default()
    };
    let found = by_unit(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let mut compared = 0;
    for (unit, row) in found.iter().zip(&table(&folder, "coinr/02_availability.csv")) {
        let count = |number: usize| Some(number as f64);
        for (column, found) in [
            ("n_missing", count(unit.missing)),
            ("n_zero", count(unit.zeros)),
            ("n_missing_or_zero", count(unit.missing + unit.zeros)),
            ("share_available", unit.share_present()),
            ("share_nonzero", unit.share_nonzero()),
        ] {
            assert_same(found, figure(row, column), &format!("{} {column}", row["unit"]));
            compared += 1;
        }
        for (column, found) in [
            ("low_data", !limits.has_data(unit)),
            ("low_nonzero", !limits.has_nonzero(unit)),
            // COINr screened by data alone here.
            ("included", limits.has_data(unit)),
        ] {
            assert_eq!(found.to_string(), row[column], "{} {column}", row["unit"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 60 * 8);

    let answers = table(&folder, "coinr/02_availability_by_group.csv");
    let mut compared = 0;
    for group in &index.aggregates {
        let members: Vec<&[Option<f64>]> = index
            .indicators
            .iter()
            .zip(&columns)
            .filter(|(indicator, _)| lies_below(&index, indicator, name(group)))
            .map(|(_, column)| column.as_slice())
            .collect();
        let found: Vec<_> = by_unit(&members).iter().map(Availability::share_present).collect();
        let expected = side(&answers.iter().collect::<Vec<_>>(), name(group));
        compared += assert_column(&found, &expected, name(group));
    }
    assert_eq!(compared, 60 * 10);
}

fn lies_below(index: &Index, node: &serde_json::Value, group: &str) -> bool {
    let Some(parent) = node["parent"].as_str() else { return false };
    let above = index.aggregates.iter().find(|aggregate| name(aggregate) == parent);
    parent == group || above.is_some_and(|above| lies_below(index, above, group))
}

#[test]
fn all_six_screenings_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let (index, raw) = (index(&folder), table(&folder, "coinr/01_denominated.csv"));
    let answers = table(&folder, "coinr/02_screening.csv");
    for row in &answers {
        let unit = rows(&raw, &[("unit", &row["unit"])])[0];
        let cells = index.indicators.iter().map(|indicator| figure(unit, name(indicator)));
        let limits = Screening {
            data_minimum: figure(row, "data_threshold").filter(|_| row["rule"] != "byzeros"),
            nonzero_minimum: figure(row, "nonzero_threshold").filter(|_| row["rule"] != "byNA"),
            indicator_minimum: None,
        };
        let found = limits.keeps_unit(&Availability::of(cells)).to_string();
        assert_eq!(found, row["included"], "{row:?}");
    }
    assert_eq!(answers.len(), 360);
}

#[test]
fn imputation_is_coinrs_in_eight_ways() {
    let Some(folder) = oracle() else { return };
    let (index, raw) = (index(&folder), table(&folder, "coinr/01_denominated.csv"));
    let (units, answers) =
        (table(&folder, "input/units.csv"), table(&folder, "coinr/03_imputed.csv"));
    let stay = screened(&folder, &raw);
    let label = |name: &str| -> Vec<Option<String>> {
        let of = |row: &&HashMap<String, String>| {
            let text = &rows(&units, &[("unit", &row["unit"])])[0][name];
            Some(text.clone()).filter(|text| !text.is_empty())
        };
        stay.iter().map(of).collect()
    };
    let (mut compared, mut filled) = (0, 0);
    for (method, middle) in ["mean", "median"].into_iter().zip([Middle::Mean, Middle::Median]) {
        let columns: Vec<_> =
            index.indicators.iter().map(|indicator| side(&stay, name(indicator))).collect();
        for (at, indicator) in index.indicators.iter().enumerate() {
            let siblings: Vec<usize> = (0..columns.len())
                .filter(|other| index.indicators[*other]["parent"] == indicator["parent"])
                .collect();
            let of_group: Vec<(&[Option<f64>], Direction)> = siblings
                .iter()
                .map(|other| (columns[*other].as_slice(), direction(&index.indicators[*other])))
                .collect();
            let own = siblings.iter().position(|other| *other == at).expect("it is among them");
            let ways: [(String, Imputed); 4] = [
                (format!("column_{method}"), impute::by_column(&columns[at], middle)),
                (
                    format!("group_{method}"),
                    impute::by_group(&columns[at], &label("kgroup"), middle),
                ),
                (
                    format!("small_group_{method}"),
                    impute::by_group(&columns[at], &label("region"), middle),
                ),
                (
                    format!("row_{method}_in_subgroup"),
                    impute::by_row(&of_group, middle).swap_remove(own),
                ),
            ];
            for (way, found) in ways {
                let expected: Vec<Option<f64>> =
                    side(&rows(&answers, &[("method", &way)]), name(indicator))
                        .into_iter()
                        .map(|figure| figure.filter(|figure| figure.is_finite()))
                        .collect();
                let what = format!("{way} {}", name(indicator));
                compared += assert_column(&found.figures, &expected, &what);
                let gaps = (0..columns[at].len()).filter(|unit| columns[at][*unit].is_none());
                let now_there: Vec<usize> = gaps.filter(|unit| expected[*unit].is_some()).collect();
                assert_eq!(found.filled, now_there, "{what}");
                filled += now_there.len();
            }
        }
    }
    assert_eq!(compared, 8 * 14 * 58);
    assert!(filled > 100, "{filled} gaps were filled");
}

#[test]
fn small_vectors_are_imputed_as_in_coinr() {
    let mut compared = 0;
    for (function, middle) in [("mean", Middle::Mean), ("median", Middle::Median)] {
        for case in cases(&format!("i_{function}")) {
            let found = impute::by_column(&case.column("x"), middle);
            compared += assert_column(&found.figures, &column(&case.value), &case.id);
        }
        for case in cases(&format!("i_{function}_grp")) {
            let found = impute::by_group(&case.column("x"), &case.texts("f"), middle);
            compared += assert_column(&found.figures, &column(&case.value), &case.id);
        }
    }
    assert!(compared == 80 || oracle().is_none(), "{compared}");
}

/// COINr's variants of treatment, as ours.
fn treat(variant: &str, figures: &[Option<f64>]) -> Treated {
    let limits = match variant {
        "winmax_2" => Winsorising { points: 2, ..Winsorising::default() },
        "winmax_10" => Winsorising { points: 10, ..Winsorising::default() },
        "winmax_1000" => Winsorising { points: usize::MAX, ..Winsorising::default() },
        "thresholds_1_1" => Winsorising { skewness: 1.0, kurtosis: 1.0, points: 5 },
        _ => Winsorising::default(),
    };
    let curve = match variant {
        "second_log_CT_plus" => Curve::MirroredLogarithm,
        "second_log_CT_orig" => Curve::LogarithmFromOne,
        _ => Curve::Logarithm,
    };
    let over = if variant == "combine" { Over::Winsorised } else { Over::Raw };
    winsorise_then(figures, &limits, curve, over)
}

/// Whether COINr logged the column with the function that returns its input.
fn is_fake(variant: &str, code: &str) -> bool {
    variant == "second_log_GII" && code == "bostotte"
}

/// Source, variant and indicator; the units; the figures that went in.
type Treatment = ([String; 3], Vec<String>, Vec<Option<f64>>);

fn treatments(folder: &std::path::Path) -> Vec<Treatment> {
    let raw = table(folder, "coinr/01_denominated.csv");
    let imputed = table(folder, "coinr/03_imputed.csv");
    let details = table(folder, "coinr/04_treatment.csv");
    let of = |row: &HashMap<String, String>| {
        let units = match row["source"].as_str() {
            "S" => screened(folder, &raw),
            _ => rows(&imputed, &[("method", "group_median")]),
        };
        let key = ["source", "variant", "indicator"].map(|column| row[column].clone());
        let names = units.iter().map(|unit| unit["unit"].clone()).collect();
        (key, names, side(&units, &row["indicator"]))
    };
    details.iter().map(of).collect()
}

#[test]
fn treated_figures_and_shapes_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let figures = table(&folder, "coinr/04_treated.csv");
    let details = table(&folder, "coinr/04_treatment.csv");
    let (mut compared, mut shapes, mut fake) = (0, 0, 0);
    for ([source, variant, code], _, column) in treatments(&folder) {
        let what = format!("{source} {variant} {code}");
        let found = treat(&variant, &column);
        let wanted = [("source", source.as_str()), ("variant", &variant)];
        let expected = side(&rows(&figures, &wanted), &code);
        if is_fake(&variant, &code) {
            fake += assert_column(&column, &expected, &what);
        } else {
            compared += assert_column(&found.figures, &expected, &what);
        }
        let wanted = [wanted[0], wanted[1], ("indicator", code.as_str())];
        let row = rows(&details, &wanted)[0];
        let points = found.winsorised.map(|(points, _)| points as f64);
        assert_same(points, figure(row, "n_winsorised"), &what);
        let after_curve =
            if is_fake(&variant, &code) { Shape::of(&column) } else { found.transformed };
        let winsorised = found.winsorised.and_then(|(_, shape)| shape);
        let limits = match variant.as_str() {
            "thresholds_1_1" => Winsorising { skewness: 1.0, kurtosis: 1.0, points: 5 },
            _ => Winsorising::default(),
        };
        for (step, shape) in [found.before, winsorised, after_curve].into_iter().enumerate() {
            let passes = shape.map_or(String::new(), |shape| shape.passes(&limits).to_string());
            assert_eq!(passes, row[&format!("pass_{step}")], "{what} pass_{step}");
            let skewness = shape.map(|shape| shape.skewness);
            assert_same(skewness, figure(row, &format!("skew_{step}")), &what);
            let kurtosis = shape.and_then(|shape| shape.kurtosis);
            assert_same(kurtosis, figure(row, &format!("kurt_{step}")), &what);
            shapes += 3;
        }
    }
    assert_eq!((compared, fake), (2 * 10 * 14 * 58 - 2 * 58, 2 * 58));
    assert_eq!(shapes, 280 * 9);
}

#[test]
fn exactly_the_points_that_coinr_moves_are_listed() {
    let Some(folder) = oracle() else { return };
    let points = table(&folder, "coinr/04_treated_points.csv");
    let (mut compared, mut fake, mut gaps) = (0, 0, 0);
    for ([source, variant, code], names, column) in treatments(&folder) {
        let wanted = [("source", source.as_str()), ("variant", &variant), ("indicator", &code)];
        let expected = rows(&points, &wanted);
        if is_fake(&variant, &code) {
            fake += expected.len();
            continue;
        }
        let found = treat(&variant, &column);
        let moved: HashSet<usize> = found.changes.iter().map(|change| change.unit).collect();
        let (gap, expected): (Vec<_>, Vec<_>) =
            expected.into_iter().partition(|row| row["before"].is_empty());
        gaps += gap.len();
        assert_eq!(moved.len(), expected.len(), "{source} {variant} {code}");
        for row in expected {
            let of_unit: Vec<_> =
                found.changes.iter().filter(|change| names[change.unit] == row["unit"]).collect();
            let (first, last) = (of_unit[0], of_unit[of_unit.len() - 1]);
            let what = format!("{row:?}");
            assert_same(Some(first.before), figure(row, "before"), &what);
            assert_same(Some(last.after), figure(row, "after"), &what);
            let steps: Vec<Step> = of_unit.iter().map(|change| change.step).collect();
            let replaced = variant != "combine";
            let expected = match row["label"].split('+').collect::<Vec<_>>()[..] {
                ["winhi"] => vec![Step::WinsorisedHigh],
                ["winlo"] => vec![Step::WinsorisedLow],
                ["winhi", _] if !replaced => vec![Step::WinsorisedHigh, Step::Transformed],
                _ => vec![Step::Transformed],
            };
            assert_eq!(steps, expected, "{what}");
            compared += 1;
        }
    }
    assert_eq!(compared + fake + gaps, 1144);
    assert_eq!((fake, gaps), (116, 9));
}

#[test]
fn small_vectors_are_treated_as_in_coinr() {
    let mut compared = 0;
    for case in cases("treat_values") {
        let over = if case.is_true("combine_treat") { Over::Winsorised } else { Over::Raw };
        let limits = Winsorising::default();
        let found = winsorise_then(&case.column("x"), &limits, Curve::Logarithm, over);
        compared += assert_column(&found.figures, &column(&case.value), &case.id);
        let labels = cases("treat_labels");
        let label = case.id.replace("values", "labels");
        let label = labels.iter().find(|other| other.id == label).expect("each has labels");
        let moved: HashSet<usize> = found.changes.iter().map(|change| change.unit).collect();
        let labelled = super::cases::texts(&label.value).into_iter().enumerate();
        let labelled: HashSet<usize> = labelled
            .filter(|(_, text)| text.as_deref() != Some(""))
            .map(|(unit, _)| unit)
            .collect();
        assert_eq!(moved, labelled, "{}", case.id);
    }
    assert!(compared == 398 || oracle().is_none(), "{compared}");
}

/// Limits of a call of COINr's `winsorise`.
fn limits(case: &Case) -> Winsorising {
    let mut limits = Winsorising::default();
    if case.is_true("force_win") {
        limits = Winsorising { skewness: 0.0, kurtosis: f64::NEG_INFINITY, ..limits };
    }
    if case.has("winmax") {
        limits.points = case.number("winmax") as usize;
    } else if case.mentions("winmax") {
        limits.points = usize::MAX;
    }
    limits
}

#[test]
fn small_vectors_are_winsorised_as_in_coinr() {
    let (mut compared, mut undecided) = (0, 0);
    for case in cases("winsorise") {
        let figures = case.column("x");
        let found = winsorise(&figures, &limits(&case));
        if case.stopped {
            // COINr stops where winsorising leaves one figure; the column is left alone here.
            assert_eq!(found.figures, figures, "{}", case.id);
            undecided += 1;
            continue;
        }
        compared += assert_column(&found.figures, &column(&case.value["x"]), &case.id);
        let points = found.winsorised.map_or(0, |(points, _)| points);
        assert_eq!(Some(points as u64), case.value["nwin"][0].as_u64(), "{}", case.id);
    }
    assert!((compared, undecided) == (285, 2) || oracle().is_none(), "{compared} {undecided}");
}

#[test]
fn curves_are_coinrs() {
    let mut compared = 0;
    for (function, curve) in [
        ("log_CT", Curve::Logarithm),
        ("log_CT_plus", Curve::MirroredLogarithm),
        ("log_CT_orig", Curve::LogarithmFromOne),
    ] {
        for case in cases(function) {
            let found = transform(&case.column("x"), curve);
            compared += assert_column(&found, &column(&case.value["x"]), &case.id);
        }
    }
    for case in cases("boxcox") {
        let found = transform(&case.column("x"), Curve::BoxCox(case.number("lambda")));
        compared += assert_column(&found, &column(&case.value), &case.id);
    }
    for case in cases("log_GII") {
        assert_eq!(case.column("x"), column(&case.value["x"]), "COINr's log_GII does nothing");
    }
    assert!(compared == 3 * 33 + 3 * 8 || oracle().is_none(), "{compared}");
}

#[test]
fn the_check_for_outliers_is_coinrs() {
    let mut compared = 0;
    for case in cases("check_SkewKurt") {
        let shape = Shape::of(&case.column("x"));
        assert_same(shape.map(|shape| shape.skewness), case.value["Skew"][0].as_f64(), &case.id);
        let kurtosis = shape.and_then(|shape| shape.kurtosis);
        assert_same(kurtosis, case.value["Kurt"][0].as_f64(), &case.id);
        let passes = shape.map(|shape| shape.passes(&Winsorising::default()));
        assert_eq!(passes, case.value["Pass"][0].as_bool(), "{}", case.id);
        compared += 3;
    }
    assert!(compared == 12 || oracle().is_none());
}
