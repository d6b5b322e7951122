"""What lies ahead of a service or a provider: what a change to them would touch."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from visavis.bookings.models import Appointment, AppointmentQuerySet, Booking, BookingQuerySet
from visavis.catalog.models import Offering, Provider, TimeOff
from visavis.companies.models import Company

LIVE = (Booking.Status.PENDING, Booking.Status.CONFIRMED)


def appointments_of(offering: Offering, *, now: datetime) -> AppointmentQuerySet:
    """Return an offering's appointments that are not over, in order."""
    return (
        Appointment.objects.active()
        .filter(offering=offering, ends_at__gt=now)
        .select_related("offering__company", "provider", "meeting", "company")
        .order_by("starts_at", "pk")
    )


def appointments_with(provider: Provider, *, now: datetime) -> AppointmentQuerySet:
    """Return a provider's appointments that are not over, in order."""
    return (
        Appointment.objects.active()
        .filter(provider=provider, ends_at__gt=now)
        .select_related("offering", "provider", "meeting")
        .order_by("starts_at", "pk")
    )


def bookings_of(offering: Offering, *, now: datetime) -> BookingQuerySet:
    """Return the bookings of an offering that people still expect to take place."""
    return Booking.objects.filter(
        appointment__offering=offering,
        appointment__active=True,
        appointment__ends_at__gt=now,
        status__in=LIVE,
    )


def booked_during(absences: Sequence[TimeOff], *, now: datetime) -> dict[int, int]:
    """Count the bookings inside each absence of one provider, by the absence's key."""
    if not absences:
        return {}
    spans = {absence.pk: span_of(absence) for absence in absences}
    rows = Booking.objects.filter(
        status__in=LIVE,
        appointment__active=True,
        appointment__provider=absences[0].provider_id,
        appointment__ends_at__gt=max(now, min(starts for starts, _ends in spans.values())),
        appointment__starts_at__lt=max(ends for _starts, ends in spans.values()),
    ).values_list("appointment__starts_at", "appointment__ends_at")
    booked = list(rows)
    return {
        key: sum(begins < ends and finishes > starts for begins, finishes in booked)
        for key, (starts, ends) in spans.items()
    }


def booked_on(
    days: Collection[date], company: Company, provider: Provider | None, *, zone: ZoneInfo
) -> Mapping[date, int]:
    """Count the bookings on each of these local days: a provider's, or the company's.

    Those of providers with holidays of their own are not the company's.
    """
    whose: dict[str, Any] = (
        {"appointment__provider": provider}
        if provider is not None
        else {"company": company, "appointment__provider__holiday_calendar": None}
    )
    counted = (
        Booking.objects.filter(status__in=LIVE, appointment__active=True, **whose)
        .annotate(day=TruncDate("appointment__starts_at", tzinfo=zone))
        .filter(day__in=days)
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    return dict(counted)


def span_of(absence: TimeOff) -> tuple[datetime, datetime]:
    """Return the instants between which a provider is away."""
    zone = ZoneInfo(absence.provider.time_zone)
    starts = datetime.combine(absence.first_day, time()) + timedelta(minutes=absence.starts)
    ends = datetime.combine(absence.last_day, time()) + timedelta(minutes=absence.ends)
    return starts.replace(tzinfo=zone).astimezone(UTC), ends.replace(tzinfo=zone).astimezone(UTC)
