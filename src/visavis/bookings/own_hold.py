"""What a visitor holds: one seat at a company at most."""

from django.db.models import QuerySet

from visavis.bookings.models import Booking
from visavis.companies.models import Company
from visavis.database.prepared import prepared


def of(company: Company, visitor: str) -> Booking | None:
    """Return what a visitor holds at a company; it may have expired."""
    found = _held(company=company.pk, visitor=visitor) if visitor else []
    return next(iter(found), None)


def providers_of(company: Company, visitor: str) -> list[int]:
    """Return, by key, whose time a visitor holds."""
    hold = of(company, visitor)
    return [hold.appointment.provider_id] if hold else []


@prepared
def _held(company: int, visitor: str) -> QuerySet[Booking]:
    held = Booking.objects.filter(company=company, status=Booking.Status.HELD, visitor=visitor)
    return held.select_related(
        "appointment__offering__company", "appointment__provider", "appointment__meeting"
    )
