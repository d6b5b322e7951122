"""Ending a booking: cancelled by either side, or declined."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from visavis.bookings import links, messages, policies, reminders, seats
from visavis.bookings.actors import BY_CLOCK, By
from visavis.bookings.locks import lock_calendar_of
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.operations.statuses import NotPossible, change_status
from visavis.bookings.queries import load
from visavis.bookings.transactions import Busy, one_transaction
from visavis.notifications.models import Event


@one_transaction
def cancel(
    booking: Booking, *, by: By, now: datetime, why: str = "", tell_client: bool = True
) -> Booking:
    """Cancel a booking: its seats are free again and its links say so.

    The company's side is told even if the client is not. Raises NotPossible, or ChangeRefused if
    the company's rules do not let the client cancel it.
    """
    lock_calendar_of(booking)
    booking = load(booking.pk)
    policies.check_cancelling(booking, by=by, now=now)
    return end(
        booking,
        BookingChange.What.CANCELLED,
        Event.CANCELLED,
        by=by,
        now=now,
        why=why,
        tell_client=tell_client,
    )


@one_transaction
def decline(booking: Booking, *, by: By, now: datetime, why: str = "") -> Booking:
    """Refuse a booking that awaited approval. Raises NotPossible if it did not."""
    lock_calendar_of(booking)
    booking = load(booking.pk)
    if booking.status != Booking.Status.PENDING:
        raise NotPossible(booking.status)
    return _refused(booking, by=by, now=now, why=why)


@one_transaction
def drop_unapproved(booking: Booking, *, now: datetime) -> Booking:
    """Let go of a booking whose start came before anybody approved it, and tell the client so.

    Raises NotPossible if somebody decided about it, or moved it, meanwhile.
    """
    lock_calendar_of(booking)
    booking = load(booking.pk)
    if booking.status != Booking.Status.PENDING or booking.appointment.starts_at > now:
        raise NotPossible(booking.status)
    with translation.override(booking.language):
        why = gettext("It was not confirmed in time.")
    return _refused(booking, by=BY_CLOCK, now=now, why=why)


def _refused(booking: Booking, *, by: By, now: datetime, why: str) -> Booking:
    declined = BookingChange.What.DECLINED, Event.DECLINED
    return end(booking, *declined, by=by, now=now, why=why, tell_client=True)


def drop_all_unapproved(now: datetime) -> int:
    """Let go of all bookings that nobody approved in time; return how many. For the worker."""
    waiting = Booking.objects.filter(
        status=Booking.Status.PENDING, appointment__starts_at__lte=now
    ).select_related("appointment")
    count = 0
    for booking in waiting.order_by("appointment__starts_at", "pk"):
        try:
            drop_unapproved(booking, now=now)
        except (NotPossible, Busy):
            continue
        count += 1
    return count


def end(
    booking: Booking,
    what: BookingChange.What,
    event: Event,
    *,
    by: By,
    now: datetime,
    why: str,
    tell_client: bool,
    tell_us: bool = True,
) -> Booking:
    reminders.withdraw(booking, now=now)
    change_status(booking, Booking.Status.CANCELLED, what, by=by, now=now, why=why)
    links.revoke(booking, now=now)
    seats.release(booking.appointment, booking.places, now=now)
    messages.announce(booking, event, now=now, why=why, tell_client=tell_client, tell_us=tell_us)
    return booking
