//! Cube files: converted without loss, described, checked, cut.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use testkit::{Ran, run_in, shell};

use crate::tables::{self, write};

/// Runs `grunnlag cube …` in a folder.
fn cube(folder: &Path, args: &[&str]) -> Ran {
    run_in(folder, &[&["cube"], args].concat())
}

/// Runs a command that must succeed, in both languages.
fn both(folder: &Path, args: &[&str]) -> String {
    let said = ["nb", "en"].map(|language| {
        let ran = cube(folder, &[args, &["--lang", language]].concat());
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
        ran.to_string()
    });
    said.join("\n\n")
}

/// What a command that must fail says, in both languages.
fn refused(folder: &Path, args: &[&str]) -> String {
    let said = ["nb", "en"].map(|language| {
        let ran = cube(folder, &[args, &["--lang", language]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        format!("{language}: {}", ran.stderr.trim_end())
    });
    said.join("\n")
}

#[test]
fn the_long_table_has_codes_labels_values_and_reasons() {
    let folder = tables::folder();
    let ran = cube(folder.path(), &["convert", "90001.json", "-", "--format", "csv"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(ran.stdout, @"");
}

#[test]
fn every_format_brings_the_same_figures_back() {
    let folder = tables::folder();
    let long = cube(folder.path(), &["convert", "90001.json", "-", "--format", "csv"]).stdout;
    for ending in ["json", "parquet", "arrow", "px", "csv"] {
        let name = format!("there.{ending}");
        let there = cube(folder.path(), &["convert", "90001.json", &name]);
        assert_eq!((there.code, there.stdout.as_str()), (Some(0), ""), "{}", there.stderr);
        let back = cube(folder.path(), &["convert", &name, "-", "--format", "csv"]);
        assert_eq!(back.code, Some(0), "{ending}: {}", back.stderr);
        assert_eq!(back.stdout, long, "{ending}");
    }
}

#[test]
fn json_stat_through_parquet_is_the_same_cube() {
    let folder = tables::folder();
    let direct = cube(folder.path(), &["convert", "90001.json", "-", "--format", "json-stat"]);
    for ending in ["parquet", "arrow"] {
        let name = format!("there.{ending}");
        cube(folder.path(), &["convert", "90001.json", &name]);
        let back = cube(folder.path(), &["convert", &name, "-", "--format", "json-stat"]);
        assert_eq!(back.stdout, direct.stdout, "{ending}");
    }
}

#[test]
fn a_workbook_is_a_workbook() {
    let folder = tables::folder();
    let ran = cube(folder.path(), &["convert", "90002.px", "boliger.xlsx"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let bytes = fs::read(folder.path().join("boliger.xlsx")).expect("written");
    assert!(bytes.starts_with(b"PK\x03\x04"));
}

#[cfg(unix)]
#[test]
fn a_cube_can_come_and_go_by_pipes() {
    let folder = tables::folder();
    let line = "\"$grunnlag\" cube convert - - --format json-stat < 90002.px \
                | \"$grunnlag\" cube slice - --select Region=0301 --format csv";
    let ran = shell(folder.path(), line);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(ran.stdout, @"");
}

#[test]
fn info_says_what_is_missing_and_why() {
    let folder = tables::folder();
    assert_snapshot!(both(folder.path(), &["info", "90001.json"]), @"");
}

#[test]
fn info_as_an_object_holds_the_same() {
    let folder = tables::folder();
    let ran = cube(folder.path(), &["info", "90001.json", "--format", "json"]);
    let info: serde_json::Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    assert_eq!(info["cells"], 12);
    assert_eq!(info["cells_without_number"], 2);
    assert_eq!(info["period"]["end"], "2026-12-31");
    assert_eq!(info["dimensions"][0]["code"], "Region");
    assert_eq!(info["with_number"][0]["symbol"], "*");
}

#[test]
fn a_slice_takes_pxwebs_own_grammar() {
    let folder = tables::folder();
    let cut = |args: &[&str]| {
        let ran = cube(folder.path(), &[&["slice", "90001.json"], args].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.to_string()
    };
    // The newest two years, in ascending order, and both places called Herøy.
    assert_snapshot!(cut(&["--select", "Tid=top(2)", "--select", "region=1?1?"]), @"");
    assert_snapshot!(cut(&["--select", "Tid=2026", "--eliminate", "Tid"]), @"");
}

#[test]
fn a_sum_says_what_it_lacks() {
    let folder = tables::folder();
    assert_snapshot!(both(folder.path(), &["slice", "90001.json", "--eliminate", "Region"]), @"");
}

#[test]
fn what_cannot_be_selected_is_answered_with_the_nearest() {
    let folder = tables::folder();
    let slice = |select: &str| refused(folder.path(), &["slice", "90001.json", "--select", select]);
    assert_snapshot!(slice("Region=0302"), @"");
    assert_snapshot!(slice("Regoin=0301"), @"");
    assert_snapshot!(slice("Tid=top(0)"), @"");
    assert_snapshot!(slice("Region=99*"), @"");
    assert_snapshot!(slice("Region"), @"");
    let eliminated = refused(folder.path(), &["slice", "90001.json", "--eliminate", "Sted"]);
    assert_snapshot!(eliminated, @"");
}

#[test]
fn a_broken_file_is_named_with_the_place_and_nothing_is_written() {
    let folder = tables::folder();
    let lying = tables::POPULATION.replace("\"size\": [4, 1, 3]", "\"size\": [4, 1, 4]");
    write(folder.path(), "lying.json", &lying);
    let cut = &tables::HOUSES_PX[..tables::HOUSES_PX.len() - 40];
    write(folder.path(), "cut.px", cut);
    write(folder.path(), "other.json", "{\"hello\": true}");
    write(folder.path(), "empty.csv", "");
    for name in ["lying.json", "cut.px", "other.json", "empty.csv", "absent.px"] {
        let ran = cube(folder.path(), &["convert", name, "out.csv"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
        assert!(!folder.path().join("out.csv").exists(), "{name}");
    }
    assert_snapshot!(refused(folder.path(), &["convert", "lying.json", "out.csv"]), @"");
    assert_snapshot!(refused(folder.path(), &["convert", "cut.px", "out.csv"]), @"");
    assert_snapshot!(refused(folder.path(), &["convert", "90001.json", "out.dat"]), @"");
}

#[test]
fn validate_lists_every_fault_and_fails() {
    let folder = tables::folder();
    let lying = tables::POPULATION
        .replace("\"size\": [4, 1, 3]", "\"size\": [4, 1, 4]")
        .replace("\"1103\": 1, \"1515\": 2", "\"1103\": 2, \"1515\": 2")
        .replace("\"10\": \":\"", "\"99\": \":\"");
    write(folder.path(), "lying.json", &lying);
    let said = ["nb", "en"].map(|language| {
        cube(folder.path(), &["validate", "lying.json", "--lang", language]).to_string()
    });
    assert_snapshot!(said.join("\n\n"), @"");
    assert_snapshot!(both(folder.path(), &["validate", "90001.json"]), @"");
}
