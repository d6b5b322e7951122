"""The calendars of the database, prepared for `visavis.core.availability`.

The number of queries does not grow with days or providers: one each for weekly hours, special
hours, public holidays, time off and appointments, and two more for meeting hosts when the
offering is online. Times come as whole minutes computed by the database: turning thousands of
rows into datetimes would cost a hundred times more than the search itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Func, QuerySet

from visavis.bookings import own_hold
from visavis.bookings.models import Appointment, Booking
from visavis.catalog.models import Offering, Provider
from visavis.catalog.timetables import Timetables
from visavis.companies import features
from visavis.core.availability import Availability
from visavis.core.rules import Rules
from visavis.core.spans import Span, saturated, to_datetime, to_minutes, to_minutes_up
from visavis.database.prepared import prepared, prepared_rules
from visavis.meetings.models import MeetingProvider, Platform

# Rules and appointments of the days around a window may reach into it.
MARGIN = timedelta(days=3)


class EpochMinutes(Func):
    """An instant as whole minutes since 1970 in UTC."""

    output_field = BigIntegerField()

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Take the numbers as they come: both databases give whole ones."""
        return []

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(date_part('epoch', %(expressions)s)::bigint / 60)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # Two rounds of formatting lie ahead: this one, and the one that puts in the parameters.
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60)"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody would like to book: one offering, so many places, at this moment."""

    offering: Offering
    places: int
    now: datetime
    # An appointment about to be moved does not stand in its own way.
    leaving_id: int | None = None
    # Neither does what this visitor holds; the same seats may be asked for again.
    visitor: str = ""


def rules_of(question: Question) -> Rules:
    """Return the offering's rules, with the company's where it has none of its own."""
    offering, company = question.offering, question.offering.company
    notice = company.notice_minutes if offering.notice_minutes is None else offering.notice_minutes
    horizon = company.horizon_days if offering.horizon_days is None else offering.horizon_days
    return Rules(
        duration=offering.duration_minutes,
        step=offering.step_minutes or offering.duration_minutes,
        buffer_before=offering.buffer_before_minutes,
        buffer_after=offering.buffer_after_minutes,
        buffer_may_overrun_closing=not company.buffers_within_hours,
        notice=notice,
        horizon=horizon * 1440,
        seats=offering.seats,
        places=question.places,
        day_limit=offering.day_limit or None,
        sessions_only=offering.is_class,
    )


def prepare(
    question: Question,
    providers: Sequence[Provider],
    *,
    since: datetime,
    until: datetime,
    opening: bool = False,
) -> dict[int, Availability]:
    """Return what each provider's calendar says between two instants, by the provider's key.

    With `opening` only new appointments count: none is joined, and classes may be opened.
    """
    offering = question.offering
    window = (to_minutes(since), to_minutes_up(until))
    tables = Timetables(offering, providers, since=since - MARGIN, until=until + MARGIN)
    own = own_hold.of(question.offering.company, question.visitor)
    leaving = [question.leaving_id] if question.leaving_id else []
    if own is not None and own.alone:
        leaving.append(own.appointment_id)
    around = since - MARGIN, until + MARGIN
    busy = _busy(providers, question, *around, leaving=leaving)
    hosts = _hosts_of(providers, offering, *around, leaving=leaving)
    if own is not None:
        busy[own.appointment.provider_id].give_back(own)
    rules = replace(rules_of(question), sessions_only=False) if opening else rules_of(question)
    company_zone = ZoneInfo(offering.company.time_zone)
    return {
        provider.pk: Availability(
            rules=rules,
            zone=ZoneInfo(provider.time_zone),
            now=to_minutes_up(question.now),
            company=tables.of_company(provider, company_zone, window),
            provider=tables.of_provider(provider, window),
            offering=tables.of_offering(company_zone, window),
            taken=busy[provider.pk].taken,
            blocked=busy[provider.pk].blocked,
            joinable={} if opening else busy[provider.pk].joinable,
            host_busy=hosts[provider.pk].busy,
            host_overbooked=hosts[provider.pk].overbooked,
        )
        for provider in providers
    }


