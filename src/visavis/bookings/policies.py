"""What a client may still do with a booking of their own, by their company's rules."""

from datetime import datetime, timedelta

from visavis.bookings.actors import By
from visavis.bookings.models import Booking
from visavis.companies import features
from visavis.core import policies
from visavis.core.policies import ChangePolicy, ChangeRefusal, State
from visavis.core.spans import to_minutes, to_minutes_up


class ChangeRefused(Exception):
    """The company's rules do not let the client do this by themselves. `why` says it."""

    def __init__(self, why: ChangeRefusal) -> None:
        super().__init__(why)
        self.why = why


def check_cancelling(booking: Booking, *, by: By, now: datetime) -> None:
    """Raise ChangeRefused if a client wants to cancel what they cannot; others may."""
    refusal = cancel_refusal(booking, now=now) if by.is_client else None
    if refusal is not None:
        raise ChangeRefused(refusal)


def check_moving(booking: Booking, *, by: By, now: datetime) -> None:
    """Raise ChangeRefused if a client wants to move what they cannot; others may."""
    refusal = move_refusal(booking, now=now) if by.is_client else None
    if refusal is not None:
        raise ChangeRefused(refusal)


def cancel_refusal(booking: Booking, *, now: datetime) -> ChangeRefusal | None:
    """Return why the client cannot cancel the booking themselves, or None if they can."""
    company = booking.company
    allowed = features.enabled(company, features.CANCELLING)
    return policies.cancel_refusal(
        ChangePolicy(cancel_notice=company.cancel_notice_minutes if allowed else None),
        state=State(booking.status),
        start=to_minutes(booking.appointment.starts_at),
        now=to_minutes_up(now),
    )


def move_refusal(booking: Booking, *, now: datetime) -> ChangeRefusal | None:
    """Return why the client cannot move the booking themselves, or None if they can."""
    company = booking.company
    allowed = features.enabled(company, features.RESCHEDULING)
    return policies.move_refusal(
        ChangePolicy(
            move_notice=company.move_notice_minutes if allowed else None,
            moves_max=company.moves_allowed,
        ),
        state=State(booking.status),
        start=to_minutes(booking.appointment.starts_at),
        moved=booking.moves,
        now=to_minutes_up(now),
    )


def cancellable_until(booking: Booking) -> datetime:
    """Return the last moment at which the client may cancel the booking."""
    notice = timedelta(minutes=booking.company.cancel_notice_minutes)
    return booking.appointment.starts_at - notice


def movable_until(booking: Booking) -> datetime:
    """Return the last moment at which the client may move the booking."""
    notice = timedelta(minutes=booking.company.move_notice_minutes)
    return booking.appointment.starts_at - notice
