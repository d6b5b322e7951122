"""The sessions of a class: a recurrence rule on the wall clock, turned into starts.

Rules are RFC 5545 RRULE values without a start, such as `FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20`.
They run on local wall time, so a class at six stays at six when the clocks change.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from visavis.core.spans import Span
from visavis.core.zones import DAY, Wall, wall_minutes

#: No class has more sessions than this, counted from its first one.
SESSIONS_MAX = 5000

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}
)
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")


class RecurrenceError(ValueError):
    """The recurrence rule cannot be read, or asks for more than a class can have."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule, the naive local time of its first session, its zone, and the dates left out."""

    rule: str
    first: datetime
    zone: ZoneInfo
    excluded: frozenset[date] = frozenset()


def session_starts(recurrence: Recurrence, window: Span) -> list[int]:
    """Return the starts of all sessions in the window, ascending.

    Raises RecurrenceError if the rule is not one, repeats more often than daily, uses parts other
    than those above, or needs more than SESSIONS_MAX sessions to reach the window's end.
    """
    wall = Wall(recurrence.zone, window)
    latest = wall.to_wall(window[1]) + DAY
    starts = set()
    for count, local in enumerate(_locals(recurrence)):
        minute = wall_minutes(local)
        if minute > latest:
            break
        if count == SESSIONS_MAX:
            raise RecurrenceError(f"more than {SESSIONS_MAX} sessions")
        start = wall.from_wall(minute)
        if window[0] <= start < window[1] and local.date() not in recurrence.excluded:
            starts.add(start)
    return sorted(starts)


def check(recurrence: Recurrence) -> None:
    """Do nothing if the rule is usable and has a session. Raises RecurrenceError if not."""
    if next(_locals(recurrence), None) is None:
        raise RecurrenceError("the rule has no session at all")


def _locals(recurrence: Recurrence) -> Iterator[datetime]:
    # A rule that never matches is followed to the year 9999. The calendar repeats every 400
    # years, weekdays included, so start in its last round but one instead of 20 rounds early.
    first = recurrence.first
    years = (9800 - first.year) // 400 * 400
    parts = _split(recurrence.rule)
    if "UNTIL" in parts:
        until = _local_until(parts["UNTIL"], recurrence.zone)
        parts["UNTIL"] = f"{_later(until, years):%Y%m%dT%H%M%S}"
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        for local in rrulestr(text, dtstart=_later(first, years)):
            yield _later(local, -years)
    except (ValueError, TypeError) as error:
        raise RecurrenceError(f"cannot follow {recurrence.rule}") from error


def _split(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.upper().strip().split(";"):
        read = _PART.fullmatch(part)
        if read is None or read[1] not in _PARTS or read[1] in parts:
            raise RecurrenceError(f"cannot use {part!r}")
        parts[read[1]] = read[2]
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RecurrenceError("a class repeats daily, weekly, monthly or yearly")
    if parts.get("INTERVAL", "1").strip("0") == "":
        raise RecurrenceError("an interval is at least one")
    return parts


def _local_until(until: str, zone: ZoneInfo) -> datetime:
    """Read UNTIL as a naive local time; a mere date includes that day."""
    try:
        moment = datetime.fromisoformat(until)
    except ValueError as error:
        raise RecurrenceError(f"cannot read UNTIL={until}") from error
    if "T" not in until:
        return datetime.combine(moment, time.max)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def _later(local: datetime, years: int) -> datetime:
    return local.replace(year=min(local.year + years, 9999))
