"""Parts of pages that are drawn once."""

from datetime import date

from django.utils import translation

from factories import NOW
from visavis.booking_site.zones import VisitorsZone
from visavis.design.months import month
from visavis.design.pieces import piece


def drawn(first=date(2027, 3, 1), **given):
    return piece("design/month.html", month=month(first, today=date(2027, 3, 1), **given))


def test_the_same_things_are_drawn_once():
    urls = {date(2027, 3, 2): "?day=2"}

    assert drawn(urls=urls) is drawn(urls=dict(urls))


def test_whatever_differs_is_drawn_anew():
    free = drawn(urls={date(2027, 3, 2): "?day=2"})

    assert "?day=2" not in drawn(urls={})
    assert "?day=3" in drawn(urls={date(2027, 3, 3): "?day=3"})
    assert free == drawn(urls={date(2027, 3, 2): "?day=2"})


def test_each_language_has_its_own():
    assert "March 2027" in drawn(urls={})
    with translation.override("fr"):
        assert "mars 2027" in drawn(urls={}).lower()
    assert "March 2027" in drawn(urls={})


def test_what_visitors_give_is_escaped():
    assert "<script>" not in drawn(urls={date(2027, 3, 2): '"><script>'})


def test_each_visitors_forms_have_their_own_token():
    def form(token):
        zone = VisitorsZone("UTC", "UTC", follows_device=False)
        return piece("booking_site/zone_line.html", token, zone=zone, at=NOW, here="/")

    assert 'name="csrfmiddlewaretoken" value="abc"' in form("abc")
    assert 'name="csrfmiddlewaretoken" value="xyz"' in form("xyz")
    assert "abc" not in form("xyz")
