use std::time::{Duration, Instant};

use store::{QueryLimits, Snapshot, StoreError};

/// Runs SQL from outside and says what came of it.
fn ask(sql: &str) -> String {
    ask_within(sql, &QueryLimits { time: Duration::from_millis(500), ..QueryLimits::default() })
}

fn ask_within(sql: &str, limits: &QueryLimits) -> String {
    let snapshot = Snapshot::embedded().expect("sound");
    match snapshot.query(sql, limits) {
        Ok(rows) => format!("{} rows", rows.rows.len()),
        Err(error @ StoreError::Engine { .. }) => panic!("{sql}: {}", crate::told(&error)),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_select_is_answered() {
    assert_eq!(ask("SELECT * FROM municipality;"), "357 rows");
    assert_eq!(ask("SELECT sum(value) FROM population_persons -- with a comment"), "1 rows");
    assert_eq!(
        ask(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5) SELECT n FROM n"
        ),
        "5 rows"
    );
    assert_eq!(ask("SELECT name FROM sqlite_schema WHERE type = 'view'"), "110 rows");
    assert_eq!(ask("SELECT value FROM json_each('[1, 2]')"), "2 rows");
    assert_eq!(ask("VALUES (1), (2)"), "2 rows");
}

#[test]
fn whatever_does_not_read_is_forbidden() {
    let cases = [
        ("INSERT INTO source SELECT * FROM source", "write to `source`"),
        ("UPDATE figure SET value = 0", "write to `figure`"),
        ("DELETE FROM figure", "write to `figure`"),
        ("DROP TABLE figure", "change the structure"),
        ("CREATE TABLE mine (value)", "change the structure"),
        ("CREATE TEMP TABLE mine (value)", "change the structure"),
        ("CREATE VIEW mine AS SELECT 1", "change the structure"),
        ("CREATE VIRTUAL TABLE mine USING fts5(text)", "change the structure"),
        ("ALTER TABLE figure RENAME TO mine", "change the structure"),
        ("REINDEX", "change the structure"),
        ("ANALYZE", "change the structure"),
        ("ATTACH 'other.gpkg' AS other", "attach another file"),
        ("DETACH main", "detach a file"),
        ("PRAGMA hard_heap_limit", "use the pragma `hard_heap_limit`"),
        ("PRAGMA temp_store = file", "use the pragma `temp_store`"),
        ("SELECT * FROM pragma_table_info('figure')", "use the pragma `table_info`"),
        ("BEGIN", "open or close a transaction"),
        ("SAVEPOINT mine", "open or close a transaction"),
        ("VACUUM", "write"),
        ("VACUUM INTO 'copy.gpkg'", "write"),
        ("SELECT load_extension('mine.so')", "call `load_extension`"),
        ("SELECT fts3_tokenizer('simple')", "call `fts3_tokenizer`"),
    ];
    for (sql, action) in cases {
        let expected =
            format!("the query may not {action}; only `SELECT` on the snapshot is allowed");
        assert_eq!(ask(sql), expected, "{sql}");
    }
}

#[test]
fn there_are_no_functions_that_reach_files() {
    assert_eq!(
        ask("SELECT readfile('/etc/hostname')"),
        "the query is not valid at line 1, column 8: no such function: readfile"
    );
    assert_eq!(
        ask("SELECT writefile('x', 'y')"),
        "the query is not valid at line 1, column 8: no such function: writefile"
    );
    assert_eq!(ask("SELECT * FROM fsdir('.')"), "the query is not valid: no such table: fsdir");
}

#[test]
fn one_statement_at_a_time() {
    let several = "the query holds more than one statement; send one `SELECT` at a time";
    assert_eq!(ask("SELECT 1; SELECT 2"), several);
    assert_eq!(ask("SELECT 1; DROP TABLE figure"), several);
    assert_eq!(ask("SELECT 1; nonsense"), several);
    assert_eq!(ask(" -- nothing"), "the query is not valid: there is no statement");
}

#[test]
fn a_mistake_is_shown_where_it_is() {
    assert_eq!(
        ask("SELECT *\n  FORM figure"),
        "the query is not valid at line 2, column 3: near \"FORM\": syntax error"
    );
    assert_eq!(
        ask("SELECT 'æøå', valeu FROM figure"),
        "the query is not valid at line 1, column 15: no such column: valeu"
    );
    assert_eq!(ask("SELECT * FROM figures"), "the query is not valid: no such table: figures");
    assert_eq!(ask("SELECT 1 +"), "the query is not valid: incomplete input");
}

#[test]
fn an_endless_query_stops_at_its_time_limit() {
    let endless =
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT max(n) FROM n";
    let began = Instant::now();
    assert_eq!(ask(endless), "the query was stopped after 0.5 s, its time limit; narrow it");
    assert!(began.elapsed() < Duration::from_secs(5));
    let product = "SELECT count(*) FROM figure AS a, figure AS b WHERE a.value < b.value";
    assert_eq!(ask(product), "the query was stopped after 0.5 s, its time limit; narrow it");
}

#[test]
fn a_greedy_query_stops_at_its_memory_limit() {
    let limits = QueryLimits { memory_bytes: 4_000_000, ..QueryLimits::default() };
    let stopped = "the query was stopped at 4000000 bytes, its memory limit; narrow it";
    let sorted = "SELECT a.value FROM figure AS a, municipality AS b ORDER BY a.value + b.fid";
    assert_eq!(ask_within(sorted, &limits), stopped);
    let distinct = "SELECT count(DISTINCT printf('%0200d', a.rowid * 1000 + b.rowid)) FROM grunnkrets AS a, municipality AS b";
    assert_eq!(ask_within(distinct, &limits), stopped);
    assert_eq!(ask_within("SELECT zeroblob(90000) FROM grunnkrets", &limits), stopped);
    assert_eq!(ask_within("SELECT * FROM figure", &limits), stopped);
}

#[test]
fn a_long_answer_stops_at_its_row_limit() {
    let limits = QueryLimits { rows: 357, ..QueryLimits::default() };
    assert_eq!(ask_within("SELECT * FROM municipality", &limits), "357 rows");
    assert_eq!(
        ask_within("SELECT * FROM figure AS a, figure AS b", &limits),
        "the query was stopped after 357 rows, its limit; add a condition or `LIMIT`"
    );
}

#[test]
fn a_long_value_is_refused() {
    let refused = "the query makes a value longer than 100000 bytes; split it";
    assert_eq!(ask("SELECT zeroblob(1000000000)"), refused);
    assert_eq!(ask("SELECT randomblob(300000)"), refused);
    assert_eq!(
        ask("SELECT group_concat(municipality_code || period || status) FROM figure"),
        refused
    );
    assert_eq!(ask("SELECT printf('%1000000d', 1)"), refused);
}

#[test]
fn slow_text_functions_end_soon_after_the_time_limit() {
    let began = Instant::now();
    let slow = "SELECT sum(instr(hex(zeroblob(49000)), hex(zeroblob(24000)) || a.fid)) FROM grunnkrets AS a";
    assert_eq!(ask(slow), "the query was stopped after 0.5 s, its time limit; narrow it");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn a_greedy_query_leaves_trusted_ones_alone() {
    let limits = QueryLimits { memory_bytes: 200_000, ..QueryLimits::default() };
    let all = "SELECT * FROM figure ORDER BY value, measure_id, period, municipality_code";
    let snapshot = Snapshot::embedded().expect("sound");
    std::thread::scope(|scope| {
        scope.spawn(|| (0..20).for_each(|_| drop(ask_within(all, &limits))));
        scope.spawn(|| {
            let rows = snapshot.session().expect("open").rows(all).expect("no limit here");
            assert!(rows.rows.len() > 150_000);
        });
    });
}

#[test]
fn limited_queries_take_turns() {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(ask("SELECT * FROM municipality"), "357 rows"));
        }
    });
}
