//! Faulty model files: each is explained with its line.

use proptest::prelude::*;
use scoring::Model;
use scoring::flags::Flag;

const GOOD: &str = r#"id = "m"
version = 1
title = { nb = "M" }
missing = "redistribute"
[[group]]
id = "total"
title = {}
aggregation = { method = "geometric", floor = 1 }
[[group]]
id = "B"
parent = "total"
title = {}
aggregation = { method = "arithmetic" }
[[indicator]]
id = "rent"
parent = "B"
weight = 3
value = { method = "goalposts", low = 10, high = 30 }
[[indicator]]
id = "poverty"
parent = "B"
weight = 1
value = { method = "min_max" }
direction = "higher"
"#;

/// Reads the good file with one change and returns what a reader is told.
fn fault(from: &str, to: &str) -> String {
    assert!(from.is_empty() || GOOD.contains(from), "the test changes nothing: {from}");
    let text = GOOD.replacen(from, to, 1);
    match Model::parse(&text, &["rent", "poverty", "vacancy"]) {
        Ok(_) => "valid".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_file_that_the_faults_are_made_from_is_valid() {
    assert_eq!(fault("M", "N"), "valid");
}

#[test]
fn each_fault_names_its_line_and_what_to_do() {
    let told: Vec<String> = [
        ("id = \"rent\"", "id = \"rents\""),
        ("weight = 3", "weight = -3"),
        ("weight = 3", "weight = \"three\""),
        ("weight = 3", ""),
        ("weight = 3\n", "weight = nan\n"),
        ("parent = \"total\"", "parent = \"B\""),
        ("parent = \"total\"", "parent = \"C\""),
        ("parent = \"total\"\n", ""),
        ("low = 10, high = 30", "low = 30, high = 30"),
        ("low = 10, high = 30", "low = 0, high = 30, log = true"),
        ("{ method = \"min_max\" }", "{ method = \"z_score\" }"),
        ("{ method = \"min_max\" }", "{ method = \"minmax\" }"),
        ("{ method = \"min_max\" }", "{ method = \"anchors\", points = [[2, 0], [1, 100]] }"),
        ("{ method = \"min_max\" }", "{ method = \"steps\", steps = [{ points = 1 }] }"),
        ("direction = \"higher\"", ""),
        ("direction = \"higher\"", "direction = \"up\""),
        ("{ method = \"arithmetic\" }", "{ method = \"geometric\", floor = 0 }"),
        ("{ method = \"arithmetic\" }", "{ method = \"arithmetic\", floor = 1 }"),
        ("id = \"poverty\"", "id = \"rent\""),
        ("missing = \"redistribute\"", "missing = \"mean\""),
        ("missing = \"redistribute\"", "missing = \"redistribute\"\nfloor = 3"),
        ("weight = 3", "weight = 3 3"),
    ]
    .iter()
    .map(|(from, to)| fault(from, to))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn weights_that_are_all_zero_are_refused() {
    let text = GOOD.replace("weight = 3", "weight = 0").replace("weight = 1", "weight = 0");
    let error = Model::parse(&text, &["rent", "poverty"]).expect_err("nothing weighs anything");
    assert_eq!(
        error.to_string(),
        "line 6: all weights under `total` are zero; one must be above 0"
    );
}

#[test]
fn a_cycle_is_found() {
    let text = GOOD.replace(
        "[[indicator]]\nid = \"rent\"",
        "[[group]]\nid = \"C\"\nparent = \"D\"\ntitle = {}\naggregation = { method = \"arithmetic\" }\n\
         [[group]]\nid = \"D\"\nparent = \"C\"\ntitle = {}\naggregation = { method = \"arithmetic\" }\n\
         [[indicator]]\nid = \"rent\"",
    );
    let error =
        Model::parse(&text, &["rent", "poverty"]).expect_err("C and D are each other's parents");
    assert_eq!(
        error.to_string(),
        "line 15: the parents of `C` lead in a circle and never reach the root"
    );
}

/// Cuts a piece out of the good file and puts another text in its place.
fn damaged(from: usize, length: usize, put: &str) -> String {
    let letters: Vec<char> = GOOD.chars().collect();
    let from = from % letters.len();
    let until = (from + length).min(letters.len());
    let (before, after) = (&letters[..from], &letters[until..]);
    before.iter().chain(put.chars().collect::<Vec<char>>().iter()).chain(after).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_the_reader_panic(from in 0..2000_usize, length in 0..40_usize, put in "[a-z0-9{}\\[\\]=\"., \n-]{0,12}") {
        let text = damaged(from, length, &put);
        if let Err(error) = Model::parse(&text, &["rent", "poverty"]) {
            prop_assert!(error.line <= text.lines().count() + 1, "{error}");
        }
    }

    #[test]
    fn no_text_at_all_makes_a_reader_panic(text in "\\PC{0,200}") {
        let _ = Model::parse(&text, &[]);
        let _ = Flag::parse_all(&text, &[]);
    }
}

const PRESET: &str = r#"
id = "mine"
version = 1
base = "good"
title = { en = "Mine" }
weights = { rent = 7 }
"#;

/// What is wrong with the preset once `from` is replaced by `to`.
fn preset_fault(from: &str, to: &str) -> String {
    let base = Model::parse(GOOD, &["rent", "poverty"]).expect("the base is sound");
    let text = PRESET.replace(from, to);
    match Model::parse_preset(&text, &["rent", "poverty", "price"], &base) {
        Ok(model) => format!("{} weighs rent {}", model.id, model.leaves[0].weight),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_preset_takes_its_base_and_changes_what_it_says() {
    assert_eq!(Model::base_of(PRESET).as_deref(), Some("good"));
    assert_eq!(Model::base_of(GOOD), None);
    let more = "[[indicator]]\nid = \"rent\"\nparent = \"total\"\nweight = 1\n\
                value = { method = \"min_max\" }\ndirection = \"higher\"\n";
    let told = [
        preset_fault("", ""),
        preset_fault("rent = 7", "rnt = 7"),
        preset_fault("rent = 7", "rent = -7"),
        preset_fault("weights = { rent = 7 }", more),
        preset_fault("version = 1", "version = 1\nmissing = \"zero\""),
    ];
    insta::assert_snapshot!(told.join("\n"), @r"
    mine weighs rent 7
    line 6: the model has no group or indicator `rnt` to weigh
    line 6: the weight of `rent` is -7; give 0 to 1000000000
    line 7: `rent` is used twice in the model
    line 4: unknown field `missing`, expected one of `id`, `version`, `base`, `title`, `description`, `notes`, `indicator`, `weights`
    ");
}
