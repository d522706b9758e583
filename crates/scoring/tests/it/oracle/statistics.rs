//! Statistics, correlations, alpha and flags (`08_*.csv`, `cases.json`).

use std::collections::HashMap;

use scoring::audit::{self, Gaps, Limits};
use scoring::statistics::{
    Moments, Summary, kendall, pearson, pearson_p_value, quantile, sorted, spearman,
};

use super::cases::{cases, column};
use super::*;

type Columns = HashMap<String, Vec<Option<f64>>>;

/// Columns of a table, by the names in `codes`.
fn columns(rows: &[&HashMap<String, String>], codes: &[&str]) -> Columns {
    let of = |code: &str| rows.iter().map(|row| figure(row, code)).collect();
    codes.iter().map(|code| ((*code).to_owned(), of(code))).collect()
}

/// Every node's column of a source: S in own units, A and B normalised and aggregated.
fn source(folder: &std::path::Path, source: &str) -> Columns {
    let index = index(folder);
    let indicators: Vec<&str> = index.indicators.iter().map(name).collect();
    if source == "S" {
        let denominated = table(folder, "coinr/01_denominated.csv");
        return columns(&screened(folder, &denominated), &indicators);
    }
    let wanted = [("input", source), ("method", "minmax_0_100")];
    let normalised = table(folder, "coinr/05_normalised.csv");
    let mut all = columns(&rows(&normalised, &wanted), &indicators);
    let wanted = [("input", source), ("scale", "minmax_0_100"), ("method", "arithmetic")];
    let aggregates: Vec<&str> = index.aggregates.iter().map(name).collect();
    let aggregated = table(folder, "coinr/06_aggregated.csv");
    all.extend(columns(&rows(&aggregated, &wanted), &aggregates));
    all
}

#[test]
fn summaries_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let indicators: Vec<&str> = index.indicators.iter().map(name).collect();
    let raw = table(&folder, "input/raw.csv");
    let denominated = table(&folder, "coinr/01_denominated.csv");
    let figures = table(&folder, "coinr/04_treated.csv");
    let mut sources = HashMap::from([
        ("Raw", columns(&raw.iter().collect::<Vec<_>>(), &indicators)),
        ("Denominated", columns(&denominated.iter().collect::<Vec<_>>(), &indicators)),
        ("Screened", source(&folder, "S")),
    ]);
    for input in ["A", "B"] {
        sources.insert(input, columns(&treated(&figures, input), &indicators));
    }
    let count = |number: usize| Some(number as f64);
    let flag = |raised: bool, word: &str| if raised { word.to_owned() } else { "ok".to_owned() };
    let mut compared = 0;
    for row in &table(&folder, "coinr/08_stats.csv") {
        let what = format!("{} {}", row["source"], row["indicator"]);
        let summary = Summary::of(&sources[row["source"].as_str()][&row["indicator"]]);
        for (column, found) in [
            ("Min", summary.lowest),
            ("Max", summary.highest),
            ("Mean", summary.moments.mean()),
            ("Median", summary.median),
            ("Std", summary.moments.deviation()),
            ("Skew", summary.moments.skewness()),
            ("Kurt", summary.moments.kurtosis()),
            ("N.Avail", count(summary.present)),
            ("N.NonZero", count(summary.nonzero)),
            ("N.Unique", count(summary.different)),
            ("N.Same", count(summary.most_frequent)),
            ("Frc.Avail", summary.share_present()),
            ("Frc.NonZero", summary.share_nonzero()),
            ("Frc.Unique", summary.share_different()),
            ("Frc.Same", summary.share_most_frequent()),
        ] {
            assert_same(found, figure(row, column), &format!("{what} {column}"));
            compared += 1;
        }
        let flags = audit::flags(&summary, &Limits::default());
        for (column, found) in [
            ("Flag.Avail", flag(flags.few_present, "LOW")),
            ("Flag.NonZero", flag(flags.few_nonzero, "LOW")),
            ("Flag.Unique", flag(flags.few_different, "LOW")),
            ("Flag.SkewKurt", flag(flags.outliers, "OUT")),
        ] {
            assert_eq!(found, row[column], "{what} {column}");
            compared += 1;
        }
    }
    assert_eq!(compared, 70 * 19);
}

#[test]
fn correlations_and_their_p_values_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let sources: HashMap<&str, Columns> =
        ["S", "A", "B"].into_iter().map(|of| (of, source(&folder, of))).collect();
    let (mut compared, mut p_values) = (0, 0);
    for row in &table(&folder, "coinr/08_correlations.csv") {
        let columns = &sources[row["source"].as_str()];
        let (left, right) = (&columns[&row["code_1"]], &columns[&row["code_2"]]);
        let found = match row["method"].as_str() {
            "pearson" => pearson(left, right),
            "spearman" => spearman(left, right),
            _ => kendall(left, right),
        };
        let what =
            format!("{} {} {} {}", row["source"], row["method"], row["code_1"], row["code_2"]);
        assert_same(found, figure(row, "r"), &what);
        compared += 1;
        if let Some(expected) = figure(row, "p_value") {
            let found = pearson_p_value(left, right).expect("the columns vary");
            // Near 1 − r² = 0 the p-value doubles the rounding of r many times over.
            assert!((found - expected).abs() <= 1e-10 * expected, "{what} p: {found} {expected}");
            p_values += 1;
        }
    }
    assert_eq!((compared, p_values), (1404, 196));
}

