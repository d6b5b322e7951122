"""What lies ahead of a company: whom a change of its settings touches."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings.messages import plan_reminders
from visavis.bookings.models import Booking
from visavis.bookings.transactions import one_transaction
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


def examples(company: Company, *, now: datetime, limit: int) -> Sequence[Booking]:
    """Return a few bookings on which a text can be tried."""
    return list(ahead(company, now=now)[:limit])


@one_transaction
def plan_reminders_anew(company: Company, *, now: datetime) -> None:
    """Let the company's reminder times hold for the bookings made already."""
    for booking in ahead(company, now=now).filter(status=Booking.Status.CONFIRMED):
        plan_reminders(booking, now=now)
