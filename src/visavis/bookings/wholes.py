"""What the company's side is told of an appointment as a whole: once, however many are in it.

A class that is moved, cancelled or about to begin is one thing to whoever leads it. Who books it,
and who leaves it, is told of each.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visavis.bookings import addresses, messages
from visavis.bookings.history import Before
from visavis.bookings.messages import NothingToSay
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.queries import with_all
from visavis.notifications import operations as notifications
from visavis.notifications.models import Event, Message
from visavis.notifications.operations import Subject

ABOUT = Message.About.APPOINTMENT
# The bookings that a message tells of, where it is about those that have ended.
ENDED = "bookings"
NAMED = 3
Status = Booking.Status
_CONFIRMED = (Status.CONFIRMED, Status.COMPLETED, Status.NO_SHOW)
_EXPECTED = (Status.PENDING, *_CONFIRMED)


def announce(bookings: Sequence[Booking], event: Event, *, now: datetime, why: str = "") -> None:
    """Tell the company's side what became of all the bookings of an appointment."""
    details: dict[str, Any] = {"reason": why} if why else {}
    if event == Event.CANCELLED:
        details[ENDED] = [booking.pk for booking in bookings]
    first = bookings[0]
    to = messages.staff_recipients(first.company, first.appointment.provider)
    subject = _subject(first, event, details)
    notifications.plan(subject, to, due_at=now, now=now)


def announce_move(
    bookings: Sequence[Booking], was: Before, *, now: datetime, why: str = ""
) -> None:
    """Tell the company's side that an appointment moved with everybody in it.

    Whoever had it before learns that it left, as of a single booking.
    """
    first = bookings[0]
    for event, to, details in messages.told_of_move(first, was, why=why):
        ended = {ENDED: [booking.pk for booking in bookings]} if event == Event.CANCELLED else {}
        subject = _subject(first, event, {**details, **ended})
        notifications.plan(subject, to, due_at=now, now=now)


def bookings_of(message: Message) -> Sequence[Booking]:
    """Return the bookings a message about an appointment tells of, as they are now.

    Raises NothingToSay if there are none any more.
    """
    if ENDED in message.details:
        found = with_all().filter(pk__in=message.details[ENDED])
    else:
        reminded = message.event == Event.REMINDER
        statuses = (Status.CONFIRMED,) if reminded else _EXPECTED
        found = with_all().filter(appointment=message.about_id, status__in=statuses)
    bookings = list(found.order_by("pk"))
    if not bookings:
        raise NothingToSay(_("The booking is not what the message says any more."))
    return bookings


def confirmed_in(appointment: Appointment) -> Sequence[Booking]:
    """Return the bookings of an appointment that were confirmed and not cancelled since."""
    bookings = Booking.objects.filter(appointment=appointment, status__in=_CONFIRMED)
    return list(bookings.order_by("pk"))


def variables(
    values: Mapping[str, str], bookings: Sequence[Booking], *, language: str
) -> Mapping[str, str]:
    """Return what variables stand for that tell of several bookings: whom and how many."""
    appointment = bookings[0].appointment
    with translation.override(language):
        told = {
            **values,
            "client": clients(bookings),
            "client_email": ", ".join(_each(one.client.email for one in bookings if one.client)),
            "client_phone": ", ".join(_each(one.client.phone for one in bookings if one.client)),
            "places": str(sum(one.places for one in bookings)),
            "price": "",
            "code": "",
            "note": "; ".join(f"{one.name}: {one.note}" for one in bookings if one.note),
            "booking_link": addresses.staff_appointment(appointment),
        }
        everybody = f"{len(bookings)}: {', '.join(one.name for one in bookings)}"
        return {**told, "booking_details": messages.details(told, clients=everybody)}


def clients(bookings: Sequence[Booking]) -> str:
    """Return the names of the first few clients, and how many more there are."""
    names = ", ".join(one.name for one in bookings[:NAMED])
    more = len(bookings) - NAMED
    if more <= 0:
        return names
    said = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more)
    return said % {"names": names, "count": more}


def _each(values: Any) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _subject(first: Booking, event: Event, details: dict[str, Any]) -> Subject:
    return Subject(
        company=first.company,
        about=ABOUT,
        about_id=first.appointment_id,
        event=event,
        # Whatever happens to all of them raises the sequence of each.
        key=f"appointment:{first.appointment_id}:{first.pk}.{first.sequence}:{event}",
        details=details,
    )
