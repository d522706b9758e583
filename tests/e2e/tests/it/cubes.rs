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
    assert_snapshot!(ran.stdout, @r"
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    0301,Oslo,Personer,Personer,2024,2024,717710,
    0301,Oslo,Personer,Personer,2025,2025,724290,
    0301,Oslo,Personer,Personer,2026,2026,728714,
    1103,Stavanger,Personer,Personer,2024,2024,148682,
    1103,Stavanger,Personer,Personer,2025,2025,150123,
    1103,Stavanger,Personer,Personer,2026,2026,151207,
    1515,Herøy,Personer,Personer,2024,2024,8997,
    1515,Herøy,Personer,Personer,2025,2025,,..
    1515,Herøy,Personer,Personer,2026,2026,9012,*
    1818,Herøy,Personer,Personer,2024,2024,1742,
    1818,Herøy,Personer,Personer,2025,2025,,:
    1818,Herøy,Personer,Personer,2026,2026,1718,
    ");
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
    assert_snapshot!(ran.stdout, @r"
    region,region_label,år,år_label,value,status
    0301,Oslo,2024,2024,345000,
    0301,Oslo,2025,2025,347500,
    ");
}

#[test]
fn info_says_what_is_missing_and_why() {
    let folder = tables::folder();
    assert_snapshot!(both(folder.path(), &["info", "90001.json"]), @r"
    exit 0
    --- stdout ---
    90001: Folkemengde, etter region, statistikkvariabel og år
    Kilde: Testbyrået. Oppdatert: 2026-02-19T07:00:00Z.
    Perioder: 2024 til 2026 (2024-01-01 til 2026-12-31)
    12 celler, 2 uten tall
      ..  1 uten tall: mangler
      :  1 uten tall: skjult av personvern
      *  1 med tall: foreløpig

     Dimensjon     Tittel              Rolle  Koder  Første    Siste
    ───────────────────────────────────────────────────────────────────
     Region        region              sted       4  0301      1818
     ContentsCode  statistikkvariabel  mål        1  Personer  Personer
     Tid           år                  tid        3  2024      2026

    • Tallene gjelder 1. januar.

    exit 0
    --- stdout ---
    90001: Folkemengde, etter region, statistikkvariabel og år
    Source: Testbyrået. Updated: 2026-02-19T07:00:00Z.
    Periods: 2024 to 2026 (2024-01-01 to 2026-12-31)
    12 cells, 2 without a number
      ..  1 without a number: missing
      :  1 without a number: confidential
      *  1 with a number: preliminary

     Dimension     Title               Role     Codes  First     Last
    ─────────────────────────────────────────────────────────────────────
     Region        region              place        4  0301      1818
     ContentsCode  statistikkvariabel  measure      1  Personer  Personer
     Tid           år                  time         3  2024      2026

    • Tallene gjelder 1. januar.
    ");
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
    assert_snapshot!(cut(&["--select", "Tid=top(2)", "--select", "region=1?1?"]), @r"
    exit 0
    --- stdout ---
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    1515,Herøy,Personer,Personer,2025,2025,,..
    1515,Herøy,Personer,Personer,2026,2026,9012,*
    1818,Herøy,Personer,Personer,2025,2025,,:
    1818,Herøy,Personer,Personer,2026,2026,1718,
    ");
    assert_snapshot!(cut(&["--select", "Tid=2026", "--eliminate", "Tid"]), @r"
    exit 0
    --- stdout ---
    Region,Region_label,ContentsCode,ContentsCode_label,value,status
    0301,Oslo,Personer,Personer,728714,
    1103,Stavanger,Personer,Personer,151207,
    1515,Herøy,Personer,Personer,9012,*
    1818,Herøy,Personer,Personer,1718,
    ");
}

#[test]
fn a_sum_says_what_it_lacks() {
    let folder = tables::folder();
    assert_snapshot!(both(folder.path(), &["slice", "90001.json", "--eliminate", "Region"]), @r"
    exit 0
    --- stdout ---
    ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    Personer,Personer,2024,2024,877131,
    Personer,Personer,2025,2025,,..
    Personer,Personer,2026,2026,890651,
    --- stderr ---
    Summer over Region som mangler deler: 1 (1 mangler, 1 skjult av personvern).

    exit 0
    --- stdout ---
    ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    Personer,Personer,2024,2024,877131,
    Personer,Personer,2025,2025,,..
    Personer,Personer,2026,2026,890651,
    --- stderr ---
    Sums over Region that lack parts: 1 (1 missing, 1 confidential).
    ");
}

#[test]
fn what_cannot_be_selected_is_answered_with_the_nearest() {
    let folder = tables::folder();
    let slice = |select: &str| refused(folder.path(), &["slice", "90001.json", "--select", select]);
    assert_snapshot!(slice("Region=0302"), @r"
    nb: Kuben: dimensjonen Region har ingen kode «0302»; nærmest er 0301.
    en: The cube: dimension Region has no code “0302”; nearest are 0301.
    ");
    assert_snapshot!(slice("Regoin=0301"), @r"
    nb: Kuben har ingen dimensjon «Regoin»; mente du Region?
    en: The cube has no dimension “Regoin”; did you mean Region?
    ");
    assert_snapshot!(slice("Tid=top(0)"), @r"
    nb: Kuben: uttrykket «top(0)» for dimensjonen Tid er ikke gyldig; bruk *, ?, top(n), bottom(n), from(kode), to(kode) eller range(fra,til).
    en: The cube: the expression “top(0)” for dimension Tid is not valid; use *, ?, top(n), bottom(n), from(code), to(code) or range(from,to).
    ");
    assert_snapshot!(slice("Region=99*"), @r"
    nb: Kuben: «99*» treffer ingen kode i dimensjonen Region.
    en: The cube: “99*” matches no code of dimension Region.
    ");
    assert_snapshot!(slice("Region"), @r"
    nb: «Region» kan ikke brukes for --select <DIM=EXPR>; skriv dimensjonen, likhetstegn og koder, som Region=03*,1103.
    en: “Region” cannot be used for --select <DIM=EXPR>; write the dimension, an equals sign and codes, such as Region=03*,1103.
    ");
    let eliminated = refused(folder.path(), &["slice", "90001.json", "--eliminate", "Sted"]);
    assert_snapshot!(eliminated, @r"
    nb: Kuben har ingen dimensjon «Sted»; mente du Tid?
    en: The cube has no dimension “Sted”; did you mean Tid?
    ");
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
    assert_snapshot!(refused(folder.path(), &["convert", "lying.json", "out.csv"]), @r"
    nb: lying.json henger ikke sammen ved dimension `Tid`: it has 3 categories, and `size` says 4.
    en: lying.json does not hold together at dimension `Tid`: it has 3 categories, and `size` says 4.
    ");
    assert_snapshot!(refused(folder.path(), &["convert", "cut.px", "out.csv"]), @r"
    nb: cut.px er ikke gyldig PX: the text that begins in line 21 has no end; the file may be cut (keyword SOURCE, line 21).
    en: cut.px is not valid PX: the text that begins in line 21 has no end; the file may be cut (keyword SOURCE, line 21).
    ");
    assert_snapshot!(refused(folder.path(), &["convert", "90001.json", "out.dat"]), @r"
    nb: Endelsen til out.dat sier ikke hvilket format; bruk .csv, .json, .px, .xlsx, .parquet eller .arrow, eller oppgi --format.
    en: The ending of out.dat names no format; use .csv, .json, .px, .xlsx, .parquet or .arrow, or give --format.
    ");
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
    assert_snapshot!(said.join("\n\n"), @r"
    exit 2
    --- stdout ---
    ✗ Dimensjonen Region: kodene «1103» og «1515» har begge plass 2.
    ✗ Dimensjonen Region: ingen kode har plass 1.
    ✗ Dimensjonen Tid har 3 koder, men «size» sier 4.
    ✗ «value» har 12 tall til 16 celler.
    ✗ «status» nevner celler som ikke finnes (1, den første 99); det er 16 celler, talt fra 0.
    --- stderr ---
    Feil i lying.json: 5.

    exit 2
    --- stdout ---
    ✗ Dimension Region: the codes “1103” and “1515” both have position 2.
    ✗ Dimension Region: no code has position 1.
    ✗ Dimension Tid has 3 codes, but “size” says 4.
    ✗ “value” has 12 figures for 16 cells.
    ✗ “status” names cells that do not exist (1, the first 99); there are 16 cells, counted from 0.
    --- stderr ---
    Faults in lying.json: 5.
    ");
    assert_snapshot!(both(folder.path(), &["validate", "90001.json"]), @r"
    exit 0
    --- stdout ---
    90001.json er gyldig JSON-stat.
    • Dimensjonen Region: flere koder heter «Herøy»; bruk koden som nøkkel.

    exit 0
    --- stdout ---
    90001.json is valid JSON-stat.
    • Dimension Region: several codes are called “Herøy”; use the code as the key.
    ");
}
