"""Points into regions with geopandas: sjoin.py FOLDER REPEATS.

Prints seconds of processor time (median), points that found a region, and a sum over the
answers that the bench compares with its own. The data are in frames before the clock starts.
"""

import json
import statistics
import sys
import time

import numpy as np


def main():
    folder, repeats = sys.argv[1], int(sys.argv[2])
    try:
        import geopandas

        import tiling
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    shapes, places = tiling.read(folder)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*places.T), crs=25833)
    seconds = []
    for _ in range(repeats):
        # A new frame each time, so that its index is built each time, as ours is not reused.
        regions = geopandas.GeoDataFrame({"code": np.arange(len(shapes))}, geometry=shapes, crs=25833)
        start = time.process_time()
        joined = geopandas.sjoin(points, regions, how="inner", predicate="within")
        seconds.append(time.process_time() - start)
    at, region = joined.index.to_numpy(), joined["index_right"].to_numpy().astype(np.int64)
    total = int(((region + 1) * (at % 1009 + 1)).sum())
    print(json.dumps({"seconds": statistics.median(seconds), "matched": len(at), "sum": total}))


main()
