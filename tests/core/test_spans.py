"""Sorted lists of spans behave like the sets of minutes they stand for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from visavis.core.busy import Busy
from visavis.core.spans import (
    around,
    intersect,
    merge,
    overlaps,
    saturated,
    subtract,
    to_datetime,
    to_minutes,
    to_minutes_up,
)

from .oracle import minutes

SPANS = st.lists(
    st.tuples(st.integers(-60, 60), st.integers(0, 25)).map(lambda span: (span[0], sum(span))),
    max_size=8,
)


@given(SPANS)
def test_merging_keeps_the_minutes_and_leaves_gaps_between_spans(spans):
    merged = merge(spans)

    assert minutes(merged) == minutes(spans)
    assert all(end < start for (_, end), (start, _) in pairwise(merged))
    assert all(start < end for start, end in merged)


@given(SPANS, SPANS)
def test_subtracting_takes_away_the_minutes_of_the_holes(spans, holes):
    left = subtract(merge(spans), sorted(holes))

    assert minutes(left) == minutes(spans) - minutes(holes)
    assert left == merge(left) or any(start == end for start, end in holes)


@given(SPANS, SPANS)
def test_intersecting_keeps_the_minutes_of_both(first, second):
    common = intersect(merge(first), merge(second))

    assert minutes(common) == minutes(first) & minutes(second)
    assert common == merge(common)


@example([(10, 20)], 0, 10)
@example([(10, 20)], 20, 5)
@given(SPANS, st.integers(-70, 70), st.integers(1, 30))
def test_two_stretches_overlap_if_they_share_a_minute(spans, start, length):
    stretch = (start, start + length)
    shared = not minutes(spans).isdisjoint(range(*stretch))

    assert overlaps(merge(spans), stretch) == shared
    assert Busy(spans).overlaps(stretch) == shared


@given(SPANS, st.integers(-70, 70))
def test_the_span_around_a_minute_holds_it(spans, minute):
    found = around(merge(spans), minute)

    assert (found is not None) == (minute in minutes(spans))
    assert found is None or found[0] <= minute < found[1]


@given(SPANS, st.integers(1, 4))
def test_a_host_is_busy_where_as_many_meetings_run_as_it_may_lead(spans, capacity):
    full = saturated(spans, capacity)

    running = {
        minute
        for minute in minutes(spans)
        if sum(start <= minute < end for start, end in spans) >= capacity
    }
    assert minutes(full) == running
    assert full == merge(full)


def test_a_host_of_two_is_not_busy_while_one_meeting_follows_another():
    assert saturated([(0, 60), (0, 30), (30, 60)], 3) == []


def test_a_capacity_of_none_is_refused():
    with pytest.raises(ValueError, match="capacity"):
        saturated([], 0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_lies_in_its_minute(moment):
    minute = to_minutes(moment)

    assert to_datetime(minute) <= moment < to_datetime(minute) + timedelta(minutes=1)
    assert to_datetime(to_minutes_up(moment)) >= moment
    assert to_minutes_up(moment) - minute == (moment != to_datetime(minute))


def test_instants_of_any_zone_are_told_in_utc():
    paris = datetime(2027, 3, 1, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

    assert to_datetime(to_minutes(paris)) == datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("convert", [to_minutes, to_minutes_up])
def test_a_time_without_a_zone_is_no_instant(convert):
    with pytest.raises(ValueError, match="time zone"):
        convert(datetime(2027, 3, 1))
