"""Measurements that are no part of the suite: `make bench`, or `python -m tests.bench [NAME ...]`.

Each runs by itself, too, with options of its own: `python -m tests.bench.pages --help`. Ends with 1
where one misses what it is to reach. What a measurement needs and does not find (a browser, a peer
that cannot be installed here) is said in a line and is no failure.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from tests.bench import extraction, load, memory, pages, requests

BENCHES: Mapping[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "load": ("A bulk load, beside plain sqlite3", load.main),
    "memory": ("Memory of a 300 MB ingest", memory.main),
    "pages": ("The same page beside Streamlit and Vizro, in a browser", pages.main),
    "requests": ("Figure requests, beside Datasette", requests.main),
    "extraction": ("Figures of texts, beside quantulum3", extraction.main),
}


def machine() -> str:
    """Where and when: what every number below depends on."""
    load_now = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}; "
        f"load of the last 1, 5, 15 minutes: {load_now}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    chosen = parser.parse_args(arguments).names or list(BENCHES)
    unknown = sorted(set(chosen) - set(BENCHES))
    if unknown:
        parser.error(f"{', '.join(unknown)}: there are {', '.join(BENCHES)}")
    print(machine())
    missed = []
    for name in chosen:
        title, run = BENCHES[name]
        print(f"\n{title}\n", flush=True)
        if run(()):
            missed.append(name)
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
