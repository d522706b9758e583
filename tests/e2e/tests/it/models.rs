//! Model files of the user's own.

use std::fs;

use insta::assert_snapshot;
use tempfile::tempdir;
use testkit::{run, run_in};

use crate::{json, list, told};

/// Line 1 is the id; the first `[[group]]` is on line 6, the indicators on 11 and 17.
const MINE: &str = r#"id = "mine"
version = 1
title = { nb = "Min egen", en = "My own" }
missing = "redistribute"

[[group]]
id = "total"
title = { nb = "Samlet", en = "Total" }
aggregation = { method = "arithmetic" }

[[indicator]]
id = "rented_households_percent"
parent = "total"
weight = 3
value = { method = "goalposts", low = 10, high = 40 }

[[indicator]]
id = "population_80plus_percent"
parent = "total"
weight = 1
value = { method = "min_max" }
direction = "higher"
"#;

/// What is said about the model after `change`, which must change it.
fn check(change: (&str, &str)) -> String {
    let text = MINE.replace(change.0, change.1);
    assert_ne!(text, MINE, "the change hits nothing");
    checked(&text)
}

fn checked(text: &str) -> String {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    fs::write(&file, text).expect("write");
    let file = file.to_str().expect("a path in UTF-8");
    told(&["model", "check", file])
}

#[test]
fn every_command_that_takes_a_model_refuses_a_faulty_one() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    fs::write(&file, MINE.replace("weight = 3", "weight = -3")).expect("write");
    let file = file.to_str().expect("a path in UTF-8");
    let said = told(&["model", "check", file]);
    for args in [
        &["rank", "--model", file] as &[&str],
        &["explain", "Oslo", "--model", file],
        &["model", "show", file],
    ] {
        assert_eq!(told(args), said);
    }
}

