"""The integer wall clock agrees with zoneinfo, in every zone there is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.spans import to_datetime
from visavis.core.zones import Wall, date_of, day_number, wall_minutes

from . import oracle
from .strategies import REMARKABLE

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
YEARS = [(2011, 2012), (2027, 2028)]  # the first has Samoa's missing day


def first_minute(year):
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // 60


def offset(minute, zone):
    return to_datetime(minute).astimezone(zone).utcoffset()


def telling_minutes(zone, first, last):
    """One minute a month, and many around every change of offset."""
    yield from range(first, last, 30 * 1440)
    before = offset(first, zone)
    for minute in range(first + 1440, last, 1440):
        after = offset(minute, zone)
        if after != before:
            yield from around_change(zone, minute - 1440, minute)
        before = after


def around_change(zone, first, last):
    before = offset(first, zone)
    quarter = next(
        minute for minute in range(first, last + 1, 15) if offset(minute, zone) != before
    )
    yield from range(quarter - 16, quarter + 2)
    yield from range(quarter - 90, quarter + 90, 15)


@pytest.mark.parametrize("years", YEARS, ids=str)
def test_every_zone_shows_and_means_the_same_as_zoneinfo(years):
    first, last = map(first_minute, years)
    for name in ZONES:
        zone = ZoneInfo(name)
        wall = Wall(zone, (first, last))
        for minute in telling_minutes(zone, first, last):
            local = oracle.shown(minute, zone)
            shown = wall_minutes(local)
            assert wall.to_wall(minute) == shown, (name, local)
            for nearby in (0, 35, 60):
                meant = local + timedelta(minutes=nearby)
                assert wall.from_wall(shown + nearby) == oracle.instant(meant, zone), (name, meant)


def test_no_change_is_missed_where_two_of_the_remembered_blocks_meet():
    block, changes = 366 * 1440, 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for edge in range(4 * block, 68 * block, block):
            if offset(edge - 2880, zone) == offset(edge + 2880, zone):
                continue
            changes += 1
            for window in ((edge - 60, edge - 1), (edge, edge + 60)):
                wall = Wall(zone, window)
                for minute in range(edge - 2880, edge + 2880, 20):
                    assert wall.to_wall(minute) == wall_minutes(oracle.shown(minute, zone))
    assert changes > 10


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1973, 1, 1), datetime(2037, 12, 31)),
    st.integers(0, 400 * 1440),
)
def test_any_window_gives_the_same_wall(name, local, length):
    zone = ZoneInfo(name)
    local = local.replace(second=0, microsecond=0)
    instant = oracle.instant(local, zone)
    wall = Wall(zone, (instant - length // 2, instant + length // 2))

    assert wall.from_wall(wall_minutes(local)) == instant
    assert wall.to_wall(instant) == wall_minutes(oracle.shown(instant, zone))


@pytest.mark.parametrize(("name", "day"), REMARKABLE)
def test_local_days_begin_when_the_wall_first_shows_their_date(name, day):
    zone = ZoneInfo(name)
    start = oracle.instant(day, zone)
    wall = Wall(zone, (start - 3000, start + 3000))

    for minute in range(start - 2000, start + 3000, 5):
        number = wall.day_of(minute)
        first, last = wall.day_span(number)
        assert first <= minute < last
        assert date_of(number) == oracle.day_of(minute, zone)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Paris", date(2027, 3, 27), 24),
        ("Europe/Paris", date(2027, 3, 28), 23),
        ("Europe/Paris", date(2027, 10, 31), 25),
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_days_are_as_long_as_their_zone_makes_them(name, day, hours):
    instant = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 60
    wall = Wall(ZoneInfo(name), (instant, instant + 1440))

    start, end = wall.day_span(day_number(day))

    assert end - start == hours * 60


def test_evenly_running_pieces_make_up_the_whole():
    paris = ZoneInfo("Europe/Paris")
    start = first_minute(2027)
    wall = Wall(paris, (start, start + 366 * 1440))

    pieces = wall.steady((start, start + 366 * 1440))

    assert [offset for _, _, offset in pieces] == [60, 120, 60]
    assert pieces[0][0] == start
    assert pieces[-1][1] == start + 366 * 1440
    assert pieces[1][0] == oracle.instant(datetime(2027, 3, 28, 3), paris)
    assert [end for _, end, _ in pieces[:-1]] == [begin for begin, _, _ in pieces[1:]]


def test_a_piece_that_begins_at_a_change_has_the_new_offset():
    paris = ZoneInfo("Europe/Paris")
    change = oracle.instant(datetime(2027, 3, 28, 3), paris)
    wall = Wall(paris, (change, change + 60))

    assert wall.steady((change, change + 60)) == [(change, change + 60, 120)]
    assert wall.steady((change - 60, change)) == [(change - 60, change, 60)]


def test_an_instant_is_no_wall_time():
    with pytest.raises(ValueError, match="no time zone"):
        wall_minutes(datetime(2027, 3, 1, tzinfo=UTC))


# Clocks that change within two days of the edge of a block in which changes are looked up.
AFTER_AN_EDGE = [
    ("America/Adak", datetime(2059, 3, 9, 12)),
    ("America/Boise", datetime(2059, 3, 9, 9)),
]
BEFORE_AN_EDGE = [
    ("America/Adak", datetime(2063, 3, 11, 12)),
    ("America/Boise", datetime(2063, 3, 11, 9)),
]


@pytest.mark.parametrize(("name", "turn"), AFTER_AN_EDGE, ids=str)
def test_three_days_after_its_window_a_wall_still_knows_when_clocks_change(name, turn):
    zone, changes = ZoneInfo(name), int(turn.replace(tzinfo=UTC).timestamp()) // 60
    latest = changes - 3 * 1440 + 60

    wall = Wall(zone, (latest - 1440, latest))

    assert_shows(wall, zone, changes)


@pytest.mark.parametrize(("name", "turn"), BEFORE_AN_EDGE, ids=str)
def test_three_days_before_its_window_a_wall_knows_it_already(name, turn):
    zone, changes = ZoneInfo(name), int(turn.replace(tzinfo=UTC).timestamp()) // 60
    earliest = changes + 3 * 1440 - 60

    wall = Wall(zone, (earliest, earliest + 1440))

    assert_shows(wall, zone, changes)


def assert_shows(wall, zone, changes):
    assert offset(changes, zone) != offset(changes - 1, zone)
    for minute in (changes - 30, changes - 1, changes, changes + 30):
        local = oracle.shown(minute, zone)
        assert wall.to_wall(minute) == wall_minutes(local), local
