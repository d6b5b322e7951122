"""The time picker: a month with its free days, and the times of one of them.

The calendars are prepared once per request, for the days in view, whatever is shown of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from visavis.bookings import availability
from visavis.bookings.availability import Question, day_bounds
from visavis.catalog.models import Provider
from visavis.core.any_provider import AnyProvider
from visavis.core.availability import Availability
from visavis.core.nearest import by_day, next_free_day
from visavis.core.spans import Span, to_datetime, to_minutes
from visavis.design.months import Month, month

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks to see: read from the query string, where anything may stand."""

    month: date | None = None
    day: date | None = None
    # Look for the first free day later than this one, however far.
    after: date | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any], *, today: date, last: date) -> "Asked":
        """Read it; what cannot be read, or lies out of reach, counts as not asked."""

        def reachable(text: str) -> date | None:
            try:
                asked = date.fromisoformat(text)
            except ValueError:
                return None
            return asked if first_of(today) <= asked <= end_of(last) else None

        day = reachable(query.get("day", ""))
        asked_month = reachable(f"{query.get('month', '')}-01")
        return cls(first_of(day) if day else asked_month, day, reachable(query.get("after", "")))

    @property
    def kept(self) -> dict[str, str]:
        """What of it still holds when somebody else, or more places, are asked for."""
        if self.day:
            return {"day": self.day.isoformat()}
        return {"month": f"{self.month:%Y-%m}"} if self.month else {}


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of the chosen day. Without an address it is full."""

    starts_at: datetime
    url: str = ""
    # Only of appointments that several share.
    seats_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the picker is for, and where its links lead."""

    question: Question
    providers: Sequence[Provider]
    zone: str
    path: str
    slot_url: Callable[[datetime], str]
    # What each of the picker's own addresses carries along.
    query: Mapping[str, Any] = field(default_factory=dict)
    # The start that a booking about to be moved has now.
    leaving: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """What the template shows."""

    month: Month
    zone: str
    day: date | None
    # Any instant of the day, to say which offset the zone has then.
    at: datetime
    slots: tuple[Slot, ...]
    # Sessions are coming, but their seats are taken.
    crowded: bool
    next_day: date | None
    next_url: str
    search_url: str
    last: date


def pick(wanted: Wanted, asked: Asked) -> Picker:
    """Look up the days in view and lay them out."""
    zone, now = ZoneInfo(wanted.zone), wanted.question.now
    today, last = now.astimezone(zone).date(), horizon(wanted.question, zone)
    window = _window(asked, today=today, last=last, zone=zone)
    calendars = availability.prepare(
        wanted.question, wanted.providers, since=window[0], until=window[1]
    )
    starts, full = _starts(wanted, calendars, (to_minutes(window[0]), to_minutes(window[1])))
    day, shown = _day_and_month(asked, starts, today=today, zone=zone)
    free = by_day(starts, zone)
    crowded = by_day(full, zone)
    slots = _slots(wanted, calendars, free.get(day, ()), crowded.get(day, ())) if day else ()
    following = next_free_day(starts, after=day or end_of(shown), zone=zone)
    return Picker(
        month=_grid(wanted, shown, free, today=today, last=last, day=day),
        zone=wanted.zone,
        day=day,
        at=slots[0].starts_at if slots else day_bounds(day or shown, day or shown, zone)[0],
        slots=slots,
        crowded=bool(full),
        next_day=following,
        next_url=_url(wanted, "day", following.isoformat()) if following else "",
        search_url=_search_url(wanted, day or end_of(shown), asked, last),
        last=last,
    )


def horizon(question: Question, zone: ZoneInfo) -> date:
    """Return the last day, in `zone`, that can be booked now."""
    ahead = timedelta(minutes=availability.rules_of(question).horizon or 0)
    return (question.now + ahead).astimezone(zone).date()


def first_of(day: date) -> date:
    """Return the first day of its month."""
    return day.replace(day=1)


def end_of(day: date) -> date:
    """Return the last day of its month."""
    return first_of(first_of(day) + 31 * DAY) - DAY


def _starts(
    wanted: Wanted, calendars: Mapping[int, Availability], window: Span
) -> tuple[list[int], list[int]]:
    """Return the starts that can be booked, and those whose seats are taken."""
    now = {to_minutes(wanted.leaving)} if wanted.leaving else set()
    starts = [start for start in AnyProvider(calendars).slots(window) if start not in now]
    full = {start for one in calendars.values() for start in one.full(window)}
    return starts, sorted(full.difference(starts, now))


def _window(asked: Asked, *, today: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return what to look at. Whole months, so that what hours make of them is remembered.

    Who comes without a wish sees this month, or the next one if this has nothing left.
    """
    if asked.after is not None:
        return day_bounds(first_of(asked.after), end_of(last), zone)
    if asked.month is not None:
        return day_bounds(asked.month, end_of(asked.month), zone)
    return day_bounds(first_of(today), end_of(end_of(today) + DAY), zone)


def _day_and_month(
    asked: Asked, starts: Sequence[int], *, today: date, zone: ZoneInfo
) -> tuple[date | None, date]:
    """Return the chosen day, if there is any, and the month in view."""
    if asked.day is not None:
        return asked.day, first_of(asked.day)
    since = asked.after or (asked.month or today) - DAY
    found = next_free_day(starts, after=since, zone=zone)
    return found, first_of(found or asked.month or asked.after or today)


def _grid(
    wanted: Wanted,
    shown: date,
    free: Mapping[date, Sequence[int]],
    *,
    today: date,
    last: date,
    day: date | None,
) -> Month:
    following = end_of(shown) + DAY
    return month(
        shown,
        urls={
            each: _url(wanted, "day", each.isoformat()) for each in free if first_of(each) == shown
        },
        today=today,
        chosen=day,
        previous_url=_url(wanted, "month", f"{shown - DAY:%Y-%m}")
        if shown > first_of(today)
        else "",
        next_url=_url(wanted, "month", f"{following:%Y-%m}") if following <= last else "",
    )


def _slots(
    wanted: Wanted,
    calendars: Mapping[int, Availability],
    free: Sequence[int],
    full: Sequence[int],
) -> tuple[Slot, ...]:
    """Return the times of one day, and among them those whose seats are taken."""
    able = AnyProvider(calendars)

    def seats_left(start: int) -> int:
        return max(calendars[key].seats_left(start) for key in able.free(start) or calendars)

    shared, slots = wanted.question.offering.is_group, []
    for start in sorted([*free, *full]):
        starts_at, left = to_datetime(start), seats_left(start) if shared else None
        if start in full:
            slots.append(Slot(starts_at, seats_left=left or 0))
        else:
            slots.append(Slot(starts_at, wanted.slot_url(starts_at), left))
    return tuple(slots)


def _url(wanted: Wanted, name: str, value: str) -> str:
    known = f"{urlencode(wanted.query)}&" if wanted.query else ""
    return f"{wanted.path}?{known}{name}={value}"


def _search_url(wanted: Wanted, after: date, asked: Asked, last: date) -> str:
    """Return where later days are searched, unless they have been or lie out of reach."""
    if asked.after is not None or after >= last:
        return ""
    return _url(wanted, "after", after.isoformat())
