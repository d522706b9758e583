"""The clients that people use, pointed at a folder that `grunnlag px serve` serves.

pxwebpy and pxstatspy ask as they ask an agency, pyjstat reads an address; each must
get the numbers that stand in the files. Usage: mirror.py GRUNNLAG
"""

import contextlib
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyjstat.pyjstat
import requests
from pxstatspy import OutputFormat, OutputFormatParam, PxAPI, PxAPIConfig
from pxweb import PxApi

# Two municipalities share a label, a code has a plus, letters are not ASCII.
REGION = {"0301": "Oslo – Oslove", "1515": "Herøy", "1818": "Herøy", "5001": "Trondheim – Tråante"}
AGE = {"000": "0 år", "105+": "105 år eller eldre"}
CONTENTS = {"Personer": "Personer", "Endring": "Endring"}
YEARS = {str(year): str(year) for year in range(2015, 2027)}


def dimension(label: str, codes: dict, elimination: bool = False) -> dict:
    return {
        "label": label,
        "category": {"index": {code: at for at, code in enumerate(codes)}, "label": codes},
        "extension": {"elimination": elimination},
    }


def people() -> dict:
    """A JSON-stat table; every seventh cell is a gap with a reason."""
    count = len(REGION) * len(AGE) * len(CONTENTS) * len(YEARS)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Folketall, etter region, alder, statistikkvariabel og år",
        "source": "Test",
        "updated": "2026-02-19T07:00:00Z",
        "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
        "id": ["Region", "Alder", "ContentsCode", "Tid"],
        "size": [len(REGION), len(AGE), len(CONTENTS), len(YEARS)],
        "dimension": {
            "Region": dimension("region", REGION),
            "Alder": dimension("alder", AGE, elimination=True),
            "ContentsCode": dimension("statistikkvariabel", CONTENTS),
            "Tid": dimension("år", YEARS),
        },
        "extension": {"px": {"tableid": "PEOPLE", "matrix": "PEOPLE"}},
        "value": [None if cell % 7 == 3 else cell * 1.5 for cell in range(count)],
        "status": {str(cell): ":" for cell in range(3, count, 7)},
    }


def large() -> dict:
    """More cells than the mirror gives at once: clients must split."""
    regions = {f"{code:04}": f"Sted {code}" for code in range(850)}
    points = {f"P{code:03}": f"Punkt {code}" for code in range(1000)}
    table = people()
    table |= {
        "label": "Mange celler",
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": ["Sted", "Punkt", "ContentsCode", "Tid"],
        "size": [850, 1000, 1, 1],
        "dimension": {
            "Sted": dimension("sted", regions),
            "Punkt": dimension("punkt", points),
            "ContentsCode": dimension("statistikkvariabel", {"Antall": "Antall"}),
            "Tid": dimension("år", {"2026": "2026"}),
        },
        "extension": {"px": {"tableid": "LARGE", "matrix": "LARGE"}},
        "value": list(range(850_000)),
    }
    del table["status"]
    return table


PX = """CHARSET="ANSI";
AXIS-VERSION="2010";
CODEPAGE="iso-8859-1";
LANGUAGE="no";
CREATION-DATE="20260223 22:57";
DECIMALS=1;
SHOWDECIMALS=1;
MATRIX="FISH";
SUBJECT-CODE="f";
SUBJECT-AREA="Fiske";
TITLE="Fiske, etter art, statistikkvariabel og år";
CONTENTS="Fiske";
UNITS="tonn";
STUB="art","statistikkvariabel";
HEADING="år";
CONTVARIABLE="statistikkvariabel";
VARIABLECODE("art")="Art";
VARIABLECODE("statistikkvariabel")="ContentsCode";
VARIABLECODE("år")="Tid";
VALUES("art")="Torsk","Ørret";
VALUES("statistikkvariabel")="Fangst";
VALUES("år")="2024","2025";
TIMEVAL("år")=TLIST(A1),"2024","2025";
CODES("art")="T","Ø";
CODES("statistikkvariabel")="Fangst";
CODES("år")="2024","2025";
UNITS("Fangst")="tonn";
DATA=
1.5 ".."
0 4.5;
"""


def write(folder: Path) -> None:
    for name, table in (("PEOPLE", people()), ("LARGE", large())):
        (folder / f"{name}.json").write_text(json.dumps(table), encoding="utf-8")
    (folder / "FISH.px").write_bytes(PX.encode("iso-8859-1"))


@contextlib.contextmanager
def served(program: str, folder: Path):
    """Starts the mirror on a free port and gives its address."""
    arguments = [program, "px", "serve", str(folder), "--listen", "127.0.0.1:0"]
    environment = {key: value for key, value in os.environ.items() if key != "GRUNNLAG_TOKEN"}
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        line = next((line for line in child.stdout if "http://" in line), "")
        address = line.split("http://")[1].split("/")[0]
        yield f"http://{address}"
    finally:
        child.terminate()
        child.wait(timeout=10)


