"""Opening hours: local rules become spans and keep their wall time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.availability import Availability
from visavis.core.hours import SpecialDay, TimeOff, WeeklyHours, opening, timetable
from visavis.core.refusals import Refusal
from visavis.core.rules import Rules
from visavis.core.spans import intersect, merge
from visavis.core.zones import Wall

from . import oracle
from .strategies import REMARKABLE, near, special_days, time_off, weekly_hours
from .test_zones import ZONES

PARIS = ZoneInfo("Europe/Paris")


def at(year, month, day, hour=0, minute=0, zone=PARIS):
    return oracle.instant(datetime(year, month, day, hour, minute), zone)


def hours(weekly=(), special=(), away=(), closed=(), zone=PARIS, window=(0, 0)):
    return intersect(opening(weekly, special, away, closed, zone, window), [window])


@st.composite
def rulebooks(draw):
    name, day = draw(st.sampled_from(REMARKABLE))
    if draw(st.booleans()):
        name = draw(st.sampled_from(ZONES))
    zone = ZoneInfo(name)
    start = oracle.instant(day, zone) + draw(st.integers(-1500, 1500))
    return {
        "weekly": draw(st.lists(weekly_hours(), max_size=8)),
        "special": draw(st.lists(special_days(day), max_size=3)),
        "time_off": draw(st.lists(time_off(day), max_size=2)),
        "closed_days": draw(st.sets(near(day).map(lambda local: local.date()), max_size=2)),
        "zone": zone,
        "window": (start, start + draw(st.integers(1, 3000))),
    }


def expected(book):
    """Every rule of every date around the window, each turned into minutes by zoneinfo."""
    zone, (first, last) = book["zone"], book["window"]
    own = {}
    for special in book["special"]:
        own.setdefault(special.day, []).extend(special.intervals)
    found = set()
    date_, end = oracle.shown(first, zone) - timedelta(4), oracle.shown(last, zone)
    while date_ <= end + timedelta(1):
        midnight = datetime.combine(date_, datetime.min.time())
        usual = [(h.starts, h.ends) for h in book["weekly"] if h.weekday == date_.weekday()]
        intervals = [] if date_.date() in book["closed_days"] else usual
        for interval in own.get(date_.date(), intervals):
            starts, ends = (oracle.instant(midnight + timedelta(minutes=m), zone) for m in interval)
            found.update(range(max(starts, first), min(ends, last)))
        date_ += timedelta(1)
    for absence in book["time_off"]:
        found -= set(range(oracle.instant(absence.start, zone), oracle.instant(absence.end, zone)))
    return found


@settings(max_examples=150, deadline=None)
@given(rulebooks())
def test_opening_hours_are_what_the_rules_say_minute_by_minute(book):
    found = opening(**book)

    assert list(found) == merge(found)
    assert oracle.minutes(intersect(found, [book["window"]])) == expected(book)


@settings(max_examples=100, deadline=None)
@given(rulebooks(), st.integers(0, 4000), st.integers(0, 4000))
def test_a_wider_window_tells_the_same_hours(book, earlier, later):
    first, last = book["window"]
    wider = book | {"window": (first - earlier, last + later)}

    assert intersect(opening(**book), [(first, last)]) == intersect(
        opening(**wider), [(first, last)]
    )


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES), st.datetimes(datetime(2010, 1, 1), datetime(2036, 1, 1)), weekly_hours()
)
def test_weekly_hours_keep_their_wall_time_whatever_the_clocks_do(name, day, weekly):
    zone = ZoneInfo(name)
    start = oracle.instant(day, zone)
    window = (start, start + 200 * 1440)

    for begins, _ in opening([weekly], [], [], [], zone, window):
        shown = oracle.shown(begins, zone)
        # A skipped time shortly before midnight moves into the next day.
        dates = (shown.date(), shown.date() - timedelta(1))
        meant = [datetime.combine(d, time()) + timedelta(minutes=weekly.starts) for d in dates]
        assert shown == meant[0] or any(is_skipped(local, zone) for local in meant)
        assert begins in [oracle.instant(local, zone) for local in meant]


def is_skipped(local, zone):
    return oracle.shown(oracle.instant(local, zone), zone) != local


def test_hours_turned_into_spans_can_be_read_back():
    weekly = [WeeklyHours(0, 540, 720), WeeklyHours(0, 780, 1020), WeeklyHours(4, 1320, 1560)]
    window = (at(2027, 3, 22), at(2027, 4, 12))  # the clocks change in the midst
    wall = Wall(PARIS, window)

    read_back = set()
    for start, end in hours(weekly, window=window):
        day, starts = divmod(wall.to_wall(start), 1440)
        read_back.add(WeeklyHours((day + 3) % 7, starts, wall.to_wall(end) - day * 1440))

    assert read_back == set(weekly)


def test_a_skipped_start_moves_forward_by_the_gap():
    window = (at(2027, 3, 28), at(2027, 3, 29))

    assert hours([WeeklyHours(6, 150, 300)], window=window) == [
        (at(2027, 3, 28, 3, 30), at(2027, 3, 28, 5))
    ]


def test_hours_that_fall_wholly_into_a_gap_are_void():
    window = (at(2027, 3, 28), at(2027, 3, 29))

    assert hours([WeeklyHours(6, 120, 180)], window=window) == []


def test_a_repeated_time_means_the_first():
    window = (at(2027, 10, 31), at(2027, 11, 1))

    (span,) = hours([WeeklyHours(6, 150, 240)], window=window)

    assert span == (at(2027, 10, 31, 2, 30), at(2027, 10, 31, 4))
    assert span[1] - span[0] == 150


def test_a_special_day_replaces_the_weekly_hours_and_beats_a_holiday():
    monday = date(2027, 3, 1)
    window = (at(2027, 3, 1), at(2027, 3, 2))
    special = [SpecialDay(monday, ((600, 660),))]

    assert hours([WeeklyHours(0, 540, 1020)], special, closed=[monday], window=window) == [
        (at(2027, 3, 1, 10), at(2027, 3, 1, 11))
    ]


def test_two_entries_for_one_special_day_add_up():
    monday = date(2027, 3, 1)
    window = (at(2027, 3, 1), at(2027, 3, 2))
    special = [SpecialDay(monday, ((600, 660),)), SpecialDay(monday, ((720, 780),))]

    assert hours(special=special, window=window) == [
        (at(2027, 3, 1, 10), at(2027, 3, 1, 11)),
        (at(2027, 3, 1, 12), at(2027, 3, 1, 13)),
    ]


def test_a_special_day_with_hours_is_not_called_closed():
    window = (at(2027, 3, 1), at(2027, 3, 2))
    special = [SpecialDay(date(2027, 3, 1), ((600, 660),))]
    table = timetable(weekly=[], special=special, zone=PARIS, window=window)

    why = table.closed_because(at(2027, 3, 1, 12), Refusal.PROVIDER_NOT_WORKING)

    assert why is Refusal.PROVIDER_NOT_WORKING


def test_the_night_before_a_holiday_goes_on_until_it_ends():
    window = (at(2027, 3, 1), at(2027, 3, 3))
    weekly = [WeeklyHours(0, 1320, 1560), WeeklyHours(1, 540, 600)]

    assert hours(weekly, closed=[date(2027, 3, 2)], window=window) == [
        (at(2027, 3, 1, 22), at(2027, 3, 2, 2))
    ]


def test_an_opening_is_not_cut_at_the_edge_of_the_window():
    window = (at(2027, 3, 1, 12), at(2027, 3, 1, 13))

    table = timetable(weekly=[WeeklyHours(0, 540, 1020)], zone=PARIS, window=window)

    assert (at(2027, 3, 1, 9), at(2027, 3, 1, 17)) in table.open


def test_a_timetable_knows_why_it_is_closed():
    window = (at(2027, 3, 1), at(2027, 3, 5))
    table = timetable(
        weekly=[WeeklyHours(day, 540, 1020) for day in range(7)],
        special=[SpecialDay(date(2027, 3, 2))],
        time_off=[TimeOff(datetime(2027, 3, 1, 14), datetime(2027, 3, 1, 16))],
        closed_days={date(2027, 3, 3)},
        zone=PARIS,
        window=window,
    )

    def why(day, hour):
        return table.closed_because(at(2027, 3, day, hour), Refusal.COMPANY_CLOSED)

    assert why(1, 14) is Refusal.TIME_OFF
    assert why(1, 16) is Refusal.COMPANY_CLOSED
    assert why(2, 10) is Refusal.SPECIAL_DAY_CLOSED
    assert why(3, 10) is Refusal.PUBLIC_HOLIDAY
    assert why(4, 20) is Refusal.COMPANY_CLOSED


@pytest.mark.parametrize(
    "make",
    [
        lambda: WeeklyHours(7, 0, 60),
        lambda: WeeklyHours(0, 60, 60),
        lambda: WeeklyHours(0, 1440, 1500),
        lambda: WeeklyHours(0, -1, 60),
        lambda: WeeklyHours(0, 0, 2881),
        lambda: SpecialDay(date(2027, 3, 1), ((600, 540),)),
        lambda: TimeOff(datetime(2027, 3, 1), datetime(2027, 3, 1)),
        lambda: TimeOff(datetime(2027, 3, 1, tzinfo=PARIS), datetime(2027, 3, 2, tzinfo=PARIS)),
    ],
)
def test_hours_that_make_no_sense_are_refused(make):
    with pytest.raises(ValueError, match=r"."):
        make()


def test_room_before_a_start_is_seen_two_days_back():
    """Days that follow each other without a break, of which the first began the evening before."""
    window = (at(2027, 3, 4), at(2027, 3, 4, 1))
    weekly = [WeeklyHours(0, 1320, 1560), *(WeeklyHours(day, 120, 1560) for day in (1, 2, 3))]
    table = timetable(weekly=weekly, zone=PARIS, window=window)
    availability = Availability(
        rules=Rules(duration=30, step=30, buffer_before=2820, buffer_may_overrun_closing=False),
        zone=PARIS,
        now=at(2027, 3, 1),
        company=table,
        provider=table,
    )

    # Thursday half past midnight, less 47 hours: Tuesday at half past one.
    assert availability.refusal(at(2027, 3, 4, 0, 30)) is None
