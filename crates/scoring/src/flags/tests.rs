use std::collections::HashMap;

use super::*;

/// One place with a few figures; anything else is a gap `not_collected`.
struct Place {
    figures: HashMap<&'static str, f64>,
    everybody: Vec<f64>,
    coverage: Option<f64>,
}

impl Evidence for Place {
    fn observed(&self, indicator: &str) -> Observed {
        match self.figures.get(indicator) {
            Some(value) => Observed::Value(*value),
            None => Observed::Gap("not_collected".to_owned()),
        }
    }
    fn distribution(&self, _: &str) -> &[f64] {
        &self.everybody
    }
    fn coverage(&self) -> Option<f64> {
        self.coverage
    }
    fn figure_age_months(&self) -> Option<f64> {
        None
    }
}

/// Judges a rule as a file would state it.
fn judge(rule: &str, figures: &[(&'static str, f64)]) -> String {
    let file = format!(
        "[[flag]]\nid = \"X\"\nversion = 1\nseverity = \"warning\"\nbasis = {{ nb = \"x\" }}\n\
         title = {{ nb = \"x\" }}\ntext = {{ nb = \"x\" }}\nrule = {rule}\n"
    );
    let flags = Flag::parse_all(&file, &["a", "b"]).expect("the rule is valid");
    let place = Place {
        figures: figures.iter().copied().collect(),
        everybody: (0..=100).map(f64::from).collect(),
        coverage: Some(0.6),
    };
    match flags[0].rule.judge(&place) {
        Verdict::Raised(ground) => format!(
            "raised at {}",
            ground.threshold.map_or("-".to_owned(), |threshold| threshold.to_string())
        ),
        Verdict::Clear => "clear".to_owned(),
        Verdict::Unknown(what) => format!("unknown: {what}"),
    }
}

#[test]
fn each_comparison_has_a_positive_negative_missing_and_boundary_case() {
    for (rule, raised, boundary, clear) in [
        ("{ indicator = \"a\", below = 5 }", 4.0, "clear", 6.0),
        ("{ indicator = \"a\", above = 5 }", 6.0, "clear", 4.0),
        ("{ indicator = \"a\", at_least = 5 }", 6.0, "raised at 5", 4.0),
        ("{ indicator = \"a\", at_most = 5 }", 4.0, "raised at 5", 6.0),
        ("{ indicator = \"a\", equals = 5 }", 5.0, "raised at 5", 4.0),
    ] {
        assert_eq!(judge(rule, &[("a", raised)]), "raised at 5", "{rule}");
        assert_eq!(judge(rule, &[("a", 5.0)]), boundary, "{rule} at 5");
        assert_eq!(judge(rule, &[("a", clear)]), "clear", "{rule}");
        assert_eq!(judge(rule, &[]), "unknown: a", "{rule} on a gap");
    }
}

#[test]
fn percentiles_are_of_all_units() {
    let rule = "{ indicator = \"a\", above_percentile = 90 }";
    assert_eq!(judge(rule, &[("a", 90.5)]), "raised at 90");
    assert_eq!(judge(rule, &[("a", 90.0)]), "clear");
}

#[test]
fn a_gap_never_clears_and_never_raises_a_compound_rule() {
    let both = "{ all = [{ indicator = \"a\", below = 5 }, { indicator = \"b\", below = 5 }] }";
    assert_eq!(judge(both, &[("a", 1.0)]), "unknown: b");
    assert_eq!(judge(both, &[("a", 9.0)]), "clear", "one false is enough");
    assert_eq!(judge(both, &[("a", 1.0), ("b", 1.0)]), "raised at 5");
    let either = "{ any = [{ indicator = \"a\", below = 5 }, { indicator = \"b\", below = 5 }] }";
    assert_eq!(judge(either, &[("b", 1.0)]), "raised at 5", "one true is enough");
    assert_eq!(judge(either, &[("b", 9.0)]), "unknown: a");
}

#[test]
fn a_status_can_raise_and_coverage_is_compared_strictly() {
    assert_eq!(judge("{ indicator = \"a\", status_is = [\"not_collected\"] }", &[]), "raised at -");
    assert_eq!(judge("{ indicator = \"a\", status_is = [\"suppressed\"] }", &[]), "unknown: a");
    assert_eq!(judge("{ coverage_below = 0.6 }", &[]), "clear");
    assert_eq!(judge("{ coverage_below = 0.61 }", &[]), "raised at 0.61");
    assert_eq!(judge("{ figure_older_than_months = 24 }", &[]), "unknown: period");
}

#[test]
fn a_faulty_rule_is_refused_with_its_line() {
    let file = "[[flag]]\nid = \"X\"\nversion = 1\nseverity = \"warning\"\nbasis = { nb = \"x\" }\n\
                title = { nb = \"x\" }\ntext = { nb = \"x\" }\nrule = { indicator = \"c\", below = 1 }\n";
    let error = Flag::parse_all(file, &["a"]).expect_err("c is unknown");
    assert_eq!(error.to_string(), "line 8: flag `X`: unknown indicator `c`");
}
