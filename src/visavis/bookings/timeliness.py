"""Whether a message still tells the truth at the moment it would leave.

Rows are planned ahead and may wait: for their time, for a mail server, for a worker that was
down. Whatever happened meanwhile is seen here, once more, right before a message is sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from visavis.bookings.messages import NothingToSay
from visavis.bookings.models import Booking
from visavis.bookings.reminders import EVENTS, MEANT_FOR, PLANNED_FOR
from visavis.catalog.models import Provider
from visavis.companies.models import Company
from visavis.notifications import operations as notifications
from visavis.notifications.models import Audience, Channel, Event, Message, Timing
from visavis.notifications.muting import muted

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


class Known:
    """What decides about the messages of a batch beside their bookings, looked up for all at once.

    When a message leaves it may be minutes old, which is soon enough for what a company sets.
    """

    def __init__(self, due: Iterable[Message], *, now: datetime) -> None:
        waiting = [one for one in due if one.event in EVENTS]
        companies = {one.company_id for one in waiting if one.company_id}
        timings = Timing.objects.filter(company__in=companies) if companies else []
        self._timings = {one.company_id: one for one in timings}
        self._off: dict[tuple[int | None, str, str], set[str]] = {}
        self._muted: dict[int, frozenset[str]] = {}
        self._latest = _latest_due([one for one in waiting if PLANNED_FOR in one.details], now=now)

    def timing(self, company: Company) -> Timing:
        """Return when a company reminds and follows up."""
        return self._timings.get(company.pk) or Timing(company=company)

    def is_off(self, message: Message) -> bool:
        """Tell whether the company does not send messages like this one."""
        kind = (message.company_id, message.event, message.channel)
        if kind not in self._off:
            event, channel = Event(message.event), Channel(message.channel)
            self._off[kind] = notifications.off_switches(message.company, event, channel)
        return message.audience in self._off[kind]

    def is_muted(self, message: Message, provider: Provider) -> bool:
        """Tell whether the provider does not want mails like this one."""
        theirs = message.audience == Audience.PROVIDER and message.channel == Channel.EMAIL
        if not theirs or message.recipient.lower() != provider.email.lower():
            return False
        if notifications.TAKEN_OVER in message.details:
            return False
        if provider.pk not in self._muted:
            self._muted[provider.pk] = muted(provider.pk)
        return message.event in self._muted[provider.pk]

    def another_is_due(self, message: Message) -> bool:
        """Tell whether a reminder that was planned for later is due as well, or left already."""
        latest = self._latest.get(_same(message))
        return latest is not None and PLANNED_FOR in message.details and latest > _planned(message)


def _latest_due(waiting: Sequence[Message], *, now: datetime) -> dict[tuple[Any, ...], datetime]:
    """Return for which moment the last was planned of reminders that say the same."""
    latest: dict[tuple[Any, ...], datetime] = {}
    if not waiting:
        return latest
    others = Message.objects.filter(
        about__in={one.about for one in waiting},
        about_id__in={one.about_id for one in waiting},
        event=Event.REMINDER,
        status__in=(Message.Status.PLANNED, Message.Status.SENT),
        due_at__lte=now,
    )
    for other in others.defer("text", "html"):
        if PLANNED_FOR in other.details:
            same = _same(other)
            latest[same] = max(_planned(other), latest.get(same, _planned(other)))
    return latest


def _same(message: Message) -> tuple[Any, ...]:
    return (
        *(message.about, message.about_id, message.event, message.audience, message.channel),
        *(message.recipient, message.details.get(MEANT_FOR)),
    )


def check(message: Message, booking: Booking, known: Known, *, now: datetime) -> None:
    """Raise NothingToSay if the message lost its meaning, NotYet if it must wait for the day."""
    if known.is_muted(message, booking.appointment.provider):
        raise NothingToSay(_("The provider does not want this message."))
    means = _MEANS.get(message.event, _STANDING)
    if message.event not in _ABOUT_AN_END and booking.status not in means:
        raise NothingToSay(_("The booking is not what the message says any more."))
    if message.event == Event.REMINDER:
        _check_reminder(message, booking, known, now=now)
    elif message.event == Event.FOLLOW_UP:
        _check_follow_up(message, booking, known, now=now)
    elif message.event not in _ABOUT_AN_END and now >= booking.appointment.ends_at:
        raise NothingToSay(_("The appointment is over."))


def late(message: Message, booking: Booking, *, now: datetime) -> bool:
    """Tell whether a reminder leaves so late that words like “tomorrow” may be wrong in it.

    It does on another day than planned, or with less than half of the planned time left.
    """
    if message.event != Event.REMINDER or PLANNED_FOR not in message.details:
        return False
    planned = _planned(message)
    starts_at, zone = booking.appointment.starts_at, ZoneInfo(message.time_zone)
    other_day = now.astimezone(zone).date() != planned.astimezone(zone).date()
    return now > planned and (other_day or (starts_at - now) * 2 < starts_at - planned)


def _check_reminder(message: Message, booking: Booking, known: Known, *, now: datetime) -> None:
    starts_at = booking.appointment.starts_at
    if now >= starts_at:
        raise NothingToSay(_("The appointment has begun."))
    _check_wanted(message, booking, known)
    if known.another_is_due(message):
        raise NothingToSay(_("A later reminder says the same."))
    night = _night(message, booking, known, now=now)
    if night:
        if night[1] >= starts_at:
            raise NothingToSay(_("It would have arrived at night."))
        raise NotYet(night[1])


def _check_follow_up(message: Message, booking: Booking, known: Known, *, now: datetime) -> None:
    after = timedelta(minutes=known.timing(booking.company).follow_up_minutes)
    if now > booking.appointment.ends_at + after + FOLLOW_UP_UNTIL:
        raise NothingToSay(_("It is too late for a follow-up."))
    _check_wanted(message, booking, known)
    night = _night(message, booking, known, now=now)
    if night:
        raise NotYet(night[1])


def _night(
    message: Message, booking: Booking, known: Known, *, now: datetime
) -> tuple[datetime, datetime] | None:
    quiet = known.timing(booking.company).quiet_hours
    return quiet.night_around(now, ZoneInfo(message.time_zone)) if quiet else None


def _check_wanted(message: Message, booking: Booking, known: Known) -> None:
    meant_for = message.details.get(MEANT_FOR)
    if meant_for and datetime.fromisoformat(meant_for) != booking.appointment.starts_at:
        raise NothingToSay(_("The booking was moved."))
    assert booking.client is not None
    if message.audience == Audience.CLIENT and booking.client.unreminded:
        raise NothingToSay(_("The client wants no reminders."))
    if known.is_off(message):
        raise NothingToSay(_("The company does not send this message any more."))


def _planned(message: Message) -> datetime:
    return datetime.fromisoformat(message.details[PLANNED_FOR])
