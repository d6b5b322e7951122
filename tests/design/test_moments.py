"""Times read well in each language, in the zone asked for, with that zone beside them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from visavis.design import moments
from visavis.design.zones import city_of, offset_label, zone_label

NOON_IN_NOVEMBER = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)


def test_english_has_a_twelve_hour_clock():
    with translation.override("en"):
        assert (
            moments.moment(NOON_IN_NOVEMBER, "Europe/Paris")
            == "Thursday 26 November 2026, 2:30\xa0PM"
        )


def test_french_has_a_twenty_four_hour_clock():
    with translation.override("fr"):
        assert moments.moment(NOON_IN_NOVEMBER, "Europe/Paris") == "jeudi 26 novembre 2026, 14:30"


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("en", "medium", "26 Nov 2026, 2:30\xa0PM"),
        ("en", "short", "Thu 26 Nov, 2:30\xa0PM"),
        ("fr", "medium", "26 nov. 2026, 14:30"),
        ("fr", "short", "jeu. 26 nov., 14:30"),
    ],
)
def test_shorter_styles_keep_the_day_before_the_month(language, style, text):
    with translation.override(language):
        assert moments.moment(NOON_IN_NOVEMBER, "Europe/Paris", style) == text


def test_a_language_without_formats_of_ours_gets_djangos():
    with translation.override("de"):
        assert moments.day(NOON_IN_NOVEMBER, "Europe/Paris") == "Donnerstag 26. November 2026"
        assert moments.day(NOON_IN_NOVEMBER, "Europe/Paris", "short") == "Do 26. November"


def test_the_day_is_the_one_in_the_zone_asked_for():
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)

    with translation.override("en"):
        assert moments.day(late, "Europe/Paris") == "Friday 27 November 2026"
        assert moments.day(late, "America/New_York") == "Thursday 26 November 2026"


def test_a_plain_date_stays_that_date():
    with translation.override("en"):
        assert moments.day(date(2026, 1, 1), "Pacific/Auckland") == "Thursday 1 January 2026"


def test_a_span_says_its_day_once():
    with translation.override("en"):
        text = moments.span(
            NOON_IN_NOVEMBER, NOON_IN_NOVEMBER + timedelta(minutes=45), "Europe/Paris"
        )

    assert text == moments.SpanText(
        start="Thursday 26 November 2026, 2:30\xa0PM",
        start_zone="",
        end="3:15\xa0PM",
        zone="Paris time (UTC+1)",
    )


def test_a_span_over_midnight_says_both_days():
    with translation.override("fr"):
        text = moments.span(
            NOON_IN_NOVEMBER, NOON_IN_NOVEMBER + timedelta(hours=12), "Europe/Paris", "short"
        )

    assert (text.start, text.end) == ("jeu. 26 nov., 14:30", "ven. 27 nov., 02:30")


def test_a_span_in_which_the_clocks_go_back_names_both_offsets():
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    with translation.override("en"):
        text = moments.span(start, start + timedelta(hours=1), "Europe/Paris")

    assert text.start_zone == "Paris time (UTC+2)"
    assert text.zone == "Paris time (UTC+1)"
    assert (text.start, text.end) == ("Sunday 25 October 2026, 2:30\xa0AM", "2:30\xa0AM")


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        moments.clock(NOON_IN_NOVEMBER.replace(tzinfo=None), "Europe/Paris")


def test_machines_get_the_offset():
    assert moments.machine(NOON_IN_NOVEMBER, "Europe/Paris") == "2026-11-26T14:30+01:00"


def test_plain_text_names_the_zone_too():
    with translation.override("en"):
        assert (
            moments.full_moment(NOON_IN_NOVEMBER, "Europe/London")
            == "Thursday 26 November 2026, 1:30\xa0PM, London time (UTC)"
        )


@pytest.mark.parametrize(
    ("zone", "at", "label"),
    [
        ("Europe/Paris", datetime(2026, 7, 1, tzinfo=UTC), "UTC+2"),
        ("Europe/Paris", datetime(2026, 12, 1, tzinfo=UTC), "UTC+1"),
        ("Asia/Kolkata", datetime(2026, 12, 1, tzinfo=UTC), "UTC+5:30"),
        ("America/St_Johns", datetime(2026, 12, 1, tzinfo=UTC), "UTC−3:30"),
        ("UTC", datetime(2026, 12, 1, tzinfo=UTC), "UTC"),
    ],
)
def test_offsets_are_those_of_the_moment(zone, at, label):
    assert offset_label(zone, at) == label


def test_a_zone_is_called_after_its_city():
    assert city_of("America/Argentina/Buenos_Aires") == "Buenos Aires"
    with translation.override("en"):
        assert zone_label("Asia/Tokyo", NOON_IN_NOVEMBER) == "Tokyo time (UTC+9)"
