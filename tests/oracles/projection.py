"""Coordinate systems against PROJ: projection.py DRIVER.

DRIVER is the example `transform_points` of the crate `places`. A grid over Norway from the
Skagerrak to Finnmark and out to the limits of the economic zone, 0.05 degrees apart, through every
pair of systems. The contract is a centimetre inside Norway; what is seen is nanometres, so that a
micrometre is asked for everywhere. Needs pyproj.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyproj

GEOGRAPHIC, ZONES = (4258, 4326), (25832, 25833, 25835)
WEST, EAST, SOUTH, NORTH, STEP = -6.0, 37.0, 56.0, 76.0, 0.05
MOST_METRES = 1e-6
METRES_PER_DEGREE = 111_320.0


def ours(driver, source, target, points):
    with tempfile.TemporaryDirectory(prefix="grunnlag-projection-") as folder:
        given, out = Path(folder) / "given.f64", Path(folder) / "out.f64"
        np.ascontiguousarray(points, "<f8").tofile(given)
        subprocess.run([driver, str(source), str(target), str(given), str(out)], check=True)
        return np.fromfile(out, "<f8").reshape(-1, 2)


def main():
    driver = sys.argv[1]
    grid = np.meshgrid(np.arange(WEST, EAST, STEP), np.arange(SOUTH, NORTH, STEP))
    degrees = np.stack([axis.ravel() for axis in grid], axis=1)
    places = {system: degrees for system in GEOGRAPHIC}
    for zone in ZONES:
        to_zone = pyproj.Transformer.from_crs(4258, zone, always_xy=True)
        places[zone] = np.stack(to_zone.transform(*degrees.T), axis=1)
    worst = 0.0
    for source in places:
        for target in places:
            if source == target or {source, target} <= set(GEOGRAPHIC):
                continue
            # ETRS89 and WGS 84 are one to us, as they are to PROJ when nothing better is known.
            theirs = pyproj.Transformer.from_crs(source, target, always_xy=True)
            expected = np.stack(theirs.transform(*places[source].T), axis=1)
            apart = ours(driver, source, target, places[source]) - expected
            if target in GEOGRAPHIC:
                apart *= METRES_PER_DEGREE
            largest = float(np.hypot(*apart.T).max())
            worst = max(worst, largest)
            if not largest <= MOST_METRES:
                print(f"  {source} to {target}: {largest:.3g} m")
    print(
        f"PROJ {pyproj.proj_version_str}: {len(degrees)} places, {WEST:g} to {EAST:g} E, {SOUTH:g} to {NORTH:g} N, "
        f"every pair of {', '.join(map(str, places))}: largest difference {worst:.2g} m"
    )
    if not worst <= MOST_METRES:
        sys.exit(1)


if __name__ == "__main__":
    main()
