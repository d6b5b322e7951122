"""Everything that can be done with bookings. Clients, staff and programs call the same functions.

Each operation is one transaction: it locks the calendars concerned first, asks the one
predicate of `core.availability`, and writes booking, history, meeting wishes and messages
together. Effects on the outside world are rows; a worker carries them out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from visavis.bookings import links, messages, seats
from visavis.bookings.actors import By
from visavis.bookings.availability import Question
from visavis.bookings.clients import ClientBlocked, ClientDetails, client_for
from visavis.bookings.history import before, record
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Appointment, Booking, BookingChange
from visavis.bookings.seats import StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.core.policies import State, may_become
from visavis.core.refusals import Refusal
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Event

NO_REFUSALS: Collection[Refusal] = frozenset()


class NotPossible(Exception):
    """The booking is in a state that does not allow this to whoever asked."""


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
    overriding: Collection[Refusal] = NO_REFUSALS,
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


def move(
    booking: Booking,
    *,
    starts_at: datetime,
    provider: Provider | None,
    by: By,
    now: datetime,
    why: str = "",
    overriding: Collection[Refusal] = NO_REFUSALS,
    tell: bool = True,
) -> Booking:
    """Move one booking to another time, another provider (None: any who offers it), or both.

    The client's links stay as they are. Raises StartRefused with the nearest free times, or
    NotPossible for a booking that no longer stands.
    """
    try:
        return _move(
            booking, starts_at, provider, by=by, now=now, why=why, overriding=overriding, tell=tell
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
    tell: bool,
) -> Booking:
    offering = booking.appointment.offering
    providers = seats.able_providers(offering, provider)
    lock_calendars([booking.appointment.provider_id, *(one.pk for one in providers)])
    booking = fresh(booking)
    if booking.status not in (Booking.Status.PENDING, Booking.Status.CONFIRMED):
        raise NotPossible(booking.status)
    was, leaving = before(booking), booking.appointment
    if starts_at == leaving.starts_at and (provider is None or provider == leaving.provider):
        return booking
    seats.release_expired([one.pk for one in providers], now=now)
    alone = leaving.seats_taken == booking.places and leaving.schedule_id is None
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
        booking.appointment = seats.take(question, chosen, starts_at)
    booking.sequence += 1
    booking.moves += by.is_client
    booking.save(update_fields=["appointment", "sequence", "moves"])
    links.follow(booking, now=now)
    if not whole:
        # After its links have left: an appointment that ends revokes what still leads to it.
        seats.release(leaving, booking.places, now=now)
    record(booking, BookingChange.What.MOVED, by=by, now=now, was=was, why=why)
    if tell:
        messages.announce_move(booking, was, now=now, why=why)
    messages.plan_reminders(booking, now=now)
    return booking


@one_transaction
def move_appointment(
    appointment: Appointment,
    *,
    starts_at: datetime,
    provider: Provider,
    by: By,
    now: datetime,
    why: str = "",
    overriding: Collection[Refusal] = NO_REFUSALS,
    tell: bool = True,
) -> Appointment:
    """Move a whole appointment with everybody in it. Raises StartRefused or NotPossible."""
    lock_calendars([appointment.provider_id, provider.pk])
    appointment = Appointment.objects.select_related(
        "offering__company", "provider", "meeting"
    ).get(pk=appointment.pk)
    if not appointment.active:
        raise NotPossible("inactive")
    seats.release_expired([appointment.provider_id, provider.pk], now=now)
    seats.room_for(appointment, provider, starts_at, now=now, overriding=overriding)
    bookings = list(bookings_in(appointment))
    was = [before(booking) for booking in bookings]
    moved = seats.relocate(appointment, provider=provider, starts_at=starts_at, now=now)
    for booking, old in zip(bookings, was, strict=True):
        booking.appointment = moved
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        record(booking, BookingChange.What.MOVED, by=by, now=now, was=old, why=why)
        if tell:
            messages.announce_move(booking, old, now=now, why=why)
        messages.plan_reminders(booking, now=now)
    return moved


@one_transaction
def cancel(booking: Booking, *, by: By, now: datetime, why: str = "", tell: bool = True) -> Booking:
    """Cancel a booking: its seats are free again and its links say so. Raises NotPossible."""
    lock_calendars([booking.appointment.provider_id])
    return _end(
        fresh(booking),
        BookingChange.What.CANCELLED,
        Event.CANCELLED,
        by=by,
        now=now,
        why=why,
        tell=tell,
    )


@one_transaction
def decline(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Refuse a booking that awaited approval. Raises NotPossible if it did not."""
    lock_calendars([booking.appointment.provider_id])
    booking = fresh(booking)
    if booking.status != Booking.Status.PENDING:
        raise NotPossible(booking.status)
    return _end(
        booking, BookingChange.What.DECLINED, Event.DECLINED, by=by, now=now, why=why, tell=True
    )


