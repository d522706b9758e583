"""PX files as our command reads them, beside pyaxis, cell by cell.

Usage: px.py FOLDER... -- COMMAND...

Each FOLDER holds .px files (those below it, too); COMMAND IN OUT.csv writes a long
table, as `grunnlag cube convert` does. pyaxis gives labels and raw symbols; the raw
dots are translated here through the file's DATASYMBOL lines, as the format says.
Beside the recordings stands a file made here, with each symbol.
"""

import csv
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pyaxis import pyaxis

SYMBOLS = """CHARSET="ANSI";
CODEPAGE="iso-8859-1";
LANGUAGE="no";
DECIMALS=1;
MATRIX="symboler";
SUBJECT-CODE="x";
SUBJECT-AREA="x";
TITLE="Alle symboler";
CONTENTS="Alle symboler";
UNITS="antall";
STUB="område";
HEADING="år";
VALUES("område")="Østfold","Åmot";
VALUES("år")="2022","2023","2024","2025";
DATASYMBOL1="..";
DATASYMBOL2="...";
DATASYMBOL3=":";
DATASYMBOLSUM=".";
DATASYMBOLNIL="-";
DATA=
1.5 "." ".." "..."
"-" 0 -7 "......."
;
"""


def displayed(file: bytes) -> dict[str, str]:
    """What the raw symbols are shown as."""
    text = file.decode("latin-1")
    shown = {"." * dots: "." * dots for dots in range(1, 8)} | {"-": "-"}
    for name, symbol in re.findall(r'DATASYMBOL(\w+)="(.*?)"', text):
        raw = {"NIL": "-", "SUM": "......."}.get(name) or "." * int(name)
        shown[raw] = symbol
    return shown


def theirs(file: Path) -> tuple[list[str], list[tuple]]:
    """Names, and (labels…, number or None, symbol) per cell in pyaxis's order."""
    shown = displayed(file.read_bytes())
    # Patterns that match nothing: pyaxis would empty cells of one and two dots.
    parsed = pyaxis.parse(str(file), "iso-8859-1", null_values="(?!)", sd_values="(?!)")
    frame = parsed["DATA"]
    rows = []
    for *labels, raw in frame.itertuples(index=False):
        raw = str(raw).strip().strip('"')
        labels = tuple(str(label) for label in labels)
        if raw == "-":
            rows.append((labels, 0.0, shown[raw]))
        elif raw in shown:
            rows.append((labels, None, shown[raw]))
        else:
            rows.append((labels, float(raw), ""))
    return [str(name) for name in frame.columns[:-1]], rows


def ours(command: list[str], file: Path, folder: Path) -> list[tuple]:
    """(labels…, number or None, symbol) per cell in the order of the long table."""
    out = folder / "out.csv"
    subprocess.run([*command, file, out], check=True)
    with out.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    labels = [at for at, name in enumerate(rows[0][:-2]) if at % 2 == 1]
    assert [name.removesuffix("_label") for name in rows[0][1:-2:2]] == rows[0][0:-2:2], rows[0]
    return [
        (tuple(row[at] for at in labels), float(row[-2]) if row[-2] else None, row[-1])
        for row in rows[1:]
    ]


def main(arguments: list[str]) -> int:
    """Exits 1 at the first cell that differs."""
    border = arguments.index("--")
    folders, command = arguments[:border], arguments[border + 1:]
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.px"))
    assert files or not folders, "no PX files"
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "symbols.px"
        made.write_text(SYMBOLS, encoding="iso-8859-1")
        for file in [*files, made]:
            names, expected = theirs(file)
            found = ours(command, file, Path(name))
            assert len(found) == len(expected), (file, len(found), len(expected))
            for cell, (left, right) in enumerate(zip(found, expected)):
                if left != right:
                    sys.exit(f"{file.name}, cell {cell}: {left} is ours, {right} is pyaxis's")
            gaps = sum(number is None for _, number, _ in found)
            print(f"{file.name}: {len(found)} cells over {', '.join(names)}; {gaps} gaps")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
