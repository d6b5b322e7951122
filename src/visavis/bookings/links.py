"""A booking's join links: issued when it meets online, following it wherever it goes."""

from datetime import datetime

from visavis.bookings import seats
from visavis.bookings.models import Booking
from visavis.meetings import operations as meetings
from visavis.meetings.models import JoinLink


def issue(booking: Booking, *, now: datetime) -> None:
    """Give a booking its ways in, one for each place, if its offering meets online."""
    is_new = seats.bring_online(booking.appointment, now=now)
    meeting = booking.appointment.meeting
    if meeting is not None and meeting.wanted:
        meetings.invite(
            meeting,
            holder_id=booking.pk,
            name=booking.name,
            places=booking.places,
            provider_too=is_new,
        )


def follow(booking: Booking, *, now: datetime) -> None:
    """Let a moved booking's links lead to the meeting of its appointment now."""
    is_new = seats.bring_online(booking.appointment, now=now)
    meeting = booking.appointment.meeting
    if meeting is None:
        return
    if is_new:
        meetings.invite_provider(meeting)
    meetings.follow(holder_id=booking.pk, meeting=meeting)


def revoke(booking: Booking, *, now: datetime) -> None:
    """Close a cancelled booking's ways in."""
    meetings.revoke_client(holder_id=booking.pk, because=JoinLink.Revoked.CANCELLED, now=now)
