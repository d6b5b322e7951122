"""Seats held while a client fills in the form."""

from datetime import datetime

from django.db import transaction

from visavis.bookings import seats
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Booking


def release_expired_holds(now: datetime) -> None:
    """Give back the seats of all holds that nobody completed in time."""
    holders = (
        Booking.objects.filter(status=Booking.Status.HELD, expires_at__lte=now)
        .values_list("appointment__provider_id", flat=True)
        .distinct()
    )
    for provider_id in holders:
        with transaction.atomic():
            lock_calendars([provider_id])
            seats.release_expired([provider_id], now=now)
