"""JSON-stat files as our command reads them, beside pyjstat and jsonstat-toolkit, cell by cell.

Usage: jsonstat.py MODULES FOLDER... -- COMMAND...

MODULES holds node_modules/jsonstat-toolkit (npm install jsonstat-toolkit); each
FOLDER holds recordings; COMMAND IN OUT.csv writes a long table, as
`grunnlag cube convert` does. Beside the recordings stand vectors made here, among
them those that pyjstat cannot read: there the toolkit is the only judge.
"""

import copy
import csv
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from pyjstat import pyjstat

BASE = {
    "version": "2.0",
    "class": "dataset",
    "label": "vectors",
    "id": ["Region", "Tid"],
    "size": [2, 3],
    "dimension": {
        "Tid": {"label": "år", "category": {"index": {"2023": 0, "2024": 1, "2025": 2},
                                            "label": {"2023": "2023", "2024": "2024", "2025": "2025"}}},
        "Region": {"label": "region", "category": {"index": {"1818": 1, "1515": 0},
                                                   "label": {"1818": "Herøy", "1515": "Herøy"}}},
    },
    "value": [1, None, 2.5, -3, 0, 1e-3],
}


def vector(**members) -> dict:
    """The base with other members; those that are None go."""
    made = copy.deepcopy(BASE) | members
    return {name: member for name, member in made.items() if member is not None}


def vectors() -> dict[str, dict]:
    """Documents by name; `toolkit only` where pyjstat is known to fail."""
    array = copy.deepcopy(BASE["dimension"])
    array["Tid"]["category"]["index"] = ["2023", "2024", "2025"]
    alone = copy.deepcopy(BASE["dimension"])
    alone["Tid"]["category"] = {"label": {"2025": "this year"}}
    unlabelled = copy.deepcopy(BASE["dimension"])
    del unlabelled["Tid"]["category"]["label"]
    early = {"id": BASE["id"], "size": BASE["size"], "role": {"time": ["Tid"]}} | BASE["dimension"]
    return {
        "dense": vector(),
        "status object": vector(status={"1": ":", "2": "be"}),
        "status array": vector(status=[None, ":", None, None, "p", None]),
        "status text": vector(status="e"),
        "array index": vector(dimension=array),
        "sparse, toolkit only": vector(value={"0": 1, "5": 2.5}, status={"1": "c", "5": "e"}),
        "no index, toolkit only": vector(dimension=alone, size=[2, 1], value=[1, 2]),
        "no labels, toolkit only": vector(dimension=unlabelled),
        "early edition, toolkit only": {"dataset": {"label": "1.x", "dimension": early, "value": BASE["value"]}},
    }


def ours(command: list[str], document: Path, out: Path) -> tuple[list[str], list[dict]]:
    subprocess.run([*command, document, out], check=True)
    with out.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    names = header[0:-2:2]
    return names, [
        {
            "codes": row[0:-2:2],
            "labels": row[1:-2:2],
            "value": float(row[-2]) if row[-2] else None,
            "status": row[-1] or None,
        }
        for row in rows
    ]


def by_pyjstat(document: Path) -> list[dict]:
    text = document.read_text(encoding="utf-8")
    tables = []
    for naming in ("id", "label"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables.append(pyjstat.Dataset.read(text).write("dataframe", naming=naming))
    # Two dimensions may have one label, so columns go by their place.
    places = [[at for at, name in enumerate(table.columns) if name != "value"] for table in tables]
    rows = []
    for by_code, by_label in zip(tables[0].itertuples(index=False), tables[1].itertuples(index=False)):
        value = by_code[list(tables[0].columns).index("value")]
        rows.append(
            {
                "codes": [by_code[at] for at in places[0]],
                "labels": [by_label[at] for at in places[1]],
                "value": None if value is None or value != value else float(value),
            }
        )
    return rows


def by_toolkit(document: Path, modules: str) -> dict:
    script = Path(__file__).with_suffix(".mjs")
    ran = subprocess.run(["node", script, modules], stdin=document.open("rb"), capture_output=True, check=True)
    return json.loads(ran.stdout)


def compare(name: str, peer: str, mine: list[dict], theirs: list[dict]) -> None:
    assert len(mine) == len(theirs), f"{name}: {len(mine)} rows, {peer} has {len(theirs)}"
    for at, (one, other) in enumerate(zip(mine, theirs)):
        for member, seen in other.items():
            assert one[member] == seen, f"{name}, row {at}, {member}: {one[member]!r}, {peer} has {seen!r}"


def is_data(document: Path) -> bool:
    content = json.loads(document.read_text(encoding="utf-8"))
    return isinstance(content, dict) and content.get("class") == "dataset" and bool(content.get("value"))


def main(modules: str, folders: list[str], command: list[str]) -> int:
    cells = peers = 0
    with tempfile.TemporaryDirectory() as place:
        documents = {}
        for name, content in vectors().items():
            documents[name] = Path(place) / f"{len(documents)}.json"
            documents[name].write_text(json.dumps(content), encoding="utf-8")
        for folder in folders:
            found = [file for file in sorted(Path(folder).rglob("*.json")) if is_data(file)]
            assert found, f"{folder} holds no JSON-stat data"
            documents |= {str(file): file for file in found}
        for name, document in documents.items():
            names, mine = ours(command, document, Path(place) / "out.csv")
            theirs = by_toolkit(document, modules)
            assert names == theirs["id"], f"{name}: {names}, the toolkit has {theirs['id']}"
            compare(name, "the toolkit", mine, theirs["rows"])
            peers += 1
            if "toolkit only" not in name:
                compare(name, "pyjstat", mine, by_pyjstat(document))
                peers += 1
            cells += len(mine)
    print(f"jsonstat: {len(documents)} files, {cells} cells the same in {peers} readings by pyjstat and jsonstat-toolkit")
    return 0


if __name__ == "__main__":
    split = sys.argv.index("--")
    sys.exit(main(sys.argv[1], sys.argv[2:split], sys.argv[split + 1 :]))
