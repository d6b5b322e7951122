"""What it means to lose a race: the database refused, and no harm was done."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from visavis.bookings.locks import is_lost_race
from visavis.bookings.seats import StartRefused
from visavis.core.refusals import Refusal
from visavis.database import rules

Args = ParamSpec("Args")
Made = TypeVar("Made")
# After a deadlock it is tried again: the other one has had its way by then.
_ATTEMPTS = 3
# Constraints that say: somebody else has this time, or this seat.
_RACE_CONSTRAINTS = ("overlap", "appointment_seats_not_exceeded", "booking_one_hold")


def one_transaction(operation: Callable[Args, Made]) -> Callable[Args, Made]:
    """Run an operation atomically; a race lost inside the database is a start that is taken.

    An operation may run more than once: it must read what it changes inside.
    """

    @wraps(operation)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> Made:
        for attempt in range(1, _ATTEMPTS + 1):
            # Inside another transaction only that one can be tried again.
            last = attempt == _ATTEMPTS or connection.in_atomic_block
            try:
                with transaction.atomic(), rules.as_of(""):
                    return operation(*args, **kwargs)
            except OperationalError as error:
                if not is_lost_race(error):
                    raise
                if last:
                    raise StartRefused(Refusal.TAKEN) from error
            except IntegrityError as error:
                if any(constraint in str(error) for constraint in _RACE_CONSTRAINTS):
                    raise StartRefused(Refusal.TAKEN) from error
                raise
        raise AssertionError("the last attempt answers")

    return run
