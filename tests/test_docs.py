"""What the documents promise to be complete about, they are."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "visavis"
READERS = {"text", "flag", "number", "words"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def variables_read():
    tree = ast.parse(read("src/visavis/config/settings.py"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in READERS
    }


def test_every_setting_is_in_the_table_and_no_other():
    in_table = re.findall(r"^\| `([A-Z_]+)` \|", read("docs/settings.md"), re.MULTILINE)

    assert sorted(in_table) == sorted(variables_read())


def test_every_package_has_its_line():
    packages = {found.parent.name for found in PACKAGE.glob("*/__init__.py")}
    lines = set(re.findall(r"^\s*([a-z_]+)/ {2,}\S", read("docs/architecture.md"), re.MULTILINE))

    assert packages - lines == set()


def test_every_command_is_explained_to_those_who_operate():
    commands = {
        found.stem
        for found in PACKAGE.glob("*/management/commands/*.py")
        if found.stem != "__init__"
    }
    listed = re.findall(r"^\| `visavis ([a-z_-]+)", read("docs/operate.md"), re.MULTILINE)
    explained = {name.replace("-", "_") for name in listed}

    assert commands - explained == set()


def test_every_dependency_has_its_reason():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    python = {re.split(r"[\[<>=]", one)[0] for one in project["dependencies"]}
    browser = set(json.loads(read("package.json"))["dependencies"])
    reasons = set(
        re.findall(r"^\* `([^`]+)`", read("docs/decisions/dependencies.md"), re.MULTILINE)
    )

    assert (python | browser) - reasons == set()


def test_the_zoom_app_is_described_as_the_settings_page_describes_it():
    from visavis.back_office.views.zoom_setup import EVENTS
    from visavis.gateways.video.zoom.scopes import names

    listed = re.findall(r"^\| `([a-z_:.]+)` \|", read("docs/zoom.md"), re.MULTILINE)

    assert sorted(listed) == sorted([*names(whole_account=True), *EVENTS])


def test_every_test_that_shows_a_trap_is_there():
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_\w+)`", read("docs/zoom.md"))

    missing = [name for path, name in named if f"def {name}(" not in read(path)]

    assert named
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []
