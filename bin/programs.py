"""What the tests need of the system: a browser, a database server and gettext."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "reports" / "install.log"
sys.path.append(str(ROOT / "tests"))

from journeys.browser import chromium  # noqa: E402


def missing() -> list[str]:
    """Return the packages whose programs are not there, as Debian calls them."""
    postgres = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = {"chromium": chromium(), "postgresql": postgres, "gettext": shutil.which("xgettext")}
    return [package for package, program in found.items() if not program]


def install() -> None:
    """Install what is missing if we are root; otherwise say which packages to ask for."""
    packages = missing()
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Please have these packages installed: {names}")
    print(f"Installing {names}", flush=True)
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("w") as log:
        for words in (["update"], ["install", "--no-install-recommends", "-y", *packages]):
            done = subprocess.run([*apt, *words], env=quiet, stdout=log, stderr=log, cwd=ROOT)
            if done.returncode:
                sys.exit(f"{names} could not be installed: is there a network? See {LOG}.")
    if left := missing():
        sys.exit(f"{' '.join(left)} was installed, but its programs are not found. See {LOG}.")
