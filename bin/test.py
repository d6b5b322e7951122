#!/usr/bin/env python3
"""Run every check and every test, on SQLite and on PostgreSQL, and sum up.

Installs Chromium, PostgreSQL and gettext when they are missing and we are root; otherwise says
which packages to ask for. Arguments go to pytest.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as Tree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import programs

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
REPORTS = ROOT / "var" / "reports"
PYTHON = str(BIN / "python")
# Tests wait for servers: one more than there are cores keeps all of them busy.
WORKERS = min((os.cpu_count() or 1) + 1, 6)

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("Format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("Lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("Imports", [str(BIN / "lint-imports"), "--no-cache"]),
    ("Migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    # Compiles all that there is, once for all workers.
    ("Collection", [PYTHON, "-m", "pytest", "--collect-only", "--quiet", "--no-header"]),
)
# The longest by far, so that it runs beside the first tests.
TYPES = ("Types", [str(BIN / "mypy")])


def main() -> int:
    os.environ.setdefault("VISAVIS_ENV", "development")
    REPORTS.mkdir(parents=True, exist_ok=True)
    programs.install()
    beside = ThreadPoolExecutor(1)
    types = beside.submit(check, *TYPES)
    checked = [tell(check(*one)) for one in CHECKS]
    # tests/conftest.py says what belongs together, and what goes first.
    pytest = [PYTHON, "-m", "pytest", "-n", str(WORKERS), "--no-loadscope-reorder", *sys.argv[1:]]
    with_postgres = [PYTHON, "bin/with_postgres.py"]
    passed, broken = tests("SQLite", pytest)
    checked.append(tell(types.result()))
    again = [*with_postgres, *pytest, "--only-with-database"]
    more_passed, more_broken = tests("PostgreSQL", again)
    passed, broken = passed + more_passed, broken + more_broken
    failed = [one.name for one in checked if one.failed]
    print(f"\nChecks: {'all passed' if not failed else 'FAILED: ' + ', '.join(failed)}")
    print(f"{passed} passed, {broken + len(failed)} failed")
    return 1 if failed or broken else 0


class Checked(NamedTuple):
    """What a check said, and how long it took."""

    name: str
    seconds: float
    failed: bool
    said: str


def check(name: str, command: list[str]) -> Checked:
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    said = f"{done.stdout[-6000:]} {done.stderr[-3000:]}"
    return Checked(name, time.monotonic() - begun, done.returncode != 0, said)


def tell(one: Checked) -> Checked:
    """Say how a check ended; show what it said only if it failed."""
    print(f"{one.name:<12} {'FAILED' if one.failed else 'ok':<8} {one.seconds:5.1f} s", flush=True)
    if one.failed:
        print(one.said)
    return one


def tests(name: str, command: list[str]) -> tuple[int, int]:
    """Run the tests on one database; return how many passed and how many did not."""
    report = REPORTS / f"{name.lower()}.xml"
    report.unlink(missing_ok=True)
    print(f"\nTests on {name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run([*command, f"--junitxml={report}"], cwd=ROOT)
    print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
    if not report.exists():
        return 0, 1
    suite = Tree.parse(report).getroot().find("testsuite")
    assert suite is not None
    count = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
    broken = count["failures"] + count["errors"]
    if done.returncode and not broken:
        broken = 1
    return count["tests"] - count["failures"] - count["errors"] - count["skipped"], broken


if __name__ == "__main__":
    sys.exit(main())
