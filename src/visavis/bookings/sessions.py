"""The sessions of classes: appointments made ahead of time from a schedule.

A session is known by its schedule and the start its rule gave, so that making sessions again
makes none twice, and neither a moved nor a cancelled one comes back.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from visavis.bookings import availability, seats, touched
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Appointment
from visavis.bookings.transactions import Busy, one_transaction
from visavis.catalog import operations as catalog
from visavis.catalog.models import ClassSchedule, Offering, Provider
from visavis.core.recurrence import Recurrence, RecurrenceError, session_starts
from visavis.core.spans import to_datetime, to_minutes_up
from visavis.meetings.models import JoinLink

Span = tuple[datetime, datetime]
logger = logging.getLogger(__name__)


class StillBooked(Exception):
    """The provider has appointments ahead: hand them over or cancel them first."""


@dataclass(slots=True)
class Made:
    """Which sessions were made, and which starts were left out since their provider is not free."""

    sessions: list[Appointment] = field(default_factory=list)
    skipped: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a changed schedule came to; `kept` are booked sessions that stay as they were."""

    made: Made
    kept: Sequence[Appointment]


def recurrence_of(schedule: ClassSchedule) -> Recurrence:
    """Return when a class meets. Its times are those of the company's zone."""
    first = datetime.combine(schedule.first_day, time()) + timedelta(minutes=schedule.starts)
    zone = ZoneInfo(schedule.offering.company.time_zone)
    return Recurrence(schedule.rule, first, zone, schedule.excluded)


def horizon(offering: Offering, *, now: datetime) -> datetime:
    """Return until when sessions are made: as far ahead as they can be booked."""
    days = offering.horizon_days
    return now + timedelta(days=offering.company.horizon_days if days is None else days)


def rule_starts(schedule: ClassSchedule, *, since: datetime, until: datetime) -> list[datetime]:
    """Return the starts that a schedule's rule gives between two instants."""
    if since >= until:
        return []
    zone = ZoneInfo(schedule.offering.company.time_zone)
    window = to_minutes_up(since), to_minutes_up(until)
    starts = [to_datetime(minute) for minute in session_starts(recurrence_of(schedule), window)]
    last = schedule.last_day
    return [start for start in starts if last is None or start.astimezone(zone).date() <= last]


@one_transaction
def make_sessions(schedule: ClassSchedule, *, until: datetime, now: datetime) -> Made:
    """Make the sessions between now and `until` that are not there yet."""
    lock_calendars([schedule.provider_id])
    return _make(schedule, until=until, now=now)


@one_transaction
def save_schedule(schedule: ClassSchedule, *, now: datetime) -> Changed:
    """Save a class's schedule and bring its sessions in line with it.

    Sessions that nobody booked are made anew; booked ones stay where they are.
    """
    lock_calendars([schedule.provider_id])
    if schedule.pk:
        # A session may have been cancelled since the form was opened.
        schedule.refresh_from_db(fields=["days_left_out"])
    schedule.save()
    # Sessions can be booked with those alone who offer the class.
    schedule.offering.providers.add(schedule.provider)
    until = horizon(schedule.offering, now=now)
    wanted = set(rule_starts(schedule, since=now, until=until))
    kept = [
        one
        for one in _clear_empty(schedule, keeping=wanted, now=now)
        if one.rule_start not in wanted
    ]
    return Changed(_make(schedule, until=until, now=now), kept)


@one_transaction
def end_schedule(schedule: ClassSchedule, *, now: datetime) -> Sequence[Appointment]:
    """End a schedule today: its empty sessions ahead vanish. Return the booked ones, which stay."""
    lock_calendars([schedule.provider_id])
    today = now.astimezone(ZoneInfo(schedule.offering.company.time_zone)).date()
    schedule.last_day = today - timedelta(days=1)
    schedule.save(update_fields=["last_day"])
    return _clear_empty(schedule, keeping=(), now=now)


@one_transaction
def retire_class(offering: Offering, *, now: datetime) -> None:
    """Offer a class no longer: its empty sessions vanish, booked ones take place."""
    lock_calendars(offering.schedules.values_list("provider_id", flat=True))
    for schedule in offering.schedules.select_related("offering__company"):
        end_schedule(schedule, now=now)
    catalog.remove_offering(offering)


@one_transaction
def retire_provider(provider: Provider, *, now: datetime) -> Provider:
    """Let a provider go. Raises StillBooked while somebody has booked time with them."""
    lock_calendars([provider.pk])
    for schedule in provider.class_schedules.select_related("offering__company"):
        end_schedule(schedule, now=now)
    if touched.appointments_with(provider, now=now).exists():
        raise StillBooked
    return catalog.retire_provider(provider)


