"""Notes about a booking."""

from datetime import datetime

from visavis.bookings.actors import By
from visavis.bookings.history import before, record
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.queries import load
from visavis.bookings.transactions import one_transaction


@one_transaction
def write_staff_note(booking: Booking, note: str, *, by: By, now: datetime) -> Booking:
    """Keep a note that clients never see."""
    booking = load(booking.pk)
    if booking.staff_note != note:
        booking.staff_note = note
        booking.save(update_fields=["staff_note"])
        record(booking, BookingChange.What.EDITED, by=by, now=now, was=before(booking))
    return booking