def cells(table: dict) -> dict:
    """Numbers by their codes."""
    axes = []
    for name in table["id"]:
        index = table["dimension"][name]["category"]["index"]
        axes.append(sorted(index, key=index.get))
    return dict(zip(itertools.product(*axes), table["value"], strict=True))


def check_pxwebpy(root: str) -> None:
    api = PxApi(f"{root}/pxwebapi/v2", language="no", disable_cache=True)
    assert api.number_of_tables == 3, api.number_of_tables
    assert [table["id"] for table in api.search("folketall")["tables"]] == ["PEOPLE"]

    wanted = cells(people())
    rows = api.get_table_data_all("PEOPLE", show="code")
    got = {
        (row["region"], row["alder"], row["statistikkvariabel"], row["år"]): row["value"]
        for row in rows
    }
    assert got == wanted, "pxwebpy: every cell of PEOPLE"

    some = {"Region": ["1*"], "Alder": ["105+"], "ContentsCode": ["Endring"], "Tid": ["2026"]}
    rows = api.get_table_data("PEOPLE", value_codes=some, show="code")
    got = {row["region"]: row["value"] for row in rows}
    expected = {code: wanted[(code, "105+", "Endring", "2026")] for code in ("1515", "1818")}
    assert got == expected, (got, expected)

    # A variable that is left out is summed; a sum with a gap is a gap.
    rest = {"Region": ["0301"], "ContentsCode": ["Personer"], "Tid": ["*"]}
    rows = api.get_table_data("PEOPLE", value_codes=rest, show="code")
    for row in rows:
        parts = [wanted[("0301", age, "Personer", row["år"])] for age in AGE]
        assert row["value"] == (None if None in parts else sum(parts)), row

    rows = api.get_table_data_all("LARGE", show="code")
    assert len(rows) == 850_000
    assert all(
        row["value"] == int(row["sted"]) * 1000 + int(row["punkt"][1:]) for row in rows
    ), "pxwebpy: blocks stand where they belong"

    rows = api.get_table_data_all("FISH", show="value")
    got = [(row["art"], row["år"], row["value"]) for row in rows]
    expected = [("Torsk", "2024", 1.5), ("Torsk", "2025", None)]
    expected += [("Ørret", "2024", 0), ("Ørret", "2025", 4.5)]
    assert got == expected, got


def check_pxstatspy(root: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        api = PxAPI(PxAPIConfig(base_url=f"{root}/pxwebapi/v2", language="no"))
        found = api.find_tables(query="folketall", display=False)
        every = {name: ["*"] for name in people()["id"]}
        frame = api.get_data_as_dataframe(
            "PEOPLE", value_codes=every, output_format_param=OutputFormatParam.USE_CODES
        )
        text = api.get_table_data("PEOPLE", value_codes=every, output_format=OutputFormat.CSV)
    assert api.max_data_cells == 800_000
    assert found["page"]["totalElements"] == 1
    wanted = cells(people())
    for row in frame.to_dict("records"):
        for contents in CONTENTS:
            number = wanted[(row["region_code"], row["alder"], contents, row["år"])]
            got = row[contents]
            assert (got != got and number is None) or got == number, (row, contents)
    assert len(frame) == len(REGION) * len(AGE) * len(YEARS)
    assert "0301" in text and text.count("\n") > len(REGION)


def check_pyjstat(root: str) -> None:
    selection = "&".join(f"valueCodes[{name}]=*" for name in people()["id"])
    address = f"{root}/pxwebapi/v2/tables/PEOPLE/data?lang=no&outputFormat=json-stat2&{selection}"
    dataset = pyjstat.pyjstat.Dataset.read(address)
    frame = dataset.write("dataframe", naming="id")
    wanted = cells(people())
    assert len(frame) == len(wanted)
    for row in frame.to_dict("records"):
        number = wanted[(row["Region"], row["Alder"], row["ContentsCode"], row["Tid"])]
        assert (row["value"] != row["value"] and number is None) or row["value"] == number, row


def check_old(root: str) -> None:
    """The old interface, as scripts of ten years ago ask it."""
    address = f"{root}/api/v0/no/table/PEOPLE"
    metadata = requests.get(address, timeout=10).json()
    assert [variable["code"] for variable in metadata["variables"]] == people()["id"]
    query = [
        {"code": "Region", "selection": {"filter": "item", "values": ["0301"]}},
        {"code": "Alder", "selection": {"filter": "all", "values": ["*"]}},
        {"code": "Tid", "selection": {"filter": "top", "values": ["2"]}},
    ]
    body = {"query": query, "response": {"format": "json-stat2"}}
    answer = requests.post(address, json=body, timeout=10).json()
    wanted = cells(people())
    for codes, number in cells(answer).items():
        assert number == wanted[codes], codes
    assert answer["size"] == [1, 2, 2, 2], answer["size"]


def main(program: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        with served(program, folder) as root:
            for check in (check_pxwebpy, check_pxstatspy, check_pyjstat, check_old):
                check(root)
                print(f"{check.__name__.removeprefix('check_')}: the same numbers")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
