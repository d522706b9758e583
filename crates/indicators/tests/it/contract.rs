//! What every file of the pack keeps, and that none of them is idle.

use std::collections::BTreeSet;

use indicators::Localised;
use toml::Value;

use crate::pack;

/// Indicators that no model and no flag uses, each with the reason why it exists.
const IDLE: [(&str, &str); 1] = [(
    "labour_vote_share_percent",
    "the report does not say whether it counts votes or seats; its models name this one as the other reading",
)];

/// Collects every text at `key`, however deep.
fn texts_at(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Table(table) => {
            for (name, inner) in table {
                match inner.as_str() {
                    Some(text) if name == key => {
                        found.insert(text.to_owned());
                    }
                    _ => texts_at(inner, key, found),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| texts_at(entry, key, found)),
        _ => {}
    }
}

fn parse(text: &str) -> Value {
    Value::Table(text.parse().expect("TOML"))
}

#[test]
fn every_indicator_is_used_by_a_model_or_a_flag() {
    let pack = pack();
    let mut used = BTreeSet::new();
    for model in pack.models.values() {
        let model = parse(model);
        // A preset may take all its indicators from its base.
        if let Some(indicators) = model.get("indicator") {
            texts_at(indicators, "id", &mut used);
        }
    }
    texts_at(&parse(&pack.flags), "indicator", &mut used);
    let idle: Vec<&str> =
        pack.indicators.keys().map(String::as_str).filter(|id| !used.contains(*id)).collect();
    assert_eq!(idle, IDLE.map(|(id, _)| id));
}

#[test]
fn every_measure_is_read_by_an_indicator() {
    let pack = pack();
    let read: BTreeSet<&String> =
        pack.indicators.values().flat_map(|indicator| &indicator.inputs).collect();
    let idle: Vec<&String> = pack.measures.keys().filter(|id| !read.contains(id)).collect();
    assert_eq!(idle, Vec::<&String>::new());
}

#[test]
fn every_text_is_there_in_both_languages() {
    let pack = pack();
    let check = |whose: &str, texts: &Localised| {
        for language in ["nb", "en"] {
            let is_there = texts.get(language).is_some_and(|text| !text.trim().is_empty());
            assert!(is_there, "{whose} lacks {language}");
        }
    };
    for (id, indicator) in &pack.indicators {
        check(&format!("title of {id}"), &indicator.title);
        check(&format!("description of {id}"), &indicator.description);
        check(&format!("unit of {id}"), &indicator.unit);
    }
    for (id, measure) in &pack.measures {
        check(&format!("title of {id}"), &measure.title);
        if !measure.pending.is_empty() {
            check(&format!("pending of {id}"), &measure.pending);
        }
    }
}

#[test]
fn the_sql_keeps_to_what_engines_share() {
    // Each of these means something else, or nothing, in PostgreSQL, DuckDB or DataFusion.
    let forbidden = ["IIF(", "GROUP_CONCAT(", "STRFTIME(", "IFNULL(", "TOTAL(", "GLOB ", "||", "`"];
    for (id, indicator) in &pack().indicators {
        let (_, sql) = indicator.sql.split_once("---*/").expect("front matter");
        let code: Vec<&str> =
            sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        let code = code.join("\n").to_uppercase();
        for word in forbidden {
            assert!(!code.contains(word), "{id} uses {word}");
        }
    }
}
