"""Small files for the fuzz targets to begin with: `seeds.py [GRUNNLAG]`, into fuzz/corpus.

From the files of the tests, from the packs, and from ../shared where it is; GeoPackages are made here,
GeoParquet by the program `grunnlag`, where one is named.
"""

import sqlite3
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared/real"
SMALL = ROOT / "crates/layers/tests/data"
MOST_BYTES = 16 * 1024


def put(target: str, name: str, content: bytes) -> None:
    folder = ROOT / "fuzz/corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content[:MOST_BYTES])


def files(target: str, *patterns: str) -> None:
    for pattern in patterns:
        for number, path in enumerate(sorted(REAL.glob(pattern))):
            if path.stat().st_size <= MOST_BYTES:
                put(target, f"{number}-{path.name}", path.read_bytes())


def parts(ring: list[tuple[float, float]]) -> bytes:
    """A polygon as well-known binary."""
    body = b"".join(struct.pack("<2d", *at) for at in ring)
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + body


def geopackage(kind: str) -> bytes:
    """One table with a polygon and a gap; `kind` says how the table is made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        base = sqlite3.connect(path)
        base.executescript(
            "PRAGMA page_size = 512; PRAGMA application_id = 1196444487;"
            "CREATE TABLE gpkg_contents (table_name, data_type, srs_id);"
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id);"
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id, definition);"
            "INSERT INTO gpkg_contents VALUES ('t', 'features', 25833);"
            "INSERT INTO gpkg_geometry_columns VALUES ('t', 'geom', 25833);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (25833, 'EPSG', 25833, '');"
        )
        table = "CREATE TABLE {} (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, n REAL, f BOOLEAN)"
        base.execute(table.format("t" if kind == "table" else "u"))
        if kind == "view":
            base.execute("CREATE VIEW t AS SELECT * FROM u")
        ring = [(262000.0, 6649000.0), (262100.0, 6649000.0), (262100.0, 6649100.0), (262000.0, 6649000.0)]
        blob = b"GP\0\1" + struct.pack("<i", 25833) + parts(ring)
        rows = [(blob, "Ørland", 1.5, 1), (None, None, None, 0)]
        table = "t" if kind == "table" else "u"
        base.executemany(f"INSERT INTO {table} (geom, name, n, f) VALUES (?, ?, ?, ?)", rows)
        base.commit()
        base.close()
        return path.read_bytes()


def shapefile() -> bytes:
    """The four files of the tests' Shapefile, each with its length before it."""
    joined = b""
    for ending in ("shp", "dbf", "prj", "cpg"):
        content = (SMALL / f"small.{ending}").read_bytes()
        joined += struct.pack("<I", len(content)) + content
    return joined


def geoparquet(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("small.fgb", "small.shp"):
            target = Path(folder) / f"{name}.parquet"
            subprocess.run([program, "layers", "convert", SMALL / name, target, "--quiet"], check=True)
            put("geoparquet", name, target.read_bytes())


def main() -> None:
    files("klass", "klass/*.json", "klass/*.csv")
    files("gml", "geo/gml/*.gml", "geo/gml/*/*.gml")
    files("geojson", "geo/*.geojson", "geo/*/*.geojson", "geo/*/*.geo.json")
    files("jsonstat", "ssb/v2/*.json", "ssb/v2-beta/*.json", "pxwebapi-reference-server/table*.json")
    files("px", "ssb/px/*.px", "pxwebapi-reference-server/*.px")
    files("csv", "ssb/csv/*.csv")
    ring = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)]
    put("wkb", "polygon", parts(ring))
    put("wkb", "geopackage", b"GP\0\1" + struct.pack("<i", 25833) + parts(ring))
    put("wkb", "collection", struct.pack("<BII", 1, 7, 2) + parts(ring) + parts(ring))
    put("flatgeobuf", "small", (SMALL / "small.fgb").read_bytes())
    put("shapefile", "small", shapefile())
    for kind in ("table", "view"):
        put("geopackage", kind, geopackage(kind))
    for path in sorted(ROOT.glob("packs/*/models/*.toml")):
        put("model", path.name, path.read_bytes())
    for path in sorted(ROOT.glob("packs/*/flags.toml")):
        put("flags", path.parent.name, path.read_bytes())
    if len(sys.argv) > 1:
        geoparquet(sys.argv[1])


main()
