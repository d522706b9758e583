//! `on_map(table, year)` in SQL: the figures of a table on the map of a year.
//!
//! SQLite has no functions that give tables, so the words are replaced before the
//! engine sees them: by a query in brackets over the table and `region_conversion`,
//! plain enough for every engine. Strings, comments and quoted names are left alone.
//!
//! The table has `municipality_code`, `period` or `year`, `value` and `status`, each
//! row under the code that was in force in its year; what comes out has these and
//! `modelled_share`. Counts only: a rate is worked out from counts on the same map.

mod words;

use rusqlite::Connection;

use crate::StoreError;
use words::{Word, words};

/// The query that takes the place of the words, with `{…}` for what differs.
const QUERY: &str = include_str!("query.sql");

/// Columns of a table that the engine does not know by itself: one that the query names with
/// `WITH`. If it is none of those either, the engine will say so.
const COLUMNS: [&str; 4] = ["municipality_code", "period", "value", "status"];

/// SQL that the engine can run, and where in the reader's own each part of it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expanded {
    pub(crate) sql: String,
    /// Per call: where its query begins and ends, and where the call began and ended.
    calls: Vec<[usize; 4]>,
}

/// One `on_map(table, year)`.
struct Call<'sql> {
    start: usize,
    end: usize,
    table: &'sql str,
    year: &'sql str,
}

impl Expanded {
    /// Where the reader wrote what stands at `offset`; inside a query that took the place of a
    /// call, where the call begins.
    pub(crate) fn as_typed(&self, offset: usize) -> usize {
        for [query_start, query_end, call_start, call_end] in self.calls.iter().rev() {
            if offset >= *query_end {
                return call_end + (offset - query_end);
            }
            if offset >= *query_start {
                return *call_start;
            }
        }
        offset
    }
}

/// Puts a query in the place of each call.
pub(crate) fn expand(connection: &Connection, sql: &str) -> Result<Expanded, StoreError> {
    let mut expanded = Expanded { sql: sql.to_owned(), calls: Vec::new() };
    // Nearly all queries have none; they need not be read.
    if !sql.as_bytes().windows(6).any(|window| window.eq_ignore_ascii_case(b"on_map")) {
        return Ok(expanded);
    }
    expanded.sql.clear();
    let mut done = 0;
    for call in calls(sql)? {
        expanded.sql.push_str(&sql[done..call.start]);
        let start = expanded.sql.len();
        expanded.sql.push_str(&query(connection, sql, &call)?);
        expanded.calls.push([start, expanded.sql.len(), call.start, call.end]);
        done = call.end;
    }
    expanded.sql.push_str(&sql[done..]);
    Ok(expanded)
}

/// The calls in a text, in order.
fn calls(sql: &str) -> Result<Vec<Call<'_>>, StoreError> {
    let words: Vec<(usize, &str, Word)> = words(sql).collect();
    let mut calls = Vec::new();
    for (at, (start, text, word)) in words.iter().enumerate() {
        let opens = matches!(words.get(at + 1), Some((_, "(", _)));
        if *word != Word::Name || !text.eq_ignore_ascii_case("on_map") || !opens {
            continue;
        }
        let before = at.checked_sub(1).map_or("", |before| words[before].1);
        let is_table = ["from", "join"].iter().any(|word| before.eq_ignore_ascii_case(word))
            || matches!(before, "," | "(");
        let (arguments, year) = match words.get(at + 2..at + 6) {
            Some([table, (_, ",", _), (_, year, Word::Number), (last, ")", _)]) if is_table => {
                ((table, *last), *year)
            }
            _ => {
                return Err(fault(
                    sql,
                    *start,
                    "on_map stands after FROM or JOIN, as in on_map(population_persons, 2024)",
                ));
            }
        };
        let ((_, table, _), last) = arguments;
        calls.push(Call { start: *start, end: last + 1, table: plain_name(table), year });
    }
    Ok(calls)
}

