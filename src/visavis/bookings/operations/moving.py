"""Moving one booking: to another time, another provider, or both."""

from collections.abc import Collection
from datetime import datetime

from visavis.bookings import held, links, messages, policies, reminders, seats
from visavis.bookings.actors import By
from visavis.bookings.availability import Question
from visavis.bookings.history import before, record
from visavis.bookings.locks import lock_calendar_of
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.queries import load
from visavis.bookings.seats import NOTHING, StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Provider
from visavis.core.refusals import Refusal


def move(
    booking: Booking,
    *,
    starts_at: datetime,
    provider: Provider | None,
    by: By,
    now: datetime,
    why: str = "",
    overriding: Collection[Refusal] = NOTHING,
    tell_client: bool = True,
) -> Booking:
    """Move one booking to another time, another provider (None: any who offers it), or both.

    The client's links stay as they are. The company's side is told even if the client is not.
    Raises StartRefused with the nearest free times, ChangeRefused if the company's rules do not
    let the client move it, or NotPossible for a booking that no longer stands.
    """
    try:
        return _move(
            booking,
            starts_at,
            provider,
            by=by,
            now=now,
            why=why,
            overriding=overriding,
            tell_client=tell_client,
        )
    except StartRefused as refused:
        offering = booking.appointment.offering
        question = Question(offering=offering, places=booking.places, now=now)
        providers = seats.able_providers(offering, provider)
        refused.instead = seats.alternatives(question, providers, starts_at)
        raise


@one_transaction
def _move(
    booking: Booking,
    starts_at: datetime,
    provider: Provider | None,
    *,
    by: By,
    now: datetime,
    why: str,
    overriding: Collection[Refusal],
    tell_client: bool,
) -> Booking:
    providers = seats.able_providers(booking.appointment.offering, provider)
    locked = lock_calendar_of(booking, [one.pk for one in providers])
    held.release_expired(locked, now=now)
    booking = load(booking.pk)
    policies.check_moving(booking, by=by, now=now)
    if booking.status not in (Booking.Status.PENDING, Booking.Status.CONFIRMED):
        raise NotPossible(booking.status)
    was, leaving, offering = before(booking), booking.appointment, booking.appointment.offering
    if starts_at == leaving.starts_at and (provider is None or provider == leaving.provider):
        return booking
    alone = booking.alone
    question = Question(
        offering=offering,
        places=booking.places,
        now=now,
        leaving_id=leaving.pk if alone else None,
    )
    chosen = seats.choose_provider(question, providers, starts_at, overriding=overriding)
    joined = seats.standing(offering, chosen, starts_at)
    whole = alone and (joined is None or joined.pk == leaving.pk)
    if whole:
        booking.appointment = seats.relocate(leaving, provider=chosen, starts_at=starts_at, now=now)
    else:
        booking.appointment = seats.take(question, chosen, starts_at, overriding=overriding)
    booking.sequence += 1
    booking.moves += by.is_client
    booking.save(update_fields=["appointment", "sequence", "moves"])
    links.follow(booking, now=now)
    if not whole:
        # After its links have left: an appointment that ends revokes what still leads to it.
        seats.release(leaving, booking.places, now=now)
        reminders.leave(booking, leaving, now=now)
    record(booking, BookingChange.What.MOVED, by=by, now=now, was=was, why=why)
    messages.announce_move(booking, was, now=now, why=why, tell_client=tell_client)
    reminders.plan(booking, now=now)
    return booking
