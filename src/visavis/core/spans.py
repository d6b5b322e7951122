"""Stretches of time as pairs of whole UTC minutes, and the few things done with many of them.

A span is half-open: (start, end) holds every minute from `start` up to, but without, `end`.
Integers are compared some twenty times faster than datetimes of different zones, which is
why the whole core counts minutes and only its edges know datetimes.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


def to_minutes(moment: datetime) -> int:
    """Return the UTC epoch minute in which `moment` lies; seconds are cut off.

    Raises ValueError if `moment` has no zone.
    """
    return _seconds(moment) // 60


def to_minutes_up(moment: datetime) -> int:
    """Return the first UTC epoch minute not before `moment`.

    Use it for *now*, so that a minute which has begun is over, and for the ends of
    outside events. Raises ValueError if `moment` has no zone.
    """
    return -(-(_seconds(moment) + (moment.microsecond > 0)) // 60)


def to_datetime(minutes: int) -> datetime:
    """Return the instant as an aware datetime in UTC."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the same minutes as few sorted spans, none touching another.

    Order and overlaps of the input do not matter; empty spans vanish.
    """
    merged: list[Span] = []
    first = last = 0
    for start, end in sorted(spans):
        if start > last or first == last:
            if first < last:
                merged.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    if first < last:
        merged.append((first, last))
    return merged


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what the holes leave of the spans.

    The spans must be sorted and disjoint. The holes must be sorted by start; they may overlap.
    """
    left: list[Span] = []
    passed, count = 0, len(holes)
    for start, end in spans:
        while passed < count and holes[passed][1] <= start:
            passed += 1
        at, begin = passed, start
        while begin < end and at < count and holes[at][0] < end:
            if begin < holes[at][0]:
                left.append((begin, holes[at][0]))
            begin = max(begin, holes[at][1])
            at += 1
        if begin < end:
            left.append((begin, end))
    return left


def intersect(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Return the minutes in both. Each side must be sorted and disjoint."""
    common: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start = max(first[i][0], second[j][0])
        end = min(first[i][1], second[j][1])
        if start < end:
            common.append((start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return common


def overlaps(spans: Sequence[Span], span: Span) -> bool:
    """Tell whether any of the sorted, disjoint spans shares a minute with `span`."""
    start, end = span
    # (end,) sorts before every (end, ...): what stands left of it starts before `end`.
    before = bisect_left(spans, (end,))
    return before > 0 and spans[before - 1][1] > start


def around(spans: Sequence[Span], minute: int) -> Span | None:
    """Return the one of the sorted, disjoint spans that holds this minute, if any."""
    before = bisect_left(spans, (minute + 1,))
    if before and spans[before - 1][1] > minute:
        return spans[before - 1]
    return None


def saturated(spans: Iterable[Span], capacity: int) -> list[Span]:
    """Return, merged, where at least `capacity` of the spans run at once.

    A meeting host who may lead two meetings together is busy only there.
    Raises ValueError if the capacity is less than one.
    """
    if capacity < 1:
        raise ValueError("a capacity is at least one")
    full: list[Span] = []
    running = began = 0
    for minute, change in _changes(spans):
        before, running = running, running + change
        if before < capacity <= running:
            began = minute
        elif running < capacity <= before:
            full.append((began, minute))
    return merge(full)


def _changes(spans: Iterable[Span]) -> list[tuple[int, int]]:
    changes = []
    for start, end in spans:
        if start < end:
            changes.append((start, 1))
            changes.append((end, -1))
    # At one and the same minute an end (-1) sorts before a start (+1).
    return sorted(changes)


def _seconds(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86_400 + since.seconds