/// A name without its quotes.
fn plain_name(table: &str) -> &str {
    let inner = table.get(1..table.len().saturating_sub(1)).unwrap_or_default();
    match table.as_bytes().first() {
        Some(b'"' | b'\'' | b'`' | b'[') => inner,
        _ => table,
    }
}

fn query(connection: &Connection, sql: &str, call: &Call<'_>) -> Result<String, StoreError> {
    let maps = maps(connection)?;
    if !maps.iter().any(|map| map == call.year) {
        let known = if maps.is_empty() { "none".to_owned() } else { maps.join(", ") };
        let problem =
            format!("figures cannot be moved to the map of {}; known: {known}", call.year);
        return Err(fault(sql, call.start, &problem));
    }
    let columns =
        columns(connection, call.table).unwrap_or_else(|_| COLUMNS.map(str::to_owned).to_vec());
    let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let needed = ["municipality_code", "value", "status"].into_iter().find(|name| !has(name));
    let needed = needed.or((!has("period") && !has("year")).then_some("period"));
    if let Some(name) = needed {
        let problem = format!("on_map needs a column `{name}` in {}", call.table);
        return Err(fault(sql, call.start, &problem));
    }
    let period = if has("period") { "period" } else { "CAST(year AS TEXT)" };
    let year = if has("year") { "year" } else { "CAST(substr(period, 1, 4) AS INTEGER)" };
    let table = call.table.replace('"', "\"\"");
    let rows = format!(
        "SELECT municipality_code, {period} AS period, {year} AS year, value, status\n    FROM \"{table}\""
    );
    Ok(format!("({})", QUERY.trim_end().replace("{rows}", &rows).replace("{map}", call.year)))
}

/// Years of the maps that figures can be moved to; none in a snapshot without conversions.
fn maps(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT CAST(to_year AS TEXT) FROM region_part ORDER BY 1";
    crate::engine::records(connection, sql, |row| row.get(0))
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = format!("SELECT * FROM \"{}\" LIMIT 0", table.replace('"', "\"\""));
    Ok(crate::engine::column_names(&connection.prepare(&sql)?))
}

fn fault(sql: &str, offset: usize, reason: &str) -> StoreError {
    let (line, column) = crate::engine::place(sql, offset);
    StoreError::InvalidSql { reason: reason.to_owned(), line: Some(line), column: Some(column) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_macro_for_duckdb_is_the_same_query() {
        let file = include_str!("../../../../packs/sql/on_map.sql");
        let (_, query) = file.split_once("AS TABLE\n").expect("a macro");
        let rows = "SELECT municipality_code, period, CAST(substr(period, 1, 4) AS INTEGER) AS year, \
            value, status\n    FROM query_table(figures_table)";
        let expected = QUERY.trim_end().replace("{rows}", rows).replace("{map}", "map_year");
        assert_eq!(query.trim_end(), format!("{expected};"));
    }

    #[test]
    fn a_table_with_years_only_will_do() {
        let connection = Connection::open_in_memory().expect("a database in memory");
        let setup = "CREATE TABLE by_year (municipality_code, year, value, status);
            INSERT INTO by_year VALUES ('0101', 2023, 7, 'ok');
            CREATE TABLE region_part (to_year);
            INSERT INTO region_part VALUES (2024);
            CREATE TABLE region_conversion (from_year, from_code, to_year, to_code, share_from, share_to);
            INSERT INTO region_conversion VALUES (2023, '0101', 2024, '3101', 0, 1);";
        connection.execute_batch(setup).expect("tables");
        let sql = "SELECT municipality_code || ' ' || period || ' ' || value FROM on_map([by_year], 2024)";
        let expanded = expand(&connection, sql).expect("a call that fits").sql;
        let row: String = connection.query_row(&expanded, [], |row| row.get(0)).expect("a row");
        assert_eq!(row, "3101 2023 7.0");
    }
}
