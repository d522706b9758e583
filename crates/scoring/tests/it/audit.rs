//! The audit of figures and structure, on figures made so that each finding is known.

use scoring::audit::{PairKind, Robustness, Structure};
use scoring::{Matrix, Model, Run};

const MODEL: &str = r#"
id = "audited"
version = 1
title = { en = "Audited" }
missing = "redistribute"

[prepare]
treat = { method = "winsorise_then_log" }

[[group]]
id = "total"
title = { en = "Total" }
aggregation = { method = "arithmetic" }

[[group]]
id = "A"
parent = "total"
weight = 3
title = { en = "A" }
aggregation = { method = "arithmetic" }

[[group]]
id = "B"
parent = "total"
weight = 1
title = { en = "B" }
aggregation = { method = "arithmetic" }

[[indicator]]
id = "first"
parent = "A"
weight = 2
value = { method = "min_max" }
direction = "higher"

[[indicator]]
id = "twin"
parent = "A"
weight = 1
value = { method = "min_max" }
direction = "higher"

[[indicator]]
id = "opposed"
parent = "A"
weight = 1
value = { method = "min_max" }
direction = "higher"

[[indicator]]
id = "tail"
parent = "B"
weight = 1
value = { method = "min_max" }
direction = "higher"

[[indicator]]
id = "thin"
parent = "B"
weight = 1
value = { method = "min_max" }
direction = "higher"
"#;

fn matrix() -> Matrix {
    let units: Vec<String> = (0..40).map(|at| format!("U{at:02}")).collect();
    let column = |figure: &dyn Fn(f64) -> Option<f64>| -> Vec<Option<f64>> {
        (0..40).map(|at| figure(f64::from(at))).collect()
    };
    let columns = [
        ("first", column(&|at| Some(at))),
        ("twin", column(&|at| Some(3.0 * at + 7.0))),
        ("opposed", column(&|at| Some(-at))),
        ("tail", column(&|at| Some(if at < 39.0 { at % 5.0 } else { 500.0 }))),
        ("thin", column(&|at| (at < 10.0).then_some(at * at))),
    ];
    let columns = columns.into_iter().map(|(id, column)| (id.to_owned(), column)).collect();
    Matrix { units, columns, ..Matrix::default() }
}

fn structure() -> Structure {
    let known = ["first", "twin", "opposed", "tail", "thin"];
    let model = Model::parse(MODEL, &known).expect("the model is sound");
    Structure::new(&model, &Run::new(&model, &matrix()))
}

#[test]
fn pairs_that_say_the_same_or_pull_apart_are_named() {
    let pairs: Vec<(String, String, PairKind)> =
        structure().pairs.into_iter().map(|pair| (pair.left, pair.right, pair.kind)).collect();
    let pair = |left: &str, right: &str, kind| (left.to_owned(), right.to_owned(), kind);
    assert_eq!(
        pairs,
        [
            pair("first", "twin", PairKind::Redundant),
            pair("first", "opposed", PairKind::Opposed),
            pair("twin", "opposed", PairKind::Opposed),
        ]
    );
}

#[test]
fn outliers_and_thin_columns_are_flagged_and_the_treatment_is_told() {
    let structure = structure();
    let of = |id: &str| {
        structure.indicators.iter().find(|one| one.indicator == id).expect("it is audited")
    };
    assert!(of("tail").flags.outliers && of("tail").treated > 0);
    assert!(!of("first").flags.outliers && of("first").treated == 0);
    assert!(of("thin").flags.few_present && of("thin").present == 10);
    assert!(!of("tail").flags.few_present);
}

#[test]
fn weights_as_they_work_add_up() {
    let structure = structure();
    let weights: f64 = structure.indicators.iter().map(|one| one.effective_weight).sum();
    let influence: f64 = structure.indicators.iter().filter_map(|one| one.influence).sum();
    assert!((weights - 1.0).abs() < 1e-12 && (influence - 1.0).abs() < 1e-12);
    let shares: Vec<f64> = structure.groups.iter().map(|group| group.effective_weight).collect();
    assert_eq!(shares, [1.0, 0.75, 0.25]);
    assert_eq!(structure.ranked, 40);
}

#[test]
fn what_dominates_stays_first_by_every_method_and_leavers_are_felt_where_scales_move() {
    let known = ["first", "twin", "opposed", "tail", "thin"];
    // Without the opposed and the uneven: unit 39 is best in all, then 38, and so on down.
    let cut = MODEL.split("[[indicator]]\nid = \"opposed\"").next().expect("the model has it");
    let tail = "[[indicator]]\nid = \"tail\"\nparent = \"B\"\nweight = 1\n\
                value = { method = \"min_max\" }\ndirection = \"higher\"\n";
    let model = Model::parse(&format!("{cut}{tail}"), &known).expect("the model is sound");
    let mut matrix = matrix();
    matrix.columns.insert("tail".to_owned(), (0..40).map(|at| Some(f64::from(at * at))).collect());
    let run = Run::new(&model, &matrix);
    let found = Robustness::new(&model, &matrix, &run, 5).expect("few units");
    assert_eq!((found.units, found.dominated_pairs, found.dominated_share), (40, 780, 1.0));
    assert_eq!(found.front, [39]);
    assert_eq!(found.core, [35, 36, 37, 38, 39]);
    assert!(
        found.methods.iter().all(|one| one.kendall.is_some_and(|tau| tau > 0.999)),
        "{found:?}"
    );
    assert_eq!((found.leaving.tried, found.leaving.reordered, found.circles), (40, 0, 0));
    assert!(found.pairs_rebuild_the_ranking);
}
