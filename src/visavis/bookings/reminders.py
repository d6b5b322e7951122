"""Reminders and follow-ups: planned with a booking, and planned anew whenever it changes.

Clients are reminded of their bookings, the company's side of appointments: of a class once,
however many are in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from visavis.bookings.messages import ABOUT, client_recipient, staff_recipients
from visavis.bookings.models import Appointment, Booking
from visavis.companies.models import Company
from visavis.database.prepared import prepared_rules
from visavis.notifications import operations as notifications
from visavis.notifications.anew import plan_anew, plan_first
from visavis.notifications.models import (
    Audience,
    Channel,
    Event,
    Message,
    ReminderTime,
    Timing,
)
from visavis.notifications.operations import Recipient, Subject

EVENTS = (Event.REMINDER, Event.FOLLOW_UP)
# What a reminder was planned for, kept with it: whether it still tells the truth is seen later.
MEANT_FOR, PLANNED_FOR = "meant_for", "planned_for"
APPOINTMENT = Message.About.APPOINTMENT


@dataclass(frozen=True, slots=True)
class _Told:
    """What some people are reminded of, and what makes that happen once."""

    about: Message.About
    about_id: int
    key: str
    people: Sequence[Recipient]


def plan(booking: Booking, *, now: datetime, fresh: bool = False) -> None:
    """Plan a booking's reminders and its follow-up anew, in the caller's transaction.

    With `fresh` nothing can be planned for it yet; what is planned for its class stays.

    A reminder whose time has passed is left out, unless it waits to be sent. Of several that
    quiet hours bring to one moment only the one nearest to the start is planned.
    """
    if booking.status != Booking.Status.CONFIRMED:
        if not fresh:
            plan_anew([], [(ABOUT, booking.pk)], events=EVENTS, now=now)
        return
    timing, appointment = timing_of(booking.company), booking.appointment
    wanted = list(_reminders(booking, timing, now=now))
    assert booking.client is not None
    if not booking.client.unreminded:
        due_at = appointment.ends_at + timedelta(minutes=timing.follow_up_minutes)
        told = _client_side(booking)
        wanted += _written(booking, told, Event.FOLLOW_UP, "follow_up", due_at, now=now)
    if fresh:
        plan_first(wanted, now=now)
    else:
        things = [(ABOUT, booking.pk), (APPOINTMENT, appointment.pk)]
        plan_anew(wanted, things, events=EVENTS, now=now)


def withdraw(booking: Booking, *, now: datetime) -> None:
    """Take back what was planned for a booking that ends."""
    notifications.withdraw(about=ABOUT, about_ids=[booking.pk], events=EVENTS)
    leave(booking, booking.appointment, now=now)


def leave(booking: Booking, appointment: Appointment, *, now: datetime) -> None:
    """Remind nobody of an appointment that a booking leaves, if no other is in it."""
    others = Booking.objects.filter(appointment=appointment, status=Booking.Status.CONFIRMED)
    if not others.exclude(pk=booking.pk).exists():
        plan_anew([], [(APPOINTMENT, appointment.pk)], events=EVENTS, now=now)


def timing_of(company: Company) -> Timing:
    """Return when a company reminds and follows up."""
    found = _timings(company=company.pk)
    return found[0] if found else Timing(company=company)


@prepared_rules
def _timings(company: int) -> QuerySet[Timing]:
    return Timing.objects.filter(company=company)


@prepared_rules
def _times(company: int) -> QuerySet[ReminderTime]:
    return ReminderTime.objects.filter(company=company).order_by("minutes_before")


def _reminders(booking: Booking, timing: Timing, *, now: datetime) -> Iterator[Message]:
    starts_at, quiet = booking.appointment.starts_at, timing.quiet_hours
    taken = set()
    sides: dict[bool, _Told] = {}
    for time in _times(company=booking.company_id):
        is_client = time.audience == Audience.CLIENT
        if is_client not in sides:
            sides[is_client] = _client_side(booking) if is_client else _our_side(booking)
        told = sides[is_client]
        kind = f"reminder:{time.minutes_before}"
        for to in told.people:
            due_at = starts_at - timedelta(minutes=time.minutes_before)
            if quiet is not None:
                due_at = quiet.awake(due_at, event=starts_at, zone=ZoneInfo(to.time_zone))
            moment = (told.about, to.address.lower(), time.channel, due_at)
            if moment in taken:
                continue
            made = _written(
                booking, told, Event.REMINDER, kind, due_at,
                now=now, people=[to], channel=time.channel,
            )  # fmt: skip
            if made:
                taken.add(moment)
                yield from made


def _client_side(booking: Booking) -> _Told:
    assert booking.client is not None
    people = [] if booking.client.unreminded else [client_recipient(booking)]
    key = f"booking:{booking.pk}:{booking.sequence}"
    return _Told(ABOUT, booking.pk, key, people)


def _our_side(booking: Booking) -> _Told:
    appointment = booking.appointment
    people = staff_recipients(booking.company, appointment.provider)
    # Every booking of a class asks for the same; what moves is reminded of anew.
    key = f"appointment:{appointment.pk}:{appointment.starts_at.timestamp():.0f}"
    return _Told(APPOINTMENT, appointment.pk, key, people)


def _written(
    booking: Booking,
    told: _Told,
    event: Event,
    kind: str,
    due_at: datetime,
    *,
    now: datetime,
    people: Sequence[Recipient] | None = None,
    channel: str = Channel.EMAIL,
) -> list[Message]:
    subject = Subject(
        company=booking.company,
        about=told.about,
        about_id=told.about_id,
        event=event,
        key=f"{told.key}:{kind}",
        details={
            MEANT_FOR: booking.appointment.starts_at.isoformat(),
            PLANNED_FOR: due_at.isoformat(),
        },
    )
    to = told.people if people is None else people
    return notifications.written(subject, to, due_at=due_at, now=now, channels=[Channel(channel)])
