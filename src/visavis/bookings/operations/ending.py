"""Ending a booking: cancelled by either side, or declined."""

from datetime import datetime

from visavis.bookings import links, messages, reminders, seats
from visavis.bookings.actors import By
from visavis.bookings.locks import lock_calendar_of
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.operations.statuses import NotPossible, change_status
from visavis.bookings.queries import load
from visavis.bookings.transactions import one_transaction
from visavis.notifications.models import Event


@one_transaction
def cancel(
    booking: Booking, *, by: By, now: datetime, why: str = "", tell_client: bool = True
) -> Booking:
    """Cancel a booking: its seats are free again and its links say so.

    The company's side is told even if the client is not. Raises NotPossible.
    """
    lock_calendar_of(booking)
    return end(
        load(booking.pk),
        BookingChange.What.CANCELLED,
        Event.CANCELLED,
        by=by,
        now=now,
        why=why,
        tell_client=tell_client,
    )


@one_transaction
def decline(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Refuse a booking that awaited approval. Raises NotPossible if it did not."""
    lock_calendar_of(booking)
    booking = load(booking.pk)
    if booking.status != Booking.Status.PENDING:
        raise NotPossible(booking.status)
    return end(
        booking,
        BookingChange.What.DECLINED,
        Event.DECLINED,
        by=by,
        now=now,
        why=why,
        tell_client=True,
    )


def end(
    booking: Booking,
    what: BookingChange.What,
    event: Event,
    *,
    by: By,
    now: datetime,
    why: str,
    tell_client: bool,
    tell_us: bool = True,
) -> Booking:
    reminders.withdraw(booking, now=now)
    change_status(booking, Booking.Status.CANCELLED, what, by=by, now=now, why=why)
    links.revoke(booking, now=now)
    seats.release(booking.appointment, booking.places, now=now)
    messages.announce(booking, event, now=now, why=why, tell_client=tell_client, tell_us=tell_us)
    return booking