def closed_on_purpose(
    offering: Offering, provider: Provider, *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """Return when a provider is away, or a special day or holiday keeps everybody closed."""
    tables = Timetables(offering, [provider], since=since - MARGIN, until=until + MARGIN)
    window = to_minutes(since), to_minutes_up(until)
    zone = ZoneInfo(offering.company.time_zone)
    found = (
        *tables.of_company(provider, zone, window).closed,
        *tables.of_provider(provider, window).closed,
    )
    return [(to_datetime(one.start), to_datetime(one.end)) for one in found]


@dataclass(slots=True)
class Busy:
    """One provider's appointments, as minutes; `joinable` gives seats left by start."""

    taken: list[Span]
    blocked: list[Span]
    joinable: dict[int, int]

    def give_back(self, hold: Booking) -> None:
        """Count the seats of a hold as free, where others can still join."""
        start = to_minutes(hold.appointment.starts_at)
        if start in self.joinable:
            self.joinable[start] += hold.places


def _busy(
    providers: Iterable[Provider],
    question: Question,
    since: datetime,
    until: datetime,
    *,
    leaving: Collection[int],
) -> Mapping[int, Busy]:
    busy: dict[int, Busy] = defaultdict(lambda: Busy([], [], {}))
    rows = _appointments(
        providers=[provider.pk for provider in providers],
        since=since,
        until=until,
        leaving=list(leaving),
    )
    shared = question.offering.is_group or question.offering.is_class
    for provider_id, starts, ends, blocked_from, blocked_until, offering_id, seats, taken in rows:
        mine = busy[provider_id]
        mine.taken.append((starts, ends))
        mine.blocked.append((blocked_from, blocked_until))
        if shared and offering_id == question.offering.pk:
            mine.joinable[starts] = seats - taken
    return busy


@prepared
def _appointments(
    providers: list[int], since: datetime, until: datetime, leaving: list[int]
) -> QuerySet[Appointment, tuple[int, int, int, int, int, int, int, int]]:
    return (
        Appointment.objects.active()
        .filter(provider__in=providers, blocked_until__gt=since, blocked_from__lt=until)
        .exclude(pk__in=leaving)
        .values_list(
            "provider_id",
            EpochMinutes("starts_at"),
            EpochMinutes("ends_at"),
            EpochMinutes("blocked_from"),
            EpochMinutes("blocked_until"),
            "offering_id",
            "seats",
            "seats_taken",
        )
    )


@dataclass(frozen=True, slots=True)
class HostTimes:
    """When a meeting host leads as many meetings as may be, and when more than that."""

    busy: Sequence[Span] = ()
    overbooked: Sequence[Span] = ()


def host_busy(
    offering: Offering, provider: Provider, *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """Return when the host of a provider can lead no further meeting of an offering."""
    hosts = _hosts_of([provider], offering, since, until, leaving=())
    return [(to_datetime(start), to_datetime(end)) for start, end in hosts[provider.pk].busy]


def _hosts_of(
    providers: Iterable[Provider],
    offering: Offering,
    since: datetime,
    until: datetime,
    *,
    leaving: Collection[int],
) -> Mapping[int, HostTimes]:
    """Return how busy the platform user behind each provider is, by the provider's key."""
    found: dict[int, HostTimes] = defaultdict(HostTimes)
    if not offering.online or not features.enabled(offering.company, features.ONLINE_MEETINGS):
        return found
    rows = list(_hosts(providers=[provider.pk for provider in providers]))
    meetings: dict[str, list[Span]] = defaultdict(list)
    for host, starts, ends in _meetings(
        company=offering.company_id,
        hosts=sorted({host for _provider, host, _at_once in rows}),
        since=since,
        until=until,
        leaving=list(leaving),
    ):
        meetings[host].append((starts, ends))
    for provider_id, host, at_once in rows:
        most = at_once or 1
        led = meetings[host]
        found[provider_id] = HostTimes(saturated(led, most), saturated(led, most + 1))
    return found


@prepared_rules
def _hosts(providers: list[int]) -> QuerySet[MeetingProvider, tuple[int, str, int | None]]:
    return (
        MeetingProvider.objects.filter(provider__in=providers, platform=Platform.ZOOM)
        .exclude(host_id="")
        .values_list(
            "provider_id", "host_id", "provider__company__meeting_settings__meetings_at_once"
        )
    )


@prepared
def _meetings(
    company: int, hosts: list[str], since: datetime, until: datetime, leaving: list[int]
) -> QuerySet[Appointment, tuple[str, int, int]]:
    return (
        Appointment.objects.active()
        .keeping_hosts()
        .filter(
            company=company,
            provider__meeting_provider__host_id__in=hosts,
            ends_at__gt=since,
            starts_at__lt=until,
        )
        .exclude(pk__in=leaving)
        .values_list(
            "provider__meeting_provider__host_id",
            EpochMinutes("starts_at"),
            EpochMinutes("ends_at"),
        )
    )


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a stretch of local days begins and ends."""
    starts = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
    ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return starts, ends


def instants(minutes: Iterable[int]) -> list[datetime]:
    """Return starts as aware datetimes in UTC."""
    return [to_datetime(minute) for minute in minutes]
