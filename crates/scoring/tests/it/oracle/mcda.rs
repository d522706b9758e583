//! TOPSIS, VIKOR, PROMETHEE II and weighted means, against scikit-criteria and pymcdm.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use scoring::aggregate::promethee::{Measure, Thresholds, promethee_ii};
use scoring::aggregate::topsis::{Distance, Ruler, Scale, topsis};
use scoring::aggregate::vikor::vikor;
use scoring::aggregate::{Child, aggregate};
use scoring::{Aggregation, Preference, Ties, dense_ranks, ranks};

use super::{
    Table, assert_same, columns, figure, index, is_lower, name, oracle, rows, slices, table,
};

pub(super) const SCHEMES: [&str; 4] = ["effective", "equal", "entropy", "critic"];

/// Matrices, turned so that more is better, with the weights that go with them.
pub(super) struct Given {
    pub(super) codes: Vec<String>,
    pub(super) lower: Vec<bool>,
    normalised: Table,
    treated: Table,
    coinr: Table,
    weights: Table,
}

impl Given {
    /// The matrices, read once for all tests.
    pub(super) fn get(folder: &Path) -> &'static Self {
        static GIVEN: OnceLock<Given> = OnceLock::new();
        GIVEN.get_or_init(|| Self::read(folder))
    }

    fn read(folder: &Path) -> Self {
        let index = index(folder);
        let normalised = table(folder, "coinr/05_normalised.csv");
        Self {
            codes: index.indicators.iter().map(|node| name(node).to_owned()).collect(),
            lower: index.indicators.iter().map(is_lower).collect(),
            treated: table(folder, "coinr/04_treated.csv"),
            coinr: table(folder, "coinr/09_weights.csv"),
            weights: table(folder, "mcda/weights.csv"),
            normalised,
        }
    }

    /// The figures of N, P or T as they stand.
    pub(super) fn matrix(&self, matrix: &str) -> Vec<Vec<Option<f64>>> {
        let codes: Vec<&str> = self.codes.iter().map(String::as_str).collect();
        let units = match matrix {
            "N" => rows(&self.normalised, &[("input", "B"), ("method", "minmax_0_100")]),
            "P" => rows(&self.normalised, &[("input", "B"), ("method", "minmax_1_100")]),
            _ => rows(&self.treated, &[("source", "I"), ("variant", "default")]),
        };
        columns(&units, &codes)
    }

    /// The same with costs turned: their sign changes, no distance does.
    pub(super) fn turned(&self, matrix: &str) -> Vec<Vec<Option<f64>>> {
        let mut columns = self.matrix(matrix);
        for (column, lower) in columns.iter_mut().zip(&self.lower) {
            if matrix == "T" && *lower {
                column.iter_mut().for_each(|figure| *figure = figure.map(|figure| -figure));
            }
        }
        columns
    }

    pub(super) fn weights(&self, scheme: &str) -> Vec<f64> {
        let of = |table: &Table, wanted: &[(&str, &str)], column: &str| {
            figure(rows(table, wanted)[0], column).expect("a weight")
        };
        let weight = |code: &String| match scheme {
            "equal" => 1.0 / 14.0,
            "effective" => of(&self.coinr, &[("code", code)], "effective_weight"),
            _ => {
                let (matrix, method) =
                    if scheme == "entropy" { ("P", "entropy") } else { ("N", "critic_pearson") };
                let wanted = [
                    ("matrix", matrix),
                    ("library", "scikit-criteria"),
                    ("method", method),
                    ("indicator", code.as_str()),
                ];
                of(&self.weights, &wanted, "weight")
            }
        };
        self.codes.iter().map(weight).collect()
    }
}

/// Ties scores within 1e-9, as the README asks for simple fractions.
pub(super) fn tied(scores: &[Option<f64>]) -> Vec<Option<f64>> {
    let sorted = scoring::normalise::sorted(scores.iter().flatten().copied());
    let lowest = |score: f64| sorted[sorted.partition_point(|other| score - other > 1e-9)];
    scores.iter().map(|score| score.map(lowest)).collect()
}

/// Unit, score and rank, by matrix, weights, library, method and setting.
type Scores = HashMap<[String; 5], Vec<(String, Option<f64>, Option<f64>)>>;

struct Answers {
    scores: &'static Scores,
    compared: usize,
}

impl Answers {
    fn read(folder: &Path) -> Self {
        static SCORES: OnceLock<Scores> = OnceLock::new();
        let scores = SCORES.get_or_init(|| {
            let mut scores = Scores::new();
            for row in table(folder, "mcda/scores.csv") {
                let key = ["matrix", "weights", "library", "method", "setting"];
                let cell = (row["unit"].clone(), figure(&row, "score"), figure(&row, "rank"));
                scores.entry(key.map(|column| row[column].clone())).or_default().push(cell);
            }
            scores
        });
        Self { scores, compared: 0 }
    }

