"""Another provider for a class: for one session, or for a schedule from a date on.

Whoever booked stays where they are and keeps their links; they are told who leads it now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from visavis.bookings import sessions
from visavis.bookings.actors import By
from visavis.bookings.locks import lock_calendar_of, lock_calendars
from visavis.bookings.models import Appointment
from visavis.bookings.operations import appointments
from visavis.bookings.seats import STAFF_OVERRIDES, StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import ClassSchedule, Provider
from visavis.core.refusals import Refusal

# A class need not keep to anybody's hours, but nobody is given a session while they are away
# unless somebody says so.
OVERRIDES = STAFF_OVERRIDES - {
    Refusal.TIME_OFF,
    Refusal.SPECIAL_DAY_CLOSED,
    Refusal.PUBLIC_HOLIDAY,
    Refusal.BUFFER,
}
# Most classes have a session within a month; the rarest is held every 52 months.
_LOOKED_AHEAD = (timedelta(days=31), timedelta(days=53 * 31))


class NothingLeft(Exception):
    """The schedule has no session on or after that day."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many sessions changed hands; `kept` stay as they were, since the other is not free."""

    count: int
    kept: Sequence[Appointment]


@one_transaction
def move_session(
    session: Appointment,
    *,
    starts_at: datetime,
    provider: Provider,
    by: By,
    now: datetime,
    why: str,
    anyway: bool = False,
) -> Appointment:
    """Move one session, or give it to a substitute.

    Raises StartRefused or NotPossible; with `anyway`, a provider who is away is no hindrance.
    """
    lock_calendar_of(session, [provider.pk])
    # Sessions can be booked with those alone who offer the class.
    session.offering.providers.add(provider)
    return appointments.move(
        session,
        starts_at=starts_at,
        provider=provider,
        by=by,
        now=now,
        why=why,
        overriding=STAFF_OVERRIDES if anyway else OVERRIDES,
    )


@one_transaction
def hand_over(
    schedule: ClassSchedule, provider: Provider, *, since: date, by: By, now: datetime, why: str
) -> HandedOver:
    """Give a schedule to another provider from a day on, with the sessions made already.

    A session that has a substitute keeps them. Raises NothingLeft.
    """
    former = schedule.provider_id
    lock_calendars([former, provider.pk])
    schedule.offering.providers.add(provider)
    later = _from(schedule, provider, since)
    moved: list[Appointment] = []
    kept: list[Appointment] = []
    coming = later.sessions.filter(active=True, provider=former, starts_at__gt=now)
    for session in coming.select_related("provider").order_by("starts_at"):
        try:
            appointments.move(
                session,
                starts_at=session.starts_at,
                provider=provider,
                by=by,
                now=now,
                why=why,
                overriding=OVERRIDES,
            )
            moved.append(session)
        except StartRefused:
            kept.append(session)
    sessions.make_sessions(later, until=sessions.horizon(later.offering, now=now), now=now)
    return HandedOver(len(moved), kept)


def _from(schedule: ClassSchedule, provider: Provider, since: date) -> ClassSchedule:
    """Return the schedule that holds from a day on; what goes before it ends the day before."""
    zone = ZoneInfo(schedule.offering.company.time_zone)
    begins = datetime.combine(since, time(), tzinfo=zone)
    first = _first_day(schedule, begins, zone)
    if first <= schedule.first_day:
        schedule.provider = provider
        schedule.save(update_fields=["provider"])
        return schedule
    # Counted from one of its own sessions, a rule goes on in the same rhythm.
    later = ClassSchedule.objects.create(
        offering=schedule.offering,
        provider=provider,
        first_day=first,
        starts=schedule.starts,
        rule=schedule.rule,
        last_day=schedule.last_day,
        days_left_out=schedule.days_left_out,
    )
    schedule.last_day = since - timedelta(days=1)
    schedule.save(update_fields=["last_day"])
    schedule.sessions.filter(rule_start__gte=begins).update(schedule=later)
    return later


def _first_day(schedule: ClassSchedule, begins: datetime, zone: ZoneInfo) -> date:
    for ahead in _LOOKED_AHEAD:
        left = sessions.rule_starts(schedule, since=begins, until=begins + ahead)
        if left:
            return left[0].astimezone(zone).date()
    raise NothingLeft
