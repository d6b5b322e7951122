"""Making a booking."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Exists, QuerySet

from visavis.bookings import held, links, messages, own_hold, reminders, seats
from visavis.bookings.actors import By
from visavis.bookings.availability import Question
from visavis.bookings.clients import ClientBlocked, ClientDetails, client_for
from visavis.bookings.history import record
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Appointment, Booking, BookingChange
from visavis.bookings.queries import with_all
from visavis.bookings.seats import NOTHING, StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.companies.models import Company
from visavis.core.refusals import Refusal
from visavis.database import rules
from visavis.database.prepared import prepared
from visavis.database.writing import insert
from visavis.notifications.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be booked, and what comes with it."""

    # Read together with its company, or later: the company's version tells whether it is still so.
    offering: Offering
    starts_at: datetime
    provider: Provider | None = None  # None: any provider
    places: int = 1
    note: str = ""
    source: str = Booking.Source.CLIENT
    terms_accepted: bool = False
    # The form's own key: the same form sent twice books once.
    request_key: str | None = None
    # Whoever may hold the seat already; see `holds`.
    visitor: str = ""

    def question(self, *, now: datetime) -> Question:
        """Return what this wish asks of the calendars."""
        return Question(offering=self.offering, places=self.places, now=now, visitor=self.visitor)

    def is_held_by(self, hold: Booking) -> bool:
        """Tell whether a hold keeps what is wished: start, provider if one is named, and places."""
        there = hold.appointment
        return (
            (there.offering_id, there.starts_at) == (self.offering.pk, self.starts_at)
            and (self.provider is None or self.provider.pk == there.provider_id)
            and (there.active, hold.places) == (True, self.places)
        )


def book(
    wish: Wish,
    client: ClientDetails,
    *,
    by: By,
    now: datetime,
    overriding: Collection[Refusal] = NOTHING,
    tell_client: bool = True,
) -> Booking:
    """Book for a client.

    A wish whose request key was granted before returns the booking made then. The company's
    side is told even if the client is not. Raises StartRefused with the nearest free times, or
    ClientBlocked.
    """
    try:
        return _book(wish, client, by=by, now=now, overriding=overriding, tell_client=tell_client)
    except (StartRefused, IntegrityError) as failed:
        # The same form, sent before, may have the seat; or there is room for both.
        if (again := _made_before(wish)) is not None:
            return again
        if isinstance(failed, StartRefused):
            # After the lock is gone, so that a rush for one seat does not queue for this.
            providers = seats.able_providers(wish.offering, wish.provider)
            failed.instead = seats.alternatives(wish.question(now=now), providers, wish.starts_at)
        raise


def ready(wish: Wish, providers: Sequence[Provider], *, now: datetime) -> Wish:
    """Lock the calendars that a wish touches, and let go of what expired in them.

    Return the wish with its offering as it is now that nobody else can change it.
    """
    company, able = wish.offering.company, [provider.pk for provider in providers]
    locked = {*able, *own_hold.providers_of(company, wish.visitor)}
    lock_calendars(locked)
    # Without any provider, that of no key.
    of = sorted(locked) or [0]
    ((version, expired),) = _state(company=company.pk, providers=of, now=now)
    if expired:
        held.release_expired(locked, now=now)
    if version != company.rules_version:
        offering = Offering.objects.select_related("company").get(pk=wish.offering.pk)
        wish, version = replace(wish, offering=offering), offering.company.rules_version
    rules.under_lock(version)
    return wish


@prepared
def _state(
    company: int, providers: list[int], now: datetime
) -> QuerySet[Company, tuple[str, bool]]:
    """The version of a company's rules, and whether a hold of these providers has expired."""
    expired = Exists(held.expired(providers, now=now))
    return Company.objects.filter(pk=company).values_list("rules_version", expired)


@one_transaction
def _book(
    wish: Wish,
    details: ClientDetails,
    *,
    by: By,
    now: datetime,
    overriding: Collection[Refusal],
    tell_client: bool,
) -> Booking:
    providers = seats.able_providers(wish.offering, wish.provider)
    wish = ready(wish, providers, now=now)
    appointment = _seat(wish, providers, now=now, overriding=overriding)
    client = client_for(wish.offering.company, details, now=now)
    if client.blocked and by.is_client:
        raise ClientBlocked
    booking = insert(
        Booking(
            company=wish.offering.company,
            appointment=appointment,
            client=client,
            name=details.name,
            places=wish.places,
            status=_first_status(wish, by),
            source=wish.source,
            language=details.language,
            time_zone=details.time_zone or appointment.provider.time_zone,
            note=wish.note,
            price=wish.offering.price,
            request_key=wish.request_key,
            terms_accepted_at=now if wish.terms_accepted else None,
            created_at=now,
        )
    )
    record(booking, BookingChange.What.CREATED, by=by, now=now)
    links.issue(booking, now=now)
    pending = booking.status == Booking.Status.PENDING
    event = Event.PENDING if pending else Event.CONFIRMED
    messages.announce(booking, event, now=now, tell_client=tell_client)
    reminders.plan(booking, now=now, fresh=True)
    return booking


def _seat(
    wish: Wish, providers: Sequence[Provider], *, now: datetime, overriding: Collection[Refusal]
) -> Appointment:
    """Return where the booking takes place, its seats taken: those held for it, or others."""
    hold = own_hold.of(wish.offering.company, wish.visitor)
    if hold is not None and wish.is_held_by(hold):
        hold.delete()
        return hold.appointment
    if hold is not None:
        held.drop(hold, now=now)
    question = wish.question(now=now)
    provider = seats.choose_provider(question, providers, wish.starts_at, overriding=overriding)
    return seats.take(question, provider, wish.starts_at, overriding=overriding)


def _made_before(wish: Wish) -> Booking | None:
    if wish.request_key is None:
        return None
    made = _made(company=wish.offering.company_id, request_key=wish.request_key)
    return next(iter(made), None)


@prepared
def _made(company: int, request_key: str) -> QuerySet[Booking]:
    return with_all().filter(company=company, request_key=request_key)


def _first_status(wish: Wish, by: By) -> Booking.Status:
    asks = wish.offering.approval_wanted and by.is_client
    if asks and features.enabled(wish.offering.company, features.APPROVAL):
        return Booking.Status.PENDING
    return Booking.Status.CONFIRMED
