"""The sessions of a class."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.recurrence import (
    SESSIONS_MAX,
    Recurrence,
    RecurrenceError,
    check,
    session_starts,
)

from . import oracle
from .test_zones import ZONES

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2027, 3, 2, 18)


def weekly(rule="FREQ=WEEKLY", *, first=TUESDAY, zone=PARIS, excluded=()):
    return Recurrence(rule, first, zone, frozenset(excluded))


def locals_(recurrence, opens=datetime(2027, 1, 1), closes=datetime(2027, 5, 1)):
    window = (oracle.instant(opens, recurrence.zone), oracle.instant(closes, recurrence.zone))
    return [oracle.shown(start, recurrence.zone) for start in session_starts(recurrence, window)]


def dates(*args, **others):
    return [f"{local:%m-%d}" for local in locals_(*args, **others)]


def test_a_class_at_six_stays_at_six_when_the_clocks_change():
    sessions = locals_(weekly("FREQ=WEEKLY;COUNT=6"))

    assert sessions == [TUESDAY + timedelta(weeks=week) for week in range(6)]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    st.integers(1, 9),
)
def test_every_session_is_its_own_local_time_in_any_zone(name, first, days):
    zone = ZoneInfo(name)
    first = first.replace(second=0, microsecond=0)
    window = (oracle.instant(first, zone), oracle.instant(first + timedelta(200), zone))

    starts = session_starts(Recurrence(f"FREQ=DAILY;INTERVAL={days}", first, zone), window)

    meant = [first + timedelta(days * number) for number in range(200 // days + 1)]
    expected = {oracle.instant(local, zone) for local in meant}
    assert starts == sorted(start for start in expected if window[0] <= start < window[1])


def test_excluded_dates_are_left_out_but_counted():
    assert dates(weekly("FREQ=WEEKLY;COUNT=3", excluded=[date(2027, 3, 9)])) == ["03-02", "03-16"]


def test_the_window_takes_its_first_minute_but_not_its_last():
    week_later = TUESDAY + timedelta(7)

    assert dates(weekly(), opens=TUESDAY, closes=week_later) == ["03-02"]
    assert dates(weekly(), opens=TUESDAY, closes=week_later + timedelta(minutes=1)) == [
        "03-02",
        "03-09",
    ]


def test_a_window_that_closes_in_a_repeated_hour_keeps_what_came_before():
    sunday = datetime(2027, 10, 31)
    recurrence = weekly("FREQ=DAILY", first=sunday.replace(hour=2, minute=45))
    second_two_o_clock = oracle.instant(sunday.replace(hour=2), PARIS) + 60

    starts = session_starts(recurrence, (second_two_o_clock - 180, second_two_o_clock + 5))

    assert starts == [oracle.instant(sunday.replace(hour=2, minute=45), PARIS)]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20270316", "03-16"),
        ("20270316T170000Z", "03-16"),
        ("20270316T165959Z", "03-09"),
        ("20270316T180000", "03-16"),
        ("20270316T175959", "03-09"),
        ("99991231", "04-27"),
    ],
)
def test_until_is_a_date_a_local_time_or_an_instant(until, last):
    assert dates(weekly(f"FREQ=WEEKLY;UNTIL={until}"))[-1] == last


def test_rules_of_several_parts_are_followed():
    second_tuesdays = weekly("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2")

    assert dates(second_tuesdays) == ["03-09", "04-13"]
    assert dates(weekly("freq=weekly;byday=tu,th;wkst=mo;count=3")) == ["03-02", "03-04", "03-09"]


def test_a_leap_day_comes_every_fourth_year():
    recurrence = weekly("FREQ=YEARLY", first=datetime(2028, 2, 29, 9))

    years = [local.year for local in locals_(recurrence, closes=datetime(2040, 1, 1))]

    assert years == [2028, 2032, 2036]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "nonsense",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY",
        "INTERVAL=2",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=00",
        "FREQ=WEEKLY;BYHOUR=1,2,3",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=SOON",
        "FREQ=WEEKLY;COUNT=X",
        "FREQ=WEEKLY\nEXRULE:FREQ=DAILY",
    ],
)
def test_unusable_rules_are_refused(rule):
    with pytest.raises(RecurrenceError):
        check(weekly(rule))
    with pytest.raises(RecurrenceError):
        locals_(weekly(rule))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=WEEKLY;UNTIL=20270301",
    ],
)
def test_a_rule_without_any_session_is_found_out_quickly(rule):
    with pytest.raises(RecurrenceError, match="no session"):
        check(weekly(rule))


def test_usable_rules_pass_the_check():
    check(weekly("FREQ=WEEKLY;COUNT=1"))


def test_a_class_has_only_so_many_sessions():
    daily = weekly("FREQ=DAILY")
    at_most = TUESDAY + timedelta(SESSIONS_MAX - 2)

    assert len(locals_(daily, closes=at_most)) == SESSIONS_MAX - 2
    with pytest.raises(RecurrenceError, match="sessions"):
        locals_(daily, closes=at_most + timedelta(9))
