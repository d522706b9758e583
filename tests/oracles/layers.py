"""Layers of shapes, as GDAL writes and reads them, against what `grunnlag layers` reads and writes.

One set of features (Norwegian and Sami names, holes, several parts, heights, no shape, an empty
shape, gaps) is written by GDAL in every format and system. What GDAL reads back and what geopandas
reads of our GeoParquet must be the same, to the last bit of each coordinate. Then the same for real
files. Usage: layers.py GRUNNLAG [FILE…]
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas
import pyogrio
import shapely
from shapely.geometry import MultiPolygon, Polygon

NAMES = ["Kárášjohka – Karasjok", "Ørland, «Åfjord» & Æ", "Unjárga-Nesseby", "Loabák Đŋŧž", "", None]
LATIN = ["Bodø", "Ørland, «Åfjord» & Æ", "Sør-Aurdal", "Kárášjohka", "Hå", None]


def shapes(east: float, north: float, step: float) -> list:
    """Squares by the step: holed, several, with heights, plain, empty, none."""

    def square(x, y, size):
        x, y = east + x * step, north + y * step
        size *= step
        # Thirds have no end in any base: digits that are lost would show.
        return [(x, y), (x, y + size / 3), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]

    holed = Polygon(square(0, 0, 9), [square(1, 1, 2)[::-1], square(5, 5, 2)[::-1]])
    island = MultiPolygon([Polygon(square(20, 0, 9), [square(21, 1, 7)[::-1]]), Polygon(square(23, 3, 2))])
    high = Polygon([(x, y, 12.5) for x, y in square(40, 0, 5)])
    return [holed, island, high, Polygon(square(60, 0, 1)), Polygon(), None]


def features(epsg: int, names: list) -> geopandas.GeoDataFrame:
    place = (10.5, 59.5, 0.01) if epsg in (4258, 4326) else (262_000.0, 6_649_000.0, 100.0)
    columns = {
        "code": ["0301", "1837", "5610", "0001", "4601", None],
        "name": names,
        "antall": [1, -2, 2**40, 0, 5, 6],
        "areal": [0.1, 1 / 3, -1e-9, 12345678.25, 1.5, 2.0],
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes(*place), crs=f"EPSG:{epsg}")


def ours(program: str, file: Path, *options: str) -> geopandas.GeoDataFrame:
    """What we read of a file, by way of the GeoParquet that we write."""
    target = file.with_name(file.name + ".ours.parquet")
    subprocess.run([program, "layers", "convert", file, target, *options], check=True)
    return geopandas.read_parquet(target)


def plain(shape, keeps_empty: bool):
    """A shape as every format can say it: flat, of several parts, in one order."""
    if shape is None or (shape.is_empty and not keeps_empty):
        return None
    if shape.is_empty:
        return "empty"
    shape = shapely.force_2d(shape)
    if shape.geom_type in ("Polygon", "LineString", "Point"):
        shape = getattr(shapely, "Multi" + shape.geom_type)([shape])
    return shapely.normalize(shape)


def text(value) -> str | None:
    """A value as its text: formats differ in what is a number."""
    if value is None or value != value or value is __import__("pandas").NaT:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (list, dict)) or hasattr(value, "tolist") and getattr(value, "shape", ()) != ():
        return "list"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return repr(float(value)) if isinstance(value, float) else str(value)


def compare(label: str, theirs, mine, *, keeps_empty: bool = True, names_only: bool = False) -> None:
    assert len(theirs) == len(mine), (label, len(theirs), len(mine))
    if len(theirs) and theirs.crs is not None:
        assert theirs.crs.to_epsg() == mine.crs.to_epsg(), (label, theirs.crs, mine.crs)
    for row, (a, b) in enumerate(zip(theirs.geometry, mine.geometry)):
        a, b = plain(a, keeps_empty), plain(b, keeps_empty)
        same = a == b if a is None or b is None or isinstance(a, str) else shapely.equals_exact(a, b, 0)
        assert same, (label, row, str(a)[:300], str(b)[:300])
    columns = [name for name in theirs.columns if name not in ("geometry", "fid")]
    missing = [name for name in columns if name not in mine.columns]
    assert not missing, (label, missing, list(mine.columns))
    for name in [] if names_only else columns:
        for row, (a, b) in enumerate(zip(theirs[name], mine[name])):
            a, b = text(a), text(b)
            # GDAL guesses numbers and dates in texts; the text itself is what we keep.
            same = a == b or a == "list" or (a or "") == (b or "") or guessed(a, b)
            assert same, (label, name, row, a, b)
    print(f"same: {label} ({len(mine)} features)")


def guessed(a: str | None, b: str | None) -> bool:
    try:
        return float(a) == float(b)
    except (TypeError, ValueError):
        if a and b and a == b + ":00":
            return True
        dates = (a or "").replace("+00:00", "").rstrip("Z"), (b or "").rstrip("Z")
        return bool(a) and bool(b) and dates[0][:10] == dates[1][:10] and a[4:5] == "-"


FORMATS = {
    "geojson": ("GeoJSON", {}),
    "gpkg": ("GPKG", {}),
    "fgb": ("FlatGeobuf", {"SPATIAL_INDEX": "YES"}),
    "noindex.fgb": ("FlatGeobuf", {"SPATIAL_INDEX": "NO"}),
    "shp": ("ESRI Shapefile", {"ENCODING": "UTF-8"}),
    "gml": ("GML", {"FORMAT": "GML3.2"}),
    "gml2.gml": ("GML", {"FORMAT": "GML2"}),
    "gml3.gml": ("GML", {"FORMAT": "GML3"}),
}


def made(program: str, folder: Path) -> None:
    for epsg in (25833, 25832, 25835, 4258, 4326):
        for ending, (driver, options) in FORMATS.items():
            data = features(epsg, NAMES)
            if "shp" in ending or "gml" in ending:
                # A Shapefile has no texts of no length, and GML no empty surface.
                data["name"] = data["name"].replace("", None)
                data = data[[shape is None or not shape.is_empty for shape in data.geometry]]
            if "gml" in ending and ending != "gml2.gml":
                # GDAL cannot read its own GML 3 when only some shapes have heights.
                force = shapely.force_2d if ending == "gml" else shapely.force_3d
                data["geometry"] = [shape and force(shape) for shape in data.geometry]
            if "fgb" in ending:
                # All shapes of a FlatGeobuf have heights, or none.
                force = shapely.force_2d if "noindex" in ending else shapely.force_3d
                data["geometry"] = [shape and force(shape) for shape in data.geometry]
            if ending == "fgb":
                # What has no place cannot stand in an index of places.
                data = data[[shape is not None and not shape.is_empty for shape in data.geometry]]
            file = folder / f"layer{epsg}.{ending}"
            kind = "dataset_options" if driver == "GML" else "layer_options"
            pyogrio.write_dataframe(data, file, driver=driver, promote_to_multi=True, **{kind: options})
            theirs = pyogrio.read_dataframe(file)
            compare(f"{driver} {ending} {epsg}", theirs, ours(program, file))
            facts(program, file, theirs)
            if ending in ("geojson", "gpkg", "shp", "gml"):
                zipped(program, folder, file, theirs)
        native(program, folder, epsg)


def facts(program: str, file: Path, theirs) -> None:
    said = subprocess.run(
        [program, "layers", "info", file, "--format", "json"], check=True, capture_output=True
    )
    said = json.loads(said.stdout)
    assert said["features"] == len(theirs), (file, said["features"])
    assert said["epsg"] == theirs.crs.to_epsg(), (file, said["epsg"])
    assert list(theirs.total_bounds) == said["extent"], (file, theirs.total_bounds, said["extent"])


def zipped(program: str, folder: Path, file: Path, theirs) -> None:
    target = folder / (file.stem + file.suffix[1:] + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in folder.glob(file.stem + ".*"):
            if part.suffix in (file.suffix, ".dbf", ".prj", ".cpg", ".shx") and (
                part.suffix == file.suffix or file.suffix == ".shp"
            ):
                packed.write(part, f"Basisdata/Kommuner_Åfjord/{part.name}")
    compare(f"zip of {file.name}", theirs, ours(program, target))


def native(program: str, folder: Path, epsg: int) -> None:
    """GeoParquet of geopandas, as well-known binary and as GeoArrow, with and without boxes."""
    data = features(epsg, NAMES)
    file = folder / f"wkb{epsg}.parquet"
    data.to_parquet(file, write_covering_bbox=True, schema_version="1.1.0")
    compare(f"GeoParquet of geopandas {epsg}", data, ours(program, file))
    flat = data.copy()
    several = [None if shape is None else shapely.force_2d(shape) for shape in data.geometry]
    several = [MultiPolygon([s]) if s is not None and s.geom_type == "Polygon" and not s.is_empty else s for s in several]
    flat["geometry"] = [MultiPolygon() if s is not None and s.is_empty else s for s in several]
    file = folder / f"arrow{epsg}.parquet"
    flat.to_parquet(file, geometry_encoding="geoarrow", schema_version="1.1.0")
    compare(f"GeoArrow in GeoParquet {epsg}", flat, ours(program, file))


def latin(program: str, folder: Path) -> None:
    """A Shapefile of Windows-1252: with a .cpg, with the mark in the .dbf alone, without any."""
    data = features(25833, LATIN).drop(index=4)
    file = folder / "latin.shp"
    pyogrio.write_dataframe(data, file, driver="ESRI Shapefile", encoding="CP1252", promote_to_multi=True)
    compare("Shapefile in Windows-1252", data[["name", "geometry"]], ours(program, file), keeps_empty=False)
    file.with_suffix(".cpg").unlink()
    compare("the same without .cpg", data[["name", "geometry"]], ours(program, file), keeps_empty=False)
    table = bytearray(file.with_suffix(".dbf").read_bytes())
    table[29] = 0
    file.with_suffix(".dbf").write_bytes(table)
    compare("the same without any mark", data[["name", "geometry"]], ours(program, file), keeps_empty=False)
    file.with_suffix(".prj").unlink()
    said = subprocess.run([program, "layers", "info", file], capture_output=True, text=True)
    assert said.returncode == 2 and "--crs" in said.stderr, said
    compare("the same without .prj", data[["name", "geometry"]], ours(program, file, "--crs", "25833"), keeps_empty=False)


def layered(program: str, folder: Path) -> None:
    """Two layers in one GeoPackage: one must be named."""
    file = folder / "two.gpkg"
    data = features(25833, NAMES)
    pyogrio.write_dataframe(data, file, layer="første", driver="GPKG", promote_to_multi=True)
    pyogrio.write_dataframe(data[:2], file, layer="andre", driver="GPKG", promote_to_multi=True, append=True)
    said = subprocess.run([program, "layers", "info", file], capture_output=True, text=True)
    assert said.returncode == 2 and "første, andre" in said.stderr, said
    compare("GeoPackage of two layers", data[:2], ours(program, file, "--layer", "andre"))


def real(program: str, folder: Path, files: list[str]) -> None:
    for name in files:
        # GDAL writes beside what it reads.
        file = folder / Path(name).name
        file.write_bytes(Path(name).read_bytes())
        for layer, kind in pyogrio.list_layers(file):
            if kind is None:
                continue
            try:
                theirs = pyogrio.read_dataframe(file, layer=layer)
            except Exception as problem:
                print(f"skipped: {file.name} {layer}: GDAL says {problem}")
                continue
            options = ["--layer", layer] if file.suffix == ".gml" else []
            if "Curve" in str(kind) or "bue" in file.name or "uuid" in file.name:
                print(f"skipped: {file.name} {layer}: arcs are cut into other pieces")
                continue
            compare(f"{file.name} {layer}", theirs, ours(program, file, *options))


def main(program: str, files: list[str]) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(program, folder)
        latin(program, folder)
        layered(program, folder)
        (folder / "real").mkdir()
        real(program, folder / "real", files)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