@one_transaction
def cancel_appointment(
    appointment: Appointment, *, by: By, now: datetime, why: str, tell: bool = True
) -> None:
    """Cancel a whole appointment or class session: each booking in it, with the reason."""
    lock_calendars([appointment.provider_id])
    for booking in bookings_in(appointment):
        _end(
            booking,
            BookingChange.What.CANCELLED,
            Event.CANCELLED,
            by=by,
            now=now,
            why=why,
            tell=tell,
        )
    appointment = Appointment.objects.select_related("meeting").get(pk=appointment.pk)
    if appointment.active:
        seats.close(appointment, because=JoinLink.Revoked.CANCELLED, now=now)


@one_transaction
def approve(booking: Booking, *, by: By, now: datetime) -> Booking:
    """Confirm a booking that awaited approval. It had its seat all along."""
    lock_calendars([booking.appointment.provider_id])
    booking = fresh(booking)
    _change_status(booking, Booking.Status.CONFIRMED, BookingChange.What.APPROVED, by=by, now=now)
    messages.announce(booking, Event.APPROVED, now=now)
    messages.plan_reminders(booking, now=now)
    return booking


@one_transaction
def complete(booking: Booking, *, by: By, now: datetime) -> Booking:
    """Note that the client came."""
    booking = fresh(booking)
    return _change_status(
        booking, Booking.Status.COMPLETED, BookingChange.What.COMPLETED, by=by, now=now
    )


@one_transaction
def mark_no_show(booking: Booking, *, by: By, now: datetime) -> Booking:
    """Note that the client did not come."""
    booking = fresh(booking)
    return _change_status(
        booking, Booking.Status.NO_SHOW, BookingChange.What.NO_SHOW, by=by, now=now
    )


def release_expired_holds(now: datetime) -> None:
    """Give back the seats of all holds that nobody completed in time."""
    holders = (
        Booking.objects.filter(status=Booking.Status.HELD, expires_at__lte=now)
        .values_list("appointment__provider_id", flat=True)
        .distinct()
    )
    for provider_id in holders:
        with transaction.atomic():
            lock_calendars([provider_id])
            seats.release_expired([provider_id], now=now)


@one_transaction
def write_staff_note(booking: Booking, note: str, *, by: By, now: datetime) -> Booking:
    """Keep a note that clients never see."""
    booking = fresh(booking)
    if booking.staff_note != note:
        booking.staff_note = note
        booking.save(update_fields=["staff_note"])
        record(booking, BookingChange.What.EDITED, by=by, now=now, was=before(booking))
    return booking


def fresh(booking: Booking) -> Booking:
    """Return the booking as the database has it now."""
    return load(booking.pk)


def load(pk: int) -> Booking:
    """Return a booking with all that operations and messages look at.

    Raises Booking.DoesNotExist.
    """
    return Booking.objects.select_related(
        "company",
        "client__company",
        "appointment__offering__company",
        "appointment__provider",
        "appointment__meeting",
    ).get(pk=pk)


def bookings_in(appointment: Appointment) -> list[Booking]:
    """Return the bookings that stand in an appointment."""
    return [
        fresh(booking)
        for booking in appointment.bookings.filter(
            status__in=[Booking.Status.PENDING, Booking.Status.CONFIRMED]
        ).order_by("pk")
    ]


def _end(
    booking: Booking,
    what: BookingChange.What,
    event: Event,
    *,
    by: By,
    now: datetime,
    why: str,
    tell: bool,
) -> Booking:
    messages.withdraw(booking)
    _change_status(booking, Booking.Status.CANCELLED, what, by=by, now=now, why=why)
    links.revoke(booking, now=now)
    seats.release(booking.appointment, booking.places, now=now)
    if tell:
        messages.announce(booking, event, now=now, why=why)
    return booking


def _change_status(
    booking: Booking,
    status: Booking.Status,
    what: BookingChange.What,
    *,
    by: By,
    now: datetime,
    why: str = "",
) -> Booking:
    if not may_become(State(booking.status), State(status), by=by.actor):
        raise NotPossible(booking.status)
    was = before(booking)
    booking.status = status
    booking.sequence += 1
    booking.save(update_fields=["status", "sequence"])
    record(booking, what, by=by, now=now, was=was, why=why)
    return booking


def _made_before(wish: Wish) -> Booking | None:
    if wish.request_key is None:
        return None
    made = Booking.objects.filter(
        company=wish.offering.company, request_key=wish.request_key
    ).first()
    return fresh(made) if made else None


def _first_status(wish: Wish, by: By) -> Booking.Status:
    asks = wish.offering.approval_wanted and by.is_client
    if asks and features.enabled(wish.offering.company, features.APPROVAL):
        return Booking.Status.PENDING
    return Booking.Status.CONFIRMED
