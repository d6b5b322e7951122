"""Every mail that we write ourselves, as a phone shows it: in both languages, light and dark."""

import os
import re
from datetime import UTC, datetime

import pytest

from journeys.conftest import AXE, PHONE_WIDTH, surplus
from visavis.bookings.samples import made_up_way_out, sample_values
from visavis.companies.models import Company
from visavis.design.colours import EDGE_CONTRAST, contrast
from visavis.notifications.rendering import Look, render
from visavis.notifications.texts import EDITABLE, STAFF_EDITABLE, default_text

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
MAILS = [
    *((event, audience) for audience, events in EDITABLE.items() for event in events),
    *((event, "staff") for event in STAFF_EDITABLE),
    ("my_bookings", "client"),
]
READABLE = """axe.run(document, {
    runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag22aa']}, resultTypes: ['violations'],
})"""
# Nothing in them lets a line break: what clients type, and what links look like.
UNBROKEN = "https://example.com/" + "a1b2c3d4" * 16


@pytest.fixture
def phone(chromium):
    def make(scheme):
        page = chromium.new_page(
            viewport={"width": PHONE_WIDTH, "height": 844}, color_scheme=scheme, is_mobile=True
        )
        pages.append(page)
        return page

    pages = []
    yield make
    for page in pages:
        page.close()


def written(event, audience, language, colour="#0f766e", **instead):
    """Return the text of a mail, what its variables stand for, and its HTML."""
    company = Company(
        slug="willow", name="Willow Practice", address="1 Willow Street", time_zone="Europe/Paris"
    )
    text = default_text(event, audience, language)
    values = sample_values(company, event=event, audience=audience, language=language, now=NOW)
    way_out = made_up_way_out(event=event, audience=audience)
    look = Look(company.name, colour, language, company.address, way_out)
    return text, {**values, **instead}, render(text, {**values, **instead}, look).html


def shown(page, html, name):
    """Show a mail and return its links; nothing in it may be hard to read or out of sight."""
    page.set_content(html)
    if folder := os.environ.get("VISAVIS_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/mail-{name}.png", full_page=True)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(READABLE)["violations"]
    told = [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
    assert told == [], name
    assert surplus(page) == 0, f"{name} is wider than a phone"
    return page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))")


def colour_of(page, selector, name):
    said = page.eval_on_selector(selector, f"one => getComputedStyle(one).{name}")
    return tuple(map(int, re.findall(r"\d+", said)))


# No colour depends on the language, and no width on the scheme.
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_every_mail_can_be_read_on_a_phone_and_its_links_be_followed(phone, language, scheme):
    page = phone(scheme)
    for event, audience in MAILS:
        text, values, html = written(event, audience, language)

        links = shown(page, html, f"{event}-{audience}-{language}-{scheme}")

        named = re.findall(r"\[([a-z_]*link)\]", text.body)
        meant = {values[name] for name in named if name in values}
        assert meant <= set(links), (event, audience)


@pytest.mark.parametrize(("scheme", "bright"), [("light", True), ("dark", False)])
@pytest.mark.parametrize("colour", ["#0f766e", "#0b1020", "#fffbe6"])
def test_buttons_have_an_edge_in_either_scheme_whatever_the_company_s_colour(
    phone, scheme, bright, colour
):
    page = phone(scheme)
    page.set_content(written("confirmed", "client", "en", colour)[2])

    ground = colour_of(page, ".card", "backgroundColor")
    edge = colour_of(page, ".button", "borderTopColor")

    assert (min(ground) > 200) == bright
    assert contrast(edge, ground) >= EDGE_CONTRAST


@pytest.mark.parametrize("where", ["company", "service", "note"])
def test_what_has_no_place_to_break_is_no_wider_than_a_phone(phone, where):
    facts = f"What:\t{UNBROKEN}\nNote:\t{UNBROKEN}" if where == "note" else ""
    instead = {"booking_details": facts} if facts else {where: UNBROKEN}
    page = phone("light")
    for event in ("confirmed", "declined"):
        shown(page, written(event, "client", "en", **instead)[2], f"{where}-{event}")
