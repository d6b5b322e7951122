"""The dates on which a class does not take place although its rule says so."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from visavis.bookings import availability, seats, sessions
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Appointment, AppointmentQuerySet
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import ClassSchedule
from visavis.meetings.models import JoinLink


class NotThatDay(Exception):
    """The class does not take place on this day anyway."""


class SessionBooked(Exception):
    """Somebody booked the session on this day: it must be cancelled, so that they are told."""


@one_transaction
def leave_out(schedule: ClassSchedule, day: date, *, now: datetime) -> None:
    """Hold no session on a day. Raises NotThatDay or SessionBooked."""
    held = _sessions_of(schedule, day).filter(active=True)
    # A session may have a substitute.
    lock_calendars([schedule.provider_id, *held.values_list("provider_id", flat=True)])
    zone = _zone(schedule)
    since, until = availability.day_bounds(day, day, zone)
    if not sessions.rule_starts(schedule, since=since, until=until):
        raise NotThatDay
    if held.filter(seats_taken__gt=0).exists():
        raise SessionBooked
    for session in held.select_related("meeting"):
        seats.close(session, because=JoinLink.Revoked.CANCELLED, now=now)
    exclude(schedule.pk, day)


@one_transaction
def put_back(schedule: ClassSchedule, day: date, *, now: datetime) -> sessions.Made:
    """Hold the session of a day after all."""
    lock_calendars([schedule.provider_id])
    # What was cancelled stays as it is, in the history of those who had booked.
    _sessions_of(schedule, day).filter(active=False).update(schedule=None, rule_start=None)
    changed = _locked(schedule.pk)
    changed.days_left_out = [one for one in changed.days_left_out if one != day.isoformat()]
    changed.save(update_fields=["days_left_out"])
    until = sessions.horizon(changed.offering, now=now)
    return sessions.make_sessions(changed, until=until, now=now)


def exclude_day_of(session: Appointment) -> None:
    """Leave out the day of a session that is called off, so that it never comes back.

    Nothing happens to an appointment that no rule made. Callers hold its calendar.
    """
    if session.schedule_id is not None and session.rule_start is not None:
        zone = ZoneInfo(session.company.time_zone)
        exclude(session.schedule_id, session.rule_start.astimezone(zone).date())


def exclude(schedule_id: int, day: date) -> None:
    """Write a day down that is left out."""
    schedule = _locked(schedule_id)
    schedule.days_left_out = sorted({*schedule.days_left_out, day.isoformat()})
    schedule.save(update_fields=["days_left_out"])


def _locked(schedule_id: int) -> ClassSchedule:
    rows = ClassSchedule.objects.select_related("offering__company", "provider")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=schedule_id)


def _sessions_of(schedule: ClassSchedule, day: date) -> AppointmentQuerySet:
    since, until = availability.day_bounds(day, day, _zone(schedule))
    return Appointment.objects.filter(
        schedule=schedule, rule_start__gte=since, rule_start__lt=until
    )


def _zone(schedule: ClassSchedule) -> ZoneInfo:
    return ZoneInfo(schedule.offering.company.time_zone)
