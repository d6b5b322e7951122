"""Visitors by the dozen: wrk, and what it says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from stage.installation import BASE_URL

SCRIPTS = Path(__file__).resolve().parent
SECONDS = int(os.environ.get("BENCH_SECONDS", "1"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
# A form's token, as a browser sends it back; it must be the same in the cookie and in the form.
TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEF"
# What a browser says of itself, as far as it makes a difference.
BROWSER = {"Accept-Language": "en-GB,en;q=0.8", "X-Forwarded-Proto": "https"}
PARTIAL = {
    **BROWSER,
    "Cookie": f"csrftoken={TOKEN}",
    "HX-Request": "true",
    "HX-Request-Type": "partial",
}
FORM = {
    **BROWSER,
    "Cookie": f"csrftoken={TOKEN}",
    "Origin": BASE_URL,
    "Content-Type": "application/x-www-form-urlencoded",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One run, or the medians of several: answers a second, and milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float


def run(
    url: str,
    headers: Mapping[str, str],
    *,
    clients: int,
    script: str = "visit",
    arguments: Sequence[str] = (),
) -> Figures:
    """Let so many clients ask, each again as soon as it has its answer.

    Raises RuntimeError if any answer was not the one wanted (see the scripts).
    """
    program = shutil.which("wrk")
    if program is None:
        sys.exit("wrk is missing: install the Debian package `wrk`.")
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        [program, "-t1", f"-c{clients}", f"-d{SECONDS}s", "--timeout", "20s",
         "-s", str(SCRIPTS / f"{script}.lua"), *named, url, "--", *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1])
    if said["wrong"]:
        raise RuntimeError(f"{said['wrong']} answers of {url} were not what they should be")
    return Figures(said["rate"], said["p50"], said["p95"], said["p99"])


def compare(
    targets: Mapping[str, Callable[[], Figures]], *, warm: Callable[[], None] = lambda: None
) -> dict[str, Figures]:
    """Ask each target several times, in turns, and return the medians of each.

    The first turn only warms everything up; `warm` is called after it.
    """
    for ask in targets.values():
        ask()
    warm()
    turns = [{name: ask() for name, ask in targets.items()} for _ in range(ROUNDS)]
    return {name: _typical([turn[name] for turn in turns]) for name in targets}


def _typical(rounds: Sequence[Figures]) -> Figures:
    names = ("rate", "p50", "p95", "p99")
    return Figures(*(median(getattr(one, name) for one in rounds) for name in names))
