"""Points in regions against GEOS, and against PostGIS where it is installed.

    points.py [--postgis COUNT] DRIVER

DRIVER is the example `locate_points` of the crate `places`. A million points, ten thousand of
them exactly on vertices and on middles of edges, in a tiling of 3,000 cells. A point inside one
region must be found there by all. On a border the others name every region that it touches; ours
must name the one of them that lies just east, which GEOS is asked for in a frame of its own
round the point. Needs shapely; PostGIS through initdb, pg_ctl and psql.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[2] / "benches" / "peers"))
import tiling  # noqa: E402

CELLS, POINTS, ON_BORDERS = 3_000, 1_000_000, 10_000


def border_points(shapes, dice):
    """As many vertices as middles of edges: exact, since vertices lie on a grid."""
    half = ON_BORDERS // 2
    places, owner = shapely.get_coordinates(shapes, return_index=True)
    starts = np.flatnonzero(owner[1:] == owner[:-1])
    vertices = places[dice.choice(len(places), half)]
    edges = dice.choice(starts, ON_BORDERS - half)
    return np.concatenate([vertices, (places[edges] + places[edges + 1]) / 2])


def judge(name, ours, pairs, count):
    """Compares with all (point, region) that another program says intersect; the border points."""
    at, region = pairs
    touched = np.bincount(at, minlength=count)[:count]
    alone = touched[at] == 1
    expected = np.full(count, -1)
    expected[at[alone]] = region[alone]
    wrong = np.flatnonzero((touched <= 1) & (ours[:count] != expected))
    # Where several regions touch the point, ours must be one of them.
    several = np.flatnonzero(touched > 1)
    named = np.zeros(count, bool)
    named[at[ours[at] == region]] = True
    strange = several[~named[several]]
    print(
        f"{name}: {count} points, {int((touched == 1).sum())} in one region alone, {int((touched == 0).sum())} "
        f"in none, {len(several)} on borders of several; disagreements: {len(wrong)} off borders, {len(strange)} on them"
    )
    for point in [*wrong[:10], *strange[:10]]:
        print(f"  point {point}: ours {ours[point]}, theirs {sorted(region[at == point])}")
    if len(wrong) or len(strange):
        sys.exit(1)
    return several


def just_east(shapes, points, at, region):
    """For each point on a border the region that holds (x + d, y + d²), by GEOS; else the first."""
    # The point becomes the origin: the numbers stay exact, and a step of 2^-30 can be told apart.
    own = shapes[region].copy()
    _, which = shapely.get_coordinates(own, return_index=True)
    moved = shapely.set_coordinates(own, shapely.get_coordinates(own) - points[at][which])
    holds = shapely.contains(moved, shapely.Point(2.0**-30, 2.0**-60))
    answers = {}
    for point, number, is_held in zip(at, region, holds):
        best = answers.get(point, (True, len(shapes)))
        answers[point] = min(best, (not is_held, number))
    return answers


def against_geos(shapes, points, ours):
    start = time.time()
    tree = shapely.STRtree(shapes)
    at, region = tree.query(shapely.points(points), predicate="intersects")
    judge("GEOS", ours, (at, region), len(points))
    inside, _ = tree.query(shapely.points(points), predicate="within")
    on_border = ~np.isin(at, inside)
    answers = just_east(shapes, points, at[on_border], region[on_border])
    wrong = [point for point, (_, number) in answers.items() if ours[point] != number]
    nobody_east = sum(not_held for not_held, _ in answers.values())
    print(
        f"GEOS: {len(answers)} points on borders, of which `within` finds none: {len(answers) - nobody_east} "
        f"belong to the region just east, {nobody_east} on the outer border; ours differ in {len(wrong)} "
        f"({time.time() - start:.0f} s)"
    )
    for point in wrong[:10]:
        print(f"  point {point} at {points[point]}: ours {ours[point]}, by the rule {answers[point]}")
    if wrong:
        sys.exit(1)


class Cluster:
    """A PostgreSQL of its own that listens on a socket in a temporary folder, while in use."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.as_root = os.geteuid() == 0
        # Debian keeps the programs off the path.
        found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path(shutil.which("psql") or "/").parent]
        self.programs = next((place for place in found if (place / "initdb").exists() and (place / "psql").exists()), None)

    def is_there(self):
        share = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
        return self.programs is not None and any(share) and (not self.as_root or shutil.which("runuser"))

    def run(self, program, *arguments, text=None):
        command = [str(self.programs / program), *arguments]
        if self.as_root:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            sys.exit(f"{program}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def __enter__(self):
        if self.as_root:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "oracle", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c jit=off -c work_mem=128MB"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", settings, "-w", "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")

    def sql(self, text):
        return self.run("psql", "-h", str(self.folder), "-U", "oracle", "-qAt", "-v", "ON_ERROR_STOP=1", "postgres", text=text)


def against_postgis(shapes, points, ours):
    with tempfile.TemporaryDirectory(prefix="grunnlag-postgis-") as folder:
        cluster = Cluster(folder)
        if not cluster.is_there():
            print("skipped: PostgreSQL with PostGIS is not installed")
            return
        start = time.time()
        regions = "\n".join(f"{at}\t{shape}" for at, shape in enumerate(shapely.to_wkb(shapes, hex=True)))
        places = "\n".join(f"{at}\t{x!r}\t{y!r}" for at, (x, y) in enumerate(points.tolist()))
        with cluster:
            rows = cluster.sql(
                "CREATE EXTENSION postgis;\n"
                "CREATE UNLOGGED TABLE region (id int, shape geometry);\n"
                f"COPY region FROM stdin;\n{regions}\n\\.\n"
                "CREATE UNLOGGED TABLE place (id int, x float8, y float8);\n"
                f"COPY place FROM stdin;\n{places}\n\\.\n"
                "CREATE INDEX ON region USING gist (shape);\nANALYZE region;\nANALYZE place;\n"
                "SELECT place.id, region.id FROM place JOIN region ON ST_Intersects(region.shape, ST_Point(place.x, place.y));\n"
                "SELECT postgis_lib_version();\n"
            )
        *rows, version = rows.split()
        pairs = np.array([row.split("|") for row in rows], np.int64).reshape(-1, 2)
        several = judge(f"PostGIS {version}", ours, (pairs[:, 0], pairs[:, 1]), len(points))
        print(f"PostGIS {version}: ours is one of the regions at each of {len(several)} points ({time.time() - start:.0f} s)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgis", type=int, default=200_000, help="how many of the points PostGIS is asked for")
    parser.add_argument("driver")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grunnlag-points-") as folder:
        tiling.make(folder, CELLS, POINTS - ON_BORDERS)
        shapes, points = tiling.read(folder)
        dice = np.random.default_rng(4)
        # Border points first, so that a part of all has them too.
        points = np.concatenate([border_points(shapes, dice), points])
        tiling.write(folder, shapes, points)
        print(subprocess.run([asked.driver, folder, f"{folder}/found"], check=True, capture_output=True, text=True).stdout.strip())
        ours = np.fromfile(f"{folder}/found", "<i4")
    against_geos(shapes, points, ours)
    count = min(asked.postgis, len(points))
    if count:
        against_postgis(shapes, points[:count], ours[:count])


if __name__ == "__main__":
    main()
