"""What it means to lose a race: the database refused, and no harm was done."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from visavis.bookings.locks import is_busy, is_lost_race
from visavis.bookings.seats import StartRefused
from visavis.core.refusals import Refusal
from visavis.database import rules

Args = ParamSpec("Args")
Made = TypeVar("Made")
# After a deadlock it is tried again: the other one has had its way by then.
_ATTEMPTS = 3
# Constraints that say: somebody else has this time, or this seat.
_RACE_CONSTRAINTS = ("overlap", "appointment_seats_not_exceeded", "booking_one_hold")

# Constraints that say: somebody else has just made this, and whoever looks again finds it.
_FOUND_NEXT_TIME = "client_email_once"


class Busy(Exception):
    """Too many change the same thing at once. Nothing was done; it can be asked for again.

    Every page answers it with the form that was sent and a button: see `config.busy`.
    """


def one_transaction(operation: Callable[Args, Made]) -> Callable[Args, Made]:
    """Run an operation atomically; a start that the database refuses is taken.

    An operation may run more than once: it must read what it changes inside. Raises Busy if it
    never gets through.
    """

    @wraps(operation)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> Made:
        # Inside another transaction only that one can be tried again.
        attempts = 1 if connection.in_atomic_block else _ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                with transaction.atomic(), rules.as_of(""):
                    return operation(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not is_busy(error):
                    raise
                if attempt == attempts or not is_lost_race(error):
                    raise Busy from error
            except IntegrityError as error:
                if _FOUND_NEXT_TIME in str(error) and attempt < attempts:
                    continue
                if any(constraint in str(error) for constraint in _RACE_CONSTRAINTS):
                    raise StartRefused(Refusal.TAKEN) from error
                raise
        raise AssertionError("the last attempt answers")

    return run
