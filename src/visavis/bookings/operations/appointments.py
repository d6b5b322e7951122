"""Whole appointments and class sessions, with everybody in them."""

from collections.abc import Collection
from datetime import datetime

from visavis.bookings import held, messages, reminders, seats, wholes
from visavis.bookings.actors import By
from visavis.bookings.days_left_out import exclude_day_of
from visavis.bookings.history import before, record
from visavis.bookings.locks import lock_calendar_of
from visavis.bookings.models import Appointment, BookingChange
from visavis.bookings.operations.ending import end
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.queries import bookings_in
from visavis.bookings.seats import NOTHING, StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Provider
from visavis.core.refusals import Refusal
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Event


def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    provider: Provider,
    by: By,
    now: datetime,
    why: str = "",
    overriding: Collection[Refusal] = NOTHING,
    tell_client: bool = True,
) -> Appointment:
    """Move a whole appointment with everybody in it.

    The company's side is told even if the clients are not. Raises StartRefused with the nearest
    free times, or NotPossible.
    """
    try:
        return _move(
            appointment,
            starts_at,
            provider,
            by=by,
            now=now,
            why=why,
            overriding=overriding,
            tell_client=tell_client,
        )
    except StartRefused as refused:
        question = seats.question_of(appointment, now=now)
        refused.instead = seats.alternatives(question, [provider], starts_at, opening=True)
        raise


@one_transaction
def _move(
    appointment: Appointment,
    starts_at: datetime,
    provider: Provider,
    *,
    by: By,
    now: datetime,
    why: str,
    overriding: Collection[Refusal],
    tell_client: bool,
) -> Appointment:
    locked = lock_calendar_of(appointment, [provider.pk])
    held.release_expired(locked, now=now)
    appointment = Appointment.objects.select_related(
        "offering__company", "provider", "meeting"
    ).get(pk=appointment.pk)
    if not appointment.active:
        raise NotPossible("inactive")
    seats.room_for(appointment, provider, starts_at, now=now, overriding=overriding)
    bookings = list(bookings_in(appointment))
    was = [before(booking) for booking in bookings]
    moved = seats.relocate(appointment, provider=provider, starts_at=starts_at, now=now)
    for booking, old in zip(bookings, was, strict=True):
        booking.appointment = moved
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        record(booking, BookingChange.What.MOVED, by=by, now=now, was=old, why=why)
        messages.announce_move(
            booking, old, now=now, why=why, tell_client=tell_client, tell_us=len(bookings) == 1
        )
        reminders.plan(booking, now=now)
    if len(bookings) > 1:
        wholes.announce_move(bookings, was[0], now=now, why=why)
    return moved


@one_transaction
def cancel(
    appointment: Appointment, *, by: By, now: datetime, why: str, tell_client: bool = True
) -> None:
    """Cancel a whole appointment or class session: each booking in it, with the reason.

    The class does not take place on that day then, whatever becomes of its schedule.

    The company's side is told even if the clients are not.
    """
    lock_calendar_of(appointment)
    bookings = bookings_in(appointment)
    for booking in bookings:
        end(
            booking,
            BookingChange.What.CANCELLED,
            Event.CANCELLED,
            by=by,
            now=now,
            why=why,
            tell_client=tell_client,
            tell_us=len(bookings) == 1,
        )
    if len(bookings) > 1:
        wholes.announce(bookings, Event.CANCELLED, now=now, why=why)
    held.drop_all(appointment, now=now)
    left = (
        Appointment.objects.active()
        .select_related("company", "meeting")
        .filter(pk=appointment.pk)
        .first()
    )
    # What took place with some stays as it was.
    if left is not None and not left.bookings.standing().exists():
        exclude_day_of(left)
        seats.close(left, because=JoinLink.Revoked.CANCELLED, now=now)
