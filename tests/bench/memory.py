"""How much memory the ingest of a 300 MB file takes: `python -m tests.bench.memory`.

The whole command is measured, `twotrack ingest run cbp-nationwide` in a process of its own, which
gets a nationwide file of CBP's form over HTTP: download, snapshot, parsing, load. That it is the
file that costs, not Python and its libraries, shows beside the same run with a small file.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from subprocess import DEVNULL, Popen

from ingest.sources._cbp_files import COMPONENTS, LAYOUTS, MONTHS

ROOT = Path(__file__).parents[2]
LIMIT_MB = 400
OFFICES = 60
ROW_BYTES = 115
KIND = LAYOUTS["nationwide-encounters", "aor"]
FILE = "/sites/default/files/2025-10/nationwide-encounters-fy22-fy25-aor.csv"
ROWS = 4 * 12 * len(COMPONENTS) * 3 * OFFICES * 5 * 22 * 2 * 3
"""Of all labels together: years, months, components, regions, areas, demographics, and so on."""
PAGE = f'<!DOCTYPE html><html><body><a href="{FILE}">FY22-FY25 by AOR</a></body></html>'


def rows() -> Iterator[str]:
    """Lines of one month after another, each once."""
    labels = [sorted(KIND.columns[name] or ()) for name in ("Demographic", "Citizenship")]
    more = [sorted(KIND.columns[name] or ()) for name in ("Title of Authority", "Encounter Type")]
    regions = sorted(KIND.columns["Land Border Region"] or ())
    offices = [f"Area number {number:02}" for number in range(OFFICES)]
    for year, month in itertools.product(range(2022, 2026), MONTHS):
        grouping = "FYTD" if MONTHS.index(month) < 11 else "Remaining"
        for component, region, office, *rest in itertools.product(
            sorted(COMPONENTS), regions, offices, *labels, *more
        ):
            quoted = ",".join(f'"{each}"' if "," in each else each for each in rest)
            place = f"{component},{region},{office},A{office[-2:]}"
            yield f"{year},{grouping},{month},{place},{quoted},7\r\n"


def write_file(path: Path, megabytes: float) -> int:
    """A file of at least that size; the number of its rows. Every month is in it."""
    every = max(1, int(ROWS * ROW_BYTES / (megabytes * 1e6)))
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(KIND.columns) + "\r\n")
        for number, row in enumerate(rows()):
            if number % every == 0:
                file.write(row)
                count += 1
    return count


class _Provider(BaseHTTPRequestHandler):
    path_of_file: Path

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == FILE:
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(self.path_of_file.stat().st_size))
            self.end_headers()
            with self.path_of_file.open("rb") as file:
                shutil.copyfileobj(file, self.wfile)
        else:
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        pass


def measured(home: Path, url: str) -> tuple[float, float]:
    """(peak memory in MB, seconds) of one run. Raises RuntimeError where it fails."""
    command = [sys.executable, str(ROOT / "twotrack.py"), "ingest", "run", "cbp-nationwide"]
    given = {"TWOTRACK_HOME": str(home), "TWOTRACK_BASE_URL_CBP": url}
    start = time.perf_counter()
    process = Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the run ended with {process.returncode}")
    return _megabytes(usage), time.perf_counter() - start


def _megabytes(usage: resource.struct_rusage) -> float:
    # Linux counts in kibibytes, macOS in bytes (getrusage(2)).
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=300)
    chosen = parser.parse_args(arguments)
    peaks = []
    print(f"{'file':>10}{'rows':>14}{'peak memory':>14}{'seconds':>10}   wanted")
    with tempfile.TemporaryDirectory() as name:
        for wanted in (1.0, chosen.megabytes):
            path = Path(name) / f"{wanted:.0f}.csv"
            count = write_file(path, wanted)
            handler = type("_Serving", (_Provider,), {"path_of_file": path})
            server = HTTPServer(("127.0.0.1", 0), handler)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                url = f"http://127.0.0.1:{server.server_port}"
                peak, seconds = measured(Path(name) / f"home-{wanted:.0f}", url)
            finally:
                server.shutdown()
                server.server_close()
                thread.join()
            peaks.append(peak)
            size = path.stat().st_size / 1e6
            print(f"{size:7.0f} MB{count:14,}{peak:11.0f} MB{seconds:10.1f}   < {LIMIT_MB} MB")
            path.unlink()
    return 0 if max(peaks) < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
