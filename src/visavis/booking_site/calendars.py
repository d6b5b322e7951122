"""Links by which a booking is put into a calendar on the web."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from visavis.bookings import messages
from visavis.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """The name of a calendar, and the address that adds the booking to it."""

    name: str
    url: str


def links(booking: Booking) -> list[CalendarLink]:
    """Return a link for each calendar we know."""
    appointment = booking.appointment
    title = f"{appointment.offering.name} – {booking.company.name}"
    join = messages.client_link(booking)
    place = join or appointment.offering.place or booking.company.address
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{_basic(appointment.starts_at)}/{_basic(appointment.ends_at)}",
        "location": place,
        "details": booking.code,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": _extended(appointment.starts_at),
        "enddt": _extended(appointment.ends_at),
        "location": place,
        "body": booking.code,
    }
    return [
        CalendarLink("Google", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        CalendarLink(
            "Outlook", f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook)}"
        ),
    ]


def _basic(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _extended(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
