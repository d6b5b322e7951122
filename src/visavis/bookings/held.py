"""Held seats: a visitor's, while they fill in the form. The parts that operations are made of.

Callers hold the lock of the calendars concerned.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from visavis.bookings import seats
from visavis.bookings.models import Appointment, Booking, PastHold
from visavis.catalog.models import Provider
from visavis.database.prepared import prepared

# So often in a row the same visitor, or address, holds a start: once more for those who need
# longer for the form. Then not before so long a time has passed.
HELD_IN_A_ROW = 2
HELD_AGAIN_AFTER = timedelta(minutes=30)


def drop(hold: Booking, *, now: datetime) -> None:
    """Let go of a held seat. For a while it is remembered, so that it is not held on and on."""
    appointment = hold.appointment
    assert hold.expires_at is not None
    PastHold.objects.create(
        company_id=hold.company_id,
        provider_id=appointment.provider_id,
        starts_at=appointment.starts_at,
        visitor=hold.visitor,
        visitor_address=hold.visitor_address,
        expires_at=hold.expires_at,
    )
    hold.delete()
    seats.release(appointment, hold.places, now=now)
    ended = not appointment.active and appointment.schedule_id is None
    if ended and not appointment.bookings.exists():
        appointment.delete()


def ends_of_past(
    provider: Provider, starts_at: datetime, *, visitor: str, address: str, now: datetime
) -> set[datetime]:
    """Return until when a start could be held each time that a visitor, or their address, did."""
    by_them = (Q(visitor=visitor) & ~Q(visitor="")) | (
        Q(visitor_address=address) & ~Q(visitor_address="")
    )
    lately = PastHold.objects.filter(
        by_them, provider=provider, starts_at=starts_at, expires_at__gt=now - HELD_AGAIN_AFTER
    )
    return set(lately.values_list("expires_at", flat=True))


def forget_past(*, now: datetime) -> None:
    """Forget the holds that have been over for so long that they may be held again."""
    PastHold.objects.filter(expires_at__lte=now - HELD_AGAIN_AFTER).delete()


def drop_all(appointment: Appointment, *, now: datetime) -> None:
    """Let go of every held seat of an appointment that is called off."""
    holds = Booking.objects.filter(appointment=appointment, status=Booking.Status.HELD)
    for hold in holds.select_related("appointment__meeting"):
        drop(hold, now=now)


def release_expired(provider_ids: Collection[int], *, now: datetime) -> None:
    """Give back the seats of holds that nobody completed in time."""
    for hold in _expired(providers=list(provider_ids), now=now):
        drop(hold, now=now)


@prepared
def _expired(providers: list[int], now: datetime) -> QuerySet[Booking]:
    return expired(providers, now=now).select_related("appointment__meeting")


def expired(provider_ids: Collection[int], *, now: datetime) -> QuerySet[Booking]:
    """Return the holds that nobody completed in time."""
    return Booking.objects.filter(
        status=Booking.Status.HELD, expires_at__lte=now, appointment__provider__in=provider_ids
    )
