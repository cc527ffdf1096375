"""How well and how fast figures are read: `make bench`, not a part of the suite.

Against the annotated passages, looked at and not, and the five articles where their texts are at
hand: precision, recall and F1 by class and language. Against quantulum3 on the same texts: time, in
the same run, in an environment of its own that is thrown away; left out where it cannot be had.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from config.catalog import Catalog, load_catalog
from ingest.articles.extract import extract
from tests.ingest.articles import scoring
from tests.ingest.articles.gold import ARTICLES, Passage, load_articles, load_passages

ROOT = Path(__file__).parents[2]
SETS = ("known", "held-out", "articles")
LEAST_F1 = 0.90
LEAST_PERIOD = 0.80
MEGABYTE = 1_000_000
OTHER = """
import json, sys, time
from quantulum3 import parser
texts = json.load(sys.stdin)
parser.parse(texts[0][:200])
times = []
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    for text in texts:
        parser.parse(text)
    times.append(time.perf_counter() - start)
print(json.dumps(times))
"""


def passages_of(name: str) -> list[Passage]:
    """The passages of a set; none where the material is not at hand."""
    if name == "articles":
        return load_articles() if ARTICLES.exists() else []
    return load_passages(name)


def report(name: str, passages: Sequence[Passage], catalog: Catalog) -> bool:
    """Prints the scores of a set; whether its core figures meet what is wanted."""
    scores = scoring.score(
        (each, extract(each.text, each.language, each.published_on, catalog)) for each in passages
    )
    core = scores.of("core")
    print(f"\nfigures of {len(passages)} texts, {name}")
    print(scoring.as_table(scores))
    if core.f1 is None:
        return True
    good, wanted = core.f1 >= LEAST_F1, f"F1 >= {LEAST_F1:.2f}"
    if name != "articles":
        # The articles are annotated with what their context implies, beyond what they say.
        good &= core.period_accuracy is None or core.period_accuracy >= LEAST_PERIOD
        wanted += f", period >= {LEAST_PERIOD:.2f}"
    print(f"core: wanted {wanted}: {'met' if good else 'NOT MET'}")
    return good


def own_times(texts: Sequence[Passage], catalog: Catalog, repeat: int) -> list[float]:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        for each in texts:
            extract(each.text, each.language, each.published_on, catalog)
        times.append(time.perf_counter() - start)
    return times


def other_times(texts: Sequence[Passage], repeat: int) -> list[float] | None:
    """Seconds that quantulum3 takes, or None where it cannot be installed."""
    uv = shutil.which("uv")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        if uv:
            make = [uv, "venv", "--quiet", "--python", sys.executable, folder]
            install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        else:
            make = [sys.executable, "-m", "venv", folder]
            install = [str(python), "-m", "pip", "install", "--quiet"]
        try:
            subprocess.run(make, check=True, capture_output=True, timeout=300)
            subprocess.run(
                [*install, "quantulum3", "setuptools<81"],
                check=True,
                capture_output=True,
                timeout=300,
            )
            done = subprocess.run(
                [str(python), "-W", "ignore", "-c", OTHER, str(repeat)],
                input=json.dumps([each.text for each in texts]),
                check=True,
                capture_output=True,
                text=True,
                timeout=600,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    times: list[float] = json.loads(done.stdout)
    return times


def speed(texts: Sequence[Passage], catalog: Catalog, repeat: int) -> bool:
    """Prints times beside quantulum3's, and of one megabyte; whether ours is the faster."""
    english = [each for each in texts if each.language == "en"]
    own_times(english, catalog, 1)
    own = own_times(english, catalog, repeat)
    other = other_times(english, repeat)
    size = sum(len(each.text) for each in english)
    print(f"\n{len(english)} English texts, {size:,} characters, median of {repeat}")
    print(f"{'extract':28}{median(own):9.3f} s")
    if other is None:
        print(f"{'quantulum3':28}        -   (it could not be installed)")
    else:
        ratio = median(other) / median(own)
        print(f"{'quantulum3':28}{median(other):9.3f} s   {ratio:.1f} x ours, wanted > 1")
    longest = max(english, key=lambda each: len(each.text)).text
    text = (longest * (MEGABYTE // len(longest) + 1))[:MEGABYTE]
    start = time.perf_counter()
    extract(text, "en", None, catalog)
    print(f"{'extract, one megabyte':28}{time.perf_counter() - start:9.3f} s")
    return other is None or median(other) > median(own)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.extraction", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args(arguments)
    catalog = load_catalog(ROOT / "config")
    sets = {name: passages_of(name) for name in chosen.sets}
    good = [report(name, passages, catalog) for name, passages in sets.items() if passages]
    texts = [each for passages in sets.values() for each in passages]
    fast = not texts or speed(texts, catalog, chosen.repeat)
    return 0 if all(good) and fast else 1


if __name__ == "__main__":
    sys.exit(main())
