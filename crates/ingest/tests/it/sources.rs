//! `packs/boligsektor/sources.toml` against the pack and the list of tables that it was written from.

use std::collections::BTreeSet;

use indicators::PackFiles;
use ingest::{Confidence, Map, Pick, Sources};

use crate::{pack, sources};

#[test]
fn a_measure_follows_the_same_map_in_both_files() {
    let pack = pack();
    for source in &sources().sources {
        for rule in &source.measures {
            let map = match source.map {
                Map::Merged => "merged",
                Map::AsOfYear => "as_of_year",
                Map::Current => "current",
            };
            let measure = &pack.measures[&rule.id];
            // The country has no borders to follow.
            if measure.grain == indicators::Grain::Municipality {
                assert_eq!(measure.map, map, "{}", rule.id);
            }
        }
    }
}

#[test]
fn codes_of_a_measure_are_the_same_in_both_files() {
    let pack = pack();
    let mut compared = 0;
    for source in &sources().sources {
        for rule in &source.measures {
            for (dimension, code) in &pack.measures[&rule.id].codes {
                let written = code.trim_start_matches('[').trim_end_matches(']');
                assert_eq!(rule.cells[dimension], Pick::code(written), "{}", rule.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 15, "{compared} codes were compared");
}

#[test]
fn a_measure_that_waits_for_a_table_says_so_or_is_fetched() {
    let sources = sources();
    let made = sources.sources.iter().flat_map(|source| &source.measures).map(|rule| &rule.id);
    let waiting = sources.not_yet.iter().flat_map(|table| &table.measures);
    let known: BTreeSet<&String> = made.chain(waiting).collect();
    for (id, measure) in &pack().measures {
        let number = measure.table.strip_prefix("SSB ").filter(|table| table.len() == 5);
        let is_table = number.is_some_and(|table| table.bytes().all(|byte| byte.is_ascii_digit()));
        // Votes of 01180 came from a compilation; seats (01182) take their place.
        if is_table && number != Some("01180") {
            assert!(
                known.contains(id),
                "`{id}` of {} is neither fetched nor waiting",
                measure.table
            );
        }
    }
}

#[test]
fn what_the_score_reads_comes_before_what_is_only_kept() {
    let sources = sources();
    let first_kept = sources
        .sources
        .iter()
        .position(|source| source.measures.is_empty() && source.name != "tenure");
    let last_read = sources.sources.iter().rposition(|source| !source.measures.is_empty());
    assert!(first_kept > last_read, "{first_kept:?} {last_read:?}");
    assert_eq!(sources.sources[0].table, "07459");
}

#[test]
fn every_table_of_the_reference_is_named() {
    let Some(shared) = testkit::shared() else { return };
    let text = std::fs::read_to_string(shared.join("reference/indicator-tables.md")).expect("text");
    let (_, section) = text.split_once("## C. Indicators").expect("section C");
    let (section, _) = section.split_once("## D. Traps").expect("section D");
    let digits: Vec<&str> = section.split(|sign: char| !sign.is_ascii_alphanumeric()).collect();
    let sources = sources();
    let fetched = sources.sources.iter().map(|source| source.table.as_str());
    let known: BTreeSet<&str> =
        fetched.chain(sources.not_yet.iter().map(|table| table.table.as_str())).collect();
    let is_table = |word: &&&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    // An extract list of KOSTRA's regions and a report of Husbanken look like tables.
    let others = ["05402", "13277"];
    let missing: BTreeSet<&str> = digits
        .iter()
        .filter(is_table)
        .copied()
        .filter(|table| !known.contains(table) && !others.contains(table))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn codes_below_h_are_proved_before_they_make_a_measure() {
    for source in &sources().sources {
        if source.confidence == Confidence::H || source.measures.is_empty() {
            continue;
        }
        let by_label = source.select.values().any(|pick| matches!(pick, Pick::Label(_)));
        assert!(by_label || !source.labels.is_empty(), "{} has no proof", source.extract());
    }
}

fn refused(old: &str, new: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("boligsektor");
    std::fs::create_dir(&inside).expect("a folder");
    let text = PackFiles::Embedded.text("boligsektor/sources.toml").expect("text");
    let changed = text.replacen(old, new, 1);
    assert_ne!(text, changed, "`{old}` is in the text");
    std::fs::write(inside.join("sources.toml"), changed).expect("a file");
    let files = PackFiles::Folder(folder.path().to_owned());
    Sources::load(&files, &pack()).expect_err("refused").to_string()
}

#[test]
fn sources_that_do_not_fit_the_pack_are_refused() {
    let faults = [
        refused("\"population_persons\"", "\"population_people\""),
        refused("id = \"households_count\"", "id = \"population_persons\""),
        refused("\"dwellings_started_count\"", "\"dwellings_completed_count\""),
        refused(", grain = \"nation\" }", " }"),
        refused("\"mayor_tenure_months\"", "\"mayor_tenure\""),
    ];
    insta::assert_snapshot!(faults.join("\n"), @r"
    `boligsektor/sources.toml` line 34: measure `population_people` is not in measures.toml
    `boligsektor/sources.toml` line 170: measure `population_persons` is of `SSB 07459` in measures.toml, not of 06070
    `boligsektor/sources.toml` line 152: measure `dwellings_completed_count` is made twice
    `boligsektor/sources.toml` line 75: measure `household_income_after_tax_median_national_nok` has another grain in measures.toml
    `boligsektor/sources.toml` line 1: measure `mayor_tenure` is not in measures.toml
    ");
}