    /// Compares scores and ranks; `ranked` is what more of is better.
    ///
    /// PROMETHEE with equal weights and steps makes simple fractions, which the
    /// library ranked by their last bits: there both sides are tied first.
    fn compare(&mut self, key: [&str; 5], found: &[Option<f64>], ranked: &[Option<f64>]) {
        let answers = &self.scores[&key.map(str::to_owned)];
        let rank = |scores: &[Option<f64>]| match key[2] {
            "pymcdm" => ranks(scores, Ties::Average),
            _ => dense_ranks(scores).iter().map(|rank| rank.map(|rank| rank as f64)).collect(),
        };
        let ranks = rank(&tied(ranked));
        assert_eq!(answers.len(), found.len());
        let steps = !key[4].starts_with("vshape");
        let fractions = key[1] == "equal" && key[3] == "promethee_2" && steps;
        let scores: Vec<Option<f64>> = answers.iter().map(|(_, score, _)| *score).collect();
        let fractions = fractions.then(|| rank(&tied(&scores)));
        for (at, (unit, score, rank)) in answers.iter().enumerate() {
            assert_same(found[at], *score, &format!("{key:?} {unit}"));
            let rank = fractions.as_ref().map_or(*rank, |fractions| fractions[at]);
            assert_eq!(ranks[at], rank, "rank of {key:?} {unit}");
            self.compared += 2;
        }
    }
}

fn each(mut check: impl FnMut(&Given, &mut Answers, &str, &str)) -> Option<usize> {
    let folder = oracle()?;
    let (given, mut answers) = (Given::get(&folder), Answers::read(&folder));
    for matrix in ["N", "P", "T"] {
        for scheme in SCHEMES {
            check(given, &mut answers, matrix, scheme);
        }
    }
    Some(answers.compared)
}

#[test]
fn topsis_is_scikit_criterias_and_pymcdms() {
    let ruler = |scale, distance| Ruler { scale, distance };
    let settings = [
        (
            "scikit-criteria",
            "no inner normalisation, euclidean",
            ruler(Scale::AsItIs, Distance::Euclidean),
        ),
        (
            "scikit-criteria",
            "no inner normalisation, cityblock",
            ruler(Scale::AsItIs, Distance::CityBlock),
        ),
        (
            "scikit-criteria",
            "vector-scaled matrix, euclidean",
            ruler(Scale::Vector, Distance::Euclidean),
        ),
        ("pymcdm", "minmax inside", ruler(Scale::MinMax, Distance::Euclidean)),
        ("pymcdm", "vector inside", ruler(Scale::Vector, Distance::Euclidean)),
    ];
    let compared = each(|given, answers, matrix, scheme| {
        let (columns, weights) = (given.turned(matrix), given.weights(scheme));
        for (library, setting, ruler) in settings {
            // pymcdm turns vector-scaled costs by 1 - x, which moves both ends alike.
            let found = topsis(&slices(&columns), &weights, ruler).closeness;
            answers.compare([matrix, scheme, library, "topsis", setting], &found, &found);
        }
    });
    assert!(compared.is_none_or(|compared| compared == 12 * 5 * 58 * 2), "{compared:?}");
}

