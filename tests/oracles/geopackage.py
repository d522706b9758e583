"""Opens the embedded snapshot the way QGIS does, through GDAL, and checks its layers.

Needs pyogrio from PyPI (it carries GDAL):

    python3 -m venv .venv && .venv/bin/pip install pyogrio
    .venv/bin/python tests/oracles/geopackage.py
"""

import sys
import warnings
from pathlib import Path

import pyogrio

SNAPSHOT = Path(__file__).parents[2] / "snapshots" / "embedded.gpkg"
LAYERS = {
    "municipality": "Point",
    "grunnkrets": None,
    "measure": None,
    "region_change": None,
    "source": None,
}


def main() -> None:
    """Exits 1 with a sentence when GDAL sees something else than we promise."""
    # GDAL warns about a GeoPackage that it cannot read as the standard says.
    warnings.simplefilter("error")
    layers = {str(name): kind for name, kind in pyogrio.list_layers(SNAPSHOT)}
    for name, kind in LAYERS.items():
        if layers.get(name, "absent") != kind:
            sys.exit(f"layer {name}: expected {kind}, found {layers.get(name, 'absent')}")
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
