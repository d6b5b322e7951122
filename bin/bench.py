#!/usr/bin/env python3
"""Run every benchmark. Each prints our times beside a baseline of the same run."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    worst = 0
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        print(f"\n== {script.stem}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(script)], cwd=ROOT).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
