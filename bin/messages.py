#!/usr/bin/env python3
"""Collect the strings to translate, compile what is translated, and say what is missing.

Needs GNU gettext's `xgettext` for collecting. The compiled catalogues are committed, so that
an installation needs no gettext at all.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "visavis"
LANGUAGES = ("fr",)
# Only what others' pages call otherwise than ours.
KEPT_BY_HAND = ("en",)


def main() -> int:
    if not shutil.which("xgettext"):
        sys.exit("xgettext is missing: please install the package `gettext`.")
    (PACKAGE / "locale").mkdir(exist_ok=True)
    os.environ["VISAVIS_ENV"] = "development"
    command = [
        sys.executable,
        str(ROOT / "manage.py"),
        "makemessages",
        "--no-wrap",
        "--no-location",
        "--no-obsolete",
        "--ignore=static/*",
    ]
    for language in LANGUAGES:
        command += ["--locale", language]
    subprocess.run(command, cwd=PACKAGE, check=True)
    missing = 0
    for language in LANGUAGES + KEPT_BY_HAND:
        catalogue = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
        entries = polib.pofile(str(catalogue))
        for moment in ("POT-Creation-Date", "PO-Revision-Date"):
            entries.metadata.pop(moment, None)  # they would differ each time
        entries.save()
        entries.save_as_mofile(str(catalogue.with_suffix(".mo")))
        open_ones = len(entries.untranslated_entries()) + len(entries.fuzzy_entries())
        print(f"{language}: {len(entries)} strings, {open_ones} still to translate")
        missing += open_ones
    return 0 if not missing else 1


if __name__ == "__main__":
    sys.exit(main())
