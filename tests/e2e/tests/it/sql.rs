//! SQL that writes, reaches outside, or never ends.

use insta::assert_snapshot;
use testkit::run;

use crate::{json, told};

#[test]
fn totals_are_the_published_ones() {
    let sum = json(&[
        "sql",
        "SELECT sum(value) AS total FROM population_persons WHERE year = 2024",
        "--format",
        "json",
    ]);
    assert_eq!(sum[0]["total"].as_f64(), Some(5_550_203.0));
    let oslo =
        "SELECT value FROM population_persons WHERE year = 2024 AND municipality_code = '0301'";
    assert_eq!(json(&["sql", oslo, "--format", "json"])[0]["value"].as_f64(), Some(717_710.0));
}

#[test]
fn writing_is_refused() {
    assert_snapshot!(told(&["sql", "INSERT INTO figure VALUES (1, '2024', '0301', 1, 'ok', 1)"]), @r"
    nb, exit 2: Spørringen kan bare lese med SELECT; dette ble avvist: write to `figure`.
    en, exit 2: The query may only read with SELECT; it tried to write to `figure`.
    ");
    assert_snapshot!(told(&["sql", "DROP TABLE figure"]), @r"
    nb, exit 2: Spørringen kan bare lese med SELECT; dette ble avvist: change the structure.
    en, exit 2: The query may only read with SELECT; it tried to change the structure.
    ");
    assert_snapshot!(told(&["sql", "PRAGMA journal_mode = wal"]), @r"
    nb, exit 2: Spørringen kan bare lese med SELECT; dette ble avvist: use the pragma `journal_mode`.
    en, exit 2: The query may only read with SELECT; it tried to use the pragma `journal_mode`.
    ");
}

#[test]
fn reaching_for_files_is_refused() {
    assert_snapshot!(told(&["sql", "ATTACH 'other.db' AS other"]), @r"
    nb, exit 2: Spørringen kan bare lese med SELECT; dette ble avvist: attach another file.
    en, exit 2: The query may only read with SELECT; it tried to attach another file.
    ");
    for query in
        ["SELECT readfile('Cargo.toml')", "SELECT load_extension('x')", "VACUUM INTO 'copy.gpkg'"]
    {
        assert_eq!(run(&["sql", query]).code, Some(2), "{query}");
    }
}

#[test]
fn one_statement_at_a_time() {
    assert_snapshot!(told(&["sql", "SELECT 1; SELECT 2"]), @r"
    nb, exit 2: Spørringen har flere setninger; send én SELECT om gangen.
    en, exit 2: The query holds several statements; send one SELECT at a time.
    ");
    assert_eq!(run(&["sql", "SELECT 1;"]).code, Some(0));
    assert_snapshot!(told(&["sql", ""]), @r"
    nb, exit 2: Spørringen er ikke gyldig SQL: there is no statement.
    en, exit 2: The query is not valid SQL: there is no statement.
    ");
}

#[test]
fn what_is_not_sql_is_shown_its_place() {
    assert_snapshot!(told(&["sql", "SELECT value\nFROM population_person"]), @r"
    nb, exit 2: Spørringen er ikke gyldig SQL: no such table: population_person.
    en, exit 2: The query is not valid SQL: no such table: population_person.
    ");
    assert_snapshot!(told(&["sql", "SELECT 1 +"]), @r"
    nb, exit 2: Spørringen er ikke gyldig SQL: incomplete input.
    en, exit 2: The query is not valid SQL: incomplete input.
    ");
}

#[test]
fn a_query_without_end_is_stopped_by_the_clock() {
    let endless = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number";
    let ran = run(&["sql", endless, "--lang", "en"]);
    assert_snapshot!(ran, @r"
    exit 2
    --- stderr ---
    The query was stopped after 10 seconds; narrow it.
    ");
}

#[test]
fn a_query_that_grows_is_stopped_by_its_memory() {
    let growing = "WITH RECURSIVE number(n, text) AS (SELECT 1, hex(randomblob(20000)) UNION SELECT n + 1, hex(randomblob(20000)) FROM number) SELECT count(*) FROM number";
    let ran = run(&["sql", growing, "--lang", "en"]);
    assert_snapshot!(ran, @r"
    exit 2
    --- stderr ---
    The query was stopped because it needed more than 256 MiB of memory; narrow it.
    ");
}
