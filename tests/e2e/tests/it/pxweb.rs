//! PxWeb servers, from plan to file: against a server of our own, over a folder.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;
use testkit::{Ran, Served, run_in, serve_folder};

use crate::tables;

/// A server over two small tables, and a folder for the data.
struct Stage {
    served: Served,
    /// Its files are kept as long as it runs.
    _tables: TempDir,
    home: TempDir,
}

impl Stage {
    fn new() -> Stage {
        let tables = tables::folder();
        let home = tempfile::tempdir().expect("a folder");
        Stage { served: serve_folder(tables.path()), _tables: tables, home }
    }

    fn host(&self) -> String {
        format!("http://{}/pxwebapi/v2", self.served.address)
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs `grunnlag px …` against the server.
    fn px(&self, args: &[&str]) -> Ran {
        let host = self.host();
        self.at(&[&["px"], args, &["--host", &host]].concat())
    }

    /// Runs a command with the data folder, and hides the server's address and the times.
    fn at(&self, args: &[&str]) -> Ran {
        let data = self.home().join("data");
        let data = data.to_str().expect("a path in UTF-8");
        let ran = run_in(self.home(), &[args, &["--data", data]].concat());
        let hide = |text: &str| text.replace(&self.served.address, "[server]");
        Ran { stdout: hide(&ran.stdout), stderr: hide(&ran.stderr), ..ran }
    }

    /// A command that must succeed, in both languages.
    fn both(&self, args: &[&str]) -> String {
        let said = ["nb", "en"].map(|language| {
            let ran = self.px(&[args, &["--lang", language]].concat());
            assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
            ran.to_string()
        });
        said.join("\n\n")
    }

    /// The last line of a command that must fail, in both languages.
    fn refused(&self, args: &[&str]) -> String {
        let said = ["nb", "en"].map(|language| {
            let ran = self.px(&[args, &["--lang", language]].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}: {}", ran.stderr);
            let last = ran.stderr.lines().last().unwrap_or_default();
            format!("{language}: {last}")
        });
        said.join("\n")
    }
}

const WHOLE: [&str; 4] = ["--select", "ContentsCode=*", "--select", "Tid=*"];

#[test]
fn a_plan_is_printed_before_anything_is_asked_for() {
    let stage = Stage::new();
    let select = ["--select", "Region=*", "--select", "ContentsCode=*", "--select", "Tid=top(2)"];
    assert_snapshot!(stage.both(&[&["plan", "90001"], &select[..]].concat()), @r"
    exit 0
    --- stdout ---
    90001 hos [server]: 1 forespørsel, 8 celler, omtrent 4,4 kB.
    Rekkefølge: Region (4) × ContentsCode (1) × Tid (2)

    exit 0
    --- stdout ---
    90001 at [server]: 1 request, 8 cells, about 4.4 kB.
    Order: Region (4) × ContentsCode (1) × Tid (2)
    --- stderr ---
    [server] does not have en; the table is fetched in no.
    ");
    let ran = stage.px(&[&["plan", "90001", "--format", "json"], &WHOLE[..]].concat());
    let plan: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    assert_eq!((&plan["requests"], &plan["cells"]), (&1.into(), &3.into()));
    assert_eq!(plan["left_out"][0]["code"], "Region");
}

#[test]
fn get_writes_codes_labels_values_and_reasons() {
    let stage = Stage::new();
    let select =
        ["--select", "Region=1103,1515", "--select", "ContentsCode=*", "--select", "Tid=*"];
    assert_snapshot!(stage.both(&[&["get", "90001", "--quiet"], &select[..]].concat()), @r"
    exit 0
    --- stdout ---
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    1103,Stavanger,Personer,Personer,2024,2024,148682,
    1103,Stavanger,Personer,Personer,2025,2025,150123,
    1103,Stavanger,Personer,Personer,2026,2026,151207,
    1515,Herøy,Personer,Personer,2024,2024,8997,
    1515,Herøy,Personer,Personer,2025,2025,,..
    1515,Herøy,Personer,Personer,2026,2026,9012,*

    exit 0
    --- stdout ---
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    1103,Stavanger,Personer,Personer,2024,2024,148682,
    1103,Stavanger,Personer,Personer,2025,2025,150123,
    1103,Stavanger,Personer,Personer,2026,2026,151207,
    1515,Herøy,Personer,Personer,2024,2024,8997,
    1515,Herøy,Personer,Personer,2025,2025,,..
    1515,Herøy,Personer,Personer,2026,2026,9012,*
    ");
}

#[test]
fn the_same_figures_come_in_every_format() {
    let stage = Stage::new();
    let select = ["--select", "Region=*", "--select", "ContentsCode=*", "--select", "Tid=*"];
    let long = stage.px(&[&["get", "90001", "--quiet"], &select[..]].concat()).stdout;
    for ending in ["csv", "json", "px", "parquet", "arrow"] {
        let name = format!("there.{ending}");
        let ran = stage.px(&[&["get", "90001", "--out", &name], &select[..]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
        let back = run_in(stage.home(), &["cube", "convert", &name, "-", "--format", "csv"]);
        assert_eq!(back.stdout, long, "{ending}: {}", back.stderr);
    }
}

#[test]
fn what_has_been_fetched_is_there_without_a_network() {
    let stage = Stage::new();
    let args = [&["get", "90001", "--quiet"], &WHOLE[..]].concat();
    let fetched = stage.px(&args);
    assert_eq!(fetched.code, Some(0), "{}", fetched.stderr);
    let host = stage.host();
    let Stage { served, _tables, home } = stage;
    drop(served);
    let data = home.path().join("data");
    let kept = run_in(
        home.path(),
        &[
            &["px"],
            &args[..],
            &["--from-archive", "--host", &host, "--data", data.to_str().expect("UTF-8")],
        ]
        .concat(),
    );
    assert_eq!((kept.code, kept.stdout), (Some(0), fetched.stdout), "{}", kept.stderr);
}

#[test]
fn a_selection_that_does_not_fit_is_answered_with_the_nearest() {
    let stage = Stage::new();
    let get = |select: &[&str]| stage.refused(&[&["get", "90001"], select].concat());
    let rest = ["--select", "ContentsCode=*", "--select", "Tid=*"];
    assert_snapshot!(get(&[&["--select", "Region=0302"], &rest[..]].concat()), @r"
    nb: 90001: dimensjonen Region har ingen kode «0302»; nærmest er 0301.
    en: 90001: dimension Region has no code “0302”; nearest are 0301.
    ");
    assert_snapshot!(get(&[&["--select", "Regoin=0301"], &rest[..]].concat()), @r"
    nb: 90001 har ingen dimensjon «Regoin»; mente du Region?
    en: 90001 has no dimension “Regoin”; did you mean Region?
    ");
    assert_snapshot!(get(&["--select", "ContentsCode=*"]), @r"
    nb: 90001: dimensjonen Tid kan ikke utelates; legg til --select Tid=*.
    en: 90001: dimension Tid may not be left out; add --select Tid=*.
    ");
    assert_snapshot!(get(&["--select", "ContentsCode=*", "--select", "Tid=top(x)"]), @r"
    nb: 90001: uttrykket «top(x)» for dimensjonen Tid er ikke gyldig; bruk *, ?, top(n), bottom(n), from(kode), to(kode) eller range(fra,til).
    en: 90001: the expression “top(x)” for dimension Tid is not valid; use *, ?, top(n), bottom(n), from(code), to(code) or range(from,to).
    ");
    assert_snapshot!(stage.refused(&["info", "99999"]), @r"
    nb: Tabellen 99999 finnes ikke hos tjenesten i dette språket; «grunnlag px search» finner tabeller.
    en: The table 99999 does not exist at the server in this language; “grunnlag px search” finds tables.
    ");
    assert_snapshot!(stage.refused(&["codes", "90001", "Kjonn"]), @r"
    nb: 90001 har ingen dimensjon «Kjonn»; mente du ContentsCode?
    en: 90001 has no dimension “Kjonn”; did you mean ContentsCode?
    ");
}

#[test]
fn a_refused_fetch_leaves_no_file() {
    let stage = Stage::new();
    let ran = stage.px(&["get", "90001", "--select", "Region=0302", "--out", "out.csv"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(!stage.home().join("out.csv").exists());
    let ran = stage.px(&["get", "90001", "--out", "out.dat"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("out.dat"), "the ending is judged before anything is asked");
}

#[test]
fn a_table_can_be_looked_at() {
    let stage = Stage::new();
    assert_snapshot!(stage.both(&["info", "90001"]), @r"
    exit 0
    --- stdout ---
    90001: Folkemengde, etter region, statistikkvariabel og år
    Tabell 90001 hos [server]. Oppdatert: 2026-02-19T07:00:00Z.
    Hele tabellen er 12 celler.

     Dimensjon     Navn                Rolle  Koder  Første    Siste     Kan utelates
    ─────────────────────────────────────────────────────────────────────────────────
     Region        region              sted       4  0301      1818      ja
     ContentsCode  statistikkvariabel  mål        1  Personer  Personer  nei
     Tid           år                  tid        3  2024      2026      nei

    • Tallene gjelder 1. januar.

    exit 0
    --- stdout ---
    90001: Folkemengde, etter region, statistikkvariabel og år
    Table 90001 at [server]. Updated: 2026-02-19T07:00:00Z.
    The whole table is 12 cells.

     Dimension     Name                Role     Codes  First     Last      May be left out
    ──────────────────────────────────────────────────────────────────────────────────────
     Region        region              place        4  0301      1818      yes
     ContentsCode  statistikkvariabel  measure      1  Personer  Personer  no
     Tid           år                  time         3  2024      2026      no

    • Tallene gjelder 1. januar.
    --- stderr ---
    [server] does not have en; the table is fetched in no.
    ");
    assert_snapshot!(stage.both(&["codes", "90001", "region"]), @r"
    exit 0
    --- stdout ---
     Kode  Navn
    ────────────────
     0301  Oslo
     1103  Stavanger
     1515  Herøy
     1818  Herøy

    exit 0
    --- stdout ---
     Code  Name
    ────────────────
     0301  Oslo
     1103  Stavanger
     1515  Herøy
     1818  Herøy
    --- stderr ---
    [server] does not have en; the table is fetched in no.
    ");
    let ran = stage.px(&["meta", "90001", "--format", "json"]);
    let meta: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    assert_eq!(meta["dimensions"][0]["may_be_left_out"], true);
    assert_eq!(meta["dimensions"][1]["may_be_left_out"], false);
}

#[test]
fn a_pasted_address_runs_and_says_what_was_repaired() {
    let stage = Stage::new();
    let url = format!(
        "{}/tables/90001/data?lang=no&valueCodes[Region]=0301&valueCodes[ContentsCode]=*&valueCodes[Tid]=top(2,1)",
        stage.host()
    );
    let ran = stage.at(&["px", "url", &url]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_snapshot!(ran.to_string(), @r"
    exit 0
    --- stdout ---
    Region,Region_label,ContentsCode,ContentsCode_label,Tid,Tid_label,value,status
    0301,Oslo,Personer,Personer,2024,2024,717710,
    0301,Oslo,Personer,Personer,2025,2025,724290,
    --- stderr ---
    Rettet: «top(2,1)» har et komma i et uttrykk og trenger klammer: «[top(2,1)]».
    Forstått: tabell 90001 hos [server], språk no.
    90001 hos [server]: 1 forespørsel, 2 celler, omtrent 4,2 kB.
    Rekkefølge: Region (1) × ContentsCode (1) × Tid (2)
    1 av 1 forespørsler, 2 celler
    ");
    let old = "{\"query\":[{\"code\":\"Tid\",\"selection\":{\"filter\":\"top\",\"values\":[\"1\"]}},{\"code\":\"ContentsCode\",\"selection\":{\"filter\":\"all\",\"values\":[\"*\"]}}],\"response\":{\"format\":\"json-stat2\"}}";
    let root = stage.host().replace("/pxwebapi/v2", "");
    let pasted = format!("{root}/api/v0/no/table/90001\n{old}");
    fs::write(stage.home().join("query.txt"), pasted).expect("a file of the test's own");
    let ran = stage.at(&["px", "url", "query.txt"]);
    assert_snapshot!(ran.to_string(), @r#"
    exit 0
    --- stdout ---
    {"version":"2.0","class":"dataset","label":"90001: Folkemengde, etter region, statistikkvariabel og år","source":"Testbyrået","updated":"2026-02-19T07:00:00Z","note":["Tallene gjelder 1. januar."],"role":{"time":["Tid"],"metric":["ContentsCode"]},"id":["ContentsCode","Tid"],"size":[1,1],"dimension":{"ContentsCode":{"label":"statistikkvariabel","category":{"index":{"Personer":0},"label":{"Personer":"Personer"},"unit":{"Personer":{"base":"personer","decimals":0}}},"extension":{"elimination":false}},"Tid":{"label":"år","category":{"index":{"2026":0},"label":{"2026":"2026"}},"extension":{"elimination":false}}},"extension":{"px":{"tableid":"90001","language":"no","heading":["Tid"],"stub":["ContentsCode"]}},"value":[890651]}
    --- stderr ---
    Forstått: tabell 90001 hos [server], språk no.
    90001 hos [server]: 1 forespørsel, 1 celler, omtrent 4,1 kB.
    Rekkefølge: ContentsCode (1) × Tid (1)
    Utelatt: Region – tjenesten gir summen eller totalen.
    1 av 1 forespørsler, 1 celler
    "#);
    assert_snapshot!(stage.refused(&["url", "hello there"]), @r"
    nb: `hello there` er verken en adresse, en spørring, en tabell eller en lagret spørring.
    en: `hello there` is neither an address, a query, a table nor a saved query.
    ");
}

#[test]
fn search_works_from_the_catalogue_that_was_fetched() {
    let stage = Stage::new();
    assert_snapshot!(stage.refused(&["search", "folkemengde"]), @r"
    nb: Katalogen til [server] er ikke hentet ennå; kjør «grunnlag px search folkemengde --refresh» eller «grunnlag sync».
    en: The catalogue of [server] has not been fetched yet; run “grunnlag px search folkemengde --refresh” or “grunnlag sync”.
    ");
    let ran = stage.px(&["search", "folkemengde", "--refresh", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let found: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    assert_eq!(found["tables"][0]["id"], "90001");
    let offline = stage.px(&["search", "befolkning", "--format", "csv", "--quiet"]);
    assert_eq!(offline.code, Some(0), "{}", offline.stderr);
    assert!(offline.stdout.contains("90001"), "{}", offline.stdout);
    assert_snapshot!(stage.refused(&["search", "zzzz"]), @r"
    nb: Ingen tabell hos [server] svarer til «zzzz»; prøv færre eller andre ord.
    en: No table at [server] answers to “zzzz”; try fewer or other words.
    ");
}

#[test]
fn a_server_that_is_not_there_or_not_known_is_told_so() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let data = data.to_str().expect("UTF-8");
    let ran = run_in(home.path(), &["px", "info", "1", "--host", "nobody", "--data", data]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("Fant ingen tjeneste «nobody»; velg blant ssb, "));
}

#[test]
fn progress_can_be_read_by_programs() {
    let stage = Stage::new();
    let ran = stage.px(&[&["get", "90001", "--json", "--quiet"], &WHOLE[..]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let last: Value =
        serde_json::from_str(ran.stderr.lines().last().unwrap_or_default()).expect("a JSON line");
    assert_eq!(
        (&last["event"], &last["done"], &last["all"]),
        (&"progress".into(), &1.into(), &1.into())
    );
}

#[test]
fn a_folder_without_tables_is_not_served() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("x.px"), "hello").expect("a file of the test's own");
    let ran = run_in(home.path(), &["px", "serve", ".", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("x.px"), "{}", ran.stderr);
}

#[test]
fn a_sync_can_be_planned_without_asking_anybody() {
    let stage = Stage::new();
    let ran = stage.at(&["sync", "--plan", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let plan: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    let extracts = plan["extracts"].as_array().expect("a list");
    assert!(extracts.len() > 10, "{plan}");
    assert!(extracts.iter().all(|one| one["calls"].as_u64() > Some(0)), "nothing is held yet");
    let ran = stage.at(&["sync", "--table", "nope", "--plan"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert_snapshot!(ran.stderr, @"Ingen kilde heter «nope»; «grunnlag sync --plan» lister dem som finnes.");
}

#[test]
fn a_sync_against_a_server_without_the_tables_refuses_them_with_reasons() {
    let stage = Stage::new();
    let host = stage.host();
    let ran = stage.at(&["sync", "--host", &host, "--table", "07459", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let summary: Value = serde_json::from_slice(&ran.bytes).expect("JSON");
    assert_eq!(summary["extracts"][0]["outcome"], "refused");
    assert_eq!(summary["extracts"][0]["reasons"][0], "Katalogen har ingen slik tabell.");
}

#[test]
fn an_empty_data_folder_is_told_apart_from_a_missing_one() {
    let stage = Stage::new();
    let data = stage.home().join("data");
    fs::create_dir(&data).expect("a folder");
    for args in [&["tables"] as &[&str], &["diff", "07459"], &["receipt", "07459"]] {
        let ran = stage.at(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.stderr.contains("grunnlag sync"), "{}", ran.stderr);
    }
}
