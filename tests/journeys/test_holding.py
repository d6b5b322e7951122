"""What a browser makes of a held time: leaving gives it back, coming back takes it again."""

import re

import pytest

from journeys.people import Person, Reader

# Who may hold what is shown on every database in tests/booking_site and tests/races.
pytestmark = pytest.mark.any_database

SERVICE = "/demo-practice/s/short-check-in/"
TIMES = "ul.slots .slot time"


@pytest.fixture
def visitor(stack, browser_for):
    """Somebody at the form for one provider's last time of a day."""
    person = Person(browser_for(), stack, Reader("en"))
    person.opens(SERVICE)
    person.opens(person.page.locator(".pills a").last.get_attribute("href"))
    person.start = person.page.locator(TIMES).last.get_attribute("datetime")
    person.page.locator("ul.slots .slot").last.click()
    person.page.wait_for_url(re.compile(r".*/book/.*"))
    person.page.get_by_text("Held for you until").wait_for()
    yield person
    person.opens(SERVICE)  # and so lets go of it


@pytest.fixture
def others(stack, browser_for):
    """Tell which times somebody else is offered with the provider of a form, on its day."""
    page = browser_for()

    def offered(form, day):
        provider = re.search(r"provider=\d+", form)[0]
        page.goto(stack.url(f"{SERVICE}?{provider}&day={day[:10]}"))
        return [one.get_attribute("datetime") for one in page.locator(TIMES).all()]

    return offered


def test_leaving_the_form_gives_the_time_back_and_coming_back_takes_it_again(visitor, others):
    page, form, start = visitor.page, visitor.page.url, visitor.start
    page.fill("input[name=name]", "Held Sample")
    assert start not in others(form, start)

    page.get_by_role("link", name="Other times").click()
    page.wait_for_url(re.compile(r".*/s/.*"))
    # Browsers tell that a page was left when they find the time.
    assert any(start in others(form, start) for _attempt in range(10))

    with page.expect_response(re.compile(r".*/hold/.*")):
        page.go_back()
    assert start not in others(form, start)

    with page.expect_response(re.compile(r".*/hold/.*")):
        page.reload()
    page.get_by_text("Held for you until").wait_for()
    assert start not in others(form, start)


def test_a_time_no_longer_held_can_be_held_again_and_booked(visitor, picture):
    page = visitor.page
    picture(page, "held")
    page.fill("input[name=name]", "Late Sample")
    page.evaluate("Date.now = ((now) => () => now() + 11 * 60 * 1000)(Date.now)")
    page.get_by_text("no longer held for you").wait_for()
    picture(page, "over")

    page.get_by_role("button", name="Hold it again").click()
    page.get_by_text("Held for you until").wait_for()
    assert page.input_value("input[name=name]") == "Late Sample"

    # Sending the form is no leaving.
    page.evaluate(
        "() => { navigator.sendBeacon = (url) => localStorage.setItem('released', url); }"
    )
    page.fill("input[name=email]", "late@client.example")
    page.check("form#details input[type=checkbox]")
    page.locator("form#details button.primary").click()
    visitor.sees("Your appointment is booked")
    assert page.evaluate("localStorage.getItem('released')") is None
