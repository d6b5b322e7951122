"""Appointments that could not all be met online, since one host would lead too many at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from visavis.bookings.models import Appointment, AppointmentQuerySet
from visavis.catalog.models import Offering
from visavis.companies import features
from visavis.companies.models import Company
from visavis.core.spans import Span, overlaps, saturated, to_minutes
from visavis.meetings.queries import settings_for


def clashes(company: Company, *, now: datetime) -> Sequence[Appointment]:
    """Return the appointments ahead whose host has more meetings at a time than it can lead.

    Whoever books is kept from this; it comes about when a host or an offering is switched later.
    """
    return _clashes(company, (), now=now)


def clashes_with(offering: Offering, *, now: datetime) -> Sequence[Appointment]:
    """Return those that there would be in addition if an offering met online from now on."""
    if not features.enabled(offering.company, features.ONLINE_MEETINGS):
        return ()
    already = set(clashes(offering.company, now=now))
    found = _clashes(offering.company, [offering], now=now)
    return [one for one in found if one not in already]


def _clashes(
    company: Company, online_too: Collection[Offering], *, now: datetime
) -> Sequence[Appointment]:
    by_host: dict[str, list[Appointment]] = defaultdict(list)
    for one in _meeting_online(company, online_too, now=now):
        by_host[one.provider.meeting_provider.host_id].append(one)
    most = settings_for(company).meetings_at_once
    found = [one for led in by_host.values() for one in _too_many(led, most)]
    return sorted(found, key=lambda one: (one.starts_at, one.pk))


def _meeting_online(
    company: Company, online_too: Collection[Offering], *, now: datetime
) -> AppointmentQuerySet:
    return (
        Appointment.objects.active()
        .keeping_hosts(online_too)
        .filter(company=company, ends_at__gt=now)
        .exclude(provider__meeting_provider__host_id="")
        .select_related("offering", "provider__meeting_provider")
    )


def _too_many(led: Sequence[Appointment], most: int) -> Sequence[Appointment]:
    full = saturated(map(_span, led), most + 1)
    return [one for one in led if overlaps(full, _span(one))]


def _span(appointment: Appointment) -> Span:
    return to_minutes(appointment.starts_at), to_minutes(appointment.ends_at)
