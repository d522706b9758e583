"""CPU seconds that a peer takes to turn a file in memory into a table: parse.py CASE FILE REPEATS.

Prints the median, or one line that begins with "missing" when the library is not installed.
"""

import json
import logging
import statistics
import sys
import time
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def pyjstat_frame(path):
    from pyjstat import pyjstat

    text = open(path, encoding="utf-8").read()
    return lambda: pyjstat.Dataset.read(text).write("dataframe", naming="id")


def pxwebpy_rows(path):
    from pxweb._internal.functions import unpack_table_data

    body = open(path, "rb").read()
    return lambda: unpack_table_data(json.loads(body), show=None)


def pyaxis_frame(path):
    from pyaxis import pyaxis

    return lambda: pyaxis.parse(path, encoding="iso-8859-1")


def main():
    case, path, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    try:
        run = {"pyjstat": pyjstat_frame, "pxwebpy": pxwebpy_rows, "pyaxis": pyaxis_frame}[case](path)
    except ImportError as error:
        print(f"missing: {error}")
        return
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    print(statistics.median(seconds))


main()
