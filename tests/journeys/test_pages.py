"""Pages that no other journey passes by: nobody is shut out, on no screen, in no language."""

import re

import pytest

from journeys.people import LOCALES, Person, Reader

pytestmark = pytest.mark.any_database

OFFICE = "/office/demo-practice"
FOR_ANYBODY = {
    "sign-in": "/accounts/login/",
    "time-zone": "/demo-practice/time-zone/",
    "mailbox": "/demo/mailbox/",
}
FOR_STAFF = {
    "texts": f"{OFFICE}/texts/",
    "text": f"{OFFICE}/texts/confirmed/client/en/",
    "new-booking": f"{OFFICE}/bookings/new/",
    "dashboard": f"{OFFICE}/",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_other_pages(stack, browser_for, picture, language):
    reader = Person(browser_for(LOCALES[language]), stack, Reader(language))
    for name, path in FOR_ANYBODY.items():
        reader.opens(path)
        picture(reader.page, name)
    reader.page.locator("main .row-link").first.click()
    reader.page.wait_for_url(re.compile(r".*/demo/mailbox/[^/]+/"))
    picture(reader.page, "mail")

    reader.signs_in("owner@demo-practice.example")
    for name, path in FOR_STAFF.items():
        reader.opens(path)
        picture(reader.page, name)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_laptop_shows_every_column_of_a_report(stack, browser_for, language):
    laptop = {"viewport": {"width": 1280, "height": 800}}
    owner = Person(browser_for(LOCALES[language], **laptop), stack, Reader(language))
    owner.signs_in("owner@demo-practice.example").opens(f"{OFFICE}/reports/bookings/")

    table = owner.page.locator(".table-wrap")
    assert table.locator(".cell-links").count()
    assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0
