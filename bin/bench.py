#!/usr/bin/env python3
"""Run every benchmark, or those named: `bin/bench.py slots months`.

Each prints our times beside a baseline of the same run, and the bars it holds or misses. What
they print is kept below benchmarks/results/, in a file named after the day and the machine.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def main() -> int:
    scripts = sorted((ROOT / "benchmarks").glob("*.py"))
    if named := sys.argv[1:]:
        scripts = [script for script in scripts if script.stem in named]
    cores, today = os.cpu_count(), f"{datetime.now(UTC):%Y-%m-%d}"
    file = RESULTS / f"{today}-{cores}-cores.md"
    RESULTS.mkdir(exist_ok=True)
    worst = 0
    with file.open("w") as kept:
        kept.write(f"# Measured on {today}\n\n{machine()}\n\n{ADVICE}\n")
        for script in scripts:
            begun = monotonic()
            print(f"\n== {script.stem}", flush=True)
            kept.write(f"\n## {script.stem}\n\n```\n")
            running = subprocess.Popen(
                [sys.executable, str(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            for line in lines(running):
                print(line, end="", flush=True)
                kept.write(line)
            status = running.wait()
            took = f"{monotonic() - begun:.0f} s"
            print(f"-- {script.stem}: {'as it should be' if not status else 'MISSED'}, {took}")
            kept.write(f"```\n\n{'All held' if not status else '**Missed**'}, in {took}.\n")
            worst = max(worst, status)
    print(f"\nkept in {file.relative_to(ROOT)}")
    return worst


ADVICE = """\
Machines are noisy: compare the ratios to the baseline (`floor`, `naive`) of the same run, not the
figures of two runs. Unless a line says otherwise, a figure is a median of several turns. What is
called *measured elsewhere* was measured by us on another machine with two cores."""


def machine() -> str:
    """Return what it was measured on, and how busy that was before."""
    load = os.getloadavg()[0]
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}. "
        f"Load before: {load:.1f}{' (too much: figures are too low)' if load > 0.5 else ''}."
    )


def lines(running: "subprocess.Popen[str]") -> Iterator[str]:
    assert running.stdout is not None
    yield from running.stdout


if __name__ == "__main__":
    sys.exit(main())
