from datetime import UTC, datetime, timedelta

import pytest

from visavis.core.presence import minutes_late, minutes_present

TEN = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)


def after(minutes, seconds=0):
    return TEN + timedelta(minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([], 0),
        ([(0, 30)], 30),
        ([(0, 10), (15, 30)], 25),
        ([(0, 20), (10, 30)], 30),
        ([(10, 20), (0, 30)], 30),
        ([(5, 5)], 1),
    ],
)
def test_who_is_there_with_two_devices_is_there_once(stays, minutes):
    assert minutes_present([(after(begun), after(over)) for begun, over in stays]) == minutes


@pytest.mark.parametrize(("seconds", "minutes"), [(10, 1), (89, 1), (90, 2)])
def test_half_a_minute_counts_as_one(seconds, minutes):
    assert minutes_present([(TEN, after(0, seconds))]) == minutes


@pytest.mark.parametrize(
    ("joined", "late"), [(after(-5), 0), (after(0), 0), (after(0, 59), 0), (after(7, 30), 7)]
)
def test_who_comes_within_the_first_minute_is_in_time(joined, late):
    assert minutes_late(TEN, joined) == late
