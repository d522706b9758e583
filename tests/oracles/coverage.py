"""Topologies of the server, put together again and judged by GEOS.

For every detail: as many regions as the layer has, each a valid polygon, no gap and no
overlap between neighbours (shapely's coverage_is_valid), the union as large as the sum, and
a name for each. Tiles are opened by GDAL: at every zoom all regions are somewhere, and
inside a tile nobody overlaps anybody.

Usage: coverage.py GRUNNLAG XTASK FILE...   each FILE municipalities in GeoJSON
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import numpy
import pyogrio
import shapely

DETAILS = (0, 1, 2)
FIRST_PAINT_BYTES = 150_000
HALF_WORLD = numpy.pi * 6_378_137.0


def shapes(topology: dict) -> dict[str, shapely.Geometry]:
    """The regions of a TopoJSON document by code, in its own coordinates."""
    scale, start = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        arcs.append(numpy.cumsum(numpy.array(arc), axis=0) * scale + start)

    def ring(references: list[int]) -> numpy.ndarray:
        lines = [arcs[place] if place >= 0 else arcs[~place][::-1] for place in references]
        for before, after in zip(lines, lines[1:] + lines[:1]):
            assert (before[-1] == after[0]).all(), "an arc begins where the one before it ends"
        points = numpy.concatenate([line[:-1] for line in lines] + [lines[0][:1]])
        assert len(points) >= 4, "a ring has at least four points"
        return points

    found = {}
    for region in topology["objects"]["regions"]["geometries"]:
        parts = [shapely.Polygon(ring(part[0]), [ring(hole) for hole in part[1:]]) for part in region["arcs"]]
        found[region["properties"]["code"]] = shapely.MultiPolygon(parts)
    return found


def judge(name: str, regions: list[shapely.Geometry]) -> None:
    invalid = [shapely.is_valid_reason(region) for region in regions if not region.is_valid]
    assert not invalid, f"{name}: {invalid[:3]}"
    assert not any(region.is_empty for region in regions), f"{name}: a region without a shape"
    assert shapely.coverage_is_valid(regions), f"{name}: neighbours do not share their borders"
    whole, parts = shapely.union_all(regions).area, sum(region.area for region in regions)
    assert abs(whole - parts) <= 1e-9 * whole, f"{name}: overlaps of {parts - whole} m²"


def fetch(address: str, path: str) -> tuple[dict, int]:
    request = urllib.request.Request(address + path, headers={"accept-encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        sent = len(answer.read())
        assert answer.headers["content-encoding"] == "br", path
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer), sent


def check(program: str, folder: Path, file: Path) -> None:
    serving = [program, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--no-open", "--lang", "en"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline()
            address = next(word.rstrip("/") for word in line.split() if word.startswith("http"))
            layers, _ = fetch_plain(address, "/api/v1/layers")
            counts = {layer["id"]: layer["count"] for layer in layers["layers"]}
            for layer, count in counts.items():
                for detail in DETAILS:
                    judge_layer(address, file.name, layer, count, detail)
                tiles(address, folder, layer, count)
        finally:
            server.terminate()


def tiles(address: str, folder: Path, layer: str, count: int) -> None:
    """Follows the tiles from the whole world to zoom 6, and judges each as GDAL reads it."""
    asked, number = [(0, 0)], 0
    for zoom in range(7):
        codes, following = set(), []
        for column, row in asked:
            file = folder / f"{layer}-{zoom}-{column}-{row}.mvt"
            with urllib.request.urlopen(f"{address}/api/v1/layers/{layer}/tiles/{zoom}/{column}/{row}.mvt") as answer:
                if answer.status == 204:
                    continue
                file.write_bytes(answer.read())
            options = {"X": str(column), "Y": str(row), "Z": str(zoom), "CLIP": "NO"}
            _, _, geometries, columns = pyogrio.raw.read(file, columns=["code", "name"], **options)
            assert all(columns[1]), f"{file.name}: a region without a name"
            codes.update(columns[0])
            check_inside(file.name, zoom, column, row, shapely.from_wkb(geometries))
            following += [(2 * column + right, 2 * row + down) for right in (0, 1) for down in (0, 1)]
            number += 1
        assert len(codes) == count, f"{layer} zoom {zoom}: {len(codes)} regions of {count}"
        asked = following
    print(f"{layer}: {number} tiles of zooms 0 to 6, all {count} regions at each zoom")


def check_inside(name: str, zoom: int, column: int, row: int, regions: numpy.ndarray) -> None:
    """Nobody overlaps anybody in the tile itself; beyond its edge rings run along the cut."""
    side = 2 * HALF_WORLD / 2**zoom
    west, north = column * side - HALF_WORLD, HALF_WORLD - row * side
    square = shapely.box(west, north - side, west + side, north)
    inside = shapely.intersection(shapely.make_valid(regions), square)
    parts, whole = shapely.area(inside).sum(), shapely.union_all(inside).area
    assert abs(parts - whole) <= 1e-6 * side * side, f"{name}: overlaps of {parts - whole} m²"


def fetch_plain(address: str, path: str) -> tuple[dict, int]:
    with urllib.request.urlopen(address + path) as answer:
        body = answer.read()
    return json.loads(body), len(body)


def judge_layer(address: str, file: str, layer: str, count: int, detail: int) -> None:
    topology, sent = fetch(address, f"/api/v1/layers/{layer}/topology?detail={detail}")
    regions = shapes(topology)
    name = f"{file} {layer} detail {detail}"
    assert len(regions) == count, f"{name}: {len(regions)} regions of {count}"
    names = [region["properties"]["name"] for region in topology["objects"]["regions"]["geometries"]]
    assert all(names), f"{name}: a region without a name"
    judge(name, list(regions.values()))
    assert detail or sent <= FIRST_PAINT_BYTES, f"{name}: {sent} bytes"
    points = sum(len(arc) for arc in topology["arcs"])
    print(f"{name}: {count} in, {count} out, no gap, no overlap; {points} points, {sent} bytes (brotli)")


def main(program: str, xtask: str, files: list[str]) -> int:
    for file in map(Path, files):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = [xtask, "snapshot", "--boundaries", file, "--out", folder / "snapshot.gpkg"]
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
            check(program, folder, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
