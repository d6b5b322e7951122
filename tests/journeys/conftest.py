import os
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from journeys import browser
from journeys.stack import ROOT, empty_database, running
from journeys.visitors import all_go_home

PHONE_WIDTH = 390
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def stack(migrated, tmp_path_factory):
    """The demo company after the set-up: connected, mapped, online."""
    folder = tmp_path_factory.mktemp("stack")
    with (
        empty_database(folder, like=migrated) as database,
        running(folder, database_url=database, connect_zoom=True) as made,
    ):
        yield made
        all_go_home()


@pytest.fixture(scope="module")
def chromium():
    """A browser. Its event loop keeps Django from its database, so it ends with the module."""
    with sync_playwright() as playwright:
        program = browser.chromium()
        assert program, f"none of these is on the path: {', '.join(browser.NAMES)}"
        started = playwright.chromium.launch(executable_path=program, args=browser.FLAGS)
        yield started
        started.close()


@pytest.fixture
def browser_for(chromium, request):
    """Make browsers of different people; a failing page tells about itself."""
    contexts = []

    def make(language="en-GB", zone="Europe/Paris", **options):
        # What is told in both languages is seen in both colour schemes, too.
        scheme = "dark" if language.startswith("fr") else "light"
        context = chromium.new_context(
            locale=language,
            timezone_id=zone,
            reduced_motion="reduce",
            color_scheme=scheme,
            **options,
        )
        context.set_default_timeout(15000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def picture(request):
    """Look at a step: nothing on our pages may shut anybody out. Keeps a picture if asked to.

    VISAVIS_SCREENSHOTS names a folder for the pictures, of a desktop and of a phone.
    """
    folder = os.environ.get("VISAVIS_SCREENSHOTS")
    told = request.getfixturevalue("told")[0] if "told" in request.fixturenames else None
    stack = told or request.getfixturevalue("stack")

    def take(page, name):
        if folder:
            for size, width in (("", None), ("-phone", PHONE_WIDTH)):
                with resized(page, width):
                    file = f"{folder}/{request.node.name}-{name}{size}.png"
                    page.screenshot(path=file, full_page=True)
        # Pages are the same on every database; once is enough.
        if page.url.startswith(stack.base) and "sqlite" in stack.environment["DATABASE_URL"]:
            assert violations(page) == [], name
            assert surplus(page) == 0, f"{name} is wider than a phone"

    return take


@contextmanager
def resized(page, width):
    """Look at a page in another width, or as it is."""
    usual = page.viewport_size
    if width:
        page.set_viewport_size({"width": width, "height": usual["height"]})
    yield
    if width:
        page.set_viewport_size(usual)


def surplus(page):
    """Return by how much a page is too wide for a phone, in pixels."""
    with resized(page, PHONE_WIDTH):
        return page.evaluate("document.documentElement.scrollWidth - document.body.clientWidth")


def violations(page):
    """Return what axe-core finds on a page, as short lines."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
