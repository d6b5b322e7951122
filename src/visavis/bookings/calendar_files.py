"""Bookings as iCalendar files (RFC 5545, 5546, 7986): what calendars add, follow and remove.

A file that somebody downloads is PUBLISHed. One that comes by mail is a REQUEST or a CANCEL,
because only these let calendars follow a booking by themselves. Nobody is asked to answer:
the reader has accepted already, and RSVP is FALSE. What awaits approval enters no calendar by
mail; who downloads it gets it as TENTATIVE.

A client has an entry for each booking. The company's side has one for each appointment that may
hold several, which tells who is in it and stays until nobody is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from visavis.bookings import addresses, messages, wholes
from visavis.bookings.models import Booking
from visavis.gateways.mail.compose import CalendarPart, Mailbox
from visavis.notifications.models import GIVEN_TO, Audience, Message
from visavis.notifications.models import Event as Told

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
INVITING = frozenset({Told.CONFIRMED, Told.APPROVED, Told.CHANGED, Told.LINK_CHANGED})
ENDING = frozenset({Told.CANCELLED, Told.DECLINED})


# Appointments have no sequence of their own: what is told later goes before what was told earlier.
COUNTED_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One file: of what, for which reader, and what it asks a calendar to do."""

    booking: Booking
    # The UID stays and the SEQUENCE grows with each change, so that calendars follow.
    uid: str
    sequence: int
    method: Method
    time_zone: str
    starts_at: datetime
    # Whom it is with, as its reader sees it.
    other: str
    page: str
    # The reader's own way into the online meeting, if there is one; never the other side's.
    link: str
    organiser: Mailbox
    attendee: Mailbox | None = None
    code: str = ""
    tentative: bool = False

    @property
    def cancelled(self) -> bool:
        return self.method == "CANCEL"

    @property
    def status(self) -> str:
        if self.cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.tentative else "CONFIRMED"


def file_for(booking: Booking, *, now: datetime, page: str | None = None) -> bytes:
    """Return a client's booking as a file to download.

    It names `page` (the booking's own one, unless another is given; none, if it is empty) as
    the place to see the booking.
    """
    cancelled = booking.status == Booking.Status.CANCELLED
    entry = _Entry(
        booking=booking,
        uid=f"{booking.code.lower()}-client",
        sequence=booking.sequence,
        method="CANCEL" if cancelled else "PUBLISH",
        time_zone="UTC",
        starts_at=booking.appointment.starts_at,
        other=booking.company.name,
        page=addresses.my_booking(booking) if page is None else page,
        link="" if cancelled else messages.client_link(booking),
        organiser=Mailbox(booking.company.email, booking.company.name),
        code=booking.code,
        tentative=booking.status == Booking.Status.PENDING,
    )
    return _content(entry, now=now)


def part_for(
    message: Message, booking: Booking, *, link: str, own: str, now: datetime
) -> CalendarPart | None:
    """Return the calendar entry that goes with a mail, if one belongs to it.

    `link` is the reader's own way into the online meeting, or nothing.
    `own` is the address that mail comes from. It is the organiser where the company has none,
    or where the company itself reads: calendars take an organiser's own copy for no invitation.
    """
    if message.event not in INVITING | ENDING:
        return None
    shared = message.audience != Audience.CLIENT and booking.appointment.seats > 1
    with translation.override(message.language):
        make = _shared_entry if shared else _own_entry
        entry = make(message, booking, link, _organiser(message, booking, own), now=now)
        if entry is None:
            return None
        content = _content(entry, now=now)
    name = "cancel.ics" if entry.cancelled else "invite.ics"
    return CalendarPart(content, method=entry.method, filename=name)


def _own_entry(
    message: Message, booking: Booking, link: str, organiser: Mailbox, *, now: datetime
) -> _Entry | None:
    """Return the entry of a booking, for the client or for who has them to themselves."""
    inviting, client_side = message.event in INVITING, message.audience == Audience.CLIENT
    if inviting and booking.status == Booking.Status.PENDING:
        return None
    return _Entry(
        booking=booking,
        uid=f"{booking.code.lower()}-{'client' if client_side else 'provider'}",
        sequence=booking.sequence,
        method="REQUEST" if inviting else "CANCEL",
        time_zone=message.time_zone,
        starts_at=_starts_at(message, booking),
        other=booking.company.name if client_side else booking.name,
        page=addresses.my_booking(booking) if client_side else addresses.staff_booking(booking),
        link=link,
        organiser=organiser,
        attendee=Mailbox(message.recipient, message.recipient_name),
        code=booking.code,
    )