#[test]
fn ideals_are_scikit_criterias() {
    let Some(folder) = oracle() else { return };
    let given = Given::get(&folder);
    let expected = table(&folder, "mcda/topsis_ideal.csv");
    let mut compared = 0;
    for matrix in ["N", "P", "T"] {
        for scheme in SCHEMES {
            let ruler = Ruler { scale: Scale::Vector, distance: Distance::Euclidean };
            let columns = given.turned(matrix);
            let found = topsis(&slices(&columns), &given.weights(scheme), ruler);
            for row in rows(&expected, &[("matrix", matrix), ("weights", scheme)]) {
                let at = given.codes.iter().position(|code| *code == row["indicator"]);
                let at = at.expect("the indicator is known");
                let sign = if matrix == "T" && given.lower[at] { -1.0 } else { 1.0 };
                for (column, ends) in [("ideal", &found.ideal), ("anti_ideal", &found.anti_ideal)] {
                    let what = format!("{matrix} {scheme} {column} {}", row["indicator"]);
                    assert_same(ends[at].map(|end| sign * end), figure(row, column), &what);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 12 * 14 * 2);
}

#[test]
fn vikor_is_scikit_criterias_and_pymcdms() {
    let Some(folder) = oracle() else { return };
    let expected = table(&folder, "mcda/vikor.csv");
    let mut inner = 0;
    let compared = each(|given, answers, matrix, scheme| {
        let (columns, weights) = (given.turned(matrix), given.weights(scheme));
        for (v, short, long) in
            [(0.5, "0.5", "v=0.5"), (0.25, "0.25", "v=0.25"), (1.0, "1", "v=1.0")]
        {
            let found = vikor(&slices(&columns), &weights, v);
            for library in ["scikit-criteria", "pymcdm"] {
                let key = [matrix, scheme, library, "vikor", long];
                answers.compare(key, &found.compromise, &found.score());
            }
            let wanted = [("matrix", matrix), ("weights", scheme), ("v", short)];
            for (at, row) in rows(&expected, &wanted).iter().enumerate() {
                for (column, figures) in
                    [("s", &found.sum), ("r", &found.worst), ("q", &found.compromise)]
                {
                    let what = format!("{matrix} {scheme} {long} {column} {}", row["unit"]);
                    assert_same(figures[at], figure(row, column), &what);
                }
                let proposed = found.proposed.contains(&at).to_string();
                assert_eq!(proposed, row["in_compromise_set"], "{matrix} {scheme} {long}");
                inner += 4;
            }
        }
    });
    assert!(compared.is_none_or(|compared| compared == 12 * 6 * 58 * 2), "{compared:?}");
    assert_eq!(inner, 12 * 3 * 58 * 4);
}

#[test]
fn promethee_is_pymcdms() {
    let Some(folder) = oracle() else { return };
    let mut expected: HashMap<[String; 3], Vec<HashMap<String, String>>> = HashMap::new();
    for row in table(&folder, "mcda/promethee_flows.csv") {
        let key = ["matrix", "weights", "setting"].map(|column| row[column].clone());
        expected.entry(key).or_default().push(row);
    }
    let settings = [
        ("usual", Preference::Usual, 0.0, 0.0),
        ("ushape, q=0.05 and p=0 of the column's range", Preference::UShape, 0.05, 0.0),
        ("vshape, q=0 and p=0.3 of the column's range", Preference::VShape, 0.0, 0.3),
        ("level, q=0.05 and p=0.3 of the column's range", Preference::Level, 0.05, 0.3),
        ("vshape_2, q=0.05 and p=0.3 of the column's range", Preference::Linear, 0.05, 0.3),
    ];
    let mut flows = 0;
    let compared = each(|given, answers, matrix, scheme| {
        let (columns, weights) = (given.turned(matrix), given.weights(scheme));
        for (setting, preference, q, p) in settings {
            let thresholds = Thresholds { q, p, measure: Measure::Range };
            let found = promethee_ii(&slices(&columns), &weights, preference, thresholds)
                .expect("few units");
            let key = [matrix, scheme, "pymcdm", "promethee_2", setting];
            answers.compare(key, &found.net, &found.net);
            let key = [matrix, scheme, setting].map(str::to_owned);
            for (at, row) in expected[&key].iter().enumerate() {
                for (column, figures) in
                    [("phi_plus", &found.plus), ("phi_minus", &found.minus), ("phi", &found.net)]
                {
                    assert_same(figures[at], figure(row, column), &format!("{key:?} {column}"));
                    flows += 1;
                }
            }
        }
    });
    assert!(compared.is_none_or(|compared| compared == 12 * 5 * 58 * 2), "{compared:?}");
    assert_eq!(flows, 12 * 5 * 58 * 3);
}

#[test]
fn weighted_sums_and_products_are_both_libraries() {
    let mean = |method: &Aggregation, columns: &[Vec<Option<f64>>], weights: &[f64]| {
        let unit = |unit: usize| {
            let child = |(column, weight): (&Vec<Option<f64>>, &f64)| Child {
                value: column[unit],
                weight: *weight,
                most: 100.0,
                most_available: 100.0,
            };
            aggregate(method, &columns.iter().zip(weights).map(child).collect::<Vec<_>>())
        };
        (0..columns[0].len()).map(unit).collect::<Vec<_>>()
    };
    let compared = each(|given, answers, matrix, scheme| {
        if matrix == "T" {
            return;
        }
        let (columns, weights) = (given.turned(matrix), given.weights(scheme));
        let sum = mean(&Aggregation::Arithmetic {}, &columns, &weights);
        for (library, setting) in [("scikit-criteria", ""), ("pymcdm", "no inner normalisation")] {
            answers.compare([matrix, scheme, library, "weighted_sum", setting], &sum, &sum);
        }
        if matrix == "P" {
            let product = mean(&Aggregation::Geometric { floor: 1e-9 }, &columns, &weights);
            let key = [matrix, scheme, "pymcdm", "weighted_product", "no inner normalisation"];
            answers.compare(key, &product, &product);
            let logs: Vec<Option<f64>> =
                product.iter().map(|product| product.map(f64::log10)).collect();
            let key =
                [matrix, scheme, "scikit-criteria", "weighted_product", "score = sum of w log10 x"];
            answers.compare(key, &logs, &logs);
        }
    });
    assert!(compared.is_none_or(|compared| compared == (8 * 2 + 4 * 2) * 58 * 2), "{compared:?}");
}
