"""Makes a tiling as large as Norway's grunnkretser, and points: tiling.py FOLDER [CELLS POINTS].

Cells of seeds that crowd round towns, each border between two drawn once as a line that
winds, so that neighbours share it to the last digit. Nine points of ten lie round towns.
EPSG:25833, metres. Written as `testkit::shapes` reads it, and the same on
every run. Needs numpy and shapely.
"""

import json
import sys
from pathlib import Path

import numpy as np
import shapely

# How many pieces a border is drawn in; chosen so that 14,000 cells have 3.1 million vertices.
PIECES = (16, 32, 60)
TOWNS = 357
# Vertices lie on a grid of so many to the metre, on which the middle of an edge is exact too.
GRID = 64


def seeds(cells, dice):
    """Seeds inside a country that is long and leans, seeds of the sea around it, and towns."""

    def place(along, across):
        # 1700 km to the north-east, 120 to 300 km broad.
        breadth = 60_000 + 90_000 * np.abs(np.cos(3.0 * along))
        return np.stack(
            [
                100_000 + 900_000 * along + breadth * across,
                6_480_000 + 1_350_000 * along - 0.4 * breadth * across,
            ],
            axis=-1,
        )

    towns = place(dice.random(TOWNS), dice.uniform(-0.9, 0.9, TOWNS))
    share = 1 / np.arange(1, TOWNS + 1) ** 0.8
    share /= share.sum()
    own = cells * 6 // 10
    near = towns[dice.choice(TOWNS, own, p=share)] + dice.normal(size=(own, 2)) * 4_000
    rural = place(dice.random(cells - own), dice.uniform(-1, 1, cells - own))
    land = np.unique(np.round(np.concatenate([near, rural]), 1), axis=0)
    far = place(np.repeat(np.linspace(-0.1, 1.1, 600), 2), np.tile([-1.5, 1.5], 600))
    ends = place(np.repeat([-0.12, 1.12], 40), np.tile(np.linspace(-1.5, 1.5, 40), 2))
    return land, np.concatenate([far, ends]), towns, share


def winding(starts, ends, pieces, swing):
    """Lines from starts to ends that swing to both sides by sums of sines."""
    along = np.linspace(0, 1, pieces + 1)
    waves = np.arange(1, 9)
    # Chance that depends on the line alone.
    seed = np.abs(np.sin(starts @ [12.9898, 78.233] + ends @ [39.346, 11.135]) * 43758.5453)[:, None]
    sizes = (np.abs(np.sin(seed * waves * 7.13)) * 2 - 1) / waves
    aside = (sizes @ np.sin(np.pi * waves[:, None] * along)) * swing[:, None]
    step = ends - starts
    level = np.stack([-step[:, 1], step[:, 0]], axis=-1)
    return starts[:, None] + step[:, None] * along[None, :, None] + level[:, None] * aside[..., None]


def tiling(cells, dice):
    land, sea, towns, share = seeds(cells, dice)
    raw = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(np.concatenate([land, sea])), ordered=True)
    )[: len(land)]
    corners, owner = shapely.get_coordinates(raw, return_index=True)
    names, number = np.unique(np.round(corners, 3), axis=0, return_inverse=True)
    number = number.ravel()
    is_side = np.append(owner[1:] == owner[:-1], False) & np.append(number[1:] != number[:-1], False)
    start, end, owner = number[is_side], number[np.flatnonzero(is_side) + 1], owner[is_side]
    low, high = np.minimum(start, end), np.maximum(start, end)
    sides, side = np.unique(np.stack([low, high], axis=1), axis=0, return_inverse=True)
    side = side.ravel()
    kind = (sides[:, 0] * 31 + sides[:, 1] * 17) % len(PIECES)
    swing = np.full(len(sides), 0.16)
    while True:
        lines = [None] * len(sides)
        for which, pieces in enumerate(PIECES):
            own = np.flatnonzero(kind == which)
            drawn = winding(names[sides[own, 0]], names[sides[own, 1]], pieces, swing[own])
            for at, line in zip(own, np.round(drawn * GRID) / GRID):
                lines[at] = line
        rings = [[] for _ in range(len(land))]
        for at, cell in enumerate(owner):
            line = lines[side[at]]
            rings[cell].append(line[:-1] if start[at] < end[at] else line[:0:-1])
        shapes = shapely.polygons([shapely.linearrings(np.concatenate(ring)) for ring in rings])
        faulty = ~shapely.is_valid(shapes)
        if not faulty.any():
            return shapes, land, towns, share
        calmer = np.unique(side[faulty[owner]])
        swing[calmer] = np.where(swing[calmer] > 0.005, swing[calmer] * 0.4, 0.0)


def scatter(count, land, towns, share, dice):
    near, rural = count * 90 // 100, count * 8 // 100
    of = dice.choice(TOWNS, near, p=share)
    round_towns = towns[of] + dice.normal(size=(near, 2)) * (1_500 + 8_000 * share[of] / share[0])[:, None]
    round_cells = land[dice.integers(0, len(land), rural)] + dice.normal(size=(rural, 2)) * 1_500
    anywhere = dice.uniform(land.min(0), land.max(0), (count - near - rural, 2))
    return np.round(dice.permutation(np.concatenate([round_towns, round_cells, anywhere])), 2)


def write(folder, shapes, points):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    whole = np.array([shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape for shape in shapes])
    _, coordinates, starts = shapely.to_ragged_array(whole)
    coordinates.astype("<f8").tofile(folder / "coordinates.f64")
    for name, start in zip(("rings", "polygons", "regions"), starts):
        np.asarray(start, "<u4").tofile(folder / f"{name}.u32")
    np.ascontiguousarray(points, "<f8").tofile(folder / "points.f64")


def read(folder):
    """The regions as multipolygons, and the points as an array."""
    folder = Path(folder)
    coordinates = np.fromfile(folder / "coordinates.f64", "<f8").reshape(-1, 2)
    starts = tuple(np.fromfile(folder / f"{name}.u32", "<u4").astype(np.int64) for name in ("rings", "polygons", "regions"))
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coordinates, starts)
    return shapes, np.fromfile(folder / "points.f64", "<f8").reshape(-1, 2)


def make(folder, cells=14_000, count=1_000_000, seed=4):
    dice = np.random.default_rng(seed)
    shapes, land, towns, share = tiling(cells, dice)
    write(folder, shapes, scatter(count, land, towns, share, dice))
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    return {"cells": len(shapes), "vertices": vertices, "points": count}


if __name__ == "__main__":
    print(json.dumps(make(sys.argv[1], *map(int, sys.argv[2:4]))))
