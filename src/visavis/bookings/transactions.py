"""What it means to lose a race: the database refused, and no harm was done."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction

from visavis.bookings.locks import is_lost_race
from visavis.bookings.seats import StartRefused
from visavis.core.refusals import Refusal

Args = ParamSpec("Args")
Made = TypeVar("Made")
# Constraints that say: somebody else has this time, or this seat.
_RACE_CONSTRAINTS = ("overlap", "appointment_seats_not_exceeded")


def one_transaction(operation: Callable[Args, Made]) -> Callable[Args, Made]:
    """Run an operation atomically; a race lost inside the database is a start that is taken."""

    @wraps(operation)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> Made:
        try:
            with transaction.atomic():
                return operation(*args, **kwargs)
        except OperationalError as error:
            if is_lost_race(error):
                raise StartRefused(Refusal.TAKEN) from error
            raise
        except IntegrityError as error:
            if any(constraint in str(error) for constraint in _RACE_CONSTRAINTS):
                raise StartRefused(Refusal.TAKEN) from error
            raise

    return run