#[test]
fn a_model_of_ones_own_works_like_the_packs() {
    let folder = tempdir().expect("a folder");
    fs::write(folder.path().join("mine.toml"), MINE).expect("write");
    let mut said = String::new();
    for language in ["nb", "en"] {
        let ran = run_in(folder.path(), &["model", "check", "mine.toml", "--lang", language]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        said.push_str(&ran.stdout);
    }
    assert_snapshot!(said, @r"
    mine.toml er en gyldig modell (mine): 2 av 2 indikatorer har tall, 357 kommuner rangeres.
    mine.toml is a valid model (mine): 2 of 2 indicators have figures, 357 municipalities are ranked.
    ");
    let file = folder.path().join("mine.toml");
    let file = file.to_str().expect("a path in UTF-8");
    let ranking = json(&["rank", "--model", file, "--format", "json"]);
    assert_eq!((&ranking["model"], &ranking["model_title"]), (&"mine".into(), &"Min egen".into()));
    let best = list(&ranking["municipalities"])[0]["municipality_code"].as_str().expect("a code");
    let explanation = json(&["explain", best, "--model", file, "--format", "json"]);
    assert_eq!(explanation["rank"], 1);
    assert_eq!(run(&["model", "show", file]).code, Some(0));
}

#[test]
fn an_unknown_indicator() {
    assert_snapshot!(check(("rented_households_percent", "rented_houses_percent")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 12: ukjent indikator «rented_houses_percent»; nærmest er `rented_households_percent`, `overcrowded_households_percent`, `council_housing_parties_seat_share_percent`.
    en, exit 2: The model [folder]/mine.toml has a fault on line 12: unknown indicator `rented_houses_percent`; nearest: `rented_households_percent`, `overcrowded_households_percent`, `council_housing_parties_seat_share_percent`.
    ");
}

#[test]
fn a_weight_that_is_negative_or_no_number() {
    assert_snapshot!(check(("weight = 3", "weight = -3")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 14: vekten er -3; oppgi 0 til 1000000000.
    en, exit 2: The model [folder]/mine.toml has a fault on line 14: the weight is -3; give 0 to 1000000000.
    ");
    assert_snapshot!(check(("weight = 3", "weight = nan")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 14: vekten er NaN; oppgi 0 til 1000000000.
    en, exit 2: The model [folder]/mine.toml has a fault on line 14: the weight is NaN; give 0 to 1000000000.
    ");
    assert_snapshot!(check(("weight = 3", "weight = 2e9")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 14: vekten er 2000000000; oppgi 0 til 1000000000.
    en, exit 2: The model [folder]/mine.toml has a fault on line 14: the weight is 2000000000; give 0 to 1000000000.
    ");
}

#[test]
fn weights_that_are_all_zero() {
    let text = MINE.replace("weight = 3", "weight = 0").replace("weight = 1", "weight = 0");
    assert_snapshot!(checked(&text), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 7: alle vekter under «total» er null; minst én må være over 0.
    en, exit 2: The model [folder]/mine.toml has a fault on line 7: all weights under `total` are zero; one must be above 0.
    ");
}

#[test]
fn a_circle_of_groups() {
    let circle = r#"
[[group]]
id = "a"
parent = "b"
title = { nb = "A", en = "A" }
aggregation = { method = "arithmetic" }

[[group]]
id = "b"
parent = "a"
title = { nb = "B", en = "B" }
aggregation = { method = "arithmetic" }
"#;
    assert_snapshot!(checked(&format!("{MINE}{circle}")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 25: foreldrene til «a» går i ring og når aldri roten.
    en, exit 2: The model [folder]/mine.toml has a fault on line 25: the parents of `a` lead in a circle and never reach the root.
    ");
}

#[test]
fn a_normalisation_that_does_not_fit_the_mean_above_it() {
    let text = MINE
        .replace("{ method = \"arithmetic\" }", "{ method = \"geometric\", floor = 1 }")
        .replace("min_max", "z_score");
    assert_snapshot!(checked(&text), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 18: population_80plus_percent: en z-skår har negative verdier, og snittet over den krever positive; velg en annen metode eller en mean på minst 5 sd.
    en, exit 2: The model [folder]/mine.toml has a fault on line 18: population_80plus_percent: a z-score has negative values, and the mean above it needs positive ones; choose another method or a `mean` of at least 5 `sd`.
    ");
}

#[test]
fn a_method_without_its_direction_and_with_one_too_many() {
    assert_snapshot!(check(("direction = \"higher\"\n", "")), @r#"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 21: population_80plus_percent: metoden trenger direction = "higher" eller "lower".
    en, exit 2: The model [folder]/mine.toml has a fault on line 21: population_80plus_percent: this method needs `direction = "higher"` or `"lower"`.
    "#);
    assert_snapshot!(check(("weight = 3", "weight = 3\ndirection = \"higher\"")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 16: rented_households_percent: metoden sier selv hvilken ende som er best; fjern direction.
    en, exit 2: The model [folder]/mine.toml has a fault on line 16: rented_households_percent: this method says itself which end is better; remove `direction`.
    ");
}

#[test]
fn a_parent_that_does_not_exist() {
    assert_snapshot!(check(("parent = \"total\"\nweight = 1", "parent = \"totl\"\nweight = 1")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 19: «totl» er ikke en gruppe.
    en, exit 2: The model [folder]/mine.toml has a fault on line 19: parent `totl` is not a group.
    ");
}

#[test]
fn an_unknown_key_and_an_unknown_method() {
    assert_snapshot!(check(("weight = 3", "wieght = 3")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 14: TOML-en er ikke som ventet: unknown field `wieght`, expected one of `id`, `code`, `parent`, `weight`, `value`, `direction`, `denominator`, `shrink`, `impute`, `treat`.
    en, exit 2: The model [folder]/mine.toml has a fault on line 14: unknown field `wieght`, expected one of `id`, `code`, `parent`, `weight`, `value`, `direction`, `denominator`, `shrink`, `impute`, `treat`.
    ");
    assert_snapshot!(check(("min_max", "minmax")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 21: TOML-en er ikke som ventet: unknown variant `minmax`, expected one of `goalposts`, `anchors`, `percentile_goalposts`, `min_max`, `z_score`, `rank`, `percentile_rank`, `steps`.
    en, exit 2: The model [folder]/mine.toml has a fault on line 21: unknown variant `minmax`, expected one of `goalposts`, `anchors`, `percentile_goalposts`, `min_max`, `z_score`, `rank`, `percentile_rank`, `steps`.
    ");
}

#[test]
fn text_that_is_not_toml() {
    assert_snapshot!(checked(""), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 1: TOML-en er ikke som ventet: missing field `id`.
    en, exit 2: The model [folder]/mine.toml has a fault on line 1: missing field `id`.
    ");
    assert_snapshot!(check(("version = 1", "version = ")), @r"
    nb, exit 2: Modellen [folder]/mine.toml har en feil på linje 2: TOML-en er ikke som ventet: string values must be quoted, expected literal string.
    en, exit 2: The model [folder]/mine.toml has a fault on line 2: string values must be quoted, expected literal string.
    ");
}
