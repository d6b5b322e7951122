"""The core stays free of everything that is not a rule."""

import ast
from pathlib import Path

import pytest

import visavis.core

FILES = sorted(Path(visavis.core.__file__).parent.glob("*.py"))
ALLOWED = {
    "bisect", "collections", "dataclasses", "dateutil", "datetime", "enum", "functools",
    "holidays", "operator", "re", "types", "typing", "visavis", "zoneinfo",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_core_imports_only_calendars_and_itself(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        for name in names:
            assert name.split(".")[0] in ALLOWED
            assert not name.startswith("visavis") or name.startswith("visavis.core")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_core_has_no_clock(path):
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert calls.isdisjoint(CLOCKS)
