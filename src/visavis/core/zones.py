"""What the clocks on the wall show, as integers.

Wall minutes count from 1970-01-01 00:00 as shown locally, so that a local day is the number
`wall // 1440` and a local time of day is `wall % 1440`. A repeated wall time means its first
occurrence; a skipped one moves forward by the gap. Both follow from one rule: until the wall
has passed everything a transition makes ambiguous, the offset before it counts.
"""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from visavis.core.spans import Span, to_datetime

DAY = 1440
Offsets: TypeAlias = tuple[tuple[int, int], ...]
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MINUTE = timedelta(minutes=1)
# Transitions are looked up and remembered in blocks of about a year.
_BLOCK = 366 * DAY


class Wall:
    """The clocks of one zone over one stretch of time.

    Valid within the given window and three days around it.
    """

    __slots__ = ("_offsets", "_turns", "_wall_turns", "zone")

    def __init__(self, zone: ZoneInfo, window: Span) -> None:
        self.zone = zone
        periods = _periods(zone, window[0] - 5 * DAY, window[1] + 5 * DAY)
        self._offsets = [offset for _, offset in periods]
        self._turns = [turn for turn, _ in periods[1:]]
        self._wall_turns = [
            turn + max(before, after)
            for turn, before, after in zip(
                self._turns, self._offsets, self._offsets[1:], strict=False
            )
        ]

    def to_wall(self, instant: int) -> int:
        """Return what the wall shows at a UTC minute."""
        return instant + self._offsets[bisect_right(self._turns, instant)]

    def from_wall(self, wall: int) -> int:
        """Return the UTC minute at which the wall first shows `wall`, or would have."""
        return wall - self._offsets[bisect_right(self._wall_turns, wall)]

    def day_of(self, instant: int) -> int:
        """Return the number of the local day (see `day_span`) in which a UTC minute lies."""
        day = self.to_wall(instant) // DAY
        # Clocks that go back over midnight show yesterday's date again. That hour is today's.
        return day + 1 if instant >= self.from_wall((day + 1) * DAY) else day

    def day_span(self, day: int) -> Span:
        """Return the local day with this number: 23 to 25 hours, none if the zone skipped it."""
        return self.from_wall(day * DAY), self.from_wall((day + 1) * DAY)

    def steady(self, span: Span) -> list[tuple[int, int, int]]:
        """Cut a span into (start, end, offset) pieces in which the clocks run evenly."""
        start, end = span
        at = bisect_right(self._turns, start)
        pieces = []
        while at < len(self._turns) and self._turns[at] < end:
            pieces.append((start, self._turns[at], self._offsets[at]))
            start = self._turns[at]
            at += 1
        pieces.append((start, end, self._offsets[at]))
        return pieces


def day_number(day: date) -> int:
    """Return how many days after 1970-01-01 this date is."""
    return day.toordinal() - _EPOCH_DAY


def date_of(day: int) -> date:
    """Return the date with this day number."""
    return date.fromordinal(day + _EPOCH_DAY)


def wall_minutes(local: datetime) -> int:
    """Return a naive local time as wall minutes; seconds are cut off.

    Raises ValueError if it has a zone: then it is an instant, not a wall time.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time has no time zone")
    return day_number(local) * DAY + local.hour * 60 + local.minute


def _periods(zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int]]:
    """List (from, offset in minutes) for each stretch of even clocks that touches the window."""
    periods: list[tuple[int, int]] = []
    for block in range(start // _BLOCK, end // _BLOCK + 1):
        for since, offset in _periods_of_block(zone, block):
            if not periods or periods[-1][1] != offset:
                periods.append((since, offset))
    return periods


@lru_cache(maxsize=4096)
def _periods_of_block(zone: ZoneInfo, block: int) -> Offsets:
    # zoneinfo does not tell its transitions, so look once a day and close in on each change.
    start = block * _BLOCK
    offset = _offset(zone, start)
    periods = [(start, offset)]
    for day in range(start + DAY, start + _BLOCK + 1, DAY):
        after = _offset(zone, day)
        if after != offset:
            periods.append((_turn(zone, day - DAY, day), after))
            offset = after
    return tuple(periods)


def _turn(zone: ZoneInfo, before: int, after: int) -> int:
    """Return the first minute with the later offset, between two that differ."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, minute: int) -> int:
    ahead = to_datetime(minute).astimezone(zone).utcoffset()
    # Since 1972 every zone has been a whole number of minutes away from UTC.
    return 0 if ahead is None else ahead // _MINUTE
