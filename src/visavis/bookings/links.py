"""A booking's join links: issued when it meets online, following it wherever it goes."""

from datetime import datetime

from visavis.bookings import seats
from visavis.bookings.models import Booking
from visavis.meetings import operations as meetings
from visavis.meetings.models import JoinLink


def issue(booking: Booking, *, now: datetime) -> None:
    """Give a booking its ways in, one for each place, if its offering meets online."""
    appointment = booking.appointment
    seats.bring_online(appointment, now=now)
    if appointment.meeting is not None and appointment.meeting.wanted:
        meetings.invite(
            appointment.meeting,
            holder_id=booking.pk,
            name=booking.name,
            places=booking.places,
            provider_too=appointment.meeting_is_new,
        )
        appointment.meeting_is_new = False


def follow(booking: Booking, *, now: datetime) -> None:
    """Let a moved booking's links lead to the meeting of its appointment now."""
    appointment = booking.appointment
    seats.bring_online(appointment, now=now)
    if appointment.meeting is None:
        return
    if appointment.meeting_is_new:
        meetings.invite_provider(appointment.meeting)
        appointment.meeting_is_new = False
    meetings.follow(holder_id=booking.pk, meeting=appointment.meeting)


def revoke(booking: Booking, *, now: datetime) -> None:
    """Close a cancelled booking's ways in."""
    meetings.revoke_client(holder_id=booking.pk, because=JoinLink.Revoked.CANCELLED, now=now)
