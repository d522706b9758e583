//! The caller's mistakes: each said in one sentence, with what to do instead.

use insta::assert_snapshot;
use serde_json::Value;
use testkit::run;

use crate::told;

#[test]
fn an_unknown_municipality_gets_the_nearest_names() {
    assert_snapshot!(told(&["explain", "Oslu"]), @r"
    nb, exit 2: Fant ingen kommune «Oslu»; mente du Oslo (0301), Sola (1124), Os (3430)?
    en, exit 2: There is no municipality “Oslu”; did you mean Oslo (0301), Sola (1124), Os (3430)?
    ");
    assert_snapshot!(told(&["explain", "9999"]), @r"
    nb, exit 2: Fant ingen kommune «9999»; mente du Larvik (3909), Hå (1119), Karmøy (1149)?
    en, exit 2: There is no municipality “9999”; did you mean Larvik (3909), Hå (1119), Karmøy (1149)?
    ");
}

#[test]
fn a_municipality_that_was_split_lists_its_successors() {
    assert_snapshot!(told(&["explain", "1507"]), @r"
    nb, exit 2: «1507» kan være flere kommuner; oppgi kommunenummer: Ålesund (1507) → Haram (1580), Ålesund (1507) → Ålesund (1508).
    en, exit 2: “1507” can be several municipalities; give the municipality number: Ålesund (1507) → Haram (1580), Ålesund (1507) → Ålesund (1508).
    ");
}

#[test]
fn municipalities_of_one_name_are_listed() {
    assert_snapshot!(told(&["explain", "Herøy"]), @r"
    nb, exit 2: «Herøy» kan være flere kommuner; oppgi kommunenummer: Herøy (Møre og Romsdal) (1515), Herøy (Nordland) (1818).
    en, exit 2: “Herøy” can be several municipalities; give the municipality number: Herøy (Møre og Romsdal) (1515), Herøy (Nordland) (1818).
    ");
    assert_snapshot!(told(&["flags", "våler"]), @r"
    nb, exit 2: «våler» kan være flere kommuner; oppgi kommunenummer: Våler (Innlandet) (3419), Våler (Østfold) (3114).
    en, exit 2: “våler” can be several municipalities; give the municipality number: Våler (Innlandet) (3419), Våler (Østfold) (3114).
    ");
    assert_snapshot!(told(&["explain", "Bø"]), @r"
    nb, exit 2: «Bø» kan være flere kommuner; oppgi kommunenummer: Bø (0821) → Midt-Telemark (4020), Bø (1867).
    en, exit 2: “Bø” can be several municipalities; give the municipality number: Bø (0821) → Midt-Telemark (4020), Bø (1867).
    ");
}

#[test]
fn unknown_ids_are_answered_with_those_there_are() {
    assert_snapshot!(told(&["rank", "--model", "nope"]), @r"
    nb, exit 2: Fant ingen modell «nope»; velg blant sosialbolig-v1, oversikt-v1, distrikt, likevekt, press, rapport2026-mal-v1, rapport2026-v1, rapport2026-v1-rescaled, uten-politikk, eller oppgi en TOML-fil.
    en, exit 2: There is no model “nope”; choose among sosialbolig-v1, oversikt-v1, distrikt, likevekt, press, rapport2026-mal-v1, rapport2026-v1, rapport2026-v1-rescaled, uten-politikk, or give a TOML file.
    ");
    assert_snapshot!(told(&["model", "show", "nope"]), @r"
    nb, exit 2: Fant ingen modell «nope»; velg blant sosialbolig-v1, oversikt-v1, distrikt, likevekt, press, rapport2026-mal-v1, rapport2026-v1, rapport2026-v1-rescaled, uten-politikk, eller oppgi en TOML-fil.
    en, exit 2: There is no model “nope”; choose among sosialbolig-v1, oversikt-v1, distrikt, likevekt, press, rapport2026-mal-v1, rapport2026-v1, rapport2026-v1-rescaled, uten-politikk, or give a TOML file.
    ");
    assert_snapshot!(told(&["indicator", "show", "rented_household_percent"]), @r"
    nb, exit 2: Fant ingen indikator «rented_household_percent»; mente du rented_households_percent, residents_65plus_percent, overcrowded_households_percent?
    en, exit 2: There is no indicator “rented_household_percent”; did you mean rented_households_percent, residents_65plus_percent, overcrowded_households_percent?
    ");
    assert_snapshot!(told(&["indicator", "values", "robek"]), @r"
    nb, exit 2: Fant ingen indikator «robek»; mente du robek_listed, plan_processing_days, plan_objections_3y_count?
    en, exit 2: There is no indicator “robek”; did you mean robek_listed, plan_processing_days, plan_objections_3y_count?
    ");
    assert_snapshot!(told(&["rank", "--county", "99"]), @r"
    nb, exit 2: Fant ikke fylket «99»; velg blant 03 Oslo, 11 Rogaland, 15 Møre og Romsdal, 18 Nordland, 31 Østfold, 32 Akershus, 33 Buskerud, 34 Innlandet, 39 Vestfold, 40 Telemark, 42 Agder, 46 Vestland, 50 Trøndelag, 55 Troms, 56 Finnmark.
    en, exit 2: There is no county “99”; choose among 03 Oslo, 11 Rogaland, 15 Møre og Romsdal, 18 Nordland, 31 Østfold, 32 Akershus, 33 Buskerud, 34 Innlandet, 39 Vestfold, 40 Telemark, 42 Agder, 46 Vestland, 50 Trøndelag, 55 Troms, 56 Finnmark.
    ");
}

#[test]
fn weights_that_cannot_be_used() {
    assert_snapshot!(told(&["rank", "--weights", "B:-1"]), @r"
    nb, exit 2: Vektene kan ikke brukes: vekten til «B» er -1; oppgi 0 til 1000000000.
    en, exit 2: The weights cannot be used: the weight of `B` is -1; give 0 to 1000000000.
    ");
    assert_snapshot!(told(&["rank", "--weights", "B:2e9"]), @r"
    nb, exit 2: Vektene kan ikke brukes: vekten til «B» er 2000000000; oppgi 0 til 1000000000.
    en, exit 2: The weights cannot be used: the weight of `B` is 2000000000; give 0 to 1000000000.
    ");
    assert_snapshot!(told(&["rank", "--weights", "B:nan"]), @r"
    nb, exit 2: Vektene kan ikke brukes: vekten til «B» er NaN; oppgi 0 til 1000000000.
    en, exit 2: The weights cannot be used: the weight of `B` is NaN; give 0 to 1000000000.
    ");
    assert_snapshot!(told(&["rank", "--weights", "B:0,M:0,V:0,G:0"]), @r"
    nb, exit 2: Vektene kan ikke brukes: alle vekter under «total» er null; minst én må være over 0.
    en, exit 2: The weights cannot be used: all weights under `total` are zero; one must be above 0.
    ");
    assert_snapshot!(told(&["rank", "--weights", "Q:1"]), @r"
    nb, exit 2: Vektene kan ikke brukes: modellen har ingen gruppe eller indikator «Q» å vekte.
    en, exit 2: The weights cannot be used: the model has no group or indicator `Q` to weigh.
    ");
    assert_snapshot!(told(&["explain", "Oslo", "--weights", "B~1"]), @r"
    nb, exit 2: Vektene kan ikke brukes: «B~1» er ikke navn:tall.
    en, exit 2: The weights cannot be used: `B~1` is not `name:number`.
    ");
}

#[test]
fn what_cannot_be_understood() {
    assert_snapshot!(told(&["rnk"]), @r"
    nb, exit 2: Ukjent kommando «rnk»; «grunnlag --help» lister kommandoene.
    en, exit 2: Unknown command “rnk”; “grunnlag --help” lists the commands.
    ");
    assert_snapshot!(told(&["rank", "--modell", "x"]), @r"
    nb, exit 2: Ukjent valg «--modell»; legg til --help for å se hva kommandoen tar.
    en, exit 2: Unknown option “--modell”; add --help to see what the command takes.
    ");
    assert_snapshot!(told(&["rank", "--format", "xml"]), @r"
    nb, exit 2: «xml» kan ikke brukes for --format <FORMAT>; velg blant table, csv, json, xlsx, parquet.
    en, exit 2: “xml” cannot be used for --format <FORMAT>; choose among table, csv, json, xlsx, parquet.
    ");
    assert_snapshot!(told(&["rank", "--top", "0"]), @r"
    nb, exit 2: «0» kan ikke brukes for --top <N>.
    en, exit 2: “0” cannot be used for --top <N>.
    ");
    assert_snapshot!(told(&["explain"]), @r"
    nb, exit 2: Det mangler <CODE|NAME>; legg til --help for å se hva kommandoen tar.
    en, exit 2: <CODE|NAME> is missing; add --help to see what the command takes.
    ");
    assert_snapshot!(told(&["rank", "--data", "no-such-folder"]), @r"
    nb, exit 2: Datamappen no-such-folder finnes ikke; sjekk navnet etter --data.
    en, exit 2: The data folder no-such-folder does not exist; check the name after --data.
    ");
    assert_snapshot!(told(&["rank", "--model", "no-such-file.toml"]), @r"
    nb, exit 2: Modellfilen no-such-file.toml kan ikke leses (No such file or directory (os error 2)); sjekk navnet.
    en, exit 2: The model file no-such-file.toml cannot be read (No such file or directory (os error 2)); check its name.
    ");
}

#[test]
fn an_address_open_to_others_needs_a_token() {
    assert_snapshot!(told(&["serve", "--no-open", "--listen", "0.0.0.0:0"]), @r"
    nb, exit 2: 0.0.0.0:0 er åpen for andre maskiner; sett GRUNNLAG_TOKEN eller --token, eller lytt på 127.0.0.1.
    en, exit 2: 0.0.0.0:0 is open to other machines; set GRUNNLAG_TOKEN or --token, or listen on 127.0.0.1.
    ");
}

#[test]
fn errors_as_json_are_one_object() {
    for (args, kind, code) in [
        (&["explain", "Oslu"] as &[&str], "usage", 2),
        (&["rnk"], "usage", 2),
        (&["rank", "--top", "none"], "usage", 2),
        (&["sql", "SELECT"], "usage", 2),
    ] {
        for language in ["nb", "en"] {
            let ran = run(&[args, &["--json-errors", "--lang", language]].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{args:?}");
            let error: Value = serde_json::from_str(&ran.stderr).expect("one JSON object");
            assert_eq!(error["type"], kind, "{error}");
            assert_eq!(error["exit_code"], code, "{error}");
            assert_eq!(error["language"], language, "{error}");
            // The sentence is the one that a person reads.
            let spoken = run(&[args, &["--lang", language]].concat()).stderr;
            assert_eq!(error["detail"].as_str(), Some(spoken.trim_end()));
        }
    }
}
