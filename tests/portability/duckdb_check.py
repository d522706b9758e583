"""Runs every indicator on SQLite and on DuckDB and compares the rows.

The SQL of the packs is the part that both engines share (and PostgreSQL and
DataFusion with them), so that the same files can later run elsewhere. Two
engines that agree on every row of every indicator are the proof.

(a) on the rows of its `.slt` case, where SQLite and DuckDB must also give what
    the case expects; (b) on the snapshot's own figures, when all its measures
    are there; (c) `on_map`, by which figures come on another map: as the macro
    in `packs/sql`, and written out, on figures as published and on made-up ones.

    python3 -m venv .venv && .venv/bin/pip install -r tests/portability/requirements.txt
    .venv/bin/python tests/portability/duckdb_check.py
"""

import csv
import math
import re
import sqlite3
import sys
import tempfile
import tomllib
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
INDICATORS = ROOT / "packs" / "boligsektor" / "indicators"
MACRO = ROOT / "packs" / "sql" / "on_map.sql"
SNAPSHOT = ROOT / "snapshots" / "embedded.gpkg"
RELATIVE = 1e-9
COLUMNS = "municipality_code TEXT, period TEXT, year INTEGER, value DOUBLE PRECISION, status TEXT"


class Difference(Exception):
    """Two engines, or an engine and its case, do not agree."""


def front_matter(sql: str) -> dict:
    """Returns the TOML between `/*---` and `---*/`."""
    return tomllib.loads(sql.removeprefix("/*---\n").split("\n---*/")[0])


def add_functions(connection: sqlite3.Connection) -> None:
    """Adds the functions that Python's own SQLite may have been built without."""
    wanted = [("sqrt", 1, math.sqrt), ("ln", 1, math.log), ("power", 2, math.pow)]
    for name, arity, function in wanted:
        try:
            connection.execute(f"SELECT {name}({', '.join(['1.0'] * arity)})")
        except sqlite3.OperationalError:
            guarded = lambda *given, f=function: None if None in given else f(*given)
            connection.create_function(name, arity, guarded, deterministic=True)


def read_case(text: str) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """Splits a `.slt` case into statements and queries with their rows."""
    statements, queries = [], []
    for record in re.split(r"\n\s*\n", text):
        lines = [line for line in record.strip().splitlines() if not line.startswith("#")]
        if not lines:
            continue
        if lines[0] == "statement ok":
            statements.append("\n".join(lines[1:]))
        elif lines[0].startswith("query "):
            end = lines.index("----")
            queries.append((lines[0].split()[1], "\n".join(lines[1:end]), lines[end + 1 :]))
        else:
            raise Difference(f"the case has a record that this check does not read: {lines[0]}")
    return statements, queries


