#!/usr/bin/env python3
"""Run every benchmark, or those named: `bin/bench.py slots months`.

Each prints our times beside a baseline of the same run, and the bars it holds or misses. What
they print is kept below benchmarks/results/, in a file named after the day and the machine; a
run of some of them has their names in its file's, and leaves the file of a full run alone.
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
    some = "".join(f"-{name}" for name in sorted(named))
    file = RESULTS / f"{today}-{cores}-cores{some}.md"
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
        f"Commit {commit()}. {os.cpu_count()} cores, {processor()}, {memory():.0f} GB of memory, "
        f"{system}, Python {platform.python_version()}. "
        f"Load before: {load:.1f}{' (too much: figures are too low)' if load > 0.5 else ''}."
    )


def commit() -> str:
    """Return which commit was measured, and whether something was changed in it."""
    asked = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line)
    return next(names, platform.machine())


def memory() -> float:
    """Return the memory of the machine, in gigabytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def lines(running: "subprocess.Popen[str]") -> Iterator[str]:
    assert running.stdout is not None
    yield from running.stdout


if __name__ == "__main__":
    sys.exit(main())