def make_due_sessions(now: datetime) -> int:
    """Make what has come within the horizon of every class; return how many. For the worker."""
    current = ClassSchedule.objects.filter(
        Q(last_day=None) | Q(last_day__gte=now.date() - timedelta(days=1)),
        offering__active=True,
        provider__active=True,
    ).select_related("offering__company", "provider")
    count = 0
    for schedule in current:
        try:
            made = make_sessions(schedule, until=horizon(schedule.offering, now=now), now=now)
        except (RecurrenceError, Busy):
            logger.exception("class schedule %s", schedule.pk)
            continue
        count += len(made.sessions)
        if made.skipped:
            logger.info("class schedule %s: %s starts left out", schedule.pk, len(made.skipped))
    return count


def left_out(schedule: ClassSchedule, *, now: datetime) -> list[datetime]:
    """Return the starts ahead that have no session because their provider was not free."""
    until = horizon(schedule.offering, now=now)
    known = _known_starts(schedule)
    return [start for start in rule_starts(schedule, since=now, until=until) if start not in known]


def _make(schedule: ClassSchedule, *, until: datetime, now: datetime) -> Made:
    made, known = Made(), _known_starts(schedule)
    starts = [
        start for start in rule_starts(schedule, since=now, until=until) if start not in known
    ]
    busy = _busy(schedule, since=now, until=until)
    leading = _host_busy(schedule, since=now, until=until)
    for start in starts:
        session = _session(schedule, start, now=now)
        blocked = session.blocked_from, session.blocked_until
        meeting = session.starts_at, session.ends_at
        if _overlaps(blocked, busy) or _overlaps(meeting, leading):
            made.skipped.append(start)
        else:
            busy.append(blocked)
            made.sessions.append(session)
    Appointment.objects.bulk_create(made.sessions)
    return made


def _session(schedule: ClassSchedule, start: datetime, *, now: datetime) -> Appointment:
    offering = schedule.offering
    ends_at = start + timedelta(minutes=offering.duration_minutes)
    return Appointment(
        company=offering.company,
        offering=offering,
        provider=schedule.provider,
        schedule=schedule,
        rule_start=start,
        starts_at=start,
        ends_at=ends_at,
        blocked_from=start - timedelta(minutes=offering.buffer_before_minutes),
        blocked_until=ends_at + timedelta(minutes=offering.buffer_after_minutes),
        seats=offering.seats,
        created_at=now,
    )


def _busy(schedule: ClassSchedule, *, since: datetime, until: datetime) -> list[Span]:
    """Return when the provider is booked or away, and when the day is closed."""
    booked = Appointment.objects.active().filter(
        provider=schedule.provider,
        blocked_until__gt=since,
        blocked_from__lt=until + availability.MARGIN,
    )
    closed = availability.closed_on_purpose(
        schedule.offering, schedule.provider, since=since, until=until
    )
    blocked = booked.values_list("blocked_from", "blocked_until")
    return [*blocked, *closed]


def _host_busy(schedule: ClassSchedule, *, since: datetime, until: datetime) -> list[Span]:
    """Return when the provider's host can lead no further meeting, if the class meets online."""
    return availability.host_busy(
        schedule.offering, schedule.provider, since=since, until=until + availability.MARGIN
    )


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < ends and begins < span[1] for begins, ends in others)


def _known_starts(schedule: ClassSchedule) -> set[datetime]:
    return {start for start in schedule.sessions.values_list("rule_start", flat=True) if start}


def _clear_empty(
    schedule: ClassSchedule, *, keeping: Collection[datetime], now: datetime
) -> Sequence[Appointment]:
    """Take away the sessions ahead that nobody booked; return those that stay.

    One that somebody moved stays as long as its start is in `keeping`. One that was booked and
    cancelled again is part of a history: it only ends.
    """
    coming = schedule.sessions.filter(active=True, starts_at__gt=now)
    moved = ~Q(starts_at=F("rule_start"))
    empty = coming.filter(seats_taken=0).exclude(moved, rule_start__in=keeping)
    empty.filter(bookings=None).delete()
    for session in empty.select_related("meeting"):
        seats.close(session, because=JoinLink.Revoked.CANCELLED, now=now)
        session.schedule = session.rule_start = None
        session.save(update_fields=["schedule", "rule_start"])
    return list(coming.select_related("provider").order_by("starts_at"))