def shown(value: object) -> str:
    """Writes a cell as the cases do: six decimals, no zeros at the end."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return value
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ordered(rows: list[tuple]) -> list[tuple]:
    """Sorts rows by municipality and period, which are their key."""
    return sorted(rows, key=lambda row: (row[0], row[1]))


def same(left: object, right: object) -> bool:
    """Compares two cells: numbers to 1e-9 of their size, everything else exactly."""
    numbers = (int, float)
    if isinstance(left, numbers) and isinstance(right, numbers):
        return math.isclose(left, right, rel_tol=RELATIVE, abs_tol=1e-12)
    return left == right


def compare(sqlite_rows: list[tuple], duckdb_rows: list[tuple]) -> None:
    """Raises `Difference` at the first row in which the engines differ."""
    sqlite_rows, duckdb_rows = ordered(sqlite_rows), ordered(duckdb_rows)
    if len(sqlite_rows) != len(duckdb_rows):
        raise Difference(f"SQLite gives {len(sqlite_rows)} rows, DuckDB {len(duckdb_rows)}")
    for left, right in zip(sqlite_rows, duckdb_rows, strict=True):
        if len(left) != len(right) or not all(map(same, left, right)):
            raise Difference(f"SQLite gives {left}, DuckDB {right}")


def check_case(sql: str, inputs: list[str], case: str) -> None:
    """Runs a case on both engines; each must give what the case expects."""
    statements, queries = read_case(case)
    answers = []
    sqlite, duck = sqlite3.connect(":memory:"), duckdb.connect()
    add_functions(sqlite)
    for name, engine in (("SQLite", sqlite), ("DuckDB", duck)):
        for table in inputs:
            engine.execute(f"CREATE TABLE {table} ({COLUMNS})")
        engine.execute(f"CREATE VIEW indicator AS {sql}")
        for statement in statements:
            engine.execute(statement)
        for _, query, expected in queries:
            found = [" ".join(map(shown, row)) for row in engine.execute(query).fetchall()]
            if found != [" ".join(row.split()) for row in expected]:
                raise Difference(f"{name} gives {found}, the case expects {expected}")
        answers.append(engine.execute("SELECT * FROM indicator").fetchall())
    compare(*answers)


def load_figures(snapshot: sqlite3.Connection, duck: duckdb.DuckDBPyConnection) -> set[str]:
    """Copies the figures to DuckDB, with the same view per measure."""
    measures = dict(snapshot.execute("SELECT measure, measure_id FROM measure"))
    figures = snapshot.execute(
        "SELECT measure_id, municipality_code, period, value, status FROM figure"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        # `repr` of a float is read back as the same float; a gap is an empty cell.
        csv.writer(file).writerows(
            ("" if cell is None else repr(cell) if isinstance(cell, float) else cell for cell in row)
            for row in figures
        )
        file.flush()
        duck.execute(
            "CREATE TABLE figure AS SELECT * FROM read_csv(?, header = false, nullstr = '', columns = {"
            "'measure_id': 'INTEGER', 'municipality_code': 'VARCHAR', 'period': 'VARCHAR',"
            "'value': 'DOUBLE', 'status': 'VARCHAR'})",
            [file.name],
        )
    for measure, measure_id in measures.items():
        duck.execute(
            f"CREATE VIEW {measure} AS SELECT municipality_code, period,"
            f" CAST(substr(period, 1, 4) AS INTEGER) AS year, value, status"
            f" FROM figure WHERE measure_id = {measure_id}"
        )
        counts = [engine.execute(f"SELECT count(*), count(value), sum(year) FROM {measure}").fetchone()
                  for engine in (snapshot, duck)]
        if counts[0] != counts[1]:
            raise Difference(f"`{measure}` did not arrive whole in DuckDB: {counts}")
    return set(measures)


def check_on_map(snapshot: sqlite3.Connection) -> None:
    """Runs `on_map` written out on both engines, and as a macro on DuckDB."""
    sqlite, duck = sqlite3.connect(":memory:"), duckdb.connect()
    macro = MACRO.read_text(encoding="utf-8")
    query = macro.split("AS TABLE\n")[1].rstrip().removesuffix(";")
    conversion = "from_year INTEGER, from_code TEXT, to_year INTEGER, to_code TEXT," \
        " share_from DOUBLE PRECISION, share_to DOUBLE PRECISION, kind TEXT, basis TEXT"
    rows = snapshot.execute("SELECT * FROM region_conversion").fetchall()
    copy_rows(sqlite, duck, f"region_conversion ({conversion})", rows)
    duck.execute(macro)
    published = [row[0] for row in snapshot.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE '%\\_as\\_published' ESCAPE '\\'"
        " AND name <> 'figure_as_published'")]
    if not published:
        raise Difference("the snapshot has no figures as published")
    tables = {view: snapshot.execute(f"SELECT municipality_code, period, year, value, status FROM {view}").fetchall()
              for view in published}
    tables["made_up"] = made_up(rows)
    for table, figures in tables.items():
        copy_rows(sqlite, duck, f"{table} ({COLUMNS})", figures)
        for year in (2020, 2024):
            plain = query.replace("query_table(figures_table)", table).replace("map_year", str(year))
            expected = sqlite.execute(plain).fetchall()
            if not expected:
                raise Difference(f"nothing of {table} is on the map of {year}")
            compare(expected, duck.execute(plain).fetchall())
            compare(expected, duck.execute(f"FROM on_map({table}, {year})").fetchall())


def copy_rows(
    sqlite: sqlite3.Connection, duck: duckdb.DuckDBPyConnection, table: str, rows: list[tuple]
) -> None:
    """Creates a table with rows on both engines; DuckDB reads them from a file, which is faster."""
    name = table.split(" ")[0]
    for engine in (sqlite, duck):
        engine.execute(f"CREATE TABLE {table}")
    sqlite.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            ("" if cell is None else repr(cell) if isinstance(cell, float) else cell for cell in row)
            for row in rows
        )
        file.flush()
        duck.execute(f"COPY {name} FROM '{file.name}' (HEADER false, NULLSTR '')")


def made_up(conversions: list[tuple]) -> list[tuple]:
    """Returns figures of every region of three maps: whole, with decimals, withheld, absent."""
    figures = []
    for year in (2017, 2019, 2023):
        codes = sorted({row[1] for row in conversions if row[0] == year})
        for at, code in enumerate(codes):
            value, status = (at * 7919 + year) % 100_003, "ok"
            if at % 5 == 1:
                value /= 8
            if at % 31 == 2:
                value, status = None, ("suppressed", "not_applicable", "not_collected")[at % 3]
            elif at % 7 == 3:
                status = "preliminary"
            if at % 47 != 5:
                figures.append((code, str(year), year, value, status))
    return figures


def main() -> int:
    """Returns the exit code: 0 when all agree."""
    snapshot = sqlite3.connect(f"{SNAPSHOT.as_uri()}?mode=ro&immutable=1", uri=True)
    add_functions(snapshot)
    duck = duckdb.connect()
    measures = load_figures(snapshot, duck)
    passed, failures, without_figures = 0, [], 0
    try:
        check_on_map(snapshot)
        passed += 1
    except (Difference, OSError, sqlite3.Error, duckdb.Error) as problem:
        failures.append(f"on_map: {' '.join(str(problem).split())}")
    for file in sorted(INDICATORS.glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        inputs = front_matter(sql)["inputs"]
        checks = {"case": lambda: check_case(sql, inputs, file.with_suffix(".slt").read_text(encoding="utf-8"))}
        if set(inputs) <= measures:
            checks["figures"] = lambda: compare(snapshot.execute(sql).fetchall(), duck.execute(sql).fetchall())
        else:
            without_figures += 1
        for name, check in checks.items():
            try:
                check()
                passed += 1
            except (Difference, OSError, sqlite3.Error, duckdb.Error) as problem:
                failures.append(f"{file.stem} ({name}): {' '.join(str(problem).split())}")
    for failure in failures:
        print(f"FAILED {failure}")
    if passed == 0:
        failures.append("nothing was checked")
    print(
        f"{passed} passed, {len(failures)} failed"
        f" (SQLite {sqlite3.sqlite_version}, DuckDB {duckdb.__version__};"
        f" {without_figures} indicators have no figures yet)"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
