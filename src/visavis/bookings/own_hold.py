"""What a visitor holds: one seat at a company at most."""

from django.db.models import QuerySet

from visavis.bookings.models import Booking
from visavis.companies.models import Company
from visavis.database.prepared import prepared


def of(company: Company, visitor: str) -> Booking | None:
    """Return what a visitor holds at a company; it may have expired."""
    found = _held(company=company.pk, visitor=visitor) if visitor else []
    if not found:
        # Most hold nothing, and are asked about several times.
        return None
    related = "appointment__offering__company", "appointment__provider", "appointment__meeting"
    return Booking.objects.filter(pk=found[0][0]).select_related(*related).first()


def providers_of(company: Company, visitor: str) -> list[int]:
    """Return, by key, whose time a visitor holds."""
    found = _held(company=company.pk, visitor=visitor) if visitor else []
    return [provider for _hold, provider in found]


@prepared
def _held(company: int, visitor: str) -> QuerySet[Booking, tuple[int, int]]:
    held = Booking.objects.filter(company=company, status=Booking.Status.HELD, visitor=visitor)
    return held.values_list("pk", "appointment__provider_id")