def _shared_entry(
    message: Message, booking: Booking, link: str, organiser: Mailbox, *, now: datetime
) -> _Entry | None:
    """Return the entry of an appointment with everybody in it, for whoever leads it."""
    inside = wholes.confirmed_in(booking.appointment)
    gone = GIVEN_TO in message.details or not inside
    if gone and message.event in INVITING:
        return None
    return _Entry(
        booking=booking,
        uid=f"appointment-{booking.appointment_id}",
        sequence=int((now - COUNTED_SINCE).total_seconds()),
        method="CANCEL" if gone else "REQUEST",
        time_zone=message.time_zone,
        starts_at=_starts_at(message, booking),
        other=wholes.clients(inside or [booking]),
        page=addresses.staff_appointment(booking.appointment),
        link="" if gone else link or messages.provider_link(booking),
        organiser=organiser,
        attendee=Mailbox(message.recipient, message.recipient_name),
    )


def _starts_at(message: Message, booking: Booking) -> datetime:
    before = message.details.get("start")
    return datetime.fromisoformat(before) if before else booking.appointment.starts_at


def _organiser(message: Message, booking: Booking, own: str) -> Mailbox:
    company = booking.company
    theirs = company.email.lower() not in ("", message.recipient.lower())
    return Mailbox(company.email if theirs else own, company.name)


def _content(entry: _Entry, *, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Visavis//visavis//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method)
    calendar.add_component(_event(entry, now=now))
    written = bytes(calendar.to_ical())
    if entry.time_zone == "UTC":
        return written
    # Written once: it is half of the file, and the same for many.
    zone = _zone(entry.time_zone, entry.starts_at.year)
    return written.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT", 1)


@lru_cache(maxsize=256)
def _zone(name: str, year: int) -> bytes:
    """Describe a zone for the years around one; calendars need no more (RFC 5545, 3.6.5)."""
    described = Timezone.from_tzid(
        name, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1)
    )
    return bytes(described.to_ical())


def _event(entry: _Entry, *, now: datetime) -> Event:
    booking, appointment = entry.booking, entry.booking.appointment
    zone = ZoneInfo(entry.time_zone) if entry.time_zone != "UTC" else UTC
    length: timedelta = appointment.ends_at - appointment.starts_at
    event = Event()
    host = urlsplit(settings.BASE_URL).hostname
    event.add("uid", f"{entry.uid}@{host}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", (entry.starts_at + length).astimezone(zone))
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("summary", _summary(entry))
    event.add("location", entry.link or appointment.offering.place or booking.company.address)
    event.add("description", _description(entry))
    if entry.link:
        event.add("url", entry.link)
        event.add("conference", _conference(entry.link), encode=False)
    _add_people(event, entry)
    return event


def _conference(link: str) -> vUri:
    conference = vUri(link)
    conference.params["VALUE"] = "URI"
    conference.params["FEATURE"] = "VIDEO"
    conference.params["LABEL"] = _("Online meeting")
    return conference


def _add_people(event: Event, entry: _Entry) -> None:
    if entry.organiser.address:
        organiser = vCalAddress(f"mailto:{entry.organiser.address}")
        organiser.params["CN"] = vText(_quotable(entry.organiser.name))
        event.add("organizer", organiser)
    if entry.attendee is not None:
        attendee = vCalAddress(f"mailto:{entry.attendee.address}")
        attendee.params["CN"] = vText(_quotable(entry.attendee.name or entry.attendee.address))
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        attendee.params["RSVP"] = vText("FALSE")
        event.add("attendee", attendee)


def _quotable(name: str) -> str:
    """Return a name that may stand in a parameter: no quotes, no line breaks (RFC 5545, 3.2)."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).replace('"', "'").split())


def _summary(entry: _Entry) -> str:
    return f"{entry.booking.appointment.offering.name} – {entry.other}"


def _description(entry: _Entry) -> str:
    lines = []
    if entry.link:
        lines.append(_("Join the online meeting: %(link)s") % {"link": entry.link})
    if entry.page:
        lines.append(_("See the booking: %(link)s") % {"link": entry.page})
    if entry.code:
        lines.append(_("Reference: %(code)s") % {"code": entry.code})
    return "\n".join(lines)
