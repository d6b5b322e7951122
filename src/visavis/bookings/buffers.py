"""Buffers that give way. Staff may set them aside; true time never gives way."""

from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings.models import Appointment
from visavis.database.prepared import prepared


def make_way(appointment: Appointment) -> None:
    """Cut what an appointment, about to be saved, blocks, and neighbours' buffers that reach in.

    Nothing is cut unless staff booked over a buffer: the rules see to it otherwise. Where
    true times overlap nothing helps, and the database refuses.
    """
    neighbours = _neighbours(
        provider=appointment.provider_id,
        blocked_from=appointment.blocked_from,
        blocked_until=appointment.blocked_until,
        itself=[appointment.pk] if appointment.pk else [],
    )
    for neighbour in neighbours:
        if neighbour.ends_at <= appointment.starts_at:
            neighbour.blocked_until = min(neighbour.blocked_until, appointment.starts_at)
            appointment.blocked_from = max(appointment.blocked_from, neighbour.blocked_until)
        elif neighbour.starts_at >= appointment.ends_at:
            neighbour.blocked_from = max(neighbour.blocked_from, appointment.ends_at)
            appointment.blocked_until = min(appointment.blocked_until, neighbour.blocked_from)
        neighbour.save(update_fields=["blocked_from", "blocked_until"])


@prepared
def _neighbours(
    provider: int, blocked_from: datetime, blocked_until: datetime, itself: list[int]
) -> QuerySet[Appointment]:
    return (
        Appointment.objects.active()
        .filter(provider=provider, blocked_from__lt=blocked_until, blocked_until__gt=blocked_from)
        .exclude(pk__in=itself)
    )
