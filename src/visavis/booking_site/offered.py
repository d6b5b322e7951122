"""What a company offers on its site, and how one of these things is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from visavis.bookings.availability import Question
from visavis.bookings.models import Booking
from visavis.bookings.seats import active_providers, meets_online
from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.companies.models import Company
from visavis.database.prepared import prepared_rules

ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One offering with who provides it, and what the visitor wishes of it."""

    offering: Offering
    providers: Sequence[Provider]
    provider: Provider | None  # None: any of them
    places: int
    online: bool
    # Whom an address means that names nobody.
    usual: Provider | None = None

    @property
    def candidates(self) -> Sequence[Provider]:
        """Who may take the booking."""
        return [self.provider] if self.provider else self.providers

    @property
    def query(self) -> dict[str, str]:
        """The wishes as a query string has them."""
        query = {}
        if self.provider != self.usual:
            query["provider"] = str(self.provider.pk) if self.provider else ANY
        if self.places > 1:
            query["places"] = str(self.places)
        return query

    def question(self, *, now: datetime, leaving: int | None = None, visitor: str = "") -> Question:
        """Return what is asked of the calendars."""
        return Question(
            offering=self.offering,
            places=self.places,
            now=now,
            leaving_id=leaving,
            visitor=visitor,
        )


def offered(company: Company, slug: str, query: Mapping[str, Any]) -> Offered:
    """Return what can be booked at this address, listed or not. Raises Http404."""
    on = features.enabled_keys(company)
    offering = next(iter(_offerings(company=company.pk, slug=slug)), None)
    if offering is None or (offering.is_class and features.CLASSES not in on):
        raise Http404
    offering.company = company
    providers = active_providers(offering)
    usual = providers[0] if len(providers) == 1 else None
    return Offered(
        offering=offering,
        providers=providers,
        provider=_wished(providers, query, usual),
        places=_places(query.get("places", ""), offering),
        online=offering.online and features.ONLINE_MEETINGS in on,
        usual=usual,
    )


def offered_again(booking: Booking, query: Mapping[str, Any]) -> Offered:
    """Return what a booking can be moved to: the same thing, with the same provider at first."""
    offering = booking.appointment.offering
    providers = active_providers(offering)
    current = booking.appointment.provider
    usual = current if current in providers else None
    return Offered(
        offering=offering,
        providers=providers,
        provider=_wished(providers, query, usual),
        places=booking.places,
        online=meets_online(offering),
        usual=usual,
    )


@prepared_rules
def _offerings(company: int, slug: str) -> QuerySet[Offering]:
    return Offering.objects.active().filter(company=company, slug=slug)


def _wished(
    providers: Sequence[Provider], query: Mapping[str, Any], usual: Provider | None
) -> Provider | None:
    name = query.get("provider", "")
    if name == ANY and len(providers) > 1:
        return None
    return next((one for one in providers if str(one.pk) == name), usual)


def _places(text: str, offering: Offering) -> int:
    """Return how many places are asked for: as many as may be, and one if in doubt."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(1, min(number, offering.places_max))
