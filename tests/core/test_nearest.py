"""Other times for somebody whose wish is gone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from visavis.core.nearest import by_day, nearest, next_free_day
from visavis.core.spans import to_datetime

from . import oracle

STARTS = st.sets(st.integers(0, 300)).map(sorted)
TOKYO = ZoneInfo("Asia/Tokyo")


def at(day, hour):
    return oracle.instant(datetime(2027, 3, day, hour), TOKYO)


@given(STARTS, st.integers(-20, 320), st.integers(1, 6))
def test_the_nearest_starts_come_first_and_the_earlier_of_two(starts, wished, count):
    by_distance = sorted(starts, key=lambda start: (abs(start - wished), start))

    assert nearest(starts, wished, count=count) == by_distance[:count]


def test_starts_are_grouped_by_the_readers_date():
    starts = [at(1, 0), at(1, 23), at(2, 0)]

    assert by_day(starts, TOKYO) == {date(2027, 3, 1): starts[:2], date(2027, 3, 2): starts[2:]}
    assert list(by_day(starts, ZoneInfo("Europe/Paris"))) == [date(2027, 2, 28), date(2027, 3, 1)]
    assert by_day([], TOKYO) == {}


@given(
    st.sampled_from(["Europe/Paris", "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe"]),
    st.integers(0, 364),
    st.sets(st.integers(0, 10 * 1440), max_size=60),
)
def test_days_are_right_when_the_clocks_change_too(name, day, minutes):
    zone, first = ZoneInfo(name), oracle.instant(datetime(2027, 1, 1), TOKYO) + day * 1440
    starts = sorted(first + minute for minute in minutes)

    expected = {}
    for start in starts:
        expected.setdefault(to_datetime(start).astimezone(zone).date(), []).append(start)
    assert list(by_day(starts, zone).items()) == list(expected.items())


def test_the_next_free_day_comes_after_the_full_one():
    starts = [at(1, 9), at(3, 0), at(5, 9)]

    assert next_free_day(starts, after=date(2027, 3, 1), zone=TOKYO) == date(2027, 3, 3)
    assert next_free_day(starts, after=date(2027, 3, 2), zone=TOKYO) == date(2027, 3, 3)
    assert next_free_day(starts, after=date(2027, 3, 5), zone=TOKYO) is None
    assert next_free_day([], after=date(2027, 3, 5), zone=TOKYO) is None
