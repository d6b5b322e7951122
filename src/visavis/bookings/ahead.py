"""What lies ahead of a company: whom a change of its settings touches."""

from datetime import datetime

from django.db.models import QuerySet

from visavis.bookings.messages import plan_reminders
from visavis.bookings.models import Booking
from visavis.bookings.transactions import one_transaction
from visavis.companies.models import Company
from visavis.notifications.models import Channel, ReminderTime


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


@one_transaction
def add_reminder(company: Company, *, audience: str, minutes_before: int, now: datetime) -> None:
    """Remind people so long before the start, of the bookings made already too."""
    ReminderTime.objects.get_or_create(
        company=company,
        audience=audience,
        channel=Channel.EMAIL,
        minutes_before=minutes_before,
    )
    _plan_reminders_anew(company, now=now)


@one_transaction
def remove_reminder(reminder: ReminderTime, *, now: datetime) -> None:
    """Remind nobody then any more."""
    reminder.delete()
    _plan_reminders_anew(reminder.company, now=now)


def _plan_reminders_anew(company: Company, *, now: datetime) -> None:
    for booking in ahead(company, now=now).filter(status=Booking.Status.CONFIRMED):
        plan_reminders(booking, now=now)
