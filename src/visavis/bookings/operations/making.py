"""Making a booking."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from visavis.bookings import links, messages, seats
from visavis.bookings.actors import By
from visavis.bookings.availability import Question
from visavis.bookings.clients import ClientBlocked, ClientDetails, client_for
from visavis.bookings.history import record
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.queries import with_all
from visavis.bookings.seats import NOTHING, StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.core.refusals import Refusal
from visavis.notifications.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be booked, and what comes with it."""

    offering: Offering
    starts_at: datetime
    provider: Provider | None = None  # None: any provider
    places: int = 1
    note: str = ""
    source: str = Booking.Source.CLIENT
    terms_accepted: bool = False
    # The form's own key: the same form sent twice books once.
    request_key: str | None = None


def book(
    wish: Wish,
    client: ClientDetails,
    *,
    by: By,
    now: datetime,
    overriding: Collection[Refusal] = NOTHING,
    tell: bool = True,
) -> Booking:
    """Book for a client.

    A wish whose request key was granted before returns the booking made then. Raises
    StartRefused with the nearest free times, or ClientBlocked.
    """
    try:
        return _book(wish, client, by=by, now=now, overriding=overriding, tell=tell)
    except StartRefused as refused:
        # After the lock is gone, so that a rush for one seat does not queue for this.
        question = Question(offering=wish.offering, places=wish.places, now=now)
        providers = seats.able_providers(wish.offering, wish.provider)
        refused.instead = seats.alternatives(question, providers, wish.starts_at)
        raise


@one_transaction
def _book(
    wish: Wish,
    details: ClientDetails,
    *,
    by: By,
    now: datetime,
    overriding: Collection[Refusal],
    tell: bool,
) -> Booking:
    providers = seats.able_providers(wish.offering, wish.provider)
    lock_calendars(provider.pk for provider in providers)
    if (again := _made_before(wish)) is not None:
        return again
    seats.release_expired([provider.pk for provider in providers], now=now)
    question = Question(offering=wish.offering, places=wish.places, now=now)
    provider = seats.choose_provider(question, providers, wish.starts_at, overriding=overriding)
    client = client_for(wish.offering.company, details, now=now)
    if client.blocked and by.is_client:
        raise ClientBlocked
    booking = Booking.objects.create(
        company=wish.offering.company,
        appointment=seats.take(question, provider, wish.starts_at),
        client=client,
        name=details.name,
        places=wish.places,
        status=_first_status(wish, by),
        source=wish.source,
        language=details.language,
        time_zone=details.time_zone or provider.time_zone,
        note=wish.note,
        price=wish.offering.price,
        request_key=wish.request_key,
        terms_accepted_at=now if wish.terms_accepted else None,
        created_at=now,
    )
    record(booking, BookingChange.What.CREATED, by=by, now=now)
    links.issue(booking, now=now)
    if tell:
        pending = booking.status == Booking.Status.PENDING
        messages.announce(booking, Event.PENDING if pending else Event.CONFIRMED, now=now)
    messages.plan_reminders(booking, now=now)
    return booking


def _made_before(wish: Wish) -> Booking | None:
    if wish.request_key is None:
        return None
    return with_all().filter(company=wish.offering.company, request_key=wish.request_key).first()


def _first_status(wish: Wish, by: By) -> Booking.Status:
    asks = wish.offering.approval_wanted and by.is_client
    if asks and features.enabled(wish.offering.company, features.APPROVAL):
        return Booking.Status.PENDING
    return Booking.Status.CONFIRMED
