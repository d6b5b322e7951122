"""A booking's history: every change leaves a line that says who, what, when and why."""

from dataclasses import dataclass
from datetime import datetime

from visavis.bookings.actors import By
from visavis.bookings.models import Booking, BookingChange
from visavis.database.writing import insert


@dataclass(frozen=True, slots=True)
class Before:
    """Where and how a booking stood before a change."""

    status: str
    starts_at: datetime
    provider_id: int
    provider: str


def before(booking: Booking) -> Before:
    """Return how a booking stands now, to compare with later."""
    appointment = booking.appointment
    provider = appointment.provider
    return Before(booking.status, appointment.starts_at, provider.pk, provider.name)


def record(
    booking: Booking,
    what: BookingChange.What,
    *,
    by: By,
    now: datetime,
    was: Before | None = None,
    why: str = "",
) -> BookingChange:
    """Write one line of history."""
    return insert(
        BookingChange(
            booking=booking,
            at=now,
            what=what,
            by_user=by.user,
            by_name=by.name,
            status_before=was.status if was else "",
            status_after=booking.status,
            starts_before=was.starts_at if was else None,
            starts_after=booking.appointment.starts_at,
            provider_before=was.provider if was else "",
            provider_after=booking.appointment.provider.name,
            why=why[:500],
        )
    )
