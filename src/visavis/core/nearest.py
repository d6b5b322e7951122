"""Which free starts to offer somebody who cannot have the one they wished for."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from visavis.core.spans import Span
from visavis.core.zones import DAY, Wall, date_of, day_number


def nearest(starts: Sequence[int], wished: int, *, count: int = 3) -> list[int]:
    """Return up to `count` of the ascending starts, the nearest to `wished` first.

    Of two equally near, the earlier comes first.
    """
    at = bisect_left(starts, wished)
    close = starts[max(0, at - count) : at + count]
    return sorted(close, key=lambda start: (abs(start - wished), start))[:count]


def by_day(starts: Sequence[int], zone: ZoneInfo) -> dict[date, list[int]]:
    """Group ascending starts by the date the reader's zone shows, in order."""
    days: dict[int, list[int]] = {}
    pieces = Wall(zone, _window(starts)).steady(_window(starts)) if starts else ()
    at = 0
    # From midnight to midnight while the clocks run evenly: few steps for many starts.
    for _, end, offset in pieces:
        while at < len(starts) and starts[at] < end:
            day = (starts[at] + offset) // DAY
            following = bisect_left(starts, min(end, (day + 1) * DAY - offset), lo=at)
            days.setdefault(day, []).extend(starts[at:following])
            at = following
    return {date_of(day): starts_of_day for day, starts_of_day in days.items()}


def next_free_day(starts: Sequence[int], *, after: date, zone: ZoneInfo) -> date | None:
    """Return the first date later than `after` on which one of the ascending starts falls."""
    if not starts:
        return None
    wall = Wall(zone, _window(starts))
    days = (wall.to_wall(start) // DAY for start in starts)
    day = next((day for day in days if day > day_number(after)), None)
    return None if day is None else date_of(day)


def _window(starts: Sequence[int]) -> Span:
    return starts[0], starts[-1] + 1
