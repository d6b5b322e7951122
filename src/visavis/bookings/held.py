"""Held seats: a visitor's, while they fill in the form. The parts that operations are made of.

Callers hold the lock of the calendars concerned.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings import seats
from visavis.bookings.models import Appointment, Booking
from visavis.companies.models import Company
from visavis.database.prepared import prepared


def of(company: Company, visitor: str) -> Booking | None:
    """Return what a visitor holds at a company; it may have expired."""
    if not visitor:
        return None
    return (
        Booking.objects.held_by(company, visitor)
        .select_related(
            "appointment__offering__company", "appointment__provider", "appointment__meeting"
        )
        .first()
    )


def providers_of(company: Company, visitor: str) -> list[int]:
    """Return, by key, whose time a visitor holds."""
    if not visitor:
        return []
    holds = Booking.objects.held_by(company, visitor)
    return list(holds.values_list("appointment__provider_id", flat=True))


def drop(hold: Booking, *, now: datetime) -> None:
    """Let go of a held seat. It leaves no trace: nobody had booked yet."""
    appointment = hold.appointment
    hold.delete()
    seats.release(appointment, hold.places, now=now)
    ended = not appointment.active and appointment.schedule_id is None
    if ended and not appointment.bookings.exists():
        appointment.delete()


def drop_all(appointment: Appointment, *, now: datetime) -> None:
    """Let go of every held seat of an appointment that is called off."""
    holds = Booking.objects.filter(appointment=appointment, status=Booking.Status.HELD)
    for hold in holds.select_related("appointment__meeting"):
        drop(hold, now=now)


def release_expired(provider_ids: Collection[int], *, now: datetime) -> None:
    """Give back the seats of holds that nobody completed in time."""
    expired = _expired(providers=list(provider_ids), now=now)
    if expired:
        holds = Booking.objects.filter(pk__in=[pk for (pk,) in expired])
        for hold in holds.select_related("appointment__meeting"):
            drop(hold, now=now)


@prepared
def _expired(providers: list[int], now: datetime) -> QuerySet[Booking, tuple[int]]:
    return Booking.objects.filter(
        status=Booking.Status.HELD, expires_at__lte=now, appointment__provider__in=providers
    ).values_list("pk")
