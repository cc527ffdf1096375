"""Child processes that never outlive their test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 30


def environment(**variables: str) -> dict[str, str]:
    """The environment of a child: this one's, Python's path, and `variables`."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables}


class Processes:
    """Starts children and ends, by their id, those that still run."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def python(
        self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> subprocess.Popen[str]:
        """Start `python ARGUMENTS` with its output at hand."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment(**(env or {})),
            cwd=cwd,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def run_twotrack(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "twotrack", *arguments],
        env=environment(**env),
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
