"""Staff at their calendar: with the mouse on it, and from the page of a client."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from journeys.people import Person, Reader
from journeys.stack import text_of

pytestmark = pytest.mark.any_database

OFFICE = "/office/demo-practice"
CALENDAR = f"{OFFICE}/calendar/"


def test_staff_book_in_an_empty_place_drag_move_and_cancel(stack, browser_for, picture):
    staff = Person(browser_for(), stack, Reader("en")).signs_in("owner@demo-practice.example")

    books_in_an_empty_place(staff, picture)
    drags_it_to_the_afternoon(staff, picture)
    books_again_from_the_clients_page(staff, picture)
    moves_and_cancels_from_there(staff, picture)


def test_the_calendar_writes_dates_as_every_page_does(stack, browser_for):
    staff = Person(browser_for(), stack, Reader("en")).signs_in("owner@demo-practice.example")

    for view, title in (("week", "9 – 15 Nov 2026"), ("month", "November 2026")):
        staff.opens(f"{CALENDAR}?day=2026-11-11&view={view}")
        staff.page.locator(".ec-title").filter(has_text=title).wait_for()


def books_in_an_empty_place(staff, picture):
    page = staff.page
    opens_a_wednesday(staff)
    picture(page, "calendar")
    x, y = place_at(page, "10:00")
    page.mouse.click(x, y)
    page.wait_for_url("**/bookings/new/**")
    page.get_by_label("Service or class").select_option(label="Short check-in")
    page.get_by_label("Find a client").wait_for()
    assert "10:00" in page.locator("label.slot:has(input:checked)").inner_text()
    page.locator("[data-new-client] input[name=name]").fill("Hal Sample")
    page.locator("[data-new-client] input[name=email]").fill("hal@client.example")
    picture(page, "new-booking")
    staff.presses("Book")
    staff.sees("Booked for Hal Sample")
    told = staff.stack.mail(to="hal@client.example", subject="Your booking is confirmed")
    assert "10:00" in text_of(told)
    # Whose calendar it was.
    staff.stack.mail(to="dario@demo-practice.example", subject="Hal Sample")


def drags_it_to_the_afternoon(staff, picture):
    page = staff.page
    opens_a_wednesday(staff)
    (_x, from_y), (_x, to_y) = place_at(page, "10:00"), place_at(page, "14:00")
    box = page.locator(".ec-event", has_text="Hal Sample").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + to_y - from_y, steps=10)
    page.mouse.up()
    staff.sees("Move Hal Sample?")
    picture(page, "dropped")
    page.locator("dialog[open]").get_by_role("button", name="Move", exact=True).click()
    told = staff.stack.mail(to="hal@client.example", subject="Your booking was changed")
    assert "2:00" in text_of(told)


def books_again_from_the_clients_page(staff, picture):
    page = staff.page
    staff.opens(f"{OFFICE}/clients/?q=Hal")
    staff.follows("Hal Sample")
    page.get_by_role("heading", name="Upcoming").wait_for()
    assert page.get_by_role("link", name="Short check-in").count() == 1
    picture(page, "client")
    staff.follows("Book")
    page.get_by_label("Service or class").select_option(label="Short check-in")
    page.get_by_label("Find a client").wait_for()
    assert page.locator("label:has(input[name=client]:checked)", has_text="Hal Sample").count() == 1
    page.locator("label.slot").first.click()
    staff.presses("Book")
    staff.sees("Booked for Hal Sample")
    staff.follows("Hal Sample")
    page.get_by_role("heading", name="Upcoming").wait_for()
    assert page.get_by_role("link", name="Short check-in").count() == 2


def moves_and_cancels_from_there(staff, picture):
    page = staff.page
    clients_page = page.url
    page.get_by_role("link", name="Short check-in").first.click()
    staff.follows("Move")
    page.wait_for_url("**/move/**")
    page.locator("label.slot").last.click()
    picture(page, "move")
    staff.presses("Move")
    staff.sees("Hal Sample")
    staff.opens(clients_page)
    page.get_by_role("link", name="Short check-in").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("link", name="Cancel booking").click()
    dialog.get_by_role("heading", name="Cancel").wait_for()
    picture(page, "cancel")
    dialog.locator("button.danger").click()
    staff.stack.mail(to="hal@client.example", subject="Your booking is cancelled")


def opens_a_wednesday(staff):
    """Open a week that the demo leaves empty, with one provider."""
    far = datetime.now(UTC) + timedelta(days=35)
    wednesday = far + timedelta(days=2 - far.weekday())
    staff.opens(f"{CALENDAR}?day={wednesday:%Y-%m-%d}")
    staff.page.get_by_label("Provider").select_option(label="Dario Demo")
    staff.page.wait_for_url(re.compile(r".*provider=\d+.*"))
    staff.page.locator("[data-calendar][data-ready] .ec-day.ec-wed").wait_for()
    staff.page.wait_for_load_state("networkidle")


def place_at(page, clock):
    """Return the middle of the Wednesday's column, just below the line of an hour."""
    noon = page.locator(".ec-sidebar time[datetime$='T12:00:00']")
    noon.evaluate("line => line.scrollIntoView({block: 'center'})")
    label = page.locator(f".ec-sidebar time[datetime$='T{clock}:00']").bounding_box()
    column = page.locator(".ec-day.ec-wed").bounding_box()
    return column["x"] + column["width"] / 2, label["y"] + label["height"] / 2 + 8
