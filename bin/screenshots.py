#!/usr/bin/env python3
"""Take the pictures of the README from a running demo of its own."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "tests"))

from journeys.browser import FLAGS, chromium  # noqa: E402
from journeys.people import Person, Reader  # noqa: E402
from journeys.stack import empty_database, migrate, running  # noqa: E402

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
OFFICE = "/office/demo-practice"


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="visavis-screenshots-") as name:
        folder = Path(name)
        with empty_database(folder) as database, sync_playwright() as playwright:
            migrate(database)
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with running(folder, database_url=database, connect_zoom=True) as stack:
                consultation = "/demo-practice/s/online-consultation/"
                take(browser, stack, "booking", consultation, WIDE)
                take(browser, stack, "booking-phone", consultation, PHONE)
                take(browser, stack, "calendar", f"{OFFICE}/calendar/", WIDE, who="owner")
                take(browser, stack, "zoom", f"{OFFICE}/online-meetings/", WIDE, who="owner")
            browser.close()
    return 0


def take(browser: Browser, stack, name: str, path: str, size: dict, *, who: str = "") -> None:
    context = browser.new_context(
        viewport=size, locale="en-GB", timezone_id="Europe/Paris", device_scale_factor=2
    )
    person = Person(context.new_page(), stack, Reader("en"))
    if who:
        person.signs_in(f"{who}@demo-practice.example")
    person.opens(path)
    person.page.wait_for_timeout(800)
    person.page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
