//! The objects that programs read.

use serde_json::Value;

use crate::{json, keys, list};

/// A number between 0 and 1.
fn is_share(value: &Value) -> bool {
    value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share))
}

/// A code of so many digits.
fn is_code(value: &Value, digits: usize) -> bool {
    let is_digits =
        |text: &str| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    value.as_str().is_some_and(is_digits)
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

#[test]
fn a_ranking_names_its_model_snapshot_and_language() {
    let ranking = json(&["rank", "--format", "json", "--lang", "en"]);
    assert_eq!(
        keys(&ranking),
        [
            "dimensions",
            "language",
            "model",
            "model_title",
            "model_version",
            "municipalities",
            "not_ranked",
            "notes",
            "ranked",
            "snapshot",
            "uncertainty",
        ]
    );
    assert_eq!(ranking["model"], "oversikt-v1");
    assert_eq!(ranking["language"], "en");
    assert_eq!(keys(&ranking["snapshot"]), ["created", "id"]);
    assert_eq!(ranking["snapshot"]["id"].as_str().map(str::len), Some(12));
    assert_eq!(ranking["snapshot"]["created"].as_str().map(str::len), Some("2026-01-01".len()));
    let weights: f64 =
        list(&ranking["dimensions"]).iter().filter_map(|one| one["weight"].as_f64()).sum();
    assert_eq!(weights, 100.0);
}

#[test]
fn a_ranking_has_every_municipality_and_each_has_the_promised_fields() {
    let ranking = json(&["rank", "--format", "json"]);
    let municipalities = list(&ranking["municipalities"]);
    assert_eq!(municipalities.len(), 357);
    let dimensions: Vec<&str> =
        list(&ranking["dimensions"]).iter().filter_map(|one| one["id"].as_str()).collect();
    for place in municipalities {
        assert_eq!(
            keys(place),
            [
                "county_code",
                "county_name",
                "coverage",
                "dimensions",
                "flags",
                "municipality_code",
                "name",
                "rank",
                "reason",
                "score",
                "status",
                "tier",
                "uncertainty",
            ],
            "{place}"
        );
        assert!(
            is_code(&place["municipality_code"], 4) && is_code(&place["county_code"], 2),
            "{place}"
        );
        assert!(is_text(&place["name"]) && is_text(&place["county_name"]), "{place}");
        assert!(is_share(&place["coverage"]), "{place}");
        for dimension in &dimensions {
            let found = &place["dimensions"][dimension];
            assert_eq!(keys(found), ["coverage", "score"], "{place}");
            assert!(is_share(&found["coverage"]), "{place}");
            assert!(found["score"].is_null() || found["score"].is_number(), "{place}");
        }
        for flag in list(&place["flags"]) {
            assert_eq!(keys(flag), ["id", "severity", "title"], "{place}");
            let severity = flag["severity"].as_str().unwrap_or_default();
            assert!(["critical", "warning", "information"].contains(&severity), "{place}");
        }
    }
}

#[test]
fn the_ranked_stand_by_rank_then_the_others_each_with_its_reason() {
    let ranking = json(&["rank", "--format", "json"]);
    let municipalities = list(&ranking["municipalities"]);
    let ranked = usize::try_from(ranking["ranked"].as_u64().expect("a count")).expect("small");
    assert_eq!(ranking["not_ranked"].as_u64(), Some((municipalities.len() - ranked) as u64));
    let (above, below) = municipalities.split_at(ranked);
    for (at, place) in above.iter().enumerate() {
        assert_eq!((&place["status"], &place["reason"]), (&Value::from("ranked"), &Value::Null));
        let rank = place["rank"].as_u64().expect("a rank");
        let score = place["score"].as_f64().expect("a score");
        assert!((0.0..=100.0).contains(&score) && place["tier"].is_u64(), "{place}");
        if let Some(before) = at.checked_sub(1).map(|before| &above[before]) {
            let (before_rank, before_score) = (before["rank"].as_u64(), before["score"].as_f64());
            assert!(before_score >= Some(score), "{before} stands before {place}");
            // Equal scores share a place; the next place counts them all.
            let is_tie = before_score == Some(score);
            assert_eq!(rank, if is_tie { before_rank.expect("a rank") } else { at as u64 + 1 });
        }
    }
    for place in below {
        assert_eq!(place["status"], "not_ranked");
        assert!(is_text(&place["reason"]), "{place}");
        assert!(place["rank"].is_null() && place["tier"].is_null(), "{place}");
    }
    assert!(below.is_sorted_by_key(|place| place["municipality_code"].as_str()));
}

#[test]
fn the_full_model_ranks_nobody_and_says_why() {
    for language in ["nb", "en"] {
        let ranking =
            json(&["rank", "--model", "sosialbolig-v1", "--format", "json", "--lang", language]);
        assert_eq!(
            (&ranking["ranked"], &ranking["not_ranked"]),
            (&Value::from(0), &Value::from(357))
        );
        for place in list(&ranking["municipalities"]) {
            assert!(is_text(&place["reason"]), "{place}");
            assert!(place["rank"].is_null(), "{place}");
        }
    }
}

#[test]
fn top_and_county_choose_rows_and_change_no_number() {
    let all = json(&["rank", "--format", "json"]);
    let top = json(&["rank", "--format", "json", "--top", "7"]);
    assert_eq!(list(&top["municipalities"]), &list(&all["municipalities"])[..7]);
    let county = json(&["rank", "--format", "json", "--county", "55"]);
    let expected: Vec<&Value> =
        list(&all["municipalities"]).iter().filter(|place| place["county_code"] == "55").collect();
    assert_eq!(list(&county["municipalities"]).iter().collect::<Vec<_>>(), expected);
    assert_eq!(json(&["rank", "--format", "json", "--county", "Troms"]), county);
}

#[test]
fn languages_differ_in_words_and_in_no_number() {
    let [nb, en] =
        ["nb", "en"].map(|language| json(&["rank", "--format", "json", "--lang", language]));
    assert_ne!(nb["model_title"], en["model_title"]);
    for (left, right) in list(&nb["municipalities"]).iter().zip(list(&en["municipalities"])) {
        for key in
            ["municipality_code", "rank", "score", "coverage", "tier", "dimensions", "status"]
        {
            assert_eq!(left[key], right[key]);
        }
    }
}

#[test]
fn an_explanation_has_a_receipt_for_every_figure() {
    let explanation = json(&["explain", "Oslo", "--format", "json"]);
    for field in
        ["contribution_method", "dimensions", "flags", "flags_unknown", "of", "score_range"]
    {
        assert!(explanation.get(field).is_some(), "{field}");
    }
    let indicators = list(&explanation["indicators"]);
    assert_eq!(indicators.len(), 13);
    for indicator in indicators {
        for field in [
            "raw_value",
            "unit",
            "period",
            "status",
            "normalised_value",
            "weight",
            "contribution",
            "national_value",
            "receipt",
        ] {
            assert!(indicator.get(field).is_some(), "{field} in {indicator}");
        }
        let receipt = &indicator["receipt"];
        for field in ["table", "selection", "publisher", "reference_date", "checksum"] {
            assert!(is_text(&receipt[field]), "{field} in {receipt}");
        }
        assert_eq!(receipt["checksum"].as_str().map(str::len), Some(64), "{receipt}");
        let is_gap = indicator["raw_value"].is_null();
        assert_eq!(indicator["normalised_value"].is_null(), is_gap, "{indicator}");
        assert_eq!(indicator["contribution"].is_null(), is_gap, "{indicator}");
        assert!(is_text(&indicator["status_text"]), "{indicator}");
    }
}

#[test]
fn an_explanation_agrees_with_the_ranking() {
    let ranking = json(&["rank", "--format", "json"]);
    for place in list(&ranking["municipalities"]).iter().step_by(60) {
        let code = place["municipality_code"].as_str().expect("a code");
        let explanation = json(&["explain", code, "--format", "json"]);
        for field in
            ["municipality_code", "name", "status", "reason", "rank", "score", "coverage", "tier"]
        {
            assert_eq!(explanation[field], place[field], "{code}");
        }
        let ids = |flags: &Value| -> Vec<Value> {
            list(flags).iter().map(|flag| flag["id"].clone()).collect()
        };
        assert_eq!(ids(&explanation["flags"]), ids(&place["flags"]), "{code}");
    }
}

#[test]
fn every_flag_is_raised_clear_or_unknown_and_only_one_of_them() {
    let flags = json(&["flags", "--format", "json"]);
    let municipalities = list(&flags["municipalities"]);
    assert_eq!(municipalities.len(), 357);
    let all = |place: &Value| {
        let kinds = ["flags", "flags_clear", "flags_unknown"];
        let mut ids: Vec<String> = kinds
            .iter()
            .flat_map(|kind| list(&place[*kind]))
            .map(|flag| flag["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        ids.sort();
        ids
    };
    let expected = all(&municipalities[0]);
    assert!(expected.windows(2).all(|pair| pair[0] != pair[1]), "{expected:?}");
    for place in municipalities {
        assert_eq!(all(place), expected, "{}", place["name"]);
    }
}
