"""Buffers that give way. Staff may set them aside; true time never gives way."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings.models import Appointment
from visavis.catalog.models import Provider
from visavis.database.prepared import prepared


@dataclass(frozen=True, slots=True)
class Blocked:
    """The time that an appointment keeps free, its buffers included."""

    starts_at: datetime
    ends_at: datetime


def make_way(
    provider: Provider,
    *,
    starts_at: datetime,
    ends_at: datetime,
    blocked_from: datetime,
    blocked_until: datetime,
    leaving_id: int | None = None,
) -> Blocked:
    """Return what an appointment can block, and cut neighbours' buffers that reach into it.

    Nothing is cut unless staff booked over a buffer: the rules see to it otherwise. Where
    true times overlap nothing helps, and the database refuses.
    """
    neighbours = _neighbours(
        provider=provider.pk,
        blocked_from=blocked_from,
        blocked_until=blocked_until,
        leaving=[leaving_id] if leaving_id else [],
    )
    for neighbour in neighbours:
        if neighbour.ends_at <= starts_at:
            neighbour.blocked_until = min(neighbour.blocked_until, starts_at)
            blocked_from = max(blocked_from, neighbour.blocked_until)
        elif neighbour.starts_at >= ends_at:
            neighbour.blocked_from = max(neighbour.blocked_from, ends_at)
            blocked_until = min(blocked_until, neighbour.blocked_from)
        neighbour.save(update_fields=["blocked_from", "blocked_until"])
    return Blocked(blocked_from, blocked_until)


@prepared
def _neighbours(
    provider: int, blocked_from: datetime, blocked_until: datetime, leaving: list[int]
) -> QuerySet[Appointment]:
    return (
        Appointment.objects.active()
        .filter(provider=provider, blocked_from__lt=blocked_until, blocked_until__gt=blocked_from)
        .exclude(pk__in=leaving)
    )
