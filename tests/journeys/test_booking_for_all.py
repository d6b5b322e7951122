"""Booking without JavaScript, and booking without a mouse."""

import re

from journeys.people import Person, Reader

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


def tabs_to(page, selector, most=80):
    """Press Tab until the wanted thing has the focus, which must be seen."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")
