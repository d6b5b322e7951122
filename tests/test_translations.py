"""Everything a person reads exists in every language, and nothing is left half-translated."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "visavis"
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue(language):
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language):
    entries = polib.pofile(str(catalogue(language)))

    assert len(entries) > 1000
    assert [one.msgid for one in entries.untranslated_entries()] == []
    assert [one.msgid for one in entries.fuzzy_entries()] == []


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_what_is_compiled_is_what_is_written(language):
    written = {(one.msgctxt, one.msgid): one for one in polib.pofile(str(catalogue(language)))}
    compiled = {
        (one.msgctxt, one.msgid): one
        for one in polib.mofile(str(catalogue(language).with_suffix(".mo")))
    }

    assert compiled.keys() == written.keys()
    assert all(compiled[key].msgstr == written[key].msgstr for key in written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language):
    import re

    mark = re.compile(r"%\([a-z_]+\)[sd]|\[[a-z_ ]+\]")
    broken = [
        one.msgid
        for one in polib.pofile(str(catalogue(language)))
        for text in ([one.msgstr] if not one.msgid_plural else one.msgstr_plural.values())
        if set(mark.findall(text)) - set(mark.findall(one.msgid + one.msgid_plural))
        or (not one.msgid_plural and set(mark.findall(one.msgid)) - set(mark.findall(text)))
    ]

    assert broken == []


def test_no_string_was_forgotten_when_collecting(tmp_path):
    copy = tmp_path / "visavis"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    known = {(one.msgctxt, one.msgid) for one in polib.pofile(str(catalogue("fr")))}

    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=fr", "--no-obsolete",
         "--no-location", "--ignore=static/*"],
        check=False,
        cwd=copy,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    used = polib.pofile(str(copy / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    assert {(one.msgctxt, one.msgid) for one in used} - known == set()
