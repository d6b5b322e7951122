"""Reminders and follow-ups: planned with a booking, and planned anew whenever it changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from visavis.bookings.messages import ABOUT, client_recipient, staff_recipients
from visavis.bookings.models import Booking
from visavis.companies.models import Company
from visavis.notifications import operations as notifications
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


def plan(booking: Booking, *, now: datetime) -> None:
    """Plan a booking's reminders and its follow-up anew, in the caller's transaction.

    A reminder whose time has passed is left out. Of several that quiet hours bring to one
    moment only the one nearest to the start is planned.
    """
    Message.objects.filter(
        about=ABOUT, about_id=booking.pk, event__in=EVENTS, status=Message.Status.PLANNED
    ).delete()
    if booking.status != Booking.Status.CONFIRMED:
        return
    timing = timing_of(booking.company)
    for reminder, to, due_at in _due(booking, timing, now=now):
        kind = f"reminder:{reminder.minutes_before}"
        _plan(booking, Event.REMINDER, kind, to, due_at, now=now, channel=reminder.channel)
    assert booking.client is not None
    if not booking.client.unreminded:
        due_at = booking.appointment.ends_at + timedelta(minutes=timing.follow_up_minutes)
        _plan(booking, Event.FOLLOW_UP, "follow_up", client_recipient(booking), due_at, now=now)


def withdraw(booking: Booking) -> None:
    """Take back what was planned for a booking that ends."""
    notifications.withdraw(about=ABOUT, about_ids=[booking.pk], events=EVENTS)


def timing_of(company: Company) -> Timing:
    """Return when a company reminds and follows up."""
    return Timing.objects.filter(company=company).first() or Timing(company=company)


def _due(
    booking: Booking, timing: Timing, *, now: datetime
) -> Iterator[tuple[ReminderTime, Recipient, datetime]]:
    starts_at, quiet = booking.appointment.starts_at, timing.quiet_hours
    taken = set()
    reminders = ReminderTime.objects.filter(company=booking.company)
    for reminder in reminders.order_by("minutes_before"):
        for to in _reminded(booking, reminder.audience):
            due_at = starts_at - timedelta(minutes=reminder.minutes_before)
            if quiet is not None:
                due_at = quiet.awake(due_at, event=starts_at, zone=ZoneInfo(to.time_zone))
            moment = (to.audience, to.address, reminder.channel, due_at)
            if due_at > now and moment not in taken:
                taken.add(moment)
                yield reminder, to, due_at


def _reminded(booking: Booking, audience: str) -> list[Recipient]:
    if audience != Audience.CLIENT:
        return staff_recipients(booking.company, booking.appointment.provider)
    assert booking.client is not None
    return [] if booking.client.unreminded else [client_recipient(booking)]


def _plan(
    booking: Booking,
    event: Event,
    kind: str,
    to: Recipient,
    due_at: datetime,
    *,
    now: datetime,
    channel: str = Channel.EMAIL,
) -> None:
    subject = Subject(
        company=booking.company,
        about=ABOUT,
        about_id=booking.pk,
        event=event,
        key=f"booking:{booking.pk}:{booking.sequence}:{kind}",
        details={
            MEANT_FOR: booking.appointment.starts_at.isoformat(),
            PLANNED_FOR: due_at.isoformat(),
        },
    )
    notifications.plan(subject, [to], due_at=due_at, now=now, channels=[Channel(channel)])
