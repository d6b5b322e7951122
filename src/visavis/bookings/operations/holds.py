"""Holding a seat while a client fills in the form, so that nobody takes it from under them.

A hold is a booking that is nobody's yet. It takes its seat like any other, which keeps others
out; it has no history, no links and no messages, and it goes without a trace.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from visavis.bookings import availability, held, own_hold, seats
from visavis.bookings.availability import Question
from visavis.bookings.locks import lock_calendars, lock_word
from visavis.bookings.models import Booking, new_code
from visavis.bookings.operations.making import Wish, ready
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Provider
from visavis.companies.models import Company
from visavis.core.availability import Availability
from visavis.core.spans import Span, to_minutes

# From one address, at one company, at once: so that nobody keeps a calendar full without booking.
MOST_FROM_ONE_ADDRESS = 5
# Of what a provider could still take on the day, all visitors together hold one part in so many
# at most: whoever holds without booking, from however many addresses, leaves most of it to others.
SHARE_HELD = 3


@one_transaction
def hold(wish: Wish, *, address: str, now: datetime) -> Booking | None:
    """Hold what a visitor wishes, in place of what else they hold at this company.

    Held again, it is held no longer than before. `address` says where the visitor comes from,
    hashed. Return None where nothing is held: holds are switched off, the address has too many,
    visitor or address held this start too often lately, or much of the provider's day is held.
    Raises StartRefused.
    """
    if not settings.HOLD_MINUTES:
        return None
    providers = seats.able_providers(wish.offering, wish.provider)
    wish = ready(wish, providers, now=now)
    own = own_hold.of(wish.offering.company, wish.visitor)
    if own is not None and wish.is_held_by(own):
        return _renamed(own)
    if own is not None:
        held.drop(own, now=now)
    if _too_many(wish.offering.company, address, now=now):
        return None
    question = wish.question(now=now)
    provider = seats.choose_provider(question, providers, wish.starts_at)
    expires_at = _end(wish, provider, address, now=now)
    if expires_at <= now or _too_much(question, provider, wish.starts_at):
        return None
    return Booking.objects.create(
        company=wish.offering.company,
        appointment=seats.take(question, provider, wish.starts_at, held=True),
        places=wish.places,
        status=Booking.Status.HELD,
        source=wish.source,
        time_zone=provider.time_zone,
        visitor=wish.visitor,
        visitor_address=address,
        expires_at=expires_at,
        created_at=now,
    )


@one_transaction
def let_go(company: Company, code: str, *, visitor: str, now: datetime) -> None:
    """Give back what a visitor holds, if it still goes by this code."""
    lock_calendars(own_hold.providers_of(company, visitor))
    own = own_hold.of(company, visitor)
    if own is not None and own.code == code:
        held.drop(own, now=now)


def release_expired_holds(now: datetime) -> None:
    """Give back the seats of all holds that nobody completed in time. For the worker."""
    holders = (
        Booking.objects.filter(status=Booking.Status.HELD, expires_at__lte=now)
        .values_list("appointment__provider_id", flat=True)
        .distinct()
    )
    held.forget_past(now=now)
    for provider_id in holders:
        with transaction.atomic():
            lock_calendars([provider_id])
            held.release_expired([provider_id], now=now)


def _renamed(own: Booking) -> Booking:
    """Give a hold a new code, so that a page left earlier cannot let go of it any more."""
    own.code = new_code()
    own.save(update_fields=["code"])
    return own


def _end(wish: Wish, provider: Provider, address: str, *, now: datetime) -> datetime:
    """Return until when the start is held: no longer than before, and now if too often."""
    past = held.ends_of_past(
        provider, wish.starts_at, visitor=wish.visitor, address=address, now=now
    )
    running = [end for end in past if end > now]
    if len(past) - len(running) >= held.HELD_IN_A_ROW:
        return now
    return min([now + timedelta(minutes=settings.HOLD_MINUTES), wish.starts_at, *running])


def _too_much(question: Question, provider: Provider, starts_at: datetime) -> bool:
    """Tell whether a hold would take more than its share of what the provider could take."""
    zone = ZoneInfo(provider.time_zone)
    day = starts_at.astimezone(zone).date()
    since, until = availability.day_bounds(day, day, zone)
    kept = Booking.objects.filter(
        status=Booking.Status.HELD,
        appointment__provider=provider,
        appointment__starts_at__range=(since, until),
        expires_at__gt=question.now,
    ).aggregate(places=Coalesce(Sum("places"), 0))["places"]
    if not kept:
        return False
    calendar = availability.prepare(question, [provider], since=since, until=until)[provider.pk]
    left = _places_left(calendar, (to_minutes(since), to_minutes(until)))
    return bool((kept + question.places) * SHARE_HELD > kept + left)


def _places_left(calendar: Availability, day: Span) -> int:
    """Count the places of as many appointments as find room one after the other."""
    count = 0
    free_from = day[0]
    for start in calendar.slots(day):
        begins, ends = calendar.rules.blocked(start)
        if begins >= free_from or calendar.joins(start):
            count += calendar.seats_left(start)
            free_from = max(free_from, ends)
    return count


def _too_many(company: Company, address: str, *, now: datetime) -> bool:
    # Counted one after the other, whatever calendars are locked.
    lock_word(f"{company.pk} {address}")
    live = Booking.objects.filter(
        company=company, status=Booking.Status.HELD, visitor_address=address, expires_at__gt=now
    )
    return live.count() >= MOST_FROM_ONE_ADDRESS