#[test]
fn correlations_with_denominators_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let (raw, units) = (table(&folder, "input/raw.csv"), table(&folder, "input/units.csv"));
    let side = |table: &Table, code: &str| -> Vec<Option<f64>> {
        table.iter().map(|row| figure(row, code)).collect()
    };
    let answers = table(&folder, "coinr/08_denominator_correlations.csv");
    for row in &answers {
        let (indicator, denominator) = (&row["indicator"], &row["denominator"]);
        let found = pearson(&side(&raw, indicator), &side(&units, denominator));
        assert_same(found, figure(row, "r"), &format!("{indicator} {denominator}"));
    }
    assert_eq!(answers.len(), 14 * 3);
}

/// Codes of the nodes at `level` below `group`.
fn below(index: &Index, group: &str, level: i64) -> Vec<String> {
    let nodes = || index.indicators.iter().chain(&index.aggregates);
    let parent_of = |code: &str| {
        let node = nodes().find(|node| name(node) == code).expect("the node is known");
        node["parent"].as_str().map(str::to_owned)
    };
    let is_below = |code: &str| {
        let mut at = parent_of(code);
        while let Some(parent) = at {
            if parent == group {
                return true;
            }
            at = parent_of(&parent);
        }
        false
    };
    let of_level = nodes().filter(|node| node["level"].as_i64() == Some(level));
    of_level.map(|node| name(node).to_owned()).filter(|code| is_below(code)).collect()
}

#[test]
fn cronbachs_alpha_is_coinrs_with_either_rule_for_gaps() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let answers = table(&folder, "coinr/08_cronbach.csv");
    for row in &answers {
        let columns = source(&folder, &row["source"]);
        let level = row["of_level"].parse().expect("a level is a number");
        let codes = below(&index, &row["group"], level);
        let items: Vec<&[Option<f64>]> =
            codes.iter().map(|code| columns[code].as_slice()).collect();
        assert_eq!(items.len().to_string(), row["n_items"]);
        let gaps = if row["use"] == "complete.obs" { Gaps::Complete } else { Gaps::Pairwise };
        let what = format!("{} {} {} {level}", row["source"], row["use"], row["group"]);
        assert_same(audit::cronbach_alpha(&items, gaps), figure(row, "alpha"), &what);
    }
    assert_eq!(answers.len(), 80);
}

#[test]
fn pairs_that_say_the_same_or_pull_apart_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let columns = source(&folder, "B");
    let mut found = Vec::new();
    for group in ["behov", "evne", "mulighet"] {
        let codes = below(&index, group, 1);
        let items: Vec<(&str, &[Option<f64>])> =
            codes.iter().map(|code| (code.as_str(), columns[code].as_slice())).collect();
        for flag in audit::correlated_pairs(&items, [-0.1, 0.5]) {
            let kind = if flag.r > 0.0 { "high" } else { "low" };
            let mut pair = [flag.left, flag.right];
            pair.sort_unstable();
            found.push((format!("{kind} {group} {} {}", pair[0], pair[1]), flag.r));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let answers = table(&folder, "coinr/08_correlation_flags.csv");
    let mut expected: Vec<(String, Option<f64>)> = answers
        .iter()
        .map(|row| {
            let pair = format!("{} {} {} {}", row["kind"], row["Group"], row["Ind1"], row["Ind2"]);
            (pair, figure(row, "Corr"))
        })
        .collect();
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found.len(), expected.len());
    for ((pair, r), (wanted, answer)) in found.iter().zip(&expected) {
        assert_eq!(pair, wanted);
        assert_same(Some(*r), *answer, pair);
    }
    assert_eq!(found.len(), 11);
}

#[test]
fn small_vectors_have_coinrs_shapes_and_quantiles() {
    let mut compared = 0;
    for case in cases("skew").iter().chain(&cases("kurt")) {
        // One case asks R to let a gap spoil the whole answer; ours never does.
        if !case.is_true("na.rm") {
            continue;
        }
        let moments = Moments::of(case.column("x").into_iter().flatten());
        let skew = case.id.starts_with("skew");
        let found = if skew { moments.skewness() } else { moments.kurtosis() };
        assert_same(found, case.answer(), &case.id);
        compared += 1;
    }
    for case in cases("quantile_7") {
        let sorted = sorted(case.column("x").into_iter().flatten());
        for (share, answer) in case.column("p").into_iter().flatten().zip(column(&case.value)) {
            assert_same(quantile(&sorted, share), answer, &case.id);
            compared += 1;
        }
    }
    assert!(compared == 22 + 3 * 6 || oracle().is_none(), "{compared}");
}
