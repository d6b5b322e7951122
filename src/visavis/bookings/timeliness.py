"""Whether a message still tells the truth at the moment it would leave.

Rows are planned ahead and may wait: for their time, for a mail server, for a worker that was
down. Whatever happened meanwhile is seen here, once more, right before a message is sent.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from visavis.bookings.messages import NothingToSay
from visavis.bookings.models import Booking
from visavis.bookings.reminders import MEANT_FOR, PLANNED_FOR, timing_of
from visavis.notifications import operations as notifications
from visavis.notifications.models import Audience, Channel, Event, Message

FOLLOW_UP_UNTIL = timedelta(days=7)
# What a booking must be for a message about it to make sense.
_MEANS: dict[str, frozenset[str]] = {
    Event.PENDING: frozenset({Booking.Status.PENDING}),
    Event.REMINDER: frozenset({Booking.Status.CONFIRMED}),
    Event.FOLLOW_UP: frozenset({Booking.Status.CONFIRMED, Booking.Status.COMPLETED}),
}
_STANDING = frozenset(Booking.STANDING)
_ABOUT_AN_END = frozenset({Event.CANCELLED, Event.DECLINED})


class NotYet(Exception):
    """The message would wake its reader; `until` is when it may leave."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def check(message: Message, booking: Booking, *, now: datetime) -> None:
    """Raise NothingToSay if the message lost its meaning, NotYet if it must wait for the day."""
    means = _MEANS.get(message.event, _STANDING)
    if message.event not in _ABOUT_AN_END and booking.status not in means:
        raise NothingToSay(_("The booking is not what the message says any more."))
    if message.event == Event.REMINDER:
        _check_reminder(message, booking, now=now)
    elif message.event == Event.FOLLOW_UP:
        _check_follow_up(message, booking, now=now)


def late(message: Message, booking: Booking, *, now: datetime) -> bool:
    """Tell whether a reminder leaves so late that words like “tomorrow” may be wrong in it.

    It does on another day than planned, or with less than half of the planned time left.
    """
    if message.event != Event.REMINDER or PLANNED_FOR not in message.details:
        return False
    planned = _planned_for(message)
    starts_at, zone = booking.appointment.starts_at, ZoneInfo(message.time_zone)
    other_day = now.astimezone(zone).date() != planned.astimezone(zone).date()
    return now > planned and (other_day or (starts_at - now) * 2 < starts_at - planned)


def _check_reminder(message: Message, booking: Booking, *, now: datetime) -> None:
    starts_at = booking.appointment.starts_at
    if now >= starts_at:
        raise NothingToSay(_("The appointment has begun."))
    _check_wanted(message, booking)
    if _another_is_due(message, now=now):
        raise NothingToSay(_("A later reminder says the same."))
    quiet = timing_of(booking.company).quiet_hours
    night = quiet and quiet.night_around(now, ZoneInfo(message.time_zone))
    if night:
        if night[1] >= starts_at:
            raise NothingToSay(_("It would have arrived at night."))
        raise NotYet(night[1])


def _check_follow_up(message: Message, booking: Booking, *, now: datetime) -> None:
    if (
        now
        > booking.appointment.ends_at
        + timedelta(minutes=timing_of(booking.company).follow_up_minutes)
        + FOLLOW_UP_UNTIL
    ):
        raise NothingToSay(_("It is too late for a follow-up."))
    _check_wanted(message, booking)
    quiet = timing_of(booking.company).quiet_hours
    night = quiet and quiet.night_around(now, ZoneInfo(message.time_zone))
    if night:
        raise NotYet(night[1])


def _check_wanted(message: Message, booking: Booking) -> None:
    meant_for = message.details.get(MEANT_FOR)
    if meant_for and datetime.fromisoformat(meant_for) != booking.appointment.starts_at:
        raise NothingToSay(_("The booking was moved."))
    assert booking.client is not None
    if message.audience == Audience.CLIENT and booking.client.unreminded:
        raise NothingToSay(_("The client wants no reminders."))
    off = notifications.off_switches(
        message.company, Event(message.event), Channel(message.channel)
    )
    if message.audience in off:
        raise NothingToSay(_("The company does not send this message any more."))


def _another_is_due(message: Message, *, now: datetime) -> bool:
    """Tell whether a reminder planned for later is due as well: after a pause of the worker."""
    if PLANNED_FOR not in message.details:
        return False
    others = Message.objects.filter(
        about=message.about,
        about_id=message.about_id,
        event=message.event,
        audience=message.audience,
        channel=message.channel,
        recipient=message.recipient,
        status=Message.Status.PLANNED,
        due_at__lte=now,
    ).exclude(pk=message.pk)
    return any(_planned_for(other) > _planned_for(message) for other in others)


def _planned_for(message: Message) -> datetime:
    return datetime.fromisoformat(message.details[PLANNED_FOR])
