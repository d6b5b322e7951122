"""The life of a booking: its states, who may change them, and what a client may still do.

Two rules keep this readable: every change of state stands in the table below and nowhere
else, and the table knows no notice periods; those belong to the client's policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a booking stands."""

    HELD = "held"  # a client is filling in the form; expires
    PENDING = "pending"  # waits for the company's approval
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"  # also a hold that expired and a wish that was declined
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Actor(StrEnum):
    """Who changes a booking."""

    CLIENT = "client"
    STAFF = "staff"
    CLOCK = "clock"


_CLIENT = frozenset({Actor.CLIENT})
_STAFF = frozenset({Actor.STAFF})
_PEOPLE = _CLIENT | _STAFF
_ANYBODY = frozenset(Actor)

TRANSITIONS: Mapping[State, Mapping[State, frozenset[Actor]]] = {
    State.HELD: {
        State.PENDING: _PEOPLE,
        State.CONFIRMED: _PEOPLE,
        State.CANCELLED: _ANYBODY,  # the clock lets a hold expire
    },
    State.PENDING: {
        State.CONFIRMED: _STAFF,
        State.CANCELLED: _ANYBODY,  # the clock drops what nobody approved in time
    },
    State.CONFIRMED: {
        State.CANCELLED: _PEOPLE,
        State.COMPLETED: _STAFF | {Actor.CLOCK},
        State.NO_SHOW: _STAFF,
    },
    # Staff may correct each of these two into the other. Nothing else leads back: a seat that
    # was given up may be somebody else's by now.
    State.COMPLETED: {State.NO_SHOW: _STAFF},
    State.NO_SHOW: {State.COMPLETED: _STAFF},
    State.CANCELLED: {},
}

#: Bookings in these states take a seat.
SEATED = frozenset(State) - {State.CANCELLED}


class ChangeRefusal(StrEnum):
    """Why a client cannot cancel or move a booking."""

    NOT_BOOKED_YET = "not_booked_yet"
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_OVER = "already_over"
    ALREADY_STARTED = "already_started"
    NOT_ALLOWED = "not_allowed"
    TOO_LATE = "too_late"
    MOVED_TOO_OFTEN = "moved_too_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """What clients may do with their bookings, by themselves.

    Notices are minutes before the start, None forbids it altogether; `moves_max` None means
    as often as they like.
    """

    cancel_notice: int | None = 0
    move_notice: int | None = 0
    moves_max: int | None = None


def may_become(state: State, target: State, *, by: Actor) -> bool:
    """Tell whether `by` may bring a booking from one state to another."""
    return by in TRANSITIONS[state].get(target, frozenset())


def cancel_refusal(
    policy: ChangePolicy, *, state: State, start: int, now: int
) -> ChangeRefusal | None:
    """Return why the client cannot cancel a booking that starts at minute `start`, or None.

    A hold may be let go at any time.
    """
    if state is State.HELD:
        return None
    return _settled(state) or _too_late(policy.cancel_notice, start=start, now=now)


def move_refusal(
    policy: ChangePolicy, *, state: State, start: int, moved: int, now: int
) -> ChangeRefusal | None:
    """Return why the client cannot move a booking already moved `moved` times, or None.

    Only the old start is looked at; the new one is `Availability`'s to judge.
    """
    if state is State.HELD:
        return ChangeRefusal.NOT_BOOKED_YET
    refused = _settled(state) or _too_late(policy.move_notice, start=start, now=now)
    if refused is None and policy.moves_max is not None and moved >= policy.moves_max:
        return ChangeRefusal.MOVED_TOO_OFTEN
    return refused


def _settled(state: State) -> ChangeRefusal | None:
    if state is State.CANCELLED:
        return ChangeRefusal.ALREADY_CANCELLED
    if state in (State.COMPLETED, State.NO_SHOW):
        return ChangeRefusal.ALREADY_OVER
    return None


def _too_late(notice: int | None, *, start: int, now: int) -> ChangeRefusal | None:
    if now >= start:
        return ChangeRefusal.ALREADY_STARTED
    if notice is None:
        return ChangeRefusal.NOT_ALLOWED
    if now > start - notice:
        return ChangeRefusal.TOO_LATE
    return None
