"""What becomes of a booking that stands: approved, completed, or nobody came."""

from datetime import datetime

from visavis.bookings import messages, reminders
from visavis.bookings.actors import By
from visavis.bookings.history import before, record
from visavis.bookings.locks import lock_calendar_of
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.queries import load
from visavis.bookings.transactions import one_transaction
from visavis.core.policies import State, may_become
from visavis.notifications.models import Event


class NotPossible(Exception):
    """The booking is in a state that does not allow this to whoever asked."""


@one_transaction
def approve(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Confirm a booking that awaited approval. It had its seat all along."""
    lock_calendar_of(booking)
    booking = load(booking.pk)
    approved = Booking.Status.CONFIRMED, BookingChange.What.APPROVED
    change_status(booking, *approved, by=by, now=now, why=why)
    messages.announce(booking, Event.APPROVED, now=now)
    reminders.plan(booking, now=now)
    return booking


@one_transaction
def complete(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Note that the client came. Raises NotPossible before the start."""
    lock_calendar_of(booking)
    booking = _begun(load(booking.pk), now=now)
    came = Booking.Status.COMPLETED, BookingChange.What.COMPLETED
    return change_status(booking, *came, by=by, now=now, why=why)


@one_transaction
def mark_no_show(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Note that the client did not come. Raises NotPossible before the start."""
    lock_calendar_of(booking)
    booking = _begun(load(booking.pk), now=now)
    missed = Booking.Status.NO_SHOW, BookingChange.What.NO_SHOW
    return change_status(booking, *missed, by=by, now=now, why=why)


def _begun(booking: Booking, *, now: datetime) -> Booking:
    if now < booking.appointment.starts_at:
        raise NotPossible("not begun")
    return booking


def change_status(
    booking: Booking,
    status: Booking.Status,
    what: BookingChange.What,
    *,
    by: By,
    now: datetime,
    why: str = "",
) -> Booking:
    if not may_become(State(booking.status), State(status), by=by.actor):
        raise NotPossible(booking.status)
    was = before(booking)
    booking.status = status
    booking.sequence += 1
    booking.save(update_fields=["status", "sequence"])
    record(booking, what, by=by, now=now, was=was, why=why)
    return booking
