"""What a waiting page says: who, what and when, in the reader's zone and language."""

from dataclasses import dataclass
from datetime import datetime

from visavis.bookings import addresses
from visavis.bookings.models import Booking
from visavis.meetings.entering import Door
from visavis.meetings.models import JoinLink


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a waiting page that differ from reader to reader."""

    reader: str
    with_whom: str
    time_zone: str
    # Where a client sees the booking, and books again.
    booking_url: str
    site_url: str
    passed_start: bool


def page_of(door: Door, *, now: datetime) -> Page:
    """Return the page for whoever holds this link."""
    meeting = door.meeting
    site_url = addresses.booking_site(meeting.company)
    passed_start = now >= meeting.starts_at
    if door.link.side == JoinLink.Side.PROVIDER:
        provider = meeting.provider
        return Page(
            reader=door.link.name,
            with_whom=", ".join(_names(meeting.pk)),
            time_zone=provider.time_zone,
            booking_url="",
            site_url=site_url,
            passed_start=passed_start,
        )
    booking = Booking.objects.select_related("client__company", "company").get(
        pk=door.link.holder_id
    )
    return Page(
        reader=booking.name,
        with_whom=meeting.provider.name,
        time_zone=booking.time_zone,
        booking_url=addresses.my_booking(booking),
        site_url=site_url,
        passed_start=passed_start,
    )


def _names(meeting_id: int) -> list[str]:
    """Return who has booked. A held seat is nobody's yet."""
    return list(
        Booking.objects.standing()
        .filter(appointment__meeting=meeting_id)
        .exclude(status=Booking.Status.HELD)
        .order_by("created_at")
        .values_list("name", flat=True)
    )
