"""What staff see of who came to an online meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from visavis.bookings.models import Booking
from visavis.meetings import attendance
from visavis.meetings.attendance import Attendance


@dataclass(frozen=True, slots=True)
class BookingAttendance:
    """The places of one booking, and who of them was there."""

    own: Sequence[Attendance]

    @property
    def missed(self) -> bool:
        """Tell whether nobody of this booking came, as far as we can tell."""
        return bool(self.own) and all(one.missed for one in self.own)


def of_booking(booking: Booking, *, now: datetime) -> BookingAttendance | None:
    """Return who came of a booking, or None while, or since, there is nothing to tell."""
    meeting = booking.appointment.meeting
    if meeting is None or now < meeting.starts_at or booking.status not in Booking.STANDING:
        return None
    found = attendance.of_meeting(meeting, now=now)
    if not found.known:
        return None
    theirs = [one for one in found.clients if one.link and one.link.holder_id == booking.pk]
    return BookingAttendance(theirs)
