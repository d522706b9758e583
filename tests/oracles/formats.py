"""The files that `grunnlag rank` writes, opened by the programs that people use.

Parquet by DuckDB, XLSX by openpyxl, CSV by Python's csv: the same cells in all
three, a gap empty in each. Usage: formats.py GRUNNLAG
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import openpyxl

NUMBERS = ("score", "coverage", "B_score", "G_coverage")


def written(program: str, folder: Path, ending: str) -> Path:
    file = folder / f"rank.{ending}"
    subprocess.run(
        [program, "rank", "--model", "oversikt-v1", "--format", ending, "--out", file, "--quiet"],
        check=True,
    )
    return file


def from_csv(file: Path) -> list[dict]:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return [{key: value if value != "" else None for key, value in row.items()} for row in rows]


def from_parquet(file: Path) -> list[dict]:
    answer = duckdb.sql(f"SELECT * FROM read_parquet('{file}')")
    return [dict(zip(answer.columns, row)) for row in answer.fetchall()]


def from_xlsx(file: Path, keys: list[str]) -> list[dict]:
    sheet = openpyxl.load_workbook(file).active
    return [dict(zip(keys, row)) for row in sheet.iter_rows(min_row=2, values_only=True)]


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = from_csv(written(program, folder, "csv"))
        parquet = from_parquet(written(program, folder, "parquet"))
        xlsx = from_xlsx(written(program, folder, "xlsx"), list(plain[0]))
    assert len(plain) == len(parquet) == len(xlsx) == 357
    assert list(plain[0]) == list(parquet[0])
    gaps = 0
    for by_csv, by_parquet, by_xlsx in zip(plain, parquet, xlsx):
        for key, text in by_csv.items():
            if text is None:
                gaps += 1
                assert by_parquet[key] in (None, ""), (key, by_parquet[key])
                assert by_xlsx[key] in (None, ""), (key, by_xlsx[key])
            elif key in NUMBERS or key in ("rank", "tier"):
                assert float(text) == by_parquet[key], (key, text, by_parquet[key])
                # A workbook keeps 16 or 17 digits, depending on who writes it.
                assert abs(float(text) - by_xlsx[key]) < 1e-9, (key, text, by_xlsx[key])
            elif not key.endswith(("_score", "_coverage")):
                assert text == by_parquet[key] == by_xlsx[key], (key, text, by_xlsx[key])
    assert gaps > 17, "unranked municipalities have gaps"
    print(f"formats: 357 rows the same in CSV, Parquet (DuckDB) and XLSX (openpyxl), {gaps} gaps empty in each")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
