"""Opens the embedded snapshot the way QGIS does, through GDAL, and checks its layers.

Needs pyogrio from PyPI (it carries GDAL):

    python3 -m venv .venv && .venv/bin/pip install pyogrio
    .venv/bin/python tests/oracles/geopackage.py [SNAPSHOT]

Of another snapshot than the embedded one, its boundaries are checked, too.
"""

import sys
import warnings
from pathlib import Path

import pyogrio

EMBEDDED = Path(__file__).parents[2] / "snapshots" / "embedded.gpkg"
SNAPSHOT = Path(sys.argv[1]) if len(sys.argv) > 1 else EMBEDDED
LAYERS = {
    "municipality": "Point",
    "grunnkrets": None,
    "measure": None,
    "region_change": None,
    "source": None,
}
BOUNDARIES = {"boundary_municipality": (357, 4), "boundary_county": (15, 2)}


def check_boundaries(layer: str, count: int, digits: int) -> None:
    """Exits 1 unless the layer has `count` surfaces in EPSG:25833 whose extents are those stored."""
    information = pyogrio.read_info(SNAPSHOT, layer=layer)
    _, _, geometries, columns = pyogrio.raw.read(SNAPSHOT, layer=layer, columns=["code", "name"])
    if information["crs"] != "EPSG:25833" or information["geometry_type"] != "MultiPolygon":
        sys.exit(f"{layer}: {information['crs']}, {information['geometry_type']}")
    codes, names = columns
    if len(set(codes)) != count or any(len(code) != digits for code in codes) or not all(names):
        sys.exit(f"{layer}: {len(set(codes))} codes")
    # Extents as GDAL works them out, and the one in the catalogue.
    _, extents = pyogrio.read_bounds(SNAPSHOT, layer=layer)
    found = (extents[0].min(), extents[1].min(), extents[2].max(), extents[3].max())
    if tuple(information["total_bounds"]) != found:
        sys.exit(f"{layer}: extent {information['total_bounds']} is {found}")
    print(f"{layer}: {len(geometries)} surfaces in EPSG:25833")


def main() -> None:
    """Exits 1 with a sentence when GDAL sees something else than we promise."""
    # GDAL warns about a GeoPackage that it cannot read as the standard says.
    warnings.simplefilter("error")
    layers = {str(name): kind for name, kind in pyogrio.list_layers(SNAPSHOT)}
    for name, kind in LAYERS.items():
        if layers.get(name, "absent") != kind:
            sys.exit(f"layer {name}: expected {kind}, found {layers.get(name, 'absent')}")
    has_boundaries = [layer for layer in BOUNDARIES if layer in layers]
    if SNAPSHOT == EMBEDDED and has_boundaries:
        sys.exit(f"the embedded snapshot travels without boundaries, and has {has_boundaries}")
    for layer in has_boundaries:
        check_boundaries(layer, *BOUNDARIES[layer])
    information, _, geometries, columns = pyogrio.raw.read(
        SNAPSHOT, layer="municipality", columns=["municipality_code", "longitude"]
    )
    codes, longitudes = columns
    if information["crs"] != "EPSG:4326" or information["geometry_type"] != "Point":
        sys.exit(f"municipality: {information['crs']}, {information['geometry_type']}")
    if len(codes) != 357 or len(set(codes)) != 357 or any(len(code) != 4 for code in codes):
        sys.exit(f"municipality: {len(codes)} features, {len(set(codes))} codes of four digits")
    for code, longitude, geometry in zip(codes, longitudes, geometries):
        # Little-endian WKB: one byte, a four-byte type, then x.
        if memoryview(geometry[5:13]).cast("d")[0] != longitude:
            sys.exit(f"municipality {code}: the point is not at longitude {longitude}")
    version = ".".join(str(part) for part in pyogrio.__gdal_version__)
    print(f"GDAL {version}: {len(layers)} layers, {len(codes)} municipalities as points in EPSG:4326")


if __name__ == "__main__":
    main()
