"""The times that staff choose from when they book or move: a day's free starts, or better ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date

from visavis.back_office.access import OfficeRequest
from visavis.back_office.forms.bookings import instant
from visavis.back_office.refusals import in_words
from visavis.bookings import queries
from visavis.bookings.availability import Question, day_bounds
from visavis.bookings.seats import StartRefused
from visavis.catalog.models import Provider
from visavis.core.refusals import Refusal
from visavis.core.zone_names import is_zone

# How far ahead of a full day the next free one is looked for.
LOOK_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says about the time: a zone, a day and perhaps a start."""

    zone: ZoneInfo
    day: date
    start: datetime | None

    @property
    def zone_name(self) -> str:
        return self.zone.key

    @property
    def noon(self) -> datetime:
        """Return a moment of the day, to say the zone's offset with."""
        return datetime.combine(self.day, time(12), tzinfo=self.zone)

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def next_day(self) -> date:
        return self.day + timedelta(days=1)

    def initial(self, offered: Collection[datetime]) -> dict[str, object]:
        """Return what a form begins with: the start asked for, among those offered or not."""
        if self.start is None:
            return {}
        local = self.start.astimezone(self.zone)
        typed = {"other_day": local.date(), "other_time": local.time()}
        return {"start": value_of(self.start) if self.start in offered else "other", **typed}


@dataclass(frozen=True, slots=True)
class Times:
    """Free starts, each with the value of its radio button."""

    asked: Asked
    starts: Sequence[tuple[str, datetime]]
    # Where there are none: the next day that has some.
    next_free: date | None = None

    @property
    def moments(self) -> list[datetime]:
        return [start for _value, start in self.starts]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a start was refused, what could be booked instead, and whether staff may insist."""

    reasons: Sequence[Refusal]
    instead: Sequence[tuple[str, datetime]]
    # Only clients who fill in the form right now are in the way, until then at the latest.
    held_until: datetime | None = None

    @property
    def words(self) -> list[object]:
        """Return a sentence for each reason that nothing better is said of."""
        # Whoever is about to be met online is as good as leading that meeting.
        said = {Refusal.TAKEN, Refusal.MEETING_HOST_BUSY} if self.held_until else set()
        return list(in_words(why for why in self.reasons if why not in said))

    @property
    def overridable(self) -> bool:
        return all(why.overridable for why in self.reasons)

    @property
    def overriding(self) -> str:
        """Return the reasons as a button sends them that sets them aside."""
        return ",".join(why.value for why in self.reasons)


def asked(request: OfficeRequest, *, otherwise: datetime) -> Asked:
    """Read zone, day and start from the address; whatever is wrong there takes its default."""
    name = request.GET.get("zone", "")
    zone = ZoneInfo(name if is_zone(name) else request.company.time_zone)
    start = instant(request.GET.get("start", ""), zone)
    day = _day(request.GET.get("day", ""))
    return Asked(zone, day or (start or otherwise).astimezone(zone).date(), start)


def times(
    question: Question, providers: Sequence[Provider], asked: Asked, *, whole: bool = False
) -> Times:
    """Return the free starts of the day that was asked for, or else the next day with any."""

    def free(since: datetime, until: datetime) -> list[datetime]:
        since = max(since, question.now)
        return queries.free_starts(question, providers, since=since, until=until, whole=whole)

    since, until = day_bounds(asked.day, asked.day, asked.zone)
    starts = free(since, until)
    later = [] if starts else free(until, max(until, question.now) + LOOK_AHEAD)
    next_free = min(later).astimezone(asked.zone).date() if later else None
    return Times(asked, [(value_of(start), start) for start in starts], next_free)


def refused(
    refusal: StartRefused,
    question: Question,
    providers: Sequence[Provider],
    starts_at: datetime,
    *,
    whole: bool = False,
) -> Refused:
    """Return everything that stands in the way, not only what was met first."""
    reasons = queries.obstacles(question, providers, starts_at, whole=whole) or [refusal.why]
    taken = Refusal.TAKEN in reasons
    return Refused(
        reasons,
        [(value_of(one), one) for one in refusal.instead],
        queries.held_until(question, providers, starts_at) if taken else None,
    )


def value_of(start: datetime) -> str:
    """Return a start as a radio button sends it."""
    return start.astimezone(UTC).isoformat(timespec="minutes")


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2200 else None
