//! How sure a ranking is, who is alike, what would change it, and what a model is worth.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::tempdir;
use testkit::{run, run_in};

use crate::{json, keys, list, told};

const SURE: [&str; 4] = ["rank", "--uncertainty", "--draws", "100"];

/// The first lines of an answer, without what belongs to one snapshot.
fn head(args: &[&str], lines: usize) -> String {
    let ran = run(args);
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
    ran.stdout.lines().take(lines).collect::<Vec<&str>>().join("\n")
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let folder = tempdir().expect("a folder");
    let ranked = |seed: &str, file: &str| {
        let more = ["--seed", seed, "--format", "json", "--draws-out", file];
        let ran = run_in(folder.path(), &[&SURE[..], &more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        (ran.bytes, fs::read(folder.path().join(file)).expect("the draws are written"))
    };
    let first = ranked("7", "first.json");
    assert_eq!(first, ranked("7", "second.json"));
    let other = ranked("8", "third.json");
    assert!(first.0 != other.0 && first.1 != other.1, "the seed decides");
    let draws: Value = serde_json::from_slice(&first.1).expect("the draws are JSON");
    assert_eq!((&draws["seed"], list(&draws["draws"]).len()), (&7.into(), 100));
}

#[test]
fn intervals_hold_the_place_and_stand_in_every_format() {
    let ranking = json(&[&SURE[..], &["--format", "json"]].concat());
    let told = &ranking["uncertainty"];
    assert_eq!(keys(told), ["choices", "draws", "seed", "tier_top", "tiers", "top"]);
    assert_eq!((&told["draws"], &told["seed"]), (&100.into(), &20_261_121.into()));
    for place in list(&ranking["municipalities"]) {
        let interval = &place["uncertainty"];
        if place["status"] == "not_ranked" {
            assert!(interval.is_null(), "{place}");
            continue;
        }
        assert_eq!(keys(interval), ["p5", "p50", "p95", "p_top", "tier", "tier_title"]);
        let [p5, p50, p95] =
            ["p5", "p50", "p95"].map(|end| interval[end].as_u64().expect("a place"));
        assert!(1 <= p5 && p5 <= p50 && p50 <= p95 && p95 <= 340, "{place}");
        for top in list(&interval["p_top"]) {
            assert!((0.0..=1.0).contains(&top["share"].as_f64().expect("a share")), "{place}");
        }
    }
    let csv = head(&[&SURE[..], &["--format", "csv", "--top", "1", "--lang", "en"]].concat(), 1);
    assert!(csv.contains(",p5,p50,p95,p_top20,p_top60,robust_tier,"), "{csv}");
}

#[test]
fn intervals_follow_weights_counties_and_models_of_ones_own() {
    let own = [&SURE[..], &["--format", "json", "--county", "18", "--top", "3"]].concat();
    let moved = json(&[&own[..], &["--weights", "B:100,M:0"]].concat());
    let plain = json(&own);
    assert_eq!(list(&plain["municipalities"]).len(), 3);
    assert!(plain["municipalities"] != moved["municipalities"]);
    let folder = tempdir().expect("a folder");
    let model = "id = \"mine\"\nversion = 1\ntitle = { nb = \"M\", en = \"M\" }\n\
        missing = \"redistribute\"\n[[group]]\nid = \"total\"\n\
        title = { nb = \"S\", en = \"T\" }\naggregation = { method = \"arithmetic\" }\n\
        [[indicator]]\nid = \"rented_households_percent\"\nparent = \"total\"\nweight = 1\n\
        direction = \"higher\"\nvalue = { method = \"min_max\" }\n";
    let file = folder.path().join("mine.toml");
    fs::write(&file, model).expect("write");
    let file = file.to_str().expect("a path in UTF-8");
    let mine = json(&[&own[..], &["--model", file]].concat());
    assert_eq!(mine["model"], "mine");
    let best = &list(&mine["municipalities"])[0];
    // One indicator alone: no weight can move anybody.
    assert_eq!(best["uncertainty"]["p5"], best["uncertainty"]["p95"]);
}

#[test]
fn peers_say_what_the_distance_is_made_of() {
    let found = json(&["peers", "Bodø", "--count", "5", "--format", "json"]);
    let peers = list(&found["peers"]);
    assert_eq!(peers.len(), 5);
    let mut before = 0.0;
    for peer in peers {
        let distance = peer["distance"].as_f64().expect("a distance");
        assert!(before <= distance, "the nearest first");
        before = distance;
        let shares: f64 =
            list(&peer["shares"]).iter().filter_map(|one| one["share"].as_f64()).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{peer}");
    }
    let within = json(&["peers", "Bodø", "--within", "county", "--format", "json"]);
    assert!(list(&within["peers"]).iter().all(|peer| peer["county_name"] == "Nordland"));
    let weights = ["--weights", "B=0,M=0,V=0,G=1,population_80plus_percent=0"];
    let other = json(&[&["peers", "Bodø", "--format", "json"], &weights[..]].concat());
    assert!(other["peers"] != found["peers"]);
}

#[test]
fn what_if_says_who_is_passed() {
    let args = ["whatif", "Bodø", "--set", "municipally_disposed_dwellings_percent=9"];
    let answer = json(&[&args[..], &["--draws", "50", "--format", "json"]].concat());
    let rank = |when: &str| answer[when]["rank"].as_u64().expect("a rank");
    assert!(rank("after") < rank("before"), "more is better");
    assert_eq!(list(&answer["passes"]).len() as u64, rank("before") - rank("after"));
    assert!(list(&answer["passed_by"]).is_empty());
    for point in list(&answer["break_even"]) {
        assert!(point["rank"].as_u64() < Some(rank("after")), "{point}");
    }
    // Nothing else changes: set to what it is, everything stays.
    let now = answer["settings"][0]["before"].to_string();
    let set = format!("municipally_disposed_dwellings_percent={now}");
    let same = json(&["whatif", "Bodø", "--set", &set, "--draws", "50", "--format", "json"]);
    assert_eq!(same["before"], same["after"]);
}

#[test]
fn what_it_takes_to_pass_the_next_one_is_enough() {
    let explained = json(&["explain", "Bodø", "--format", "json"]);
    let rival = list(&explained["break_even"]).first().expect("somebody is above");
    let points = list(&rival["points"]);
    let point = points.iter().find(|one| one["kind"] == "figure").expect("a figure would do it");
    let at = point["at"].as_f64().expect("a number");
    let step = if point["side"] == "above" { 1e-6 } else { -1e-6 };
    let set = format!("{}={}", point["id"].as_str().expect("an id"), at + step * at.abs());
    let answer = json(&["whatif", "Bodø", "--set", &set, "--draws", "10", "--format", "json"]);
    let passed = list(&answer["passes"]).iter().map(|one| &one["municipality_code"]);
    assert!(passed.into_iter().any(|code| *code == rival["municipality_code"]), "{answer}");
}

#[test]
fn nothing_changed_since_the_same_snapshot() {
    let folder = tempdir().expect("a folder");
    let embedded = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots/embedded.gpkg");
    let file = folder.path().join("before.gpkg");
    fs::copy(embedded, &file).expect("copy");
    let file = file.to_str().expect("a path in UTF-8");
    let changes = json(&["explain", "Bodø", "--since", file, "--format", "json"]);
    assert_eq!(changes["score_before"], changes["score_after"]);
    let causes: Vec<&Value> = list(&changes["steps"]).iter().map(|step| &step["cause"]).collect();
    assert_eq!(causes, ["map", "revised", "new", "model"]);
    assert!(list(&changes["steps"]).iter().all(|step| step["figures"] == 0), "{changes}");
}

#[test]
fn a_threshold_moves_a_flag() {
    let raised = |args: &[&str]| {
        let flags = json(&[&["flags", "--format", "json"], args].concat());
        let all = list(&flags["municipalities"]).iter();
        all.flat_map(|place| list(&place["flags"])).filter(|flag| flag["id"] == "R19").count()
    };
    assert!(raised(&["--threshold", "R19=5000"]) > raised(&[]));
    let rank = json(&["rank", "--threshold", "R19=5000", "--format", "json"]);
    let marked = list(&rank["municipalities"]).iter();
    let marked = marked.flat_map(|place| list(&place["flags"])).filter(|flag| flag["id"] == "R19");
    assert_eq!(marked.count(), raised(&["--threshold", "R19=5000"]));
}

#[test]
fn weights_from_figures_can_be_ranked_by() {
    for method in ["equal", "entropy", "critic", "pca", "balance", "infomax", "deviation", "gini"] {
        let found =
            json(&["model", "weights", "oversikt-v1", "--method", method, "--format", "json"]);
        let weights = found["weights"].as_str().expect("a text");
        if !weights.is_empty() {
            assert_eq!(
                run(&["rank", "--weights", weights, "--top", "1"]).code,
                Some(0),
                "{method}"
            );
        }
        for group in list(&found["groups"]) {
            let has_weights = list(&group["members"]).iter().any(|one| one["proposed"].is_number());
            assert!(has_weights != group["reason"].is_string(), "{method}: {group}");
        }
    }
}

#[test]
fn judgements_become_weights_unless_they_contradict_themselves() {
    let folder = tempdir().expect("a folder");
    let judged = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("write");
        let option = if name.starts_with("swing") { "--swing" } else { "--ahp" };
        run_in(folder.path(), &["model", "weights", "oversikt-v1", option, name, "--lang", "en"])
    };
    let good = judged("good.csv", "first,second,times\nB,M,2\nB,V,3\nM,V,2\n");
    assert_snapshot!(good.stdout.replace('─', ""), @r"
     Group  Id  Title        Weight  Proposed

     total  B   Need          40.00     45.87
     total  M   Opportunity   30.00     25.24
     total  V   Will          15.00     13.89
    ");
    assert!(good.stderr.contains("Consistency ratio 0.008"), "{}", good.stderr);
    let bad = judged("bad.csv", "first,second,times\nB,M,9\nM,V,9\nV,B,9\n");
    assert_eq!((bad.code, bad.stdout.as_str()), (Some(2), ""));
    assert!(bad.stderr.contains("ratio 6.13, at most 0.10"), "{}", bad.stderr);
    let swing = judged("swing.csv", "name,points\nB,100\nM,50\nV,50\n");
    assert!(swing.stderr.contains("--weights B:42.5,M:21.25,V:21.25"), "{}", swing.stderr);
}

#[test]
fn an_audit_is_one_page_or_one_object() {
    let folder = tempdir().expect("a folder");
    for (language, title) in [("nb", "Gjennomgang av"), ("en", "Audit of")] {
        let args = ["model", "audit", "oversikt-v1", "--out", "a.html", "--lang", language];
        assert_eq!(run_in(folder.path(), &args).code, Some(0));
        let page = fs::read_to_string(folder.path().join("a.html")).expect("the page");
        assert!(page.starts_with(&format!("<!doctype html>\n<html lang=\"{language}\">")));
        assert!(page.contains(title) && page.ends_with("</html>\n"));
        for absent in ["<script", "http:", "https:", "src=", "style=", "audit."] {
            assert!(!page.contains(absent), "{absent}");
        }
        assert_eq!(page.matches("<h2>").count(), 8);
        assert_eq!(page.matches("<caption>").count(), page.matches("<table>").count());
    }
    let audit = json(&["model", "audit", "oversikt-v1"]);
    assert_eq!(
        keys(&audit),
        [
            "comparison",
            "intervals",
            "language",
            "model",
            "model_title",
            "model_version",
            "notes",
            "removal",
            "robustness",
            "sensitivity",
            "snapshot",
            "structure",
            "uncertainty",
        ]
    );
}

#[test]
fn models_are_compared_and_their_choices_weighed() {
    let found = json(&["model", "compare", "oversikt-v1", "press", "--format", "json"]);
    assert_eq!(list(&found["pairs"]).len(), 1);
    let args = ["model", "sensitivity", "oversikt-v1", "--samples", "8", "--format", "json"];
    let first = run(&args);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(first.bytes, run(&args).bytes);
    let report = json(&args);
    assert!(list(&report["inputs"]).iter().any(|input| input["kind"] == "aggregation"));
}

#[test]
fn what_cannot_be_asked_is_said_in_one_sentence() {
    assert_snapshot!(told(&["rank", "--uncertainty", "--draws", "1000001"]), @r"
    nb, exit 2: Trekningene kan ikke kjøres: 1000001 trekninger; oppgi 1 til 100000.
    en, exit 2: The draws cannot be run: 1000001 draws; give 1 to 100000.
    ");
    assert_snapshot!(told(&["rank", "--draws", "10"]), @r"
    nb, exit 2: Det mangler --uncertainty; legg til --help for å se hva kommandoen tar.
    en, exit 2: --uncertainty is missing; add --help to see what the command takes.
    ");
    assert_snapshot!(told(&["flags", "--threshold", "R5=high"]), @r"
    nb, exit 2: Terskelen kan ikke brukes: «R5=high» er ikke et flagg og et tall, som i «R5=900».
    en, exit 2: The threshold cannot be used: `R5=high` is not a flag and a number, as in `R5=900`.
    ");
    assert_snapshot!(told(&["whatif", "Bodø", "--set", "robek_listed=yes"]), @r"
    nb, exit 2: Tallet kan ikke settes: «robek_listed=yes» er ikke en indikator og et tall, som i «robek_listed=0».
    en, exit 2: The figure cannot be set: `robek_listed=yes` is not an indicator and a number, as in `robek_listed=0`.
    ");
    assert_snapshot!(told(&["whatif", "Bodø", "--set", "building_case_days=9"]), @r"
    nb, exit 2: Tallet kan ikke settes: modellen oversikt-v1 bruker ikke «building_case_days», så ingenting ville endret seg.
    en, exit 2: The figure cannot be set: the model oversikt-v1 does not use `building_case_days`, so nothing would change.
    ");
    assert_snapshot!(told(&["peers", "Bodø", "--within", "kostra_group"]), @r"
    nb, exit 2: Likheten kan ikke regnes ut: snapshotet har ingen KOSTRA-grupper; velg blant centrality, county.
    en, exit 2: Likeness cannot be computed: the snapshot has no KOSTRA groups; choose among centrality, county.
    ");
    assert_snapshot!(told(&["model", "compare", "oversikt-v1"]), @r"
    nb, exit 2: Modellene kan ikke sammenlignes: oppgi minst to modeller.
    en, exit 2: The models cannot be compared: name two models or more.
    ");
    assert_snapshot!(told(&["model", "audit", "oversikt-v1", "--out", "a.pdf"]), @r"
    nb, exit 2: Endelsen .pdf er ikke en gjennomgang; skriv til .html eller .json, eller oppgi --format.
    en, exit 2: The ending .pdf is no audit; write to .html or .json, or give --format.
    ");
    for args in [
        &["rank", "--threshold", "R99=1"] as &[&str],
        &["whatif", "Bodø", "--set", "none=1"],
        &["whatif", "Bodø", "--weights", "B:-1"],
        &["whatif", "Bodø", "--weights", "B:0,M:0,V:0,G:0"],
        &["whatif", "Bodø", "--weights", "B:nan"],
        &["peers", "Bodø", "--weights", "none=3"],
        &["peers", "Bodø", "--weights", "B=0,M=0,V=0,G=0"],
        &["model", "weights", "none", "--method", "equal"],
        &["model", "compare", "oversikt-v1", "none"],
        &["model", "sensitivity", "oversikt-v1", "--samples", "0"],
    ] {
        assert!(told(args).starts_with("nb, exit 2: "), "{args:?}");
    }
}
