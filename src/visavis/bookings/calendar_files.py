"""Bookings as iCalendar files (RFC 5545, RFC 5546): what calendars add, follow and remove."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from visavis.bookings import addresses, messages
from visavis.bookings.models import Booking


def file_for(booking: Booking, *, side: str, now: datetime, page: str | None = None) -> bytes:
    """Return the booking as a file with one event.

    It names `page` (the booking's own one, unless another is given; none, if it is empty) as
    the place to see the booking.

    The UID stays and the SEQUENCE grows with each change, so that calendars update what they
    have. `side` is "client" or "provider" and decides whose join link stands in it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Visavis//visavis//EN")
    calendar.add("version", "2.0")
    cancelled = booking.status == Booking.Status.CANCELLED
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    if page is None:
        client_side = side == "client"
        page = addresses.my_booking(booking) if client_side else addresses.staff_booking(booking)
    calendar.add_component(_event(booking, side, page, cancelled=cancelled, now=now))
    return bytes(calendar.to_ical())


def _event(booking: Booking, side: str, page: str, *, cancelled: bool, now: datetime) -> Event:
    appointment = booking.appointment
    link = messages.client_link(booking) if side == "client" else messages.provider_link(booking)
    event = Event()
    event.add("uid", f"{booking.code.lower()}-{side}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("sequence", booking.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", _summary(booking, side))
    event.add("location", link or appointment.offering.place or booking.company.address)
    event.add("description", _description(booking, link, page))
    if link:
        event.add("url", link)
    if booking.company.email:
        organiser = vCalAddress(f"mailto:{booking.company.email}")
        organiser.params["cn"] = vText(booking.company.name)
        event.add("organizer", organiser)
    return event


def _summary(booking: Booking, side: str) -> str:
    offering = booking.appointment.offering.name
    other = booking.company.name if side == "client" else booking.name
    return f"{offering} – {other}"


def _description(booking: Booking, link: str, page: str) -> str:
    lines = []
    if link:
        lines.append(_("Join the online meeting: %(link)s") % {"link": link})
    if page:
        lines.append(_("See the booking: %(link)s") % {"link": page})
    lines.append(_("Reference: %(code)s") % {"code": booking.code})
    return "\n".join(lines)
