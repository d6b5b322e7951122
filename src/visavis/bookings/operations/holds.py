"""Holding a seat while a client fills in the form, so that nobody takes it from under them.

A hold is a booking that is nobody's yet. It takes its seat like any other, which keeps others
out; it has no history, no links and no messages, and it goes without a trace.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from visavis.bookings import held, seats
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Booking, new_code
from visavis.bookings.operations.making import Wish, ready
from visavis.bookings.transactions import one_transaction
from visavis.companies.models import Company

# From one address, at one company, at once: so that nobody keeps a calendar full without booking.
MOST_FROM_ONE_ADDRESS = 5


@one_transaction
def hold(wish: Wish, *, address: str, now: datetime) -> Booking | None:
    """Hold what a visitor wishes, in place of what else they hold at this company.

    Held again, it is held no longer than before. `address` says where the visitor comes from,
    hashed. Return None where nothing is held: holds are switched off, or the address has too
    many. Raises StartRefused.
    """
    if not settings.HOLD_MINUTES:
        return None
    providers = seats.able_providers(wish.offering, wish.provider)
    wish = ready(wish, providers, now=now)
    own = held.of(wish.offering.company, wish.visitor)
    if own is not None and wish.is_held_by(own):
        return _renamed(own)
    if own is not None:
        held.drop(own, now=now)
    if _too_many(wish.offering.company, address, now=now):
        return None
    question = wish.question(now=now)
    provider = seats.choose_provider(question, providers, wish.starts_at)
    return Booking.objects.create(
        company=wish.offering.company,
        appointment=seats.take(question, provider, wish.starts_at),
        places=wish.places,
        status=Booking.Status.HELD,
        source=wish.source,
        time_zone=provider.time_zone,
        visitor=wish.visitor,
        visitor_address=address,
        expires_at=min(now + timedelta(minutes=settings.HOLD_MINUTES), wish.starts_at),
        created_at=now,
    )


@one_transaction
def let_go(company: Company, code: str, *, visitor: str, now: datetime) -> None:
    """Give back what a visitor holds, if it still goes by this code."""
    lock_calendars(held.providers_of(company, visitor))
    own = held.of(company, visitor)
    if own is not None and own.code == code:
        held.drop(own, now=now)


def release_expired_holds(now: datetime) -> None:
    """Give back the seats of all holds that nobody completed in time. For the worker."""
    holders = (
        Booking.objects.filter(status=Booking.Status.HELD, expires_at__lte=now)
        .values_list("appointment__provider_id", flat=True)
        .distinct()
    )
    for provider_id in holders:
        with transaction.atomic():
            lock_calendars([provider_id])
            held.release_expired([provider_id], now=now)


def _renamed(own: Booking) -> Booking:
    """Give a hold a new code, so that a page left earlier cannot let go of it any more."""
    own.code = new_code()
    own.save(update_fields=["code"])
    return own


def _too_many(company: Company, address: str, *, now: datetime) -> bool:
    live = Booking.objects.filter(
        company=company, status=Booking.Status.HELD, visitor_address=address, expires_at__gt=now
    )
    return live.count() >= MOST_FROM_ONE_ADDRESS
