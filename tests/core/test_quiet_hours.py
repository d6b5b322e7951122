from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from visavis.core.quiet_hours import QuietHours

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(21 * 60, 8 * 60)


def at(day, hour, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize("due", [at(2, 8), at(2, 12), at(2, 20, 59)])
def test_by_day_nothing_is_moved(due):
    assert NIGHT.awake(due, event=at(3, 12), zone=PARIS) == due


def test_a_reminder_a_day_ahead_waits_for_the_morning():
    assert NIGHT.awake(at(2, 6), event=at(3, 6), zone=PARIS) == at(2, 8)


def test_a_reminder_shortly_before_an_early_start_comes_the_evening_before():
    assert NIGHT.awake(at(2, 7, 15), event=at(2, 8, 15), zone=PARIS) == at(1, 20, 30)


def test_half_of_the_time_is_enough():
    assert NIGHT.awake(at(2, 7), event=at(2, 9), zone=PARIS) == at(2, 8)


def test_a_night_within_one_day_is_one_too():
    assert QuietHours(60, 360).awake(at(2, 3), event=at(3, 3), zone=PARIS) == at(2, 6)


def test_no_hours_are_no_night():
    assert QuietHours(480, 480).night_around(at(2, 8), PARIS) is None


def test_the_night_is_the_readers():
    tokyo = ZoneInfo("Asia/Tokyo")
    due = datetime(2027, 3, 2, 3, tzinfo=tokyo)

    assert NIGHT.awake(due, event=due + timedelta(days=1), zone=tokyo).astimezone(tokyo).hour == 8
    assert NIGHT.awake(due, event=due + timedelta(days=1), zone=PARIS) == due


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.integers(5, 60 * 24 * 30),
    st.sampled_from(["Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "UTC"]),
)
def test_nobody_is_woken_and_nobody_reminded_after_the_start(starts, ends, due, lead, name):
    zone, due = ZoneInfo(name), due.replace(tzinfo=UTC)
    hours, event = QuietHours(starts, ends), due + timedelta(minutes=lead)

    chosen = hours.awake(due, event=event, zone=zone)

    assert chosen < event
    if chosen >= due:
        assert hours.night_around(chosen, zone) is None
