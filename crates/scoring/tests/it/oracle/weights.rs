//! Weights from data, against scikit-criteria, pymcdm and COINr; judgements, against published ones.

use std::collections::HashMap;

use scoring::weigh::ahp::{Judgements, ahp};
use scoring::weigh::critic::{Correlation, Scale, critic};
use scoring::weigh::deviation::{gini, standard_deviation};
use scoring::weigh::optimise::{Found, balance, infomax};
use scoring::weigh::pca::{Components, principal_components};
use scoring::weigh::{entropy::entropy, merec::merec};

use super::mcda::Given;
use super::{Table, assert_same, columns, figure, oracle, rows, slices, table};

type Columns = Vec<Vec<Option<f64>>>;

/// Every weight in `mcda/weights.csv`, and from which columns and how we get it.
#[test]
fn weights_from_data_are_both_libraries() {
    let Some(folder) = oracle() else { return };
    let given = Given::get(&folder);
    let expected = table(&folder, "mcda/weights.csv");
    let weigh = |matrix: &str, library: &str, method: &str| -> Vec<f64> {
        // What does not ask for directions gets the figures as they stand.
        let plain: Columns = given.matrix(matrix);
        let turned: Columns = given.turned(matrix);
        let (plain, turned) = (slices(&plain), slices(&turned));
        let found = match (library, method) {
            (_, "entropy") => entropy(&plain),
            (_, "standard_deviation") => standard_deviation(&plain),
            (_, "merec") => merec(&turned),
            (_, "gini") => gini(&plain),
            ("pymcdm", "critic") => critic(&plain, Correlation::Pearson, Scale::MinMax),
            (_, "critic_pearson") => critic(&turned, Correlation::Pearson, Scale::MinMax),
            (_, "critic_spearman") => critic(&turned, Correlation::Spearman, Scale::MinMax),
            (_, "critic_pearson_unscaled") => critic(&plain, Correlation::Pearson, Scale::AsItIs),
            _ => unreachable!("{method} is not in the oracle"),
        };
        found.expect("the columns differ")
    };
    let mut found: HashMap<[String; 3], Vec<f64>> = HashMap::new();
    for row in &expected {
        let key = ["matrix", "library", "method"].map(|column| row[column].clone());
        let weights = found.entry(key.clone()).or_insert_with(|| weigh(&key[0], &key[1], &key[2]));
        let at = given.codes.iter().position(|code| *code == row["indicator"]);
        let weight = weights[at.expect("the indicator is known")];
        let expected = figure(row, "weight").expect("a weight");
        let what = format!("{key:?} {}", row["indicator"]);
        assert!((weight - expected).abs() <= 1e-12, "{what}: {weight} is not {expected}");
    }
    assert_eq!((expected.len(), found.len()), (24 * 14, 24));
}

/// The columns of the children of `group`, or of all nodes of a level.
struct Nodes {
    codes: Vec<String>,
    columns: Columns,
}

impl Nodes {
    fn read(folder: &std::path::Path, input: &str, codes: Vec<String>) -> Self {
        let normalised = table(folder, "coinr/05_normalised.csv");
        let aggregated = table(folder, "coinr/06_aggregated.csv");
        let indicators = rows(&normalised, &[("input", input), ("method", "minmax_0_100")]);
        let key = [("input", input), ("scale", "minmax_0_100"), ("method", "arithmetic")];
        let groups = rows(&aggregated, &key);
        let of = |code: &String| {
            let table = if indicators[0].contains_key(code) { &indicators } else { &groups };
            columns(table, &[code]).remove(0)
        };
        Self { columns: codes.iter().map(of).collect(), codes }
    }

    fn components(&self) -> Components {
        principal_components(&slices(&self.columns)).expect("the columns differ")
    }
}

/// COINr's signs are arbitrary; ours make the largest loading positive.
#[test]
fn principal_components_are_coinrs_up_to_their_sign() {
    let Some(folder) = oracle() else { return };
    let mut sets: Vec<([String; 4], Table)> = Vec::new();
    for row in table(&folder, "coinr/09_pca.csv") {
        let key = ["input", "level", "grouped", "group"].map(|column| row[column].clone());
        match sets.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rows)) => rows.push(row),
            None => sets.push((key, vec![row])),
        }
    }
    let mut compared = 0;
    for (key, answers) in &sets {
        let mut codes: Vec<String> = Vec::new();
        for row in answers.iter().filter(|row| row["component"] == "1") {
            codes.push(row["code"].clone());
        }
        let nodes = Nodes::read(&folder, &key[0], codes);
        let found = nodes.components();
        for number in 1..=nodes.codes.len() {
            let wanted = number.to_string();
            let answers: Vec<_> = answers.iter().filter(|row| row["component"] == wanted).collect();
            let component = &found.components[number - 1];
            let cell = |row: &HashMap<String, String>, column: &str| {
                figure(row, column).expect("every cell of the table is a number")
            };
            let sign = (answers.iter().zip(&component.loadings))
                .map(|(row, loading)| cell(row, "loading") * loading)
                .sum::<f64>()
                .signum();
            for (at, row) in answers.iter().enumerate() {
                for (found, column) in [
                    (sign * component.loadings[at], "loading"),
                    (component.deviation, "sdev"),
                    (component.share, "share_of_variance"),
                    (found.centres[at], "centre"),
                    (found.scales[at], "scale"),
                ] {
                    let expected = cell(row, column);
                    let near = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
                    assert!(near, "{key:?} {number} {column} {}: {found} {expected}", row["code"]);
                    compared += 1;
                }
            }
            let largest = component.loadings.iter().fold(0.0_f64, |most, l| most.max(l.abs()));
            assert!(component.loadings.iter().any(|l| *l >= largest * (1.0 - 1e-9)));
        }
    }
    assert_eq!(compared, 330 * 5);
}

