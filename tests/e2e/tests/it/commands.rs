//! What people read.

use testkit::{Ran, run};

/// Runs a command in both languages and holds both against their snapshots.
fn read(name: &str, args: &[&str]) {
    read_lines(name, args, usize::MAX);
}

/// As [`read`], but only the first lines of the answer.
fn read_lines(name: &str, args: &[&str], lines: usize) {
    for language in ["nb", "en"] {
        let ran = run(&[args, &["--lang", language]].concat());
        let head: Vec<&str> = ran.stdout.split_inclusive('\n').take(lines).collect();
        let shown = Ran { stdout: head.concat(), ..ran };
        insta::with_settings!({ description => args.join(" "), omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{language}"), shown);
        });
    }
}

#[test]
fn help() {
    read("help", &["--help"]);
    read("help-rank", &["rank", "--help"]);
}

#[test]
fn rank() {
    read("rank", &["rank", "--top", "5"]);
    read("rank-county", &["rank", "--county", "Troms", "--top", "3", "--quiet"]);
    read("rank-full-model", &["rank", "--model", "sosialbolig-v1", "--top", "2"]);
    read("rank-weights", &["rank", "--weights", "B:100,M:0", "--top", "3", "--quiet"]);
}

#[test]
fn explain() {
    read("explain-ranked", &["explain", "Oslo"]);
    read("explain-not-ranked", &["explain", "1508"]);
    read("explain-points", &["explain", "Røst", "--model", "rapport2026-v1"]);
}

#[test]
fn flags() {
    read("flags-one", &["flags", "Røst"]);
    read_lines("flags-all", &["flags"], 6);
}

#[test]
fn indicators() {
    read_lines("indicator-list", &["indicator", "list"], 6);
    read("indicator-show", &["indicator", "show", "vacant_housing_land_m2_per_inhabitant"]);
    read("indicator-show-unavailable", &["indicator", "show", "building_case_days"]);
    read_lines(
        "indicator-values",
        &["indicator", "values", "vacant_housing_land_m2_per_inhabitant"],
        6,
    );
}

#[test]
fn models() {
    read("model-list", &["model", "list"]);
    read("model-show", &["model", "show", "oversikt-v1"]);
}

#[test]
fn snapshot() {
    read("snapshot-info", &["snapshot", "info"]);
    read("snapshot-verify", &["snapshot", "verify"]);
}

#[test]
fn sql() {
    let oslo = "SELECT period, value, status FROM population_persons WHERE municipality_code = '0301' AND year >= 2024 ORDER BY year";
    read("sql", &["sql", oslo]);
}

#[test]
fn quiet_leaves_only_the_answer() {
    let (loud, quiet) = (run(&["rank", "--top", "3"]), run(&["rank", "--top", "3", "--quiet"]));
    assert!(!loud.stderr.is_empty());
    assert_eq!(quiet.stderr, "");
    assert_eq!(loud.stdout, quiet.stdout);
}

#[test]
fn a_former_code_leads_to_its_successor_with_a_note() {
    let mut said = String::new();
    for language in ["nb", "en"] {
        let ran = run(&["explain", "1601", "--lang", language]);
        assert_eq!(ran.code, Some(0));
        let first = ran.stdout.lines().next().unwrap_or_default();
        said.push_str(&format!("{language}: {}{first}\n", ran.stderr));
    }
    insta::assert_snapshot!(said, @r"
    nb: Trondheim (1601) finnes ikke lenger; her vises Trondheim (5001).
    Trondheim (5001), Trøndelag
    en: Trondheim (1601) no longer exists; Trondheim (5001) is shown.
    Trondheim (5001), Trøndelag
    ");
}
