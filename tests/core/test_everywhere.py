"""Hours of two owners in two zones, any there are, and what can be booked within them."""

from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.availability import Availability
from visavis.core.hours import timetable
from visavis.core.rules import Rules

from . import oracle
from .strategies import REMARKABLE, special_days, time_off, weekly_hours
from .test_hours import expected
from .test_zones import ZONES


@st.composite
def books(draw, day, window):
    """One owner's rules about time, in any zone."""
    return {
        "weekly": draw(st.lists(weekly_hours(), min_size=3, max_size=10)),
        "special": draw(st.lists(special_days(day), max_size=2)),
        "time_off": draw(st.lists(time_off(day), max_size=1)),
        "closed_days": draw(st.sets(st.just(day.date()), max_size=1)),
        "zone": ZoneInfo(draw(st.sampled_from(ZONES))),
        "window": window,
    }


@cache
def days_of_change(name, year):
    """The local days on which the clocks of a zone change, or one day if they never do."""
    zone, noon = ZoneInfo(name), datetime(year, 1, 1, 12)
    days = [noon + timedelta(days=n) for n in range(366)]
    found = [
        datetime(later.year, later.month, later.day)
        for day, later in pairwise(days)
        if day.replace(tzinfo=zone).utcoffset() != later.replace(tzinfo=zone).utcoffset()
    ]
    return found or [datetime(year, 6, 1)]


@st.composite
def days_anywhere(draw):
    """Any zone there is, and a day on which its clocks change."""
    name = draw(st.sampled_from(ZONES))
    return name, draw(st.sampled_from(days_of_change(name, draw(st.sampled_from([2011, 2027])))))


@st.composite
def worlds(draw):
    """The arguments of an `Availability`, and the rule books of company and provider."""
    name, day = draw(st.sampled_from(REMARKABLE) | days_anywhere())
    zone = ZoneInfo(name)
    first = oracle.instant(day, zone) - 300
    window = (first, first + 2100)
    company, provider = draw(books(day, window)), draw(books(day, window))
    if draw(st.booleans()):
        provider["zone"] = zone
    case = {
        "rules": Rules(
            duration=draw(st.sampled_from([20, 45, 60])),
            step=draw(st.sampled_from([7, 15, 60])),
            buffer_before=draw(st.sampled_from([0, 10])),
            buffer_after=draw(st.sampled_from([0, 30])),
            buffer_may_overrun_closing=draw(st.booleans()),
            day_limit=draw(st.sampled_from([None, 1])),
        ),
        "zone": provider["zone"],
        "now": first,
        "company": timetable(**company),
        "provider": timetable(**provider),
        "offering": None,
        "taken": [(first + 600, first + 660)],
        "blocked": [(first + 590, first + 700)],
        "joinable": {},
        "host_busy": [],
        "host_overbooked": [],
        "elsewhere": [],
    }
    return case, company, provider, window


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_starts_are_those_of_the_oracle_whatever_zones_two_owners_live_in(world):
    case, _company, _provider, window = world

    assert Availability(**case).slots(window) == oracle.slots(case, window)


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_nobody_is_booked_outside_the_hours_of_either(world):
    case, company, provider, window = world
    both_open = expected(company) & expected(provider)

    for start in Availability(**case).slots(window):
        first, last = case["rules"].indoors(start)
        # Hours are spelt out minute by minute within the window alone.
        assert both_open.issuperset(range(max(first, window[0]), min(last, window[1])))