/// COINr takes loadings as weights, negative ones included: 10 of 23 here. Ours squares them.
#[test]
fn loadings_are_coinrs_and_weights_are_their_squares() {
    let Some(folder) = oracle() else { return };
    let weights = table(&folder, "coinr/09_weights.csv");
    let index = super::index(&folder);
    let parents: Vec<&serde_json::Value> = index.aggregates.iter().collect();
    let (mut compared, mut negative) = (0, 0);
    for parent in parents {
        let children = index.indicators.iter().chain(&index.aggregates);
        let children = children.filter(|node| node["parent"] == parent["code"]);
        let codes: Vec<String> = children.map(|node| super::name(node).to_owned()).collect();
        let nodes = Nodes::read(&folder, "B", codes);
        let found = nodes.components();
        let squares = found.weights().expect("the columns differ");
        assert!((squares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for (at, code) in nodes.codes.iter().enumerate() {
            let loading = figure(rows(&weights, &[("code", code)])[0], "pca_loading");
            let loading = loading.expect("all but the total have one");
            assert!(
                (found.components[0].loadings[at].abs() - loading.abs()).abs() < 1e-9,
                "{code}"
            );
            assert!((squares[at] - loading * loading).abs() < 1e-9 && squares[at] >= 0.0, "{code}");
            negative += usize::from(loading < 0.0);
            compared += 2;
        }
    }
    assert_eq!((compared, negative), (2 * 23, 10));
}

/// Without gaps both have closed forms, which COINr's search meets: `balance` to
/// 1e-6, `infomax` to 1e-2 on the flat top. COINr reports the correlations of its
/// last trial; ours are those of the weights returned.
#[test]
fn optimised_weights_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let expected = table(&folder, "coinr/09_optimised_weights.csv");
    let codes = ["behov", "evne", "mulighet"].map(str::to_owned).to_vec();
    let nodes = Nodes::read(&folder, "B", codes);
    let columns = slices(&nodes.columns);
    let weight = |objective: &str, at: usize, column: &str| {
        let wanted = [("objective", objective), ("code", nodes.codes[at].as_str())];
        figure(rows(&expected, &wanted)[0], column).expect("a number")
    };
    let balanced = balance(&columns, &[1.0; 3]).expect("the columns differ");
    let most = infomax(&columns).expect("the columns differ");
    assert_eq!((balanced.found, most.found), (Found::Solved, Found::Solved));
    for at in 0..3 {
        assert!((balanced.weights[at] - weight("balance", at, "weight")).abs() < 1e-6);
        assert!((most.weights[at] - weight("infomax", at, "weight")).abs() < 1e-2);
        assert_same(balanced.correlations[at], balanced.correlations[0], "equal correlations");
    }
    let sum: f64 = most.correlations.iter().flatten().sum();
    let coinrs = -weight("infomax", 0, "objective_value");
    assert!(sum >= coinrs - 1e-12 && sum - coinrs < 1e-6, "{sum} {coinrs}");
}

/// Saaty's estimates of what Americans drink, as printed in Saaty (2008).
#[test]
fn judgements_give_the_published_weights_and_ratio() {
    let pairs = [
        (0, 1, 9.0),
        (0, 2, 5.0),
        (0, 3, 2.0),
        (0, 4, 1.0),
        (0, 5, 1.0),
        (0, 6, 0.5),
        (2, 1, 3.0),
        (3, 1, 9.0),
        (4, 1, 9.0),
        (5, 1, 9.0),
        (6, 1, 9.0),
        (3, 2, 3.0),
        (4, 2, 4.0),
        (5, 2, 3.0),
        (6, 2, 9.0),
        (4, 3, 2.0),
        (5, 3, 1.0),
        (6, 3, 3.0),
        (4, 5, 2.0),
        (6, 4, 2.0),
        (6, 5, 3.0),
    ];
    let found = ahp(&Judgements::from_pairs(7, &pairs).expect("every pair is judged"));
    let published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327];
    for (weight, published) in found.weights.iter().zip(published) {
        assert!((weight - published).abs() < 6e-4, "{:?}", found.weights);
    }
    let ratio = found.ratio.expect("seven can contradict");
    assert!((ratio - 0.022).abs() < 6e-4, "{ratio}");
    assert!(!found.is_contradictory());
}
