"""The seat that a visitor holds while they fill in the form."""

from contextlib import suppress
from datetime import datetime

from visavis.booking_site.offered import Offered
from visavis.booking_site.rate_limits import within_limit
from visavis.booking_site.site import SiteRequest
from visavis.booking_site.visitors import hashed_address_of, remembered_visitor, visitor_of
from visavis.bookings import own_hold, queries
from visavis.bookings.models import Booking
from visavis.bookings.operations import holds
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.bookings.transactions import Busy

# As often an address may hold something within an hour. After that forms work without.
_MOST, _HOUR = 30, 3600


def try_to_hold(request: SiteRequest, wished: Offered, start: datetime, *, now: datetime) -> None:
    """Hold a start for the visitor if it can be held. The page tells how things stand then."""
    if not within_limit("hold", request, most=_MOST, seconds=_HOUR):
        return
    wish = _wish(wished, start, visitor=remembered_visitor(request), places=wished.places)
    with suppress(StartRefused, Busy):
        holds.hold(wish, address=hashed_address_of(request), now=now)


def held_for(
    request: SiteRequest, wished: Offered, start: datetime, *, now: datetime
) -> Booking | None:
    """Return the visitor's hold of this start, if they have one that has not expired."""
    visitor = visitor_of(request)
    hold = own_hold.of(request.company, visitor)
    if hold is None or hold.expires_at is None or hold.expires_at <= now:
        return None
    # How many places are booked is said in the form; it may be another number.
    wish = _wish(wished, start, visitor=visitor, places=hold.places)
    return hold if wish.is_held_by(hold) else None


def refusal(
    request: SiteRequest, wished: Offered, start: datetime, *, now: datetime
) -> StartRefused | None:
    """Return why this visitor cannot book a start now, with the nearest free ones, or None."""
    question = wished.question(now=now, visitor=visitor_of(request))
    return queries.refused(question, wished.provider, start)


def _wish(wished: Offered, start: datetime, *, visitor: str, places: int) -> Wish:
    return Wish(
        offering=wished.offering,
        starts_at=start,
        provider=wished.provider,
        places=places,
        visitor=visitor,
    )
