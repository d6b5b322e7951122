"""Booking without JavaScript, without a mouse, and from another time zone."""

import re

import pytest

from journeys.people import Person, Reader
from journeys.stack import text_of

pytestmark = pytest.mark.any_database

SERVICE = "/demo-practice/s/short-check-in/"


def test_a_client_books_without_javascript(stack, browser_for):
    client = Person(browser_for(java_script_enabled=False), stack, Reader("en"))
    client.opens(SERVICE)
    client.page.locator("ul.slots .slot").first.click()
    client.page.fill("input[name=name]", "Plain Sample")
    client.page.fill("input[name=email]", "plain@client.example")
    client.page.check("form#details input[type=checkbox]")

    client.page.locator("form#details button.primary").click()

    client.sees("Your appointment is booked")


def test_a_client_books_by_keyboard_alone(stack, browser_for):
    client = Person(browser_for(), stack, Reader("en"))
    client.opens(SERVICE)
    tabs_to(client.page, ".slot")
    client.page.keyboard.press("Enter")
    client.page.wait_for_url(re.compile(r".*/book/.*"))

    for name, typed in (("name", "Key Sample"), ("email", "key@client.example")):
        tabs_to(client.page, f"input[name={name}]")
        client.page.keyboard.type(typed)
    tabs_to(client.page, "form#details input[type=checkbox]")
    client.page.keyboard.press("Space")
    tabs_to(client.page, "form#details button.primary")
    client.page.keyboard.press("Enter")

    client.sees("Your appointment is booked")


def test_times_of_an_online_meeting_are_those_of_the_visitors_device(stack, browser_for):
    client = Person(browser_for(zone="America/New_York"), stack, Reader("en"))

    client.opens(SERVICE).sees("New York time")
    client.page.reload()
    client.sees("New York time")

    client.presses("Show times for Paris").sees("Paris time")
    client.page.reload()
    client.sees("Paris time").sees("Show times for New York")


def test_times_of_an_appointment_in_person_are_those_of_the_place(stack, browser_for):
    client = Person(browser_for(zone="America/New_York"), stack, Reader("en"))

    client.opens(SERVICE).sees("New York time")
    client.opens("/demo-practice/s/in-the-practice/").sees("Show times for New York")

    assert "Paris time" in client.text


def test_without_javascript_times_are_the_companys(stack, browser_for):
    page = browser_for(zone="America/New_York", java_script_enabled=False)
    client = Person(page, stack, Reader("en"))

    client.opens(SERVICE).sees("Paris time")

    assert "Show times for" not in client.text


def test_an_online_meeting_is_confirmed_in_the_zone_of_the_visitors_device(stack, browser_for):
    client = Person(browser_for(zone="America/New_York"), stack, Reader("en"))
    client.opens(SERVICE).sees("New York time")
    clock = client.page.locator("ul.slots .slot").first.inner_text().split()[0]

    books_the_first_time(client, "York")

    assert clock in client.text
    assert "New York time" in client.text
    told = text_of(stack.mail(to="york@client.example"))
    assert clock in told
    assert "New York time" in told


def test_a_form_sent_on_by_somebody_far_away_tells_the_readers_own_time(stack, browser_for):
    parisian = Person(browser_for(), stack, Reader("en"))
    parisian.opens(SERVICE).page.locator("ul.slots .slot").first.click()
    parisian.sees("Paris time")

    reader = Person(browser_for(zone="America/New_York"), stack, Reader("en"))
    reader.page.goto(parisian.page.url)

    reader.sees("New York time")


def test_a_client_to_whom_any_provider_is_right_gets_one(stack, browser_for):
    client = Person(browser_for(), stack, Reader("en"))
    client.opens("/demo-practice/s/online-consultation/").follows("Carla Demo")
    client.page.locator('[aria-current]:has-text("Carla Demo")').wait_for()
    client.follows("Any provider")
    client.page.locator('[aria-current]:has-text("Any provider")').wait_for()

    books_the_first_time(client, "Any")

    named = [name for name in ("Alma Demo", "Carla Demo", "Dario Demo") if name in client.text]
    assert len(named) == 1
    told = stack.mail(
        to=f"{named[0].split()[0].lower()}@demo-practice.example", subject="Any Sample"
    )
    assert "Any Sample" in text_of(told)


def books_the_first_time(client, name):
    client.page.locator("ul.slots .slot").first.click()
    client.page.fill("input[name=name]", f"{name} Sample")
    client.page.fill("input[name=email]", f"{name.lower()}@client.example")
    client.page.check("form#details input[type=checkbox]")
    client.presses("Book")
    client.sees("Your appointment is booked")


def tabs_to(page, selector, most=80):
    """Press Tab until the wanted thing has the focus, which must be seen."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")
