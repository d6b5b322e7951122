"""What lies ahead of a company: whom a change of its settings touches."""

from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings.models import Booking
from visavis.companies.models import Company


def ahead(company: Company, *, now: datetime) -> QuerySet[Booking]:
    """Return the bookings that stand and are not over, the next one first."""
    return (
        Booking.objects.filter(
            company=company,
            status__in=[Booking.Status.PENDING, Booking.Status.CONFIRMED],
            appointment__ends_at__gt=now,
        )
        .select_related(
            "company",
            "client__company",
            "appointment__offering__company",
            "appointment__provider",
            "appointment__meeting",
        )
        .order_by("appointment__starts_at", "pk")
    )


def online_ahead(company: Company, *, now: datetime) -> QuerySet[Booking]:
    """Return those of them that meet online."""
    return ahead(company, now=now).filter(appointment__meeting__wanted=True)
