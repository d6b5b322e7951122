"""When somebody is open: rules on the wall clock, turned into spans.

Weekly hours hold on every such day; a special day has hours of its own instead; a public
holiday is closed unless it is a special day; time off closes whatever it covers. Hours that
cross midnight belong to the day on which they begin.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from visavis.core.refusals import Refusal
from visavis.core.spans import Span, merge, subtract
from visavis.core.zones import DAY, Wall, day_number, wall_minutes

# Rules are spelt out this many days beyond the window, so that an opening which began before
# it, and one which never closes, look the same from every window.
MARGIN_DAYS = 3
_MARGIN = MARGIN_DAYS * DAY


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open every week on `weekday` (0 is Monday), in wall minutes of that day.

    `ends` may go beyond 1440, up to the end of the following day.
    """

    weekday: int
    starts: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is a number from 0 (Monday) to 6 (Sunday)")
        _check_interval(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date with hours of its own, in wall minutes of that day; closed if there are none."""

    day: date
    intervals: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        for starts, ends in self.intervals:
            _check_interval(starts, ends)


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Away from `start` until `end`, both naive local times; whole days run midnight to midnight.

    The start is cut to its minute; so is the end.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if wall_minutes(self.start) >= wall_minutes(self.end):
            raise ValueError("time off ends after it starts")


class Closure(NamedTuple):
    """A stretch that a rule closed, and why."""

    start: int
    end: int
    why: Refusal


@dataclass(frozen=True, slots=True)
class Timetable:
    """Merged opening spans, and where somebody closed on purpose."""

    open: Sequence[Span]
    closed: Sequence[Closure] = ()

    def closed_because(self, minute: int, otherwise: Refusal) -> Refusal:
        """Return why it is closed at this minute, or `otherwise` if it is just not open."""
        for closure in self.closed:
            if closure.start <= minute < closure.end:
                return closure.why
        return otherwise


def timetable(
    *,
    weekly: Iterable[WeeklyHours],
    special: Iterable[SpecialDay] = (),
    time_off: Iterable[TimeOff] = (),
    closed_days: Collection[date] = (),
    zone: ZoneInfo,
    window: Span,
) -> Timetable:
    """Spell out the rules for every local day that touches the window.

    The answer reaches up to three days beyond the window, since openings are not cut at its
    edges: where an opening begins decides where its starts fall.
    """
    wall = Wall(zone, (window[0] - _MARGIN, window[1] + _MARGIN))
    days = _days(wall, window)
    own = _own_hours(special)
    holidays = {day_number(day) for day in closed_days} - own.keys()
    away = merge(_away(time_off, wall))
    spans = [
        (wall.from_wall(day * DAY + starts), wall.from_wall(day * DAY + ends))
        for day, starts, ends in _intervals(days, weekly, own, holidays)
    ]
    closed = [Closure(*span, Refusal.TIME_OFF) for span in away]
    for day in days:
        if own.get(day) == []:
            closed.append(Closure(*wall.day_span(day), Refusal.SPECIAL_DAY_CLOSED))
        elif day in holidays:
            closed.append(Closure(*wall.day_span(day), Refusal.PUBLIC_HOLIDAY))
    return Timetable(subtract(merge(spans), away), closed)


def opening(
    weekly: Iterable[WeeklyHours],
    special: Iterable[SpecialDay],
    time_off: Iterable[TimeOff],
    closed_days: Collection[date],
    zone: ZoneInfo,
    window: Span,
) -> Sequence[Span]:
    """Return only the merged opening spans of `timetable`."""
    return timetable(
        weekly=weekly,
        special=special,
        time_off=time_off,
        closed_days=closed_days,
        zone=zone,
        window=window,
    ).open


def _check_interval(starts: int, ends: int) -> None:
    if not 0 <= starts < DAY or not starts < ends <= 2 * DAY:
        raise ValueError("hours begin within their day and end after it began, a day on at most")


def _days(wall: Wall, window: Span) -> range:
    first = wall.to_wall(window[0]) // DAY - MARGIN_DAYS
    last = wall.to_wall(window[1]) // DAY + MARGIN_DAYS
    return range(first, last + 1)


def _own_hours(special: Iterable[SpecialDay]) -> dict[int, list[tuple[int, int]]]:
    own: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chosen in special:
        own[day_number(chosen.day)] += chosen.intervals
    return dict(own)


def _intervals(
    days: range,
    weekly: Iterable[WeeklyHours],
    own: dict[int, list[tuple[int, int]]],
    holidays: set[int],
) -> Iterable[tuple[int, int, int]]:
    usual: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for hours in weekly:
        usual[hours.weekday].append((hours.starts, hours.ends))
    for day in days:
        if day in holidays:
            continue
        # Day 0, the first of January 1970, was a Thursday.
        for starts, ends in own.get(day, usual[(day + 3) % 7]):
            yield day, starts, ends


def _away(time_off: Iterable[TimeOff], wall: Wall) -> Iterable[Span]:
    for absence in time_off:
        yield (
            wall.from_wall(wall_minutes(absence.start)),
            wall.from_wall(wall_minutes(absence.end)),
        )
