"""Starts look right on the wall, on every day of the year."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.availability import Availability
from visavis.core.hours import WeeklyHours, timetable
from visavis.core.refusals import Refusal
from visavis.core.rules import Rules

from . import oracle
from .strategies import REMARKABLE, weekly_hours

PARIS = ZoneInfo("Europe/Paris")
EVERY_MINUTE = [WeeklyHours(weekday, 0, 1440) for weekday in range(7)]


def prepared(weekly, zone, window, *, step=30, duration=30, company=None):
    hours = timetable(weekly=weekly, zone=zone, window=window)
    others = timetable(weekly=EVERY_MINUTE, zone=company or zone, window=window)
    return Availability(
        rules=Rules(duration=duration, step=step),
        zone=zone,
        now=0,
        company=others,
        provider=hours,
    )


def shown(starts, zone):
    return [f"{oracle.shown(start, zone):%H:%M}" for start in starts]


def night(day):
    start = oracle.instant(day.replace(hour=23), PARIS)
    return start, start + 7 * 60


def test_half_hours_stay_half_hours_while_clocks_spring_forward():
    saturday = datetime(2027, 3, 27)
    one = prepared([WeeklyHours(5, 23 * 60, 29 * 60)], PARIS, night(saturday), step=30)

    assert shown(one.slots(night(saturday)), PARIS) == [
        "23:00", "23:30", "00:00", "00:30", "01:00", "01:30", "03:00", "03:30", "04:00", "04:30",
    ]  # fmt: skip


def test_steps_count_on_the_wall_where_the_gap_is_no_whole_step():
    saturday = datetime(2027, 3, 27)
    one = prepared([WeeklyHours(5, 23 * 60, 29 * 60)], PARIS, night(saturday), step=45)

    assert shown(one.slots(night(saturday)), PARIS) == [
        "23:00", "23:45", "00:30", "01:15", "03:30", "04:15",
    ]  # fmt: skip


def test_a_repeated_hour_offers_its_starts_twice():
    saturday = datetime(2027, 10, 30)
    one = prepared([WeeklyHours(6, 60, 240)], PARIS, night(saturday), step=60)

    assert shown(one.slots(night(saturday)), PARIS) == ["01:00", "02:00", "02:00", "03:00"]


def test_lord_howe_keeps_whole_hours_across_its_half_hour_change():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    day = oracle.instant(datetime(2027, 4, 4), lord_howe)
    one = prepared(EVERY_MINUTE, lord_howe, (day, day + 300), step=60)

    assert shown(one.slots((day, day + 300)), lord_howe) == [
        "00:00", "01:00", "02:00", "03:00", "04:00",
    ]  # fmt: skip


def test_a_night_shift_counts_on_past_midnight():
    friday = datetime(2027, 3, 5)
    one = prepared([WeeklyHours(4, 23 * 60 + 10, 26 * 60)], PARIS, night(friday), step=40)

    assert shown(one.slots(night(friday)), PARIS) == ["23:10", "23:50", "00:30", "01:10"]


def test_who_never_closes_begins_afresh_each_midnight():
    start = oracle.instant(datetime(2027, 3, 5), PARIS)
    window = (start, start + 2 * 1440)
    one = prepared(EVERY_MINUTE, PARIS, window, step=7 * 60)

    assert shown(one.slots(window), PARIS) == ["00:00", "07:00", "14:00", "21:00"] * 2


def test_a_long_opening_begins_afresh_from_its_second_midnight_on():
    monday = oracle.instant(datetime(2027, 3, 1), PARIS)
    window = (monday, monday + 3 * 1440)
    long = [WeeklyHours(0, 11 * 60, 2 * 1440), *(WeeklyHours(day, 0, 1440) for day in (2, 3))]
    one = prepared(long, PARIS, window, step=7 * 60)

    assert shown(one.slots(window), PARIS) == [
        "11:00", "18:00", "01:00", "08:00", "15:00", "22:00", "00:00", "07:00", "14:00", "21:00",
    ]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(REMARKABLE),
    st.sampled_from(["Europe/Paris", "Pacific/Kiritimati", "America/Los_Angeles"]),
    st.lists(weekly_hours(), max_size=5) | st.just(EVERY_MINUTE),
    st.sampled_from([7, 30, 45, 100]),
    st.integers(0, 4000),
    st.integers(1, 2000),
)
def test_what_is_offered_does_not_depend_on_the_window_prepared(
    place, company, weekly, step, earlier, later
):
    zone, company = ZoneInfo(place[0]), ZoneInfo(company)
    start = oracle.instant(place[1], zone)
    asked = (start, start + 1440)
    wider = (start - earlier, start + 1440 + later)
    narrow = prepared(weekly, zone, asked, step=step, company=company)
    wide = prepared(weekly, zone, wider, step=step, company=company)

    offered = narrow.slots(asked)

    assert offered == [t for t in wide.slots(wider) if asked[0] <= t < asked[1]]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(REMARKABLE), st.integers(-720, 720), st.sampled_from([30, 900, 2800]))
def test_one_start_prepared_alone_gets_the_answer_of_the_month(place, shift, duration):
    zone = ZoneInfo(place[0])
    start = oracle.instant(place[1], zone) + shift
    month = (start - 15 * 1440, start + 15 * 1440)

    alone = prepared(EVERY_MINUTE, zone, (start, start + 1), step=45, duration=duration)
    in_month = prepared(EVERY_MINUTE, zone, month, step=45, duration=duration)

    assert alone.refusal(start) == in_month.refusal(start)
    assert alone.refusal(start) in (None, Refusal.OFF_GRID)


def test_every_offered_start_is_a_whole_step_after_an_opening_on_the_wall():
    window = (
        oracle.instant(datetime(2027, 1, 1), PARIS),
        oracle.instant(datetime(2028, 1, 1), PARIS),
    )
    one = prepared([WeeklyHours(day, 545, 1020) for day in range(7)], PARIS, window, step=25)

    opens = timedelta(minutes=545)
    for start in one.slots(window):
        local = oracle.shown(start, PARIS)
        since = local - datetime.combine(local, datetime.min.time()) - opens
        assert since % timedelta(minutes=25) == timedelta(0)
